//! The response to every public read: a body that any cache may store for a few seconds and revalidate by its entity tag.

use crate::product::Product;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LINK};
use http::{HeaderName, HeaderValue, StatusCode};
use spindle_contracts::Problem;
use spindle_platform::http::{ETag, Request, Response, json};

/// The `Cache-Control` of public reads. Five seconds absorb the load of a busy page; for another half minute, a cache may serve the stored
/// response while it revalidates. No order is wrong because of that: it uses price and stock at the moment it is placed. A client that
/// changes a product through the same cache sees the change at once, since a successful PATCH, PUT or DELETE invalidates the stored response
/// of that URL (RFC 9111, section 4.4).
const PUBLIC: HeaderValue = HeaderValue::from_static("public, max-age=5, stale-while-revalidate=30");

/// The header `Cache-Status` (RFC 9211).
const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// A body with its entity tag.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Representation {
    pub(crate) etag: ETag,
    /// The `Link` from a page to the next.
    pub(crate) link: Option<HeaderValue>,
    pub(crate) body: Bytes,
}

/// Returns the entity tag of `product`: its version, and the available units. These two determine the representation. Sales and counts change only
/// the second.
pub(crate) fn etag(product: &Product) -> ETag {
    ETag::of_version_and_state(product.version, product.stock.available().unsigned_abs())
}

impl Representation {
    /// Returns the representation in `response`, with a tag of its content.
    pub(crate) fn of_content(mut response: Response) -> Self {
        let etag = ETag::of_content(response.body());
        Self { etag, link: response.headers_mut().remove(LINK), body: std::mem::take(response.body_mut()) }
    }

    /// Returns `product` as JSON.
    pub(crate) fn of_product(product: &Product) -> Self {
        Self { etag: etag(product), link: None, body: json(StatusCode::OK, product).into_body() }
    }

    /// Returns 200 with the body, 304 if the client has it, or 412 if `If-Match` demands another; `status` is the `Cache-Status`.
    pub(crate) fn into_response(self, request: &Request, status: HeaderValue) -> Result<Response, Problem> {
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
