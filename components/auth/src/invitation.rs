//! Invitations: a user whom an admin has created sets the first password with a token, which the admin passes on.
//!
//! An invitation exists only as long as its user has no password: it is made where there are no credentials, and accepting it makes them, each in
//! one transaction. users has auth make it before it commits a new profile. So a crash in between leaves an invitation whose user does not exist:
//! it cannot be accepted, and expires.

use crate::error::Error;
use crate::one_time_token::OneTimeToken;
use crate::password::{self, NewPassword};
use crate::secret::Secret;
use crate::store;
use crate::users_client::{self, Identity};
use serde::Serialize;
use serde_json::json;
use spindle_contracts::{Timestamp, UserId};
use spindle_edge::ServiceCaller;
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::Connection;
use std::time::Duration;

/// The time for which an invitation can be accepted: a week, in which people read their mail. An admin can make another one at any time.
const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// An invitation as the admin receives it, once.
#[derive(Serialize)]
pub(crate) struct Invitation {
    token: String,
    expires_at: Timestamp,
}

/// Invites `user`, at the request of the service `caller`. An earlier invitation of the user ends.
pub(crate) async fn create(
    context: &Context,
    db: &Connection,
    caller: &ServiceCaller,
    user: UserId,
) -> Result<Invitation, Error> {
    let token = OneTimeToken::new(context.random());
    let expires_at = context.now().plus(LIFETIME);
    let transaction = db.transaction().await?;
    if store::credentials::password_hash(&transaction, user).await?.is_some() {
        return Err(Error::HasPassword);
    }
    store::invitations::replace(&transaction, user, &token, context.now(), expires_at).await?;
    let detail = json!({ "expires_at": expires_at });
    let subject = Some(user.to_string());
    let entry = Entry { actor: Some(caller.actor()), action: "invitation.created", subject, detail };
    audit::record(&transaction, context, &entry).await?;
    transaction.commit().await?;
    Ok(Invitation { token: token.text(), expires_at })
}

/// Sets the password of the user who is invited with `presented`, and ends the invitation. Returns the user.
pub(crate) async fn accept(
    context: &Context,
    db: &Connection,
    presented: &Secret,
    password: &NewPassword,
) -> Result<Identity, Error> {
    let token = OneTimeToken::parse(presented.expose()).ok_or(Error::InvitationNotFound)?;
    let user = store::invitations::user(db, &token, context.now()).await?.ok_or(Error::InvitationNotFound)?;
    let identity = users_client::identity(context, user).await?.ok_or(Error::InvitationNotFound)?;
    let hash = password::hash(password.as_secret(), context.random())?;

    let now = context.now();
    let transaction = db.transaction().await?;
    if !store::invitations::take(&transaction, user, &token, now).await? {
        return Err(Error::InvitationNotFound);
    }
    store::credentials::insert(&transaction, user, &hash, now).await?;
    // The profile exists already.
    store::credentials::confirm(&transaction, user, now).await?;
    let subject = Some(user.to_string());
    let entry = Entry { actor: subject.clone(), action: "invitation.accepted", subject, detail: json!({}) };
    audit::record(&transaction, context, &entry).await?;
    transaction.commit().await?;
    Ok(identity)
}
