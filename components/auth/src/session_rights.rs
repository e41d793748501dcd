//! The entries with the rights of sessions, which the edge of every service reads where a user changes something.
//!
//! An entry must never give more than the session has:
//!
//! - *Rights that are given* are written first, and then compared with the database: if the session has ended, or the rights of its user have
//!   changed since users was asked, the entry is written once more. The column `rights_changes` counts the changes.
//! - *Rights that end* are written before the commit, so that a crash leaves too few of them until the next refresh, and not too many; and once
//!   more after it, because a refresh at the same time may have written in between what it read before the commit.

use crate::error::Error;
use crate::key_set;
use crate::store;
use crate::users_client::{self, Identity};
use spindle_contracts::{SessionId, Timestamp, UserId};
use spindle_edge::{SessionRights, SessionRightsStore};
use spindle_platform::Context;
use spindle_platform::log::Level;
use spindle_platform::sql::Connection;

/// The time for which a session may have a valid access token beyond the lifetime of one, in seconds: a token may be issued a moment after the
/// session is marked as used, and clocks differ.
const LEEWAY_SECONDS: i64 = 60;

/// Gives `session` the rights of `identity`, which users returned when `seen` changes of the user's rights were counted. Returns the identity as
/// it is by now.
///
/// A store that fails does not fail the call: without an entry, auth is asked.
///
/// # Errors
///
/// [`Error::SessionEnded`] if the session has ended, or its user is no longer active.
pub(crate) async fn publish(
    context: &Context,
    db: &Connection,
    session: SessionId,
    identity: Identity,
    seen: i64,
) -> Result<Identity, Error> {
    let published = publish_verified(context, db, session, identity, seen).await;
    if published.is_err() {
        end_committed(context, &[session]).await;
    }
    published
}

async fn publish_verified(
    context: &Context,
    db: &Connection,
    session: SessionId,
    mut identity: Identity,
    mut seen: i64,
) -> Result<Identity, Error> {
    loop {
        let rights = SessionRights::Live { user: identity.id, role: identity.role };
        warn_if_failed(context, write(context, &[session], rights).await);
        let live = store::sessions::find_live(db, session, context.now()).await?.ok_or(Error::SessionEnded)?;
        if live.rights_changes == seen {
            return Ok(identity);
        }
        seen = live.rights_changes;
        identity = users_client::active_identity(context, live.user).await?.ok_or(Error::SessionEnded)?;
    }
}

/// Returns the rights that `session` has now, and writes them.
pub(crate) async fn current(context: &Context, db: &Connection, session: SessionId) -> Result<SessionRights, Error> {
    let Some(live) = store::sessions::find_live(db, session, context.now()).await? else {
        return Ok(SessionRights::Ended);
    };
    let Some(identity) = users_client::active_identity(context, live.user).await? else {
        return Ok(SessionRights::Ended);
    };
    match publish(context, db, session, identity, live.rights_changes).await {
        Ok(identity) => Ok(SessionRights::Live { user: identity.id, role: identity.role }),
        Err(Error::SessionEnded) => Ok(SessionRights::Ended),
        Err(error) => Err(error),
    }
}

/// Returns the sessions of `user` that may have a valid access token, except `except`.
pub(crate) async fn with_tokens(
    context: &Context,
    db: &Connection,
    user: UserId,
    except: Option<SessionId>,
) -> Result<Vec<SessionId>, Error> {
    let seconds = key_set::token_lifetime(context)? + LEEWAY_SECONDS;
    let since = Timestamp::from_millis(context.now().as_millis() - seconds * 1000);
    Ok(store::sessions::used_since(db, user, except, since).await?)
}

/// Ends the rights of `sessions`, whose end is about to be committed.
///
/// # Errors
///
/// [`Error::SessionRights`] if the store fails: then nothing must be committed, because their access tokens would go on.
pub(crate) async fn end(context: &Context, sessions: &[SessionId]) -> Result<(), Error> {
    write(context, sessions, SessionRights::Ended).await
}

/// Ends the rights of `sessions`, whose end is committed.
pub(crate) async fn end_committed(context: &Context, sessions: &[SessionId]) {
    warn_if_failed(context, end(context, sessions).await);
}

/// Removes the entries of `sessions`, whose user has other rights by now, so that the next request of each asks auth.
pub(crate) async fn remove(context: &Context, sessions: &[SessionId]) -> Result<(), Error> {
    if sessions.is_empty() {
        return Ok(());
    }
    let entries = SessionRightsStore::open(context).await?;
    for session in sessions {
        entries.remove(*session).await?;
    }
    Ok(())
}

async fn write(context: &Context, sessions: &[SessionId], rights: SessionRights) -> Result<(), Error> {
    if sessions.is_empty() {
        return Ok(());
    }
    let lifetime = key_set::token_lifetime(context)? * 1000;
    let expires_at = Timestamp::from_millis(context.now().as_millis() + lifetime);
    let entries = SessionRightsStore::open(context).await?;
    for session in sessions {
        entries.set(*session, rights, expires_at).await?;
    }
    Ok(())
}

fn warn_if_failed(context: &Context, result: Result<(), Error>) {
    if let Err(error) = result {
        context.log(Level::Warn, "the rights of a session are not written", &[("cause", error.to_string().into())]);
    }
}
