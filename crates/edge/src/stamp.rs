//! Stamps: the note that a token's signature has been checked, so that the next request need not do it again.
//!
//! Checking an Ed25519 signature takes a fifth of a millisecond in Wasm, and an instance forgets all it knew when its request is
//! done. A stamp is an HMAC over the token under the services' secret, which takes some microseconds: only a service can make one,
//! whoever else can write to the store. What the token says is weighed each time anew; a stamp only stands for its signature, and
//! no longer than a key is believed without asking auth.

use crate::keys::FRESH_SECONDS;
use crate::mac::{Purpose, mac};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use spindle_platform::kv::{self, Store};

/// How many stamps are kept. A token has one place, by its hash; another in the same place replaces it.
const PLACES: u16 = 4096;

/// A token's stamp, there or not.
pub(crate) struct Stamp<'a> {
    store: &'a Store,
    secret: &'a str,
    token: &'a str,
    place: String,
}

impl<'a> Stamp<'a> {
    /// The stamp of `token`.
    pub(crate) fn of(store: &'a Store, secret: &'a str, token: &'a str) -> Self {
        let digest = Sha256::digest(token);
        let place = u16::from_le_bytes([digest[0], digest[1]]) % PLACES;
        Self { store, secret, token, place: format!("stamp:{place:x}") }
    }

    /// Whether the token has been stamped and the stamp still counts at `now`. If the store fails, it has not.
    pub(crate) async fn is_there(&self, now: i64) -> bool {
        let Ok(Some(value)) = self.store.get(&self.place).await else { return false };
        let Some((sum, until)) = value.split_last_chunk::<8>() else { return false };
        now < i64::from_le_bytes(*until) && self.mac(*until).verify_slice(sum).is_ok()
    }

    /// Stamps the token, whose signature was checked at `now` with a key that is good until `key_end`.
    pub(crate) async fn put(&self, now: i64, key_end: Option<i64>) -> Result<(), kv::Error> {
        let until = (now + FRESH_SECONDS).min(key_end.unwrap_or(i64::MAX)).to_le_bytes();
        let mut value = self.mac(until).finalize().into_bytes().to_vec();
        value.extend_from_slice(&until);
        self.store.set(&self.place, &value).await
    }

    fn mac(&self, until: [u8; 8]) -> Hmac<Sha256> {
        mac(self.secret, Purpose::STAMP).chain_update(until).chain_update(self.token)
    }
}
