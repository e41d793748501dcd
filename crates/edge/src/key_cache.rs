//! The cached JWK Set of auth, kept in key-value.
//!
//! A set is fresh for five minutes, and usable for an hour while auth does not respond. A token whose key is not in the set may be signed
//! with a newer key, so the set is then fetched once more.

use crate::access::CacheEntry;
use crate::mac::{self, Purpose};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use spindle_platform::Context;
use spindle_platform::kv::Store;
use spindle_platform::token::jwks::{Jwk, JwkSet};
use std::time::Duration;

/// The age up to which a set is used without asking auth, in seconds.
pub(crate) const FRESH_SECONDS: i64 = 300;

/// The age up to which a set is used while auth does not respond, in seconds.
const STALE_SECONDS: i64 = 3600;

/// The timeout of the call to auth.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The operation of auth that returns its keys to services. The public one has a rate limit, which clients could use up.
const PATH: &str = "/internal/auth/keys";

const KEY: &str = "jwks";

/// A key set and the time at which it was fetched.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CachedKeySet {
    fetched_at: i64,
    set: JwkSet,
}

impl CachedKeySet {
    /// Returns the key `kid` if it is valid at `now`.
    pub(crate) fn find(&self, kid: &str, now: i64) -> Option<&Jwk> {
        self.set.find(kid).filter(|key| key.exp.is_none_or(|end| now < end))
    }

    /// Returns whether the set may be used at `now` without asking auth.
    pub(crate) fn is_fresh(&self, now: i64) -> bool {
        (0..FRESH_SECONDS).contains(&(now - self.fetched_at))
    }

    /// Returns whether the set may be used at `now` while auth does not respond.
    pub(crate) fn is_usable(&self, now: i64) -> bool {
        (0..STALE_SECONDS).contains(&(now - self.fetched_at))
    }
}

/// Loads the key set from key-value, if there is one that a service has written.
pub(crate) async fn load(store: &Store, secret: &str) -> Option<CachedKeySet> {
    let value = store.get(KEY).await.ok().flatten()?;
    serde_json::from_slice(mac::verified(secret, Purpose::KEYS, &value)?).ok()
}

/// Fetches the current key set from auth. The error is text for the log.
pub(crate) async fn fetch(context: &Context) -> Result<CachedKeySet, String> {
    let request = http::Request::get(PATH).body(bytes::Bytes::new()).expect("the path is a constant");
    let response = context.client().call("auth", request, TIMEOUT).await.map_err(|error| error.to_string())?;
    if response.status() != StatusCode::OK {
        return Err(format!("auth answered {}", response.status().as_u16()));
    }
    let set: JwkSet = serde_json::from_slice(response.body()).map_err(|error| error.to_string())?;
    Ok(CachedKeySet { fetched_at: context.now().as_secs(), set })
}

/// Returns the entry of the key set in key-value.
pub(crate) fn entry(set: &CachedKeySet, secret: &str) -> CacheEntry {
    let text = serde_json::to_vec(set).expect("keys are plain data");
    (KEY.to_owned(), mac::authenticated(secret, Purpose::KEYS, &text))
}
