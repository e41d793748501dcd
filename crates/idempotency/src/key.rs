//! The header `Idempotency-Key`.

use http::HeaderName;
use spindle_contracts::{FieldError, Problem, ProblemKind};
use spindle_platform::http::Request;

/// The header's name.
pub const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest key, in characters.
const MAX_LENGTH: usize = 255;

/// Returns the key of `request`.
///
/// # Errors
///
/// 400 if there is no key, there are several, or it is malformed; then with the other headers that are malformed.
pub(crate) fn key_of(request: &Request) -> Result<String, Problem> {
    if !request.headers().contains_key(HEADER) {
        let detail = "Send the header Idempotency-Key with a key of your choice, and the same key when you send this request again.";
        return Err(Problem::new(ProblemKind::IdempotencyKeyMissing, detail));
    }
    let key = request.header(HEADER).and_then(parse);
    key.ok_or_else(|| {
        let rule = format!("must be one key of 1 to {MAX_LENGTH} visible ASCII characters, with or without quotes");
        let mut errors = vec![FieldError::header("Idempotency-Key", rule)];
        errors.extend(request.header_errors());
        Problem::malformed_fields(errors)
    })
}

/// Parses a string of structured fields (RFC 8941, section 3.3.3), which the draft requires, or the same without its quotes, which clients
/// send. Both spell the same key.
fn parse(text: &str) -> Option<String> {
    let text = text.trim_matches([' ', '\t']);
    let key = match text.strip_prefix('"') {
        Some(rest) => unquote(rest)?,
        None => text.bytes().all(is_bare).then(|| text.to_owned())?,
    };
    (1..=MAX_LENGTH).contains(&key.len()).then_some(key)
}

/// Returns the content of a string before its closing quote, which must be the end of `text`.
fn unquote(text: &str) -> Option<String> {
    let mut key = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next()? {
            '"' => return chars.next().is_none().then_some(key),
            '\\' => key.push(chars.next().filter(|escaped| matches!(escaped, '"' | '\\'))?),
            other @ ' '..='~' => key.push(other),
            _ => return None,
        }
    }
}

/// Returns whether `byte` is visible ASCII without a meaning in structured fields.
fn is_bare(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b',' | b';')
}

#[cfg(test)]
mod tests {
    use super::{HEADER, key_of, parse};
    use spindle_contracts::ProblemKind;
    use spindle_contracts::problem::Place;
    use spindle_platform::http::{Body, Request};

    #[test]
    fn a_key_is_a_quoted_string_or_the_same_without_quotes() {
        let longest = "k".repeat(255);
        for (text, key) in [
            ("\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
            ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
            ("\"with space, comma; and \\\"quotes\\\" \\\\\"", "with space, comma; and \"quotes\" \\"),
            (" abc+/=: \t", "abc+/=:"),
            (&longest, &longest),
        ] {
            assert_eq!(parse(text), Some(key.to_owned()), "{text}");
        }
        let (too_long, quoted) = ("k".repeat(256), format!("\"{}\"", "k".repeat(256)));
        for text in [
            "",
            "\"\"",
            "\"",
            "\"a",
            "a\"",
            "\"a\"b",
            "\"a\";p=1",
            "a b",
            "a,b",
            "a;b",
            "a\\b",
            "\"\\a\"",
            &too_long,
            &quoted,
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_request_has_exactly_one_key() {
        let kind = |values: &[&str]| {
            let builder = values.iter().fold(http::Request::post("/"), |builder, value| builder.header(HEADER, *value));
            key_of(&Request::new(builder.body(Body::empty()).unwrap())).map_err(|problem| problem.kind)
        };
        assert_eq!(kind(&[]), Err(ProblemKind::IdempotencyKeyMissing));
        assert_eq!(kind(&["a", "b"]), Err(ProblemKind::MalformedRequest));
        assert_eq!(kind(&[""]), Err(ProblemKind::MalformedRequest));
        assert_eq!(kind(&["\"a\""]), Ok("a".to_owned()));
    }

    #[test]
    fn every_malformed_header_is_listed() {
        let request = http::Request::post("/").header(HEADER, "").header("if-match", "v1").body(Body::empty()).unwrap();
        let problem = key_of(&Request::new(request)).unwrap_err();
        let names: Vec<_> = problem.errors.iter().map(|error| error.place.clone()).collect();
        assert_eq!(names, ["Idempotency-Key", "If-Match"].map(|name| Place::Header(name.to_owned())));
        assert_eq!(problem.detail, "2 parts of the request are malformed: Idempotency-Key, If-Match.");
    }
}
