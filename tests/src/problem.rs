//! Problem details (RFC 9457): the form of every error response.

use serde_json::Value;

use crate::Response;

/// Checks that a response is a complete and consistent problem of the given kind, and returns its body.
///
/// # Panics
///
/// If any part is missing, of the wrong type, or not as RFC 9457 and conventions have it.
#[track_caller]
pub fn expect_problem(response: &Response, status: u16, kind: &str) -> Value {
    assert_eq!(response.status, status, "{}", response.text());
    assert_eq!(response.header("content-type"), Some("application/problem+json"), "{response:?}");
    let body = response.json();
    assert_eq!(body["type"], format!("https://spindle.dev/problems/{kind}"), "{body}");
    assert_eq!(body["status"], status, "{body}");
    for field in ["title", "detail", "instance"] {
        assert!(body[field].as_str().is_some_and(|text| !text.is_empty()), "{field} is missing: {body}");
    }
    assert_eq!(body["request_id"].as_str(), response.header("x-request-id"), "{body}");
    // The header field that the status requires.
    let required = match status {
        401 => Some("www-authenticate"),
        405 => Some("allow"),
        429 | 503 => Some("retry-after"),
        _ => None,
    };
    if let Some(field) = required {
        assert!(response.header(field).is_some(), "{field} is missing: {response:?}");
    }
    let known = ["type", "title", "status", "detail", "instance", "request_id", "errors"];
    // The members of one type (RFC 9457, section 3.2; docs/problems.md).
    let of_type: &[&str] = match kind {
        "conflict" => &["product_id"],
        "price-changed" => &["total", "items"],
        "recent-login-required" => &["max_age"],
        // Of an import that ends early.
        "unavailable" => &["imported"],
        "too-much-unpaid" => &["unpaid_orders", "max_unpaid_orders", "unpaid_pieces", "max_unpaid_pieces"],
        _ => &[],
    };
    for field in body.as_object().expect("a problem is an object").keys() {
        assert!(
            known.iter().chain(of_type).any(|member| member == field),
            "{field} is not a member of a problem: {body}"
        );
    }
    body
}

/// Checks that a response is a 422 whose `errors` point at exactly `pointers`, in any order.
///
/// # Panics
///
/// If it is anything else.
#[track_caller]
pub fn expect_invalid(response: &Response, pointers: &[&str]) -> Value {
    let body = expect_problem(response, 422, "validation-failed");
    let errors = body["errors"].as_array().unwrap_or_else(|| panic!("errors are missing: {body}"));
    let mut found: Vec<&str> = errors.iter().filter_map(|error| error["pointer"].as_str()).collect();
    found.sort_unstable();
    let mut expected = pointers.to_vec();
    expected.sort_unstable();
    assert_eq!(found, expected, "{body}");
    for error in errors {
        assert!(error["detail"].as_str().is_some_and(|text| !text.is_empty()), "{body}");
    }
    body
}
