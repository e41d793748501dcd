//! The keys of auth, as far as this service knows them: its JWK Set, kept in key-value for a while.
//!
//! A set is fresh for five minutes; when auth does not answer, it goes on being used for an hour. A token under a key that the set
//! does not have may be signed by a newer one, so then the set is fetched once more.

use crate::mac::{Purpose, mac};
use hmac::Mac as _;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use spindle_platform::Context;
use spindle_platform::kv::Store;
use spindle_platform::log::Level;
use spindle_platform::token::jwks::{Jwk, JwkSet};
use std::time::Duration;

/// How long a set is used without asking, in seconds.
pub(crate) const FRESH_SECONDS: i64 = 300;

/// How old a set may become while auth does not answer, in seconds.
const STALE_SECONDS: i64 = 3600;

/// How long auth may take.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Where auth tells services its keys: not where it tells everyone, so that nobody can use up what there may be asked.
const PATH: &str = "/internal/auth/keys";

const KEY: &str = "jwks";

/// A set and when it was fetched.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Known {
    fetched_at: i64,
    set: JwkSet,
}

impl Known {
    /// The key `kid`, if it may still be used at `now`.
    pub(crate) fn find(&self, kid: &str, now: i64) -> Option<&Jwk> {
        self.set.find(kid).filter(|key| key.exp.is_none_or(|end| now < end))
    }

    /// Whether nobody needs to be asked at `now`.
    pub(crate) fn is_fresh(&self, now: i64) -> bool {
        (0..FRESH_SECONDS).contains(&(now - self.fetched_at))
    }

    /// Whether it may be used at `now` because auth cannot be asked.
    pub(crate) fn is_usable(&self, now: i64) -> bool {
        (0..STALE_SECONDS).contains(&(now - self.fetched_at))
    }
}

/// The set in key-value, if there is one that a service has put there.
pub(crate) async fn load(store: &Store, secret: &str) -> Option<Known> {
    let value = store.get(KEY).await.ok().flatten()?;
    let (sum, text) = value.split_at_checked(32)?;
    mac(secret, Purpose::KEYS).chain_update(text).verify_slice(sum).ok()?;
    serde_json::from_slice(text).ok()
}

/// The set as auth has it now, which is kept for the next request. The error is for the log.
pub(crate) async fn fetch(context: &Context, store: Option<&Store>, secret: &str) -> Result<Known, String> {
    let request = http::Request::get(PATH).body(bytes::Bytes::new()).expect("the path is a constant");
    let response = context.client().call("auth", request, TIMEOUT).await.map_err(|error| error.to_string())?;
    if response.status() != StatusCode::OK {
        return Err(format!("auth answered {}", response.status().as_u16()));
    }
    let set: JwkSet = serde_json::from_slice(response.body()).map_err(|error| error.to_string())?;
    let known = Known { fetched_at: context.now().as_secs(), set };
    if let Some(store) = store {
        let text = serde_json::to_vec(&known).expect("keys are plain data");
        let mut value = mac(secret, Purpose::KEYS).chain_update(&text).finalize().into_bytes().to_vec();
        value.extend_from_slice(&text);
        if let Err(error) = store.set(KEY, &value).await {
            context.log(Level::Warn, "keys not kept", &[("cause", error.to_string().into())]);
        }
    }
    Ok(known)
}
