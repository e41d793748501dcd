//! Rate limits: how many requests of a class one client may send in a window of time.
//!
//! A client's window opens with its first request and admits a number of them; what comes after that waits until it closes. The
//! state is one number per client and class in key-value: the second in which the window opened, and in its lower bits how many
//! requests came since. It is only ever changed by atomic additions, so that requests that arrive together are all counted.

use crate::route::RateClass;
use hmac::{Hmac, Mac as _};
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use sha2::Sha256;
use spindle_contracts::{Problem, ProblemKind, UserId};
use spindle_platform::kv::{self, Store};
use spindle_platform::{Context, config};
use std::net::IpAddr;

/// What a client may ask for, and what is left of it (draft-ietf-httpapi-ratelimit-headers-10).
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// The bits of a count. Nobody means 8 million requests as a limit.
const COUNT_BITS: u32 = 24;
const MAX_COUNT: i64 = (1 << COUNT_BITS) - 1;

/// How often a record is read again that is being moved.
const PATIENCE: usize = 8;

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
    let record = Record { store, key: key(secret, limit.class, client) };
    let (opened, count) = record.count(now, limit.seconds).await?;
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
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length is a key");
    mac.update(b"spindle rate\0");
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

struct Record<'a> {
    store: &'a Store,
    key: String,
}

impl Record<'_> {
    /// Counts one request at `now`; when its window opened, and how many requests there were in it with this one.
    async fn count(&self, now: i64, seconds: i64) -> Result<(i64, i64), kv::Error> {
        let is_open = |opened| (now - seconds + 1..=now + LEEWAY_SECONDS).contains(&opened);
        let (mut opened, mut count) = self.add(1).await?;
        // In the future: someone is about to take back a move, see below.
        for _ in 0..PATIENCE {
            if opened <= now + LEEWAY_SECONDS {
                break;
            }
            (opened, count) = self.add(0).await?;
        }
        if is_open(opened) {
            return Ok((opened, count));
        }
        // The window is over, or there was none. Of several requests that notice, the first to move it has moved it; the others
        // find it moved too far and take their own move back.
        let forgotten = if opened == 0 { 0 } else { count - 1 };
        let shift = ((now - opened) << COUNT_BITS) - forgotten;
        let (moved, count) = self.add(shift).await?;
        if moved == now && count < MAX_COUNT / 2 {
            return Ok((moved, count));
        }
        let (opened, count) = self.add(-shift).await?;
        if is_open(opened) {
            return Ok((opened, count));
        }
        // Someone was stopped before taking a move back, so the record means nothing any more.
        self.store.delete(&self.key).await?;
        Ok((now, 1))
    }

    async fn add(&self, delta: i64) -> Result<(i64, i64), kv::Error> {
        let record = self.store.increment(&self.key, delta).await?;
        Ok((record >> COUNT_BITS, record & MAX_COUNT))
    }
}

#[cfg(test)]
mod tests;
