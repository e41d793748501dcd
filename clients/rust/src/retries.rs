//! When a request is repeated, and how long after.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Method, Request, Response, StatusCode};
use uuid::Uuid;

use crate::transport::IDEMPOTENCY_KEY;

/// How often and how fast a request is repeated that has no second effect: one that reads, replaces or deletes, or has an `Idempotency-Key`.
///
/// It is repeated if no response came, after 500, 502 and 504, after 429 and 503 as `Retry-After` says, and while the first request under its key is
/// still running. Each pause is a random part of one that doubles from attempt to attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retries {
    /// The number of attempts beside the first.
    pub attempts: u32,
    /// The longest pause before the second attempt.
    pub first_pause: Duration,
    /// The longest pause. A request that may only be repeated after a longer time fails at once.
    pub longest_pause: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Self { attempts: 3, first_pause: Duration::from_millis(250), longest_pause: Duration::from_secs(20) }
    }
}

impl Retries {
    /// No retries.
    pub const NONE: Self = Self { attempts: 0, first_pause: Duration::ZERO, longest_pause: Duration::ZERO };

    /// Returns the pause before attempt `attempt` + 1; `None` if the result is final.
    pub(crate) fn pause(&self, attempt: u32, result: &reqwest::Result<Response>) -> Option<Duration> {
        let response = match result {
            Ok(response) => response,
            Err(error) if error.is_builder() || error.is_redirect() => return None,
            Err(_) => return Some(self.backoff(attempt)),
        };
        let requested = retry_after(response.headers());
        match response.status() {
            StatusCode::INTERNAL_SERVER_ERROR | StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => {
                Some(self.backoff(attempt))
            }
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                Some(requested.unwrap_or_else(|| self.backoff(attempt))).filter(|pause| *pause <= self.longest_pause)
            }
            // The first request under the key is still running.
            StatusCode::CONFLICT => requested.filter(|pause| *pause <= self.longest_pause),
            _ => None,
        }
    }

    /// Returns a random part of the pause, so that clients that failed together do not come back together.
    fn backoff(&self, attempt: u32) -> Duration {
        let pause = self.first_pause.saturating_mul(2_u32.saturating_pow(attempt)).min(self.longest_pause);
        let [a, b, c, d, ..] = *Uuid::new_v4().as_bytes();
        let random = u32::from_le_bytes([a, b, c, d]);
        pause.mul_f64(f64::from(random) / f64::from(u32::MAX))
    }
}

/// Returns whether a request has no second effect if it is sent twice.
pub(crate) fn is_idempotent(request: &Request) -> bool {
    let method = request.method();
    method.is_safe()
        || [Method::PUT, Method::DELETE].contains(method)
        || request.headers().contains_key(IDEMPOTENCY_KEY)
}

/// Returns the pause that a response asks for. A date, which only proxies send, is none.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok().map(Duration::from_secs)
}
