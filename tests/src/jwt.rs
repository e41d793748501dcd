//! Tokens as an attacker makes them: taken apart, changed, and signed with whatever is at hand.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// A JWT in its parts. It need not be a good one.
#[derive(Clone, Debug, PartialEq)]
pub struct Jwt {
    /// The header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
    /// What stands in the place of the signature.
    pub signature: Vec<u8>,
}

impl Jwt {
    /// A token that nobody has signed.
    pub fn new(header: Value, claims: Value) -> Self {
        Self { header, claims, signature: Vec::new() }
    }

    /// A token in its compact form, taken apart.
    ///
    /// # Panics
    ///
    /// If it is none.
    pub fn parse(text: &str) -> Self {
        let parts: Vec<Vec<u8>> = text.split('.').map(decode).collect();
        let [header, claims, signature] = parts.as_slice() else { panic!("not three parts: {text}") };
        let json = |part: &[u8]| serde_json::from_slice(part).expect("a part that is JSON");
        Self { header: json(header), claims: json(claims), signature: signature.clone() }
    }

    /// The same with another member in the header, or without one if `value` is null.
    #[must_use]
    pub fn with_header(mut self, member: &str, value: Value) -> Self {
        set(&mut self.header, member, value);
        self
    }

    /// The same with another claim, or without one if `value` is null.
    #[must_use]
    pub fn with_claim(mut self, claim: &str, value: Value) -> Self {
        set(&mut self.claims, claim, value);
        self
    }

    /// The same with other bytes for a signature.
    #[must_use]
    pub fn with_signature(self, signature: &[u8]) -> Self {
        Self { signature: signature.to_vec(), ..self }
    }

    /// The same, signed with `key`.
    #[must_use]
    pub fn signed(self, key: &SigningKey) -> Self {
        let signature = key.sign(self.message().as_bytes()).to_bytes();
        self.with_signature(&signature)
    }

    /// The same, signed with HS256, HS384 or HS512, as `algorithm` says, and saying so.
    ///
    /// # Panics
    ///
    /// If it is none of these.
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

    /// What the signature is over.
    pub fn message(&self) -> String {
        format!("{}.{}", encode(self.header.to_string()), encode(self.claims.to_string()))
    }

    /// The compact form.
    pub fn text(&self) -> String {
        format!("{}.{}", self.message(), encode(&self.signature))
    }
}

/// The claims of a token with which `caller` asks the service `callee` for `GET /path`, and the like, within a minute from `now`.
pub fn service_claims(caller: &str, callee: &str, operation: &str, now: i64) -> Value {
    let scope = operation.replacen(' ', ":", 1);
    json!({"iss": caller, "aud": callee, "scope": scope, "iat": now, "exp": now + 60})
}

/// A service token with these claims, under `secret`.
pub fn service_token(secret: &str, claims: Value) -> String {
    Jwt::new(json!({"typ": "spindle-service+jwt"}), claims).signed_with_secret("HS256", secret.as_bytes()).text()
}

/// The name of a key: its thumbprint (RFC 7638).
pub fn thumbprint(key: &SigningKey) -> String {
    let x = encode(key.verifying_key().as_bytes());
    encode(Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)))
}

/// Base64url without padding.
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What [`encode`] made `text` of.
///
/// # Panics
///
/// If it did not.
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
