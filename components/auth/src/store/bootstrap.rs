//! Statements on how far the bootstrap is.

use spindle_contracts::{Timestamp, UserId};
use spindle_platform::params;
use spindle_platform::sql::{Connection, Error};

const SELECT: &str = "SELECT user_id, done_at FROM bootstrap WHERE id = 1";

const INSERT: &str = "INSERT INTO bootstrap (id, user_id) VALUES (1, ?1)";

const FINISH: &str = "UPDATE bootstrap SET done_at = ?1 WHERE id = 1 AND done_at IS NULL";

const DELETE: &str = "DELETE FROM bootstrap WHERE id = 1 AND user_id = ?1 AND done_at IS NULL RETURNING user_id";

/// How far the bootstrap is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// It has not begun.
    NotBegun,
    /// The user has credentials, and may have no profile.
    Begun(UserId),
    /// There is nothing left to do, ever.
    Done,
}

/// How far the bootstrap is.
pub(crate) async fn progress(db: &Connection) -> Result<Progress, Error> {
    let row: Option<(UserId, Option<Timestamp>)> = db.query_optional(SELECT, &[]).await?;
    Ok(match row {
        None => Progress::NotBegun,
        Some((user, None)) => Progress::Begun(user),
        Some((_, Some(_))) => Progress::Done,
    })
}

/// Notes that `user` is to be the first administrator.
pub(crate) async fn begin(db: &Connection, user: UserId) -> Result<(), Error> {
    db.execute(INSERT, params![user]).await?;
    Ok(())
}

/// Notes that the first administrator is there.
pub(crate) async fn finish(db: &Connection, now: Timestamp) -> Result<(), Error> {
    db.execute(FINISH, params![now]).await?;
    Ok(())
}

/// Takes back that `user` is to be the first administrator, unless it is, and says whether it did.
pub(crate) async fn undo(db: &Connection, user: UserId) -> Result<bool, Error> {
    let undone: Option<(UserId,)> = db.query_optional(DELETE, params![user]).await?;
    Ok(undone.is_some())
}
