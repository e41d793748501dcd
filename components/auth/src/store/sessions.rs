//! Statements on sessions.

use crate::session::{Device, Session};
use serde::Serialize;
use spindle_contracts::{SessionId, Timestamp, UserId};
use spindle_platform::params;
use spindle_platform::sql::{Connection, Error, FromRow, Row};

const OPEN: &str = "
    INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, user_agent, address)
    SELECT ?1, user_id, ?3, ?3, ?4, ?5, ?6 FROM credentials WHERE user_id = ?2 AND password_hash = ?7
    RETURNING id";

const TOUCH: &str = "UPDATE sessions SET last_used_at = ?2 WHERE id = ?1";

const IS_LIVE: &str = "
    SELECT 1 FROM sessions
    WHERE id = ?1 AND user_id = ?2 AND revoked_at IS NULL AND expires_at > ?3 AND last_used_at > ?4";

const PAGE: &str = "
    SELECT id, created_at, last_used_at, expires_at, user_agent, address FROM sessions
    WHERE user_id = ?1 AND id > ?2 AND revoked_at IS NULL AND expires_at > ?3 AND last_used_at > ?4
    ORDER BY id LIMIT ?5";

const REVOKE: &str = "
    UPDATE sessions SET revoked_at = ?3, revoked_reason = ?4
    WHERE id = ?1 AND user_id = ?2 AND revoked_at IS NULL AND expires_at > ?3 AND last_used_at > ?5
    RETURNING id";

const REVOKE_OTHERS: &str = "
    UPDATE sessions SET revoked_at = ?3, revoked_reason = ?4
    WHERE user_id = ?1 AND id <> ?2 AND revoked_at IS NULL AND expires_at > ?3 AND last_used_at > ?5
    RETURNING id";

const SELECT_EXPIRED: &str = "SELECT id FROM sessions WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2";

const DELETE: &str = "DELETE FROM sessions WHERE id = ?1";

const DELETE_OF_USER: &str = "DELETE FROM sessions WHERE user_id = ?1 RETURNING id";

/// Why a session was ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Its owner logged out.
    LoggedOut,
    /// Its owner ended it from another one.
    Revoked,
    /// The password was changed in another one.
    PasswordChanged,
    /// A refresh token that had been replaced came again.
    TokenReused,
}

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Shown {
    pub(crate) id: SessionId,
    pub(crate) created_at: Timestamp,
    pub(crate) last_used_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) user_agent: Option<String>,
    pub(crate) address: Option<String>,
}

impl Reason {
    /// Its name, in the table and in the audit log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::LoggedOut => "logged_out",
            Self::Revoked => "revoked",
            Self::PasswordChanged => "password_changed",
            Self::TokenReused => "token_reused",
        }
    }
}

/// Adds `session` unless its user's password hash is no longer `password_hash`, and says whether it did. So neither a change of
/// password nor an erasure that happens meanwhile is outlived by a session that it should have ended.
pub(crate) async fn open(db: &Connection, session: &Session, password_hash: &str) -> Result<bool, Error> {
    let Session { id, user, created_at, expires_at, device: Device { user_agent, address } } = session;
    let values =
        params![*id, *user, *created_at, *expires_at, user_agent.as_deref(), address.as_deref(), password_hash];
    let opened: Option<(SessionId,)> = db.query_optional(OPEN, values).await?;
    Ok(opened.is_some())
}

/// Notes that `session` was used.
pub(crate) async fn touch(db: &Connection, session: SessionId, now: Timestamp) -> Result<(), Error> {
    db.execute(TOUCH, params![session, now]).await?;
    Ok(())
}

/// Whether `session` is one of `user` and not over.
pub(crate) async fn is_live(db: &Connection, session: SessionId, user: UserId, now: Timestamp) -> Result<bool, Error> {
    let values = params![session, user, now, Session::idle_since(now)];
    Ok(!db.execute(IS_LIVE, values).await?.is_empty())
}

/// Up to `limit` sessions of `user` that are not over, oldest first, after the session `after`.
pub(crate) async fn page(
    db: &Connection,
    user: UserId,
    after: Option<SessionId>,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<Shown>, Error> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    db.query_all(PAGE, params![user, after, now, Session::idle_since(now), limit]).await
}

/// Ends `session` if it is one of `user` and not over, and says whether it did.
pub(crate) async fn revoke(
    db: &Connection,
    session: SessionId,
    user: UserId,
    reason: Reason,
    now: Timestamp,
) -> Result<bool, Error> {
    let values = params![session, user, now, reason.name(), Session::idle_since(now)];
    let revoked: Option<(SessionId,)> = db.query_optional(REVOKE, values).await?;
    Ok(revoked.is_some())
}

/// Ends every session of `user` but `kept`, and says how many there were.
pub(crate) async fn revoke_others(
    db: &Connection,
    user: UserId,
    kept: SessionId,
    reason: Reason,
    now: Timestamp,
) -> Result<usize, Error> {
    let values = params![user, kept, now, reason.name(), Session::idle_since(now)];
    Ok(db.execute(REVOKE_OTHERS, values).await?.len())
}

/// Up to `limit` sessions whose time is over at `now`.
pub(crate) async fn expired(db: &Connection, now: Timestamp, limit: u32) -> Result<Vec<SessionId>, Error> {
    let sessions: Vec<(SessionId,)> = db.query_all(SELECT_EXPIRED, params![now, limit]).await?;
    Ok(sessions.into_iter().map(|(session,)| session).collect())
}

/// Removes `session`; its tokens must have gone before.
pub(crate) async fn delete(db: &Connection, session: SessionId) -> Result<(), Error> {
    db.execute(DELETE, params![session]).await?;
    Ok(())
}

/// Removes every session of `user`, and says how many there were; their tokens must have gone before.
pub(crate) async fn delete_of_user(db: &Connection, user: UserId) -> Result<usize, Error> {
    Ok(db.execute(DELETE_OF_USER, params![user]).await?.len())
}

impl FromRow for Shown {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: row.at(0)?,
            created_at: row.at(1)?,
            last_used_at: row.at(2)?,
            expires_at: row.at(3)?,
            user_agent: row.at(4)?,
            address: row.at(5)?,
        })
    }
}
