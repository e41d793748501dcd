//! The operations of a user on their own account, and its erasure.

use crate::attempt::{Attempt, Target, delete_failures};
use crate::error::Error;
use crate::password::{self, NewPassword, Verification};
use crate::refresh_token::RefreshToken;
use crate::secret::Secret;
use crate::service_keys::ServiceKeys;
use crate::session_rights;
use crate::store;
use crate::store::sessions::RevocationReason;
use serde_json::json;
use spindle_contracts::event::PasswordChanged;
use spindle_contracts::{ErasureProgress, Problem, SessionId, UserId};
use spindle_edge::{Principal, ServiceCaller};
use spindle_events::{Event, outbox};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::{Connection, Transaction};

/// Refuses an access token whose session has ended. Elsewhere such a token reads until it expires; here it would show a thief the sessions
/// that the owner has opened since. Where the account is changed, the row is as exact as the transaction that follows.
pub(crate) async fn require_live_session(context: &Context, db: &Connection, caller: Principal) -> Result<(), Error> {
    let live = store::sessions::is_live(db, caller.session(), caller.user(), context.now()).await?;
    if live { Ok(()) } else { Err(Error::SessionEnded) }
}

/// Replaces the caller's password `current` by `new`, and revokes the caller's other sessions.
pub(crate) async fn change_password(
    context: &Context,
    db: &Connection,
    caller: Principal,
    current: &Secret,
    new: &NewPassword,
) -> Result<(), Error> {
    require_live_session(context, db, caller).await?;
    let user = caller.user();
    // Guesses count towards the same lock as at the log-in.
    let attempt = Attempt::begin(context, db, &ServiceKeys::load(context)?, Target::User(user)).await?;
    let stored_hash = store::credentials::password_hash(db, user).await?.ok_or(Error::SessionEnded)?;
    if password::verify(current, Some(&stored_hash))? == Verification::Mismatch {
        return Err(attempt.fail(context, db, Some(user)).await);
    }
    let hash = password::hash(new.as_secret(), context.random())?;

    let now = context.now();
    let others = session_rights::with_tokens(context, db, user, Some(caller.session())).await?;
    session_rights::end(context, &others).await?;
    let transaction = db.transaction().await?;
    attempt.succeed(context, &transaction).await?;
    if !store::credentials::replace(&transaction, user, &stored_hash, &hash, now).await? {
        return Err(Error::InvalidCredentials);
    }
    let reason = RevocationReason::PasswordChanged;
    let revoked = store::sessions::revoke_others(&transaction, user, Some(caller.session()), reason, now).await?;
    let detail = json!({ "sessions_revoked": revoked.len() });
    record(context, &transaction, user, "password.changed", user.to_string(), detail).await?;
    // The owner is notified, since it may have been a thief. Notifications pulls the event: auth pushes none, and so needs no right to call others.
    let changed = Event::new(user, &PasswordChanged { user_id: user });
    let _pulled = outbox::append(&transaction, context, &[changed]).await?;
    transaction.commit().await?;
    session_rights::end_committed(context, &revoked).await;
    Ok(())
}

/// Revokes the caller's session `session`.
pub(crate) async fn revoke_session(
    context: &Context,
    db: &Connection,
    caller: Principal,
    session: SessionId,
) -> Result<(), Error> {
    require_live_session(context, db, caller).await?;
    if !store::sessions::is_live(db, session, caller.user(), context.now()).await? {
        return Err(Error::SessionNotFound);
    }
    session_rights::end(context, &[session]).await?;
    let transaction = db.transaction().await?;
    if !revoke(context, &transaction, session, caller.user(), RevocationReason::Revoked).await? {
        return Err(Error::SessionNotFound);
    }
    transaction.commit().await?;
    session_rights::end_committed(context, &[session]).await;
    Ok(())
}

/// Revokes all of the caller's sessions, the current one included. A thief must not lock the owner out with a borrowed token, so the log-in
/// has to be recent.
pub(crate) async fn revoke_all_sessions(context: &Context, db: &Connection, caller: Principal) -> Result<(), Problem> {
    require_live_session(context, db, caller).await?;
    caller.require_recent_login(context.now())?;
    let user = caller.user();
    Ok(revoke_all(context, db, user).await?)
}

async fn revoke_all(context: &Context, db: &Connection, user: UserId) -> Result<(), Error> {
    session_rights::end(context, &session_rights::with_tokens(context, db, user, None).await?).await?;
    let transaction = db.transaction().await?;
    let revoked =
        store::sessions::revoke_others(&transaction, user, None, RevocationReason::Revoked, context.now()).await?;
    let detail = json!({ "sessions_revoked": revoked.len() });
    record(context, &transaction, user, "sessions.revoked", user.to_string(), detail).await?;
    transaction.commit().await?;
    session_rights::end_committed(context, &revoked).await;
    Ok(())
}

/// Revokes the session of the refresh token `presented`, if there is one. Any token of the family identifies it, also a rotated one.
pub(crate) async fn log_out(context: &Context, db: &Connection, presented: &Secret) -> Result<(), Error> {
    let Some(token) = RefreshToken::parse(presented.expose()) else { return Ok(()) };
    let Some(record) = store::refresh_tokens::find(db, &token).await? else { return Ok(()) };
    session_rights::end(context, &[record.session]).await?;
    let transaction = db.transaction().await?;
    revoke(context, &transaction, record.session, record.user, RevocationReason::LoggedOut).await?;
    transaction.commit().await?;
    session_rights::end_committed(context, &[record.session]).await;
    Ok(())
}

/// Deletes the credentials, sessions, tokens, failed log-ins and invitation of `user`, because the service `caller` has erased the user. Idempotent: a repeated
/// request finds nothing to delete.
pub(crate) async fn erase(
    context: &Context,
    db: &Connection,
    caller: &ServiceCaller,
    user: UserId,
) -> Result<(), Error> {
    let keys = ServiceKeys::load(context)?;
    session_rights::end(context, &session_rights::with_tokens(context, db, user, None).await?).await?;
    let transaction = db.transaction().await?;
    store::refresh_tokens::delete_of_user(&transaction, user).await?;
    delete_failures(&transaction, &keys, user).await?;
    let sessions = store::sessions::delete_of_user(&transaction, user).await?;
    store::invitations::delete(&transaction, user).await?;
    if store::credentials::delete(&transaction, user).await? || !sessions.is_empty() {
        let detail = json!({ "sessions": sessions.len() });
        let subject = Some(user.to_string());
        let entry = Entry { actor: Some(caller.actor()), action: "account.erased", subject, detail };
        audit::record(&transaction, context, &entry).await?;
    }
    transaction.commit().await?;
    session_rights::end_committed(context, &sessions).await;
    Ok(())
}

/// Ends the rights that the access tokens of `user` have, because the service `caller` has changed the user's role, or has deactivated the
/// user: then the sessions end as well. Idempotent.
pub(crate) async fn change_rights(
    context: &Context,
    db: &Connection,
    caller: &ServiceCaller,
    user: UserId,
    active: bool,
) -> Result<(), Error> {
    if !active {
        session_rights::end(context, &session_rights::with_tokens(context, db, user, None).await?).await?;
    }
    let transaction = db.transaction().await?;
    store::credentials::count_rights_change(&transaction, user).await?;
    if active {
        let sessions = session_rights::with_tokens(context, &transaction, user, None).await?;
        transaction.commit().await?;
        return session_rights::remove(context, &sessions).await;
    }
    let reason = RevocationReason::Revoked;
    let revoked = store::sessions::revoke_others(&transaction, user, None, reason, context.now()).await?;
    if !revoked.is_empty() {
        let detail = json!({ "sessions_revoked": revoked.len() });
        let subject = Some(user.to_string());
        let entry = Entry { actor: Some(caller.actor()), action: "account.deactivated", subject, detail };
        audit::record(&transaction, context, &entry).await?;
    }
    transaction.commit().await?;
    session_rights::end(context, &revoked).await
}

/// Returns what is still stored of `user`.
pub(crate) async fn erasure_progress(db: &Connection, user: UserId) -> Result<ErasureProgress, Error> {
    let (credentials, sessions) = (store::credentials::count(db, user).await?, store::sessions::count(db, user).await?);
    Ok(ErasureProgress::of_counts([("credentials", credentials), ("sessions", sessions)]))
}

/// Revokes `session` of `user` in `transaction`. Returns false if it had ended before.
async fn revoke(
    context: &Context,
    transaction: &Transaction<'_>,
    session: SessionId,
    user: UserId,
    reason: RevocationReason,
) -> Result<bool, Error> {
    let revoked = store::sessions::revoke(transaction, session, user, reason, context.now()).await?;
    if revoked {
        let detail = json!({ "reason": reason.name() });
        record(context, transaction, user, "session.revoked", session.to_string(), detail).await?;
    }
    Ok(revoked)
}

/// Records in the audit log that `user` applied `action` to `subject`.
async fn record(
    context: &Context,
    transaction: &Transaction<'_>,
    user: UserId,
    action: &'static str,
    subject: String,
    detail: serde_json::Value,
) -> Result<(), Error> {
    let entry = Entry { actor: Some(user.to_string()), action, subject: Some(subject), detail };
    Ok(audit::record(transaction, context, &entry).await?)
}
