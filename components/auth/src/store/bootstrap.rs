//! Statements on the progress of the bootstrap.

use spindle_contracts::{Timestamp, UserId};
use spindle_platform::params;
use spindle_platform::sql::{Connection, Error};

const SELECT: &str = "SELECT user_id, done_at FROM bootstrap WHERE id = 1";

const INSERT: &str = "INSERT INTO bootstrap (id, user_id) VALUES (1, ?1)";

const COMPLETE: &str = "UPDATE bootstrap SET done_at = ?1 WHERE id = 1 AND done_at IS NULL";

const DELETE: &str = "DELETE FROM bootstrap WHERE id = 1 AND user_id = ?1 AND done_at IS NULL RETURNING user_id";

/// The progress of the bootstrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// No administrator has been created.
    NotStarted,
    /// The user has credentials, and may have no profile.
    Started(UserId),
    /// The first administrator exists, or existed: the bootstrap never runs again.
    Completed,
}

/// Returns the progress of the bootstrap.
pub(crate) async fn progress(db: &Connection) -> Result<Progress, Error> {
    let row: Option<(UserId, Option<Timestamp>)> = db.query_optional(SELECT, &[]).await?;
    Ok(match row {
        None => Progress::NotStarted,
        Some((user, None)) => Progress::Started(user),
        Some((_, Some(_))) => Progress::Completed,
    })
}

/// Stores that `user` becomes the first administrator.
pub(crate) async fn start(db: &Connection, user: UserId) -> Result<(), Error> {
    db.execute(INSERT, params![user]).await?;
    Ok(())
}

/// Marks the bootstrap as completed.
pub(crate) async fn complete(db: &Connection, now: Timestamp) -> Result<(), Error> {
    db.execute(COMPLETE, params![now]).await?;
    Ok(())
}

/// Deletes the progress of `user`, unless the bootstrap is completed. Returns true if it deleted a row.
pub(crate) async fn undo(db: &Connection, user: UserId) -> Result<bool, Error> {
    let undone: Option<(UserId,)> = db.query_optional(DELETE, params![user]).await?;
    Ok(undone.is_some())
}
