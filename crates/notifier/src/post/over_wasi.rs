//! The post over WASI HTTP. Each wait is one for the answer or for the end of the time, whichever comes first.

use wasi::clocks::monotonic_clock;
use wasi::http::outgoing_handler;
use wasi::http::types::{
    ErrorCode, Fields, FutureIncomingResponse, IncomingResponse, Method, OutgoingBody, OutgoingRequest, Scheme,
};
use wasi::io::poll::{Pollable, poll};
use wasi::io::streams::{InputStream, OutputStream};

use super::{Answer, Post};
use crate::Error;

/// For how long one post may take: the interface gives ten seconds for everything.
const TIMEOUT_NANOS: u64 = 9_000_000_000;

/// How much of an answer is read, and how much of it at once.
const MAX_ANSWER: usize = 16 * 1024;

/// Posts, and waits for the answer.
///
/// # Errors
///
/// [`Error::Retryable`] if none comes.
pub fn send(post: &Post) -> Result<Answer, Error> {
    let deadline = Deadline(monotonic_clock::subscribe_duration(TIMEOUT_NANOS));
    let request = request(post).ok_or_else(|| failed("the request cannot be made"))?;
    let body = request.body().map_err(|()| failed("the request has no body"))?;
    let pending = outgoing_handler::handle(request, None).map_err(|code| refused(&code))?;
    let stream = body.write().map_err(|()| failed("the body has no stream"))?;
    // A server that does not read on says why in its answer.
    let _ = write(&stream, post.body.as_bytes(), &deadline);
    drop(stream);
    let _ = OutgoingBody::finish(body, None);
    let response = response(&pending, &deadline)?;
    Ok(Answer { status: response.status(), body: read(&response, &deadline) })
}

/// When the time is over.
struct Deadline(Pollable);

impl Deadline {
    /// Waits for `other`. False: the time was over before.
    fn wait_for(&self, other: &Pollable) -> bool {
        poll(&[other, &self.0]).contains(&0)
    }
}

fn request(post: &Post) -> Option<OutgoingRequest> {
    let fixed = [("content-type", "application/json".to_owned()), ("content-length", post.body.len().to_string())];
    let headers = post.headers.iter().chain(&fixed);
    let headers: Vec<_> = headers.map(|(name, value)| ((*name).to_owned(), value.clone().into_bytes())).collect();
    let request = OutgoingRequest::new(Fields::from_list(&headers).ok()?);
    let scheme = if post.target.is_https { Scheme::Https } else { Scheme::Http };
    request.set_method(&Method::Post).ok()?;
    request.set_scheme(Some(&scheme)).ok()?;
    request.set_authority(Some(&post.target.authority)).ok()?;
    request.set_path_with_query(Some(&post.target.path)).ok()?;
    Some(request)
}

fn write(stream: &OutputStream, mut bytes: &[u8], deadline: &Deadline) -> Option<()> {
    while !bytes.is_empty() {
        let room = usize::try_from(stream.check_write().ok()?).ok()?;
        let (now, later) = bytes.split_at(room.min(bytes.len()));
        if now.is_empty() {
            deadline.wait_for(&stream.subscribe()).then_some(())?;
        } else {
            stream.write(now).ok()?;
        }
        bytes = later;
    }
    stream.flush().ok()?;
    deadline.wait_for(&stream.subscribe()).then_some(())
}

fn response(pending: &FutureIncomingResponse, deadline: &Deadline) -> Result<IncomingResponse, Error> {
    if !deadline.wait_for(&pending.subscribe()) {
        return Err(failed("no answer in time"));
    }
    match pending.get() {
        Some(Ok(Ok(response))) => Ok(response),
        Some(Ok(Err(code))) => Err(refused(&code)),
        Some(Err(())) | None => Err(failed("no answer")),
    }
}

/// As much of the body as there is in time: the status has already said what matters.
fn read(response: &IncomingResponse, deadline: &Deadline) -> Vec<u8> {
    let mut all = Vec::new();
    let Ok(body) = response.consume() else { return all };
    if let Ok(stream) = body.stream() {
        while all.len() < MAX_ANSWER {
            match chunk(&stream, deadline) {
                Some(bytes) => all.extend(bytes),
                None => break,
            }
        }
    }
    all
}

fn chunk(stream: &InputStream, deadline: &Deadline) -> Option<Vec<u8>> {
    if !deadline.wait_for(&stream.subscribe()) {
        return None;
    }
    stream.read(MAX_ANSWER as u64).ok()
}

fn refused(code: &ErrorCode) -> Error {
    match code {
        ErrorCode::HttpRequestDenied => failed("the host of `endpoint` is not among the `allowed_outbound_hosts`"),
        ErrorCode::DestinationIpProhibited => failed("the address of `endpoint` is in a network that is blocked"),
        other => failed(&format!("no answer: {other:?}")),
    }
}

fn failed(what: &str) -> Error {
    Error::Retryable(what.to_owned())
}
