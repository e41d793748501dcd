//! The operations on orders over HTTP. A customer sees and cancels the own orders, and an operator everybody's.

pub(crate) mod internal;
pub(crate) mod orders;
pub(crate) mod placing;

use crate::order::Order;
use http::header::{CACHE_CONTROL, ETAG};
use http::{HeaderValue, StatusCode};
use spindle_platform::http::{ETag, Response, json};

/// An order as a body, with its version, to be kept only by the client and checked each time.
pub(crate) fn with_order(status: StatusCode, order: &Order) -> Response {
    let mut response = json(status, order);
    let headers = response.headers_mut();
    headers.insert(ETAG, etag(order).header());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

fn etag(order: &Order) -> ETag {
    ETag::of_version(order.version)
}
