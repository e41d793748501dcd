//! The keys that verify access tokens, as auth publishes them: a JWK Set (RFC 7517) of Ed25519 keys (RFC 8037).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::VerifyingKey;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A set of keys (RFC 7517, section 5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JwkSet {
    /// The keys, in any order.
    pub keys: Vec<Jwk>,
}

/// A public key (RFC 8037).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Jwk {
    /// The kind of key: `OKP`.
    kty: String,
    /// The curve: `Ed25519`.
    crv: String,
    /// The public key, in base64url.
    x: String,
    /// The key's id in a token's header: its thumbprint (RFC 7638).
    pub kid: String,
    /// What the key is for: `sig`, signatures.
    #[serde(rename = "use")]
    usage: String,
    /// The algorithm of the signatures: `EdDSA`.
    alg: String,
    /// For a retired key: the end of the validity of its signatures, in seconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
}

impl JwkSet {
    /// Returns the key with the id `kid`.
    pub fn find(&self, kid: &str) -> Option<&Jwk> {
        self.keys.iter().find(|key| key.kid == kid)
    }
}

impl Jwk {
    /// Describes `key`, which is valid until `exp`, or until it is retired.
    pub fn new(key: &VerifyingKey, exp: Option<i64>) -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            kty: text("OKP"),
            crv: text("Ed25519"),
            x: URL_SAFE_NO_PAD.encode(key.as_bytes()),
            kid: thumbprint(key),
            usage: text("sig"),
            alg: text("EdDSA"),
            exp,
        }
    }

    /// Returns the key if it is an Ed25519 key for signatures and `kid` is its thumbprint.
    pub fn verifying_key(&self) -> Option<VerifyingKey> {
        let is_ours = self.kty == "OKP" && self.crv == "Ed25519" && self.usage == "sig";
        let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(&self.x).ok()?.try_into().ok()?;
        let key = VerifyingKey::from_bytes(&bytes).ok()?;
        (is_ours && thumbprint(&key) == self.kid).then_some(key)
    }
}

/// Computes the id of a key: the SHA-256 of its required members in order (RFC 7638, section 3; RFC 8037, appendix A.3).
pub fn thumbprint(key: &VerifyingKey) -> String {
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, URL_SAFE_NO_PAD.encode(key.as_bytes()));
    URL_SAFE_NO_PAD.encode(Sha256::digest(members))
}

#[cfg(test)]
mod tests {
    use super::{Jwk, JwkSet};

    /// The public key of RFC 8037, appendix A.2, with its thumbprint from appendix A.3.
    const RFC_8037: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k","use":"sig","alg":"EdDSA"}"#;

    #[test]
    fn the_key_of_rfc_8037_has_its_thumbprint() {
        let jwk: Jwk = serde_json::from_str(RFC_8037).unwrap();
        let key = jwk.verifying_key().unwrap();
        assert_eq!(Jwk::new(&key, None), jwk);
        let set = JwkSet { keys: vec![jwk.clone()] };
        assert_eq!((set.find(&jwk.kid), set.find("other")), (Some(&jwk), None));
    }

    #[test]
    fn a_key_with_a_wrong_member_is_refused() {
        for (member, other) in [
            ("OKP", "EC"),
            ("Ed25519", "X25519"),
            ("\"sig\"", "\"enc\""),
            ("11qY", "21qY"),
            ("11qY", ""),
            ("kPrK", "kPrL"),
        ] {
            let jwk: Jwk = serde_json::from_str(&RFC_8037.replacen(member, other, 1)).unwrap();
            assert_eq!(jwk.verifying_key(), None, "{other}");
        }
    }
}
