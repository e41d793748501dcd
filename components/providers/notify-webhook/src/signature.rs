//! Signatures of Standard Webhooks: HMAC-SHA256 over id, time and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use spindle_notifier::Error;

/// The prefix of a secret.
const PREFIX: &str = "whsec_";

/// The length of a secret in bytes, as the standard specifies it.
const LENGTH: std::ops::RangeInclusive<usize> = 24..=64;

/// The secret that sender and receiver share.
pub struct Secret(Vec<u8>);

impl Secret {
    /// Parses `whsec_` and the secret in base64.
    ///
    /// # Errors
    ///
    /// [`Error::Retryable`] if the text has another form: an operator can change that.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let bytes = text.strip_prefix(PREFIX).and_then(|encoded| STANDARD.decode(encoded).ok());
        bytes.filter(|bytes| LENGTH.contains(&bytes.len())).map(Self).ok_or_else(|| {
            Error::Retryable("not configured: `key` must be whsec_ and 24 to 64 bytes in base64".to_owned())
        })
    }

    /// Returns the signature of the message `id` with `body` that is sent at `timestamp`, in seconds since the Unix epoch.
    ///
    /// # Panics
    ///
    /// Never: HMAC takes a secret of any length.
    pub fn sign(&self, id: &str, timestamp: u64, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a secret of any length");
        mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_signature_is_that_of_the_standard() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw4=").err();
        assert!(secret.is_some(), "23 bytes are too few");
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw4s").expect("24 bytes");
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,ObfdlHAFjuWJa3IjBMwalDAwqhW34W3+Gegoq2nqwMY=");
    }

    #[test]
    fn an_invalid_secret_is_refused() {
        for text in
            ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw4s", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw4!", "whsk_AAAA"]
        {
            assert!(Secret::parse(text).is_err(), "{text}");
        }
        assert!(Secret::parse(&format!("whsec_{}", "AAAA".repeat(22))).is_err(), "66 bytes are too many");
    }
}
