//! Statements on refresh tokens.

use crate::refresh_token::{RefreshToken, RefreshTokenRecord, grace_cutoff};
use const_format::formatcp;
use spindle_contracts::{SessionId, Timestamp, UserId};
use spindle_platform::params;
use spindle_platform::sql::{Connection, Error, FromRow, NOW, Row};

const INSERT: &str = "INSERT INTO refresh_tokens (hash, session_id, created_at) VALUES (?1, ?2, ?3)";

const SELECT: &str = formatcp!(
    "SELECT s.id AS session_id, s.user_id, s.created_at AS logged_in_at, s.last_used_at, s.expires_at,
        s.revoked_at IS NOT NULL AS revoked, t.rotated_at, t.sealed_successor, {NOW} AS read_at, c.rights_changes
    FROM refresh_tokens AS t JOIN sessions AS s ON s.id = t.session_id JOIN credentials AS c ON c.user_id = s.user_id
    WHERE t.hash = ?1"
);

const ROTATE: &str = "UPDATE refresh_tokens SET rotated_at = ?2, sealed_successor = ?3 WHERE hash = ?1";

const CLEAR_EXPIRED_SUCCESSORS: &str = "
    UPDATE refresh_tokens SET sealed_successor = NULL
    WHERE session_id = ?1 AND sealed_successor IS NOT NULL AND rotated_at <= ?2";

const DELETE_OF_SESSION: &str = "DELETE FROM refresh_tokens WHERE session_id = ?1";

const DELETE_OF_USER: &str = "
    DELETE FROM refresh_tokens WHERE session_id IN (SELECT id FROM sessions WHERE user_id = ?1)";

/// Inserts `token` as the current token of `session`.
pub(crate) async fn insert(
    db: &Connection,
    token: &RefreshToken,
    session: SessionId,
    now: Timestamp,
) -> Result<(), Error> {
    db.execute(INSERT, params![token.hash(), session, now]).await?;
    Ok(())
}

/// Returns the record of `token`, or `None` if auth never issued it or has deleted it.
pub(crate) async fn find(db: &Connection, token: &RefreshToken) -> Result<Option<RefreshTokenRecord>, Error> {
    db.query_optional(SELECT, params![token.hash()]).await
}

/// Marks `token` as rotated, and stores its encrypted successor.
pub(crate) async fn rotate(
    db: &Connection,
    token: &RefreshToken,
    encrypted_successor: &[u8],
    now: Timestamp,
) -> Result<(), Error> {
    db.execute(ROTATE, params![token.hash(), now, encrypted_successor]).await?;
    Ok(())
}

/// Clears the encrypted successors in `session` whose grace period has ended at `now`: with them, a thief of the database and of one
/// old token of the session could decrypt the current one.
pub(crate) async fn clear_expired_successors(db: &Connection, session: SessionId, now: Timestamp) -> Result<(), Error> {
    db.execute(CLEAR_EXPIRED_SUCCESSORS, params![session, grace_cutoff(now)]).await?;
    Ok(())
}

/// Deletes the tokens of `session`.
pub(crate) async fn delete_of_session(db: &Connection, session: SessionId) -> Result<(), Error> {
    db.execute(DELETE_OF_SESSION, params![session]).await?;
    Ok(())
}

/// Deletes the tokens of every session of `user`.
pub(crate) async fn delete_of_user(db: &Connection, user: UserId) -> Result<(), Error> {
    db.execute(DELETE_OF_USER, params![user]).await?;
    Ok(())
}

impl FromRow for RefreshTokenRecord {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            session: row.get("session_id")?,
            user: row.get("user_id")?,
            logged_in_at: row.get("logged_in_at")?,
            last_used_at: row.get("last_used_at")?,
            expires_at: row.get("expires_at")?,
            revoked: row.get("revoked")?,
            rotated_at: row.get("rotated_at")?,
            encrypted_successor: row.get("sealed_successor")?,
            read_at: row.get("read_at")?,
            rights_changes: row.get("rights_changes")?,
        })
    }
}
