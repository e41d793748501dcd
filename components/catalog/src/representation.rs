//! What every public read answers with: a body that anybody may keep for a moment, and may ask about again by its tag.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LINK};
use http::{HeaderName, HeaderValue, StatusCode};
use spindle_platform::http::{ETag, Request, Response, json};

/// Five seconds take the load of a busy page off us, and for half a minute more a shop shows what it has while it asks for news. Nobody
/// is misled for long: an order takes price and stock as they are at that moment. Who changes a product over the same cache sees the
/// change at once, since a successful PATCH, PUT or DELETE drops what was kept of that address (RFC 9111, section 4.4).
const PUBLIC: HeaderValue = HeaderValue::from_static("public, max-age=5, stale-while-revalidate=30");

/// RFC 9211.
const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// A body with what identifies it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Representation {
    pub(crate) etag: ETag,
    /// The `Link` of a page to the next.
    pub(crate) link: Option<HeaderValue>,
    pub(crate) body: Bytes,
}

impl Representation {
    /// What `response` says, identified by its content.
    pub(crate) fn of_content(mut response: Response) -> Self {
        let etag = ETag::of_content(response.body());
        Self { etag, link: response.headers_mut().remove(LINK), body: std::mem::take(response.body_mut()) }
    }

    /// `value`, identified by its version.
    pub(crate) fn of_version(version: u64, value: &impl serde::Serialize) -> Self {
        let etag = ETag::of_version(version);
        Self { etag, link: None, body: json(StatusCode::OK, value).into_body() }
    }

    /// 200 with the body, or 304 if the client has it; `status` says where it comes from.
    pub(crate) fn into_response(self, request: &Request, status: HeaderValue) -> Response {
        let Self { etag, link, body } = self;
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ETAG, etag.header());
        headers.insert(CACHE_CONTROL, PUBLIC);
        headers.insert(CACHE_STATUS, status);
        headers.extend(link.map(|link| (LINK, link)));
        request.or_not_modified(response, &etag)
    }
}
