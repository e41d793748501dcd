//! The way in: WASI's request becomes ours, and our response becomes WASI's.

use super::Backend;
use super::http::{Incoming, header_list};
use crate::Platform;
use crate::http::{Body, Request, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use wasi::http::types::{self as wasi_http, Fields, OutgoingBody, OutgoingResponse};
use wasi::io::streams::OutputStream;

/// A request as WASI hands it over.
pub type RawRequest = wasi_http::IncomingRequest;
/// Where WASI takes the response.
pub type Outparam = wasi_http::ResponseOutparam;

/// Serves one request with `serve`, sends the answer, and then runs what was left for after it.
pub fn run<F: Future<Output = Response>>(
    request: RawRequest,
    outparam: Outparam,
    serve: impl FnOnce(Platform, Request) -> F,
) {
    let platform = Platform::new(Backend);
    spin_executor::run(async {
        match incoming(request) {
            Some(request) => {
                let for_head = request.method() == Method::HEAD;
                respond(outparam, serve(platform.clone(), request).await, for_head);
            }
            None => respond(outparam, crate::http::empty(http::StatusCode::BAD_REQUEST), false),
        }
        platform.run_deferred().await;
    });
}

/// `None` for a request whose head the `http` crate does not take.
fn incoming(request: RawRequest) -> Option<Request> {
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
    let means_a_body = matches!(method, Method::POST | Method::PUT | Method::PATCH);
    let mut head = http::Request::builder().method(method).uri(request.path_with_query().unwrap_or_default());
    let headers = head.headers_mut()?;
    for (name, value) in request.headers().entries() {
        headers.append(HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_bytes(&value).ok()?);
    }
    // Taking a body costs host calls even if it is empty. One is looked for where it is announced or where the method means it.
    let announced =
        headers.contains_key(http::header::CONTENT_LENGTH) || headers.contains_key(http::header::TRANSFER_ENCODING);
    let body = if announced || means_a_body { Body::stream(Incoming::of_request(request)?) } else { Body::empty() };
    Some(Request::new(head.body(body).ok()?))
}

/// Sends `response`; to a HEAD request without its body and, since WASI holds a length against the body, without its length.
fn respond(outparam: Outparam, response: Response, for_head: bool) {
    let (head, body) = response.into_parts();
    let (body, length) = if for_head { (Bytes::new(), None) } else { (body.clone(), Some(body.len())) };
    let Ok(outgoing) = fields(&head.headers, length).map(OutgoingResponse::new) else {
        return;
    };
    // The status comes from the `http` crate, which has checked it; each body and stream is taken once.
    let _ = outgoing.set_status_code(head.status.as_u16());
    let Ok(outgoing_body) = outgoing.body() else { return };
    let Ok(stream) = outgoing_body.write() else { return };
    // A body that fits goes in before the response goes out, so that Spin has both at once and sends them in one packet. In two,
    // the second waits for the client to acknowledge the first, which may take 40 ms.
    let fits = stream.check_write().is_ok_and(|permitted| body.len() as u64 <= permitted);
    if fits && stream.write(&body).is_ok() {
        drop(stream);
        let _ = OutgoingBody::finish(outgoing_body, None);
        wasi_http::ResponseOutparam::set(outparam, Ok(outgoing));
        return;
    }
    wasi_http::ResponseOutparam::set(outparam, Ok(outgoing));
    if write_all(&stream, &body) {
        drop(stream);
        let _ = OutgoingBody::finish(outgoing_body, None);
    }
    // Else the client has gone. Not finishing the body tells the host that the response is not whole.
}

/// The headers of a response with its `Content-Length`.
fn fields(headers: &HeaderMap, length: Option<usize>) -> Result<Fields, wasi_http::HeaderError> {
    let mut list = header_list(headers);
    if let Some(length) = length {
        list.push(("content-length".to_owned(), length.to_string().into_bytes()));
    }
    Fields::from_list(&list)
}

/// Whether all of `bytes` could be written.
pub(super) fn write_all(stream: &OutputStream, mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        match stream.check_write() {
            Ok(0) => stream.subscribe().block(),
            Ok(permitted) => {
                let now = bytes.len().min(usize::try_from(permitted).unwrap_or(usize::MAX));
                let (chunk, rest) = bytes.split_at(now);
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
