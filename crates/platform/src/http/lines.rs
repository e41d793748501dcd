//! A body of lines (NDJSON), read line by line as it arrives: at most one chunk and one line are in memory.

use super::{Body, BodyError, json};
use bytes::{Buf as _, Bytes, BytesMut};
use deserr::Deserr;
use spindle_contracts::{FieldError, InputErrors, Problem};

/// The longest line that is read, in bytes.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// The mark that some programs write at the start of a file. It is not part of the text (RFC 8259, section 8.1).
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The lines of a body.
#[derive(Debug)]
pub struct Lines {
    body: Body,
    /// The number of bytes that the body may still have.
    remaining: usize,
    limit: usize,
    /// The bytes that have arrived and are not processed yet.
    chunk: Bytes,
    /// The start of the line that continues in the chunk.
    partial: BytesMut,
    /// Whether that line is too long and is skipped.
    is_too_long: bool,
    /// The number of lines so far.
    count: usize,
}

/// A line, without its end.
#[derive(Debug, PartialEq)]
pub struct Line {
    /// The number of the line, counted from 1.
    pub number: usize,
    /// `None` if the line is too long.
    content: Option<Bytes>,
}

impl Lines {
    /// Reads the lines of `body`, which may have up to `limit` bytes.
    pub(super) fn new(body: Body, limit: usize) -> Self {
        let (chunk, partial) = (Bytes::new(), BytesMut::new());
        Self { body, remaining: limit, limit, chunk, partial, is_too_long: false, count: 0 }
    }

    /// Returns the next line; `None` at the end. Text after the last line end is a line.
    ///
    /// # Errors
    ///
    /// [`BodyError::TooLarge`] once the body exceeds the limit, and [`BodyError::Incomplete`] if the connection fails.
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
                Some(chunk) if chunk.len() > self.remaining => return Err(BodyError::TooLarge(self.limit)),
                Some(chunk) => {
                    self.remaining -= chunk.len();
                    self.chunk = chunk;
                }
                None if self.partial.is_empty() && !self.is_too_long => return Ok(None),
                None => return Ok(Some(self.finish())),
            }
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        self.is_too_long |= self.partial.len() + bytes.len() > MAX_LINE_BYTES;
        if self.is_too_long {
            self.partial.clear();
        } else {
            self.partial.extend_from_slice(bytes);
        }
    }

    fn finish(&mut self) -> Line {
        self.count += 1;
        let mut content = self.partial.split().freeze();
        // At the start of each line: files that are joined have one where the second begins.
        if content.starts_with(BYTE_ORDER_MARK) {
            content.advance(BYTE_ORDER_MARK.len());
        }
        Line { number: self.count, content: (!std::mem::take(&mut self.is_too_long)).then_some(content) }
    }
}

impl Line {
    /// Returns the number of bytes of the line; 0 if it is too long.
    pub fn len(&self) -> usize {
        self.content.as_ref().map_or(0, Bytes::len)
    }

    /// Returns whether the line is only white space.
    pub fn is_empty(&self) -> bool {
        self.content.as_ref().is_some_and(|content| content.iter().all(u8::is_ascii_whitespace))
    }

    /// Parses the line as JSON.
    ///
    /// # Errors
    ///
    /// As for a body ([`Request::json`](super::Request::json)).
    pub fn json<T: Deserr<InputErrors>>(&self) -> Result<T, Problem> {
        match &self.content {
            Some(content) => json::read(content),
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

    /// Reads the lines of a body in `chunks`: each as text, or `None` if it is too long.
    fn lines(chunks: &[&str], limit: usize) -> Result<Vec<Option<String>>, BodyError> {
        let body = Body::from_chunks(chunks.iter().map(|chunk| Bytes::copy_from_slice(chunk.as_bytes())));
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
    fn lines_do_not_depend_on_the_chunks() {
        let text = "one\n\ntwo\r\nthree";
        let expected = texts(&["one", "", "two\r", "three"]);
        for size in 1..=text.len() {
            let chunks: Vec<&str> = text.as_bytes().chunks(size).map(|chunk| str::from_utf8(chunk).unwrap()).collect();
            assert_eq!(lines(&chunks, 100).unwrap(), expected, "in chunks of {size}");
        }
        assert_eq!(lines(&["one\n"], 100).unwrap(), texts(&["one"]));
        assert_eq!(lines(&[], 100).unwrap(), texts(&[]));
    }

    #[test]
    fn a_byte_order_mark_is_not_part_of_a_line() {
        let text = "\u{feff}one\ntwo \u{feff}\n\u{feff}\n\u{feff}three";
        let expected = texts(&["one", "two \u{feff}", "", "three"]);
        assert_eq!(lines(&[text], 100).unwrap(), expected);
        let bytes = text.as_bytes().chunks(1).map(Bytes::copy_from_slice).collect::<Vec<_>>();
        let mut split = Lines::new(Body::from_chunks(bytes), 100);
        let first = block_on(split.next()).unwrap().unwrap();
        assert_eq!(first.content, Some(Bytes::from_static(b"one")));
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_and_the_next_is_read() {
        let long = "x".repeat(MAX_LINE_BYTES + 1);
        let longest = &long[1..];
        let chunks = [&long[..10], &long[10..], "\nnext\n", longest, "\n", &long];
        let expected = vec![None, Some("next".to_owned()), Some(longest.to_owned()), None];
        assert_eq!(lines(&chunks, usize::MAX).unwrap(), expected);
    }

    #[test]
    fn a_body_over_its_limit_is_refused_at_the_limit() {
        assert_eq!(lines(&["one\n", "two\n"], 8).unwrap(), texts(&["one", "two"]));
        assert!(matches!(lines(&["one\n", "two\n"], 7), Err(BodyError::TooLarge(7))));
    }
}
