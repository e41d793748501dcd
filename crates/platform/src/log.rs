//! The log: one JSON object per line on stdout.

use crate::config::Config;
use serde::Serializer as _;
use serde::ser::SerializeMap as _;
use serde_json::Value;
use spindle_contracts::Timestamp;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For whoever debugs; off by default.
    Debug,
    /// What happened.
    Info,
    /// What went wrong and was dealt with.
    Warn,
    /// What a person must look at.
    Error,
}

/// A named value in a line. Never a secret: tokens, passwords and keys have no place here.
pub type Field<'a> = (&'a str, Value);

impl Level {
    /// The level as it stands in a line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    /// The variable `log_level`; [`Level::Info`] where it is absent or unknown.
    pub(crate) fn from_config(config: Config<'_>) -> Self {
        match config.get("log_level").as_deref().map(str::trim) {
            Ok("debug") => Self::Debug,
            Ok("warn") => Self::Warn,
            Ok("error") => Self::Error,
            _ => Self::Info,
        }
    }
}

/// What every line of one request has in common.
pub(crate) struct LineScope<'a> {
    pub(crate) service: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) trace_id: &'a str,
}

/// One line, without its end: `ts`, `level`, `service`, `message`, `request_id`, `trace_id` and then the fields. Fields may not
/// be named like one of those.
pub(crate) fn line(ts: Timestamp, level: Level, scope: &LineScope<'_>, message: &str, fields: &[Field<'_>]) -> String {
    let mut out = Vec::with_capacity(256);
    let mut serializer = serde_json::Serializer::new(&mut out);
    let mut write = || {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("ts", &ts)?;
        map.serialize_entry("level", level.as_str())?;
        map.serialize_entry("service", scope.service)?;
        map.serialize_entry("message", message)?;
        map.serialize_entry("request_id", scope.request_id)?;
        map.serialize_entry("trace_id", scope.trace_id)?;
        for (name, value) in fields {
            map.serialize_entry(name, value)?;
        }
        map.end()
    };
    write().expect("strings and JSON values go into a vector");
    String::from_utf8(out).expect("JSON is UTF-8")
}

#[cfg(test)]
mod tests {
    use super::{Level, LineScope, line};
    use spindle_contracts::Timestamp;

    #[test]
    fn a_line_is_one_json_object_in_a_fixed_order() {
        let scope = LineScope { service: "users", request_id: "r1", trace_id: "t1" };
        let text = line(Timestamp::from_millis(0), Level::Warn, &scope, "slow\nquery", &[("ms", 12.into())]);
        assert_eq!(
            text,
            r#"{"ts":"1970-01-01T00:00:00.000Z","level":"warn","service":"users","message":"slow\nquery","request_id":"r1","trace_id":"t1","ms":12}"#
        );
    }
}
