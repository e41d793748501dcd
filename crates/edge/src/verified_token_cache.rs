//! A cache of verified access tokens, so that a token's signature is checked once and not with each request.
//!
//! Checking an Ed25519 signature takes a fifth of a millisecond in Wasm, and an instance keeps no state after its request. An entry is an
//! HMAC over the token under the services' secret, which takes some microseconds: another writer to the store cannot make one. An entry
//! replaces only the check of the signature; the claims are checked with each request. It is valid no longer than a key set is used
//! without asking auth.

use crate::access::CacheEntry;
use crate::key_cache::FRESH_SECONDS;
use crate::mac::{Purpose, mac};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use spindle_platform::kv::Store;

/// The number of slots. A token's hash selects its slot, and a new entry replaces the one in the same slot.
const SLOTS: u16 = 4096;

/// The slot of one token in the cache.
pub(crate) struct VerifiedTokenCache<'a> {
    store: &'a Store,
    secret: &'a str,
    token: &'a str,
    slot: String,
}

impl<'a> VerifiedTokenCache<'a> {
    /// Returns the slot of `token`.
    pub(crate) fn slot_of(store: &'a Store, secret: &'a str, token: &'a str) -> Self {
        let digest = Sha256::digest(token);
        let slot = u16::from_le_bytes([digest[0], digest[1]]) % SLOTS;
        Self { store, secret, token, slot: format!("stamp:{slot:x}") }
    }

    /// Returns whether the token has an entry that is valid at `now`. False if the store fails.
    pub(crate) async fn contains(&self, now: i64) -> bool {
        let Ok(Some(value)) = self.store.get(&self.slot).await else { return false };
        let Some((sum, until)) = value.split_last_chunk::<8>() else { return false };
        now < i64::from_le_bytes(*until) && self.mac(*until).verify_slice(sum).is_ok()
    }

    /// Returns the entry of the token, whose signature was verified at `now` with a key that is valid until `key_end`.
    pub(crate) fn entry(&self, now: i64, key_end: Option<i64>) -> CacheEntry {
        let until = (now + FRESH_SECONDS).min(key_end.unwrap_or(i64::MAX)).to_le_bytes();
        let mut value = self.mac(until).finalize().into_bytes().to_vec();
        value.extend_from_slice(&until);
        (self.slot.clone(), value)
    }

    fn mac(&self, until: [u8; 8]) -> Hmac<Sha256> {
        mac(self.secret, Purpose::VERIFIED_TOKEN).chain_update(until).chain_update(self.token)
    }
}
