//! Cross-origin requests (the Fetch standard's CORS protocol) for the origins in the variable `cors_allowed_origins`.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderValue, Method, StatusCode};
use spindle_platform::Context;
use spindle_platform::http::{Request, Response, empty};

/// The variable with the allowed origins, separated by commas. Empty: none.
const ORIGINS_VARIABLE: &str = "cors_allowed_origins";

/// The request headers that a script may send.
const ALLOWED_HEADERS: HeaderValue = HeaderValue::from_static(
    "authorization, content-type, idempotency-key, if-match, if-none-match, traceparent, x-request-id",
);

/// The response headers that a script may read.
const EXPOSED_HEADERS: HeaderValue = HeaderValue::from_static(
    "accept-encoding, deprecation, etag, idempotency-replayed, link, location, ratelimit, ratelimit-policy, retry-after, sunset, \
     www-authenticate, x-request-id",
);

/// The time for which a browser may cache the response to a preflight request, in seconds.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// Returns the request's origin if it may read our responses.
pub(crate) fn allowed_origin(context: &Context, request: &Request) -> Option<HeaderValue> {
    let origin = request.header(ORIGIN)?;
    let allowed = context.config().list(ORIGINS_VARIABLE).unwrap_or_default();
    // Browsers write scheme and host in lower case, so origins compare byte by byte.
    allowed.iter().any(|item| item == origin).then(|| HeaderValue::from_str(origin).ok()).flatten()
}

/// Returns whether the request is a preflight request.
pub(crate) fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(ORIGIN)
        && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Returns the response to a preflight request for a resource that allows `methods`. Without an allowed origin it allows nothing.
pub(crate) fn preflight(methods: &str, origin: Option<&HeaderValue>) -> Response {
    let mut response = empty(StatusCode::NO_CONTENT);
    if let (Some(_), Ok(methods)) = (origin, HeaderValue::from_str(methods)) {
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS);
        headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    }
    response
}

/// Adds the headers that let `origin` read `response`. Adds `Vary: origin` in any case: a cache must not serve the response for one origin to
/// another.
pub(crate) fn add_headers(response: &mut Response, origin: Option<HeaderValue>) {
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
    }
}
