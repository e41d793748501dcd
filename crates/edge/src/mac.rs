//! MACs under the services' secret over the edge's key-value entries: another writer to the store cannot forge an entry.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The purpose of a MAC. A MAC for one purpose is not valid for another.
pub(crate) struct Purpose(&'static [u8]);

impl Purpose {
    /// The record of a client's request count.
    pub(crate) const RATE: Self = Self(b"spindle rate\0");
    /// The key set of auth.
    pub(crate) const KEYS: Self = Self(b"spindle jwks\0");
    /// A token whose signature was verified.
    pub(crate) const VERIFIED_TOKEN: Self = Self(b"spindle stamp\0");
}

/// Starts a MAC for `purpose`. The caller adds the bytes that it covers.
pub(crate) fn mac(secret: &str, purpose: Purpose) -> Hmac<Sha256> {
    let mac = Hmac::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.chain_update(purpose.0)
}
