//! Statements on sessions.

use crate::lockout::Failures;
use crate::session::{Device, Session};
use crate::store::failures::write_failures;
use schemars::JsonSchema;
use serde::Serialize;
use spindle_contracts::{SessionId, Timestamp, UserId};
use spindle_platform::params;
use spindle_platform::sql::{Connection, Error, FromRow, Row};

const INSERT: &str = "
    INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, user_agent, address)
    SELECT ?1, user_id, ?3, ?3, ?4, ?5, ?6 FROM credentials WHERE user_id = ?2 AND password_hash = ?7 AND rights_changes = ?8
        AND (SELECT failed_at FROM login_failures WHERE account = ?9) IS ?10
    RETURNING id";

const UPDATE_LAST_USED: &str = "UPDATE sessions SET last_used_at = ?2 WHERE id = ?1";

const IS_LIVE: &str = "
    SELECT 1 FROM sessions
    WHERE id = ?1 AND user_id = ?2 AND revoked_at IS NULL AND expires_at > ?3 AND last_used_at > ?4";

const SELECT_LIVE: &str = "
    SELECT s.user_id, c.rights_changes FROM sessions AS s JOIN credentials AS c ON c.user_id = s.user_id
    WHERE s.id = ?1 AND s.revoked_at IS NULL AND s.expires_at > ?2 AND s.last_used_at > ?3";

const SELECT_USED_SINCE: &str = "SELECT id FROM sessions WHERE user_id = ?1 AND id <> ?2 AND last_used_at > ?3";

const LIST: &str = "
    SELECT id, created_at, last_used_at, expires_at, user_agent, address FROM sessions
    WHERE user_id = ?1 AND id > ?2 AND revoked_at IS NULL AND expires_at > ?3 AND last_used_at > ?4
    ORDER BY id LIMIT ?5";

const COUNT_OF_USER: &str = "SELECT count(*) FROM sessions WHERE user_id = ?1";
const SELECT_ALL: &str = "
    SELECT id, created_at, last_used_at, expires_at, revoked_at, revoked_reason, user_agent, address FROM sessions
    WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3";

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

/// The reason why a session was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RevocationReason {
    /// The user logged out.
    LoggedOut,
    /// The user revoked it in another session, or an admin has deactivated the user.
    Revoked,
    /// The user changed the password in another session.
    PasswordChanged,
    /// A refresh token was presented again after its rotation (RFC 9700, section 4.14.2).
    TokenReused,
}

/// A live session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LiveSession {
    pub(crate) user: UserId,
    /// The number of times that the rights of the user have changed.
    pub(crate) rights_changes: i64,
}

/// A session as its user sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct SessionView {
    /// The id.
    pub(crate) id: SessionId,
    /// The time of the log-in.
    pub(crate) created_at: Timestamp,
    /// The time of the last refresh, or of the log-in.
    pub(crate) last_used_at: Timestamp,
    /// The time at which the session ends at the latest. A week without use ends it as well.
    pub(crate) expires_at: Timestamp,
    /// The `User-Agent` of the log-in.
    pub(crate) user_agent: Option<String>,
    /// The address from which the log-in came.
    pub(crate) ip_address: Option<String>,
}

/// A session in an export: also one that has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct StoredSession {
    #[serde(flatten)]
    pub(crate) view: SessionView,
    revoked_at: Option<Timestamp>,
    revoked_reason: Option<String>,
}

impl RevocationReason {
    /// Returns the name in the table and in the audit log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::LoggedOut => "logged_out",
            Self::Revoked => "revoked",
            Self::PasswordChanged => "password_changed",
            Self::TokenReused => "token_reused",
        }
    }
}

/// The state of an account that a session is opened for.
pub(crate) struct Verified<'a> {
    /// The account.
    pub(crate) account: &'a [u8; 32],
    /// Its latest failures.
    pub(crate) failures: &'a Failures,
    /// The password hash of its user.
    pub(crate) password_hash: &'a str,
    /// The number of times that the rights of its user have changed.
    pub(crate) rights_changes: i64,
}

/// Inserts `session`, unless its account is no longer as it was `verified`. Returns true if it did. So no session outlives a change of password, an
/// erasure or a deactivation that is committed meanwhile and should have ended it, and none is opened after failures that may have locked the account.
pub(crate) async fn insert(db: &Connection, session: &Session, verified: &Verified<'_>) -> Result<bool, Error> {
    let Verified { account, failures, password_hash, rights_changes } = *verified;
    let Session { id, user, created_at, expires_at, device: Device { user_agent, address } } = session;
    let values = params![
        *id,
        *user,
        *created_at,
        *expires_at,
        user_agent.as_deref(),
        address.as_deref(),
        password_hash,
        rights_changes,
        account,
        write_failures(failures),
    ];
    let inserted: Option<(SessionId,)> = db.query_optional(INSERT, values).await?;
    Ok(inserted.is_some())
}

/// Sets the time of last use of `session` to `now`.
pub(crate) async fn mark_used(db: &Connection, session: SessionId, now: Timestamp) -> Result<(), Error> {
    db.execute(UPDATE_LAST_USED, params![session, now]).await?;
    Ok(())
}

/// Returns true if `session` is a live session of `user`: not revoked, not expired, not idle for too long.
pub(crate) async fn is_live(db: &Connection, session: SessionId, user: UserId, now: Timestamp) -> Result<bool, Error> {
    let values = params![session, user, now, Session::idle_cutoff(now)];
    Ok(!db.execute(IS_LIVE, values).await?.is_empty())
}

/// Returns `session` if it is live.
pub(crate) async fn find_live(
    db: &Connection,
    session: SessionId,
    now: Timestamp,
) -> Result<Option<LiveSession>, Error> {
    let live: Option<(UserId, i64)> =
        db.query_optional(SELECT_LIVE, params![session, now, Session::idle_cutoff(now)]).await?;
    Ok(live.map(|(user, rights_changes)| LiveSession { user, rights_changes }))
}

/// Returns the sessions of `user` that were used after `since`, live or ended, except `except`.
pub(crate) async fn used_since(
    db: &Connection,
    user: UserId,
    except: Option<SessionId>,
    since: Timestamp,
) -> Result<Vec<SessionId>, Error> {
    ids(db.query_all(SELECT_USED_SINCE, params![user, text(except), since]).await)
}

/// Returns up to `limit` live sessions of `user` after the session `after`, oldest first.
pub(crate) async fn list(
    db: &Connection,
    user: UserId,
    after: Option<SessionId>,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<SessionView>, Error> {
    db.query_all(LIST, params![user, text(after), now, Session::idle_cutoff(now), limit]).await
}

/// Returns the number of sessions of `user`, live or not.
pub(crate) async fn count(db: &Connection, user: UserId) -> Result<i64, Error> {
    let (count,) = db.query_one(COUNT_OF_USER, params![user]).await?;
    Ok(count)
}

/// Returns up to `limit` sessions of `user` after the session `after`, also those that have ended, oldest first.
pub(crate) async fn all(
    db: &Connection,
    user: UserId,
    after: Option<SessionId>,
    limit: i64,
) -> Result<Vec<StoredSession>, Error> {
    db.query_all(SELECT_ALL, params![user, text(after), limit]).await
}

/// Revokes `session` if it is a live session of `user`. Returns true if it did.
pub(crate) async fn revoke(
    db: &Connection,
    session: SessionId,
    user: UserId,
    reason: RevocationReason,
    now: Timestamp,
) -> Result<bool, Error> {
    let values = params![session, user, now, reason.name(), Session::idle_cutoff(now)];
    let revoked: Option<(SessionId,)> = db.query_optional(REVOKE, values).await?;
    Ok(revoked.is_some())
}

/// Revokes every live session of `user` except `except`. Returns them.
pub(crate) async fn revoke_others(
    db: &Connection,
    user: UserId,
    except: Option<SessionId>,
    reason: RevocationReason,
    now: Timestamp,
) -> Result<Vec<SessionId>, Error> {
    let values = params![user, text(except), now, reason.name(), Session::idle_cutoff(now)];
    ids(db.query_all(REVOKE_OTHERS, values).await)
}

/// Returns up to `limit` sessions that have expired at `now`.
pub(crate) async fn expired(db: &Connection, now: Timestamp, limit: u32) -> Result<Vec<SessionId>, Error> {
    ids(db.query_all(SELECT_EXPIRED, params![now, limit]).await)
}

/// Deletes `session`. Delete its refresh tokens first.
pub(crate) async fn delete(db: &Connection, session: SessionId) -> Result<(), Error> {
    db.execute(DELETE, params![session]).await?;
    Ok(())
}

/// Deletes every session of `user`. Returns them. Delete their refresh tokens first.
pub(crate) async fn delete_of_user(db: &Connection, user: UserId) -> Result<Vec<SessionId>, Error> {
    ids(db.query_all(DELETE_OF_USER, params![user]).await)
}

fn ids(rows: Result<Vec<(SessionId,)>, Error>) -> Result<Vec<SessionId>, Error> {
    Ok(rows?.into_iter().map(|(session,)| session).collect())
}

/// Returns the id as text; the empty text, which is no id and before all of them, for none.
fn text(session: Option<SessionId>) -> String {
    session.map(|id| id.to_string()).unwrap_or_default()
}

impl FromRow for SessionView {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            created_at: row.get("created_at")?,
            last_used_at: row.get("last_used_at")?,
            expires_at: row.get("expires_at")?,
            user_agent: row.get("user_agent")?,
            ip_address: row.get("address")?,
        })
    }
}

impl FromRow for StoredSession {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            view: SessionView::from_row(row)?,
            revoked_at: row.get("revoked_at")?,
            revoked_reason: row.get("revoked_reason")?,
        })
    }
}
