//! MACs under the services' secret over what the edge keeps in key-value: whoever else can write there can make none.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// What a MAC is for: none is taken for one of another purpose.
pub(crate) struct Purpose(&'static [u8]);

impl Purpose {
    /// A client's place among the counts.
    pub(crate) const RATE: Self = Self(b"spindle rate\0");
    /// The keys of auth.
    pub(crate) const KEYS: Self = Self(b"spindle jwks\0");
    /// That a token's signature was checked.
    pub(crate) const STAMP: Self = Self(b"spindle stamp\0");
}

/// A MAC for `purpose`, to be fed with what it is to cover.
pub(crate) fn mac(secret: &str, purpose: Purpose) -> Hmac<Sha256> {
    let mac = Hmac::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.chain_update(purpose.0)
}
