//! Entries are buffered, and appended by the statement before the commit: to the log as it is then.

use super::{SECRET, check, commit, context, entry, migrations, platform};
use crate::audit::{Filter, list, record};
use crate::sql::Connection;
use crate::trace::TraceContext;
use crate::{Context, Platform, Scope, migrate, sql};
use futures::executor::block_on;

/// Returns the statements on the log's database after the first `count`, by their first words.
fn statements(platform: &Platform, count: usize) -> Vec<String> {
    let words = |sql: &String| sql.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
    platform.statements("things")[count..].iter().map(words).collect()
}

async fn subjects(db: &Connection) -> Vec<String> {
    let rows = list(db, &Filter::default(), None, 100).await.unwrap();
    rows.into_iter().rev().map(|row| row.subject.unwrap()).collect()
}

#[test]
fn a_transaction_with_an_entry_costs_three_statements_and_one_that_opens_the_database() {
    block_on(async {
        let platform = platform(SECRET);
        let context = context(&platform);
        commit(&context.sql().await.unwrap(), &context, [entry("thing.made", "1")]).await;

        let db = context.sql().await.unwrap();
        let before = platform.statements("things").len();
        commit(&db, &context, [entry("thing.made", "2")]).await;
        let appended = ["INSERT INTO audit_append", "COMMIT"];
        assert_eq!(
            statements(&platform, before),
            [&["BEGIN IMMEDIATE", "SELECT m.fingerprint AS"][..], &appended].concat()
        );

        let before = platform.statements("things").len();
        commit(&db, &context, [entry("thing.made", "3"), entry("thing.made", "4")]).await;
        let expected = ["BEGIN IMMEDIATE", "INSERT INTO audit_append", "INSERT INTO audit_append", "COMMIT"];
        assert_eq!(statements(&platform, before), expected);
        assert_eq!((subjects(&db).await.join(" "), check(&db, &context).await.violation), ("1 2 3 4".to_owned(), None));
    });
}

#[test]
fn a_transaction_without_entries_writes_nothing_more() {
    block_on(async {
        let platform = platform(SECRET);
        let db = context(&platform).sql().await.unwrap();
        db.open().await.unwrap();
        let before = platform.statements("things").len();
        db.transaction().await.unwrap().commit().await.unwrap();
        assert_eq!(statements(&platform, before), ["BEGIN IMMEDIATE", "COMMIT"]);
    });
}

#[test]
fn a_row_continues_the_log_as_other_connections_have_left_it() {
    block_on(async {
        let platform = platform(SECRET);
        let context = context(&platform);
        let (one, other) = (context.sql().await.unwrap(), context.sql().await.unwrap());
        commit(&one, &context, [entry("thing.made", "1")]).await;
        commit(&other, &context, [entry("thing.made", "2")]).await;
        // This connection has seen the log end with row 1: one statement more finds row 2 and appends to it.
        let before = platform.statements("things").len();
        commit(&one, &context, [entry("thing.made", "3"), entry("thing.made", "4")]).await;
        let appended = |sql: &&String| sql.as_str() == "INSERT INTO audit_append";
        assert_eq!(statements(&platform, before).iter().filter(appended).count(), 3);
        commit(&other, &context, [entry("thing.made", "5")]).await;
        assert_eq!(subjects(&one).await.join(" "), "1 2 3 4 5");
        assert_eq!(check(&one, &context).await.violation, None);
    });
}

#[test]
fn two_transactions_at_the_same_time_append_one_after_the_other() {
    let platform = platform(SECRET);
    let first = context(&platform);
    block_on(async { commit(&first.sql().await.unwrap(), &first, [entry("thing.made", "0")]).await });
    let database = platform.database("things").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let platform =
                    Platform::native().with_variable("audit_secret", SECRET).with_database("things", &database).build();
                let context = context(&platform);
                block_on(async {
                    let db = context.sql().await.unwrap();
                    for number in 1..=20 {
                        commit(&db, &context, [entry("thing.made", &number.to_string())]).await;
                    }
                });
            });
        }
    });
    block_on(async {
        let db = first.sql().await.unwrap();
        let found = check(&db, &first).await;
        assert_eq!((found.rows, found.violation), (41, None));
    });
}

#[test]
fn an_entry_of_a_transaction_that_fails_or_is_dropped_is_not_in_the_log() {
    block_on(async {
        let platform = platform(SECRET);
        let context = context(&platform);
        let db = context.sql().await.unwrap();
        commit(&db, &context, [entry("thing.made", "1")]).await;

        let transaction = db.transaction().await.unwrap();
        record(&transaction, &context, &entry("thing.made", "dropped")).await.unwrap();
        transaction.write_buffer().await.unwrap();
        drop(transaction);

        // The row fits, and the transaction fails nevertheless.
        db.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b REFERENCES t (a) DEFERRABLE INITIALLY DEFERRED)", &[])
            .await
            .unwrap();
        let transaction = db.transaction().await.unwrap();
        transaction.execute("INSERT INTO t VALUES (1, 2)", &[]).await.unwrap();
        record(&transaction, &context, &entry("thing.made", "failed")).await.unwrap();
        assert_eq!(transaction.commit().await, Err(sql::Error::ForeignKeyViolation));

        // What the connection took for the head was never committed.
        commit(&db, &context, [entry("thing.made", "2")]).await;
        assert_eq!((subjects(&db).await.join(" "), check(&db, &context).await.violation), ("1 2".to_owned(), None));
    });
}

#[test]
fn an_entry_that_cannot_be_appended_fails_its_transaction() {
    block_on(async {
        let context = context(&platform(SECRET));
        let db = context.sql().await.unwrap();
        for statement in [
            "CREATE TABLE t (a)",
            "CREATE TRIGGER refuse BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
        ] {
            db.execute(statement, &[]).await.unwrap();
        }
        let transaction = db.transaction().await.unwrap();
        transaction.execute("INSERT INTO t VALUES (1)", &[]).await.unwrap();
        record(&transaction, &context, &entry("thing.made", "1")).await.unwrap();
        assert_eq!(transaction.commit().await, Err(sql::Error::Other("the disk is full".to_owned())));
        assert_eq!(db.query_one::<(i64,)>("SELECT count(*) FROM t", &[]).await.unwrap(), (0,));
    });
}

/// Returns a context whose code knows the first `count` migrations of the log.
fn revision(platform: &Platform, count: usize) -> Context {
    let scope = Scope { service: "things", migrations: &migrations()[..count] };
    Context::new(platform.clone(), scope, "r-1".to_owned(), TraceContext::start([1; 24]))
}

#[test]
fn a_transaction_that_finds_an_older_schema_begins_again_after_the_migration() {
    block_on(async {
        let platform = platform(SECRET);
        revision(&platform, 2).sql().await.unwrap().open().await.unwrap();
        let before = platform.statements("things").len();
        let context = revision(&platform, 3);
        commit(&context.sql().await.unwrap(), &context, [entry("thing.made", "1")]).await;
        let ran = statements(&platform, before);
        assert_eq!(ran[..4], ["BEGIN IMMEDIATE", "SELECT m.fingerprint AS", "ROLLBACK", "SELECT fingerprint FROM"]);
        let end = ["BEGIN IMMEDIATE", "SELECT m.fingerprint AS", "INSERT INTO audit_append", "COMMIT"];
        assert_eq!(ran[ran.len() - 4..], end);
        assert_eq!(check(&context.sql().await.unwrap(), &context).await.rows, 1);
    });
}

#[test]
fn a_transaction_on_an_empty_database_migrates_it_first() {
    block_on(async {
        let platform = platform(SECRET);
        let context = context(&platform);
        commit(&context.sql().await.unwrap(), &context, [entry("thing.made", "1")]).await;
        assert_eq!(statements(&platform, 0)[..3], ["BEGIN IMMEDIATE", "SELECT m.fingerprint AS", "ROLLBACK"]);
        assert_eq!(check(&context.sql().await.unwrap(), &context).await.rows, 1);
    });
}

#[test]
fn nothing_runs_on_a_schema_that_is_not_the_one_of_the_code() {
    block_on(async {
        let platform = platform(SECRET);
        let context = context(&platform);
        let db = context.sql().await.unwrap();
        db.execute("CREATE TABLE t (a)", &[]).await.unwrap();
        db.execute("UPDATE schema_migrations SET checksum = 'other', fingerprint = 'other' WHERE version = 3", &[])
            .await
            .unwrap();

        let db = context.sql().await.unwrap();
        let is_refused = |error: sql::Error| match error {
            sql::Error::Migration(error) => matches!(*error, migrate::Error::Changed { version: 3, .. }),
            _ => false,
        };
        // Each attempt finds out again.
        for _ in 0..2 {
            assert!(is_refused(db.execute("INSERT INTO t VALUES (1)", &[]).await.unwrap_err()));
            assert!(is_refused(db.transaction().await.map(drop).unwrap_err()));
        }
        // No transaction is left open, and nothing was written.
        db.session().execute("BEGIN IMMEDIATE", &[]).await.unwrap();
        assert!(db.session().execute("SELECT a FROM t", &[]).await.unwrap().is_empty());
    });
}

#[test]
fn code_of_the_release_before_appends_on_this_schema() {
    block_on(async {
        let context = context(&platform(SECRET));
        let db = context.sql().await.unwrap();
        commit(&db, &context, [entry("thing.made", "1")]).await;
        let row =
            "INSERT INTO audit_append (seq, id, at, actor, action, subject, request_id, source, detail, mac, head_mac)
            VALUES (?1, 'i', 1, NULL, 'thing.made', '2', 'r', NULL, '{}', x'01', x'02')";
        db.execute(row, crate::params![2]).await.unwrap();
        assert_eq!(subjects(&db).await, ["1", "2"]);
        // A row that does not fit is not written.
        db.execute(row, crate::params![2]).await.unwrap();
        assert_eq!(subjects(&db).await, ["1", "2"]);
    });
}
