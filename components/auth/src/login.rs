//! Log-in: verifies a password and opens a session.
//!
//! Nothing may reveal whether the e-mail address has an account: both cases take the same steps, the same statements and as many hashes, and
//! get the same response. So does a deactivated user, with a wrong password or the right one.

use crate::attempt::{Attempt, Target};
use crate::error::Error;
use crate::password::{self, Verification};
use crate::refresh_token::RefreshToken;
use crate::secret::Secret;
use crate::service_keys::ServiceKeys;
use crate::session::{Device, Session};
use crate::session_rights;
use crate::signer::{IssuedTokens, Signer};
use crate::store;
use crate::users_client::{self, Identity};
use serde_json::json;
use spindle_contracts::{SessionId, UserId, email};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::Connection;
use uuid::Uuid;

/// How often a session is tried to be opened whose user's rights change meanwhile. A change may arrive several times.
const TRIES: u32 = 4;

/// Opens a session for the user with the address `email` if `password` is the user's password.
pub(crate) async fn log_in(
    context: &Context,
    db: &Connection,
    email: &str,
    password: &Secret,
    device: Device,
) -> Result<IssuedTokens, Error> {
    let keys = ServiceKeys::load(context)?;
    let identity = users_client::identify(context, email).await?;
    let key = email::key(email);
    let target = identity.as_ref().map_or(Target::UnknownEmail(&key), |identity| Target::User(identity.id));
    let attempt = Attempt::begin(context, db, &keys, target).await?;
    // The nil id has no credentials: the query runs all the same.
    let user = identity.as_ref().map_or(UserId(Uuid::nil()), |identity| identity.id);
    let stored_hash = store::credentials::password_hash(db, user).await?;
    let verification = password::verify(password, stored_hash.as_deref())?;
    let (Some(Identity { active: true, .. }), Some(stored_hash), Verification::Match | Verification::MatchNeedsRehash) =
        (&identity, &stored_hash, verification)
    else {
        return Err(attempt.fail(context, db, identity.map(|identity| identity.id)).await);
    };

    let signer = Signer::load(context, db, &keys).await?;
    let session = Session::new(SessionId(context.new_id()), user, device, context.now());
    let refresh = RefreshToken::new(context.random());
    let rehashed = match verification {
        Verification::MatchNeedsRehash => Some(password::hash(password, context.random())?),
        Verification::Match | Verification::Mismatch => None,
    };

    let mut tries = 1;
    let (transaction, identity, rights_changes) = loop {
        // The rights may have changed while the password was compared.
        let rights_changes = store::credentials::rights_changes(db, user).await?;
        let identity = users_client::active_identity(context, user).await?.ok_or(Error::InvalidCredentials)?;
        let transaction = db.transaction().await?;
        attempt.succeed(context, &transaction).await?;
        if store::sessions::insert(&transaction, &session, stored_hash, rights_changes).await? {
            break (transaction, identity, rights_changes);
        }
        // They changed again, or the password did, which no repetition gets past.
        if tries == TRIES {
            return Err(Error::InvalidCredentials);
        }
        tries += 1;
    };
    store::refresh_tokens::insert(&transaction, &refresh, session.id, session.created_at).await?;
    if let Some(rehashed) = rehashed {
        store::credentials::rehash(&transaction, user, stored_hash, &rehashed).await?;
    }
    let entry = Entry {
        actor: Some(user.to_string()),
        action: "session.opened",
        subject: Some(session.id.to_string()),
        detail: json!({}),
    };
    audit::record(&transaction, context, &entry).await?;
    transaction.commit().await?;
    let identity = session_rights::publish(context, db, session.id, identity, rights_changes).await?;
    Ok(signer.issue(context, identity, session.id, session.created_at, refresh))
}
