//! Tests of reading bodies.

use super::{MAX_DEPTH, expect_json, expect_ndjson, read, read_internal};
use deserr::Deserr;
use http::{HeaderMap, header};
use serde::Deserialize;
use serde_json::{Map, Value};
use spindle_contracts::input::Integer;
use spindle_contracts::{FieldError, InputErrors, ProblemKind};

#[derive(Debug, Deserr)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[expect(dead_code, reason = "only the types of the fields matter here")]
struct Order {
    items: Vec<Item>,
    #[deserr(default)]
    method: Option<Method>,
    #[deserr(default)]
    id: Option<uuid::Uuid>,
}

#[derive(Debug, Deserr)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[expect(dead_code, reason = "only the types of the fields matter here")]
struct Item {
    quantity: Integer<0, 99>,
}

#[derive(Debug, Deserr)]
#[deserr(error = InputErrors, rename_all = lowercase)]
enum Method {
    Card,
    Cash,
}

#[test]
fn an_error_names_the_field_and_the_allowed_values() {
    const INTEGER: &str = "must be an integer from 0 to 99";
    const METHOD: &str = "must be one of card, cash";
    for (body, error) in [
        (r#"{"items":[{"quantity":1},{"quantity":"2"}]}"#, ("/items/1/quantity", INTEGER)),
        (r#"{"items":[{"quantity":-1}]}"#, ("/items/0/quantity", INTEGER)),
        (r#"{"items":[{"quantity":1.5}]}"#, ("/items/0/quantity", INTEGER)),
        (r#"{"items":[{"quantity":1e400}]}"#, ("/items/0/quantity", INTEGER)),
        (r#"{"items":[{"quantity":12345678901234567890123}]}"#, ("/items/0/quantity", INTEGER)),
        (r#"{"items":[{"quantity":null}]}"#, ("/items/0/quantity", INTEGER)),
        (r#"{"items":[{"quantity":1},{}]}"#, ("/items/1/quantity", "is required")),
        (r#"{"items":{}}"#, ("/items", "must be an array")),
        (r#"{"items":null}"#, ("/items", "must be an array")),
        (
            r#"{"items":[{"quantity":1,"a/b":2}]}"#,
            ("/items/0/a~1b", "is not a known field; the known fields are: quantity"),
        ),
        (r#"{"items":[],"items":[]}"#, ("", "repeats the field \"items\"")),
        (r#"{"items":[],"id":"7"}"#, ("/id", "must be a UUID")),
        (r#"{"items":[],"id":7}"#, ("/id", "must be a UUID")),
        (r#"{"items":[],"method":"cheque"}"#, ("/method", METHOD)),
        (r#"{"items":[],"method":7}"#, ("/method", "must be a string")),
        ("[[]]", ("", "must be an object")),
        (r#"{"items":[[1]]}"#, ("/items/0", "must be an object")),
        ("null", ("", "must be an object")),
    ] {
        let problem = read::<Order>(body.as_bytes()).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::ValidationFailed, "{body}");
        assert_eq!(problem.errors, [FieldError::new(error.0, error.1)], "{body}");
    }
}

#[test]
fn all_errors_of_a_body_are_in_one_problem() {
    let body = r#"{"items":[{"quantity":100},{},{"quantity":1,"quantity":2}],"itens":1e400,"id":"7","more":[0.10000000000000001]}"#;
    let problem = read::<Order>(body.as_bytes()).unwrap_err();
    let known = "is not a known field; the known fields are: items, method, id";
    let expected = [
        ("/items/2", "repeats the field \"quantity\""),
        ("/more/0", super::numbers::REQUIREMENT),
        ("/items/0/quantity", "must be an integer from 0 to 99"),
        ("/items/1/quantity", "is required"),
        ("/itens", known),
        ("/id", "must be a UUID"),
        ("/more", known),
    ];
    assert_eq!(problem.errors, expected.map(|(pointer, detail)| FieldError::new(pointer, detail)));
    assert_eq!(
        problem.detail,
        "7 fields break a rule: /items/2, /more/0, /items/0/quantity, /items/1/quantity, /itens, /id, /more."
    );
}

#[test]
fn an_integer_is_read_however_json_writes_it() {
    for number in ["2", "2.0", "2.00", "0.2e1", "20e-1", "2E0", "0", "-0", "-0.0", "0e5", "9.9e1"] {
        let body = format!(r#"{{"items":[{{"quantity":{number}}}]}}"#);
        read::<Order>(body.as_bytes()).unwrap();
    }
    let big = |text: &str| read::<i64>(text.as_bytes()).ok();
    assert_eq!(big("-9223372036854775808"), Some(i64::MIN));
    assert_eq!(big("9223372036854775807"), Some(i64::MAX));
    assert_eq!(big("1e18"), Some(1_000_000_000_000_000_000));
    assert_eq!(big("-1e18"), Some(-1_000_000_000_000_000_000));
    assert_eq!(read::<u64>(b"1e19").unwrap(), 10_000_000_000_000_000_000);
    assert_eq!((big("1e19"), big("1e20"), big("-1e19")), (None, None, None));
}

#[test]
fn a_number_among_any_values_stays_as_it_was_sent() {
    let object = br#"{"a":2.0,"b":[1e1,{"c":-3.0}],"d":2,"e":1.50,"f":18446744073709551615}"#;
    let read = read::<Map<String, Value>>(object).unwrap();
    assert_eq!(
        serde_json::to_string(&read).unwrap(),
        r#"{"a":2.0,"b":[10.0,{"c":-3.0}],"d":2,"e":1.5,"f":18446744073709551615}"#
    );
}

#[test]
fn a_body_of_another_service_is_read_with_serde() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Internal {
        n: u8,
    }
    assert_eq!(read_internal(br#"{"n":1}"#), Ok(Internal { n: 1 }));
    for (body, kind) in [
        (r#"{"n":"1"}"#, ProblemKind::ValidationFailed),
        ("{}", ProblemKind::ValidationFailed),
        ("{", ProblemKind::MalformedRequest),
        ("", ProblemKind::MalformedRequest),
    ] {
        assert_eq!(read_internal::<Internal>(body.as_bytes()).unwrap_err().kind, kind, "{body}");
    }
}

#[test]
fn bad_syntax_is_described_in_the_terms_of_json() {
    for (body, detail) in [
        ("", "The body is not JSON: it ends within a value at line 1, column 0."),
        ("{\"items\":[", "The body is not JSON: it ends within an array at line 1, column 10."),
        ("nul", "The body is not JSON: it ends within a value at line 1, column 3."),
        ("nil", "The body is not JSON: expected true, false or null at line 1, column 2."),
        ("{\"items\":[]} x", "The body is not JSON: trailing characters at line 1, column 14."),
        ("{\n\"id\":\"\\ud800\"}", "The body is not JSON: unexpected end of hex escape at line 2, column 13."),
    ] {
        let problem = read::<Order>(body.as_bytes()).unwrap_err();
        assert_eq!((problem.kind, problem.detail.as_str()), (ProblemKind::MalformedRequest, detail), "{body}");
    }
}

#[test]
fn text_that_is_not_json_is_malformed() {
    for body in ["", "{", "{\"items\":[]} x", "{'items':[]}", "\u{feff}{}", "nul"] {
        assert_eq!(read::<Order>(body.as_bytes()).unwrap_err().kind, ProblemKind::MalformedRequest, "{body}");
    }
}

#[test]
fn depth_is_limited_and_brackets_in_strings_do_not_count() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(read::<Value>(nested(MAX_DEPTH).as_bytes()).is_ok());
    let problem = read::<Value>(nested(MAX_DEPTH + 1).as_bytes()).unwrap_err();
    assert_eq!(problem.detail, "The body nests deeper than 32 levels.");
    let text = serde_json::to_string(&format!("\\\"{}", "[".repeat(100))).unwrap();
    assert!(read::<Value>(text.as_bytes()).is_ok());
}

fn content_type(value: &str) -> HeaderMap {
    HeaderMap::from_iter([(header::CONTENT_TYPE, value.parse().unwrap())])
}

#[test]
fn only_json_is_accepted_and_a_charset_has_no_meaning() {
    for accepted in [
        "application/json",
        "Application/JSON; charset=UTF-8",
        "application/json; charset=utf8",
        "application/json;charset=\"utf-8\"",
        "application/json; charset=latin1",
        "application/json; charset",
        "application/json;",
        "application/merge-patch+json",
    ] {
        assert!(expect_json(&content_type(accepted)).is_ok(), "{accepted}");
    }
    for refused in ["text/plain", "application/x-www-form-urlencoded", "json", "application/json, text/plain", ""] {
        assert!(expect_json(&content_type(refused)).is_err(), "{refused}");
    }
    assert!(expect_json(&HeaderMap::new()).is_err());
    let mut twice = HeaderMap::new();
    for _ in 0..2 {
        twice.append(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    }
    assert!(expect_json(&twice).is_err());
}

#[test]
fn only_ndjson_in_utf8_is_accepted() {
    for accepted in ["application/x-ndjson", "Application/X-NDJSON; charset=UTF-8", "application/x-ndjson;charset=utf8"]
    {
        assert!(expect_ndjson(&content_type(accepted)).is_ok(), "{accepted}");
    }
    for refused in ["application/json", "application/x-ndjson; charset=latin1", "text/plain"] {
        assert!(expect_ndjson(&content_type(refused)).is_err(), "{refused}");
    }
}

#[test]
fn json_in_another_encoding_than_utf8_is_malformed() {
    let utf16: Vec<u8> = "{\"items\":[]}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for body in [utf16.as_slice(), b"{\"items\":[\"\xfc\"]}"] {
        assert_eq!(read::<Value>(body).unwrap_err().kind, ProblemKind::MalformedRequest, "{body:?}");
    }
}
