//! Tests of one session from the guest's point of view.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Database, Session};
use crate::bindings::fermyon::spin::sqlite::{QueryResult, Value};
use crate::stores::Location;

pub(super) fn database(folder: &Path) -> Arc<Database> {
    Arc::new(Database::new(Location::File(folder.join("test.db")), Duration::from_secs(60)))
}

pub(super) async fn run(session: &mut Session, sql: &str) -> QueryResult {
    session.execute(sql, &[]).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// Returns the only value of the only row, as text.
pub(super) async fn value(session: &mut Session, sql: &str) -> String {
    let mut result = run(session, sql).await;
    assert_eq!((result.rows.len(), result.columns.len()), (1, 1), "{sql}");
    text(result.rows.remove(0).values.remove(0))
}

fn text(value: Value) -> String {
    match value {
        Value::Integer(integer) => integer.to_string(),
        Value::Real(real) => format!("{real:?}"),
        Value::Text(text) => text,
        Value::Blob(blob) => format!("{blob:?}"),
        Value::Null => "NULL".to_owned(),
    }
}

pub(super) async fn error(session: &mut Session, sql: &str) -> String {
    session.execute(sql, &[]).await.err().unwrap_or_else(|| panic!("{sql} should fail"))
}

#[tokio::test]
async fn only_the_first_statement_of_a_string_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::new(&database(folder.path()));
    run(&mut session, "CREATE TABLE t (x); INSERT INTO t VALUES (1)").await;
    assert_eq!(value(&mut session, "SELECT count(*) FROM t").await, "0");
    assert_eq!(value(&mut session, "SELECT 1; this is no SQL").await, "1");
    assert_eq!(value(&mut session, "SELECT 'a;b' -- ; and so on").await, "a;b");
    assert_eq!(value(&mut session, "SELECT 2 ; ; \n").await, "2");
    assert_eq!(value(&mut session, "/* ; */ SELECT 3; PRAGMA foreign_keys = 0").await, "3");
    assert_eq!(value(&mut session, "PRAGMA foreign_keys").await, "1");
}

#[tokio::test]
async fn an_empty_first_statement_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::new(&database(folder.path()));
    let empty = error(&mut session, "").await;
    for sql in [" ", ";", "; SELECT 1", "-- nothing", "/* nothing */ ; SELECT 1"] {
        assert_eq!(error(&mut session, sql).await, empty, "{sql:?}");
    }
}

#[tokio::test]
async fn values_are_stored_unchanged() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::new(&database(folder.path()));
    let values = [
        Value::Integer(i64::MIN),
        Value::Real(0.1),
        Value::Text("ä\0b".to_owned()),
        Value::Blob(vec![0, 255]),
        Value::Null,
    ];
    let result = session.execute("SELECT ?, ? AS real, ?, ?, ?5", &values).await.expect("it runs");
    assert_eq!(result.columns[1], "real");
    let expected = values.map(text);
    assert_eq!(result.rows.len(), 1);
    let row = result.rows.into_iter().flat_map(|row| row.values).map(text).collect::<Vec<_>>();
    assert_eq!(row, expected);
    let none = run(&mut session, "SELECT 1 AS one WHERE 0").await;
    assert_eq!((none.columns, none.rows.len()), (vec!["one".to_owned()], 0));
}

#[tokio::test]
async fn errors_have_spins_texts() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::new(&database(folder.path()));
    let error = session.execute("SELECT ?, ?", &[Value::Null]).await.expect_err("one is missing");
    assert_eq!(error, "Wrong number of parameters passed to query. Got 1, needed 2");
    let error = session.execute("SELECT x FROM t", &[]).await.expect_err("no table");
    assert!(error.starts_with("no such table: t"), "{error}");
    run(&mut session, "CREATE TABLE t (x UNIQUE)").await;
    run(&mut session, "INSERT INTO t VALUES (1)").await;
    let error = session.execute("INSERT INTO t VALUES (1)", &[]).await.expect_err("unique");
    assert_eq!(error, "UNIQUE constraint failed: t.x");
}

#[tokio::test]
async fn a_result_above_the_limit_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::new(&database(folder.path()));
    let error = error(&mut session, "SELECT zeroblob(50000000) FROM (VALUES (1), (2), (3))").await;
    assert_eq!(error, "query result exceeds limit of 134217728 bytes");
    assert_eq!(value(&mut session, "SELECT length(zeroblob(50000000))").await, "50000000");
}

#[tokio::test]
async fn text_that_is_not_utf8_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::new(&database(folder.path()));
    assert!(error(&mut session, "SELECT CAST(x'ff' AS TEXT)").await.contains("UTF-8"));
    assert_eq!(value(&mut session, "SELECT 1").await, "1");
}

#[tokio::test]
async fn files_cannot_be_attached() {
    let folder = tempfile::tempdir().expect("a folder");
    let other = folder.path().join("other.db");
    rusqlite::Connection::open(&other).and_then(|other| other.execute_batch("CREATE TABLE t (x)")).expect("a database");
    let mut session = Session::new(&database(folder.path()));
    let other = other.display();
    for sql in [
        format!("ATTACH '{other}' AS other"),
        format!("ATTACH 'file:{other}?mode=ro' AS other"),
        format!("ATTACH ('{other}' || '') AS other"),
    ] {
        assert_eq!(error(&mut session, &sql).await, "not authorized", "{sql}");
    }
    let denied = session.execute("ATTACH ? AS other", &[Value::Text(other.to_string())]).await;
    assert_eq!(denied.expect_err("a parameter"), "not authorized");
    assert_eq!(error(&mut session, &format!("VACUUM INTO '{other}.copy'")).await, "authorization denied");
    for sql in ["ATTACH ':memory:' AS memory", "ATTACH '' AS temporary"] {
        run(&mut session, sql).await;
    }
}

#[tokio::test]
async fn a_statement_that_never_ends_is_interrupted() {
    let folder = tempfile::tempdir().expect("a folder");
    let location = Location::File(folder.path().join("test.db"));
    let mut session = Session::new(&Arc::new(Database::new(location, Duration::from_millis(20))));
    let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
    assert_eq!(error(&mut session, endless).await, "interrupted");
    assert_eq!(value(&mut session, "SELECT 1").await, "1");
}

#[tokio::test]
async fn the_database_is_opened_by_the_first_statement() {
    let folder = tempfile::tempdir().expect("a folder");
    let location = Location::File(folder.path().join("missing/test.db"));
    let mut session = Session::new(&Arc::new(Database::new(location, Duration::from_secs(60))));
    let error = error(&mut session, "SELECT 1").await;
    assert!(error.starts_with("unable to open database file"), "{error}");
    std::fs::create_dir(folder.path().join("missing")).expect("a folder");
    assert_eq!(value(&mut session, "SELECT 1").await, "1");
}

#[tokio::test]
async fn a_database_in_memory_belongs_to_its_session() {
    let database = Arc::new(Database::new(Location::InMemory, Duration::from_secs(60)));
    let mut one = Session::new(&database);
    run(&mut one, "CREATE TABLE t (x)").await;
    assert!(error(&mut Session::new(&database), "SELECT * FROM t").await.starts_with("no such table"));
    drop(one);
    assert!(error(&mut Session::new(&database), "SELECT * FROM t").await.starts_with("no such table"));
}

/// On one thread: the task that waits for the lock must let the one that holds it run.
#[tokio::test]
async fn a_writer_that_waits_for_a_lock_blocks_no_other_task() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = database(folder.path());
    let mut holder = Session::new(&database);
    run(&mut holder, "CREATE TABLE t (x)").await;
    run(&mut holder, "BEGIN IMMEDIATE").await;
    let mut waiting = Session::new(&database);
    let release = async {
        tokio::task::yield_now().await;
        run(&mut holder, "INSERT INTO t VALUES (1)").await;
        run(&mut holder, "COMMIT").await;
        Instant::now()
    };
    let (released, obtained) = tokio::join!(release, async {
        run(&mut waiting, "BEGIN IMMEDIATE").await;
        Instant::now()
    });
    assert!(released <= obtained);
    assert_eq!(value(&mut waiting, "SELECT count(*) FROM t").await, "1");
}

#[tokio::test]
async fn a_statement_waits_for_a_lock_until_the_busy_timeout() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = database(folder.path());
    let mut holder = Session::new(&database);
    run(&mut holder, "CREATE TABLE t (x)").await;
    run(&mut holder, "BEGIN IMMEDIATE").await;
    let mut waiting = Session::new(&database);
    run(&mut waiting, "PRAGMA busy_timeout = 30").await;
    let since = Instant::now();
    assert_eq!(error(&mut waiting, "INSERT INTO t VALUES (1)").await, "database is locked");
    assert!(since.elapsed() >= Duration::from_millis(30), "{:?}", since.elapsed());
    assert!(since.elapsed() < Duration::from_secs(4), "{:?}", since.elapsed());
}

/// The statement could wait forever: the other writer cannot commit while this one reads.
#[tokio::test]
async fn a_reader_that_wants_to_write_behind_a_writer_fails_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = database(folder.path());
    let (mut one, mut two) = (Session::new(&database), Session::new(&database));
    run(&mut one, "CREATE TABLE t (x)").await;
    run(&mut two, "BEGIN").await;
    run(&mut two, "SELECT * FROM t").await;
    run(&mut one, "BEGIN IMMEDIATE").await;
    let since = Instant::now();
    assert_eq!(error(&mut two, "INSERT INTO t VALUES (1)").await, "database is locked");
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_concurrent_transactions_all_commit() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = database(folder.path());
    let mut session = Session::new(&database);
    run(&mut session, "PRAGMA journal_mode = WAL").await;
    run(&mut session, "CREATE TABLE t (n)").await;
    run(&mut session, "INSERT INTO t VALUES (0)").await;
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let database = Arc::clone(&database);
            tokio::spawn(async move {
                let mut session = Session::new(&database);
                run(&mut session, "PRAGMA synchronous = OFF").await;
                run(&mut session, "BEGIN IMMEDIATE").await;
                let n = value(&mut session, "SELECT n FROM t").await;
                tokio::task::yield_now().await;
                let n = n.parse::<i64>().expect("a number") + 1;
                session.execute("UPDATE t SET n = ?", &[Value::Integer(n)]).await.expect("it has the lock");
                run(&mut session, "COMMIT").await;
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic");
    }
    assert_eq!(value(&mut session, "SELECT n FROM t").await, "100");
}
