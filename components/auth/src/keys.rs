//! The keys that access tokens are signed with: how one is made, kept and opened again. Pure: random bytes come from the caller.

use crate::seal;
use ed25519_dalek::{SigningKey, VerifyingKey};
use spindle_platform::token::jwks::thumbprint;

/// A key as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SealedKey {
    /// Its name.
    pub(crate) kid: String,
    /// The half that everyone may know.
    pub(crate) public: VerifyingKey,
    /// The half that signs, encrypted.
    pub(crate) private: Vec<u8>,
}

/// A stored key does not open: `auth_key_secret` is not what it was, or the row was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the signing key {kid} does not open with the variable auth_key_secret: give it back the value under which the key was made"
)]
pub(crate) struct Unopened {
    kid: String,
}

impl SealedKey {
    /// The key that follows from the random `seed`, sealed under `key` with the random `nonce`.
    pub(crate) fn make(key: &seal::Key, seed: [u8; 32], nonce: [u8; 12]) -> Self {
        let public = SigningKey::from_bytes(&seed).verifying_key();
        let kid = thumbprint(&public);
        let private = key.seal(nonce, kid.as_bytes(), &seed);
        Self { kid, public, private }
    }

    /// The key itself. `key` must be the one that it was sealed under.
    pub(crate) fn open(&self, key: &seal::Key) -> Result<SigningKey, Unopened> {
        let seed = key.open(self.kid.as_bytes(), &self.private).and_then(|seed| <[u8; 32]>::try_from(seed).ok());
        let opened = seed.map(|seed| SigningKey::from_bytes(&seed));
        // A row whose halves do not belong together would sign what nobody can check.
        opened.filter(|opened| opened.verifying_key() == self.public).ok_or_else(|| Unopened { kid: self.kid.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::SealedKey;
    use crate::seal::Key;

    fn key(secret: &str) -> Key {
        Key::derive(secret.as_bytes(), "signing keys")
    }

    #[test]
    fn a_key_opens_under_the_secret_it_was_made_with() {
        let sealed = SealedKey::make(&key("secret"), [5; 32], [6; 12]);
        let opened = sealed.open(&key("secret")).unwrap();
        assert_eq!((opened.to_bytes(), opened.verifying_key()), ([5; 32], sealed.public));
    }

    #[test]
    fn under_another_secret_it_does_not_and_says_so() {
        let sealed = SealedKey::make(&key("secret"), [5; 32], [6; 12]);
        let error = sealed.open(&key("another")).unwrap_err().to_string();
        assert!(error.contains(&sealed.kid) && error.contains("auth_key_secret"), "{error}");
    }

    #[test]
    fn a_row_put_together_from_two_keys_does_not_open() {
        let (one, other) = (SealedKey::make(&key("s"), [5; 32], [6; 12]), SealedKey::make(&key("s"), [7; 32], [6; 12]));
        assert!(SealedKey { private: other.private.clone(), ..one.clone() }.open(&key("s")).is_err());
        assert!(SealedKey { public: other.public, ..one }.open(&key("s")).is_err());
    }
}
