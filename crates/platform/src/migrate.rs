//! Migrates a service's database to the schema that its code was built with: each migration runs once, in order, in one transaction with
//! its record.
//!
//! A usual request costs no statement of its own: the first one on a connection reads the record of the newest migration that the code knows, with
//! what else a transaction needs (`sql/opening.rs`). That record has a fingerprint of this and all earlier files, so one comparison covers the whole
//! history, and `ensure` is called if it differs. A database that is *newer* than the code is accepted: migrations only
//! add to the schema that earlier code needs (expand, then contract a release later), so that old and new code can run side by side while a
//! release is rolled out or rolled back.

mod error;
mod journal;

pub use error::Error;

use crate::params;
use crate::sql::{self, Session};

/// One migration of a service, as `spindle_migrations::embed` reads it at build time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The migration's number, counted from 1 without gaps.
    pub version: u32,
    /// The rest of the file name: `create_users` of `0001_create_users.sql`.
    pub name: &'static str,
    /// The SHA-256 of the file in hexadecimal.
    pub checksum: &'static str,
    /// The SHA-256 over the previous migration's fingerprint and this one's version and checksum, in hexadecimal.
    pub fingerprint: &'static str,
    /// The file's statements, which run one by one.
    pub statements: &'static [&'static str],
}

/// Expands to the migrations of this crate, a `&'static [Migration]`; its `build.rs` must call `spindle_migrations::embed`.
#[macro_export]
macro_rules! migrations {
    () => {
        include!(concat!(env!("OUT_DIR"), "/migrations.rs"))
    };
}

#[doc(inline)]
pub use crate::migrations;

/// The table of applied migrations. `fingerprint` is compared; error messages show `checksum`.
const CREATE_RECORD: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    applied_at TEXT NOT NULL
) STRICT";
const SELECT_FINGERPRINT: &str = "SELECT fingerprint FROM schema_migrations WHERE version = ?1";
const SELECT_RECORD: &str = "SELECT version, checksum FROM schema_migrations ORDER BY version";
const INSERT_RECORD: &str = "INSERT INTO schema_migrations (version, name, checksum, fingerprint, applied_at)
    VALUES (?1, ?2, ?3, ?4, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))";

/// Applies those of `migrations`, all of a service in order, that have not been applied to its database.
///
/// Several instances may call this at the same time: each migration runs under the write lock, and an instance that waited for the lock reads
/// the records again.
///
/// # Errors
///
/// [`Error::Changed`] if a file differs from the one that was applied, [`Error::Statement`] if a statement fails, and [`Error::Database`] if the
/// database cannot be used at all.
pub(crate) async fn ensure(session: &Session, migrations: &[Migration]) -> Result<(), Error> {
    let Some(newest) = migrations.last() else { return Ok(()) };
    let recorded = session.execute(SELECT_FINGERPRINT, params![newest.version]).await;
    match recorded.and_then(|rows| rows.optional::<(String,)>()) {
        Ok(Some((fingerprint,))) if fingerprint == newest.fingerprint => Ok(()),
        // The database is older, or has another history: `apply` finds out which.
        Ok(_) => apply(session, migrations).await,
        Err(sql::Error::NoSuchTable { .. }) => apply(session, migrations).await,
        Err(error) => Err(error.into()),
    }
}

/// Applies the missing migrations in one transaction each. If there were any, sets the journal mode that suits SQLite's version.
async fn apply(session: &Session, migrations: &[Migration]) -> Result<(), Error> {
    let mut applied = false;
    loop {
        let transaction = session.begin().await?;
        session.execute(CREATE_RECORD, &[]).await?;
        let recorded = session.execute(SELECT_RECORD, &[]).await?.all()?;
        let Some(migration) = next_missing(migrations, &recorded)? else { break };
        for (statement, position) in migration.statements.iter().zip(1..) {
            let result = session.execute(statement, &[]).await;
            result.map_err(|source| Error::Statement {
                version: migration.version,
                name: migration.name,
                position,
                source,
            })?;
        }
        let Migration { version, name, checksum, fingerprint, .. } = *migration;
        session.execute(INSERT_RECORD, params![version, name, checksum, fingerprint]).await?;
        transaction.commit().await?;
        applied = true;
    }
    if applied {
        // Only an instance that applied a migration does this, so that instances that start together do not contend for the journal.
        journal::set_mode(session).await?;
    }
    Ok(())
}

/// Returns the first migration that `recorded`, pairs of version and checksum in order, does not have. Versions beyond the newest that the code
/// knows are those of newer code and are ignored.
fn next_missing<'m>(migrations: &'m [Migration], recorded: &[(u32, String)]) -> Result<Option<&'m Migration>, Error> {
    for migration in migrations {
        let Migration { version, name, checksum: embedded, .. } = *migration;
        match recorded.iter().find(|(recorded, _)| *recorded == version) {
            Some((_, checksum)) if checksum == embedded => {}
            Some((_, checksum)) => return Err(Error::Changed { version, name, recorded: checksum.clone(), embedded }),
            None if recorded.last().is_some_and(|(last, _)| *last > version) => {
                return Err(Error::Skipped { version, name });
            }
            None => return Ok(Some(migration)),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
