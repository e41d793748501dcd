//! A key that signs access tokens, and its encryption at rest. Pure: random bytes come from the caller.

use crate::encryption::DerivedKey;
use ed25519_dalek::{SigningKey, VerifyingKey};
use spindle_platform::token::jwks::thumbprint;

/// A signing key as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EncryptedSigningKey {
    /// The key's id: its thumbprint (RFC 7638).
    pub(crate) kid: String,
    /// The public key.
    pub(crate) public: VerifyingKey,
    /// The private key, encrypted.
    pub(crate) encrypted_private: Vec<u8>,
}

/// A stored key cannot be decrypted: `auth_key_secret` has changed since the key was created, or the row was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the signing key {kid} cannot be decrypted with the variable auth_key_secret: restore the value under which the key was created"
)]
pub(crate) struct DecryptionError {
    kid: String,
}

impl EncryptedSigningKey {
    /// Derives a signing key from the random `seed`, and encrypts it under `key` with the random `nonce`.
    pub(crate) fn from_seed(key: &DerivedKey, seed: [u8; 32], nonce: [u8; 12]) -> Self {
        let public = SigningKey::from_bytes(&seed).verifying_key();
        let kid = thumbprint(&public);
        let encrypted_private = key.encrypt(nonce, kid.as_bytes(), &seed);
        Self { kid, public, encrypted_private }
    }

    /// Decrypts the signing key with the `key` under which it was encrypted.
    pub(crate) fn decrypt(&self, key: &DerivedKey) -> Result<SigningKey, DecryptionError> {
        let seed = key.decrypt(self.kid.as_bytes(), &self.encrypted_private);
        let decrypted = seed.and_then(|seed| <[u8; 32]>::try_from(seed).ok()).map(|seed| SigningKey::from_bytes(&seed));
        // If the private and the public key of a row do not match, no verifier could check the signatures.
        decrypted
            .filter(|decrypted| decrypted.verifying_key() == self.public)
            .ok_or_else(|| DecryptionError { kid: self.kid.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::EncryptedSigningKey;
    use crate::encryption::DerivedKey;

    fn key(secret: &str) -> DerivedKey {
        DerivedKey::derive(secret.as_bytes(), "signing keys")
    }

    #[test]
    fn a_key_is_decrypted_with_the_secret_it_was_created_under() {
        let encrypted = EncryptedSigningKey::from_seed(&key("secret"), [5; 32], [6; 12]);
        let decrypted = encrypted.decrypt(&key("secret")).unwrap();
        assert_eq!((decrypted.to_bytes(), decrypted.verifying_key()), ([5; 32], encrypted.public));
    }

    #[test]
    fn decryption_with_another_secret_fails_and_the_error_names_key_and_variable() {
        let encrypted = EncryptedSigningKey::from_seed(&key("secret"), [5; 32], [6; 12]);
        let error = encrypted.decrypt(&key("another")).unwrap_err().to_string();
        assert!(error.contains(&encrypted.kid) && error.contains("auth_key_secret"), "{error}");
    }

    #[test]
    fn a_row_that_combines_two_keys_is_not_decrypted() {
        let one = EncryptedSigningKey::from_seed(&key("s"), [5; 32], [6; 12]);
        let other = EncryptedSigningKey::from_seed(&key("s"), [7; 32], [6; 12]);
        let private = EncryptedSigningKey { encrypted_private: other.encrypted_private.clone(), ..one.clone() };
        assert!(private.decrypt(&key("s")).is_err());
        assert!(EncryptedSigningKey { public: other.public, ..one }.decrypt(&key("s")).is_err());
    }
}
