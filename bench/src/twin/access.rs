//! What the edge checks before a read, natively: whose token it is, and how often they ask.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use uuid::Uuid;

use crate::jwt::{AccessClaims, Verifier};

/// How many tokens are remembered, as many as the edge does.
const REMEMBERED: usize = 4096;

/// What one client may ask for in a window of so many seconds. As in the instance that the twin is compared with, more than it can serve.
const REQUESTS: i64 = 100_000_000;
const SECONDS: i64 = 60;

/// Checks and counts. Signatures are checked once: a token that was good is remembered with what it grants, until it expires.
pub(super) struct Access {
    verifier: Verifier,
    good: Mutex<HashMap<String, AccessClaims>>,
    windows: Mutex<HashMap<Client, Window>>,
}

/// Whom a window is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Client {
    User(Uuid),
    Address(IpAddr),
}

/// When it opened, in seconds since the Unix epoch, and how many requests came in it.
#[derive(Clone, Copy)]
struct Window {
    opened: i64,
    requests: i64,
}

/// What is left of a window, as header values.
pub(super) struct Left {
    pub(super) policy: String,
    pub(super) state: String,
}

impl Access {
    pub(super) fn new(verifier: Verifier) -> Self {
        Self { verifier, good: Mutex::default(), windows: Mutex::default() }
    }

    /// Whose request it is, if they have a good token.
    pub(super) fn grant(&self, headers: &HeaderMap) -> Result<AccessClaims, StatusCode> {
        let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.split_once(' '));
        let (_, token) =
            token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).ok_or(StatusCode::UNAUTHORIZED)?;
        let now = Timestamp::now().as_second();
        let mut good = self.good.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(grant) = good.get(token).filter(|grant| now < grant.expires_at) {
            return Ok(*grant);
        }
        let grant = self.verifier.check(token, now).ok_or(StatusCode::UNAUTHORIZED)?;
        if good.len() >= REMEMBERED {
            good.clear();
        }
        good.insert(token.to_owned(), grant);
        Ok(grant)
    }

    /// Counts a request of `client`, and refuses it if there were too many.
    pub(super) fn count(&self, client: Client) -> Result<Left, StatusCode> {
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
        Ok(Left {
            policy: format!("\"read\";q={REQUESTS};w={SECONDS}"),
            state: format!("\"read\";r={};t={}", REQUESTS - requests, opened + SECONDS - now),
        })
    }
}
