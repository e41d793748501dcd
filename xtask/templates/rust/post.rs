//! What it takes to reach a service on the internet: its settings, and one HTTP POST.

use serde_json::Value;

use crate::bindings::fermyon::spin::variables;
use crate::exchange;

/// A variable of the component that this is composed into; empty if it has none of that name.
pub(crate) fn setting(name: &str) -> String {
    variables::get(name).unwrap_or_default().trim().to_owned()
}

/// Whether what was answered with this status may work at another attempt.
pub(crate) fn is_later(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..)
}

/// What the service calls what it was sent, as far as it says so: up to 255 characters.
pub(crate) fn id(answer: &[u8]) -> String {
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    answer["id"].as_str().unwrap_or_default().chars().take(255).collect()
}

/// Posts to the variable `endpoint` as JSON, with the variable `key` as a bearer token. Gives the status and as much of the answer as is worth
/// reading; redirects are not followed. An error says why there is no answer: another attempt may have one.
pub(crate) fn post(key: &str, body: &Value) -> Result<(u16, Vec<u8>), String> {
    let url = setting("endpoint");
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    if scheme != "https" && (scheme != "http" || setting("allow_private") != "true") {
        return Err("not configured: `endpoint` must begin with https://".to_owned());
    }
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let path = if path.is_empty() { "/" } else { path };
    let headers = [("authorization", format!("Bearer {}", setting("key"))), ("idempotency-key", key.to_owned())];
    exchange::post(scheme == "https", authority, path, &headers, &body.to_string())
}
