//! The key that signs access tokens, as an attacker extracts it from stolen databases and secrets.

use std::path::Path;

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, Nonce};
use ed25519_dalek::SigningKey;
use hmac::{Hmac, Mac as _};
use rusqlite::{Connection, OpenFlags};
use sha2::Sha256;

/// Returns the current signing key of the instance whose databases are in `state_dir` and whose `auth_key_secret` is `secret`.
///
/// # Panics
///
/// If there is none, or the secret does not decrypt it.
pub fn signing_key(state_dir: &Path, secret: &str) -> SigningKey {
    let (kid, sealed) = sealed_key(state_dir);
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length is a key");
    let key = mac.chain_update("signing keys").finalize().into_bytes();
    let (nonce, sealed) = sealed.split_first_chunk::<12>().expect("a nonce");
    let payload = Payload { msg: sealed, aad: kid.as_bytes() };
    let cipher = ChaCha20Poly1305::new_from_slice(&key).expect("32 bytes");
    let seed = cipher.decrypt(&Nonce::from(*nonce), payload).expect("the secret decrypts the key");
    SigningKey::from_bytes(&seed.try_into().expect("a seed has 32 bytes"))
}

fn sealed_key(state_dir: &Path) -> (String, Vec<u8>) {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let database = Connection::open_with_flags(state_dir.join("auth.db"), flags).expect("the database of auth");
    let statement = "SELECT kid, sealed_private FROM signing_keys WHERE retired_at IS NULL";
    database.query_row(statement, [], |row| Ok((row.get(0)?, row.get(1)?))).expect("a key that signs")
}
