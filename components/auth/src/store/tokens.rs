//! Statements on refresh tokens.

use crate::session::{KnownToken, RefreshToken, grace_ended_since};
use spindle_contracts::{SessionId, Timestamp, UserId};
use spindle_platform::params;
use spindle_platform::sql::{Connection, Error, FromRow, Row};

const INSERT: &str = "INSERT INTO refresh_tokens (hash, session_id, created_at) VALUES (?1, ?2, ?3)";

const SELECT: &str = "
    SELECT s.id, s.user_id, s.last_used_at, s.expires_at, s.revoked_at IS NOT NULL, t.rotated_at, t.sealed_successor
    FROM refresh_tokens AS t JOIN sessions AS s ON s.id = t.session_id WHERE t.hash = ?1";

const REPLACE: &str = "UPDATE refresh_tokens SET rotated_at = ?2, sealed_successor = ?3 WHERE hash = ?1";

const FORGET_SUCCESSORS: &str = "
    UPDATE refresh_tokens SET sealed_successor = NULL
    WHERE session_id = ?1 AND sealed_successor IS NOT NULL AND rotated_at <= ?2";

const DELETE_OF_SESSION: &str = "DELETE FROM refresh_tokens WHERE session_id = ?1";

const DELETE_OF_USER: &str = "
    DELETE FROM refresh_tokens WHERE session_id IN (SELECT id FROM sessions WHERE user_id = ?1)";

/// Adds `token`, the newest of `session`.
pub(crate) async fn insert(
    db: &Connection,
    token: &RefreshToken,
    session: SessionId,
    now: Timestamp,
) -> Result<(), Error> {
    db.execute(INSERT, params![token.hash(), session, now]).await?;
    Ok(())
}

/// What is known of `token`, if it ever was one of ours.
pub(crate) async fn find(db: &Connection, token: &RefreshToken) -> Result<Option<KnownToken>, Error> {
    db.query_optional(SELECT, params![token.hash()]).await
}

/// Notes that `token` was replaced by what is in `sealed_successor`.
pub(crate) async fn replace(
    db: &Connection,
    token: &RefreshToken,
    sealed_successor: &[u8],
    now: Timestamp,
) -> Result<(), Error> {
    db.execute(REPLACE, params![token.hash(), now, sealed_successor]).await?;
    Ok(())
}

/// Forgets the successors in `session` that nobody may ask for any more at `now`: with the database and one old token of a session,
/// they would lead to its newest.
pub(crate) async fn forget_successors(db: &Connection, session: SessionId, now: Timestamp) -> Result<(), Error> {
    db.execute(FORGET_SUCCESSORS, params![session, grace_ended_since(now)]).await?;
    Ok(())
}

/// Removes the tokens of `session`.
pub(crate) async fn delete_of_session(db: &Connection, session: SessionId) -> Result<(), Error> {
    db.execute(DELETE_OF_SESSION, params![session]).await?;
    Ok(())
}

/// Removes the tokens of every session of `user`.
pub(crate) async fn delete_of_user(db: &Connection, user: UserId) -> Result<(), Error> {
    db.execute(DELETE_OF_USER, params![user]).await?;
    Ok(())
}

impl FromRow for KnownToken {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            session: row.at(0)?,
            user: row.at(1)?,
            last_used_at: row.at(2)?,
            expires_at: row.at(3)?,
            revoked: row.at(4)?,
            rotated_at: row.at(5)?,
            sealed_successor: row.at(6)?,
        })
    }
}
