//! Requests and responses as types of the `http` crate, and HTTP for handlers: parameters, bodies, preconditions, pages.

mod body;
mod conditional;
mod json;
mod lines;
mod page;
mod problem;
mod query;
mod request;
mod response;
mod router;
mod stream;

pub use body::{Body, BodyError};
pub use conditional::{ETag, Precondition, UnknownETag};
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
pub use json::MAX_DEPTH;
#[cfg(not(target_family = "wasm"))]
pub(crate) use json::read as read_json;
pub use lines::{Line, Lines, MAX_LINE_BYTES};
pub use page::{Page, PageRequest, Paged};
pub use problem::{PROBLEM_JSON, problem_response};
pub use query::NoParameters;
pub use request::{Request, UnreadBody};
pub use response::{Response, empty, json, versioned_json};
pub use router::{Matched, Params, Router};
pub(crate) use stream::{BodyWork, Streamed};
pub use stream::{BodyWriter, StreamError, is_streamed};
