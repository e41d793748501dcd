//! On the native backend, with files read the way a build reads them.

mod services;

use futures::executor::block_on;
use std::fs;
use std::path::Path;
use std::sync::Barrier;

use super::{Error, Migration, ensure};
use crate::backend::native::sql::Database;
use crate::params;
use crate::sql::{self, FromValue, Session};

const CREATE: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT) STRICT;\nCREATE UNIQUE INDEX users_email ON users (email);";
const SEED: &str = "INSERT INTO users (email) VALUES ('a@x');";
const WIDEN: &str = "ALTER TABLE users ADD COLUMN phone TEXT;";

/// Returns the migrations that a build embeds of files with these contents.
fn history(contents: &[&str]) -> Vec<Migration> {
    let folder = tempfile::tempdir().unwrap();
    for (content, number) in contents.iter().zip(1..) {
        fs::write(folder.path().join(format!("{number:04}_step.sql")), content).unwrap();
    }
    embedded(folder.path())
}

/// Returns the migrations that a build embeds of `folder`.
fn embedded(folder: &Path) -> Vec<Migration> {
    fn leak(text: String) -> &'static str {
        text.leak()
    }
    let migrations = spindle_migrations::load(folder).unwrap().into_iter().map(|migration| Migration {
        version: migration.version,
        name: leak(migration.name),
        checksum: leak(migration.checksum),
        fingerprint: leak(migration.fingerprint),
        statements: migration.statements.into_iter().map(leak).collect::<Vec<_>>().leak(),
    });
    migrations.collect()
}

fn open(database: &Database) -> Session {
    Session::new(database.open().unwrap())
}

/// Returns the only row of `statement`, which has one column.
async fn value<T: for<'v> FromValue<'v>>(session: &Session, statement: &str) -> T {
    session.execute(statement, &[]).await.unwrap().one::<(T,)>().unwrap().0
}

async fn versions(session: &Session) -> Vec<u32> {
    let rows = session.execute("SELECT version FROM schema_migrations ORDER BY version", &[]).await.unwrap();
    rows.all::<(u32,)>().unwrap().into_iter().map(|(version,)| version).collect()
}

async fn users(session: &Session) -> u32 {
    value(session, "SELECT count(*) FROM users").await
}

#[test]
fn a_fresh_database_gets_every_migration_once() {
    block_on(async {
        let database = Database::temporary().unwrap();
        let connection = open(&database);
        let migrations = history(&[CREATE, SEED]);
        ensure(&connection, &migrations).await.unwrap();
        ensure(&connection, &migrations).await.unwrap();
        assert_eq!(users(&connection).await, 1);
        let select = "SELECT version, name, checksum, fingerprint, applied_at GLOB '20[0-9][0-9]-*T*.[0-9][0-9][0-9]Z'
            FROM schema_migrations ORDER BY version";
        let recorded: Vec<(u32, String, String, String, bool)> =
            connection.execute(select, &[]).await.unwrap().all().unwrap();
        let expected = migrations.iter().map(|migration| {
            let Migration { version, name, checksum, fingerprint, .. } = *migration;
            (version, name.to_owned(), checksum.to_owned(), fingerprint.to_owned(), true)
        });
        assert_eq!(recorded, expected.collect::<Vec<_>>());
    });
}

#[test]
fn a_service_without_migrations_does_not_use_its_database() {
    block_on(async {
        let connection = open(&Database::temporary().unwrap());
        ensure(&connection, &[]).await.unwrap();
        assert_eq!(value::<u32>(&connection, "SELECT count(*) FROM sqlite_schema").await, 0);
    });
}

#[test]
fn an_older_database_gets_the_missing_migrations() {
    block_on(async {
        let connection = open(&Database::temporary().unwrap());
        ensure(&connection, &history(&[CREATE])).await.unwrap();
        ensure(&connection, &history(&[CREATE, SEED, WIDEN])).await.unwrap();
        assert_eq!(versions(&connection).await, [1, 2, 3]);
        connection.execute("SELECT phone FROM users", &[]).await.unwrap();
    });
}

#[test]
fn a_current_or_newer_database_is_only_read() {
    block_on(async {
        let database = Database::temporary().unwrap();
        let connection = open(&database);
        let migrations = history(&[CREATE, SEED, WIDEN]);
        ensure(&connection, &migrations).await.unwrap();
        // Any write would wait for this transaction and fail after 5 seconds.
        let writer = open(&database);
        let _transaction = writer.begin().await.unwrap();
        ensure(&connection, &migrations).await.unwrap();
        ensure(&connection, &migrations[..1]).await.unwrap();
    });
}

#[test]
fn a_changed_migration_is_refused() {
    block_on(async {
        let connection = open(&Database::temporary().unwrap());
        let (before, after) =
            (history(&[CREATE, SEED]), history(&[CREATE, "INSERT INTO users (email) VALUES ('b@x');", WIDEN]));
        ensure(&connection, &before).await.unwrap();
        for migrations in [&after[..], &after[..2]] {
            let error = ensure(&connection, migrations).await.unwrap_err();
            let (recorded, embedded) = (before[1].checksum.to_owned(), after[1].checksum);
            assert_eq!(error, Error::Changed { version: 2, name: "step", recorded: recorded.clone(), embedded });
            assert_eq!(
                error.to_string(),
                format!(
                    "migration 0002_step.sql was changed after it was applied: this database ran it with checksum {recorded}, \
                     the code has {embedded}"
                )
            );
        }
        assert_eq!(versions(&connection).await, [1, 2]);
    });
}

#[test]
fn a_changed_migration_is_refused_even_if_the_newest_is_unchanged() {
    block_on(async {
        let connection = open(&Database::temporary().unwrap());
        ensure(&connection, &history(&[CREATE, SEED, WIDEN])).await.unwrap();
        let error = ensure(&connection, &history(&[CREATE, "DELETE FROM users;", WIDEN])).await.unwrap_err();
        assert!(matches!(error, Error::Changed { version: 2, .. }), "{error}");
    });
}

#[test]
fn a_migration_missing_from_the_record_is_not_run_out_of_order() {
    block_on(async {
        let connection = open(&Database::temporary().unwrap());
        let migrations = history(&[CREATE, SEED, WIDEN]);
        ensure(&connection, &migrations[..2]).await.unwrap();
        connection.execute("DELETE FROM schema_migrations WHERE version = ?1", params![1]).await.unwrap();
        assert_eq!(ensure(&connection, &migrations).await, Err(Error::Skipped { version: 1, name: "step" }));
    });
}

#[test]
fn a_migration_that_fails_is_rolled_back() {
    block_on(async {
        let connection = open(&Database::temporary().unwrap());
        let broken = "INSERT INTO users (email) VALUES ('b@x'); INSERT INTO users (email) VALUES ('b@x');";
        let error = ensure(&connection, &history(&[CREATE, broken])).await.unwrap_err();
        let source = sql::Error::UniqueViolation { columns: "users.email".to_owned() };
        assert_eq!(error, Error::Statement { version: 2, name: "step", position: 2, source });
        assert_eq!((versions(&connection).await, users(&connection).await), (vec![1], 0));
        // A migration that was never applied may be corrected.
        ensure(&connection, &history(&[CREATE, SEED])).await.unwrap();
    });
}

#[test]
fn instances_that_start_together_apply_each_migration_once() {
    let database = Database::temporary().unwrap();
    let migrations = history(&[CREATE, SEED, WIDEN]);
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        let starts: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let connection = open(&database);
                    start.wait();
                    block_on(ensure(&connection, &migrations))
                })
            })
            .collect();
        for instance in starts {
            assert_eq!(instance.join().unwrap(), Ok(()));
        }
    });
    block_on(async {
        let connection = open(&database);
        assert_eq!((versions(&connection).await, users(&connection).await), (vec![1, 2, 3], 1));
    });
}

#[test]
fn a_migrated_database_has_a_write_ahead_log_where_it_is_reliable() {
    block_on(async {
        let database = Database::temporary().unwrap();
        ensure(&open(&database), &history(&[CREATE])).await.unwrap();
        // The SQLite of this build has the fix. The mode persists, so another connection sees it.
        assert_eq!(value::<String>(&open(&database), "PRAGMA journal_mode").await, "wal");
    });
}

#[test]
fn a_lock_during_a_migration_is_busy_to_the_caller() {
    assert_eq!(sql::Error::from(Error::Database(sql::Error::Busy)), sql::Error::Busy);
    let skipped = Error::Skipped { version: 1, name: "step" };
    assert_eq!(sql::Error::from(skipped.clone()), sql::Error::Migration(Box::new(skipped)));
}
