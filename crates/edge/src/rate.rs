//! Rate limits: how many requests of a class one client may send in a window of time.
//!
//! A client's window opens with its first request and admits a number of them; what comes after that waits until it closes. Two small
//! records per client and class hold it in key-value: a counter of all its requests ever, which is only added to, atomically, so that
//! requests that arrive together are all counted; and where the window began, in time and on that counter. The second is written
//! once a window. Requests that find the same window closed at the same moment each write it, and the last one's stands: of those
//! few, some go uncounted.

use crate::mac::{Purpose, mac};
use crate::route::RateClass;
use hmac::Mac as _;
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use spindle_contracts::{Problem, ProblemKind, UserId};
use spindle_platform::kv::{self, Store};
use spindle_platform::{Context, config};
use std::net::IpAddr;

/// What a client may ask for, and what is left of it (draft-ietf-httpapi-ratelimit-headers-10).
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// How far another machine's clock may be ahead, in seconds.
const LEEWAY_SECONDS: i64 = 5;

/// How many records there are at most for a class. Key-value neither expires nor lists its keys, so clients are hashed into a
/// fixed number of records; two that fall into the same share a limit.
const RECORDS: u64 = 1 << 18;

/// Whom a limit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    /// A user, wherever the requests come from.
    User(UserId),
    /// Whoever is at an address, or behind it. None: Spin did not tell it.
    Address(Option<IpAddr>),
}

/// How many requests a window admits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Limit {
    class: &'static str,
    requests: i64,
    seconds: i64,
}

/// What is left of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    limit: Limit,
    requests: i64,
    /// Until the window closes.
    seconds: i64,
}

/// Why nothing was counted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Store(#[from] kv::Error),
    #[error(transparent)]
    Config(#[from] config::Error),
}

/// Counts a request of `client`. What is left, or none if the class is not counted.
pub(crate) async fn take(
    context: &Context,
    store: &Store,
    secret: &str,
    class: RateClass,
    client: Client,
) -> Result<Option<Left>, Error> {
    let Some(limit) = limit(context, class)? else { return Ok(None) };
    let now = context.now().as_secs();
    let (opened, count) = count(store, &key(secret, limit.class, client), limit, now).await?;
    let seconds = (opened + limit.seconds - now).clamp(1, limit.seconds);
    Ok(Some(Left { limit, requests: limit.requests - count, seconds }))
}

impl Left {
    /// The problem of a client that has nothing left.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        if self.requests >= 0 {
            return Ok(());
        }
        let Limit { requests, seconds, .. } = self.limit;
        let detail = format!("There may be {requests} such requests in {seconds} seconds.");
        Err(Problem { retry_after: u32::try_from(self.seconds).ok(), ..Problem::new(ProblemKind::RateLimited, detail) })
    }

    /// Tells the client how it stands.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let Limit { class, requests, seconds } = self.limit;
        let policy = format!("\"{class}\";q={requests};w={seconds}");
        let state = format!("\"{class}\";r={};t={}", self.requests.max(0), self.seconds);
        if let (Ok(policy), Ok(state)) = (HeaderValue::from_str(&policy), HeaderValue::from_str(&state)) {
            headers.insert(POLICY, policy);
            headers.insert(STATE, state);
        }
    }
}

/// The limit of a class: the variable `rate_limit_<class>` as `<requests>/<seconds>`.
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

/// The record of a client. Under a secret, so that nobody can look for an address that shares another's.
fn key(secret: &str, class: &str, client: Client) -> String {
    let mut mac = mac(secret, Purpose::RATE);
    match client {
        Client::User(user) => mac.update(user.0.as_bytes()),
        // A single customer has a /64 of them to choose from.
        Client::Address(Some(IpAddr::V6(address))) => mac.update(&address.octets()[..8]),
        Client::Address(Some(IpAddr::V4(address))) => mac.update(&address.octets()),
        Client::Address(None) => {}
    }
    let digest = mac.finalize().into_bytes();
    let number = u64::from_le_bytes(digest[..8].try_into().expect("a digest has 32 bytes")) % RECORDS;
    format!("rate:{class}:{number:x}")
}

/// Where a window began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    /// In seconds since the Unix epoch.
    opened: i64,
    /// The counter before its first request.
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

    /// Whether it is open at `now` for the request with the number `count`. If not, it is over, or one of the two records was lost.
    fn is_open(self, now: i64, seconds: i64, count: i64) -> bool {
        (now - seconds + 1..=now + LEEWAY_SECONDS).contains(&self.opened) && count > self.before
    }
}

/// Counts one request of the client of `key` at `now`: when its window opened, and how many requests it has had with this one.
async fn count(store: &Store, key: &str, limit: Limit, now: i64) -> Result<(i64, i64), kv::Error> {
    let count = store.increment(key, 1).await?;
    let window_key = format!("{key}:w");
    let known = store.get(&window_key).await?.as_deref().and_then(Window::from_bytes);
    if let Some(window) = known
        && window.is_open(now, limit.seconds, count)
    {
        return Ok((window.opened, count - window.before));
    }
    // A client that is new is counted from its first request on, however many come at once.
    let before = if known.is_none() { 0 } else { count - 1 };
    store.set(&window_key, &Window { opened: now, before }.to_bytes()).await?;
    Ok((now, count - before))
}

#[cfg(test)]
mod tests;
