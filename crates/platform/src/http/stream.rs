//! A response whose body is written piece by piece after its head, so that its length is not bounded by the memory of an instance.

use super::Response;
use crate::backend::current::http::Sink;
use std::pin::Pin;

/// The work that writes the body of one response. Its output says whether the body is complete.
pub(crate) type BodyWork = Box<dyn FnOnce(BodyWriter) -> Pin<Box<dyn Future<Output = bool>>>>;

/// Marks the response whose body the platform's [`BodyWork`] writes: a refusal that replaces it does not have the mark.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Streamed;

/// The reason why a streamed body ends too early. Its client sees that it is not complete, because the last chunk is missing.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// The client has disconnected.
    #[error("the client has disconnected")]
    Disconnected,
    /// The rest of the body cannot be made.
    #[error("{0}")]
    Source(String),
}

/// The open end of a streamed body.
#[derive(Debug)]
pub struct BodyWriter(Sink);

impl BodyWriter {
    pub(crate) fn new(sink: Sink) -> Self {
        Self(sink)
    }

    /// Appends `bytes`, and waits while the client reads more slowly than they come.
    ///
    /// # Errors
    ///
    /// [`StreamError::Disconnected`] if the client no longer reads.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), StreamError> {
        if self.0.write(bytes).await { Ok(()) } else { Err(StreamError::Disconnected) }
    }
}

/// Returns whether the body of `response` is written after its head.
pub fn is_streamed(response: &Response) -> bool {
    response.extensions().get::<Streamed>().is_some()
}

#[cfg(test)]
mod tests {
    use super::{BodyWriter, StreamError, is_streamed};
    use crate::http::{Response, empty};
    use crate::trace::TraceContext;
    use crate::{Context, Platform, Scope};
    use futures::executor::block_on;
    use http::StatusCode;

    fn context(platform: &Platform) -> Context {
        let trace = TraceContext::start(platform.random());
        Context::new(platform.clone(), Scope { service: "things", migrations: &[] }, "r-1".to_owned(), trace)
    }

    async fn two_parts(mut body: BodyWriter) -> Result<(), StreamError> {
        body.write(b"one,").await?;
        body.write(b"two").await
    }

    fn body(platform: &Platform, response: Response) -> Response {
        block_on(platform.write_body(response)).0
    }

    #[test]
    fn a_body_is_written_after_its_head() {
        let platform = Platform::native().build();
        let response = context(&platform).stream(empty(StatusCode::OK), two_parts);
        assert!(is_streamed(&response) && response.body().is_empty());
        assert_eq!(body(&platform, response).body(), "one,two");
        assert_eq!(platform.logged(), Vec::<String>::new());
    }

    #[test]
    fn a_body_that_ends_early_is_logged_with_the_reason() {
        let platform = Platform::native().build();
        let response = context(&platform).stream(empty(StatusCode::OK), async |mut body: BodyWriter| {
            body.write(b"one,").await?;
            Err(StreamError::Source("orders responded with 500".to_owned()))
        });
        let (cut, is_complete) = block_on(platform.write_body(response));
        assert_eq!((&cut.body()[..], is_complete), (&b"one,"[..], false));
        let [line] = platform.logged().try_into().unwrap();
        for part in ["error", "response is not complete", "orders responded with 500", "r-1"] {
            assert!(line.contains(part), "{line}");
        }
    }

    #[test]
    fn a_refusal_in_the_place_of_a_streamed_response_has_its_own_body() {
        let platform = Platform::native().build();
        let _ = context(&platform).stream(empty(StatusCode::OK), two_parts);
        let refusal = empty(StatusCode::SERVICE_UNAVAILABLE).map(|_| "no".into());
        assert_eq!(body(&platform, refusal).body(), "no");
        assert_eq!(body(&platform, empty(StatusCode::OK)).body(), "", "the next response is not streamed either");
    }
}
