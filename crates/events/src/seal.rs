//! What makes a message on Redis one of ours. Whoever else can publish there must not be able to say that an order is paid.
//!
//! A sealed message is a MAC in hexadecimal digits, a line feed, and what is sealed. A genuine one that comes again later is news to nobody.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// What the MAC is for: none of another purpose is taken for one.
const PURPOSE: &[u8] = b"spindle events\0";

/// `content` as a message under `secret`.
pub(crate) fn seal(secret: &str, content: &[u8]) -> Vec<u8> {
    let digits = base16ct::lower::encode_string(&mac(secret, content).finalize().into_bytes());
    [digits.as_bytes(), b"\n", content].concat()
}

/// What is sealed in `message`, if that was made under `secret`.
pub(crate) fn open<'a>(secret: &str, message: &'a [u8]) -> Option<&'a [u8]> {
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
    use super::{open, seal};

    #[test]
    fn what_is_sealed_is_opened_by_who_has_the_secret() {
        let message = seal("secret", b"[1]");
        assert_eq!(open("secret", &message), Some(&b"[1]"[..]));
        assert_eq!(open("another", &message), None);
        assert_eq!(open("secret", &seal("secret", b"")), Some(&b""[..]));
    }

    #[test]
    fn no_byte_can_be_changed_and_none_left_out() {
        let message = seal("secret", b"[1]");
        for place in 0..message.len() {
            let mut changed = message.clone();
            changed[place] ^= 1;
            assert_eq!(open("secret", &changed), None, "{place}");
            assert_eq!(open("secret", &message[..place]), None, "{place}");
        }
        assert_eq!(open("secret", b"[1]"), None);
    }
}
