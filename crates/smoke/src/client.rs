//! Requests that are over in time, and their failures in words: the request, the problem's title and its request id.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use ureq::Agent;
use ureq::http::Request;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use crate::Options;

/// The longest time until a response.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The time between two looks at a state that changes by itself.
const POLL: Duration = Duration::from_millis(200);

/// A step that failed: the reason, and a hint for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    reason: String,
    hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), hint: None }
    }

    /// Returns the failure with a hint, unless it has one that is closer to the cause.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint.get_or_insert(hint.into());
        self
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A line stays one line, whatever a server sends.
        f.write_str(&one_line(&self.reason))?;
        if let Some(hint) = &self.hint {
            write!(f, ". Hint: {}", one_line(hint))?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

fn one_line(text: &str) -> String {
    text.trim_end_matches('.').split(['\n', '\r']).map(str::trim).collect::<Vec<_>>().join(" ")
}

/// The end of a run.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    end: Instant,
    interrupted: Arc<AtomicBool>,
}

impl Limit {
    pub(crate) fn new(end: Instant, interrupted: Arc<AtomicBool>) -> Self {
        Self { end, interrupted }
    }

    /// Returns the time that is left.
    fn left(&self) -> Result<Duration, Failure> {
        if self.interrupted.load(Ordering::Relaxed) {
            return Err(Failure::new("interrupted"));
        }
        match self.end.saturating_duration_since(Instant::now()) {
            Duration::ZERO => Err(Failure::new("no time is left").hint("a longer --timeout")),
            left => Ok(left),
        }
    }
}

/// A client of the platform, with the access token of a customer or without.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    agent: Agent,
    base: String,
    access_token: Option<String>,
    limit: Limit,
}

impl Client {
    pub(crate) fn new(options: &Options, limit: Limit) -> Result<Self, Failure> {
        let mut config = Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None);
        if let Some(file) = &options.ca_file {
            let unreadable = |error| Failure::new(format!("cannot read {}: {error}", file.display()));
            config = config.tls_config(trust_only(&fs::read(file).map_err(unreadable)?)?);
        }
        let base = options.url.trim_end_matches('/').to_owned();
        Ok(Self { agent: config.build().new_agent(), base, access_token: None, limit })
    }

    #[must_use]
    pub(crate) fn as_user(&self, access_token: &str) -> Self {
        Self { access_token: Some(access_token.to_owned()), ..self.clone() }
    }

    #[must_use]
    pub(crate) fn with_limit(&self, limit: Limit) -> Self {
        Self { limit, ..self.clone() }
    }

    pub(crate) fn get(&self, path: &str) -> Result<Response, Failure> {
        self.send("GET", path, &[], None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Response, Failure> {
        self.send("POST", path, &[], Some(body))
    }

    /// Sends a request, and returns its response of any status.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Response, Failure> {
        let timeout = self.limit.left()?.min(TIMEOUT);
        let request = format!("{method} {path}");
        let failed = |error: ureq::Error| {
            Failure::new(format!("{request} had no response: {error}"))
                .hint(format!("{} has to be reachable from here, and its certificate one to trust", self.base))
        };
        let mut builder = Request::builder().method(method).uri(format!("{}{path}", self.base));
        let authorization = self.access_token.as_ref().map(|token| format!("Bearer {token}"));
        for (name, value) in headers.iter().copied().chain(authorization.iter().map(|it| ("authorization", &**it))) {
            builder = builder.header(name, value);
        }
        let answer = match body {
            Some(body) => {
                let json = builder.header("content-type", "application/json").body(body.to_string());
                let json = json.map_err(|error| failed(error.into()))?;
                self.agent.run(self.agent.configure_request(json).timeout_global(Some(timeout)).build())
            }
            None => {
                let empty = builder.body(()).map_err(|error| failed(error.into()))?;
                self.agent.run(self.agent.configure_request(empty).timeout_global(Some(timeout)).build())
            }
        };
        let mut answer = answer.map_err(failed)?;
        let text = answer.body_mut().read_to_string().map_err(failed)?;
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (etag, request_id) = (header("etag"), header("x-request-id"));
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Response { request, status: answer.status().as_u16(), etag, request_id, body })
    }

    /// Looks until `look` finds something; `None` once the time is over.
    pub(crate) fn wait<T>(&self, mut look: impl FnMut() -> Result<Option<T>, Failure>) -> Result<Option<T>, Failure> {
        loop {
            let found = look()?;
            // The request that explains the delay needs some time too.
            if found.is_some() || self.limit.left()? < POLL * 4 {
                return Ok(found);
            }
            thread::sleep(POLL);
        }
    }
}

/// Returns a configuration that trusts exactly the certificates in `pem`.
fn trust_only(pem: &[u8]) -> Result<TlsConfig, Failure> {
    let certificate = |item| if let Ok(PemItem::Certificate(certificate)) = item { Some(certificate) } else { None };
    let trusted: Vec<Certificate<'_>> = parse_pem(pem).filter_map(certificate).collect();
    if trusted.is_empty() {
        return Err(Failure::new("the file of --ca-file holds no certificate in PEM"));
    }
    Ok(TlsConfig::builder().root_certs(RootCerts::new_with_certs(&trusted)).build())
}

/// A response of any status.
#[derive(Debug)]
pub(crate) struct Response {
    /// The request, for messages: `POST /v1/orders`.
    pub(crate) request: String,
    pub(crate) status: u16,
    pub(crate) etag: Option<String>,
    pub(crate) request_id: Option<String>,
    /// `null` when it is not JSON.
    pub(crate) body: Value,
}

impl Response {
    /// Returns the response if it has this status.
    pub(crate) fn expect(self, status: u16) -> Result<Self, Failure> {
        if self.status == status { Ok(self) } else { Err(self.refused()) }
    }

    /// Returns the member at `pointer` (RFC 6901), which has to be a string.
    pub(crate) fn text(&self, pointer: &str) -> Result<&str, Failure> {
        let text = self.body.pointer(pointer).and_then(Value::as_str);
        text.ok_or_else(|| Failure::new(format!("the response to {} has no {pointer}{}", self.request, self.id())))
    }

    /// Returns the failure of a response with another status than the expected one.
    pub(crate) fn refused(&self) -> Failure {
        let Self { request, status, body, .. } = self;
        let title = body["title"].as_str().unwrap_or("without a problem document");
        let mut reason = format!("{request} returned {status} {title}{}", self.id());
        if let Some(detail) = body["detail"].as_str() {
            reason += &format!(": {detail}");
        }
        if let (Some(pointer), Some(detail)) =
            (body["errors"][0]["pointer"].as_str(), body["errors"][0]["detail"].as_str())
        {
            reason += &format!(" {pointer} {detail}");
        }
        let failure = Failure::new(reason);
        match status {
            300..400 => failure.hint("give the URL that the redirect leads to"),
            429 => failure.hint("repeat it in a minute, or raise rate_limit_auth, rate_limit_read or rate_limit_write"),
            _ if body["title"].is_null() => failure.hint("the response is not Spindle's: look at the proxy before it"),
            _ => failure,
        }
    }

    fn id(&self) -> String {
        let id = self.body["request_id"].as_str().or(self.request_id.as_deref());
        id.map(|id| format!(" (request_id {id})")).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn response(status: u16, body: Value) -> Response {
        Response { request: "POST /v1/orders".to_owned(), status, etag: None, request_id: Some("r-1".to_owned()), body }
    }

    #[test]
    fn a_refusal_is_one_line_with_title_request_id_and_hint() {
        let problem =
            json!({"title": "Unavailable", "status": 503, "detail": "payments is\naway.", "request_id": "r-2"});
        let failure = response(503, problem).expect(201).unwrap_err().hint("docs/runbooks/platform-down.md");
        assert_eq!(
            failure.to_string(),
            "POST /v1/orders returned 503 Unavailable (request_id r-2): payments is away. Hint: docs/runbooks/platform-down.md"
        );
        let invalid =
            json!({"title": "Invalid", "detail": "No.", "errors": [{"pointer": "/email", "detail": "is taken"}]});
        assert_eq!(
            response(422, invalid).expect(201).unwrap_err().to_string(),
            "POST /v1/orders returned 422 Invalid (request_id r-1): No. /email is taken"
        );
    }

    #[test]
    fn the_hint_that_is_closest_to_the_cause_wins() {
        let failure = response(502, Value::Null).refused().hint("another");
        assert_eq!(
            failure.to_string(),
            "POST /v1/orders returned 502 without a problem document (request_id r-1). \
             Hint: the response is not Spindle's: look at the proxy before it"
        );
    }
}
