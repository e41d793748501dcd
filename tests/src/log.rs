//! The log of an instance: its lines, and the form that each has (`docs/log.schema.json`).

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use jsonschema::{Draft, Validator};
use serde_json::Value;
use xtask::workspace::Workspace;

/// The time within which a line is written: after the response.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Checks each line that a component wrote in `log`, the output of a host, and returns the lines.
///
/// # Panics
///
/// If a line has not the form in `docs/log.schema.json`.
#[track_caller]
pub fn check(log: &str) -> Vec<Value> {
    let validator = validator();
    let complete = log.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    // The host prints text about itself.
    let lines = complete.filter(|line| line.starts_with('{')).map(|line| {
        let value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:?}: {line}");
        value
    });
    lines.collect()
}

fn validator() -> Validator {
    let file = Workspace::locate().root().join("docs/log.schema.json");
    let schema = serde_json::from_str(&fs::read_to_string(file).expect("the schema is there")).expect("it is JSON");
    let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
    options.build(&schema).expect("it is a schema")
}

/// Returns the lines of the request `id` in the output of a host that `read` returns, once `service` has written one.
pub fn lines_of(read: impl Fn() -> String, id: &str, service: &str) -> Vec<Value> {
    let deadline = Instant::now() + TIMEOUT;
    loop {
        let log = read();
        let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let lines: Vec<Value> = lines.filter(|line| line["request_id"] == id).collect();
        if lines.iter().any(|line| line["service"] == service) || Instant::now() > deadline {
            return lines;
        }
        thread::sleep(Duration::from_millis(5));
    }
}
