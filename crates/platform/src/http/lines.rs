//! A body of lines (NDJSON), worked on line by line as it arrives: never more than one chunk and one line are held.

use super::{Body, BodyError, json};
use bytes::{Bytes, BytesMut};
use serde::de::DeserializeOwned;
use spindle_contracts::{FieldError, Problem};

/// The longest line that is looked at, in bytes.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// The lines of a body.
#[derive(Debug)]
pub struct Lines {
    body: Body,
    /// How many more bytes the body may have.
    left: usize,
    limit: usize,
    /// What has arrived and was not looked at yet.
    chunk: Bytes,
    /// The line that the chunk goes on with.
    begun: BytesMut,
    /// Whether that line is longer than is looked at, and is passed over.
    is_too_long: bool,
    /// How many lines there were.
    count: usize,
}

/// A line, without its end.
#[derive(Debug, PartialEq)]
pub struct Line {
    /// Which it is, counted from 1.
    pub number: usize,
    /// None if it is too long.
    content: Option<Bytes>,
}

impl Lines {
    /// The lines of `body`, which may be up to `limit` bytes long.
    pub(super) fn new(body: Body, limit: usize) -> Self {
        let (chunk, begun) = (Bytes::new(), BytesMut::new());
        Self { body, left: limit, limit, chunk, begun, is_too_long: false, count: 0 }
    }

    /// The next line; `None` at the end. What stands behind the last line end is a line if it is anything.
    ///
    /// # Errors
    ///
    /// [`BodyError::TooLarge`] once the body turns out to be, and [`BodyError::Broken`] if it ends in the middle.
    pub async fn next(&mut self) -> Result<Option<Line>, BodyError> {
        loop {
            if let Some(end) = self.chunk.iter().position(|byte| *byte == b'\n') {
                let line = self.chunk.split_to(end + 1);
                self.push(&line[..end]);
                return Ok(Some(self.finish()));
            }
            let rest = std::mem::take(&mut self.chunk);
            self.push(&rest);
            match self.body.chunk().await? {
                Some(chunk) if chunk.len() > self.left => return Err(BodyError::TooLarge(self.limit)),
                Some(chunk) => {
                    self.left -= chunk.len();
                    self.chunk = chunk;
                }
                None if self.begun.is_empty() && !self.is_too_long => return Ok(None),
                None => return Ok(Some(self.finish())),
            }
        }
    }

    fn push(&mut self, piece: &[u8]) {
        self.is_too_long |= self.begun.len() + piece.len() > MAX_LINE_BYTES;
        if self.is_too_long {
            self.begun.clear();
        } else {
            self.begun.extend_from_slice(piece);
        }
    }

    fn finish(&mut self) -> Line {
        self.count += 1;
        let content = self.begun.split().freeze();
        Line { number: self.count, content: (!std::mem::take(&mut self.is_too_long)).then_some(content) }
    }
}

impl Line {
    /// How many bytes it has, as far as they are held.
    pub fn len(&self) -> usize {
        self.content.as_ref().map_or(0, Bytes::len)
    }

    /// Whether it holds nothing but white space.
    pub fn is_empty(&self) -> bool {
        self.content.as_ref().is_some_and(|content| content.iter().all(u8::is_ascii_whitespace))
    }

    /// The line as JSON.
    ///
    /// # Errors
    ///
    /// As for a body ([`Request::json`](super::Request::json)).
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        match &self.content {
            Some(content) => json::parse(content),
            None => {
                let detail = format!("is longer than {MAX_LINE_BYTES} bytes");
                Err(Problem::validation(vec![FieldError::new("", detail)]))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, BodyError, Bytes, Lines, MAX_LINE_BYTES};
    use futures::executor::block_on;

    /// The lines of a body in `pieces`: each as text, or none if it is too long.
    fn lines(pieces: &[&str], limit: usize) -> Result<Vec<Option<String>>, BodyError> {
        let body = Body::in_pieces(pieces.iter().map(|piece| Bytes::copy_from_slice(piece.as_bytes())));
        let mut lines = Lines::new(body, limit);
        let mut found = Vec::new();
        block_on(async {
            while let Some(line) = lines.next().await? {
                found.push(line.content.map(|content| String::from_utf8(content.to_vec()).unwrap()));
                assert_eq!(line.number, found.len());
            }
            Ok(found)
        })
    }

    fn texts(texts: &[&str]) -> Vec<Option<String>> {
        texts.iter().map(|text| Some((*text).to_owned())).collect()
    }

    #[test]
    fn lines_are_the_same_however_they_arrive() {
        let text = "one\n\ntwo\r\nthree";
        let expected = texts(&["one", "", "two\r", "three"]);
        for size in 1..=text.len() {
            let pieces: Vec<&str> = text.as_bytes().chunks(size).map(|piece| str::from_utf8(piece).unwrap()).collect();
            assert_eq!(lines(&pieces, 100).unwrap(), expected, "in pieces of {size}");
        }
        assert_eq!(lines(&["one\n"], 100).unwrap(), texts(&["one"]));
        assert_eq!(lines(&[], 100).unwrap(), texts(&[]));
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_and_the_next_is_read() {
        let long = "x".repeat(MAX_LINE_BYTES + 1);
        let longest = &long[1..];
        let pieces = [&long[..10], &long[10..], "\nnext\n", longest, "\n", &long];
        let expected = vec![None, Some("next".to_owned()), Some(longest.to_owned()), None];
        assert_eq!(lines(&pieces, usize::MAX).unwrap(), expected);
    }

    #[test]
    fn a_body_over_its_limit_is_refused_where_it_is_over() {
        assert_eq!(lines(&["one\n", "two\n"], 8).unwrap(), texts(&["one", "two"]));
        assert!(matches!(lines(&["one\n", "two\n"], 7), Err(BodyError::TooLarge(7))));
    }
}
