//! Statements on refresh tokens.

use crate::refresh_token::{GRACE_PERIOD, RefreshToken, RefreshTokenRecord};
use crate::session::IDLE_TIMEOUT;
use crate::signing_key::EncryptedSigningKey;
use const_format::formatcp;
use spindle_contracts::{SessionId, Timestamp, UserId};
use spindle_platform::params;
use spindle_platform::sql::{Connection, Error, FromRow, NOW, Row};

const INSERT: &str = "INSERT INTO refresh_tokens (hash, session_id, created_at) VALUES (?1, ?2, ?3)";

/// The token, and the key that signs. Scans: an index of that one key.
const SELECT: &str = formatcp!(
    "SELECT s.id AS session_id, s.user_id, s.created_at AS logged_in_at, s.last_used_at, s.expires_at,
        s.revoked_at IS NOT NULL AS revoked, t.rotated_at, t.sealed_successor, {NOW} AS read_at, c.rights_changes,
        k.kid, k.public_key, k.sealed_private
    FROM refresh_tokens AS t JOIN sessions AS s ON s.id = t.session_id JOIN credentials AS c ON c.user_id = s.user_id
        LEFT JOIN signing_keys AS k ON k.retired_at IS NULL
    WHERE t.hash = ?1"
);

/// Marks the token ?1 as rotated and stores its encrypted successor ?3, if it is current and its session, ?2, is live: expired by the time of the
/// database, or unused for ?5, it is not. The successors in the session whose grace period of ?4 has ended are cleared: with them, a thief of the
/// database and of one old token of the session could decrypt the current one.
const ROTATE: &str = formatcp!(
    "UPDATE refresh_tokens SET rotated_at = iif(hash = ?1, {NOW}, rotated_at), sealed_successor = iif(hash = ?1, ?3, NULL)
    WHERE session_id = ?2 AND (hash = ?1 OR (sealed_successor IS NOT NULL AND rotated_at <= {NOW} - ?4))
        AND EXISTS (SELECT 1 FROM refresh_tokens AS t JOIN sessions AS s ON s.id = t.session_id
            WHERE t.hash = ?1 AND t.rotated_at IS NULL AND s.revoked_at IS NULL AND s.expires_at > {NOW} AND s.last_used_at > {NOW} - ?5)
    RETURNING hash = ?1 AS is_token, rotated_at"
);

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

/// Marks `token` of `session` as rotated, and stores its encrypted successor, if the token is the current one of a live session. Clears the successors in
/// the session whose grace period has ended. Returns the time of the rotation, by the database; `None` if it did nothing.
pub(crate) async fn rotate(
    db: &Connection,
    token: &RefreshToken,
    session: SessionId,
    encrypted_successor: &[u8],
) -> Result<Option<Timestamp>, Error> {
    let values = params![token.hash(), session, encrypted_successor, GRACE_PERIOD, IDLE_TIMEOUT];
    let rotated: Vec<(bool, Timestamp)> = db.query_all(ROTATE, values).await?;
    Ok(rotated.into_iter().find_map(|(is_token, at)| is_token.then_some(at)))
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
            signing_key: match row.get::<Option<&str>>("kid")? {
                Some(_) => Some(EncryptedSigningKey::from_row(row)?),
                None => None,
            },
        })
    }
}
