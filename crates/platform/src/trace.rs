//! W3C Trace Context: parses, continues and formats the `traceparent` header.

use serde_json::{Value, json};
use std::fmt;

/// The name of the header, in lower case.
pub const TRACEPARENT: &str = "traceparent";

/// A position in a distributed trace (<https://www.w3.org/TR/trace-context/>, version 00).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TraceContext {
    trace_id: u128,
    span_id: u64,
    sampled: bool,
}

impl TraceContext {
    /// Starts a new trace with its first span, from 24 random bytes.
    pub fn start(random: [u8; 24]) -> Self {
        let (trace, span) = random.split_at(16);
        let trace_id = u128::from_be_bytes(trace.try_into().expect("16 bytes"));
        let span_id = u64::from_be_bytes(span.try_into().expect("8 bytes"));
        // All zeroes is invalid for both; 1 is as random as 0.
        Self { trace_id: trace_id.max(1), span_id: span_id.max(1), sampled: true }
    }

    /// Parses a `traceparent`. `None` if it is invalid by the specification; the receiver then starts a new trace.
    pub fn parse(header: &str) -> Option<Self> {
        let mut parts = header.split('-');
        let (version, trace_id, span_id, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        // A later version may append fields; version 00 may not.
        if version == "ff" || (version == "00" && parts.next().is_some()) {
            return None;
        }
        let hex = |text: &str, length: usize| {
            let lower_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
            (text.len() == length && text.bytes().all(lower_hex)).then(|| u128::from_str_radix(text, 16).ok()).flatten()
        };
        hex(version, 2)?;
        let (trace_id, span_id, flags) = (hex(trace_id, 32)?, hex(span_id, 16)?, hex(flags, 2)?);
        let span_id = u64::try_from(span_id).ok()?;
        (trace_id != 0 && span_id != 0).then_some(Self { trace_id, span_id, sampled: flags & 1 == 1 })
    }

    /// Returns a new span in the same trace, from 8 random bytes.
    #[must_use]
    pub fn child(self, random: [u8; 8]) -> Self {
        Self { span_id: u64::from_be_bytes(random).max(1), ..self }
    }

    /// Returns whether this span is in the same trace as `other`.
    #[must_use]
    pub fn is_in_trace_of(self, other: Self) -> bool {
        self.trace_id == other.trace_id
    }

    /// Returns the ids as an element of the field `links` of a log line.
    #[must_use]
    pub fn to_link(self) -> Value {
        json!({ "trace_id": self.trace_id(), "span_id": self.span_id() })
    }

    /// Returns the trace id as 32 hexadecimal digits.
    pub fn trace_id(&self) -> String {
        format!("{:032x}", self.trace_id)
    }

    /// Returns the span id as 16 hexadecimal digits.
    pub fn span_id(&self) -> String {
        format!("{:016x}", self.span_id)
    }
}

impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace_id, self.span_id, u8::from(self.sampled))
    }
}

#[cfg(test)]
mod tests {
    use super::TraceContext;

    const EXAMPLE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn the_example_of_the_specification_is_parsed_and_formatted() {
        assert_eq!(TraceContext::parse(EXAMPLE).unwrap().to_string(), EXAMPLE);
    }

    #[test]
    fn a_child_stays_in_the_trace() {
        let child = TraceContext::parse(EXAMPLE).unwrap().child([7; 8]);
        assert_eq!(child.to_string(), "00-4bf92f3577b34da6a3ce929d0e0e4736-0707070707070707-01");
    }

    #[test]
    fn invalid_headers_are_not_continued() {
        for header in [
            "",
            "00",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(TraceContext::parse(header), None, "{header}");
        }
    }

    #[test]
    fn a_later_version_may_have_more_fields() {
        assert!(TraceContext::parse("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more").is_some());
    }
}
