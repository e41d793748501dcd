//! An incoming request as handlers see it.

use super::{Body, BodyError, ETag, Lines, PageRequest, Params, Precondition, Response, json};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, Uri, header};
use serde::de::DeserializeOwned;
use spindle_contracts::{Problem, ProblemKind};
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use std::str::FromStr;

/// The longest body that is read only to be forgotten, in bytes.
const MAX_DISCARDED: usize = 64 * 1024;

/// A request: its head on the `http` crate, the parameters of its route, and its body, not yet read.
#[derive(Debug)]
pub struct Request {
    head: Parts,
    params: Params,
    body: Rc<RefCell<Body>>,
    body_limit: usize,
}

/// The body of a request that somebody else holds, or what is left of it.
#[derive(Debug)]
pub struct UnreadBody(Rc<RefCell<Body>>);

impl Request {
    /// A request with no route and a body limit of zero; the edge sets both.
    pub fn new(request: http::Request<Body>) -> Self {
        let (head, body) = request.into_parts();
        Self { head, params: Params::default(), body: Rc::new(RefCell::new(body)), body_limit: 0 }
    }

    /// The same request on the route that it matched.
    #[must_use]
    pub fn on_route(self, params: Params, body_limit: usize) -> Self {
        Self { params, body_limit, ..self }
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.head.method
    }

    /// The target: path and query, as sent.
    pub fn uri(&self) -> &Uri {
        &self.head.uri
    }

    /// The path, as sent.
    pub fn path(&self) -> &str {
        self.head.uri.path()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// The header `name` if it is there, once, and visible ASCII.
    pub fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        let mut values = self.head.headers.get_all(name).iter();
        let first = values.next()?;
        if values.next().is_some() { None } else { first.to_str().ok() }
    }

    /// The address of the peer's socket, as Spin tells it. Spin adds its header after whatever the client sent under that name,
    /// so only the last one is to be believed.
    pub fn peer(&self) -> Option<&str> {
        self.head.headers.get_all("spin-client-addr").iter().next_back()?.to_str().ok()
    }

    /// The parameter `{name}` of the route as a `T`. Text that is not a `T` names nothing that exists: 404.
    pub fn param<T: FromStr>(&self, name: &str) -> Result<T, Problem> {
        let text = self.params.get(name).unwrap_or_default();
        text.parse().map_err(|_| Problem::not_found("There is nothing at this address."))
    }

    /// The query's value of `name`. Given twice, it is ambiguous: 400.
    pub fn query(&self, name: &str) -> Result<Option<Cow<'_, str>>, Problem> {
        let query = self.head.uri.query().unwrap_or_default();
        let mut values =
            form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name).map(|(_, value)| value);
        let first = values.next();
        match values.next() {
            None => Ok(first),
            Some(_) => Err(Problem::malformed(format!("The query parameter {name} is given more than once."))),
        }
    }

    /// Refuses query parameters that are not in `known`: a misspelt filter must not silently select everything.
    pub fn only_query(&self, known: &[&str]) -> Result<(), Problem> {
        let query = self.head.uri.query().unwrap_or_default();
        match form_urlencoded::parse(query.as_bytes()).find(|(key, _)| !known.contains(&key.as_ref())) {
            None => Ok(()),
            Some((key, _)) => Err(Problem::malformed(format!("The query parameter {key:?} is not known here."))),
        }
    }

    /// The page of a list that the query asks for.
    pub fn page(&self) -> Result<PageRequest, Problem> {
        PageRequest::from_query(self)
    }

    /// The body as JSON: 400 if it is none, 413 if it is longer than the route takes, 415 if it is announced as something
    /// else, 422 with a pointer if it is not a `T`.
    pub async fn json<T: DeserializeOwned>(&mut self) -> Result<T, Problem> {
        // First the body, whatever it is: an answer to a request that was not read to its end costs the client its connection.
        let bytes = self.bytes().await?;
        self.read_json(&bytes)
    }

    /// `body`, which is the request's, as [`json`](Self::json) reads it: for whoever needs its bytes as well, to check a signature over them.
    pub fn read_json<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, Problem> {
        json::expect_json(&self.head.headers)?;
        json::parse(body)
    }

    /// The lines of a body that is announced as NDJSON, to be read as they arrive: 415 if it is announced as something else.
    pub async fn ndjson(&mut self) -> Result<Lines, Problem> {
        json::expect_ndjson(&self.head.headers)?;
        Ok(Lines::new(self.body.replace(Body::empty()), self.body_limit))
    }

    /// The whole body, within the limit of the route.
    pub async fn bytes(&mut self) -> Result<Bytes, Problem> {
        let limit = self.body_limit;
        Ok(self.body.replace(Body::empty()).read(limit).await?)
    }

    /// A handle on the body, for whoever answers without the request.
    pub fn unread_body(&self) -> UnreadBody {
        UnreadBody(Rc::clone(&self.body))
    }

    /// Refuses a body that says of itself that it is longer than the route takes, before a byte of it is read.
    pub fn check_announced_length(&self) -> Result<(), Problem> {
        match self.header(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok()) {
            Some(length) if length > self.body_limit as u64 => Err(too_large(self.body_limit)),
            _ => Ok(()),
        }
    }

    /// What `If-Match` asks for: 428 if it is missing.
    pub fn if_match(&self) -> Result<Precondition, Problem> {
        Precondition::if_match(&self.head.headers)
    }

    /// `response`, whose entity tag is `current`, or 304 without its body if the client has that.
    pub fn or_not_modified(&self, mut response: Response, current: &ETag) -> Response {
        if current.in_if_none_match(&self.head.headers) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response.headers_mut().remove(header::CONTENT_TYPE);
            response.body_mut().clear();
        }
        response
    }
}

impl From<BodyError> for Problem {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge(limit) => too_large(limit),
            BodyError::Broken(_) => Self::malformed("The body broke off."),
        }
    }
}

impl UnreadBody {
    /// Reads a small body and forgets it, before an answer that does not depend on it. What is not read to its end makes the
    /// server close the connection, and a client that sends its next request on it gets no answer.
    pub async fn discard(self) {
        // If it is longer or breaks off, closing the connection is right.
        let _ = self.0.replace(Body::empty()).read(MAX_DISCARDED).await;
    }
}

fn too_large(limit: usize) -> Problem {
    Problem::new(ProblemKind::PayloadTooLarge, format!("The body may be up to {limit} bytes long."))
}

#[cfg(test)]
mod tests {
    use super::{Body, Request};

    #[test]
    fn a_client_cannot_name_its_own_address() {
        let request = http::Request::get("/").header("spin-client-addr", "10.0.0.1:1");
        let request = request.header("spin-client-addr", "127.0.0.1:9").body(Body::empty()).unwrap();
        assert_eq!(Request::new(request).peer(), Some("127.0.0.1:9"));
    }
}
