//! The log line of a sent message.

use super::wait_for;
use serde_json::Value;
use spindle_tests::accounts::customer;
use spindle_tests::notifications::has_status;
use spindle_tests::{skip, target};

const TEST: &str = "a_sent_message_has_a_log_line_with_the_name_of_its_adapter_and_the_request_of_its_event";

#[test]
fn a_sent_message_has_a_log_line_with_the_name_of_its_adapter_and_the_request_of_its_event() {
    let ada = customer("log-line");
    let sent = wait_for(&ada.id, has_status("welcome", "sent"));
    let Some(log) = target().log() else { return skip(TEST, "an instance whose log it can read") };
    let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let line = lines.iter().find(|line| line["message"] == "notification sent" && line["key"] == sent["id"]);
    let line = line.unwrap_or_else(|| panic!("no line of {sent}"));
    assert_eq!((&line["level"], &line["service"]), (&"info".into(), &"notify-email".into()), "{line}");
    assert_eq!((&line["channel"], &line["template"]), (&"email".into(), &"welcome".into()), "{line}");
    for name in ["ts", "request_id", "trace_id"] {
        assert!(line[name].as_str().is_some_and(|text| !text.is_empty()), "{name} in {line}");
    }
    // The id is that of the registration, which auth served.
    let is_of_registration = |other: &Value| other["request_id"] == line["request_id"] && other["service"] == "auth";
    assert!(lines.iter().any(is_of_registration), "{line}");
}
