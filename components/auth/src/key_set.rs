//! The key set of access tokens: one key signs; it is created on first use and rotated on demand. A retired key stays published until
//! every token that it signed has expired.

use crate::error::Error;
use crate::service_keys::ServiceKeys;
use crate::signing_key::EncryptedSigningKey;
use crate::store;
use crate::store::keys::PublishedKey;
use serde_json::json;
use spindle_contracts::{Timestamp, UserId};
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::Connection;
use spindle_platform::token::jwks::{Jwk, JwkSet};
use spindle_platform::{Context, config};

/// The variable with the lifetime of an access token in seconds.
const LIFETIME_VARIABLE: &str = "access_token_seconds";

/// The time for which a retired key verifies beyond the lifetime of a token, in seconds: requests that loaded the key before its
/// retirement still sign with it, and clocks differ.
const LEEWAY_SECONDS: i64 = 60;

/// The result of a key rotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyRotation {
    /// The id of the key that signs from now on.
    pub(crate) kid: String,
    /// The time from which it signs.
    pub(crate) not_before: Timestamp,
    /// The id of the key that signed until now, if there was one.
    pub(crate) retired: Option<String>,
    /// The time until which the retired key verifies.
    pub(crate) expires_at: Timestamp,
}

/// Returns the public keys that verify tokens. Creates the first key of a deployment that has none: verifiers would cache an empty
/// set.
pub(crate) async fn published(context: &Context, db: &Connection, keys: &ServiceKeys) -> Result<JwkSet, Error> {
    let mut published = store::keys::published(db, context.now()).await?;
    if published.is_empty() {
        let public = create_first_key(context, db, keys).await?.public;
        published.push(PublishedKey { key: public, expires_at: None });
    }
    let jwk = |key: &PublishedKey| Jwk::new(&key.key, key.expires_at.map(Timestamp::as_secs));
    Ok(JwkSet { keys: published.iter().map(jwk).collect() })
}

/// Replaces the key that signs by a new one, on behalf of `admin`. The old key verifies until every token that it signed has expired.
pub(crate) async fn rotate(
    context: &Context,
    db: &Connection,
    keys: &ServiceKeys,
    admin: UserId,
) -> Result<KeyRotation, Error> {
    let now = context.now();
    let expires_at = Timestamp::from_millis(now.as_millis() + (token_lifetime(context)? + LEEWAY_SECONDS) * 1000);
    let key = generate_key(context, keys);
    let transaction = db.transaction().await?;
    let retired = store::keys::retire(&transaction, now, expires_at).await?;
    store::keys::delete_expired(&transaction, now).await?;
    store::keys::insert(&transaction, &key, now).await?;
    let entry = Entry {
        actor: Some(admin.to_string()),
        action: "keys.rotated",
        subject: Some(key.kid.clone()),
        detail: json!({ "retired": retired }),
    };
    audit::record(&transaction, context, &entry).await?;
    transaction.commit().await?;
    Ok(KeyRotation { kid: key.kid, not_before: now, retired, expires_at })
}

/// Returns the lifetime of an access token in seconds.
pub(crate) fn token_lifetime(context: &Context) -> Result<i64, config::Error> {
    let seconds: u32 = context.config().parse(LIFETIME_VARIABLE, "a whole number of seconds")?;
    Ok(seconds.into())
}

/// Creates the first key of a deployment that has none, unless another request has just done so, and returns the key that signs.
pub(crate) async fn create_first_key(
    context: &Context,
    db: &Connection,
    keys: &ServiceKeys,
) -> Result<EncryptedSigningKey, Error> {
    let transaction = db.transaction().await?;
    if let Some(key) = store::keys::current(&transaction).await? {
        return Ok(key);
    }
    let key = generate_key(context, keys);
    store::keys::insert(&transaction, &key, context.now()).await?;
    let subject = Some(key.kid.clone());
    let entry = Entry { actor: None, action: "keys.created", subject, detail: json!({}) };
    audit::record(&transaction, context, &entry).await?;
    transaction.commit().await?;
    Ok(key)
}

fn generate_key(context: &Context, keys: &ServiceKeys) -> EncryptedSigningKey {
    EncryptedSigningKey::from_seed(&keys.signing_keys, context.random(), context.random())
}
