//! The signer of access tokens (RFC 9068).

use crate::error::Error;
use crate::key_set;
use crate::refresh_token::RefreshToken;
use crate::service_keys::ServiceKeys;
use crate::signing_key::EncryptedSigningKey;
use crate::users_client::Identity;
use ed25519_dalek::SigningKey;
use spindle_contracts::{SessionId, Timestamp};
use spindle_platform::Context;
use spindle_platform::sql::Connection;
use spindle_platform::token::access::{self, AccessClaims, ISSUER_VARIABLE};

/// The key, the issuer and the lifetime of the access tokens.
pub(crate) struct Signer {
    key: SigningKey,
    issuer: String,
    lifetime: i64,
}

/// The tokens that a client receives at a log-in or a refresh.
pub(crate) struct IssuedTokens {
    /// The access token.
    pub(crate) access: String,
    /// The lifetime of the access token, in seconds.
    pub(crate) expires_in: i64,
    /// The refresh token, for the next refresh.
    pub(crate) refresh: RefreshToken,
    /// The user of the tokens.
    pub(crate) identity: Identity,
}

impl Signer {
    /// Returns the signer with the signing key `current`, which was read before; without one, a first key is created. Call it before any write that would
    /// be useless without a token.
    pub(crate) async fn with_key(
        context: &Context,
        db: &Connection,
        keys: &ServiceKeys,
        current: Option<EncryptedSigningKey>,
    ) -> Result<Self, Error> {
        let key = match current {
            Some(key) => key,
            None => key_set::create_first_key(context, db, keys).await?,
        };
        let issuer = context.config().get(ISSUER_VARIABLE)?;
        Ok(Self { key: key.decrypt(&keys.signing_keys)?, issuer, lifetime: key_set::token_lifetime(context)? })
    }

    /// Issues the tokens of `identity` for `session`, which was opened by a log-in at `logged_in_at` and whose current refresh token is `refresh`.
    pub(crate) fn issue(
        &self,
        context: &Context,
        identity: Identity,
        session: SessionId,
        logged_in_at: Timestamp,
        refresh: RefreshToken,
    ) -> IssuedTokens {
        let now = context.now();
        let claims = AccessClaims {
            user: identity.id,
            role: identity.role,
            session,
            logged_in_at: Some(logged_in_at.as_secs()),
            expires_at: now.as_secs() + self.lifetime,
        };
        let access = access::mint(&self.key, &self.issuer, &claims, context.new_id(), now);
        IssuedTokens { access, expires_in: self.lifetime, refresh, identity }
    }
}
