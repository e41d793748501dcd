//! Access tokens: JWTs after RFC 9068, signed by auth with Ed25519 and checked by every service on its own.
//!
//! The header holds an algorithm, a type and a key's name and nothing else: what a token says of where its key is to be found
//! (`jku`, `jwk`, `x5u`) or of what must be understood (`crit`) is not weighed but refused.

use super::jwks::thumbprint;
use super::time;
use chrono::Duration;
use ed25519_dalek::{SigningKey, VerifyingKey};
use jwt_compact::alg::Ed25519;
use jwt_compact::{AlgorithmExt as _, Claims, Header, Renamed, UntrustedToken};
use serde::{Deserialize, Serialize};
use spindle_contracts::{Role, SessionId, Timestamp, UserId};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The variable that names the issuer, in auth and wherever its tokens are checked.
pub const ISSUER_VARIABLE: &str = "token_issuer";

/// Whom the tokens are for: every service of the platform.
const AUDIENCE: &str = "spindle";

/// The client that asked for the token (RFC 9068, section 2.2). There is one: the platform's own log-in.
const CLIENT: &str = "spindle";

/// The media type in the header (RFC 9068, section 2.1).
const TOKEN_TYPE: &str = "at+jwt";

/// The longest token that is looked at, in bytes. Ours have some 500.
const MAX_LENGTH: usize = 2048;

/// What a token grants to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessClaims {
    /// The user.
    pub user: UserId,
    /// What the user may do.
    pub role: Role,
    /// The session that the token belongs to.
    pub session: SessionId,
    /// When it ends, in seconds since the Unix epoch.
    pub expires_at: i64,
}

/// Why a token is refused, in words that its owner may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is not a token of this kind.
    #[error("The access token is malformed.")]
    Malformed,
    /// The signature is not the key's.
    #[error("The access token's signature is not valid.")]
    Signature,
    /// The token is another issuer's, or for someone else.
    #[error("The access token is not for this platform.")]
    Foreign,
    /// The token was good once.
    #[error("The access token has expired.")]
    Expired,
    /// The token will be good later.
    #[error("The access token is not valid yet.")]
    NotYetValid,
}

#[derive(Serialize, Deserialize)]
struct Body {
    iss: String,
    aud: String,
    sub: UserId,
    client_id: String,
    jti: Uuid,
    sid: SessionId,
    /// One role, in the list that RFC 9068 (section 2.2.3.1) asks for.
    roles: (Role,),
}

/// Members of a header beyond those that jwt-compact knows.
type Others = BTreeMap<String, serde_json::Value>;

/// A token of `issuer` under `key` for `grant`, issued at `now` under the id `jti`.
pub fn mint(key: &SigningKey, issuer: &str, grant: &AccessClaims, jti: Uuid, now: Timestamp) -> String {
    let header = Header::empty().with_token_type(TOKEN_TYPE).with_key_id(thumbprint(&key.verifying_key()));
    let mut claims = Claims::new(Body {
        iss: issuer.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: grant.user,
        client_id: CLIENT.to_owned(),
        jti,
        sid: grant.session,
        roles: (grant.role,),
    });
    claims.issued_at = Some(time::date(now));
    claims.expiration = Some(time::date(Timestamp::from_millis(grant.expires_at.saturating_mul(1000))));
    Ed25519.token(&header, &claims, key).expect("claims are plain data")
}

/// A token as someone presents it: well-formed, and not to be believed before its signature has been checked.
pub struct UnverifiedToken<'t> {
    token: UntrustedToken<'t, Others>,
    key_id: String,
}

impl<'t> UnverifiedToken<'t> {
    /// Reads a token of this kind.
    pub fn parse(text: &'t str) -> Result<Self, Error> {
        if text.len() > MAX_LENGTH {
            return Err(Error::Malformed);
        }
        let token = UntrustedToken::<Others>::try_from(text).map_err(|_| Error::Malformed)?;
        let header = token.header();
        let is_bare = header.other_fields.is_empty()
            && header.key_set_url.is_none()
            && header.certificate_url.is_none()
            && header.certificate_sha1_thumbprint.is_none()
            && header.certificate_thumbprint.is_none();
        // RFC 9864 gives EdDSA with this curve a name of its own.
        let is_ours = matches!(token.algorithm(), "EdDSA" | "Ed25519");
        match &header.key_id {
            Some(key_id) if is_bare && is_ours && header.token_type.as_deref() == Some(TOKEN_TYPE) => {
                Ok(Self { key_id: key_id.clone(), token })
            }
            _ => Err(Error::Malformed),
        }
    }

    /// The name of the key that is said to have signed it.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Checks that `key` has signed it. This is the dear part.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), Error> {
        let specific: Renamed<Ed25519> = Ed25519::with_specific_name();
        let verified = if self.token.algorithm() == "EdDSA" {
            Ed25519.validator::<Body>(key).validate(&self.token).is_ok()
        } else {
            specific.validator::<Body>(key).validate(&self.token).is_ok()
        };
        if verified { Ok(()) } else { Err(Error::Signature) }
    }

    /// What the token of `issuer` grants at `now`. Only to be asked of a token whose signature has been checked.
    pub fn grant(&self, issuer: &str, now: Timestamp) -> Result<AccessClaims, Error> {
        let claims = self.token.deserialize_claims_unchecked::<Body>().map_err(|_| Error::Malformed)?;
        let (Some(issued), Some(expires)) = (claims.issued_at, claims.expiration) else { return Err(Error::Malformed) };
        let Body { iss, aud, sub, sid, roles: (role,), .. } = &claims.custom;
        if iss != issuer || aud != AUDIENCE {
            return Err(Error::Foreign);
        }
        let options = time::options(now);
        claims.validate_expiration(&options).map_err(|_| Error::Expired)?;
        let latest = time::date(now) + Duration::seconds(time::LEEWAY_SECONDS);
        if issued > latest || claims.not_before.is_some_and(|not_before| not_before > latest) {
            return Err(Error::NotYetValid);
        }
        Ok(AccessClaims { user: *sub, role: *role, session: *sid, expires_at: expires.timestamp() })
    }
}

impl std::fmt::Debug for UnverifiedToken<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the token: whoever reads it may use it.
        f.debug_struct("UnverifiedToken").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
