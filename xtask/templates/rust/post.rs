//! What it takes to reach a service on the internet: its settings, and one HTTP POST.

use serde_json::Value;
use wstd::future::FutureExt as _;
use wstd::http::{Body, BodyExt as _, Client, Request};
use wstd::time::Duration;

use crate::bindings::fermyon::spin::variables;

/// The interface gives ten seconds for everything.
const TIMEOUT_SECONDS: u64 = 9;

/// How much of an answer is read.
const MAX_ANSWER: usize = 16 * 1024;

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
    if !url.starts_with("https://") && setting("allow_private") != "true" {
        return Err("not set up: `endpoint` is to begin with https://".to_owned());
    }
    let request = Request::post(url)
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {}", setting("key")))
        .header("idempotency-key", key)
        .body(Body::from(body.to_string()))
        .map_err(|error| error.to_string())?;
    wstd::runtime::block_on(async {
        let answer = exchange(request).timeout(Duration::from_secs(TIMEOUT_SECONDS)).await;
        answer.unwrap_or_else(|_| Err("no answer in time".to_owned()))
    })
}

async fn exchange(request: Request<Body>) -> Result<(u16, Vec<u8>), String> {
    let response = Client::new().send(request).await.map_err(|error| format!("no answer: {error}"))?;
    let status = response.status().as_u16();
    let (mut body, mut answer) = (response.into_body().into_boxed_body(), Vec::new());
    // What breaks off ends as well: the status has already said what matters.
    while let Some(Ok(frame)) = body.frame().await {
        answer.extend(frame.into_data().unwrap_or_default());
        if answer.len() >= MAX_ANSWER {
            break;
        }
    }
    Ok((status, answer))
}
