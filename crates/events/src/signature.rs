//! The signature of a message on Redis, where others may be able to publish as well: they must not be able to say that an order is paid.
//!
//! A signed message is a MAC in hexadecimal digits, a line feed, and the content. A replayed message changes nothing, since its events are
//! duplicates.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The purpose of the MAC: one that was made for another purpose under the same secret is not valid here.
const PURPOSE: &[u8] = b"spindle events\0";

/// Returns `content` as a message that is signed with `secret`.
pub(crate) fn sign(secret: &str, content: &[u8]) -> Vec<u8> {
    let digits = base16ct::lower::encode_string(&mac(secret, content).finalize().into_bytes());
    [digits.as_bytes(), b"\n", content].concat()
}

/// Returns the content of `message`, or `None` if it was not signed with `secret`.
pub(crate) fn verify<'a>(secret: &str, message: &'a [u8]) -> Option<&'a [u8]> {
    let (digits, rest) = message.split_at_checked(64)?;
    let content = rest.strip_prefix(b"\n")?;
    let sum = base16ct::lower::decode_vec(digits).ok()?;
    mac(secret, content).verify_slice(&sum).ok()?;
    Some(content)
}

fn mac(secret: &str, content: &[u8]) -> Hmac<Sha256> {
    let mac = Hmac::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.chain_update(PURPOSE).chain_update(content)
}

#[cfg(test)]
mod tests {
    use super::{sign, verify};

    #[test]
    fn a_signed_message_is_verified_with_the_same_secret_only() {
        let message = sign("secret", b"[1]");
        assert_eq!(verify("secret", &message), Some(&b"[1]"[..]));
        assert_eq!(verify("another", &message), None);
        assert_eq!(verify("secret", &sign("secret", b"")), Some(&b""[..]));
    }

    #[test]
    fn a_message_with_a_changed_or_missing_byte_is_not_verified() {
        let message = sign("secret", b"[1]");
        for place in 0..message.len() {
            let mut changed = message.clone();
            changed[place] ^= 1;
            assert_eq!(verify("secret", &changed), None, "{place}");
            assert_eq!(verify("secret", &message[..place]), None, "{place}");
        }
        assert_eq!(verify("secret", b"[1]"), None);
    }
}
