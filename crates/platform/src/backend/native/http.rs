//! HTTP without a network: a call goes directly to the service registered for its authority.

use super::Backend;
use crate::Platform;
use crate::client::Error;
use crate::http::{Body, BodyWriter, Request, Response};
use bytes::Bytes;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

/// A body that arrives in the chunks that a test chooses.
#[derive(Debug)]
pub(crate) struct Incoming(VecDeque<Bytes>);

impl Incoming {
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, String> {
        Ok(self.0.pop_front())
    }
}

impl Body {
    /// Makes a body that arrives in `chunks`.
    pub fn from_chunks(chunks: impl IntoIterator<Item = Bytes>) -> Self {
        Self::stream(Incoming(chunks.into_iter().collect()))
    }
}

/// The bytes of a streamed body as far as they are written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sink(Rc<RefCell<Vec<u8>>>);

impl Sink {
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> bool {
        self.0.borrow_mut().extend_from_slice(bytes);
        true
    }
}

impl Platform {
    /// Writes the streamed body of `response` into it, as far as it comes, and returns whether it is complete. Other responses stay as they are.
    pub async fn write_body(&self, mut response: Response) -> (Response, bool) {
        let Some(work) = self.take_body_work(&mut response) else { return (response, true) };
        let sink = Sink::default();
        let is_complete = work(BodyWriter::new(sink.clone())).await;
        (response.map(|_| sink.0.take().into()), is_complete)
    }
}

pub(crate) async fn send(
    backend: &Backend,
    request: http::Request<Bytes>,
    _timeout: Duration,
) -> Result<http::Response<Body>, Error> {
    let authority = request.uri().authority().map_or_else(String::new, ToString::to_string);
    // It would keep the write lock for as long as the other service takes, and a libSQL server takes it away after 5 seconds.
    assert_eq!(backend.open_transactions(), 0, "a transaction is held across a call of {authority}");
    let service = backend.service(&authority).ok_or(Error::Denied(authority))?;
    let (mut head, body) = request.into_parts();
    // A server sees the path, not the absolute URI.
    head.uri = head.uri.path_and_query().map_or("/", |path| path.as_str()).parse().map_err(invalid)?;
    let (head, body) = service(Request::new(http::Request::from_parts(head, Body::from(body)))).await.into_parts();
    // As on Spin, the headers are not read.
    let mut response = http::Response::new(Body::from(body));
    *response.status_mut() = head.status;
    Ok(response)
}

/// Awaits `work` without a timeout: handlers that are called directly respond at once or never, and a test does not wait for a clock.
pub(crate) async fn with_timeout<T>(
    _backend: &Backend,
    _timeout: Duration,
    work: impl Future<Output = T>,
) -> Option<T> {
    Some(work.await)
}

fn invalid(error: http::uri::InvalidUri) -> Error {
    Error::InvalidRequest(error.to_string())
}
