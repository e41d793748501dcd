//! JSON bodies: a limit on depth, and errors that name the field and the allowed values.

mod message;
mod numbers;
mod strict;

use http::{HeaderMap, header};
use message::BrokenRule;
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};
use spindle_contracts::{FieldError, Problem, ProblemKind};
use std::fmt::Write as _;
use std::str::Split;

/// The maximum nesting depth of objects and arrays in a request body.
pub const MAX_DEPTH: usize = 32;

/// The media type of one JSON value per line.
const NDJSON: &str = "application/x-ndjson";

/// Refuses a body whose `Content-Type` is not JSON. A `charset` is ignored: the media type has none, and JSON is always UTF-8 (RFC 8259, sections
/// 8.1 and 11).
pub(super) fn expect_json(headers: &HeaderMap) -> Result<(), Problem> {
    let is_json = |essence: &str| essence.eq_ignore_ascii_case("application/json") || is_json_suffixed(essence);
    if content_type(headers).is_some_and(|(essence, _)| is_json(essence)) {
        return Ok(());
    }
    Err(unsupported("application/json"))
}

/// Refuses a body whose `Content-Type` is not NDJSON in UTF-8.
pub(super) fn expect_ndjson(headers: &HeaderMap) -> Result<(), Problem> {
    let is_utf8 = |charset: &str| charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8");
    let is_expected = |essence: &str, mut parameters: Split<'_, char>| {
        essence.eq_ignore_ascii_case(NDJSON)
            && parameters.all(|parameter| match parameter.trim().split_once('=') {
                Some((name, value)) if name.eq_ignore_ascii_case("charset") => is_utf8(value.trim_matches('"')),
                _ => true,
            })
    };
    if content_type(headers).is_some_and(|(essence, parameters)| is_expected(essence, parameters)) {
        return Ok(());
    }
    Err(unsupported(NDJSON))
}

/// Returns the media type in `Content-Type`, and its parameters. `None` with two values: an intermediary may have read the body as another type
/// than we do.
fn content_type(headers: &HeaderMap) -> Option<(&str, Split<'_, char>)> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let only = values.next().filter(|_| values.next().is_none())?;
    let mut parts = only.to_str().ok()?.split(';');
    Some((parts.next()?.trim(), parts))
}

fn unsupported(expected: &str) -> Problem {
    Problem::new(ProblemKind::UnsupportedMediaType, format!("Send the body as {expected} in UTF-8."))
}

/// Returns whether the media type has the suffix `+json`, as `application/merge-patch+json` has (RFC 6839).
fn is_json_suffixed(essence: &str) -> bool {
    let essence = essence.to_ascii_lowercase();
    essence.starts_with("application/") && essence.ends_with("+json")
}

/// Parses `bytes` as a `T`.
///
/// A number that would not be kept as it was sent is refused: see [`numbers`].
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let may_lose_digits = scan(bytes)?;
    let parsed = parse_value(bytes);
    // A broken rule is reported first. A number beyond every double is bad syntax to serde_json.
    let breaks_rule = matches!(&parsed, Err(problem) if problem.kind == ProblemKind::ValidationFailed);
    if may_lose_digits && !breaks_rule {
        numbers::check(bytes)?;
    }
    parsed
}

fn parse_value<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(strict::Strict(&mut deserializer))
        .map_err(|error| problem(error.inner(), pointer(error.path())))?;
    deserializer.end().map_err(|error| problem(&error, String::new()))?;
    Ok(value)
}

/// Maps an error at `pointer` to a problem: 400 for text that is not JSON, 422 for JSON that breaks a rule.
fn problem(error: &serde_json::Error, pointer: String) -> Problem {
    // serde_json appends the position to its text. The pointer states it for a rule, and our own words for bad syntax.
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    if !error.is_data() {
        let (cause, line, column) = (message::syntax_error(text), error.line(), error.column());
        return Problem::malformed(format!("The body is not JSON: {cause} at line {line}, column {column}."));
    }
    let BrokenRule { member, detail } = message::broken_rule(text);
    let pointer = match member {
        Some(member) => format!("{pointer}/{}", escape(member)),
        None => pointer,
    };
    Problem::validation(vec![FieldError::new(pointer, detail)])
}

/// Returns the RFC 6901 pointer of a path.
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => write!(pointer, "/{index}").expect("writing to a string does not fail"),
            Segment::Map { key: name } | Segment::Enum { variant: name } => {
                pointer.push('/');
                pointer.push_str(&escape(name));
            }
            Segment::Unknown => {}
        }
    }
    pointer
}

/// Escapes a reference token of a pointer (RFC 6901, section 3).
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Refuses JSON that nests deeper than [`MAX_DEPTH`], in one pass, before the body is deserialized. Returns whether it has a number that may lose
/// digits: a long one, or one with a fraction or an exponent.
fn scan(bytes: &[u8]) -> Result<bool, Problem> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let (mut digits, mut may_lose_digits) = (0_usize, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(Problem::malformed(format!("The body nests deeper than {MAX_DEPTH} levels.")));
                }
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            b'0'..=b'9' if !in_string => {
                digits += 1;
                may_lose_digits |= digits > numbers::ALWAYS_KEPT;
                continue;
            }
            b'.' | b'e' | b'E' if digits > 0 => may_lose_digits = true,
            _ => {}
        }
        digits = 0;
    }
    Ok(may_lose_digits)
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, expect_json, expect_ndjson, parse};
    use http::{HeaderMap, header};
    use serde::Deserialize;
    use spindle_contracts::{FieldError, ProblemKind};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the types of the fields matter here")]
    struct Order {
        items: Vec<Item>,
        method: Option<Method>,
        id: Option<uuid::Uuid>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the types of the fields matter here")]
    struct Item {
        quantity: u32,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    #[expect(dead_code, reason = "only the types of the fields matter here")]
    enum Method {
        Card,
        Cash,
        Voucher(Item),
    }

    #[test]
    fn an_error_names_the_field_and_the_allowed_values() {
        const INTEGER: &str = "must be an integer from 0 to 4294967295";
        const METHOD: &str = "must be one of card, cash, voucher";
        for (body, error) in [
            (r#"{"items":[{"quantity":1},{"quantity":"2"}]}"#, ("/items/1/quantity", INTEGER)),
            (r#"{"items":[{"quantity":-1}]}"#, ("/items/0/quantity", INTEGER)),
            (r#"{"items":[{"quantity":1.5}]}"#, ("/items/0/quantity", INTEGER)),
            (r#"{"items":[{"quantity":4294967296}]}"#, ("/items/0/quantity", INTEGER)),
            (r#"{"items":[{"quantity":null}]}"#, ("/items/0/quantity", INTEGER)),
            (r#"{"items":[{"quantity":1},{}]}"#, ("/items/1/quantity", "is required")),
            (r#"{"items":{}}"#, ("/items", "must be an array")),
            (r#"{"items":null}"#, ("/items", "must be an array")),
            (
                r#"{"items":[{"quantity":1,"a/b":2}]}"#,
                ("/items/0/a~1b", "is not a known field; the known fields are: quantity"),
            ),
            (r#"{"itens":[]}"#, ("/itens", "is not a known field; the known fields are: items, method, id")),
            (r#"{"items":[],"items":[]}"#, ("", "repeats the field \"items\"")),
            (r#"{"items":[],"id":"7"}"#, ("/id", "must be a UUID")),
            (r#"{"items":[],"id":7}"#, ("/id", "must be a UUID")),
            (r#"{"items":[],"method":"cheque"}"#, ("/method", METHOD)),
            (r#"{"items":[],"method":7}"#, ("/method", METHOD)),
            (r#"{"items":[],"method":["card"]}"#, ("/method", METHOD)),
            (r#"{"items":[],"method":{"voucher":{"quantity":"1"}}}"#, ("/method/voucher/quantity", INTEGER)),
            (r#"{"items":[],"method":{"voucher":[1]}}"#, ("/method/voucher", "must be an object")),
            // serde alone would read an array as the fields of a struct in their order.
            ("[[]]", ("", "must be an object")),
            (r#"{"items":[[1]]}"#, ("/items/0", "must be an object")),
            ("null", ("", "must be an object")),
        ] {
            let problem = parse::<Order>(body.as_bytes()).unwrap_err();
            assert_eq!(problem.kind, ProblemKind::ValidationFailed, "{body}");
            assert_eq!(problem.errors, [FieldError::new(error.0, error.1)], "{body}");
        }
    }

    #[test]
    fn an_enum_is_a_string_or_an_object_with_one_member() {
        for body in [
            r#"{"items":[],"method":"cash","id":"01923f5e-7c00-7abc-8def-0123456789ab"}"#,
            r#"{"items":[],"method":{"voucher":{"quantity":1}},"id":null}"#,
            r#"{"items":[{"quantity":1}],"method":null}"#,
        ] {
            parse::<Order>(body.as_bytes()).unwrap();
        }
        #[derive(Debug, Deserialize)]
        struct Payment {
            #[expect(dead_code, reason = "only the type of the field matters here")]
            method: Method,
        }
        let problem = parse::<Payment>(br#"{"method":null}"#).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::ValidationFailed);
        assert_eq!(problem.detail, "/method must be one of card, cash, voucher.");
    }

    #[test]
    fn bad_syntax_is_described_in_the_terms_of_json() {
        for (body, detail) in [
            ("", "The body is not JSON: it ends within a value at line 1, column 0."),
            ("{\"items\":[", "The body is not JSON: it ends within an array at line 1, column 10."),
            ("nul", "The body is not JSON: it ends within a value at line 1, column 3."),
            ("nil", "The body is not JSON: expected true, false or null at line 1, column 2."),
            ("{\"items\":[]} x", "The body is not JSON: trailing characters at line 1, column 14."),
        ] {
            let problem = parse::<Order>(body.as_bytes()).unwrap_err();
            assert_eq!((problem.kind, problem.detail.as_str()), (ProblemKind::MalformedRequest, detail), "{body}");
        }
    }

    #[test]
    fn text_that_is_not_json_is_malformed() {
        for body in ["", "{", "{\"items\":[]} x", "{'items':[]}", "\u{feff}{}", "nul"] {
            assert_eq!(parse::<Order>(body.as_bytes()).unwrap_err().kind, ProblemKind::MalformedRequest, "{body}");
        }
    }

    #[test]
    fn depth_is_limited_and_brackets_in_strings_do_not_count() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse::<serde_json::Value>(nested(MAX_DEPTH).as_bytes()).is_ok());
        let problem = parse::<serde_json::Value>(nested(MAX_DEPTH + 1).as_bytes()).unwrap_err();
        assert_eq!(problem.detail, "The body nests deeper than 32 levels.");
        let text = serde_json::to_string(&format!("\\\"{}", "[".repeat(100))).unwrap();
        assert!(parse::<serde_json::Value>(text.as_bytes()).is_ok());
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
        for accepted in
            ["application/x-ndjson", "Application/X-NDJSON; charset=UTF-8", "application/x-ndjson;charset=utf8"]
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
            assert_eq!(parse::<serde_json::Value>(body).unwrap_err().kind, ProblemKind::MalformedRequest, "{body:?}");
        }
    }
}
