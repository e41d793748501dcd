//! The journal mode of a database: a write-ahead log where SQLite's is reliable, else a rollback journal.
//!
//! SQLite from 3.7.0 to 3.51.2 can corrupt a database in WAL mode when two connections reset the log at the same moment, and Spin
//! opens a connection per request. The mode persists in the file, so it is set when the schema changes and costs a request nothing.
//! `synchronous` stays at SQLite's default, FULL: a confirmed commit survives a power cut in either mode.

use crate::sql::{Error, Session};

/// The maximum number of attempts. Switching needs exclusive access to the file for a moment, which a few attempts get although other instances
/// read. If all fail, the database keeps its current mode until the next migration, which is as safe and only slower.
const TRIES: usize = 10;

/// Sets the journal mode that suits this version of SQLite.
///
/// # Errors
///
/// Only if the database fails altogether. A database that refuses to switch, as libSQL does, which manages its journal itself, is not an error.
pub(super) async fn set_mode(session: &Session) -> Result<(), Error> {
    let (version,): (String,) = session.execute("SELECT sqlite_version()", &[]).await?.one()?;
    let pragma = if has_wal_reset_fix(&version) { "PRAGMA journal_mode = WAL" } else { "PRAGMA journal_mode = DELETE" };
    for _ in 0..TRIES {
        match session.execute(pragma, &[]).await {
            // SQLite does not wait for readers here. An empty transaction at least waits for the writer.
            Err(Error::Busy) => match session.begin().await {
                Ok(transaction) => transaction.commit().await?,
                Err(Error::Busy) => {}
                Err(error) => return Err(error),
            },
            Ok(_) | Err(_) => return Ok(()),
        }
    }
    Ok(())
}

/// Returns whether `version` has the fix: 3.51.3 and later, and the branches to which it was backported.
fn has_wal_reset_fix(version: &str) -> bool {
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
    use super::has_wal_reset_fix;

    #[test]
    fn wal_is_used_only_where_its_reset_is_fixed() {
        for version in ["3.51.3", "3.52.0", "3.54.1", "3.50.7", "3.50.12", "3.44.6", "4.0.0"] {
            assert!(has_wal_reset_fix(version), "{version}");
        }
        for version in ["3.49.1", "3.51.2", "3.51.0", "3.50.6", "3.44.5", "3.45.9", "3.7.0", "", "libsql"] {
            assert!(!has_wal_reset_fix(version), "{version}");
        }
    }
}
