//! MACs under the services' secret over the edge's key-value entries: another writer to the store cannot forge an entry.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The length of a MAC in bytes.
const LENGTH: usize = 32;

/// The purpose of a MAC. A MAC for one purpose is not valid for another.
pub(crate) struct Purpose(&'static [u8]);

impl Purpose {
    /// The record of a client's request count.
    pub(crate) const RATE: Self = Self(b"spindle rate\0");
    /// The key set of auth.
    pub(crate) const KEYS: Self = Self(b"spindle jwks\0");
    /// A token whose signature was verified.
    pub(crate) const VERIFIED_TOKEN: Self = Self(b"spindle stamp\0");
    /// The slot of a session's rights.
    pub(crate) const SESSION_SLOT: Self = Self(b"spindle session slot\0");
    /// The rights of a session.
    pub(crate) const SESSION_RIGHTS: Self = Self(b"spindle session rights\0");
}

/// Starts a MAC for `purpose`. The caller adds the bytes that it covers.
pub(crate) fn mac(secret: &str, purpose: Purpose) -> Hmac<Sha256> {
    let mac = Hmac::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.chain_update(purpose.0)
}

/// Returns `text` after its MAC for `purpose`.
pub(crate) fn authenticated(secret: &str, purpose: Purpose, text: &[u8]) -> Vec<u8> {
    let mut value = mac(secret, purpose).chain_update(text).finalize().into_bytes().to_vec();
    value.extend_from_slice(text);
    value
}

/// Returns the text in an output of [`authenticated`], or `None` if it is not one.
pub(crate) fn verified<'v>(secret: &str, purpose: Purpose, value: &'v [u8]) -> Option<&'v [u8]> {
    let (sum, text) = value.split_at_checked(LENGTH)?;
    mac(secret, purpose).chain_update(text).verify_slice(sum).ok()?;
    Some(text)
}
