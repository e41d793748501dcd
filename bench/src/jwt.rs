//! Access tokens as the platform has them: made here for the bench's own application, and checked by the twin.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Who issues the tokens, in the bench's instances.
pub(crate) const ISSUER: &str = "https://bench.example";

/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 5;

/// A key that signs tokens.
pub(crate) struct Issuer {
    key: SigningKey,
    kid: String,
}

impl Issuer {
    /// One with a fixed key: nobody else trusts it.
    pub(crate) fn new() -> Self {
        let key = SigningKey::from_bytes(&[7; 32]);
        let kid = thumbprint(&key.verifying_key());
        Self { key, kid }
    }

    /// The JWK Set with its key.
    pub(crate) fn keys(&self) -> Value {
        let x = encode(self.key.verifying_key().as_bytes());
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x, "kid": self.kid, "use": "sig", "alg": "EdDSA"}]})
    }

    /// A new token of the customer `user`, good for an hour from `now`, in seconds since the Unix epoch.
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

/// What a token grants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AccessClaims {
    pub(crate) user: Uuid,
    pub(crate) is_operator: bool,
    /// Seconds since the Unix epoch.
    pub(crate) expires_at: i64,
}

/// Checks tokens as the edge does: the same header, the same claims, the same signature.
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
    /// One that knows the keys of a JWK Set.
    ///
    /// # Errors
    ///
    /// If it has a key that is no Ed25519 key.
    pub(crate) fn new(set: &Value) -> Result<Self> {
        let mut keys = HashMap::new();
        for key in set["keys"].as_array().context("a JWK Set has keys")? {
            let bytes = URL_SAFE_NO_PAD.decode(key["x"].as_str().context("an Ed25519 key has an x")?)?;
            let kid = key["kid"].as_str().context("a key has a name")?.to_owned();
            keys.insert(kid, VerifyingKey::try_from(bytes.as_slice()).map_err(anyhow::Error::msg)?);
        }
        Ok(Self { keys })
    }

    /// What `token` grants at `now`, if it is good.
    pub(crate) fn check(&self, token: &str, now: i64) -> Option<AccessClaims> {
        let (message, signature) = token.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        if !matches!(header.alg.as_str(), "EdDSA" | "Ed25519") || header.typ != "at+jwt" {
            return None;
        }
        let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        let is_ours = claims.iss == ISSUER && claims.aud == "spindle";
        if !is_ours || claims.exp + LEEWAY < now || claims.iat > now + LEEWAY {
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

/// The name of a key (RFC 7638).
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
    fn a_token_is_good_for_its_user_until_it_expires() {
        let issuer = Issuer::new();
        let verifier = Verifier::new(&issuer.keys()).unwrap();
        let token = issuer.token(USER, NOW);
        let grant = verifier.check(&token, NOW).unwrap();
        assert_eq!((grant.user.to_string().as_str(), grant.is_operator), (USER, false));
        assert!(verifier.check(&token, grant.expires_at + 60).is_none());
        assert!(verifier.check(&token, NOW - 60).is_none());
    }

    #[test]
    fn a_token_that_was_changed_is_none() {
        let issuer = Issuer::new();
        let verifier = Verifier::new(&issuer.keys()).unwrap();
        let (one, other) = (issuer.token(USER, NOW), issuer.token(USER, NOW));
        let (message, _) = one.rsplit_once('.').unwrap();
        let (_, signature) = other.rsplit_once('.').unwrap();
        for forged in [format!("{message}.{signature}"), format!("{message}."), format!("{one}A"), message.to_owned()] {
            assert!(verifier.check(&forged, NOW).is_none(), "{forged}");
        }
    }
}
