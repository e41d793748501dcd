//! Tests that a session cannot observe an earlier user of its connection.

use std::sync::Arc;

use super::Session;
use super::database::Database;
use super::pragma::{Pragma, no_rows};
use super::tests::{database, error, run, value};
use crate::bindings::fermyon::spin::sqlite::{QueryResult, Value};

/// Returns a database with a table `t` of three rows, and one idle connection.
async fn used_database(folder: &std::path::Path) -> Arc<Database> {
    let database = database(folder);
    let mut session = Session::new(&database);
    run(&mut session, "CREATE TABLE t (id INTEGER PRIMARY KEY, x)").await;
    run(&mut session, "INSERT INTO t (x) VALUES ('a'), ('b'), ('c')").await;
    drop(session);
    assert_eq!(database.idle_connections(), 1);
    database
}

#[tokio::test]
async fn an_idle_connection_is_reused() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = used_database(folder.path()).await;
    let mut session = Session::new(&database);
    assert_eq!(value(&mut session, "SELECT x FROM t WHERE id = 2").await, "b");
    assert_eq!(database.idle_connections(), 0);
    drop(session);
    assert_eq!(database.idle_connections(), 1);
}

#[tokio::test]
async fn a_dropped_session_rolls_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = used_database(folder.path()).await;
    let mut session = Session::new(&database);
    run(&mut session, "BEGIN IMMEDIATE").await;
    run(&mut session, "DELETE FROM t").await;
    drop(session);
    assert_eq!(database.idle_connections(), 1, "a rollback leaves nothing behind");
    let mut session = Session::new(&database);
    assert_eq!(value(&mut session, "SELECT count(*) FROM t").await, "3");
    run(&mut session, "BEGIN").await;
}

#[tokio::test]
async fn changes_of_a_connection_end_with_the_session() {
    let folder = tempfile::tempdir().expect("a folder");
    used_database(folder.path()).await;
    for (left_behind, question, expected) in [
        ("CREATE TEMP TABLE s (x)", "SELECT count(*) FROM sqlite_temp_master", "0"),
        ("CREATE TEMP VIEW s AS SELECT 1", "SELECT count(*) FROM sqlite_temp_master", "0"),
        ("CREATE TEMP TRIGGER s AFTER INSERT ON t BEGIN SELECT 1; END", "SELECT count(*) FROM sqlite_temp_master", "0"),
        ("ATTACH ':memory:' AS s", "SELECT count(*) FROM pragma_database_list", "1"),
        ("PRAGMA cache_size = 7", "PRAGMA cache_size", "-2000"),
        ("PRAGMA main.cache_size(7)", "PRAGMA cache_size", "-2000"),
        ("PRAGMA synchronous = OFF", "PRAGMA synchronous", "2"),
        ("PRAGMA main.synchronous = 0", "PRAGMA synchronous", "2"),
        ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys", "1"),
        ("PRAGMA foreign_keys(0)", "PRAGMA foreign_keys", "1"),
        ("PRAGMA recursive_triggers = ON", "PRAGMA recursive_triggers", "0"),
        ("PRAGMA case_sensitive_like = ON", "SELECT 'A' LIKE 'a'", "1"),
        ("PRAGMA busy_timeout = 1", "PRAGMA busy_timeout", "5000"),
        ("PRAGMA query_only = ON", "PRAGMA query_only", "0"),
        ("PRAGMA journal_mode = MEMORY", "PRAGMA journal_mode", "delete"),
        ("PRAGMA temp_store = MEMORY", "PRAGMA temp_store", "0"),
    ] {
        let database = database(folder.path());
        for before in ["SELECT * FROM t", left_behind, left_behind] {
            // Also as the first statement, and also when it was prepared before.
            let mut session = Session::new(&database);
            run(&mut session, before).await;
            if before == left_behind {
                assert_ne!(value(&mut session, question).await, expected, "{left_behind}: no effect");
            }
            drop(session);
            assert_eq!(value(&mut Session::new(&database), question).await, expected, "{left_behind}");
        }
    }
}

#[tokio::test]
async fn settings_made_after_the_first_statement_end_with_the_session_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = used_database(folder.path()).await;
    for _ in 0..2 {
        let mut session = Session::new(&database);
        assert_eq!(value(&mut session, "PRAGMA synchronous").await, "2");
        assert_eq!(value(&mut session, "PRAGMA foreign_keys").await, "1");
        run(&mut session, "PRAGMA synchronous = NORMAL").await;
        run(&mut session, "PRAGMA foreign_keys = OFF").await;
        assert_eq!(value(&mut session, "PRAGMA synchronous").await, "1");
        assert_eq!(value(&mut session, "PRAGMA foreign_keys").await, "0");
        drop(session);
        assert_eq!(database.idle_connections(), 1, "these two are known and set back");
    }
    let mut session = Session::new(&database);
    run(&mut session, "BEGIN").await;
    run(&mut session, "PRAGMA foreign_keys = OFF").await;
    assert_eq!(value(&mut session, "PRAGMA foreign_keys").await, "1", "no effect in a transaction");
    assert_eq!(
        error(&mut session, "PRAGMA synchronous = OFF").await,
        "Safety level may not be changed inside a transaction"
    );
}

#[tokio::test]
async fn counters_start_at_zero() {
    for question in ["SELECT last_insert_rowid()", "SELECT Changes()", "SELECT total_changes()"] {
        let folder = tempfile::tempdir().expect("a folder");
        let database = used_database(folder.path()).await;
        for _ in 0..2 {
            let mut session = Session::new(&database);
            assert_eq!(value(&mut session, question).await, "0", "{question}");
            run(&mut session, "INSERT INTO t (x) VALUES (1)").await;
            assert_ne!(value(&mut session, question).await, "0", "{question}");
            drop(session);
            assert_eq!(database.idle_connections(), 0, "a session that reads counters gets a new connection");
        }
        run(&mut Session::new(&database), "SELECT * FROM t").await;
        assert_eq!(database.idle_connections(), 1, "one that changed no row has nothing to hide");
    }
}

#[tokio::test]
async fn a_counter_in_a_write_belongs_to_the_session() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = used_database(folder.path()).await;
    let mut session = Session::new(&database);
    run(&mut session, "INSERT INTO t (x) VALUES (last_insert_rowid())").await;
    assert_eq!(value(&mut session, "SELECT x FROM t WHERE id = 4").await, "0");
}

#[tokio::test]
async fn a_cached_statement_follows_the_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = used_database(folder.path()).await;
    let (mut one, mut two) = (Session::new(&database), Session::new(&database));
    run(&mut two, "SELECT * FROM t").await;
    run(&mut one, "ALTER TABLE t ADD COLUMN y DEFAULT 7").await;
    let result = run(&mut two, "SELECT * FROM t").await;
    assert_eq!(result.columns, ["id", "x", "y"]);
    assert_eq!(result.rows[0].values.len(), 3);
}

#[tokio::test]
async fn a_replaced_file_is_opened_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = used_database(folder.path()).await;
    std::fs::remove_file(folder.path().join("test.db")).expect("it is there");
    assert!(error(&mut Session::new(&database), "SELECT * FROM t").await.starts_with("no such table"));
    assert!(folder.path().join("test.db").exists(), "a new one was made");
}

#[tokio::test]
async fn idle_connections_do_not_keep_the_journal_mode_from_changing() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = used_database(folder.path()).await;
    assert_eq!(value(&mut Session::new(&database), "PRAGMA journal_mode = WAL").await, "wal");
    let sessions = [Session::new(&database), Session::new(&database)];
    for mut session in sessions {
        run(&mut session, "SELECT * FROM t").await;
    }
    assert!(database.idle_connections() >= 1);
    let mut session = Session::new(&database);
    assert_eq!(value(&mut session, "PRAGMA journal_mode = DELETE").await, "delete");
}

/// Compares the answers that a session gives itself with SQLite's.
#[test]
fn pragmas_return_the_results_of_sqlite() {
    let connection = rusqlite::Connection::open_in_memory().expect("SQLite works");
    let ask = |sql: &str| -> (Vec<String>, Vec<i64>) {
        let mut statement = connection.prepare(sql).expect("it is SQL");
        let rows =
            statement.query_map([], |row| row.get(0)).expect("it runs").collect::<Result<_, _>>().expect("numbers");
        (statement.column_names().map(str::to_owned).collect(), rows)
    };
    assert_eq!(ask("PRAGMA synchronous").1, [2]);
    assert_eq!(ask("PRAGMA foreign_keys").1, [1]);
    assert_eq!(ask("PRAGMA busy_timeout").1, [5000]);
    for (sql, question, expected) in [
        ("PRAGMA synchronous=off", "PRAGMA synchronous", 0),
        ("pragma Synchronous = NORMAL ;", "PRAGMA synchronous", 1),
        ("PRAGMA synchronous = FULL", "PRAGMA synchronous", 2),
        (" -- note\n PRAGMA/**/synchronous=3", "PRAGMA synchronous", 3),
        ("PRAGMA foreign_keys=no", "PRAGMA foreign_keys", 0),
        ("PRAGMA foreign_keys = True", "PRAGMA foreign_keys", 1),
        ("PRAGMA foreign_keys=OFF; SELECT 1", "PRAGMA foreign_keys", 0),
    ] {
        let parsed = Pragma::parse(sql);
        let Some(Pragma::Set(setting)) = parsed else { panic!("{sql}: {parsed:?}") };
        let wanted = super::pragma::Settings::default().with(setting);
        let answer = ask(sql.split("; SELECT").next().expect("there is one"));
        assert_eq!(answer, (no_rows().columns, Vec::new()), "{sql}");
        assert_eq!(ask(question).1, [expected], "{sql}");
        // And the settings bring SQLite into the same state.
        let other = rusqlite::Connection::open_in_memory().expect("SQLite works");
        other.execute_batch(&wanted.statements_from(super::pragma::Settings::default())).expect("it is SQL");
        assert_eq!(other.query_row(question, [], |row| row.get::<_, i64>(0)), Ok(expected), "{sql}");
    }
    let answer = ask("PRAGMA busy_timeout = 77");
    let ours = super::pragma::busy_timeout(std::time::Duration::from_millis(77));
    assert_eq!(answer, (ours.columns.clone(), integers(&ours)));
    for sql in [
        "PRAGMA synchronous = bogus",
        "PRAGMA main.synchronous = 1",
        "PRAGMA synchronous",
        "PRAGMA foreign_keys(0)",
        "PRAGMA foreign_keys = 'off'",
        "PRAGMA busy_timeout = -5",
        "PRAGMA busy_timeout = 99999999999",
        "SELECT 1",
        "",
    ] {
        assert_eq!(Pragma::parse(sql), None, "{sql}");
    }
}

fn integers(result: &QueryResult) -> Vec<i64> {
    let values = result.rows.iter().flat_map(|row| &row.values);
    values.map(|value| if let Value::Integer(integer) = value { *integer } else { panic!("no integer") }).collect()
}
