//! Access tokens in the form of the platform: signed for the application in bench/guest, and verified by the baseline.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The issuer of the tokens of the bench's instances.
pub(crate) const ISSUER: &str = "https://bench.example";

/// The allowed difference of clocks, in seconds.
const LEEWAY: i64 = 5;

/// A key that signs tokens.
pub(crate) struct Issuer {
    key: SigningKey,
    kid: String,
}

impl Issuer {
    /// Returns an issuer with a fixed key, which only the bench trusts.
    pub(crate) fn new() -> Self {
        let key = SigningKey::from_bytes(&[7; 32]);
        let kid = thumbprint(&key.verifying_key());
        Self { key, kid }
    }

    /// Returns the JWK Set with its key.
    pub(crate) fn keys(&self) -> Value {
        let x = encode(self.key.verifying_key().as_bytes());
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x, "kid": self.kid, "use": "sig", "alg": "EdDSA"}]})
    }

    /// Signs a new token of the customer `user`, valid for an hour from `now`, in seconds since the Unix epoch.
    pub(crate) fn token(&self, user: &str, now: i64) -> String {
        let header = json!({"alg": "EdDSA", "kid": self.kid, "typ": "at+jwt"});
        let claims = json!({
            "iss": ISSUER,
            "aud": "spindle",
            "sub": user,
            "client_id": "spindle",
            "jti": random_id(),
            "sid": random_id(),
            "roles": ["customer"],
            "iat": now,
            "exp": now + 3600,
        });
        let message = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = self.key.sign(message.as_bytes());
        format!("{message}.{}", encode(signature.to_bytes()))
    }
}

/// The claims of a verified token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AccessClaims {
    pub(crate) user: Uuid,
    pub(crate) is_operator: bool,
    /// Seconds since the Unix epoch.
    pub(crate) expires_at: i64,
}

/// Verifies tokens as the edge does: the same header, claims and signature.
pub(crate) struct Verifier {
    keys: HashMap<String, VerifyingKey>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    roles: (String,),
    iat: i64,
    exp: i64,
}

impl Verifier {
    /// Returns a verifier with the keys of a JWK Set.
    ///
    /// # Errors
    ///
    /// If a key is not an Ed25519 key.
    pub(crate) fn new(set: &Value) -> Result<Self> {
        let mut keys = HashMap::new();
        for key in set["keys"].as_array().context("the JWK Set has no keys")? {
            let bytes = URL_SAFE_NO_PAD.decode(key["x"].as_str().context("a key has no x")?)?;
            let kid = key["kid"].as_str().context("a key has no kid")?.to_owned();
            keys.insert(kid, VerifyingKey::try_from(bytes.as_slice()).map_err(anyhow::Error::msg)?);
        }
        Ok(Self { keys })
    }

    /// Returns the claims of `token` if it is valid at `now`.
    pub(crate) fn verify(&self, token: &str, now: i64) -> Option<AccessClaims> {
        let (message, signature) = token.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        if !matches!(header.alg.as_str(), "EdDSA" | "Ed25519") || header.typ != "at+jwt" {
            return None;
        }
        let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        let is_for_us = claims.iss == ISSUER && claims.aud == "spindle";
        if !is_for_us || claims.exp + LEEWAY < now || claims.iat > now + LEEWAY {
            return None;
        }
        let is_operator = match claims.roles.0.as_str() {
            "customer" => false,
            "operator" | "admin" => true,
            _ => return None,
        };
        let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
        self.keys.get(&header.kid)?.verify_strict(message.as_bytes(), &signature).ok()?;
        Some(AccessClaims { user: claims.sub, is_operator, expires_at: claims.exp })
    }
}

/// Returns the thumbprint of a key (RFC 7638).
fn thumbprint(key: &VerifyingKey) -> String {
    encode(Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, encode(key.as_bytes()))))
}

fn random_id() -> Uuid {
    let mut random = [0; 16];
    getrandom::fill(&mut random).expect("the system has randomness");
    uuid::Builder::from_random_bytes(random).into_uuid()
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Issuer, Verifier};

    const NOW: i64 = 1_800_000_000;
    const USER: &str = "01a20451-50e4-757b-9dad-57c68d7a56c1";

    #[test]
    fn a_token_is_valid_for_its_user_until_it_expires() {
        let issuer = Issuer::new();
        let verifier = Verifier::new(&issuer.keys()).unwrap();
        let token = issuer.token(USER, NOW);
        let claims = verifier.verify(&token, NOW).unwrap();
        assert_eq!((claims.user.to_string().as_str(), claims.is_operator), (USER, false));
        assert!(verifier.verify(&token, claims.expires_at + 60).is_none());
        assert!(verifier.verify(&token, NOW - 60).is_none());
    }

    #[test]
    fn a_changed_token_is_refused() {
        let issuer = Issuer::new();
        let verifier = Verifier::new(&issuer.keys()).unwrap();
        let (one, other) = (issuer.token(USER, NOW), issuer.token(USER, NOW));
        let (message, _) = one.rsplit_once('.').unwrap();
        let (_, signature) = other.rsplit_once('.').unwrap();
        for forged in [format!("{message}.{signature}"), format!("{message}."), format!("{one}A"), message.to_owned()] {
            assert!(verifier.verify(&forged, NOW).is_none(), "{forged}");
        }
    }
}
