//! Statements on failed log-ins.

use crate::lockout::Failures;
use spindle_contracts::Timestamp;
use spindle_platform::params;
use spindle_platform::sql::{Connection, Error};

const SELECT: &str = "SELECT failed_at FROM login_failures WHERE account = ?1";

const PUT: &str = "
    INSERT INTO login_failures (account, failed_at, last_failed_at) VALUES (?1, ?2, ?3)
    ON CONFLICT (account) DO UPDATE SET failed_at = excluded.failed_at, last_failed_at = excluded.last_failed_at";

const DELETE: &str = "DELETE FROM login_failures WHERE account = ?1";

const DELETE_UNTIL: &str = "
    DELETE FROM login_failures
    WHERE account IN (SELECT account FROM login_failures WHERE last_failed_at <= ?1 ORDER BY last_failed_at LIMIT ?2)";

/// The latest failures of `account`.
pub(crate) async fn get(db: &Connection, account: &[u8; 32]) -> Result<Failures, Error> {
    let Some((times,)) = db.query_optional::<(String,)>(SELECT, params![account]).await? else {
        return Ok(Failures::default());
    };
    let times =
        serde_json::from_str(&times).map_err(|_| Error::Other(format!("login_failures.failed_at holds {times:?}")))?;
    Ok(Failures::from_millis(times))
}

/// Replaces the failures of `account`, of which the last was at `now`.
pub(crate) async fn put(db: &Connection, account: &[u8; 32], failures: &Failures, now: Timestamp) -> Result<(), Error> {
    let times = serde_json::to_string(&failures.as_millis()).expect("numbers have a JSON form");
    db.execute(PUT, params![account, times, now]).await?;
    Ok(())
}

/// Forgets the failures of `account`.
pub(crate) async fn clear(db: &Connection, account: &[u8; 32]) -> Result<(), Error> {
    db.execute(DELETE, params![account]).await?;
    Ok(())
}

/// Forgets up to `limit` accounts that last failed at `until` or before.
pub(crate) async fn forget(db: &Connection, until: Timestamp, limit: u32) -> Result<(), Error> {
    db.execute(DELETE_UNTIL, params![until, limit]).await?;
    Ok(())
}
