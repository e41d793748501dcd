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
use crate::store::login::LoginState;
use crate::store::sessions::Verified;
use crate::users_client::{self, Identity};
use serde_json::json;
use spindle_contracts::{SessionId, UserId, email};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::{self, Connection};
use uuid::Uuid;

/// How often a session is tried to be opened whose account changes meanwhile. A change of the rights may arrive several times.
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
    let attempt = Attempt::on(&keys, target);
    // The nil id has no credentials: the query runs all the same.
    let user = identity.as_ref().map_or(UserId(Uuid::nil()), |identity| identity.id);
    let mut state = store::login::get(db, attempt.account(), user).await?;
    attempt.check(context, &state.failures)?;
    let stored_hash = state.password_hash.take();
    let verification = password::verify(password, stored_hash.as_deref())?;
    let (Some(Identity { active: true, .. }), Some(stored_hash), Verification::Match | Verification::MatchNeedsRehash) =
        (&identity, &stored_hash, verification)
    else {
        return Err(attempt.fail(context, db, identity.map(|identity| identity.id)).await);
    };

    let signer = Signer::with_key(context, db, &keys, state.signing_key.take()).await?;
    let session = Session::new(SessionId(context.new_id()), user, device, context.now());
    let refresh = RefreshToken::new(context.random());
    let rehashed = match verification {
        Verification::MatchNeedsRehash => Some(password::hash(password, context.random())?),
        Verification::Match | Verification::Mismatch => None,
    };

    let mut tries = 1;
    let (transaction, identity) = loop {
        // The rights may have changed since users identified the user, but not since the state was read, or no session is inserted.
        let identity = users_client::active_identity(context, user).await?.ok_or(Error::InvalidCredentials)?;
        let transaction = db.transaction().await?;
        let (account, password_hash) = (attempt.account(), stored_hash.as_str());
        let LoginState { failures, rights_changes, .. } = &state;
        let verified = Verified { account, failures, password_hash, rights_changes: *rights_changes };
        if store::sessions::insert(&transaction, &session, &verified).await? {
            break (transaction, identity);
        }
        drop(transaction);
        // The rights have changed, or other attempts have failed or succeeded; or the password changed, which no repetition gets past.
        state = store::login::get(db, attempt.account(), user).await?;
        attempt.check(context, &state.failures)?;
        if state.password_hash.as_deref() != Some(stored_hash.as_str()) {
            return Err(Error::InvalidCredentials);
        }
        if tries == TRIES {
            return Err(sql::Error::Busy.into());
        }
        tries += 1;
    };
    if !state.failures.is_empty() {
        store::failures::delete(&transaction, attempt.account()).await?;
    }
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
    let identity = session_rights::publish(context, db, session.id, identity, state.rights_changes).await?;
    Ok(signer.issue(context, identity, session.id, session.created_at, refresh))
}
