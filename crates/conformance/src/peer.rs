//! The service on the internet that a provider asks, as far as a provider can tell: it answers as it is told, and keeps what it was asked.
//! Nothing leaves the machine.

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

/// Where redirects lead. No provider is configured for it.
pub(crate) const ELSEWHERE: &str = "elsewhere.example";

/// How much comes at once of a body without an end.
const CHUNK: usize = 64 << 10;

/// How long the peer waits between two bytes of a body that takes its time.
const DRIP: Duration = Duration::from_secs(1);

/// What the peer does with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// It answers as a service does that has done what it was asked.
    Good,
    /// It answers with this status, and a word about it.
    Status(u16),
    /// It answers with 200 and this.
    Body(Vec<u8>),
    /// It refuses the connection.
    Refused,
    /// It takes the request and says nothing.
    Silence,
    /// It answers with 200, begins to say more, and says nothing then.
    HalfSilence,
    /// It answers with 200, begins to say more, and hangs up.
    BrokenOff,
    /// It answers with 200, and a byte a second.
    Drip,
    /// It answers with 200, and never stops.
    Endless,
    /// It sends the provider to [`ELSEWHERE`].
    Redirect(u16),
}

/// A request as the peer got it, or would have if it had been allowed.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) url: String,
    pub(crate) host: String,
    pub(crate) allowed: bool,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Seen {
    /// Whether `key` is somewhere in it: as it is, or as it is in a URL.
    pub(crate) fn mentions(&self, key: &str) -> bool {
        let texts = [key.to_owned(), key.replace(':', "%3A")];
        let body = String::from_utf8_lossy(&self.body);
        let headers = || self.headers.values().map(|value| String::from_utf8_lossy(value.as_bytes()));
        texts.iter().any(|text| {
            self.url.contains(text) || body.contains(text) || headers().any(|value| value.contains(text.as_str()))
        })
    }

    /// Whether it has a header of this name, or a body with a line that begins as such a header does.
    pub(crate) fn has_header(&self, name: &str) -> bool {
        let body = String::from_utf8_lossy(&self.body).to_ascii_lowercase();
        self.headers.contains_key(name) || body.lines().any(|line| line.starts_with(&format!("{name}:")))
    }
}

/// What all calls of one provider share: what the peer says if all is well, and who may be asked.
#[derive(Debug)]
pub(crate) struct Service {
    hosts: Vec<String>,
    answer: String,
    unnamed: AtomicU64,
}

impl Service {
    pub(crate) fn new(hosts: Vec<String>, answer: String) -> Self {
        Self { hosts, answer, unnamed: AtomicU64::new(1) }
    }

    /// What it calls a request: always the same for one key, and another for each request whose key it cannot see.
    fn id(&self, seen: &Seen, key: Option<&str>) -> String {
        match key.filter(|key| seen.mentions(key)) {
            Some(key) => {
                let mut hasher = DefaultHasher::new();
                key.hash(&mut hasher);
                format!("peer-{:016x}", hasher.finish())
            }
            None => format!("peer-unnamed-{}", self.unnamed.fetch_add(1, Ordering::Relaxed)),
        }
    }
}

/// The peer in one call.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    service: Arc<Service>,
    reply: Reply,
    key: Option<String>,
    clock: Clock,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Peer {
    /// One that answers requests under `key` with `reply`.
    pub(crate) fn new(service: Arc<Service>, reply: Reply, key: Option<String>, clock: Clock) -> Self {
        Self { service, reply, key, clock, seen: Arc::default() }
    }

    /// All that it was asked so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn answer(self, request: Request<WasiBody>, options: RequestOptions) -> Result<Response<WasiBody>, Error> {
        let (head, body) = request.into_parts();
        let host = head.uri.host().unwrap_or_default().to_owned();
        let allowed = self.service.hosts.contains(&host);
        let mut seen = Seen { url: head.uri.to_string(), host, allowed, headers: head.headers, body: Bytes::new() };
        let at = {
            let mut all = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(seen.clone());
            all.len() - 1
        };
        if !allowed {
            return Err(Error::HttpRequestDenied);
        }
        if self.reply == Reply::Refused {
            return Err(Error::ConnectionRefused);
        }
        seen.body = body.collect().await?.to_bytes();
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)[at] = seen.clone();
        let ok = || Response::builder().header("content-type", "application/json");
        let between_bytes = options.between_bytes_timeout;
        let response = match self.reply {
            Reply::Good => {
                let id = self.service.id(&seen, self.key.as_deref());
                let body = self.service.answer.replace("{{id}}", &id);
                ok().header("x-message-id", id).body(whole(body.into_bytes()))
            }
            Reply::Status(status) => ok().status(status).body(whole(format!(r#"{{"error":{status}}}"#).into_bytes())),
            Reply::Redirect(status) => {
                let location = format!("https://{ELSEWHERE}/v1/messages");
                ok().status(status).header("location", location).body(whole(Vec::new()))
            }
            Reply::Body(body) => ok().body(whole(body)),
            Reply::Silence => {
                self.silence(options.first_byte_timeout).await;
                return Err(Error::ConnectionReadTimeout);
            }
            Reply::HalfSilence => ok().body(begun(async move {
                self.silence(between_bytes).await;
                Err(Error::ConnectionReadTimeout)
            })),
            Reply::BrokenOff => ok().body(begun(async { Err(Error::ConnectionTerminated) })),
            Reply::Drip => ok().body(stream(move |_| {
                let clock = self.clock.clone();
                async move {
                    clock.wait_until(clock.now() + DRIP).await;
                    Ok(Bytes::from_static(b" "))
                }
            })),
            Reply::Endless => ok().body(stream(|_| async { Ok(Bytes::from_static(&[b' '; CHUNK])) })),
            Reply::Refused => return Err(Error::ConnectionRefused),
        };
        response.map_err(|error| Error::InternalError(Some(error.to_string())))
    }

    /// Waits for as long as the provider said that it would, or for ever.
    async fn silence(&self, timeout: Option<Duration>) {
        let patience = timeout.unwrap_or(Duration::MAX);
        self.clock.wait_until(self.clock.now().saturating_add(patience)).await;
    }
}

/// A body that is there at once.
fn whole(bytes: Vec<u8>) -> WasiBody {
    Full::new(Bytes::from(bytes)).map_err(|never| match never {}).boxed_unsync()
}

/// A body that begins as an answer does, and then ends as `rest` says.
fn begun(rest: impl Future<Output = Result<Bytes, Error>> + Send + 'static) -> WasiBody {
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

/// A body of what `chunk` gives, for each number from 0.
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

impl WasiHttpHooks for Peer {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        _reading: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Sent> + Send> {
        let peer = self.clone();
        Box::new(async move {
            let response = peer.answer(request, options.unwrap_or_default()).await?;
            let written: Box<dyn Future<Output = Result<(), Error>> + Send> = Box::new(async { Ok(()) });
            Ok((response, written))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(url: &str, headers: &[(&'static str, &str)], body: &str) -> Seen {
        let headers = headers.iter().map(|(name, value)| ((*name).parse().unwrap(), value.parse().unwrap())).collect();
        Seen { url: url.into(), host: String::new(), allowed: true, headers, body: Bytes::from(body.to_owned()) }
    }

    #[test]
    fn a_key_is_found_wherever_it_is() {
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
    fn a_smuggled_header_is_one_in_the_head_or_a_line_of_the_body() {
        assert!(seen("", &[("x-smuggled", "yes")], "").has_header("x-smuggled"));
        assert!(seen("", &[], "Subject: a\r\nX-Smuggled: yes\r\n").has_header("x-smuggled"));
        assert!(!seen("", &[], r#"{"subject":"a\r\nX-Smuggled: yes"}"#).has_header("x-smuggled"));
    }

    #[test]
    fn the_peer_tells_by_the_key_whether_it_was_asked_before() {
        let service = Service::new(Vec::new(), String::new());
        let id = |body, key| service.id(&seen("", &[], body), Some(key));
        assert_eq!(id("k1", "k1"), id("again k1", "k1"));
        assert_ne!(id("k1", "k1"), id("k2", "k2"));
        assert_ne!(id("", "k1"), id("", "k1"));
    }
}
