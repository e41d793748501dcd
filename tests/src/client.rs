//! An HTTP client that hides nothing: no redirects, no retries; every status is a response, and each is held against the document of the API.

use std::sync::LazyLock;
use std::time::Duration;

use serde_json::Value;
use spindle_openapi::{ResponseParts, Validator};
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

/// A client for one instance. Cheap to clone; clones share connections.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    base: String,
    authorization: Option<String>,
}

/// An HTTP response.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// All header fields.
    pub headers: HeaderMap,
    /// The body as received.
    pub body: Vec<u8>,
}

/// Returns the validator of responses, which is made once.
fn validator() -> &'static Validator {
    static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
        let text = include_str!("../../api-specs/openapi.json");
        Validator::new(&serde_json::from_str(text).expect("the bundle is JSON"))
    });
    &VALIDATOR
}

impl Client {
    /// Returns an anonymous client for the instance at `base`.
    pub fn new(base: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_secs(30)))
            .build();
        Self { agent: config.new_agent(), base: base.trim_end_matches('/').to_owned(), authorization: None }
    }

    /// Returns the same client with an access token, which it sends with every request that has no other `authorization`.
    #[must_use]
    pub fn as_user(&self, access_token: &str) -> Self {
        Self { authorization: Some(format!("Bearer {access_token}")), ..self.clone() }
    }

    /// Returns the same client without a token.
    #[must_use]
    pub fn anonymous(&self) -> Self {
        Self { authorization: None, ..self.clone() }
    }

    /// Returns the instance's URL, without a slash at the end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Returns the `authorization` that it sends.
    pub fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }

    /// Sends a request. `body` is sent with a `Content-Length`; its `Content-Type` must be in `headers`.
    ///
    /// # Panics
    ///
    /// If there is no response.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Response {
        self.try_send(method, path, headers, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// Sends a request as [`send`](Self::send) does, to an instance that may have ended.
    ///
    /// # Errors
    ///
    /// If there is no response, or only a part of one.
    pub fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Response, ureq::Error> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let has_own = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        if let Some(authorization) = self.authorization().filter(|_| !has_own) {
            request = request.header("authorization", authorization);
        }
        let mut response = match body {
            Some(body) => self.agent.run(request.body(body)?),
            None => self.agent.run(request.body(())?),
        }?;
        let body = response.body_mut().with_config().limit(64 << 20).read_to_vec()?;
        let response = Response { status: response.status().as_u16(), headers: response.headers().clone(), body };
        response.assert_described(method, path);
        Ok(response)
    }

    /// Sends a GET.
    pub fn get(&self, path: &str) -> Response {
        self.send("GET", path, &[], None)
    }

    /// Sends `body` as JSON in a POST.
    pub fn post(&self, path: &str, body: &Value) -> Response {
        self.send("POST", path, &[("content-type", "application/json")], Some(body.to_string().as_bytes()))
    }

    /// Sends `body` as JSON in a PATCH that expects the version `etag`.
    pub fn patch(&self, path: &str, etag: &str, body: &Value) -> Response {
        let headers = [("content-type", "application/json"), ("if-match", etag)];
        self.send("PATCH", path, &headers, Some(body.to_string().as_bytes()))
    }

    /// Sends a DELETE that expects the version `etag`.
    pub fn delete(&self, path: &str, etag: &str) -> Response {
        self.send("DELETE", path, &[("if-match", etag)], None)
    }
}

impl Response {
    /// Checks that the document of the API describes the response, if it has the operation.
    fn assert_described(&self, method: &str, target: &str) {
        let headers = self.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let parts = ResponseParts {
            method,
            path: target.split('?').next().unwrap_or(target),
            status: self.status,
            headers: headers.collect(),
            body: &self.body,
        };
        validator().check(&parts).unwrap_or_else(|error| panic!("{method} {target}: {error}"));
    }

    /// Returns the first value of a header field, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the entity tag.
    ///
    /// # Panics
    ///
    /// If there is none, or it is not a strong entity tag in quotes.
    pub fn etag(&self) -> String {
        let etag = self.header("etag").unwrap_or_else(|| panic!("an ETag is missing: {self:?}"));
        assert!(etag.len() > 2 && etag.starts_with('"') && etag.ends_with('"'), "not a strong entity tag: {etag}");
        etag.to_owned()
    }

    /// Returns the body as JSON.
    ///
    /// # Panics
    ///
    /// If it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.text()))
    }

    /// Returns the body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Checks the status, and prints the body if the status is another.
    ///
    /// # Panics
    ///
    /// If the status is not `status`.
    #[track_caller]
    pub fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}
