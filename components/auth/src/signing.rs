//! The key that signs access tokens: made on first use, replaced on demand, published until what it signed has expired.

use crate::error::Error;
use crate::keys::SealedKey;
use crate::secrets::Secrets;
use crate::session::RefreshToken;
use crate::store;
use crate::store::keys::PublishedKey;
use crate::users::Identity;
use ed25519_dalek::SigningKey;
use serde_json::json;
use spindle_contracts::{SessionId, Timestamp, UserId};
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::Connection;
use spindle_platform::token::access::{self, AccessClaims, ISSUER_VARIABLE};
use spindle_platform::token::jwks::{Jwk, JwkSet};
use spindle_platform::{Context, config};

/// The variable that says for how many seconds an access token is good.
const LIFETIME_VARIABLE: &str = "access_token_seconds";

/// How long a retired key verifies beyond the lifetime of a token, in seconds: requests that hold it when it is retired still sign
/// with it, and clocks differ.
const LEEWAY_SECONDS: i64 = 60;

/// All that it takes to make access tokens.
pub(crate) struct Signer {
    key: SigningKey,
    issuer: String,
    lifetime: i64,
}

/// What a client gets that has proved who it is.
pub(crate) struct Tokens {
    /// The access token.
    pub(crate) access: String,
    /// For how many seconds it is good.
    pub(crate) expires_in: i64,
    /// What to get the next one with.
    pub(crate) refresh: RefreshToken,
    /// Whose they are.
    pub(crate) identity: Identity,
}

/// What a rotation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rotation {
    /// The key that signs from now on.
    pub(crate) kid: String,
    /// Since when.
    pub(crate) not_before: Timestamp,
    /// The key that signed until now, if there was one.
    pub(crate) retired: Option<String>,
    /// Until when that one verifies.
    pub(crate) expires_at: Timestamp,
}

impl Signer {
    /// The signer of this moment. To be asked for before anything is written that is of no use without a token.
    pub(crate) async fn load(context: &Context, db: &Connection, secrets: &Secrets) -> Result<Self, Error> {
        let key = match store::keys::current(db).await? {
            Some(key) => key,
            None => first_key(context, db, secrets).await?,
        };
        let issuer = context.config().get(ISSUER_VARIABLE)?;
        Ok(Self { key: key.open(&secrets.signing_keys)?, issuer, lifetime: lifetime(context)? })
    }

    /// The tokens of `identity` for `session`, of which `refresh` is the newest.
    pub(crate) fn issue(
        &self,
        context: &Context,
        identity: Identity,
        session: SessionId,
        refresh: RefreshToken,
    ) -> Tokens {
        let now = context.now();
        let grant =
            AccessClaims { user: identity.id, role: identity.role, session, expires_at: now.as_secs() + self.lifetime };
        let access = access::mint(&self.key, &self.issuer, &grant, context.new_id(), now);
        Tokens { access, expires_in: self.lifetime, refresh, identity }
    }
}

/// The keys that tokens are checked with. A deployment that has none yet makes its first: an empty set would be cached.
pub(crate) async fn published(context: &Context, db: &Connection, secrets: &Secrets) -> Result<JwkSet, Error> {
    let mut keys = store::keys::published(db, context.now()).await?;
    if keys.is_empty() {
        let public = first_key(context, db, secrets).await?.public;
        keys.push(PublishedKey { key: public, expires_at: None });
    }
    let jwk = |key: &PublishedKey| Jwk::new(&key.key, key.expires_at.map(Timestamp::as_secs));
    Ok(JwkSet { keys: keys.iter().map(jwk).collect() })
}

/// Lets a new key sign from now on, on behalf of `admin`. The one before it verifies until what it signed has expired.
pub(crate) async fn rotate(
    context: &Context,
    db: &Connection,
    secrets: &Secrets,
    admin: UserId,
) -> Result<Rotation, Error> {
    let now = context.now();
    let expires_at = Timestamp::from_millis(now.as_millis() + (lifetime(context)? + LEEWAY_SECONDS) * 1000);
    let key = new_key(context, secrets);
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
    Ok(Rotation { kid: key.kid, not_before: now, retired, expires_at })
}

/// Makes the first key, unless someone else has just done so, and gives the one that signs.
async fn first_key(context: &Context, db: &Connection, secrets: &Secrets) -> Result<SealedKey, Error> {
    let transaction = db.transaction().await?;
    if let Some(key) = store::keys::current(&transaction).await? {
        return Ok(key);
    }
    let key = new_key(context, secrets);
    store::keys::insert(&transaction, &key, context.now()).await?;
    let subject = Some(key.kid.clone());
    let entry = Entry { actor: None, action: "keys.created", subject, detail: json!({}) };
    audit::record(&transaction, context, &entry).await?;
    transaction.commit().await?;
    Ok(key)
}

fn new_key(context: &Context, secrets: &Secrets) -> SealedKey {
    SealedKey::make(&secrets.signing_keys, context.random(), context.random())
}

fn lifetime(context: &Context) -> Result<i64, config::Error> {
    let seconds: u32 = context.config().parse(LIFETIME_VARIABLE, "a whole number of seconds")?;
    Ok(seconds.into())
}
