//! The HTTP entry point: converts WASI's request to ours, and our response to WASI's.

use super::http::{Incoming, Sink, header_list, write_all, write_permitted};
use super::{Backend, MAX_WRITE};
use crate::Platform;
use crate::http::{Body, BodyWork, BodyWriter, Request, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use wasi::http::types::{self as wasi_http, Fields, OutgoingBody, OutgoingResponse};

/// An incoming request of WASI.
pub type RawRequest = wasi_http::IncomingRequest;
/// The WASI parameter that receives the response.
pub type Outparam = wasi_http::ResponseOutparam;

/// Serves one request with `serve`, sends the response, and then runs the deferred work.
pub fn run<F: Future<Output = Response>>(
    request: RawRequest,
    outparam: Outparam,
    serve: impl FnOnce(Platform, Request) -> F,
) {
    let backend = Backend::default();
    let platform = Platform::new(backend.clone());
    spin_executor::run(async {
        match incoming(request, &backend) {
            Some(request) => {
                let for_head = request.method() == Method::HEAD;
                let mut response = serve(platform.clone(), request).await;
                let work = platform.take_body_work(&mut response);
                respond(&backend, outparam, response, work, for_head).await;
            }
            None => respond(&backend, outparam, crate::http::empty(StatusCode::BAD_REQUEST), None, false).await,
        }
        platform.run_deferred().await;
    });
}

/// Converts a request. `None` if the `http` crate does not accept its head.
fn incoming(request: RawRequest, backend: &Backend) -> Option<Request> {
    let method = match request.method() {
        wasi_http::Method::Get => Method::GET,
        wasi_http::Method::Head => Method::HEAD,
        wasi_http::Method::Post => Method::POST,
        wasi_http::Method::Put => Method::PUT,
        wasi_http::Method::Delete => Method::DELETE,
        wasi_http::Method::Connect => Method::CONNECT,
        wasi_http::Method::Options => Method::OPTIONS,
        wasi_http::Method::Trace => Method::TRACE,
        wasi_http::Method::Patch => Method::PATCH,
        wasi_http::Method::Other(name) => Method::from_bytes(name.as_bytes()).ok()?,
    };
    let method_has_body = matches!(method, Method::POST | Method::PUT | Method::PATCH);
    let mut head = http::Request::builder().method(method).uri(request.path_with_query().unwrap_or_default());
    let headers = head.headers_mut()?;
    for (name, value) in request.headers().entries() {
        headers.append(HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_bytes(&value).ok()?);
    }
    let length = headers.get(http::header::CONTENT_LENGTH);
    let has_body = match length {
        Some(length) => length.as_bytes() != b"0",
        None => method_has_body || headers.contains_key(http::header::TRANSFER_ENCODING),
    };
    // The server has checked the length: it ends the body there.
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    let body = if has_body { Body::stream(Incoming::of_request(request, length, backend)) } else { Body::empty() };
    Some(Request::new(head.body(body).ok()?))
}

/// Sends `response`. If there is `work`, it writes the body, whose length is not known before. A response to HEAD, a 204 and a 304 have no body
/// and no `Content-Length`: a 204 must not have one, and that of the two others would be the length of the body that they stand for
/// (RFC 9110, section 8.6), which WASI would compare with the body that is sent.
async fn respond(backend: &Backend, outparam: Outparam, response: Response, work: Option<BodyWork>, for_head: bool) {
    let (head, body) = response.into_parts();
    let may_have_body = !for_head && !matches!(head.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let length = (may_have_body && work.is_none()).then_some(body.len());
    let Ok(outgoing) = fields(&head.headers, length).map(OutgoingResponse::new) else { return };
    // The status of a new response is 200.
    if head.status != StatusCode::OK {
        // It comes from the `http` crate, which has checked it.
        let _ = outgoing.set_status_code(head.status.as_u16());
    }
    if !may_have_body || length == Some(0) {
        // A body that is taken costs host calls, and is framed even if nothing is written: without a length, the connection would have to be
        // closed.
        wasi_http::ResponseOutparam::set(outparam, Ok(outgoing));
        return;
    }
    // Each body and stream is taken once.
    let Ok(outgoing_body) = outgoing.body() else { return };
    let Ok(stream) = outgoing_body.write() else { return };
    if let Some(work) = work {
        wasi_http::ResponseOutparam::set(outparam, Ok(outgoing));
        if work(BodyWriter::new(Sink::new(stream, backend))).await {
            let _ = OutgoingBody::finish(outgoing_body, None);
        }
        return;
    }
    // A body that fits is written before the response is set, so that Spin sends both in one packet. With two packets, the second waits for
    // the client's acknowledgement of the first, which may take 40 ms. The first write to a body is always buffered, so it does not wait.
    let written = if body.len() <= MAX_WRITE {
        stream.blocking_write_and_flush(&body).ok().map(|()| body.len())
    } else {
        write_permitted(&stream, &body)
    };
    let rest = &body[written.unwrap_or(0)..];
    if rest.is_empty() {
        drop(stream);
        let _ = OutgoingBody::finish(outgoing_body, None);
        wasi_http::ResponseOutparam::set(outparam, Ok(outgoing));
        return;
    }
    wasi_http::ResponseOutparam::set(outparam, Ok(outgoing));
    if write_all(&stream, rest) {
        drop(stream);
        let _ = OutgoingBody::finish(outgoing_body, None);
    }
    // Else the client has disconnected. An unfinished body tells the host that the response is incomplete.
}

/// Converts the headers of a response, and adds `Content-Length`.
fn fields(headers: &HeaderMap, length: Option<usize>) -> Result<Fields, wasi_http::HeaderError> {
    let mut list = header_list(headers);
    if let Some(length) = length {
        list.push(("content-length".to_owned(), length.to_string().into_bytes()));
    }
    Fields::from_list(&list)
}
