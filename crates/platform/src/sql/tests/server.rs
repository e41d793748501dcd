//! A database on a server fails in more ways than a file: statements that were not run, and responses that were lost.

use futures::executor::block_on;
use serde_json::json;

use super::{count, database, open};
use crate::backend::native::sql::{Database, Fault};
use crate::sql::{Connection, Error};

const EXPIRED: &str =
    r#"Hrana: `api error: `{"message":"The stream has expired due to inactivity","code":"STREAM_EXPIRED"}``"#;
const LOST: &str = "Hrana: `http error: `connection closed before message completed``";
const STOLEN: &str =
    "Hrana: `cursor error: `error at step 0: (error code: TRANSACTION_TIMEOUT) `Transaction timed out```";

/// The statement was not run.
fn not_run(of: &'static str) -> Fault {
    Fault { of, runs: false, text: EXPIRED }
}

/// The statement was run, or not, and the response was lost.
fn lost(of: &'static str, runs: bool) -> Fault {
    Fault { of, runs, text: LOST }
}

/// A table and an outbox, as far as a transaction's end needs them.
const SCHEMA: [&str; 5] = [
    "PRAGMA journal_mode = WAL",
    "CREATE TABLE t (a INTEGER PRIMARY KEY) STRICT",
    "CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL) STRICT",
    "CREATE VIEW audit_append AS SELECT NULL AS events, NULL AS deliveries",
    "CREATE TRIGGER outbox_append INSTEAD OF INSERT ON audit_append BEGIN
        INSERT INTO outbox (id) SELECT value ->> 'id' FROM json_each(new.events);
    END",
];

async fn insert(connection: &Connection, with_event: bool) -> Result<Option<i64>, Error> {
    let transaction = connection.transaction().await?;
    transaction.execute("INSERT INTO t VALUES (1)", &[]).await?;
    let number = with_event.then(|| transaction.buffer_event(json!({ "id": "e1" })));
    transaction.commit().await?;
    Ok(number.and_then(|number| number.get()))
}

fn statements(database: &Database) -> Vec<String> {
    let words = |statement: &String| statement.split_ascii_whitespace().next().unwrap_or_default().to_owned();
    database.statements()[SCHEMA.len()..].iter().map(words).collect()
}

#[test]
fn a_statement_that_was_not_run_is_run_again_outside_of_a_transaction() {
    block_on(async {
        let (database, connection) = database(&SCHEMA).await;
        database.fail_once(not_run("INSERT"));
        connection.execute("INSERT INTO t VALUES (1)", &[]).await.unwrap();
        database.fail_once(not_run("BEGIN"));
        connection.transaction().await.unwrap().commit().await.unwrap();
        database.fail_once(not_run("SELECT"));
        assert_eq!(count(&connection).await, 1);
        database.fail_once(not_run("SELECT"));
        database.fail_once(not_run("SELECT"));
        let again = connection.execute("SELECT 1", &[]).await;
        assert!(matches!(again, Err(Error::NotRun(_))), "it is tried twice: {again:?}");
    });
}

#[test]
fn only_a_read_is_run_again_if_its_response_was_lost() {
    block_on(async {
        let (database, connection) = database(&SCHEMA).await;
        database.fail_once(lost("SELECT", true));
        assert_eq!(count(&connection).await, 0);
        database.fail_once(lost("INSERT", true));
        let inserted = connection.execute("INSERT INTO t VALUES (1)", &[]).await;
        assert!(matches!(inserted, Err(Error::Unavailable(_))), "{inserted:?}");
        assert_eq!(count(&connection).await, 1, "it was run once");
    });
}

#[test]
fn a_transaction_that_its_server_ended_runs_no_further_statement() {
    block_on(async {
        for fault in [not_run("INSERT"), lost("INSERT", false), Fault { of: "INSERT", runs: false, text: STOLEN }] {
            let (database, connection) = database(&SCHEMA).await;
            let transaction = connection.transaction().await.unwrap();
            database.fail_once(fault.clone());
            let first = transaction.execute("INSERT INTO t VALUES (1)", &[]).await.unwrap_err();
            let second = transaction.execute("INSERT INTO t VALUES (2)", &[]).await.unwrap_err();
            assert_eq!(first, second, "the error that ended it");
            assert_eq!(transaction.commit().await, Err(first));
            assert!(!statements(&database).contains(&"INSERT".to_owned()), "{fault:?}");
            // The connection can be used again.
            insert(&connection, false).await.unwrap();
            assert_eq!(count(&connection).await, 1);
        }
    });
}

#[test]
fn the_database_is_asked_for_a_transaction_whose_commit_had_no_response() {
    block_on(async {
        for committed in [true, false] {
            let (database, connection) = database(&SCHEMA).await;
            database.fail_once(lost("COMMIT", committed));
            let result = insert(&connection, true).await;
            match result {
                Ok(number) => assert_eq!((committed, number), (true, Some(1)), "it has its event with its number"),
                Err(Error::Unavailable(_)) => assert!(!committed),
                other => panic!("{committed}: {other:?}"),
            }
            assert_eq!(count(&open(&database)).await, u32::from(committed));
            let asked = statements(&database);
            let end = asked.iter().rev().take(4).rev().map(String::as_str).collect::<Vec<_>>();
            assert_eq!(end[..3], ["BEGIN", "SELECT", "ROLLBACK"], "under the write lock: {asked:?}");
        }
    });
}

#[test]
fn the_outcome_of_a_commit_is_never_assumed() {
    block_on(async {
        let (database, connection) = database(&SCHEMA).await;
        database.fail_once(lost("COMMIT", true));
        let result = insert(&connection, false).await;
        assert!(matches!(result, Err(Error::OutcomeUnknown(_))), "there is nothing to ask for: {result:?}");

        let (database, connection) = super::database(&SCHEMA).await;
        database.fail_once(lost("COMMIT", true));
        let transaction = connection.transaction().await.unwrap();
        transaction.buffer_event(json!({ "id": "e1" }));
        // The server stays away.
        let away = [lost("BEGIN", false), lost("BEGIN", false)];
        away.into_iter().for_each(|fault| database.fail_once(fault));
        let result = transaction.commit().await;
        assert!(matches!(result, Err(Error::OutcomeUnknown(_))), "{result:?}");
    });
}
