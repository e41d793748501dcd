//! What an account's owner does with it, and its end.

use crate::attempt::{Attempt, Target};
use crate::error::Error;
use crate::password::{self, Verdict};
use crate::secret::Secret;
use crate::secrets::Secrets;
use crate::session::RefreshToken;
use crate::store;
use crate::store::sessions::Reason;
use serde_json::json;
use spindle_contracts::{SessionId, UserId};
use spindle_edge::{Principal, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::{Connection, Transaction};

/// Refuses an access token whose session is over. Other services cannot know before it expires; here it would be a way to keep hold of
/// an account after its owner has ended the session.
pub(crate) async fn require_live_session(context: &Context, db: &Connection, caller: Principal) -> Result<(), Error> {
    let live = store::sessions::is_live(db, caller.session(), caller.user(), context.now()).await?;
    if live { Ok(()) } else { Err(Error::SessionOver) }
}

/// Gives the caller the password `new` in the place of `current`, and ends the caller's other sessions.
pub(crate) async fn change_password(
    context: &Context,
    db: &Connection,
    caller: Principal,
    current: &Secret,
    new: &Secret,
) -> Result<(), Error> {
    password::require_good(new, "/new")?;
    require_live_session(context, db, caller).await?;
    let user = caller.user();
    // Guesses count towards the same lock as at the log-in.
    let attempt = Attempt::begin(context, db, &Secrets::read(context)?, Target::User(user)).await?;
    let kept = store::credentials::password_hash(db, user).await?.ok_or(Error::SessionOver)?;
    if password::check(current, Some(&kept))? == Verdict::Wrong {
        return Err(attempt.fail(context, db, Some(user)).await);
    }
    let hash = password::hash(new, context.random())?;

    let now = context.now();
    let transaction = db.transaction().await?;
    attempt.succeed(context, &transaction).await?;
    if !store::credentials::replace(&transaction, user, &kept, &hash, now).await? {
        return Err(Error::InvalidCredentials);
    }
    let reason = Reason::PasswordChanged;
    let revoked = store::sessions::revoke_others(&transaction, user, caller.session(), reason, now).await?;
    record(context, &transaction, user, "password.changed", user.to_string(), json!({ "sessions_revoked": revoked }))
        .await?;
    Ok(transaction.commit().await?)
}

/// Ends the session `session` of the caller.
pub(crate) async fn revoke_session(
    context: &Context,
    db: &Connection,
    caller: Principal,
    session: SessionId,
) -> Result<(), Error> {
    require_live_session(context, db, caller).await?;
    let transaction = db.transaction().await?;
    if !revoke(context, &transaction, session, caller.user(), Reason::Revoked).await? {
        return Err(Error::NoSuchSession);
    }
    Ok(transaction.commit().await?)
}

/// Ends the session that `presented` belongs to, if there is one. Any token of the family will do.
pub(crate) async fn log_out(context: &Context, db: &Connection, presented: &Secret) -> Result<(), Error> {
    let Some(token) = RefreshToken::parse(presented.expose()) else { return Ok(()) };
    let Some(known) = store::tokens::find(db, &token).await? else { return Ok(()) };
    let transaction = db.transaction().await?;
    revoke(context, &transaction, known.session, known.user, Reason::LoggedOut).await?;
    Ok(transaction.commit().await?)
}

/// Removes all that is known of `user`, because `peer` has erased it. Nothing may be left to remove: then it was asked before.
pub(crate) async fn erase(context: &Context, db: &Connection, peer: &ServiceCaller, user: UserId) -> Result<(), Error> {
    let transaction = db.transaction().await?;
    store::tokens::delete_of_user(&transaction, user).await?;
    let sessions = store::sessions::delete_of_user(&transaction, user).await?;
    if store::credentials::delete(&transaction, user).await? || sessions > 0 {
        let detail = json!({ "sessions": sessions });
        let subject = Some(user.to_string());
        let entry = Entry { actor: Some(peer.actor()), action: "account.erased", subject, detail };
        audit::record(&transaction, context, &entry).await?;
    }
    Ok(transaction.commit().await?)
}

/// Ends `session` of `user` as part of `transaction`, and says whether it was not over before.
async fn revoke(
    context: &Context,
    transaction: &Transaction<'_>,
    session: SessionId,
    user: UserId,
    reason: Reason,
) -> Result<bool, Error> {
    let revoked = store::sessions::revoke(transaction, session, user, reason, context.now()).await?;
    if revoked {
        let detail = json!({ "reason": reason.name() });
        record(context, transaction, user, "session.revoked", session.to_string(), detail).await?;
    }
    Ok(revoked)
}

/// Records what `user` did to `subject`.
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
