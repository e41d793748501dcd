//! Outgoing requests and incoming bodies over WASI HTTP 0.3.

use super::Backend;
use crate::backend::clock::Clock;
use crate::client::Error;
use crate::http::Body;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use spin_sdk_wasi_0_3::wasip3::clocks::monotonic_clock;
use spin_sdk_wasi_0_3::wasip3::http::client;
use spin_sdk_wasi_0_3::wasip3::http::types::{self as wasi_http, ErrorCode, Fields, Trailers};
use spin_sdk_wasi_0_3::wasip3::wit_bindgen::{FutureReader, FutureWriter, StreamReader, StreamResult, StreamWriter};
use spin_sdk_wasi_0_3::wasip3::{spawn, wit_future, wit_stream};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

/// The size of one read, in bytes: most bodies arrive in one.
const READ_SIZE: usize = 16 * 1024;

/// A body that is still arriving. It is opened when it is first read: opening costs host calls, and not every body is read.
pub(crate) struct Incoming {
    source: Source,
    /// The number of bytes that are not read yet, if the message says it. The end of such a body need not be read.
    remaining: Option<u64>,
    clock: Rc<Clock>,
}

enum Source {
    NotTaken(Message),
    Open(OpenBody),
    Ended,
    /// A read failed or was not awaited.
    Failed,
}

enum Message {
    Request(wasi_http::Request),
    Response(wasi_http::Response),
}

struct OpenBody {
    stream: StreamReader<u8>,
    /// Resolves after the stream's end, to an error if it came too early.
    end: FutureReader<Result<Option<Trailers>, ErrorCode>>,
    /// Dropping it tells the sender that the body was received.
    _received: FutureWriter<Result<(), ErrorCode>>,
}

impl Incoming {
    /// Returns the body of `request`, which has `length` bytes if that is known.
    pub(super) fn of_request(request: wasi_http::Request, length: Option<u64>, backend: &Backend) -> Self {
        Self {
            source: Source::NotTaken(Message::Request(request)),
            remaining: length,
            clock: Rc::clone(&backend.0.clock),
        }
    }

    fn of_response(response: wasi_http::Response, backend: &Backend) -> Self {
        Self {
            source: Source::NotTaken(Message::Response(response)),
            remaining: None,
            clock: Rc::clone(&backend.0.clock),
        }
    }

    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, String> {
        if self.remaining == Some(0) {
            return Ok(None);
        }
        let mut body = match std::mem::replace(&mut self.source, Source::Failed) {
            Source::NotTaken(message) => OpenBody::of(message),
            Source::Open(body) => body,
            Source::Ended => {
                self.source = Source::Ended;
                return Ok(None);
            }
            Source::Failed => return Err("a read of it has failed before".to_owned()),
        };
        loop {
            let (result, bytes) = body.stream.read(Vec::with_capacity(READ_SIZE)).await;
            self.clock.waited();
            if !bytes.is_empty() {
                self.remaining = self.remaining.map(|remaining| remaining.saturating_sub(bytes.len() as u64));
                self.source = Source::Open(body);
                return Ok(Some(bytes.into()));
            }
            if matches!(result, StreamResult::Dropped) {
                break;
            }
        }
        let end = body.end.await;
        self.clock.waited();
        end.map_err(|error| format!("{error:?}"))?;
        self.source = Source::Ended;
        Ok(None)
    }
}

impl OpenBody {
    fn of(message: Message) -> Self {
        let (received, result) = wit_future::new(|| Ok(()));
        let (stream, end) = match message {
            Message::Request(request) => wasi_http::Request::consume_body(request, result),
            Message::Response(response) => wasi_http::Response::consume_body(response, result),
        };
        Self { stream, end, _received: received }
    }
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Incoming")
    }
}

/// Sends `request` and waits for the head of its response. [`with_timeout`] bounds the exchange, as in WASI 0.2. The headers of the response are not
/// read, since no caller needs them.
pub(crate) async fn send(
    backend: &Backend,
    request: http::Request<Bytes>,
    timeout: Duration,
) -> Result<http::Response<Body>, Error> {
    let (head, body) = request.into_parts();
    let authority = head.uri.authority().map_or_else(String::new, ToString::to_string);
    let outgoing = outgoing_request(&head, body, backend)?;
    let response = client::send(outgoing).await;
    backend.0.clock.waited();
    incoming_response(response.map_err(|code| error(code, &authority, timeout))?, backend)
}

fn outgoing_request(head: &http::request::Parts, body: Bytes, backend: &Backend) -> Result<wasi_http::Request, Error> {
    let mut list = header_list(&head.headers);
    list.push(("content-length".to_owned(), body.len().to_string().into_bytes()));
    let fields = Fields::from_list(&list).map_err(invalid)?;
    let (_, no_trailers) = wit_future::new(|| Ok(None));
    let contents = (!body.is_empty()).then(|| {
        let (writer, contents) = wit_stream::new();
        let mut sink = Sink::new(writer, backend);
        // If the callee stops reading, its response has the reason.
        spawn(async move {
            sink.write_owned(body.into()).await;
        });
        contents
    });
    let (outgoing, _sent) = wasi_http::Request::new(fields, contents, no_trailers, None);
    let method = match head.method {
        Method::GET => wasi_http::Method::Get,
        Method::POST => wasi_http::Method::Post,
        Method::PUT => wasi_http::Method::Put,
        Method::DELETE => wasi_http::Method::Delete,
        Method::PATCH => wasi_http::Method::Patch,
        Method::HEAD => wasi_http::Method::Head,
        ref other => wasi_http::Method::Other(other.to_string()),
    };
    let scheme = match head.uri.scheme_str() {
        Some("http") => wasi_http::Scheme::Http,
        Some("https") => wasi_http::Scheme::Https,
        other => return Err(invalid(format!("its scheme is {other:?}"))),
    };
    let path = head.uri.path_and_query().map(|path| path.as_str());
    // The method of a new request is GET.
    let set_method = if head.method == Method::GET { Ok(()) } else { outgoing.set_method(&method) };
    set_method
        .and_then(|()| outgoing.set_scheme(Some(&scheme)))
        .and_then(|()| outgoing.set_authority(head.uri.authority().map(|authority| authority.as_str())))
        .and_then(|()| outgoing.set_path_with_query(path))
        .map_err(|()| invalid("its method or address is not valid"))?;
    Ok(outgoing)
}

fn incoming_response(response: wasi_http::Response, backend: &Backend) -> Result<http::Response<Body>, Error> {
    let status =
        StatusCode::from_u16(response.get_status_code()).map_err(|error| Error::Unreachable(error.to_string()))?;
    let body = match status {
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED => Body::empty(),
        _ => Body::stream(Incoming::of_response(response, backend)),
    };
    let mut converted = http::Response::new(body);
    *converted.status_mut() = status;
    Ok(converted)
}

fn error(code: ErrorCode, authority: &str, timeout: Duration) -> Error {
    match code {
        ErrorCode::HttpRequestDenied => Error::Denied(authority.to_owned()),
        ErrorCode::ConnectionTimeout
        | ErrorCode::ConnectionReadTimeout
        | ErrorCode::ConnectionWriteTimeout
        | ErrorCode::HttpResponseTimeout => Error::Timeout(timeout),
        ErrorCode::ConnectionRefused => Error::Refused,
        ErrorCode::DnsError(_) | ErrorCode::DnsTimeout => Error::Unresolved,
        other => Error::Unreachable(format!("{other:?}")),
    }
}

fn invalid(cause: impl std::fmt::Display) -> Error {
    Error::InvalidRequest(cause.to_string())
}

/// Converts headers to WASI's form.
pub(super) fn header_list(headers: &HeaderMap) -> Vec<(String, Vec<u8>)> {
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())).collect()
}

/// The open end of a body.
#[derive(Debug)]
pub(crate) struct Sink {
    stream: StreamWriter<u8>,
    clock: Rc<Clock>,
}

impl Sink {
    pub(super) fn new(stream: StreamWriter<u8>, backend: &Backend) -> Self {
        Self { stream, clock: Rc::clone(&backend.0.clock) }
    }

    /// Writes all of `bytes`, and waits for the reader. Returns false if there is none any more.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> bool {
        self.write_owned(bytes.to_vec()).await
    }

    /// Writes all of `bytes` as [`write`](Self::write) does, without a copy.
    pub(super) async fn write_owned(&mut self, bytes: Vec<u8>) -> bool {
        let written = self.stream.write_all(bytes).await.is_empty();
        self.clock.waited();
        written
    }
}

/// Returns the result of `work`, or `None` if it takes longer than `timeout`. Work that waits for nothing costs no timer.
pub(crate) async fn with_timeout<T>(backend: &Backend, timeout: Duration, work: impl Future<Output = T>) -> Option<T> {
    let nanos = u64::try_from(timeout.as_nanos()).unwrap_or(u64::MAX);
    let mut work = pin!(work);
    let mut expired = pin!(monotonic_clock::wait_for(nanos));
    std::future::poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => expired.as_mut().poll(context).map(|()| {
            backend.0.clock.waited();
            None
        }),
    })
    .await
}
