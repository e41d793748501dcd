//! The log: one JSON object per line on stdout, of the form in `docs/log.schema.json`.

use crate::config::Config;
use serde::Serializer as _;
use serde::ser::SerializeMap as _;
use serde_json::Value;
use spindle_contracts::Timestamp;

/// The level of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Details for debugging; not logged by default.
    Debug,
    /// A normal event.
    Info,
    /// A failure that was handled.
    Warn,
    /// A failure that an operator must look at.
    Error,
}

/// A named value in a line; its name is one of [`FIELDS`]. Never a secret: tokens, passwords and keys must not be logged. Of a person it may have
/// ids only.
pub type Field<'a> = (&'a str, Value);

/// The names of all fields that a line may have besides those of every line. `docs/log.schema.json` describes each. Where OpenTelemetry's semantic
/// conventions name something, the field has that name.
pub const FIELDS: [&str; 41] = [
    "attempt",
    "cache",
    "callee",
    "cause",
    "channel",
    "detail",
    "error.type",
    "event",
    "events",
    "first_bad_seq",
    "from",
    "head_mac",
    "head_seq",
    "http.request.method",
    "http.response.body.size",
    "http.response.header.location",
    "http.response.status_code",
    "http.route",
    "http.server.request.duration",
    "key",
    "links",
    "messaging.process.duration",
    "network.peer.address",
    "operation",
    "order",
    "other",
    "parent_span_id",
    "part",
    "payment",
    "rate_limit.remaining",
    "retry_in_ms",
    "rows",
    "span_id",
    "store",
    "subject",
    "template",
    "to",
    "type",
    "url",
    "url.path",
    "user.id",
];

impl Level {
    /// Returns the level's name in a line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    /// Reads the variable `log_level`; [`Level::Info`] if it is absent or unknown.
    pub(crate) fn from_config(config: Config<'_>) -> Self {
        match config.get("log_level").as_deref().map(str::trim) {
            Ok("debug") => Self::Debug,
            Ok("warn") => Self::Warn,
            Ok("error") => Self::Error,
            _ => Self::Info,
        }
    }
}

/// The fields that every line of one request has.
pub(crate) struct LineContext<'a> {
    pub(crate) service: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) trace_id: &'a str,
}

/// Formats one line, without its line end: `ts`, `level`, `service`, `message`, `request_id`, `trace_id` and then the fields, each of which is one of
/// [`FIELDS`].
pub(crate) fn line(
    ts: Timestamp,
    level: Level,
    context: &LineContext<'_>,
    message: &str,
    fields: &[Field<'_>],
) -> String {
    let mut out = Vec::with_capacity(256);
    let mut serializer = serde_json::Serializer::new(&mut out);
    let mut write = || {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("ts", &ts)?;
        map.serialize_entry("level", level.as_str())?;
        map.serialize_entry("service", context.service)?;
        map.serialize_entry("message", message)?;
        map.serialize_entry("request_id", context.request_id)?;
        map.serialize_entry("trace_id", context.trace_id)?;
        for (name, value) in fields {
            debug_assert!(FIELDS.contains(name), "{name} is in neither log::FIELDS nor docs/log.schema.json");
            map.serialize_entry(name, value)?;
        }
        map.end()
    };
    write().expect("strings and JSON values go into a vector");
    String::from_utf8(out).expect("JSON is UTF-8")
}

#[cfg(test)]
mod tests {
    use super::{FIELDS, Level, LineContext, line};
    use serde_json::Value;
    use spindle_contracts::Timestamp;
    use std::collections::BTreeSet;

    const SCHEMA: &str = include_str!("../../../docs/log.schema.json");

    #[test]
    fn a_line_is_one_json_object_in_a_fixed_order() {
        let context = LineContext { service: "users", request_id: "r1", trace_id: "t1" };
        let text = line(Timestamp::from_millis(0), Level::Warn, &context, "slow\nquery", &[("attempt", 12.into())]);
        assert_eq!(
            text,
            r#"{"ts":"1970-01-01T00:00:00.000Z","level":"warn","service":"users","message":"slow\nquery","request_id":"r1","trace_id":"t1","attempt":12}"#
        );
    }

    #[test]
    fn the_schema_describes_each_field_and_no_other() {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        jsonschema::draft202012::meta::validate(&schema).unwrap();
        let described: BTreeSet<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        let of_every_line = schema["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
        assert_eq!(described, of_every_line.chain(FIELDS).collect());
    }
}
