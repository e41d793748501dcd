//! Access tokens: JWTs after RFC 9068, signed by auth with Ed25519 and verified by every service.
//!
//! The header has an algorithm, a type and a key id, and nothing else: a token that names the location of its key (`jku`, `jwk`, `x5u`) or
//! critical extensions (`crit`) is refused.

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

/// The variable with the issuer, in auth and in every service that verifies its tokens.
pub const ISSUER_VARIABLE: &str = "token_issuer";

/// The audience of the tokens: every service of the platform.
const AUDIENCE: &str = "spindle";

/// The client that requested the token (RFC 9068, section 2.2). There is one: the platform's log-in.
const CLIENT: &str = "spindle";

/// The media type in the header (RFC 9068, section 2.1).
const TOKEN_TYPE: &str = "at+jwt";

/// The longest token that is parsed, in bytes. Valid tokens have some 500.
const MAX_LENGTH: usize = 2048;

/// The claims of an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessClaims {
    /// The user.
    pub user: UserId,
    /// The user's role.
    pub role: Role,
    /// The session that the token belongs to.
    pub session: SessionId,
    /// The time of the log-in that opened the session, in seconds since the Unix epoch. Tokens from before the claim existed have none.
    pub logged_in_at: Option<i64>,
    /// The end of its validity, in seconds since the Unix epoch.
    pub expires_at: i64,
}

/// The reason why a token is refused. The messages are sent to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is not an access token.
    #[error("The access token is malformed.")]
    Malformed,
    /// The signature is not valid for the key.
    #[error("The access token's signature is not valid.")]
    Signature,
    /// The token has another issuer or another audience.
    #[error("The access token is not for this platform.")]
    Foreign,
    /// The token's validity has ended.
    #[error("The access token has expired.")]
    Expired,
    /// The token's validity has not started.
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
    /// The time of the log-in (RFC 9068, section 2.2.1; RFC 9470, section 6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    /// One role, in a list as RFC 9068 (section 2.2.3.1) requires.
    roles: (Role,),
}

/// The members of a header that jwt-compact does not know.
type OtherMembers = BTreeMap<String, serde_json::Value>;

/// Returns a token of `issuer` under `key` with `access`, issued at `now` with the id `jti`.
pub fn mint(key: &SigningKey, issuer: &str, access: &AccessClaims, jti: Uuid, now: Timestamp) -> String {
    let header = Header::empty().with_token_type(TOKEN_TYPE).with_key_id(thumbprint(&key.verifying_key()));
    let mut claims = Claims::new(Body {
        iss: issuer.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: access.user,
        client_id: CLIENT.to_owned(),
        jti,
        sid: access.session,
        auth_time: access.logged_in_at,
        roles: (access.role,),
    });
    claims.issued_at = Some(time::date(now));
    claims.expiration = Some(time::date(Timestamp::from_millis(access.expires_at.saturating_mul(1000))));
    Ed25519.token(&header, &claims, key).expect("claims are plain data")
}

/// A well-formed token whose signature has not been verified.
pub struct UnverifiedToken<'t> {
    token: UntrustedToken<'t, OtherMembers>,
    key_id: String,
}

impl<'t> UnverifiedToken<'t> {
    /// Parses an access token.
    pub fn parse(text: &'t str) -> Result<Self, Error> {
        if text.len() > MAX_LENGTH {
            return Err(Error::Malformed);
        }
        let token = UntrustedToken::<OtherMembers>::try_from(text).map_err(|_| Error::Malformed)?;
        let header = token.header();
        let is_bare = header.other_fields.is_empty()
            && header.key_set_url.is_none()
            && header.certificate_url.is_none()
            && header.certificate_sha1_thumbprint.is_none()
            && header.certificate_thumbprint.is_none();
        // RFC 9864 has a separate name for EdDSA with this curve.
        let is_ours = matches!(token.algorithm(), "EdDSA" | "Ed25519");
        match &header.key_id {
            Some(key_id) if is_bare && is_ours && header.token_type.as_deref() == Some(TOKEN_TYPE) => {
                Ok(Self { key_id: key_id.clone(), token })
            }
            _ => Err(Error::Malformed),
        }
    }

    /// Returns the id of the key that the token names.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Verifies the signature with `key`. This is the expensive check.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), Error> {
        let specific: Renamed<Ed25519> = Ed25519::with_specific_name();
        let verified = if self.token.algorithm() == "EdDSA" {
            Ed25519.validator::<Body>(key).validate(&self.token).is_ok()
        } else {
            specific.validator::<Body>(key).validate(&self.token).is_ok()
        };
        if verified { Ok(()) } else { Err(Error::Signature) }
    }

    /// Returns the claims if the token is `issuer`'s and valid at `now`. They mean nothing unless the signature is verified as well.
    pub fn claims(&self, issuer: &str, now: Timestamp) -> Result<AccessClaims, Error> {
        let claims = self.token.deserialize_claims_unchecked::<Body>().map_err(|_| Error::Malformed)?;
        let (Some(issued), Some(expires)) = (claims.issued_at, claims.expiration) else { return Err(Error::Malformed) };
        let Body { iss, aud, sub, sid, auth_time, roles: (role,), .. } = &claims.custom;
        if iss != issuer || aud != AUDIENCE {
            return Err(Error::Foreign);
        }
        let options = time::options(now);
        claims.validate_expiration(&options).map_err(|_| Error::Expired)?;
        let latest = time::date(now) + Duration::seconds(time::LEEWAY_SECONDS);
        if issued > latest || claims.not_before.is_some_and(|not_before| not_before > latest) {
            return Err(Error::NotYetValid);
        }
        Ok(AccessClaims {
            user: *sub,
            role: *role,
            session: *sid,
            logged_in_at: *auth_time,
            expires_at: expires.timestamp(),
        })
    }
}

impl std::fmt::Debug for UnverifiedToken<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Without the token: a reader of the text could use it.
        f.debug_struct("UnverifiedToken").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
