//! Tests of the order of writers, and of the end of their turns.

use std::sync::Arc;

use futures::future::join_all;

use super::Session;
use super::database::Database;
use super::tests::{database, error, run, value};
use crate::bindings::fermyon::spin::sqlite::Value;

/// Returns a database with an empty table `t`.
async fn empty_table(folder: &std::path::Path) -> Arc<Database> {
    let database = database(folder);
    let mut session = Session::new(&database);
    run(&mut session, "PRAGMA journal_mode = WAL").await;
    run(&mut session, "CREATE TABLE t (x)").await;
    database
}

/// Returns a session with an open write transaction.
async fn writer(database: &Arc<Database>) -> Session {
    let mut session = Session::new(database);
    run(&mut session, "BEGIN IMMEDIATE").await;
    session
}

/// Gives other tasks on this thread the time to reach their locks.
async fn let_others_run() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn writers_get_the_lock_in_the_order_of_their_arrival_and_ask_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = empty_table(folder.path()).await;
    let mut holder = writer(&database).await;
    let writers = join_all((0..20).map(|number| {
        let database = &database;
        async move {
            let mut session = Session::new(database);
            let value = Value::Integer(number);
            if number % 2 == 0 {
                session.execute("INSERT INTO t VALUES (?)", &[value]).await.expect("it has the lock");
                return;
            }
            run(&mut session, "BEGIN IMMEDIATE").await;
            let_others_run().await;
            session.execute("INSERT INTO t VALUES (?)", &[value]).await.expect("it has the lock");
            run(&mut session, "COMMIT").await;
        }
    }));
    let release = async {
        let_others_run().await;
        run(&mut holder, "COMMIT").await;
    };
    tokio::join!(writers, release);
    let order = value(&mut holder, "SELECT group_concat(x) FROM (SELECT x FROM t ORDER BY rowid)").await;
    assert_eq!(order, (0..20).map(|number| number.to_string()).collect::<Vec<_>>().join(","));
    assert_eq!(database.waits.locks_met(), 0, "no writer asked for a lock that another one held");
}

#[tokio::test]
async fn a_write_that_does_not_look_like_one_gets_its_turn_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = empty_table(folder.path()).await;
    for sql in ["WITH n (i) AS (SELECT 1) INSERT INTO t SELECT i FROM n", "BEGIN; -- deferred"] {
        let mut holder = writer(&database).await;
        let mut other = Session::new(&database);
        let write = async {
            run(&mut other, sql).await;
            run(&mut other, "INSERT INTO t VALUES (2)").await;
        };
        let release = async {
            let_others_run().await;
            run(&mut holder, "COMMIT").await;
        };
        tokio::join!(write, release);
        assert!(database.waits.locks_met() <= 1, "{sql}");
    }
    assert_eq!(value(&mut Session::new(&database), "SELECT count(*) FROM t").await, "2");
}

#[tokio::test]
async fn a_read_does_not_wait_for_a_writer() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = empty_table(folder.path()).await;
    let _holder = writer(&database).await;
    let mut reader = Session::new(&database);
    run(&mut reader, "PRAGMA busy_timeout = 0").await;
    for sql in ["SELECT count(*) FROM t", "WITH n (i) AS (SELECT 0) SELECT i FROM n", "EXPLAIN DELETE FROM t"] {
        run(&mut reader, sql).await;
    }
    run(&mut reader, "BEGIN").await;
    assert_eq!(value(&mut reader, "SELECT count(*) FROM t").await, "0");
}

#[tokio::test]
async fn a_session_dropped_in_its_transaction_ends_its_turn_after_its_rollback() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = empty_table(folder.path()).await;
    let mut holder = writer(&database).await;
    run(&mut holder, "INSERT INTO t VALUES (1)").await;
    let mut next = Session::new(&database);
    let take = async { run(&mut next, "BEGIN IMMEDIATE").await };
    let end = async {
        let_others_run().await;
        drop(holder);
    };
    tokio::join!(take, end);
    assert_eq!(value(&mut next, "SELECT count(*) FROM t").await, "0");
    assert_eq!(database.waits.locks_met(), 0);
}

#[tokio::test]
async fn a_writer_that_is_cancelled_leaves_the_queue() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = empty_table(folder.path()).await;
    let mut holder = writer(&database).await;
    let (mut cancelled, mut next) = (Session::new(&database), Session::new(&database));
    {
        let waiting = run(&mut cancelled, "BEGIN IMMEDIATE");
        tokio::select! {
            biased;
            _ = waiting => panic!("the lock is held"),
            () = let_others_run() => {}
        }
    }
    let take = async { run(&mut next, "BEGIN IMMEDIATE").await };
    let release = async {
        let_others_run().await;
        run(&mut holder, "COMMIT").await;
    };
    tokio::join!(take, release);
    run(&mut next, "COMMIT").await;
    run(&mut cancelled, "BEGIN IMMEDIATE").await;
}

#[tokio::test]
async fn a_turn_ends_with_the_transaction_however_that_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = empty_table(folder.path()).await;
    let mut session = Session::new(&database);
    run(&mut session, "CREATE TABLE u (x UNIQUE ON CONFLICT ROLLBACK)").await;
    for (statements, fails) in [
        (&["BEGIN IMMEDIATE", "ROLLBACK"][..], false),
        (&["BEGIN IMMEDIATE", "INSERT INTO t VALUES (1)", "END"], false),
        (&["SAVEPOINT s", "INSERT INTO t VALUES (1)", "RELEASE s"], false),
        (&["BEGIN", "INSERT INTO t VALUES (1)", "COMMIT"], false),
        (&["INSERT INTO t VALUES (1) RETURNING x"], false),
        (&["INSERT INTO missing VALUES (1)"], true),
        (&["BEGIN IMMEDIATE", "INSERT INTO u VALUES (1), (1)"], true),
    ] {
        let (last, before) = statements.split_last().expect("there is one");
        for sql in before {
            run(&mut session, sql).await;
        }
        assert_eq!(session.execute(last, &[]).await.is_err(), fails, "{statements:?}");
        assert!(!session.is_writing(), "{statements:?}");
    }
    run(&mut session, "BEGIN IMMEDIATE").await;
    error(&mut session, "INSERT INTO missing VALUES (1)").await;
    assert!(session.is_writing(), "a statement that fails leaves its transaction open");
}

/// As with SQLite alone: each waits for its busy timeout, and no longer.
#[tokio::test]
async fn two_guests_that_wait_for_each_others_databases_both_fail() {
    let folders = [tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder")];
    let databases = [empty_table(folders[0].path()).await, empty_table(folders[1].path()).await];
    let cross = |own: usize| {
        let databases = &databases;
        async move {
            let held = writer(&databases[own]).await;
            let mut other = Session::new(&databases[1 - own]);
            run(&mut other, "PRAGMA busy_timeout = 50").await;
            let_others_run().await;
            // Held until both have failed.
            (error(&mut other, "BEGIN IMMEDIATE").await, held)
        }
    };
    let ((one, _), (two, _)) = tokio::join!(cross(0), cross(1));
    assert_eq!([one.as_str(), two.as_str()], ["database is locked"; 2]);
    for database in &databases {
        writer(database).await;
    }
}

/// The other connection stands for another process: the queue does not know it.
#[tokio::test]
async fn a_lock_outside_of_the_queue_is_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = empty_table(folder.path()).await;
    let outside = rusqlite::Connection::open(folder.path().join("test.db")).expect("SQLite works");
    outside.execute_batch("BEGIN IMMEDIATE").expect("the lock is free");
    let mut session = Session::new(&database);
    let write = async { run(&mut session, "INSERT INTO t VALUES (1)").await };
    let release = async {
        while database.waits.locks_met() < 2 {
            tokio::task::yield_now().await;
        }
        outside.execute_batch("COMMIT").expect("it has the lock");
    };
    tokio::join!(write, release);
    assert_eq!(value(&mut session, "SELECT count(*) FROM t").await, "1");
}
