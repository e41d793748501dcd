//! Keys that are derived from a secret for one purpose each, and the encryption and pseudonyms under such a key.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, Nonce};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::fmt;

/// The length of a nonce in bytes.
const NONCE: usize = 12;

/// A key for one purpose.
#[derive(Clone)]
pub(crate) struct DerivedKey([u8; 32]);

impl DerivedKey {
    /// Derives the key for `purpose` from `secret`. The key reveals neither the secret nor the key for another purpose.
    pub(crate) fn derive(secret: &[u8], purpose: &str) -> Self {
        Self(mac(secret, purpose.as_bytes()))
    }

    /// Returns a keyed hash of `text`: a stable name for holders of the key, which reveals nothing about the text to others.
    pub(crate) fn pseudonym(&self, text: &str) -> [u8; 32] {
        mac(&self.0, text.as_bytes())
    }

    /// Encrypts `plaintext` with the random `nonce`. Decryption requires the same `associated_data`, which is not secret.
    pub(crate) fn encrypt(&self, nonce: [u8; NONCE], associated_data: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let payload = Payload { msg: plaintext, aad: associated_data };
        let ciphertext = self.cipher().encrypt(&Nonce::from(nonce), payload).expect("the plaintexts of auth are short");
        [&nonce[..], &ciphertext].concat()
    }

    /// Decrypts the output of [`encrypt`](Self::encrypt). Returns `None` under another key or associated data, or if any byte has
    /// changed.
    pub(crate) fn decrypt(&self, associated_data: &[u8], encrypted: &[u8]) -> Option<Vec<u8>> {
        let (nonce, ciphertext) = encrypted.split_first_chunk::<NONCE>()?;
        self.cipher().decrypt(&Nonce::from(*nonce), Payload { msg: ciphertext, aad: associated_data }).ok()
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&self.0.into())
    }
}

impl fmt::Debug for DerivedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DerivedKey(..)")
    }
}

fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.chain_update(message).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::DerivedKey;

    const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

    #[test]
    fn decryption_needs_the_key_and_the_associated_data() {
        let key = DerivedKey::derive(SECRET, "keys");
        let encrypted = key.encrypt([9; 12], b"kid", b"private");
        assert_eq!(key.decrypt(b"kid", &encrypted).as_deref(), Some(&b"private"[..]));
        assert_eq!(key.decrypt(b"other", &encrypted), None);
        assert_eq!(DerivedKey::derive(SECRET, "tokens").decrypt(b"kid", &encrypted), None);
        assert_eq!(DerivedKey::derive(b"another secret", "keys").decrypt(b"kid", &encrypted), None);
    }

    #[test]
    fn any_changed_or_missing_byte_is_detected() {
        let key = DerivedKey::derive(SECRET, "keys");
        let encrypted = key.encrypt([9; 12], b"kid", b"private");
        for index in 0..encrypted.len() {
            let mut changed = encrypted.clone();
            changed[index] ^= 1;
            assert_eq!(key.decrypt(b"kid", &changed), None, "byte {index}");
            assert_eq!(key.decrypt(b"kid", &encrypted[..index]), None, "{index} bytes");
        }
    }

    #[test]
    fn a_pseudonym_is_the_same_each_time_and_differs_by_key() {
        let key = DerivedKey::derive(SECRET, "accounts");
        assert_eq!(key.pseudonym("ada@example.com"), key.pseudonym("ada@example.com"));
        assert_ne!(key.pseudonym("ada@example.com"), key.pseudonym("bob@example.com"));
        assert_ne!(key.pseudonym("ada@example.com"), DerivedKey::derive(SECRET, "x").pseudonym("ada@example.com"));
    }

    #[test]
    fn debug_output_does_not_contain_the_key() {
        assert_eq!(format!("{:?}", DerivedKey::derive(SECRET, "keys")), "DerivedKey(..)");
    }
}
