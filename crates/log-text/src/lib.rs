//! The readable form of log lines: a terminal shows it instead of the JSON lines that components write.
//!
//! ```text
//! 23:28:33.123 INFO  orders        POST /v1/orders 201 12.345 ms  5b1c9e07
//! 23:28:33.180 WARN  payments      provider call failed: connection refused  attempt=2  5b1c9e07
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use serde_json::Value;

/// The characters of a request id that a line shows, from its end: the ids of one minute begin alike (UUID version 7).
const SHORT_ID: usize = 8;

/// The fields that are for machines only.
const HIDDEN: [&str; 9] = [
    "trace_id",
    "span_id",
    "parent_span_id",
    "http.route",
    "http.response.body.size",
    "http.response.header.location",
    "rate_limit.remaining",
    "network.peer.address",
    "user.id",
];

/// A log entry, with the field names of Spindle's log (`docs/log.schema.json`).
#[derive(Debug, Default, Deserialize)]
pub struct Entry {
    /// The time, in RFC 3339; empty for now.
    #[serde(default)]
    pub ts: String,
    /// The level, such as `warn`.
    pub level: String,
    /// The service that wrote it.
    #[serde(default)]
    pub service: String,
    /// The message; `request` for the access line of a request.
    pub message: String,
    /// The request that it belongs to.
    #[serde(default)]
    pub request_id: String,
    /// The other fields.
    #[serde(flatten)]
    pub fields: BTreeMap<String, Value>,
}

/// Appends the readable form of `line`, which a component printed, to `out`. A line that is no log entry is appended unchanged.
pub fn push_line(out: &mut Vec<u8>, line: &[u8], color: bool) {
    match serde_json::from_slice::<Entry>(line) {
        Ok(entry) => {
            out.extend_from_slice(entry.render(color).as_bytes());
            out.push(b'\n');
        }
        Err(_) => out.extend_from_slice(line),
    }
}

impl Entry {
    /// Returns the entry as one line without its end, with ANSI colours if `color`.
    pub fn render(mut self, color: bool) -> String {
        let time = self.ts.get(11..23).map_or_else(time_of_day, printable);
        let level = self.level.to_ascii_uppercase();
        let mut line = paint(&time, "2", color);
        let _ = write!(line, " {} ", paint(&format!("{:<5}", printable(&level)), level_color(&level), color));
        let _ = write!(line, "{:<13} {}", printable(&self.service), self.text());
        for (name, value) in self.fields {
            if !value.is_null() && !HIDDEN.contains(&name.as_str()) {
                let _ = write!(line, "  {}={}", printable(&name), shown(&value));
            }
        }
        if let Some((start, _)) = self.request_id.char_indices().rev().take(SHORT_ID).last() {
            let _ = write!(line, "  {}", paint(&printable(&self.request_id[start..]), "2", color));
        }
        line
    }

    /// Returns method, path, status and duration for a request; else the message with its cause. Takes the fields that it uses.
    fn text(&mut self) -> String {
        let is_request = self.message == "request" && self.fields.contains_key("http.response.status_code");
        if !is_request {
            let message = printable(&self.message);
            return match self.fields.remove("cause") {
                Some(cause) => format!("{message}: {}", shown(&cause)),
                None => message,
            };
        }
        let mut take = |name| self.fields.remove(name).as_ref().map(shown).unwrap_or_default();
        let (method, path, status) = (take("http.request.method"), take("url.path"), take("http.response.status_code"));
        let seconds = self.fields.remove("http.server.request.duration").and_then(|value| value.as_f64());
        // To the microsecond, as it was measured.
        let ms = seconds.map_or_else(String::new, |seconds| ((seconds * 1e6).round() / 1e3).to_string());
        format!("{method} {path} {status} {ms} ms")
    }
}

/// Returns a value as text without quotes.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => printable(text),
        other => other.to_string(),
    }
}

/// Escapes control characters: a path or a cause may hold what a client sent, and a terminal obeys escape sequences.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
    out
}

fn paint(text: &str, code: &str, color: bool) -> String {
    if color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}

fn level_color(level: &str) -> &'static str {
    match level {
        "ERROR" => "31",
        "WARN" => "33",
        "INFO" => "32",
        _ => "34",
    }
}

/// Returns the time of day in UTC, in the form of a log line's `ts`.
fn time_of_day() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let seconds = now.as_secs() % 86_400;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}.{:03}", now.subsec_millis())
}

#[cfg(test)]
mod tests {
    use super::{Entry, push_line};

    fn text(line: &str, color: bool) -> String {
        let mut out = Vec::new();
        push_line(&mut out, line.as_bytes(), color);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_request_is_one_short_line() {
        let line = r#"{"ts":"2026-11-28T23:28:33.123Z","level":"info","service":"orders","message":"request","request_id":"01932f5c-0000-7000-8000-00005b1c9e07","trace_id":"t","span_id":"s","http.request.method":"POST","url.path":"/v1/orders","http.response.status_code":201,"http.response.body.size":null,"http.server.request.duration":0.012345,"http.route":"/v1/orders","http.response.header.location":["/v1/orders/1"],"user.id":"u","rate_limit.remaining":9,"network.peer.address":"127.0.0.1"}"#;
        assert_eq!(text(line, false), "23:28:33.123 INFO  orders        POST /v1/orders 201 12.345 ms  5b1c9e07\n");
    }

    #[test]
    fn a_warning_has_its_cause_and_its_fields() {
        let line = r#"{"ts":"2026-11-28T23:28:33.180Z","level":"warn","service":"payments","message":"provider call failed","request_id":"r1","trace_id":"t","cause":"connection refused","attempt":2}"#;
        assert_eq!(
            text(line, false),
            "23:28:33.180 WARN  payments      provider call failed: connection refused  attempt=2  r1\n"
        );
    }

    #[test]
    fn a_line_that_is_no_log_entry_is_unchanged() {
        for line in ["thread panicked\n", "{\"half\":\n", "{\"level\":\"info\"}\n", "\n"] {
            assert_eq!(text(line, true), line);
        }
    }

    #[test]
    fn an_entry_without_a_time_gets_the_time_of_day() {
        let shown = text(r#"{"level":"info","message":"notification","to":"a***@example.com"}"#, false);
        assert!(shown.ends_with(" INFO                notification  to=a***@example.com\n"), "{shown}");
        assert_eq!(shown.find(' '), Some("23:28:33.123".len()));
    }

    #[test]
    fn control_characters_of_a_value_do_not_reach_the_terminal() {
        let line = r#"{"level":"warn","message":"request refused","cause":"a\u001b[2Jb\nc"}"#;
        let shown = text(line, false);
        assert!(shown.ends_with(" request refused: a\\u{1b}[2Jb\\nc\n"), "{shown:?}");
    }

    #[test]
    fn colours_are_written_on_demand_only() {
        let line = r#"{"level":"error","message":"m"}"#;
        assert!(text(line, true).contains("\x1b[31mERROR\x1b[0m"));
        assert!(!text(line, false).contains('\x1b'));
        assert!(!Entry::default().render(false).contains('\x1b'));
    }
}
