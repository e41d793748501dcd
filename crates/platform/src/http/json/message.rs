//! The messages of JSON errors: they speak of JSON and of the API's fields and values, where serde speaks of Rust's types.

/// A rule that a JSON value breaks.
#[derive(Debug, PartialEq)]
pub(super) struct BrokenRule<'e> {
    /// The member of the value that the rule is about, if it is not the value itself.
    pub(super) member: Option<&'e str>,
    /// The message, which continues "The value ...".
    pub(super) detail: String,
}

/// Maps the text of serde's error to the rule that the value breaks. Text that is not serde's own is the message of one of our types.
pub(super) fn broken_rule(text: &str) -> BrokenRule<'_> {
    let of_value = |detail| BrokenRule { member: None, detail };
    if let Some(member) = quoted(text, "missing field `") {
        return BrokenRule { member: Some(member), detail: "is required".to_owned() };
    }
    if let Some(member) = quoted(text, "duplicate field `") {
        return of_value(format!("repeats the field {member:?}"));
    }
    if text.starts_with("unknown field `") {
        return of_value(match expected(text) {
            Some(known) => format!("is not a known field; the known fields are: {}", names(known)),
            None => "is not a known field; the object has no fields".to_owned(),
        });
    }
    if text.starts_with("UUID parsing failed") {
        return of_value("must be a UUID".to_owned());
    }
    let is_serdes = ["unknown variant `", "invalid type: ", "invalid value: ", "invalid length "];
    match expected(text) {
        Some(expected) if is_serdes.iter().any(|prefix| text.starts_with(prefix)) => {
            of_value(format!("must be {}", in_json(expected)))
        }
        _ => of_value(text.to_owned()),
    }
}

/// Maps the text of serde_json's syntax error to words that name JSON's values.
pub(super) fn syntax_error(text: &str) -> String {
    text.replace("EOF while parsing a list", "it ends within an array")
        .replace("EOF while parsing", "it ends within")
        .replace("expected ident", "expected true, false or null")
}

fn quoted<'e>(text: &'e str, prefix: &str) -> Option<&'e str> {
    text.strip_prefix(prefix)?.strip_suffix('`')
}

/// Returns the part of serde's message that describes the expected value. It is the last part: the value found comes before it.
fn expected(text: &str) -> Option<&str> {
    text.rsplit_once(", expected ").map(|(_, expected)| expected)
}

/// Lists the names in serde's "one of `a`, `b`" or "`a` or `b`".
fn names(expected: &str) -> String {
    expected.strip_prefix("one of ").unwrap_or(expected).replace("` or `", "`, `").replace('`', "")
}

/// Describes serde's expectation as a JSON value.
fn in_json(expected: &str) -> String {
    let words = match expected {
        "i8" => "an integer from -128 to 127",
        "i16" => "an integer from -32768 to 32767",
        "i32" => "an integer from -2147483648 to 2147483647",
        "i64" | "isize" => "an integer from -9223372036854775808 to 9223372036854775807",
        "u8" => "an integer from 0 to 255",
        "u16" => "an integer from 0 to 65535",
        "u32" => "an integer from 0 to 4294967295",
        "u64" | "usize" => "an integer from 0 to 18446744073709551615",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a character" => "a string of one character",
        "a sequence" => "an array",
        "a map" | "enum" => "an object",
        "string or map" => "a string or an object",
        "unit" => "null",
        _ if expected.contains("UUID") => "a UUID",
        _ if expected.starts_with("struct ") => "an object",
        _ if expected.starts_with("tuple ") || expected.starts_with("a tuple ") => "an array",
        _ if expected.starts_with('`') || expected.starts_with("one of `") => {
            let names = names(expected);
            return if names.contains(", ") { format!("one of {names}") } else { names };
        }
        other => other,
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{BrokenRule, broken_rule, syntax_error};

    fn detail(text: &str) -> String {
        let BrokenRule { member, detail } = broken_rule(text);
        assert_eq!(member, None, "{text}");
        detail
    }

    #[test]
    fn a_rule_is_described_in_the_terms_of_json() {
        for (text, expected) in [
            ("invalid type: string \"2, expected u8\", expected u32", "must be an integer from 0 to 4294967295"),
            ("invalid value: integer `-1`, expected u8", "must be an integer from 0 to 255"),
            ("invalid type: map, expected a sequence", "must be an array"),
            ("invalid type: sequence, expected struct Item", "must be an object"),
            ("invalid type: null, expected f64", "must be a number"),
            ("invalid type: integer `1`, expected a boolean", "must be true or false"),
            ("invalid type: integer `1`, expected a formatted UUID string", "must be a UUID"),
            ("UUID parsing failed: invalid length: found 1", "must be a UUID"),
            ("invalid type: null, expected one of card, cash", "must be one of card, cash"),
            ("unknown variant `x`, expected one of `card`, `cash`, `none`", "must be one of card, cash, none"),
            ("unknown variant `x`, expected `card` or `cash`", "must be one of card, cash"),
            ("unknown variant `x`, expected `card`", "must be card"),
            ("unknown field `x`, expected `a` or `b`", "is not a known field; the known fields are: a, b"),
            ("unknown field `x`, expected one of `a`, `b`, `c`", "is not a known field; the known fields are: a, b, c"),
            ("unknown field `x`, there are no fields", "is not a known field; the object has no fields"),
            ("duplicate field `email`", "repeats the field \"email\""),
            ("is not a currency", "is not a currency"),
        ] {
            assert_eq!(detail(text), expected, "{text}");
        }
    }

    #[test]
    fn a_missing_member_is_named() {
        let expected = BrokenRule { member: Some("email"), detail: "is required".to_owned() };
        assert_eq!(broken_rule("missing field `email`"), expected);
    }

    #[test]
    fn a_syntax_error_names_values_of_json() {
        assert_eq!(syntax_error("EOF while parsing a list"), "it ends within an array");
        assert_eq!(syntax_error("EOF while parsing a string"), "it ends within a string");
        assert_eq!(syntax_error("expected ident"), "expected true, false or null");
    }
}
