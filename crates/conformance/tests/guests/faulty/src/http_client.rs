//! One request over the raw `wasi:http` bindings, as a provider should make it: with limits on the duration, on the length of the response,
//! and on its host.

use std::time::Duration;

use wasi::clocks::monotonic_clock::now;
use wasi::http::outgoing_handler;
use wasi::http::types::{
    ErrorCode, Fields, IncomingBody, IncomingResponse, Method, OutgoingBody, OutgoingRequest, RequestOptions, Scheme,
};
use wasi::io::streams::StreamError;

/// The largest write that `blocking-write-and-flush` takes.
const CHUNK: usize = 4096;

/// The time limit for the response head, and for the whole request.
const PATIENCE: Duration = Duration::from_secs(4);

/// The number of bytes that are read of a response.
const ENOUGH: usize = 64 << 10;

/// A request, with the faults to commit.
pub(crate) struct PostRequest<'a> {
    pub(crate) url: &'a str,
    pub(crate) key: Option<&'a str>,
    pub(crate) authorization: &'a str,
    pub(crate) body: &'a str,
    /// Waits for a response without a time limit.
    pub(crate) is_patient: bool,
    /// Waits for the rest of a response without a time limit.
    pub(crate) is_patient_with_bodies: bool,
    /// Reads a body without a time limit.
    pub(crate) takes_its_time: bool,
    /// Reads a body without a length limit.
    pub(crate) reads_on: bool,
    /// Follows redirects.
    pub(crate) follows: bool,
}

impl<'a> PostRequest<'a> {
    /// Creates a request without a key and without faults.
    pub(crate) fn new(url: &'a str, authorization: &'a str, body: &'a str) -> Self {
        Self {
            url,
            key: None,
            authorization,
            body,
            is_patient: false,
            is_patient_with_bodies: false,
            takes_its_time: false,
            reads_on: false,
            follows: false,
        }
    }
}

/// The response of the service.
pub(crate) struct PostResponse {
    pub(crate) status: u16,
    /// Whether the body was read to its end.
    pub(crate) is_whole: bool,
    body: Vec<u8>,
}

/// Why there is no response.
pub(crate) enum PostFailure {
    NoConnection,
    NoResponse,
}

impl PostResponse {
    /// Returns the id that the service assigned.
    pub(crate) fn id(&self) -> Option<&str> {
        let (_, rest) = std::str::from_utf8(&self.body).ok()?.split_once("\"id\":\"")?;
        Some(rest.split_once('"')?.0)
    }
}

/// Sends the request and reads the response.
pub(crate) fn post(parameters: &PostRequest<'_>) -> Result<PostResponse, PostFailure> {
    let response = send(parameters)?;
    let status = response.status();
    let location = response.headers().get(&"location".to_owned()).pop();
    if let Some(location) = location.filter(|_| parameters.follows) {
        let url = String::from_utf8_lossy(&location).into_owned();
        return post(&PostRequest {
            url: &url,
            key: parameters.key,
            follows: false,
            ..PostRequest::new("", parameters.authorization, parameters.body)
        });
    }
    let body = response.consume().expect("a body is read once");
    let (body, is_whole) = read(&body, parameters);
    Ok(PostResponse { status, is_whole, body })
}

fn send(parameters: &PostRequest<'_>) -> Result<IncomingResponse, PostFailure> {
    let headers = Fields::new();
    let set = |name: &str, value: &str| headers.set(&name.to_owned(), &[value.as_bytes().to_vec()]);
    set("content-type", "application/json").expect("a legal header");
    set("content-length", &parameters.body.len().to_string()).expect("a legal header");
    set("authorization", &format!("Bearer {}", parameters.authorization)).expect("a key of one line");
    if let Some(key) = parameters.key {
        set("idempotency-key", key).expect("a key of ASCII");
    }
    let request = OutgoingRequest::new(headers);
    let (scheme, rest) = parameters.url.split_once("://").unwrap_or(("https", parameters.url));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let scheme = if scheme == "http" { Scheme::Http } else { Scheme::Https };
    request.set_method(&Method::Post).expect("a legal method");
    request.set_scheme(Some(&scheme)).expect("a legal scheme");
    request.set_authority(Some(authority)).expect("a legal host");
    request.set_path_with_query(Some(&format!("/{path}"))).expect("a legal path");

    let options = RequestOptions::new();
    let nanoseconds = u64::try_from(PATIENCE.as_nanos()).expect("a few seconds");
    if !parameters.is_patient {
        options.set_first_byte_timeout(Some(nanoseconds)).expect("a timeout that there is");
    }
    if !parameters.is_patient_with_bodies {
        options.set_between_bytes_timeout(Some(nanoseconds)).expect("a timeout that there is");
    }
    let body = request.body().expect("a new request has a body");
    let pending = outgoing_handler::handle(request, Some(options)).map_err(|_| PostFailure::NoConnection)?;
    let stream = body.write().expect("a new body has a stream");
    for chunk in parameters.body.as_bytes().chunks(CHUNK) {
        if stream.blocking_write_and_flush(chunk).is_err() {
            break;
        }
    }
    drop(stream);
    // A service that does not read the body says so in its response.
    let _ = OutgoingBody::finish(body, None);
    pending.subscribe().block();
    match pending.get().expect("it is ready").expect("it is taken once") {
        Ok(response) => Ok(response),
        Err(ErrorCode::ConnectionRefused) => Err(PostFailure::NoConnection),
        Err(_) => Err(PostFailure::NoResponse),
    }
}

/// Returns the body up to the limits, and whether that is all of it.
fn read(body: &IncomingBody, parameters: &PostRequest<'_>) -> (Vec<u8>, bool) {
    let stream = body.stream().expect("the stream is taken once");
    let (mut all, start) = (Vec::new(), now());
    loop {
        let is_late = u128::from(now() - start) > PATIENCE.as_nanos() && !parameters.takes_its_time;
        if is_late || (all.len() > ENOUGH && !parameters.reads_on) {
            return (all, false);
        }
        match stream.blocking_read(CHUNK as u64) {
            Ok(chunk) => all.extend(chunk),
            Err(StreamError::Closed) => return (all, true),
            Err(_) => return (all, false),
        }
    }
}
