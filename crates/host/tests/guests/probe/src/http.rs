//! Requests and responses over the raw `wasi:http` bindings.

use wasi::http::outgoing_handler;
use wasi::http::types::{
    Fields, IncomingBody, IncomingRequest, Method, OutgoingBody, OutgoingRequest, OutgoingResponse, ResponseOutparam,
    Scheme,
};
use wasi::io::streams::{InputStream, OutputStream, StreamError};

/// The largest write that `blocking-write-and-flush` takes.
const CHUNK: usize = 4096;

pub(crate) struct Request(IncomingRequest);

impl Request {
    pub(crate) fn new(request: IncomingRequest) -> Self {
        Self(request)
    }

    /// Returns the path without the query.
    pub(crate) fn path(&self) -> String {
        let full = self.0.path_with_query().unwrap_or_default();
        full.split('?').next().unwrap_or_default().to_owned()
    }

    pub(crate) fn body_text(&self) -> String {
        let body = self.0.consume().expect("the body is read once");
        String::from_utf8(read_all(&body)).expect("the body is text")
    }

    /// Returns method, path, authority and headers, one a line.
    pub(crate) fn describe(&self) -> String {
        let mut lines = vec![
            format!("{} {}", method(&self.0.method()), self.0.path_with_query().unwrap_or_default()),
            format!("authority: {}", self.0.authority().unwrap_or_default()),
        ];
        let headers = self.0.headers().entries();
        lines.extend(headers.iter().map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value))));
        lines.join("\n")
    }
}

fn method(method: &Method) -> String {
    match method {
        Method::Other(name) => name.clone(),
        known => format!("{known:?}").rsplit("::").next().unwrap_or_default().to_uppercase().replace("METHOD", ""),
    }
}

pub(crate) struct Responder(ResponseOutparam);

impl Responder {
    pub(crate) fn new(outparam: ResponseOutparam) -> Self {
        Self(outparam)
    }

    /// Responds with a text of known length.
    pub(crate) fn text(self, text: &str) {
        let (body, stream) = self.start(Some(text.len()));
        write(&stream, text.as_bytes());
        finish(body, stream);
    }

    fn start(self, length: Option<usize>) -> (OutgoingBody, OutputStream) {
        let headers = Fields::new();
        if let Some(length) = length {
            let length = length.to_string().into_bytes();
            headers.set(&"content-length".to_owned(), &[length]).expect("a legal header");
        }
        let response = OutgoingResponse::new(headers);
        let body = response.body().expect("a new response has a body");
        ResponseOutparam::set(self.0, Ok(response));
        let stream = body.write().expect("a new body has a stream");
        (body, stream)
    }
}

/// Streams the request's body back as it arrives.
pub(crate) fn echo(request: &Request, responder: Responder) {
    let body = request.0.consume().expect("the body is read once");
    let input = body.stream().expect("the stream is taken once");
    let (out, output) = responder.start(None);
    while let Some(chunk) = read(&input) {
        write(&output, &chunk);
    }
    finish(out, output);
}

pub(crate) fn large(bytes: usize, responder: Responder) {
    let (body, stream) = responder.start(None);
    let block = [b'x'; CHUNK];
    let mut left = bytes;
    while left > 0 {
        let part = left.min(CHUNK);
        write(&stream, &block[..part]);
        left -= part;
    }
    finish(body, stream);
}

/// Requests a URL, or a path of this application; returns `<status> <body>` or the error.
pub(crate) fn fetch(target: &str) -> String {
    let request = OutgoingRequest::new(Fields::new());
    let (authority, path) = match target.split_once("://") {
        Some((scheme, rest)) => {
            let scheme = if scheme == "http" { Scheme::Http } else { Scheme::Https };
            request.set_scheme(Some(&scheme)).expect("a legal scheme");
            let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
            (Some(authority), format!("/{path}"))
        }
        None => (None, target.to_owned()),
    };
    request.set_authority(authority).expect("a legal authority");
    request.set_path_with_query(Some(&path)).expect("a legal path");
    let pending = match outgoing_handler::handle(request, None) {
        Ok(pending) => pending,
        Err(error) => return format!("error: {error:?}"),
    };
    pending.subscribe().block();
    match pending.get().expect("it is ready").expect("it is taken once") {
        Ok(response) => {
            let body = response.consume().expect("the body is read once");
            format!("{} {}", response.status(), String::from_utf8_lossy(&read_all(&body)))
        }
        Err(error) => format!("error: {error:?}"),
    }
}

fn read_all(body: &IncomingBody) -> Vec<u8> {
    let stream = body.stream().expect("the stream is taken once");
    let mut all = Vec::new();
    while let Some(chunk) = read(&stream) {
        all.extend(chunk);
    }
    all
}

fn read(stream: &InputStream) -> Option<Vec<u8>> {
    match stream.blocking_read(CHUNK as u64) {
        Ok(chunk) => Some(chunk),
        Err(StreamError::Closed) => None,
        Err(error) => panic!("the body broke off: {error:?}"),
    }
}

fn write(stream: &OutputStream, bytes: &[u8]) {
    for chunk in bytes.chunks(CHUNK) {
        // The client may have disconnected; the work after the response must not depend on it.
        let _ = stream.blocking_write_and_flush(chunk);
    }
}

fn finish(body: OutgoingBody, stream: OutputStream) {
    drop(stream);
    let _ = OutgoingBody::finish(body, None);
}
