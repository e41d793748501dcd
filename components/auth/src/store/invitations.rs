//! Statements on invitations.

use crate::one_time_token::OneTimeToken;
use spindle_contracts::{Timestamp, UserId};
use spindle_platform::params;
use spindle_platform::sql::{Connection, Error};

const REPLACE: &str = "
    INSERT INTO invitations (user_id, token_hash, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (user_id) DO UPDATE SET token_hash = ?2, created_at = ?3, expires_at = ?4";

const SELECT_USER: &str = "SELECT user_id FROM invitations WHERE token_hash = ?1 AND expires_at > ?2";

const TAKE: &str = "
    DELETE FROM invitations WHERE user_id = ?1 AND token_hash = ?2 AND expires_at > ?3 RETURNING user_id";

const DELETE: &str = "DELETE FROM invitations WHERE user_id = ?1";

const DELETE_EXPIRED: &str = "
    DELETE FROM invitations
    WHERE user_id IN (SELECT user_id FROM invitations WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)";

/// Inserts the invitation of `user`, in the place of an earlier one.
pub(crate) async fn replace(
    db: &Connection,
    user: UserId,
    token: &OneTimeToken,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Error> {
    db.execute(REPLACE, params![user, token.hash(), now, expires_at]).await?;
    Ok(())
}

/// Returns the user who is invited with `token`, unless the invitation has expired at `now`.
pub(crate) async fn user(db: &Connection, token: &OneTimeToken, now: Timestamp) -> Result<Option<UserId>, Error> {
    Ok(db.query_optional(SELECT_USER, params![token.hash(), now]).await?.map(|(user,)| user))
}

/// Deletes the invitation of `user` if it is still the one with `token` and has not expired at `now`. Returns true if it did.
pub(crate) async fn take(db: &Connection, user: UserId, token: &OneTimeToken, now: Timestamp) -> Result<bool, Error> {
    let taken: Option<(UserId,)> = db.query_optional(TAKE, params![user, token.hash(), now]).await?;
    Ok(taken.is_some())
}

/// Deletes the invitation of `user`, if there is one.
pub(crate) async fn delete(db: &Connection, user: UserId) -> Result<(), Error> {
    db.execute(DELETE, params![user]).await?;
    Ok(())
}

/// Deletes up to `limit` invitations that have expired at `now`.
pub(crate) async fn delete_expired(db: &Connection, now: Timestamp, limit: u32) -> Result<(), Error> {
    db.execute(DELETE_EXPIRED, params![now, limit]).await?;
    Ok(())
}
