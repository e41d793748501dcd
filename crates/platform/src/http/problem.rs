//! Problems as responses.

use super::{Response, json};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use spindle_contracts::problem::{FieldError, Problem, TYPE_BASE};

/// The media type of problem details (RFC 9457).
pub const PROBLEM_JSON: &str = "application/problem+json";

/// The members of a problem document, in the order of the response.
#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    instance: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
    #[serde(flatten)]
    extensions: &'a serde_json::Map<String, serde_json::Value>,
}

/// Returns `problem` as the response to the request `request_id` for the path `instance`.
pub fn problem_response(problem: &Problem, instance: &str, request_id: &str) -> Response {
    let status = StatusCode::from_u16(problem.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let document = Document {
        r#type: format!("{TYPE_BASE}{}", problem.kind.name()),
        title: problem.kind.title(),
        status: problem.kind.status(),
        detail: &problem.detail,
        instance,
        request_id,
        errors: &problem.errors,
        extensions: &problem.extensions,
    };
    let mut response = json(status, &document);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    if let Some(seconds) = problem.retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if let Ok(allow) = HeaderValue::from_str(&problem.allow.join(", "))
        && !problem.allow.is_empty()
    {
        headers.insert(header::ALLOW, allow);
    }
    if let Some(codings) = problem.accept_encoding {
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(codings));
    }
    if status == StatusCode::UNAUTHORIZED {
        let challenge = problem.challenge.as_deref().and_then(|challenge| HeaderValue::from_str(challenge).ok());
        headers.insert(header::WWW_AUTHENTICATE, challenge.unwrap_or(HeaderValue::from_static("Bearer")));
    }
    response
}
