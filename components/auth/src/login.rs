//! Logging in: a password in, a session out.
//!
//! Whether the e-mail address has an account must not be told by anything: both cases take the same steps, the same statements and one
//! hash, and get the same answer.

use crate::attempt::{Attempt, Target};
use crate::error::Error;
use crate::password::{self, Verdict};
use crate::secret::Secret;
use crate::secrets::Secrets;
use crate::session::{Device, RefreshToken, Session};
use crate::signing::{Signer, Tokens};
use crate::store;
use crate::users;
use serde_json::json;
use spindle_contracts::{SessionId, UserId};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::Connection;
use uuid::Uuid;

/// Opens a session for whoever knows the password of the user with the address `email`.
pub(crate) async fn log_in(
    context: &Context,
    db: &Connection,
    email: &str,
    password: &Secret,
    device: Device,
) -> Result<Tokens, Error> {
    let secrets = Secrets::read(context)?;
    let identity = users::identify(context, email).await?;
    let target = identity.as_ref().map_or(Target::Nobody(email), |identity| Target::User(identity.id));
    let attempt = Attempt::begin(context, db, &secrets, target).await?;
    // The nil id has no credentials: it is looked up all the same.
    let user = identity.as_ref().map_or(UserId(Uuid::nil()), |identity| identity.id);
    let kept = store::credentials::password_hash(db, user).await?;
    let verdict = password::check(password, kept.as_deref())?;
    let (Some(identity), Some(kept), Verdict::Right | Verdict::RightAndOutdated) = (&identity, &kept, verdict) else {
        return Err(attempt.fail(context, db, identity.map(|identity| identity.id)).await);
    };

    let signer = Signer::load(context, db, &secrets).await?;
    let session = Session::begin(SessionId(context.new_id()), user, device, context.now());
    let refresh = RefreshToken::new(context.random());
    let upgraded = match verdict {
        Verdict::RightAndOutdated => Some(password::hash(password, context.random())?),
        Verdict::Right | Verdict::Wrong => None,
    };

    let transaction = db.transaction().await?;
    attempt.succeed(context, &transaction).await?;
    if !store::sessions::open(&transaction, &session, kept).await? {
        return Err(Error::InvalidCredentials);
    }
    store::tokens::insert(&transaction, &refresh, session.id, session.created_at).await?;
    if let Some(upgraded) = upgraded {
        store::credentials::upgrade(&transaction, user, kept, &upgraded).await?;
    }
    let entry = Entry {
        actor: Some(user.to_string()),
        action: "session.opened",
        subject: Some(session.id.to_string()),
        detail: json!({}),
    };
    audit::record(&transaction, context, &entry).await?;
    transaction.commit().await?;
    Ok(signer.issue(context, identity.clone(), session.id, refresh))
}
