//! JSON bodies: a limit on depth, and every error at once, each with its place and the allowed values.

mod numbers;
mod value;

use deserr::{Deserr, IntoValue as _, ValuePointerRef};
use http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use spindle_contracts::{FieldError, InputErrors, Problem, ProblemKind};
use std::str::Split;
pub(super) use value::{Json, Members};

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

/// Reads `body` as a `T`: 400 if it is not JSON, 422 with every error if it is not a `T`.
pub(crate) fn read<T: Deserr<InputErrors>>(body: &[u8]) -> Result<T, Problem> {
    check_depth(body)?;
    let value::Parsed { value, repeated, not_kept } = value::parse(body)?;
    let result = T::deserialize_from_value(value.into_value(), ValuePointerRef::Origin);
    unless_wrong(result, repeated, not_kept).map_err(|errors| Problem::validation(errors.into_body_errors()))
}

/// Returns `result`, or its errors together with those that were found before. An error of `outranked` is left out if `result` has one for the place.
pub(super) fn unless_wrong<T>(
    result: Result<T, InputErrors>,
    mut found: InputErrors,
    outranked: InputErrors,
) -> Result<T, InputErrors> {
    match result {
        Ok(value) if found.is_empty() && outranked.is_empty() => Ok(value),
        result => {
            let errors = result.err().unwrap_or_default();
            found.extend(outranked.without_places_of(&errors));
            found.extend(errors);
            Err(found)
        }
    }
}

/// Reads `body`, which another service has sent, as a `T`: 400 if it is not JSON, 422 with the first error if it is not a `T`.
pub(super) fn read_internal<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    check_depth(body)?;
    serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            Problem::validation(vec![FieldError::new("", format!("does not have the expected form: {error}"))])
        } else {
            syntax_problem(&error, body, 0)
        }
    })
}

/// Maps an error of syntax, in the part of `body` that begins at `offset`, to a problem. It speaks of JSON's values.
fn syntax_problem(error: &serde_json::Error, body: &[u8], offset: usize) -> Problem {
    let before = &body[..offset.min(body.len())];
    let line = error.line() + before.iter().filter(|byte| **byte == b'\n').count();
    // A part has one line: it is a string.
    let column = error.column() + before.iter().rev().take_while(|byte| **byte != b'\n').count();
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    let cause = text
        .replace("EOF while parsing a list", "it ends within an array")
        .replace("EOF while parsing", "it ends within")
        .replace("expected ident", "expected true, false or null");
    Problem::malformed(format!("The body is not JSON: {cause} at line {line}, column {column}."))
}

/// Refuses JSON that nests deeper than [`MAX_DEPTH`], in one pass, before the body is parsed.
fn check_depth(body: &[u8]) -> Result<(), Problem> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in body {
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
mod tests;
