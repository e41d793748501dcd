//! Outgoing requests and incoming bodies over WASI HTTP.

use super::Backend;
use crate::client::Error;
use crate::http::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Poll, Wake, Waker};
use std::time::Duration;
use wasi::clocks::monotonic_clock;
use wasi::http::outgoing_handler;
use wasi::http::types::{
    self as wasi_http, ErrorCode, Fields, IncomingBody, OutgoingBody, OutgoingRequest, RequestOptions,
};
use wasi::io::poll::Pollable;
use wasi::io::streams::{InputStream, OutputStream, StreamError};

/// The size of one read, in bytes.
const READ_SIZE: u64 = 64 * 1024;

/// A body that is still arriving. The fields are dropped in order: WASI requires the stream to be dropped before its body, and the body
/// before its message.
pub(crate) struct Incoming {
    stream: InputStream,
    _body: IncomingBody,
    _message: Message,
}

#[expect(dead_code, reason = "kept alive, not read")]
enum Message {
    Request(wasi_http::IncomingRequest),
    Response(wasi_http::IncomingResponse),
}

impl Incoming {
    pub(super) fn of_request(request: wasi_http::IncomingRequest) -> Option<Self> {
        let body = request.consume().ok()?;
        Some(Self { stream: body.stream().ok()?, _body: body, _message: Message::Request(request) })
    }

    fn of_response(response: wasi_http::IncomingResponse) -> Option<Self> {
        let body = response.consume().ok()?;
        Some(Self { stream: body.stream().ok()?, _body: body, _message: Message::Response(response) })
    }

    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, String> {
        loop {
            match self.stream.read(READ_SIZE) {
                Ok(bytes) if bytes.is_empty() => ready(self.stream.subscribe()).await,
                Ok(bytes) => return Ok(Some(bytes.into())),
                Err(StreamError::Closed) => return Ok(None),
                Err(StreamError::LastOperationFailed(error)) => return Err(error.to_debug_string()),
            }
        }
    }
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Incoming")
    }
}

pub(crate) async fn send(
    _backend: &Backend,
    request: http::Request<Bytes>,
    timeout: Duration,
) -> Result<http::Response<Body>, Error> {
    let (head, body) = request.into_parts();
    let authority = head.uri.authority().map_or_else(String::new, ToString::to_string);
    let outgoing = outgoing_request(&head, body.len())?;
    let outgoing_body = outgoing.body().map_err(|()| invalid("it has no body"))?;
    let options = RequestOptions::new();
    let nanos = u64::try_from(timeout.as_nanos()).ok();
    // A host may not support a timeout; `with_timeout` bounds the exchange in any case.
    let _ = options.set_connect_timeout(nanos);
    let _ = options.set_first_byte_timeout(nanos);
    let pending = outgoing_handler::handle(outgoing, Some(options)).map_err(|code| error(code, &authority, timeout))?;
    if !body.is_empty() {
        let stream = outgoing_body.write().map_err(|()| invalid("its body has no stream"))?;
        // If the callee stops reading, its response has the reason.
        let _ = write_all(&stream, &body);
    }
    let _ = OutgoingBody::finish(outgoing_body, None);
    let response = loop {
        match pending.get() {
            Some(Ok(response)) => break response.map_err(|code| error(code, &authority, timeout))?,
            Some(Err(())) => return Err(invalid("its response was taken twice")),
            None => ready(pending.subscribe()).await,
        }
    };
    incoming_response(response)
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
    outgoing
        .set_method(&method)
        .and_then(|()| outgoing.set_scheme(Some(&scheme)))
        .and_then(|()| outgoing.set_authority(head.uri.authority().map(|authority| authority.as_str())))
        .and_then(|()| outgoing.set_path_with_query(path))
        .map_err(|()| invalid("its method or address is not valid"))?;
    Ok(outgoing)
}

fn incoming_response(response: wasi_http::IncomingResponse) -> Result<http::Response<Body>, Error> {
    let mut headers = HeaderMap::new();
    for (name, value) in response.headers().entries() {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(&value)) {
            headers.append(name, value);
        }
    }
    let status = StatusCode::from_u16(response.status()).map_err(|error| Error::Unreachable(error.to_string()))?;
    let body = Incoming::of_response(response).ok_or_else(|| Error::Unreachable("the response has no body".into()))?;
    let mut converted = http::Response::new(Body::stream(body));
    *converted.status_mut() = status;
    *converted.headers_mut() = headers;
    Ok(converted)
}

fn error(code: ErrorCode, authority: &str, timeout: Duration) -> Error {
    match code {
        ErrorCode::HttpRequestDenied => Error::Denied(authority.to_owned()),
        ErrorCode::ConnectionTimeout
        | ErrorCode::ConnectionReadTimeout
        | ErrorCode::ConnectionWriteTimeout
        | ErrorCode::HttpResponseTimeout => Error::Timeout(timeout),
        ErrorCode::ConnectionRefused => Error::Unreachable("connection refused".to_owned()),
        ErrorCode::DnsError(_) | ErrorCode::DnsTimeout => {
            Error::Unreachable("the host name was not resolved".to_owned())
        }
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
pub(crate) struct Sink(OutputStream);

impl Sink {
    pub(super) fn new(stream: OutputStream) -> Self {
        Self(stream)
    }

    /// Writes all of `bytes`, and waits for the reader. Returns false if there is none any more.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> bool {
        write_all(&self.0, bytes)
    }
}

/// Writes all of `bytes`. Returns false if the stream fails.
pub(super) fn write_all(stream: &OutputStream, mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        match stream.check_write() {
            Ok(0) => stream.subscribe().block(),
            Ok(permitted) => {
                let length = bytes.len().min(usize::try_from(permitted).unwrap_or(usize::MAX));
                let (chunk, rest) = bytes.split_at(length);
                if stream.write(chunk).is_err() {
                    return false;
                }
                bytes = rest;
            }
            Err(_) => return false,
        }
    }
    true
}

/// Returns the result of `work`, or `None` if it takes longer than `timeout`. Work that waits for nothing costs no timer.
pub(crate) async fn with_timeout<T>(timeout: Duration, work: impl Future<Output = T>) -> Option<T> {
    let nanos = u64::try_from(timeout.as_nanos()).unwrap_or(u64::MAX);
    let mut work = pin!(work);
    let mut expired = pin!(async { ready(monotonic_clock::subscribe_duration(nanos)).await });
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

/// Waits until `pollable` is ready.
async fn ready(pollable: Pollable) {
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
}
