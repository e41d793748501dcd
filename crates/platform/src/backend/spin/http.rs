//! Outgoing requests and incoming bodies over WASI HTTP.

use super::{Backend, MAX_WRITE};
use crate::backend::clock::Clock;
use crate::client::Error;
use crate::http::Body;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Poll, Wake, Waker};
use std::time::Duration;
use wasi::clocks::monotonic_clock;
use wasi::http::outgoing_handler;
use wasi::http::types::{self as wasi_http, ErrorCode, Fields, IncomingBody, OutgoingBody, OutgoingRequest};
use wasi::io::poll::Pollable;
use wasi::io::streams::{InputStream, OutputStream, StreamError};

/// The size of one read, in bytes.
const READ_SIZE: u64 = 64 * 1024;

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
    /// The host says that the body was taken before.
    Failed,
}

enum Message {
    Request(wasi_http::IncomingRequest),
    Response(wasi_http::IncomingResponse),
}

/// The fields are dropped in order: WASI requires the stream to be dropped before its body, and the body before its message.
struct OpenBody {
    stream: InputStream,
    _body: IncomingBody,
    /// A read of the body of the instance's request may block the instance: nothing else of it can go on meanwhile. One of a response may not.
    message: Message,
}

impl Incoming {
    /// Returns the body of `request`, which has `length` bytes if that is known.
    pub(super) fn of_request(request: wasi_http::IncomingRequest, length: Option<u64>, backend: &Backend) -> Self {
        Self {
            source: Source::NotTaken(Message::Request(request)),
            remaining: length,
            clock: Rc::clone(&backend.0.clock),
        }
    }

    fn of_response(response: wasi_http::IncomingResponse, backend: &Backend) -> Self {
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
        let OpenBody { stream, message, .. } = self.source.open()?;
        loop {
            let read = match message {
                Message::Request(_) => stream.blocking_read(READ_SIZE),
                Message::Response(_) => stream.read(READ_SIZE),
            };
            self.clock.waited();
            match read {
                Ok(bytes) if bytes.is_empty() => match message {
                    Message::Request(_) => {}
                    Message::Response(_) => ready(stream.subscribe(), &self.clock).await,
                },
                Ok(bytes) => {
                    self.remaining = self.remaining.map(|remaining| remaining.saturating_sub(bytes.len() as u64));
                    return Ok(Some(bytes.into()));
                }
                Err(StreamError::Closed) => return Ok(None),
                Err(StreamError::LastOperationFailed(error)) => return Err(error.to_debug_string()),
            }
        }
    }
}

impl Source {
    fn open(&mut self) -> Result<&OpenBody, String> {
        if let Self::NotTaken(_) = self
            && let Self::NotTaken(message) = std::mem::replace(self, Self::Failed)
        {
            let body = match &message {
                Message::Request(request) => request.consume(),
                Message::Response(response) => response.consume(),
            };
            if let Ok(body) = body
                && let Ok(stream) = body.stream()
            {
                *self = Self::Open(OpenBody { stream, _body: body, message });
            }
        }
        match self {
            Self::Open(open) => Ok(open),
            _ => Err("it was taken before".to_owned()),
        }
    }
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Incoming")
    }
}

/// Sends `request` and waits for the head of its response. [`with_timeout`] bounds the exchange: it also applies to service chaining, for which
/// Spin ignores the timeouts in a request's options, and costs one host call instead of three. The headers of the response are not read, since no
/// caller needs them.
pub(crate) async fn send(
    backend: &Backend,
    request: http::Request<Bytes>,
    timeout: Duration,
) -> Result<http::Response<Body>, Error> {
    let clock = &backend.0.clock;
    let (head, body) = request.into_parts();
    let authority = head.uri.authority().map_or_else(String::new, ToString::to_string);
    let outgoing = outgoing_request(&head, body.len())?;
    // A message whose body is not taken has none.
    let outgoing_body = match body.is_empty() {
        true => None,
        false => Some(outgoing.body().map_err(|()| invalid("it has no body"))?),
    };
    let pending = outgoing_handler::handle(outgoing, None).map_err(|code| error(code, &authority, timeout))?;
    if let Some(outgoing_body) = outgoing_body {
        let stream = outgoing_body.write().map_err(|()| invalid("its body has no stream"))?;
        // If the callee stops reading, its response has the reason.
        let _ = write_body(&stream, &body, clock).await;
        drop(stream);
        let _ = OutgoingBody::finish(outgoing_body, None);
    }
    let response = loop {
        // It cannot be there already: the guest has not waited yet.
        ready(pending.subscribe(), clock).await;
        match pending.get() {
            Some(Ok(response)) => break response.map_err(|code| error(code, &authority, timeout))?,
            Some(Err(())) => return Err(invalid("its response was taken twice")),
            None => {}
        }
    };
    incoming_response(response, backend)
}

fn outgoing_request(head: &http::request::Parts, length: usize) -> Result<OutgoingRequest, Error> {
    let mut list = header_list(&head.headers);
    list.push(("content-length".to_owned(), length.to_string().into_bytes()));
    let fields = Fields::from_list(&list).map_err(invalid)?;
    let outgoing = OutgoingRequest::new(fields);
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

fn incoming_response(response: wasi_http::IncomingResponse, backend: &Backend) -> Result<http::Response<Body>, Error> {
    let status = StatusCode::from_u16(response.status()).map_err(|error| Error::Unreachable(error.to_string()))?;
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

/// The open end of a streamed body. Its body must not be finished before it is dropped.
#[derive(Debug)]
pub(crate) struct Sink {
    stream: OutputStream,
    clock: Rc<Clock>,
}

impl Sink {
    pub(super) fn new(stream: OutputStream, backend: &Backend) -> Self {
        Self { stream, clock: Rc::clone(&backend.0.clock) }
    }

    /// Writes all of `bytes`, and waits for the reader. Returns false if there is none any more.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> bool {
        self.clock.waited();
        write_all(&self.stream, bytes)
    }
}

/// Writes the body of an outgoing request. Returns false if the stream fails. While it waits for the reader, the timeout of the exchange counts.
async fn write_body(stream: &OutputStream, bytes: &[u8], clock: &Clock) -> bool {
    if bytes.len() <= MAX_WRITE {
        // One call instead of two. It does not wait: the first write to a body is always buffered.
        return stream.blocking_write_and_flush(bytes).is_ok();
    }
    let mut rest = bytes;
    while !rest.is_empty() {
        match write_permitted(stream, rest) {
            Some(0) => ready(stream.subscribe(), clock).await,
            Some(written) => rest = &rest[written..],
            None => return false,
        }
    }
    true
}

/// Writes all of `bytes`, and waits for the reader. Returns false if the stream fails.
pub(super) fn write_all(stream: &OutputStream, mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        match write_permitted(stream, bytes) {
            Some(0) => stream.subscribe().block(),
            Some(written) => bytes = &bytes[written..],
            None => return false,
        }
    }
    true
}

/// Writes as many of `bytes` as the stream takes without waiting, and returns their number. `None` if the stream fails.
pub(super) fn write_permitted(stream: &OutputStream, bytes: &[u8]) -> Option<usize> {
    let permitted = stream.check_write().ok()?;
    let length = bytes.len().min(usize::try_from(permitted).unwrap_or(usize::MAX));
    if length > 0 {
        stream.write(&bytes[..length]).ok()?;
    }
    Some(length)
}

/// Returns the result of `work`, or `None` if it takes longer than `timeout`. Work that waits for nothing costs no timer.
pub(crate) async fn with_timeout<T>(backend: &Backend, timeout: Duration, work: impl Future<Output = T>) -> Option<T> {
    let nanos = u64::try_from(timeout.as_nanos()).unwrap_or(u64::MAX);
    let mut work = pin!(work);
    let mut expired = pin!(async { ready(monotonic_clock::subscribe_duration(nanos), &backend.0.clock).await });
    std::future::poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => expired.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// A waker's flag, set when the executor finds its pollable ready. The executor polls every future again after each round, so a future has to
/// know whether its own pollable was ready.
struct Flag {
    ready: AtomicBool,
    task: Waker,
}

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.ready.store(true, Ordering::Relaxed);
        self.task.wake_by_ref();
    }
}

/// Waits until `pollable` is ready, and ends the validity of the time on `clock`.
async fn ready(pollable: Pollable, clock: &Clock) {
    let mut pollable = Some(pollable);
    let mut waiting = None;
    std::future::poll_fn(|context| {
        let (flag, _cancel_on_drop) = waiting.get_or_insert_with(|| {
            let flag = Arc::new(Flag { ready: AtomicBool::new(false), task: context.waker().clone() });
            let pollable = pollable.take().expect("the first poll is the only one that registers");
            let token = spin_executor::push_waker_and_get_token(pollable, Waker::from(flag.clone()));
            (flag, spin_executor::CancelOnDropToken::from(token))
        });
        if flag.ready.load(Ordering::Relaxed) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    clock.waited();
}
