//! Tests of metrics and spans from lines.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use opentelemetry::trace::{SpanKind, Status};
use opentelemetry::{Array, Value};
use opentelemetry_sdk::trace::SpanData;
use prometheus_client::encoding::text;
use prometheus_client::registry::Registry;
use serde_json::json;

use super::line::Line;
use super::metrics::MAX_SERIES;
use super::spans::{SpanQueue, Waiting, span_data};
use super::{LineMetrics, Observer};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

fn access_line() -> serde_json::Value {
    json!({
        "ts": "2026-01-05T09:30:00.000Z", "level": "info", "service": "orders", "message": "request", "request_id": "r-1",
        "trace_id": TRACE, "span_id": "b7ad6b7169203331", "parent_span_id": "00f067aa0ba902b7",
        "links": [{ "trace_id": TRACE, "span_id": "00f067aa0ba902b7" }],
        "http.request.method": "POST", "http.route": "/v1/orders", "url.path": "/v1/orders",
        "http.response.status_code": 201, "http.response.body.size": null, "http.server.request.duration": 0.25,
        "http.response.header.location": ["/v1/orders/1"], "rate_limit.remaining": 299,
    })
}

fn span_of(line: &serde_json::Value) -> Option<SpanData> {
    let text = line.to_string();
    span_data(&serde_json::from_str::<Line<'_>>(&text).unwrap(), text.as_bytes())
}

fn metrics_of(lines: impl IntoIterator<Item = serde_json::Value>) -> String {
    let mut registry = Registry::default();
    let mut observer = Observer::new(Some(LineMetrics::new(&mut registry)), None);
    for line in lines {
        observer.observe("catalog", line.to_string().as_bytes());
    }
    let mut page = String::new();
    text::encode(&mut page, &registry).unwrap();
    page
}

#[test]
fn an_access_line_is_the_span_of_a_server() {
    let span = span_of(&access_line()).unwrap();
    assert_eq!((&*span.name, &span.span_kind, &span.status), ("POST /v1/orders", &SpanKind::Server, &Status::Unset));
    assert_eq!(span.span_context.trace_id().to_string(), TRACE);
    assert_eq!(span.span_context.span_id().to_string(), "b7ad6b7169203331");
    assert_eq!(span.parent_span_id.to_string(), "00f067aa0ba902b7");
    assert_eq!(
        span.links.iter().map(|link| link.span_context.span_id().to_string()).collect::<Vec<_>>(),
        ["00f067aa0ba902b7"]
    );
    assert_eq!(span.end_time, UNIX_EPOCH + Duration::from_secs(1_767_605_400));
    assert_eq!(span.end_time.duration_since(span.start_time).unwrap(), Duration::from_millis(250));
    let attributes: Vec<(&str, Value)> =
        span.attributes.iter().map(|attribute| (attribute.key.as_str(), attribute.value.clone())).collect();
    assert_eq!(
        attributes,
        [
            ("http.request.method", "POST".into()),
            ("http.response.header.location", Value::Array(Array::String(vec!["/v1/orders/1".into()]))),
            ("http.response.status_code", 201.into()),
            ("http.route", "/v1/orders".into()),
            ("message", "request".into()),
            ("rate_limit.remaining", 299.into()),
            ("request_id", "r-1".into()),
            ("url.path", "/v1/orders".into()),
        ]
    );
}

#[test]
fn a_5xx_is_an_error_and_a_4xx_is_the_clients() {
    for (status, expected) in [(500, Status::error("")), (503, Status::error("")), (404, Status::Unset)] {
        let mut line = access_line();
        line["http.response.status_code"] = status.into();
        assert_eq!(span_of(&line).unwrap().status, expected, "{status}");
    }
}

#[test]
fn the_line_of_a_handled_event_is_the_span_of_a_consumer() {
    let line = |level: &str, message: &str| {
        json!({
            "ts": "2026-01-05T09:30:00.000Z", "level": level, "service": "payments", "message": message, "request_id": "r-1",
            "trace_id": TRACE, "type": "PaymentRequested", "span_id": "b7ad6b7169203331", "messaging.process.duration": 0.5,
        })
    };
    let span = span_of(&line("info", "event handled")).unwrap();
    assert_eq!(
        (&*span.name, span.span_kind, span.status),
        ("process PaymentRequested", SpanKind::Consumer, Status::Unset)
    );
    assert_eq!(span_of(&line("warn", "event not handled")).unwrap().status, Status::error(""));
}

#[test]
fn a_line_without_a_span_or_with_a_malformed_one_has_none() {
    for (member, value) in [
        ("span_id", serde_json::Value::Null),
        ("span_id", "not hexadecimal".into()),
        ("trace_id", "x".into()),
        ("ts", "yesterday".into()),
        ("http.server.request.duration", (-1).into()),
    ] {
        let mut line = access_line();
        line[member] = value.clone();
        assert_eq!(span_of(&line), None, "{member}: {value}");
    }
}

#[test]
fn a_trace_is_sent_whole_or_not_at_all() {
    let waiting = Arc::new(Waiting::default());
    let mut queue = SpanQueue::new(Arc::clone(&waiting), 0.1);
    let mut count = 0;
    for number in 0..1000_u32 {
        for span in ["b7ad6b7169203331", "b7ad6b7169203332"] {
            let mut line = access_line();
            // Random traces differ in all their bits.
            line["trace_id"] =
                format!("{:032x}", u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835) | 1)
                    .into();
            line["span_id"] = span.into();
            let text = line.to_string();
            queue.observe("orders", &serde_json::from_str(&text).unwrap(), text.as_bytes());
        }
        let of_trace: usize = waiting.take().values().map(Vec::len).sum();
        assert!(of_trace == 0 || of_trace == 2, "{of_trace} of 2");
        count += of_trace / 2;
    }
    assert!((50..200).contains(&count), "{count} of 1000 traces at a share of 0.1");
}

#[test]
fn requests_are_counted_by_route_status_and_error() {
    let mut refused = access_line();
    refused["http.response.status_code"] = 429.into();
    refused["error.type"] = "rate-limited".into();
    let mut unknown = access_line();
    unknown.as_object_mut().unwrap().remove("http.route");
    unknown["http.response.status_code"] = 404.into();
    let page = metrics_of([access_line(), access_line(), refused, unknown]);
    let count =
        |labels: &str| format!("http_server_request_duration_seconds_count{{service_name=\"catalog\",{labels}}}");
    for (labels, requests) in [
        (r#"http_route="/v1/orders",http_request_method="POST",http_response_status_code="201",error_type="""#, 2),
        (
            r#"http_route="/v1/orders",http_request_method="POST",http_response_status_code="429",error_type="rate-limited""#,
            1,
        ),
        (r#"http_route="",http_request_method="POST",http_response_status_code="404",error_type="""#, 1),
    ] {
        assert!(page.contains(&format!("{} {requests}\n", count(labels))), "{labels}: {page}");
    }
    for (limit, requests) in [("0.1", 0), ("0.25", 2), ("+Inf", 2)] {
        let bucket = format!(
            "http_server_request_duration_seconds_bucket{{le=\"{limit}\",service_name=\"catalog\",http_route=\"/v1/orders\",http_request_method=\"POST\",http_response_status_code=\"201\",error_type=\"\"}} {requests}\n"
        );
        assert!(page.contains(&bucket), "{bucket}: {page}");
    }
}

#[test]
fn the_results_of_a_cache_are_counted() {
    let lines =
        ["spindle; hit", "spindle; fwd=miss; stored", "spindle; fwd=uri-miss", "spindle; fwd=bypass"].map(|status| {
            let mut line = access_line();
            line["cache"] = status.into();
            line
        });
    let page = metrics_of(lines);
    for (result, requests) in [("hit", 1), ("miss", 2), ("bypass", 1)] {
        let line = format!("spindle_cache_requests_total{{service_name=\"catalog\",result=\"{result}\"}} {requests}\n");
        assert!(page.contains(&line), "{line}: {page}");
    }
}

#[test]
fn failures_are_counted_by_level_and_message() {
    let line = |level: &str, message: &str| json!({ "ts": "2026-01-05T09:30:00.000Z", "level": level, "service": "catalog", "message": message, "trace_id": TRACE });
    let lines = [
        ("warn", "events not pushed"),
        ("warn", "events not pushed"),
        ("error", "housekeeping failed"),
        ("info", "started"),
    ];
    let page = metrics_of(lines.map(|(level, message)| line(level, message)));
    for (level, message, count) in [("warn", "events not pushed", 2), ("error", "housekeeping failed", 1)] {
        let series = format!(
            "spindle_log_lines_total{{service_name=\"catalog\",level=\"{level}\",message=\"{message}\"}} {count}\n"
        );
        assert!(page.contains(&series), "{series}: {page}");
    }
    assert!(!page.contains("started"), "{page}");
}

#[test]
fn a_component_that_makes_routes_up_fills_the_host_with_no_more_series_than_allowed() {
    let lines = (0..MAX_SERIES + 10).map(|number| {
        let mut line = access_line();
        line["http.route"] = format!("/made-up/{number}").into();
        line
    });
    let page = metrics_of(lines);
    assert_eq!(page.matches("_count{").count(), MAX_SERIES);
}

#[test]
fn text_of_another_form_is_passed_over() {
    let mut registry = Registry::default();
    let mut observer = Observer::new(Some(LineMetrics::new(&mut registry)), None);
    for text in ["", "plain text", "{}", "[1]", "{\"ts\":1}", "{\"ts\":\"x\",\"level\":\"info\",\"trace_id\":\"y\"}"] {
        observer.observe("probe", text.as_bytes());
    }
    let mut page = String::new();
    text::encode(&mut page, &registry).unwrap();
    assert!(!page.contains("probe"), "{page}");
}
