//! The body of an incoming request or response, which is read once and with a limit.

use crate::backend::current::http::Incoming;
use bytes::{Bytes, BytesMut};

/// A body that has not been read yet.
#[derive(Debug)]
pub struct Body(Source);

#[derive(Debug)]
enum Source {
    Full(Bytes),
    Stream(Incoming),
}

/// The reason why a body could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// The body is longer than the limit, in bytes.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// The connection failed or the framing is invalid.
    #[error("the body is incomplete: {0}")]
    Incomplete(String),
}

impl Body {
    /// Returns an empty body.
    pub fn empty() -> Self {
        Self::from(Bytes::new())
    }

    pub(crate) fn stream(incoming: Incoming) -> Self {
        Self(Source::Stream(incoming))
    }

    /// Returns the next chunk as it arrives; `None` at the end. For bodies that are processed chunk by chunk.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, BodyError> {
        match &mut self.0 {
            Source::Full(bytes) if bytes.is_empty() => Ok(None),
            Source::Full(bytes) => Ok(Some(std::mem::take(bytes))),
            Source::Stream(incoming) => incoming.chunk().await.map_err(BodyError::Incomplete),
        }
    }

    /// Reads the whole body, if it is not longer than `limit` bytes. A body that arrives in one chunk is not copied.
    pub async fn read(mut self, limit: usize) -> Result<Bytes, BodyError> {
        let mut whole = Bytes::new();
        while let Some(chunk) = self.chunk().await? {
            if chunk.len() > limit - whole.len() {
                return Err(BodyError::TooLarge(limit));
            }
            if whole.is_empty() {
                whole = chunk;
            } else {
                let mut longer = BytesMut::from(whole);
                longer.extend_from_slice(&chunk);
                whole = longer.freeze();
            }
        }
        Ok(whole)
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Source::Full(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, BodyError};
    use bytes::Bytes;
    use futures::executor::block_on;

    #[test]
    fn a_body_of_exactly_the_limit_is_read() {
        assert_eq!(block_on(Body::from(Bytes::from_static(b"12345")).read(5)).unwrap(), "12345");
        assert_eq!(block_on(Body::empty().read(0)).unwrap(), "");
    }

    fn chunks(chunks: &[&'static str]) -> Body {
        Body::from_chunks(chunks.iter().map(|chunk| Bytes::from_static(chunk.as_bytes())))
    }

    #[test]
    fn chunks_are_joined() {
        assert_eq!(block_on(chunks(&["12", "3", "45"]).read(5)).unwrap(), "12345");
    }

    #[test]
    fn a_body_of_one_byte_more_is_refused() {
        for body in [chunks(&["12345"]), chunks(&["1234", "5"]), Body::from(Bytes::from_static(b"12345"))] {
            assert!(matches!(block_on(body.read(4)).unwrap_err(), BodyError::TooLarge(4)));
        }
    }
}
