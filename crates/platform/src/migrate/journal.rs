//! Which journal a database gets: a write-ahead log where SQLite keeps one soundly, else a rollback journal.
//!
//! SQLite from 3.7.0 to 3.51.2 can corrupt a database in WAL mode when two connections reset the log at the same moment, and Spin
//! opens a connection per request. The mode persists in the file, so it is set when the schema changes and costs a request nothing.
//! `synchronous` stays at SQLite's default, FULL: a commit that was answered survives a power cut in either mode.

use crate::sql::{Connection, Error};

/// Switching needs the file to itself for a moment. Beside instances that read while this one migrates a few tries do; if none
/// does, the database keeps the journal it has, which is as safe and only slower, until the next migration.
const TRIES: usize = 10;

/// Sets the journal mode that suits this SQLite.
///
/// # Errors
///
/// None for a database that refuses to switch, as libSQL does, which has a journal of its own; only if it stops answering at all.
pub(super) async fn choose(connection: &Connection) -> Result<(), Error> {
    let (version,): (String,) = connection.query_one("SELECT sqlite_version()", &[]).await?;
    let pragma = if keeps_wal_soundly(&version) { "PRAGMA journal_mode = WAL" } else { "PRAGMA journal_mode = DELETE" };
    for _ in 0..TRIES {
        match connection.execute(pragma, &[]).await {
            // SQLite does not wait for readers here; an empty transaction at least waits for the writer.
            Err(Error::Busy) => match connection.transaction().await {
                Ok(transaction) => transaction.commit().await?,
                Err(Error::Busy) => {}
                Err(error) => return Err(error),
            },
            Ok(_) | Err(_) => return Ok(()),
        }
    }
    Ok(())
}

/// Whether `version` has the fix: 3.51.3 and later, and the branches it was carried back to.
fn keeps_wal_soundly(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    let mut number = || numbers.next().unwrap_or(0);
    match (number(), number(), number()) {
        (3, 44, patch) => patch >= 6,
        (3, 50, patch) => patch >= 7,
        (major, minor, patch) => (major, minor, patch) >= (3, 51, 3),
    }
}

#[cfg(test)]
mod tests {
    use super::keeps_wal_soundly;

    #[test]
    fn wal_is_used_only_where_its_reset_is_fixed() {
        for version in ["3.51.3", "3.52.0", "3.54.1", "3.50.7", "3.50.12", "3.44.6", "4.0.0"] {
            assert!(keeps_wal_soundly(version), "{version}");
        }
        for version in ["3.49.1", "3.51.2", "3.51.0", "3.50.6", "3.44.5", "3.45.9", "3.7.0", "", "libsql"] {
            assert!(!keeps_wal_soundly(version), "{version}");
        }
    }
}
