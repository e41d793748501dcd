//! JSON bodies, with a limit on depth and errors that point at the place.

mod shape;

use http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};
use spindle_contracts::{FieldError, Problem, ProblemKind};
use std::fmt::Write as _;

/// How deep objects and arrays may nest in a request body.
pub const MAX_DEPTH: usize = 32;

/// The media type of one JSON value per line.
const NDJSON: &str = "application/x-ndjson";

/// Refuses a body that is announced as anything but JSON in UTF-8.
pub(super) fn expect_json(headers: &HeaderMap) -> Result<(), Problem> {
    let is_json = |essence: &str| essence.eq_ignore_ascii_case("application/json") || is_json_suffixed(essence);
    expect(headers, is_json, "application/json")
}

/// Refuses a body that is announced as anything but lines of JSON in UTF-8.
pub(super) fn expect_ndjson(headers: &HeaderMap) -> Result<(), Problem> {
    expect(headers, |essence| essence.eq_ignore_ascii_case(NDJSON), NDJSON)
}

fn expect(headers: &HeaderMap, is_expected: impl Fn(&str) -> bool, expected: &str) -> Result<(), Problem> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    // Announced twice, it may be one thing to us and another to whoever looked at it before.
    let only = values.next().filter(|_| values.next().is_none());
    let announced = only.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = announced.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let is_utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    if is_expected(essence) && is_utf8 {
        return Ok(());
    }
    Err(Problem::new(ProblemKind::UnsupportedMediaType, format!("Send the body as {expected} in UTF-8.")))
}

/// `application/merge-patch+json` and its like (RFC 6839).
fn is_json_suffixed(essence: &str) -> bool {
    let essence = essence.to_ascii_lowercase();
    essence.starts_with("application/") && essence.ends_with("+json")
}

/// Reads `bytes` as a `T`.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    check_depth(bytes)?;
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(shape::Shaped(&mut deserializer)).map_err(|error| {
        let pointer = pointer(error.path());
        describe(error.inner(), pointer)
    })?;
    deserializer.end().map_err(|error| describe(&error, String::new()))?;
    Ok(value)
}

fn describe(error: &serde_json::Error, pointer: String) -> Problem {
    // serde_json adds the place in the text; the pointer, or the detail of a syntax error, tells it in our own words.
    let text = error.to_string();
    let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    if let Some(field) = what.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        Problem::validation(vec![FieldError::new(format!("{pointer}/{field}"), "is required")])
    } else if error.is_data() {
        // The words of JSON for what serde calls by its own.
        let what = what
            .replace("invalid type: ", "is ")
            .replace("is map,", "is an object,")
            .replace("is sequence,", "is an array,");
        Problem::validation(vec![FieldError::new(pointer, what)])
    } else {
        Problem::malformed(format!("The body is not JSON: {what} at line {}, column {}.", error.line(), error.column()))
    }
}

/// The RFC 6901 pointer of a path.
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => write!(pointer, "/{index}").expect("a string takes what is written to it"),
            Segment::Map { key: name } | Segment::Enum { variant: name } => {
                pointer.push('/');
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Unknown => {}
        }
    }
    pointer
}

/// Refuses JSON that nests deeper than [`MAX_DEPTH`], in one pass and before anything is built from it.
fn check_depth(bytes: &[u8]) -> Result<(), Problem> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
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
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, expect_json, parse};
    use http::{HeaderMap, header};
    use serde::Deserialize;
    use spindle_contracts::{FieldError, ProblemKind};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Order {
        #[expect(dead_code, reason = "only its type matters here")]
        items: Vec<Item>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Item {
        #[expect(dead_code, reason = "only its type matters here")]
        quantity: u32,
    }

    #[test]
    fn an_error_points_at_its_place() {
        for (body, error) in [
            (
                r#"{"items":[{"quantity":1},{"quantity":"2"}]}"#,
                ("/items/1/quantity", "is string \"2\", expected a whole number"),
            ),
            (r#"{"items":[{"quantity":1},{}]}"#, ("/items/1/quantity", "is required")),
            (r#"{"items":{}}"#, ("/items", "is an object, expected an array")),
            (r#"{"items":[{"quantity":1,"a/b":2}]}"#, ("/items/0/a~1b", "unknown field `a/b`, expected `quantity`")),
            (r#"{"items":[],"items":[]}"#, ("", "duplicate field `items`")),
            // By itself, serde would take an array of a struct's fields for it.
            ("[[]]", ("", "is an array, expected an object")),
            (r#"{"items":[[1]]}"#, ("/items/0", "is an array, expected an object")),
        ] {
            let problem = parse::<Order>(body.as_bytes()).unwrap_err();
            assert_eq!(problem.kind, ProblemKind::ValidationFailed, "{body}");
            assert_eq!(problem.errors, [FieldError::new(error.0, error.1)], "{body}");
        }
    }

    #[test]
    fn what_is_not_json_is_malformed() {
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

    #[test]
    fn only_json_in_utf8_is_taken() {
        let check = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
            expect_json(&headers).is_ok()
        };
        for taken in ["application/json", "Application/JSON; charset=UTF-8", "application/merge-patch+json"] {
            assert!(check(taken), "{taken}");
        }
        for refused in ["text/plain", "application/json; charset=latin1", "application/x-www-form-urlencoded", "json"] {
            assert!(!check(refused), "{refused}");
        }
        assert!(expect_json(&HeaderMap::new()).is_err());
        let mut twice = HeaderMap::new();
        for _ in 0..2 {
            twice.append(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
        }
        assert!(expect_json(&twice).is_err());
    }
}
