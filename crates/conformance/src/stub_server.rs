//! A stub of the service that a provider calls: it replies as the check wants and records the requests. Nothing leaves the machine.

use std::future::Future;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use http::{HeaderMap, Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt as _, Full, StreamBody};
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

use crate::clock::Clock;

/// The host that redirects lead to. No provider is configured for it.
pub(crate) const REDIRECT_HOST: &str = "elsewhere.example";

/// The size of the chunks of an endless body.
const CHUNK: usize = 64 << 10;

/// The time between two bytes of a slow body.
const SLOW_BODY_INTERVAL: Duration = Duration::from_secs(1);

/// The behaviour of the stub server towards a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// It responds as a service that has carried out the request.
    Success,
    /// It responds with this status and a short body.
    Status(u16),
    /// It responds with 200 and this body.
    Body(Vec<u8>),
    /// It refuses the connection.
    ConnectionRefused,
    /// It receives the request and never responds.
    NoResponse,
    /// It responds with 200 and the beginning of a body, and then sends nothing more.
    StalledBody,
    /// It responds with 200 and the beginning of a body, and then closes the connection.
    TruncatedBody,
    /// It responds with 200 and one byte a second.
    SlowBody,
    /// It responds with 200 and a body without an end.
    EndlessBody,
    /// It redirects the provider to [`REDIRECT_HOST`].
    Redirect(u16),
}

/// A request as the stub server received it, or would have if the host were allowed.
#[derive(Clone, Debug)]
pub(crate) struct ReceivedRequest {
    pub(crate) url: String,
    pub(crate) host: String,
    pub(crate) allowed: bool,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl ReceivedRequest {
    /// Returns whether the request contains `key`, literally or URL-encoded.
    pub(crate) fn mentions(&self, key: &str) -> bool {
        let texts = [key.to_owned(), key.replace(':', "%3A")];
        let body = String::from_utf8_lossy(&self.body);
        let headers = || self.headers.values().map(|value| String::from_utf8_lossy(value.as_bytes()));
        texts.iter().any(|text| {
            self.url.contains(text) || body.contains(text) || headers().any(|value| value.contains(text.as_str()))
        })
    }

    /// Returns whether the request has a header of this name, or a line in its body that begins like that header.
    pub(crate) fn has_header(&self, name: &str) -> bool {
        let body = String::from_utf8_lossy(&self.body).to_ascii_lowercase();
        self.headers.contains_key(name) || body.lines().any(|line| line.starts_with(&format!("{name}:")))
    }
}

/// The part that all calls of one provider share: the successful response and the allowed hosts.
#[derive(Debug)]
pub(crate) struct StubState {
    hosts: Vec<String>,
    response: String,
    unnamed: AtomicU64,
}

impl StubState {
    pub(crate) fn new(hosts: Vec<String>, response: String) -> Self {
        Self { hosts, response, unnamed: AtomicU64::new(1) }
    }

    /// Returns the id for a request: the same one for the same key, a new one for each request whose key is not visible.
    fn id(&self, seen: &ReceivedRequest, key: Option<&str>) -> String {
        match key.filter(|key| seen.mentions(key)) {
            Some(key) => {
                let mut hasher = DefaultHasher::new();
                key.hash(&mut hasher);
                format!("stub-{:016x}", hasher.finish())
            }
            None => format!("stub-unnamed-{}", self.unnamed.fetch_add(1, Ordering::Relaxed)),
        }
    }
}

/// The stub server of one call.
#[derive(Clone, Debug)]
pub(crate) struct StubServer {
    service: Arc<StubState>,
    reply: Reply,
    key: Option<String>,
    clock: Clock,
    requests: Arc<Mutex<Vec<ReceivedRequest>>>,
}

impl StubServer {
    /// Creates a stub server that replies to requests under `key` with `reply`.
    pub(crate) fn new(service: Arc<StubState>, reply: Reply, key: Option<String>, clock: Clock) -> Self {
        Self { service, reply, key, clock, requests: Arc::default() }
    }

    /// Returns the requests received so far.
    pub(crate) fn requests(&self) -> Vec<ReceivedRequest> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn respond(self, request: Request<WasiBody>, options: RequestOptions) -> Result<Response<WasiBody>, Error> {
        let (head, body) = request.into_parts();
        let host = head.uri.host().unwrap_or_default().to_owned();
        let allowed = self.service.hosts.contains(&host);
        let mut seen =
            ReceivedRequest { url: head.uri.to_string(), host, allowed, headers: head.headers, body: Bytes::new() };
        let at = {
            let mut all = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(seen.clone());
            all.len() - 1
        };
        if !allowed {
            return Err(Error::HttpRequestDenied);
        }
        if self.reply == Reply::ConnectionRefused {
            return Err(Error::ConnectionRefused);
        }
        seen.body = body.collect().await?.to_bytes();
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)[at] = seen.clone();
        let ok = || Response::builder().header("content-type", "application/json");
        let between_bytes = options.between_bytes_timeout;
        let response = match self.reply {
            Reply::Success => {
                let id = self.service.id(&seen, self.key.as_deref());
                let body = self.service.response.replace("{{id}}", &id);
                ok().header("x-message-id", id).body(whole_body(body.into_bytes()))
            }
            Reply::Status(status) => {
                ok().status(status).body(whole_body(format!(r#"{{"error":{status}}}"#).into_bytes()))
            }
            Reply::Redirect(status) => {
                let location = format!("https://{REDIRECT_HOST}/v1/messages");
                ok().status(status).header("location", location).body(whole_body(Vec::new()))
            }
            Reply::Body(body) => ok().body(whole_body(body)),
            Reply::NoResponse => {
                self.silence(options.first_byte_timeout).await;
                return Err(Error::ConnectionReadTimeout);
            }
            Reply::StalledBody => ok().body(begun_body(async move {
                self.silence(between_bytes).await;
                Err(Error::ConnectionReadTimeout)
            })),
            Reply::TruncatedBody => ok().body(begun_body(async { Err(Error::ConnectionTerminated) })),
            Reply::SlowBody => ok().body(stream(move |_| {
                let clock = self.clock.clone();
                async move {
                    clock.wait_until(clock.now() + SLOW_BODY_INTERVAL).await;
                    Ok(Bytes::from_static(b" "))
                }
            })),
            Reply::EndlessBody => ok().body(stream(|_| async { Ok(Bytes::from_static(&[b' '; CHUNK])) })),
            Reply::ConnectionRefused => return Err(Error::ConnectionRefused),
        };
        response.map_err(|error| Error::InternalError(Some(error.to_string())))
    }

    /// Waits for the timeout that the provider set, or forever.
    async fn silence(&self, timeout: Option<Duration>) {
        let patience = timeout.unwrap_or(Duration::MAX);
        self.clock.wait_until(self.clock.now().saturating_add(patience)).await;
    }
}

/// Returns a body that is complete at once.
fn whole_body(bytes: Vec<u8>) -> WasiBody {
    Full::new(Bytes::from(bytes)).map_err(|never| match never {}).boxed_unsync()
}

/// Returns a body that begins like a response and ends with the result of `rest`.
fn begun_body(rest: impl Future<Output = Result<Bytes, Error>> + Send + 'static) -> WasiBody {
    let mut rest = Some(rest);
    stream(move |at| {
        let rest = if at == 0 { None } else { rest.take() };
        async move {
            match rest {
                Some(rest) => rest.await,
                None => Ok(Bytes::from_static(br#"{"id":"#)),
            }
        }
    })
}

/// Returns a body of the chunks that `chunk` returns for each number from 0.
fn stream<F>(mut chunk: impl FnMut(u64) -> F + Send + 'static) -> WasiBody
where
    F: Future<Output = Result<Bytes, Error>> + Send + 'static,
{
    let frames = stream::unfold(0, move |at| {
        let chunk = chunk(at);
        async move { Some((chunk.await.map(Frame::data), at + 1)) }
    });
    StreamBody::new(frames).boxed_unsync()
}

type Sent = Result<(Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>), Error>;

impl WasiHttpHooks for StubServer {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        _reading: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Sent> + Send> {
        let stub = self.clone();
        Box::new(async move {
            let response = stub.respond(request, options.unwrap_or_default()).await?;
            let written: Box<dyn Future<Output = Result<(), Error>> + Send> = Box::new(async { Ok(()) });
            Ok((response, written))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(url: &str, headers: &[(&'static str, &str)], body: &str) -> ReceivedRequest {
        let headers = headers.iter().map(|(name, value)| ((*name).parse().unwrap(), value.parse().unwrap())).collect();
        ReceivedRequest {
            url: url.into(),
            host: String::new(),
            allowed: true,
            headers,
            body: Bytes::from(body.to_owned()),
        }
    }

    #[test]
    fn a_key_is_found_in_the_url_the_headers_and_the_body() {
        for request in [
            seen("https://a.example/p:capture", &[], ""),
            seen("https://a.example/p%3Acapture", &[], ""),
            seen("https://a.example/", &[("idempotency-key", "\"p:capture\"")], ""),
            seen("https://a.example/", &[], r#"{"key":"p:capture"}"#),
        ] {
            assert!(request.mentions("p:capture") && !request.mentions("p:void"), "{request:?}");
        }
    }

    #[test]
    fn an_injected_header_is_found_in_the_head_and_in_a_line_of_the_body() {
        assert!(seen("", &[("x-smuggled", "yes")], "").has_header("x-smuggled"));
        assert!(seen("", &[], "Subject: a\r\nX-Smuggled: yes\r\n").has_header("x-smuggled"));
        assert!(!seen("", &[], r#"{"subject":"a\r\nX-Smuggled: yes"}"#).has_header("x-smuggled"));
    }

    #[test]
    fn the_stub_server_returns_the_same_id_for_the_same_key() {
        let service = StubState::new(Vec::new(), String::new());
        let id = |body, key| service.id(&seen("", &[], body), Some(key));
        assert_eq!(id("k1", "k1"), id("again k1", "k1"));
        assert_ne!(id("k1", "k1"), id("k2", "k2"));
        assert_ne!(id("", "k1"), id("", "k1"));
    }
}
