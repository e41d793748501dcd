//! Statements on credentials.

use spindle_contracts::{Timestamp, UserId};
use spindle_platform::params;
use spindle_platform::sql::{Connection, Error};

const SELECT_HASH: &str = "SELECT password_hash FROM credentials WHERE user_id = ?1";

const SELECT_WITH_PASSWORD: &str = "SELECT user_id FROM credentials WHERE user_id IN (SELECT value FROM json_each(?1))";
const COUNT: &str = "SELECT count(*) FROM credentials WHERE user_id = ?1";
const SELECT_TIMES: &str = "SELECT created_at, password_changed_at FROM credentials WHERE user_id = ?1";

const INSERT: &str = "
    INSERT INTO credentials (user_id, password_hash, created_at, password_changed_at) VALUES (?1, ?2, ?3, ?3)";

const CONFIRM: &str = "UPDATE credentials SET confirmed_at = ?2 WHERE user_id = ?1 AND confirmed_at IS NULL";

const SELECT_UNCONFIRMED: &str = "
    SELECT user_id FROM credentials
    WHERE confirmed_at IS NULL AND created_at <= ?1 AND user_id NOT IN (SELECT user_id FROM bootstrap WHERE id = 1)
    ORDER BY created_at LIMIT ?2";

const REPLACE: &str = "
    UPDATE credentials SET password_hash = ?3, password_changed_at = ?4 WHERE user_id = ?1 AND password_hash = ?2
    RETURNING user_id";

const COUNT_RIGHTS_CHANGE: &str = "UPDATE credentials SET rights_changes = rights_changes + 1 WHERE user_id = ?1";

const REHASH: &str = "UPDATE credentials SET password_hash = ?3 WHERE user_id = ?1 AND password_hash = ?2";

const DELETE: &str = "DELETE FROM credentials WHERE user_id = ?1 RETURNING user_id";

const DELETE_UNCONFIRMED: &str =
    "DELETE FROM credentials WHERE user_id = ?1 AND confirmed_at IS NULL RETURNING user_id";

/// Returns the password hash of `user`, or `None` without credentials.
pub(crate) async fn password_hash(db: &Connection, user: UserId) -> Result<Option<String>, Error> {
    Ok(db.query_optional(SELECT_HASH, params![user]).await?.map(|(hash,)| hash))
}

/// Returns those of `users` who have a password.
pub(crate) async fn with_password(db: &Connection, users: &[UserId]) -> Result<Vec<UserId>, Error> {
    let users = serde_json::json!(users).to_string();
    let found: Vec<(UserId,)> = db.query_all(SELECT_WITH_PASSWORD, params![users]).await?;
    Ok(found.into_iter().map(|(user,)| user).collect())
}

/// Returns the number of credentials of `user`: 1 or 0.
pub(crate) async fn count(db: &Connection, user: UserId) -> Result<i64, Error> {
    let (count,) = db.query_one(COUNT, params![user]).await?;
    Ok(count)
}

/// Returns when the credentials of `user` were created, and when the password was last changed; `None` without credentials.
pub(crate) async fn times(db: &Connection, user: UserId) -> Result<Option<(Timestamp, Timestamp)>, Error> {
    db.query_optional(SELECT_TIMES, params![user]).await
}

/// Inserts the credentials of `user`, not confirmed yet.
pub(crate) async fn insert(db: &Connection, user: UserId, password_hash: &str, now: Timestamp) -> Result<(), Error> {
    db.execute(INSERT, params![user, password_hash, now]).await?;
    Ok(())
}

/// Marks the credentials of `user` as confirmed: the user has a profile.
pub(crate) async fn confirm(db: &Connection, user: UserId, now: Timestamp) -> Result<(), Error> {
    db.execute(CONFIRM, params![user, now]).await?;
    Ok(())
}

/// Returns up to `limit` users whose credentials were created by `until` and never confirmed. The first administrator is not among
/// them: the bootstrap finishes that registration.
pub(crate) async fn unconfirmed(db: &Connection, until: Timestamp, limit: u32) -> Result<Vec<UserId>, Error> {
    let users: Vec<(UserId,)> = db.query_all(SELECT_UNCONFIRMED, params![until, limit]).await?;
    Ok(users.into_iter().map(|(user,)| user).collect())
}

/// Replaces the password hash `current` of `user` by `new`. Returns false if the hash is no longer `current`.
pub(crate) async fn replace(
    db: &Connection,
    user: UserId,
    current: &str,
    new: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let replaced: Option<(UserId,)> = db.query_optional(REPLACE, params![user, current, new, now]).await?;
    Ok(replaced.is_some())
}

/// Counts a change of the rights of `user`.
pub(crate) async fn count_rights_change(db: &Connection, user: UserId) -> Result<(), Error> {
    db.execute(COUNT_RIGHTS_CHANGE, params![user]).await?;
    Ok(())
}

/// Replaces the hash `current` by `new`, a hash of the same password with today's parameters.
pub(crate) async fn rehash(db: &Connection, user: UserId, current: &str, new: &str) -> Result<(), Error> {
    db.execute(REHASH, params![user, current, new]).await?;
    Ok(())
}

/// Deletes the credentials of `user`. Returns true if there were any.
pub(crate) async fn delete(db: &Connection, user: UserId) -> Result<bool, Error> {
    let deleted: Option<(UserId,)> = db.query_optional(DELETE, params![user]).await?;
    Ok(deleted.is_some())
}

/// Deletes the credentials of `user` unless they were confirmed. Returns true if it deleted them.
pub(crate) async fn delete_unconfirmed(db: &Connection, user: UserId) -> Result<bool, Error> {
    let deleted: Option<(UserId,)> = db.query_optional(DELETE_UNCONFIRMED, params![user]).await?;
    Ok(deleted.is_some())
}
