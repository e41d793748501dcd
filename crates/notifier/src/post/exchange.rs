//! One HTTP POST over WASI HTTP. Each wait ends with the response or at the deadline, whichever comes first.

use crate::wasi::clocks::monotonic_clock;
use crate::wasi::http::outgoing_handler;
use crate::wasi::http::types::{
    ErrorCode, Fields, FutureIncomingResponse, IncomingResponse, Method, OutgoingBody, OutgoingRequest, Scheme,
};
use crate::wasi::io::poll::{Pollable, poll};
use crate::wasi::io::streams::{InputStream, OutputStream};

/// The longest duration of a POST: the interface allows ten seconds for a whole call.
const TIMEOUT_NANOS: u64 = 9_000_000_000;

/// How many bytes of a response are read.
const MAX_RESPONSE: usize = 16 * 1024;

/// Posts JSON to `https://<authority><path>`, or over plain HTTP. Returns the status, and up to 16 KiB of the body.
///
/// # Errors
///
/// The reason why there is no response.
pub(crate) fn post(
    is_https: bool,
    authority: &str,
    path: &str,
    headers: &[(&str, String)],
    json: &str,
) -> Result<(u16, Vec<u8>), String> {
    let deadline = Deadline(monotonic_clock::subscribe_duration(TIMEOUT_NANOS));
    let request = OutgoingRequest::new(fields(headers, json).ok_or("a header is not valid")?);
    request
        .set_method(&Method::Post)
        .and_then(|()| request.set_scheme(Some(if is_https { &Scheme::Https } else { &Scheme::Http })))
        .and_then(|()| request.set_authority(Some(authority)))
        .and_then(|()| request.set_path_with_query(Some(path)))
        .map_err(|()| "the URL is not valid")?;
    let body = request.body().map_err(|()| "the request has no body")?;
    let pending = outgoing_handler::handle(request, None).map_err(|code| refused(&code))?;
    let stream = body.write().map_err(|()| "the body has no stream")?;
    // A server that stops reading gives the reason in its response.
    let _ = write(&stream, json.as_bytes(), &deadline);
    drop(stream);
    let _ = OutgoingBody::finish(body, None);
    let response = response(&pending, &deadline)?;
    Ok((response.status(), read(&response, &deadline)))
}

/// The end of the time for the POST.
struct Deadline(Pollable);

impl Deadline {
    /// Waits for `other`. Returns false if the deadline passes first.
    fn wait_for(&self, other: &Pollable) -> bool {
        poll(&[other, &self.0]).contains(&0)
    }
}

fn fields(headers: &[(&str, String)], json: &str) -> Option<Fields> {
    let fixed = [("content-type", "application/json".to_owned()), ("content-length", json.len().to_string())];
    let all = headers.iter().chain(&fixed);
    let list: Vec<_> = all.map(|(name, value)| ((*name).to_owned(), value.clone().into_bytes())).collect();
    Fields::from_list(&list).ok()
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

fn response(pending: &FutureIncomingResponse, deadline: &Deadline) -> Result<IncomingResponse, String> {
    if !deadline.wait_for(&pending.subscribe()) {
        return Err("no response in time".to_owned());
    }
    match pending.get() {
        Some(Ok(Ok(response))) => Ok(response),
        Some(Ok(Err(code))) => Err(refused(&code)),
        Some(Err(())) | None => Err("no response".to_owned()),
    }
}

/// Reads the part of the body that arrives in time. A part is enough: the status has already arrived.
fn read(response: &IncomingResponse, deadline: &Deadline) -> Vec<u8> {
    let mut all = Vec::new();
    let Ok(body) = response.consume() else { return all };
    if let Ok(stream) = body.stream() {
        while all.len() < MAX_RESPONSE {
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
    stream.read(MAX_RESPONSE as u64).ok()
}

fn refused(code: &ErrorCode) -> String {
    match code {
        ErrorCode::HttpRequestDenied => "the host of `endpoint` is not among the `allowed_outbound_hosts`".to_owned(),
        ErrorCode::DestinationIpProhibited => "the address of `endpoint` is in a blocked network".to_owned(),
        other => format!("no response: {other:?}"),
    }
}
