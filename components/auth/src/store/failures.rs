//! Statements on failed log-ins.

use crate::lockout::Failures;
use spindle_contracts::Timestamp;
use spindle_platform::params;
use spindle_platform::sql::{Connection, Error};

const SELECT: &str = "SELECT failed_at FROM login_failures WHERE account = ?1";

const UPSERT: &str = "
    INSERT INTO login_failures (account, failed_at, last_failed_at) VALUES (?1, ?2, ?3)
    ON CONFLICT (account) DO UPDATE SET failed_at = excluded.failed_at, last_failed_at = excluded.last_failed_at";

const DELETE: &str = "DELETE FROM login_failures WHERE account = ?1";

const DELETE_OLDER: &str = "
    DELETE FROM login_failures
    WHERE account IN (SELECT account FROM login_failures WHERE last_failed_at <= ?1 ORDER BY last_failed_at LIMIT ?2)";

/// Returns the latest failures of `account`.
pub(crate) async fn get(db: &Connection, account: &[u8; 32]) -> Result<Failures, Error> {
    let row: Option<(String,)> = db.query_optional(SELECT, params![account]).await?;
    read_failures(row.map(|(times,)| times))
}

/// Reads the column `failed_at` of an account, which has no row without failures.
pub(super) fn read_failures(times: Option<String>) -> Result<Failures, Error> {
    let Some(times) = times else { return Ok(Failures::default()) };
    let times = serde_json::from_str(&times)
        .map_err(|_| Error::Other(format!("login_failures.failed_at holds {times:?} instead of a list of times")))?;
    Ok(Failures::from_millis(times))
}

/// Returns the column `failed_at` of an account with `failures`; `None` if it has no row.
pub(super) fn write_failures(failures: &Failures) -> Option<String> {
    let times = || serde_json::to_string(&failures.as_millis()).expect("numbers have a JSON form");
    (!failures.is_empty()).then(times)
}

/// Stores the failures of `account`, whose last one was at `now`.
pub(crate) async fn upsert(
    db: &Connection,
    account: &[u8; 32],
    failures: &Failures,
    now: Timestamp,
) -> Result<(), Error> {
    db.execute(UPSERT, params![account, write_failures(failures), now]).await?;
    Ok(())
}

/// Deletes the failures of `account`.
pub(crate) async fn delete(db: &Connection, account: &[u8; 32]) -> Result<(), Error> {
    db.execute(DELETE, params![account]).await?;
    Ok(())
}

/// Deletes the failures of up to `limit` accounts whose last failure was at `until` or before.
pub(crate) async fn delete_older(db: &Connection, until: Timestamp, limit: u32) -> Result<(), Error> {
    db.execute(DELETE_OLDER, params![until, limit]).await?;
    Ok(())
}
