//! Access tokens of the platform, verified by the baseline.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, VerifyingKey};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

/// The issuer of the tokens of the bench's instances.
pub(crate) const ISSUER: &str = "https://bench.example";

/// The allowed difference of clocks, in seconds.
const LEEWAY: i64 = 5;

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
