//! The one statement that finds what the housekeeping has to do: usually nothing, and then no statement takes the write lock for it.

use spindle_contracts::Timestamp;
use spindle_platform::params;
use spindle_platform::sql::{Connection, Error, FromRow, Row};

const SELECT: &str = "
    SELECT EXISTS (SELECT 1 FROM credentials WHERE confirmed_at IS NULL AND created_at <= ?1) AS registrations,
        EXISTS (SELECT 1 FROM login_failures WHERE last_failed_at <= ?2) AS failures,
        EXISTS (SELECT 1 FROM invitations WHERE expires_at <= ?3) AS invitations,
        EXISTS (SELECT 1 FROM sessions WHERE expires_at <= ?3) AS sessions";

/// The kinds of rows that are due.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DueWork {
    /// Registrations that were not confirmed, of the first administrator as well.
    pub(crate) registrations: bool,
    /// Failed log-ins that no longer count.
    pub(crate) failures: bool,
    /// Invitations that have expired.
    pub(crate) invitations: bool,
    /// Sessions that have expired.
    pub(crate) sessions: bool,
}

/// Returns whether there are registrations of before `abandoned`, failures of before `forgotten`, and invitations and sessions that have expired at `now`.
pub(crate) async fn due(
    db: &Connection,
    abandoned: Timestamp,
    forgotten: Timestamp,
    now: Timestamp,
) -> Result<DueWork, Error> {
    db.query_one(SELECT, params![abandoned, forgotten, now]).await
}

impl FromRow for DueWork {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            registrations: row.get("registrations")?,
            failures: row.get("failures")?,
            invitations: row.get("invitations")?,
            sessions: row.get("sessions")?,
        })
    }
}
