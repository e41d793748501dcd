//! An incoming request, as a handler receives it.

use super::{Body, BodyError, ETag, Lines, Params, Precondition, Response, json, query};
use bytes::Bytes;
use deserr::Deserr;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, Uri, header};
use serde::de::DeserializeOwned;
use spindle_contracts::{FieldError, InputErrors, Problem, ProblemKind};
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use std::str::FromStr;

/// The longest body that is read only to be discarded, in bytes.
const MAX_DISCARDED: usize = 64 * 1024;

/// A request: its head as the type of the `http` crate, the parameters of its route, and its unread body.
#[derive(Debug)]
pub struct Request {
    head: Parts,
    params: Params,
    body: Rc<RefCell<Body>>,
    body_limit: usize,
}

/// A handle on the body of a request, or on its unread rest.
#[derive(Debug)]
pub struct UnreadBody(Rc<RefCell<Body>>);

impl Request {
    /// Wraps a request without a route and with a body limit of zero; the edge sets both.
    pub fn new(request: http::Request<Body>) -> Self {
        let (head, body) = request.into_parts();
        Self { head, params: Params::default(), body: Rc::new(RefCell::new(body)), body_limit: 0 }
    }

    /// Sets the parameters and the body limit of the route that the request matched.
    #[must_use]
    pub fn on_route(self, params: Params, body_limit: usize) -> Self {
        Self { params, body_limit, ..self }
    }

    /// Returns the method.
    pub fn method(&self) -> &Method {
        &self.head.method
    }

    /// Returns the target: path and query, as sent.
    pub fn uri(&self) -> &Uri {
        &self.head.uri
    }

    /// Returns the path, as sent.
    pub fn path(&self) -> &str {
        self.head.uri.path()
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Returns the header `name` if it is present once and is visible ASCII.
    pub fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        let mut values = self.head.headers.get_all(name).iter();
        let first = values.next()?;
        if values.next().is_some() { None } else { first.to_str().ok() }
    }

    /// Returns the address of the peer's socket, as Spin reports it. Spin appends its header to those that the client sent under that name,
    /// so only the last one is trusted.
    pub fn peer(&self) -> Option<&str> {
        self.head.headers.get_all("spin-client-addr").iter().next_back()?.to_str().ok()
    }

    /// Returns the parameter `{name}` of the route as a `T`. Text that is not a `T` cannot identify a resource: 404.
    pub fn param<T: FromStr>(&self, name: &str) -> Result<T, Problem> {
        let text = self.params.get(name).unwrap_or_default();
        text.parse().map_err(|_| Problem::not_found("No resource has this address."))
    }

    /// Reads the query as a `T`: 400 with every parameter that is unknown, repeated, empty or malformed, and with the headers that are malformed.
    pub fn query<T: Deserr<InputErrors>>(&self) -> Result<T, Problem> {
        query::read(self.head.uri.query().unwrap_or_default()).map_err(|errors| {
            let mut errors = errors.into_query_errors();
            errors.extend(self.header_errors());
            Problem::malformed_fields(errors)
        })
    }

    /// Returns the errors of the preconditions, which are the headers that are read after the query.
    pub fn header_errors(&self) -> Vec<FieldError> {
        let is_change = !matches!(self.head.method, Method::GET | Method::HEAD);
        Precondition::header_errors(&self.head.headers, is_change)
    }

    /// Returns the value of the query parameter `name`, for a test that plays another service. Given twice, it is ambiguous: 400. So is an empty one: it could select everything, or
    /// what lacks the property.
    pub fn query_parameter(&self, name: &str) -> Result<Option<Cow<'_, str>>, Problem> {
        match self.query_once(name)? {
            Some(value) if value.is_empty() => Err(Problem::malformed(format!(
                "The query parameter {name} is empty. Give it a value, or leave it out."
            ))),
            value => Ok(value),
        }
    }

    /// Returns the value of the query parameter `name`, which may be empty: 400 if it is given twice.
    fn query_once(&self, name: &str) -> Result<Option<Cow<'_, str>>, Problem> {
        let query = self.head.uri.query().unwrap_or_default();
        let mut values =
            form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name).map(|(_, value)| value);
        let first = values.next();
        match values.next() {
            None => Ok(first),
            Some(_) => Err(Problem::malformed(format!("The query parameter {name} is given more than once."))),
        }
    }

    /// Reads the body as JSON: 400 if it is not JSON, 413 if it is longer than the route accepts, 415 if it has another `Content-Type`, 422
    /// with every error and its pointer if it is not a `T`.
    pub async fn json<T: Deserr<InputErrors>>(&mut self) -> Result<T, Problem> {
        // The body is read first, even if its type is wrong: a response to a request with an unread body costs the client its connection.
        let bytes = self.bytes().await?;
        self.read_json(&bytes)
    }

    /// Parses `body`, which is the request's, as [`json`](Self::json) does: for a handler that also needs the bytes, to check their signature.
    pub fn read_json<T: Deserr<InputErrors>>(&self, body: &[u8]) -> Result<T, Problem> {
        json::expect_json(&self.head.headers)?;
        json::read(body)
    }

    /// Reads the body of an internal operation, which another service has sent: as [`json`](Self::json), but 422 with the first error alone.
    pub async fn internal_json<T: DeserializeOwned>(&mut self) -> Result<T, Problem> {
        let bytes = self.bytes().await?;
        json::expect_json(&self.head.headers)?;
        json::read_internal(&bytes)
    }

    /// Returns the lines of an NDJSON body, to be read as they arrive: 415 if it has another `Content-Type`.
    pub async fn ndjson(&mut self) -> Result<Lines, Problem> {
        json::expect_ndjson(&self.head.headers)?;
        Ok(Lines::new(self.body.replace(Body::empty()), self.body_limit))
    }

    /// Reads the whole body, within the limit of the route.
    pub async fn bytes(&mut self) -> Result<Bytes, Problem> {
        let limit = self.body_limit;
        Ok(self.body.replace(Body::empty()).read(limit).await?)
    }

    /// Returns a handle on the body, for code that responds without the request.
    pub fn unread_body(&self) -> UnreadBody {
        UnreadBody(Rc::clone(&self.body))
    }

    /// Refuses a body whose `Content-Length` is over the route's limit, before a byte of it is read.
    pub fn check_content_length(&self) -> Result<(), Problem> {
        match self.header(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok()) {
            Some(length) if length > self.body_limit as u64 => Err(too_large(self.body_limit)),
            _ => Ok(()),
        }
    }

    /// Refuses a body in a content coding such as gzip, which would be read as if it were not encoded. A GET or a DELETE has no body that is read.
    pub fn check_content_encoding(&self) -> Result<(), Problem> {
        let has_body = matches!(self.head.method, Method::POST | Method::PUT | Method::PATCH);
        let mut codings = self.head.headers.get_all(header::CONTENT_ENCODING).iter();
        let is_identity = |coding: &str| coding.trim().is_empty() || coding.trim().eq_ignore_ascii_case("identity");
        let is_plain = codings.all(|field| field.to_str().is_ok_and(|list| list.split(',').all(is_identity)));
        if is_plain || !has_body {
            return Ok(());
        }
        let detail = "Send the body without a content coding: Content-Encoding must be absent or identity.";
        let problem = Problem::new(ProblemKind::UnsupportedMediaType, detail);
        Err(Problem { accept_encoding: Some("identity"), ..problem })
    }

    /// Returns the preconditions of a change that requires `If-Match`: 428 if it is missing, 400 if one is malformed.
    pub fn if_match(&self) -> Result<Precondition, Problem> {
        Precondition::of_guarded_change(&self.head.headers)
    }

    /// Returns the preconditions of a change that requires none, but obeys those that are sent: 400 if one is malformed.
    pub fn precondition(&self) -> Result<Precondition, Problem> {
        Precondition::of_change(&self.head.headers)
    }

    /// Returns `response`, whose entity tag is `current`, or 304 without a body if `If-None-Match` lists that tag.
    ///
    /// # Errors
    ///
    /// 412 if `If-Match` does not list the tag, 400 if it is malformed.
    pub fn or_not_modified(&self, mut response: Response, current: &ETag) -> Result<Response, Problem> {
        let precondition = Precondition::of_read(&self.head.headers)?;
        precondition.check_if_match(current)?;
        if precondition.has_in_if_none_match(current) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response.headers_mut().remove(header::CONTENT_TYPE);
            response.body_mut().clear();
        }
        Ok(response)
    }
}

impl From<BodyError> for Problem {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge(limit) => too_large(limit),
            BodyError::Incomplete(_) => {
                Self::malformed("The body is incomplete: the connection ended before the body did.")
            }
        }
    }
}

impl UnreadBody {
    /// Reads and discards a small body, before a response that does not depend on it. A body that is not read to its end makes the server
    /// close the connection, and a client that sends its next request on that connection gets no response.
    pub async fn discard(self) {
        // A longer or incomplete body is an error, after which the connection may be closed.
        let _ = self.0.replace(Body::empty()).read(MAX_DISCARDED).await;
    }
}

fn too_large(limit: usize) -> Problem {
    Problem::new(ProblemKind::PayloadTooLarge, format!("The body may have at most {limit} bytes."))
}

#[cfg(test)]
mod tests {
    use super::{Body, Request};

    #[test]
    fn a_client_cannot_forge_its_address() {
        let request = http::Request::get("/").header("spin-client-addr", "10.0.0.1:1");
        let request = request.header("spin-client-addr", "127.0.0.1:9").body(Body::empty()).unwrap();
        assert_eq!(Request::new(request).peer(), Some("127.0.0.1:9"));
    }

    fn detail<T: std::fmt::Debug>(result: Result<T, spindle_contracts::Problem>) -> String {
        let problem = result.unwrap_err();
        assert_eq!(problem.kind, spindle_contracts::ProblemKind::MalformedRequest);
        problem.detail
    }

    #[test]
    fn a_parameter_that_is_empty_or_given_twice_is_refused() {
        let twice = Request::new(http::Request::get("/?a=1&a=2").body(Body::empty()).unwrap());
        assert_eq!(detail(twice.query_parameter("a")), "The query parameter a is given more than once.");
        for target in ["/?a=", "/?b=1&a", "/?a&b=1"] {
            let empty = Request::new(http::Request::get(target).body(Body::empty()).unwrap());
            assert_eq!(
                detail(empty.query_parameter("a")),
                "The query parameter a is empty. Give it a value, or leave it out.",
                "{target}"
            );
        }
    }
}
