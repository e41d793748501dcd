//! Rate limits: the number of requests of a class that one client may send in a window of time.
//!
//! A client's window opens with its first request and admits a fixed number of requests; later ones are refused until the window closes.
//! Two small key-value records per client and class hold the state: a counter of all requests ever, which is only incremented, atomically,
//! so that concurrent requests are all counted; and the start of the window, in time and on that counter. The second is written once per
//! window. Concurrent requests that find the window closed each write it, and the last write wins: a few of those requests are not
//! counted.

use crate::mac::{Purpose, mac};
use crate::route::RateClass;
use hmac::Mac as _;
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use spindle_contracts::{Problem, ProblemKind, UserId};
use spindle_platform::kv::{self, Store};
use spindle_platform::{Context, config};
use std::net::IpAddr;

/// The header with the client's limit (draft-ietf-httpapi-ratelimit-headers-10).
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// The header with the client's remaining quota (the same draft).
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// The clock skew to another machine that is tolerated, in seconds.
const LEEWAY_SECONDS: i64 = 5;

/// The maximum number of records per class. Key-value neither expires nor lists its keys, so clients are hashed into a fixed number of
/// records; two clients with the same hash share a limit.
const RECORDS: u64 = 1 << 18;

/// The client whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RateLimitKey {
    /// A user, from any address.
    User(UserId),
    /// All clients at an address, or behind it. `None`: Spin did not report the address.
    Address(Option<IpAddr>),
}

/// The number of requests that a window admits, and the window's length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Limit {
    class: &'static str,
    requests: i64,
    seconds: i64,
}

/// The remaining quota of a client in its current window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    limit: Limit,
    requests: i64,
    /// The time until the window closes.
    seconds: i64,
}

/// The reason why a request was not counted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Store(#[from] kv::Error),
    #[error(transparent)]
    Config(#[from] config::Error),
}

/// Counts a request of `key` at `now`, in seconds. Returns the remaining quota, or `None` if the class has no limit.
pub(crate) async fn count_request(
    context: &Context,
    store: &Store,
    secret: &str,
    class: RateClass,
    key: RateLimitKey,
    now: i64,
) -> Result<Option<Quota>, Error> {
    let Some(limit) = limit(context, class)? else { return Ok(None) };
    let (opened, count) = increment_window(store, &record_key(secret, limit.class, key), limit, now).await?;
    let seconds = (opened + limit.seconds - now).clamp(1, limit.seconds);
    Ok(Some(Quota { limit, requests: limit.requests - count, seconds }))
}

impl Quota {
    /// Returns 429 with `Retry-After` if the quota is exceeded.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        if self.requests >= 0 {
            return Ok(());
        }
        let Limit { requests, seconds, .. } = self.limit;
        let detail = format!("Exceeds the limit of {requests} requests of this kind in {seconds} seconds.");
        Err(Problem { retry_after: u32::try_from(self.seconds).ok(), ..Problem::new(ProblemKind::RateLimited, detail) })
    }

    /// Returns the number of requests that the client has left in its window.
    pub(crate) fn remaining(&self) -> i64 {
        self.requests.max(0)
    }

    /// Writes the headers `RateLimit-Policy` and `RateLimit`.
    pub(crate) fn write_headers(&self, headers: &mut HeaderMap) {
        let Limit { class, requests, seconds } = self.limit;
        let policy = format!("\"{class}\";q={requests};w={seconds}");
        let state = format!("\"{class}\";r={};t={}", self.remaining(), self.seconds);
        if let (Ok(policy), Ok(state)) = (HeaderValue::from_str(&policy), HeaderValue::from_str(&state)) {
            headers.insert(POLICY, policy);
            headers.insert(STATE, state);
        }
    }
}

/// Reads the limit of a class from the variable `rate_limit_<class>`, which has the form `<requests>/<seconds>`.
fn limit(context: &Context, class: RateClass) -> Result<Option<Limit>, config::Error> {
    let Some(class) = class.name() else { return Ok(None) };
    let variable = format!("rate_limit_{class}");
    let text = context.config().get(&variable)?;
    let number = |text: &str| text.trim().parse::<i64>().ok().filter(|number| *number > 0);
    let limit = text
        .split_once('/')
        .and_then(|(requests, seconds)| Some(Limit { class, requests: number(requests)?, seconds: number(seconds)? }));
    let expected = "a number of requests and a number of seconds such as 100/60";
    limit.map(Some).ok_or(config::Error::Invalid { name: variable, expected })
}

/// Checks the variable with the limit of a class.
pub(crate) fn check_variable(context: &Context, class: RateClass) -> Result<(), config::Error> {
    limit(context, class).map(drop)
}

/// Returns the key of a client's record. It is derived with a secret, so that an attacker cannot search for an address with the same record
/// as another.
fn record_key(secret: &str, class: &str, key: RateLimitKey) -> String {
    let mut mac = mac(secret, Purpose::RATE);
    match key {
        RateLimitKey::User(user) => mac.update(user.0.as_bytes()),
        // Only the /64 counts: a single customer can choose any address in it.
        RateLimitKey::Address(Some(IpAddr::V6(address))) => mac.update(&address.octets()[..8]),
        RateLimitKey::Address(Some(IpAddr::V4(address))) => mac.update(&address.octets()),
        RateLimitKey::Address(None) => {}
    }
    let digest = mac.finalize().into_bytes();
    let number = u64::from_le_bytes(digest[..8].try_into().expect("a digest has 32 bytes")) % RECORDS;
    format!("rate:{class}:{number:x}")
}

/// The start of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    /// The time of its first request, in seconds since the Unix epoch.
    opened: i64,
    /// The value of the counter before its first request.
    before: i64,
}

impl Window {
    fn to_bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.opened.to_le_bytes());
        bytes[8..].copy_from_slice(&self.before.to_le_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (opened, before) = bytes.split_first_chunk()?;
        let before = before.try_into().ok()?;
        Some(Self { opened: i64::from_le_bytes(*opened), before: i64::from_le_bytes(before) })
    }

    /// Returns whether the window is open at `now` for the request with the number `count`. If not, it is over, or one of the two records was
    /// lost.
    fn is_open(self, now: i64, seconds: i64, count: i64) -> bool {
        (now - seconds + 1..=now + LEEWAY_SECONDS).contains(&self.opened) && count > self.before
    }
}

/// Counts one request under `key` at `now`. Returns the time at which the window opened and the number of requests in it, this one included.
async fn increment_window(store: &Store, key: &str, limit: Limit, now: i64) -> Result<(i64, i64), kv::Error> {
    let count = store.increment(key, 1).await?;
    let window_key = format!("{key}:w");
    let stored = store.get(&window_key).await?.as_deref().and_then(Window::from_bytes);
    if let Some(window) = stored
        && window.is_open(now, limit.seconds, count)
    {
        return Ok((window.opened, count - window.before));
    }
    // All concurrent first requests of a new client are counted.
    let before = if stored.is_none() { 0 } else { count - 1 };
    store.set(&window_key, &Window { opened: now, before }.to_bytes()).await?;
    Ok((now, count - before))
}

#[cfg(test)]
mod tests;
