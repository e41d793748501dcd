//! Tokens as an attacker makes them: parsed, changed, and signed with any key.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// A JWT in its parts. It need not be valid.
#[derive(Clone, Debug, PartialEq)]
pub struct Jwt {
    /// The header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
    /// The bytes of the signature part.
    pub signature: Vec<u8>,
}

impl Jwt {
    /// Returns an unsigned token.
    pub fn new(header: Value, claims: Value) -> Self {
        Self { header, claims, signature: Vec::new() }
    }

    /// Parses a token in its compact form.
    ///
    /// # Panics
    ///
    /// If it is no JWT.
    pub fn parse(text: &str) -> Self {
        let parts: Vec<Vec<u8>> = text.split('.').map(decode).collect();
        let [header, claims, signature] = parts.as_slice() else { panic!("not three parts: {text}") };
        let json = |part: &[u8]| serde_json::from_slice(part).expect("a part that is JSON");
        Self { header: json(header), claims: json(claims), signature: signature.clone() }
    }

    /// Returns the token with another member in the header, or without it if `value` is null.
    #[must_use]
    pub fn with_header(mut self, member: &str, value: Value) -> Self {
        set(&mut self.header, member, value);
        self
    }

    /// Returns the token with another claim, or without it if `value` is null.
    #[must_use]
    pub fn with_claim(mut self, claim: &str, value: Value) -> Self {
        set(&mut self.claims, claim, value);
        self
    }

    /// Returns the token with other bytes as its signature.
    #[must_use]
    pub fn with_signature(self, signature: &[u8]) -> Self {
        Self { signature: signature.to_vec(), ..self }
    }

    /// Returns the token, signed with `key`.
    #[must_use]
    pub fn signed(self, key: &SigningKey) -> Self {
        let signature = key.sign(self.message().as_bytes()).to_bytes();
        self.with_signature(&signature)
    }

    /// Returns the token, signed with `algorithm` (HS256, HS384 or HS512), which it also names in the header.
    ///
    /// # Panics
    ///
    /// If `algorithm` is none of these.
    #[must_use]
    pub fn signed_with_secret(self, algorithm: &str, secret: &[u8]) -> Self {
        let token = self.with_header("alg", json!(algorithm));
        let message = token.message();
        let signature = match algorithm {
            "HS256" => mac::<Hmac<Sha256>>(secret, &message),
            "HS384" => mac::<Hmac<Sha384>>(secret, &message),
            "HS512" => mac::<Hmac<Sha512>>(secret, &message),
            other => panic!("not an algorithm with a secret: {other}"),
        };
        token.with_signature(&signature)
    }

    /// Returns the input of the signature.
    pub fn message(&self) -> String {
        format!("{}.{}", encode(self.header.to_string()), encode(self.claims.to_string()))
    }

    /// Returns the compact form.
    pub fn text(&self) -> String {
        format!("{}.{}", self.message(), encode(&self.signature))
    }
}

/// Returns the claims of a token with which `caller` may send `operation`, such as `GET /path`, to the service `callee` within a minute from `now`.
pub fn service_claims(caller: &str, callee: &str, operation: &str, now: i64) -> Value {
    let scope = operation.replacen(' ', ":", 1);
    json!({"iss": caller, "aud": callee, "scope": scope, "iat": now, "exp": now + 60})
}

/// Returns a service token with these claims, under `secret`.
pub fn service_token(secret: &str, claims: Value) -> String {
    Jwt::new(json!({"typ": "spindle-service+jwt"}), claims).signed_with_secret("HS256", secret.as_bytes()).text()
}

/// Returns the id of a key: its thumbprint (RFC 7638).
pub fn thumbprint(key: &SigningKey) -> String {
    let x = encode(key.verifying_key().as_bytes());
    encode(Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)))
}

/// Encodes bytes as base64url without padding.
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Decodes a text that [`encode`] has made.
///
/// # Panics
///
/// If it is no base64url.
pub fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap_or_else(|error| panic!("not base64url ({error}): {text}"))
}

fn set(object: &mut Value, member: &str, value: Value) {
    match value {
        Value::Null => drop(object.as_object_mut().expect("a part is an object").remove(member)),
        value => object[member] = value,
    }
}

fn mac<M: Mac + KeyInit>(secret: &[u8], message: &str) -> Vec<u8> {
    let mac = <M as Mac>::new_from_slice(secret).expect("any length is a key");
    mac.chain_update(message).finalize().into_bytes().to_vec()
}
