//! The HTTP entry point: converts WASI's request to ours, and our response to WASI's.

use super::Backend;
use super::http::{Incoming, Sink, header_list};
use crate::Platform;
use crate::http::{Body, BodyWork, BodyWriter, Request, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use spin_sdk_wasi_0_3::wasip3::http::types::{self as wasi_http, ErrorCode, Fields, HeaderError};
use spin_sdk_wasi_0_3::wasip3::{spawn, wit_future, wit_stream};
use std::future::{poll_fn, ready};
use std::pin::Pin;
use std::task::Poll;

/// An incoming request of WASI.
pub type RawRequest = wasi_http::Request;
/// A response of WASI, or the reason why there is none.
pub type RawResponse = Result<wasi_http::Response, ErrorCode>;

/// Serves one request with `serve` and returns the head of the response; the instance then sends its body and runs the deferred work.
pub async fn run<F: Future<Output = Response>>(
    request: RawRequest,
    serve: impl FnOnce(Platform, Request) -> F,
) -> RawResponse {
    let backend = Backend::default();
    let platform = Platform::new(backend.clone());
    let Some(request) = incoming(request, &backend) else {
        return respond(&backend, platform, crate::http::empty(StatusCode::BAD_REQUEST), None, false).await;
    };
    let for_head = request.method() == Method::HEAD;
    let mut response = serve(platform.clone(), request).await;
    let work = platform.take_body_work(&mut response);
    respond(&backend, platform, response, work, for_head).await
}

/// Converts a request. `None` if the `http` crate does not accept its head.
fn incoming(request: RawRequest, backend: &Backend) -> Option<Request> {
    let method = match request.get_method() {
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
    let mut head = http::Request::builder().method(method).uri(request.get_path_with_query().unwrap_or_default());
    let headers = head.headers_mut()?;
    for (name, value) in request.get_headers().copy_all() {
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

/// Converts `response`, and spawns what follows its head: the body, which `work` writes if there is any, and then the deferred work of `platform`. A
/// response to HEAD, a 204 and a 304 have no body and no `Content-Length`: a 204 must not have one, and that of the two others would be the length of
/// the body that they stand for (RFC 9110, section 8.6), which WASI would compare with the body that is sent.
async fn respond(
    backend: &Backend,
    platform: Platform,
    response: Response,
    work: Option<BodyWork>,
    for_head: bool,
) -> RawResponse {
    let (head, body) = response.into_parts();
    let has_body = !for_head && !matches!(head.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let length = (has_body && work.is_none()).then_some(body.len());
    let fields = fields(&head.headers, length).map_err(|error| ErrorCode::InternalError(Some(error.to_string())))?;
    let (sink, contents) = if has_body && length != Some(0) {
        let (writer, contents) = wit_stream::new();
        (Some(Sink::new(writer, backend)), Some(contents))
    } else {
        (None, None)
    };
    // Dropping the writer of the trailers says that there are none, and that the body is complete.
    let (trailers, no_trailers) = wit_future::new(|| Ok(None));
    let (outgoing, _sent) = wasi_http::Response::new(fields, contents, no_trailers);
    // The status of a new response is 200.
    if head.status != StatusCode::OK {
        // It comes from the `http` crate, which has checked it.
        let _ = outgoing.set_status_code(head.status.as_u16());
    }
    let written: Pin<Box<dyn Future<Output = bool>>> = match (sink, work) {
        (None, _) => Box::pin(ready(true)),
        (Some(sink), Some(work)) => Box::pin(work(BodyWriter::new(sink))),
        (Some(mut sink), None) => {
            let mut write = Box::pin(async move { sink.write_owned(body.into()).await });
            // It begins before the head is returned, so that the host finds the body with it and sends both in one packet. A body that comes later waits
            // until the client has acknowledged the head: 40 ms on a connection without TCP_NODELAY, as Spin's are.
            match poll_fn(|context| Poll::Ready(write.as_mut().poll(context))).await {
                Poll::Ready(complete) => Box::pin(ready(complete)),
                Poll::Pending => write,
            }
        }
    };
    spawn(async move {
        if written.await {
            drop(trailers);
        } else {
            // If it fails, the host has noticed before.
            let _ = trailers.write(Err(ErrorCode::HttpResponseIncomplete)).await;
        }
        platform.run_deferred().await;
    });
    Ok(outgoing)
}

/// Converts the headers of a response, and adds `Content-Length`.
fn fields(headers: &HeaderMap, length: Option<usize>) -> Result<Fields, HeaderError> {
    let mut list = header_list(headers);
    if let Some(length) = length {
        list.push(("content-length".to_owned(), length.to_string().into_bytes()));
    }
    Fields::from_list(&list)
}
