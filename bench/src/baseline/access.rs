//! The checks of the edge before a read, natively: the token and the rate limit.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use uuid::Uuid;

use crate::jwt::{AccessClaims, Verifier};

/// The number of cached tokens, the same as in the edge.
const CACHED_TOKENS: usize = 4096;

/// The requests that one client may send in a window of [`SECONDS`]. As in the compared instance, more than the server can serve.
const REQUESTS: i64 = 100_000_000;
const SECONDS: i64 = 60;

/// Verifies tokens and counts requests. A signature is verified once: a valid token is cached with its claims until it expires.
pub(super) struct Access {
    verifier: Verifier,
    verified: Mutex<HashMap<String, AccessClaims>>,
    windows: Mutex<HashMap<Client, Window>>,
}

/// The client of a window.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Client {
    User(Uuid),
    Address(IpAddr),
}

/// The time when a window was opened, in seconds since the Unix epoch, and the number of its requests.
#[derive(Clone, Copy)]
struct Window {
    opened: i64,
    requests: i64,
}

/// The remaining quota of a window, as header values.
pub(super) struct Quota {
    pub(super) policy: String,
    pub(super) state: String,
}

impl Access {
    pub(super) fn new(verifier: Verifier) -> Self {
        Self { verifier, verified: Mutex::default(), windows: Mutex::default() }
    }

    /// Returns the claims of the request's token, or 401.
    pub(super) fn authenticate(&self, headers: &HeaderMap) -> Result<AccessClaims, StatusCode> {
        let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.split_once(' '));
        let (_, token) =
            token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).ok_or(StatusCode::UNAUTHORIZED)?;
        let now = Timestamp::now().as_second();
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(claims) = verified.get(token).filter(|claims| now < claims.expires_at) {
            return Ok(*claims);
        }
        let claims = self.verifier.verify(token, now).ok_or(StatusCode::UNAUTHORIZED)?;
        if verified.len() >= CACHED_TOKENS {
            verified.clear();
        }
        verified.insert(token.to_owned(), claims);
        Ok(claims)
    }

    /// Counts a request of `client`. Returns the remaining quota, or 429 if there is none.
    pub(super) fn count(&self, client: Client) -> Result<Quota, StatusCode> {
        let now = Timestamp::now().as_second();
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(client).or_insert(Window { opened: now, requests: 0 });
        if now >= window.opened + SECONDS {
            *window = Window { opened: now, requests: 0 };
        }
        window.requests += 1;
        let Window { opened, requests } = *window;
        drop(windows);
        if requests > REQUESTS {
            return Err(StatusCode::TOO_MANY_REQUESTS);
        }
        Ok(Quota {
            policy: format!("\"read\";q={REQUESTS};w={SECONDS}"),
            state: format!("\"read\";r={};t={}", REQUESTS - requests, opened + SECONDS - now),
        })
    }
}
