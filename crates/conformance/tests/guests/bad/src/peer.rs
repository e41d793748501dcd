//! One request over the raw `wasi:http` bindings, as a provider should make it: with a bound on the time, on the length of the answer, and
//! on where it goes.

use std::time::Duration;

use wasi::clocks::monotonic_clock::now;
use wasi::http::outgoing_handler;
use wasi::http::types::{
    ErrorCode, Fields, IncomingBody, IncomingResponse, Method, OutgoingBody, OutgoingRequest, RequestOptions, Scheme,
};
use wasi::io::streams::StreamError;

/// The largest write that `blocking-write-and-flush` takes.
const CHUNK: usize = 4096;

/// How long the peer may take to answer, and how long the whole may take.
const PATIENCE: Duration = Duration::from_secs(4);

/// How much of an answer is read.
const ENOUGH: usize = 64 << 10;

/// What is asked, and in which of the many ways.
pub(crate) struct Ask<'a> {
    pub(crate) url: &'a str,
    pub(crate) key: Option<&'a str>,
    pub(crate) authorization: &'a str,
    pub(crate) body: &'a str,
    /// Waits for an answer as long as it takes.
    pub(crate) is_patient: bool,
    /// Waits for the rest of an answer as long as it takes.
    pub(crate) is_patient_with_bodies: bool,
    /// Reads on, however long it takes.
    pub(crate) takes_its_time: bool,
    /// Reads on, however much there is.
    pub(crate) reads_on: bool,
    /// Goes where it is sent.
    pub(crate) follows: bool,
}

impl<'a> Ask<'a> {
    /// Without a key, and well.
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

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Whether the body was read to its end.
    pub(crate) is_whole: bool,
    body: Vec<u8>,
}

/// Why there is no answer.
pub(crate) enum Failure {
    NoConnection,
    NoAnswer,
}

impl Answer {
    /// What the peer calls what it did.
    pub(crate) fn id(&self) -> Option<&str> {
        let (_, rest) = std::str::from_utf8(&self.body).ok()?.split_once("\"id\":\"")?;
        Some(rest.split_once('"')?.0)
    }
}

/// Sends it, and reads what is answered.
pub(crate) fn post(ask: &Ask<'_>) -> Result<Answer, Failure> {
    let response = send(ask)?;
    let status = response.status();
    let location = response.headers().get(&"location".to_owned()).pop();
    if let Some(location) = location.filter(|_| ask.follows) {
        let url = String::from_utf8_lossy(&location).into_owned();
        return post(&Ask { url: &url, key: ask.key, follows: false, ..Ask::new("", ask.authorization, ask.body) });
    }
    let body = response.consume().expect("a body is read once");
    let (body, is_whole) = read(&body, ask);
    Ok(Answer { status, is_whole, body })
}

fn send(ask: &Ask<'_>) -> Result<IncomingResponse, Failure> {
    let headers = Fields::new();
    let set = |name: &str, value: &str| headers.set(&name.to_owned(), &[value.as_bytes().to_vec()]);
    set("content-type", "application/json").expect("a legal header");
    set("content-length", &ask.body.len().to_string()).expect("a legal header");
    set("authorization", &format!("Bearer {}", ask.authorization)).expect("a key of one line");
    if let Some(key) = ask.key {
        set("idempotency-key", key).expect("a key of ASCII");
    }
    let request = OutgoingRequest::new(headers);
    let (scheme, rest) = ask.url.split_once("://").unwrap_or(("https", ask.url));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let scheme = if scheme == "http" { Scheme::Http } else { Scheme::Https };
    request.set_method(&Method::Post).expect("a legal method");
    request.set_scheme(Some(&scheme)).expect("a legal scheme");
    request.set_authority(Some(authority)).expect("a legal host");
    request.set_path_with_query(Some(&format!("/{path}"))).expect("a legal path");

    let options = RequestOptions::new();
    let nanoseconds = u64::try_from(PATIENCE.as_nanos()).expect("a few seconds");
    if !ask.is_patient {
        options.set_first_byte_timeout(Some(nanoseconds)).expect("a timeout that there is");
    }
    if !ask.is_patient_with_bodies {
        options.set_between_bytes_timeout(Some(nanoseconds)).expect("a timeout that there is");
    }
    let body = request.body().expect("a new request has a body");
    let pending = outgoing_handler::handle(request, Some(options)).map_err(|_| Failure::NoConnection)?;
    let stream = body.write().expect("a new body has a stream");
    for chunk in ask.body.as_bytes().chunks(CHUNK) {
        if stream.blocking_write_and_flush(chunk).is_err() {
            break;
        }
    }
    drop(stream);
    // Whoever does not read it says so in the answer.
    let _ = OutgoingBody::finish(body, None);
    pending.subscribe().block();
    match pending.get().expect("it is ready").expect("it is taken once") {
        Ok(response) => Ok(response),
        Err(ErrorCode::ConnectionRefused) => Err(Failure::NoConnection),
        Err(_) => Err(Failure::NoAnswer),
    }
}

/// The body, or as much of it as anybody needs, and whether that is all.
fn read(body: &IncomingBody, ask: &Ask<'_>) -> (Vec<u8>, bool) {
    let stream = body.stream().expect("the stream is taken once");
    let (mut all, start) = (Vec::new(), now());
    loop {
        let is_late = u128::from(now() - start) > PATIENCE.as_nanos() && !ask.takes_its_time;
        if is_late || (all.len() > ENOUGH && !ask.reads_on) {
            return (all, false);
        }
        match stream.blocking_read(CHUNK as u64) {
            Ok(chunk) => all.extend(chunk),
            Err(StreamError::Closed) => return (all, true),
            Err(_) => return (all, false),
        }
    }
}
