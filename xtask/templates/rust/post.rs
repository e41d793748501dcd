//! Settings, and one HTTP POST to a service on the internet.

use serde_json::Value;

use crate::bindings::fermyon::spin::variables;
use crate::exchange;

/// Returns a variable of the component that this provider is composed into; empty if it is not defined.
pub(crate) fn setting(name: &str) -> String {
    variables::get(name).unwrap_or_default().trim().to_owned()
}

/// Returns whether a request with this status may succeed at another attempt.
pub(crate) fn is_later(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..)
}

/// Returns the id in the response of the service, up to 255 characters; empty if it has none.
pub(crate) fn id(response: &[u8]) -> String {
    let response: Value = serde_json::from_slice(response).unwrap_or_default();
    response["id"].as_str().unwrap_or_default().chars().take(255).collect()
}

/// Posts JSON to the URL in the variable `endpoint`, with the variable `key` as a bearer token. Returns the status and up to 16 KiB of the body.
/// Redirects are not followed.
///
/// # Errors
///
/// The reason why there is no response; another attempt may succeed.
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
