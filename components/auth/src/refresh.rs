//! Refresh: exchanges a refresh token for its successor and a new access token (refresh token rotation, RFC 9700, section 4.14.2).

use crate::error::Error;
use crate::refresh_token::{RefreshToken, RefreshTokenRecord, RefreshTokenState};
use crate::secret::Secret;
use crate::service_keys::ServiceKeys;
use crate::session_rights;
use crate::signer::{IssuedTokens, Signer};
use crate::store;
use crate::store::sessions::RevocationReason;
use crate::users_client;
use serde_json::json;
use spindle_contracts::SessionId;
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::Connection;

/// Issues new tokens to the holder of a session's current refresh token, or of the one that was rotated a moment ago.
///
/// Each refresh calls users: an erased or deactivated user gets no more tokens, and a new role counts from the next refresh on.
pub(crate) async fn refresh(context: &Context, db: &Connection, presented: &Secret) -> Result<IssuedTokens, Error> {
    let token = RefreshToken::parse(presented.expose()).ok_or(Error::SessionEnded)?;
    let mut record = store::refresh_tokens::find(db, &token).await?.ok_or(Error::SessionEnded)?;
    match record.state(&token, record.read_at) {
        RefreshTokenState::Current | RefreshTokenState::JustRotated(_) => {}
        RefreshTokenState::SessionEnded => return Err(Error::SessionEnded),
        // Before the call to users: a stolen family is revoked also while users is down.
        RefreshTokenState::Reused => return Err(revoke_family(context, db, &record).await),
    }
    let identity = users_client::active_identity(context, record.user).await?.ok_or(Error::SessionEnded)?;
    let signer = Signer::with_key(context, db, &ServiceKeys::load(context)?, record.signing_key.take()).await?;
    let refresh = rotate(context, db, &token, record.session).await?;
    let identity = session_rights::publish(context, db, record.session, identity, record.rights_changes).await?;
    Ok(signer.issue(context, identity, record.session, record.logged_in_at, refresh))
}

/// Returns the successor of `token`. Of several requests with the token at the same time, one creates the successor and all get it.
async fn rotate(
    context: &Context,
    db: &Connection,
    token: &RefreshToken,
    session: SessionId,
) -> Result<RefreshToken, Error> {
    let successor = RefreshToken::new(context.random());
    let encrypted_successor = token.encrypt_successor(&successor, context.random());
    let transaction = db.transaction().await?;
    if let Some(now) = store::refresh_tokens::rotate(&transaction, token, session, &encrypted_successor).await? {
        store::refresh_tokens::insert(&transaction, &successor, session, now).await?;
        store::sessions::mark_used(&transaction, session, now).await?;
        transaction.commit().await?;
        return Ok(successor);
    }
    let record = store::refresh_tokens::find(&transaction, token).await?.ok_or(Error::SessionEnded)?;
    drop(transaction);
    match record.state(token, record.read_at) {
        RefreshTokenState::JustRotated(successor) => Ok(successor),
        // A current token would have been rotated.
        RefreshTokenState::SessionEnded | RefreshTokenState::Current => Err(Error::SessionEnded),
        RefreshTokenState::Reused => Err(revoke_family(context, db, &record).await),
    }
}

/// Revokes the session of a token that was presented again after its rotation: either the owner or a thief holds the successor, and
/// the server cannot know which. Returns the error for the client.
async fn revoke_family(context: &Context, db: &Connection, record: &RefreshTokenRecord) -> Error {
    record_reuse(context, db, record).await.err().unwrap_or(Error::SessionEnded)
}

async fn record_reuse(context: &Context, db: &Connection, record: &RefreshTokenRecord) -> Result<(), Error> {
    let RefreshTokenRecord { session, user, .. } = *record;
    // A store that fails must not keep the stolen family alive.
    session_rights::end_committed(context, &[session]).await;
    let transaction = db.transaction().await?;
    if store::sessions::revoke(&transaction, session, user, RevocationReason::TokenReused, context.now()).await? {
        let entry = Entry {
            actor: None,
            action: "refresh.reused",
            subject: Some(session.to_string()),
            detail: json!({ "user": user }),
        };
        audit::record(&transaction, context, &entry).await?;
    }
    transaction.commit().await?;
    session_rights::end_committed(context, &[session]).await;
    Ok(())
}
