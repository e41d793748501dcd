//! The body of an incoming request or response: read once, with a limit.

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

/// Why a body could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// It is longer than the limit, in bytes.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// The connection broke or the framing is bad.
    #[error("the body broke off: {0}")]
    Broken(String),
}

impl Body {
    /// No body.
    pub fn empty() -> Self {
        Self::from(Bytes::new())
    }

    pub(crate) fn stream(incoming: Incoming) -> Self {
        Self(Source::Stream(incoming))
    }

    /// The next piece, as it arrives; `None` at the end. For bodies that are worked on piece by piece.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, BodyError> {
        match &mut self.0 {
            Source::Full(bytes) if bytes.is_empty() => Ok(None),
            Source::Full(bytes) => Ok(Some(std::mem::take(bytes))),
            Source::Stream(incoming) => incoming.chunk().await.map_err(BodyError::Broken),
        }
    }

    /// The whole body, if it is not longer than `limit` bytes. A body that comes in one piece is not copied.
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
    fn a_body_of_just_the_limit_is_read() {
        assert_eq!(block_on(Body::from(Bytes::from_static(b"12345")).read(5)).unwrap(), "12345");
        assert_eq!(block_on(Body::empty().read(0)).unwrap(), "");
    }

    fn pieces(pieces: &[&'static str]) -> Body {
        Body::in_pieces(pieces.iter().map(|piece| Bytes::from_static(piece.as_bytes())))
    }

    #[test]
    fn pieces_are_put_together() {
        assert_eq!(block_on(pieces(&["12", "3", "45"]).read(5)).unwrap(), "12345");
    }

    #[test]
    fn one_byte_more_is_refused() {
        for body in [pieces(&["12345"]), pieces(&["1234", "5"]), Body::from(Bytes::from_static(b"12345"))] {
            assert!(matches!(block_on(body.read(4)).unwrap_err(), BodyError::TooLarge(4)));
        }
    }
}
