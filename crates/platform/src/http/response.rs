//! Constructors of responses.

use super::ETag;
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// A response with its whole body, so that `Content-Length` is sent with the head; [`Context::stream`](crate::Context::stream) makes the
/// exception.
pub type Response = http::Response<Bytes>;

/// Returns `status` with `value` as its JSON body.
pub fn json(status: StatusCode, value: &impl Serialize) -> Response {
    let body = serde_json::to_vec(value).expect("response bodies are plain data with string keys");
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Returns `status` with `value` as its JSON body and `version` as its `ETag`, for a resource that belongs to one user: only the client may keep
/// it, and checks it each time.
pub fn versioned_json(status: StatusCode, value: &impl Serialize, version: u64) -> Response {
    let mut response = json(status, value);
    let headers = response.headers_mut();
    headers.insert(header::ETAG, ETag::of_version(version).header());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

/// Returns `status` without a body.
pub fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}
