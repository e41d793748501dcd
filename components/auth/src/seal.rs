//! Keys derived from a secret, each for one purpose, and what is encrypted under one.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, Nonce};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::fmt;

/// The length of a nonce in bytes.
const NONCE: usize = 12;

/// A key for one purpose.
#[derive(Clone)]
pub(crate) struct Key([u8; 32]);

impl Key {
    /// The key for `purpose` that follows from `secret`: whoever has it learns neither the secret nor a key for something else.
    pub(crate) fn derive(secret: &[u8], purpose: &str) -> Self {
        Self(mac(secret, purpose.as_bytes()))
    }

    /// What `text` is called by those who have the key, and what tells nobody else anything of it.
    pub(crate) fn pseudonym(&self, text: &str) -> [u8; 32] {
        mac(&self.0, text.as_bytes())
    }

    /// `plain`, encrypted with the random `nonce`. It opens only together with `about`, which is not secret.
    pub(crate) fn seal(&self, nonce: [u8; NONCE], about: &[u8], plain: &[u8]) -> Vec<u8> {
        let payload = Payload { msg: plain, aad: about };
        let sealed = self.cipher().encrypt(&Nonce::from(nonce), payload).expect("what is sealed here is short");
        [&nonce[..], &sealed].concat()
    }

    /// What [`seal`](Self::seal) made `sealed` of with this key; nothing if it was another key, or if anything has changed.
    pub(crate) fn open(&self, about: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        self.cipher().decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: about }).ok()
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&self.0.into())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.chain_update(message).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::Key;

    const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

    #[test]
    fn what_is_sealed_opens_with_its_key_and_what_it_is_about() {
        let key = Key::derive(SECRET, "keys");
        let sealed = key.seal([9; 12], b"kid", b"private");
        assert_eq!(key.open(b"kid", &sealed).as_deref(), Some(&b"private"[..]));
        assert_eq!(key.open(b"other", &sealed), None);
        assert_eq!(Key::derive(SECRET, "tokens").open(b"kid", &sealed), None);
        assert_eq!(Key::derive(b"another secret", "keys").open(b"kid", &sealed), None);
    }

    #[test]
    fn any_changed_or_missing_byte_is_noticed() {
        let key = Key::derive(SECRET, "keys");
        let sealed = key.seal([9; 12], b"kid", b"private");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(key.open(b"kid", &changed), None, "byte {place}");
            assert_eq!(key.open(b"kid", &sealed[..place]), None, "{place} bytes");
        }
    }

    #[test]
    fn a_pseudonym_is_the_same_each_time_and_another_for_each_key() {
        let key = Key::derive(SECRET, "accounts");
        assert_eq!(key.pseudonym("ada@example.com"), key.pseudonym("ada@example.com"));
        assert_ne!(key.pseudonym("ada@example.com"), key.pseudonym("bob@example.com"));
        assert_ne!(key.pseudonym("ada@example.com"), Key::derive(SECRET, "x").pseudonym("ada@example.com"));
    }

    #[test]
    fn a_key_is_not_shown() {
        assert_eq!(format!("{:?}", Key::derive(SECRET, "keys")), "Key(..)");
    }
}
