//! Request ids and trace context: they connect a request with its response and its log lines.

use serde_json::Value;
use spindle_tests::accounts::admin;
use spindle_tests::users::unique_email;
use spindle_tests::{log, skip, target};

const TRACE_ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// Returns a unique id of characters that a request id may have.
fn unique_id() -> String {
    unique_email("request").replace(['@', '.'], "-")
}

/// Returns the log lines of one request to users, once there is one; `None` if the log of the instance cannot be read.
fn log_lines(request_id: &str) -> Option<Vec<Value>> {
    target().log()?;
    Some(log::lines_of(|| target().log().unwrap_or_default(), request_id, "users"))
}

#[test]
fn a_valid_request_id_is_kept() {
    let client = target().client();
    for path in ["/healthz", "/v1/users?limit=1", "/v1/nothing"] {
        let id = unique_id();
        let response = client.send("GET", path, &[("x-request-id", &id)], None);
        assert_eq!(response.header("x-request-id"), Some(id.as_str()), "{path}");
    }
}

#[test]
fn without_a_valid_request_id_a_new_one_is_generated() {
    let client = target().client();
    let mut seen = Vec::new();
    for sent in [None, Some(""), Some("with space"), Some("<script>"), Some("ä"), Some("x".repeat(300).as_str())] {
        let headers: Vec<(&str, &str)> = sent.map(|id| ("x-request-id", id)).into_iter().collect();
        let response = client.send("GET", "/healthz", &headers, None);
        let id = response.header("x-request-id").expect("every response has an id").to_owned();
        assert!(id.len() >= 16 && Some(id.as_str()) != sent, "{id}");
        assert!(!seen.contains(&id), "{id}");
        seen.push(id);
    }
}

#[test]
fn a_trace_is_continued_in_the_log() {
    let client = &admin().client;
    let id = unique_id();
    let trace = format!("00-{TRACE_ID}-00f067aa0ba902b7-01");
    client.send("GET", "/v1/users?limit=1", &[("x-request-id", &id), ("traceparent", &trace)], None).expect_status(200);
    let Some(lines) = log_lines(&id) else {
        return skip("a_trace_is_continued_in_the_log", "an instance whose log it can read");
    };
    assert!(!lines.is_empty(), "the request is not in the log");
    for line in lines {
        assert_eq!(line["trace_id"], TRACE_ID, "{line}");
    }
}

#[test]
fn a_request_has_one_access_line() {
    let client = &admin().client;
    let id = unique_id();
    client.send("GET", "/v1/users?limit=1&cursor=AAAA", &[("x-request-id", &id)], None).expect_status(400);
    let Some(lines) = log_lines(&id) else {
        return skip("a_request_has_one_access_line", "an instance whose log it can read");
    };
    let access: Vec<&Value> =
        lines.iter().filter(|line| line["message"] == "request" && line["service"] == "users").collect();
    assert_eq!(access.len(), 1, "{lines:?}");
    let line = access[0];
    assert_eq!((&line["level"], &line["service"]), (&"info".into(), &"users".into()), "{line}");
    let target = (&line["http.request.method"], &line["http.route"], &line["url.path"]);
    assert_eq!(target, (&"GET".into(), &"/v1/users".into(), &"/v1/users".into()), "no query: it may be personal");
    assert_eq!((&line["http.response.status_code"], &line["error.type"]), (&400.into(), &"malformed-request".into()));
    assert_eq!(line["user.id"], admin().id.as_str(), "{line}");
    for key in ["ts", "trace_id", "span_id", "http.server.request.duration", "http.response.body.size"] {
        assert!(!line[key].is_null(), "{key} is missing: {line}");
    }
}
