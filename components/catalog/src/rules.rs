//! The rules for the fields of a product, and the message for a value that breaks one.

use serde_json::{Map, Value};
use spindle_contracts::{FieldError, text};
use std::borrow::Cow;

/// The highest price, in minor units: the total of a line of nine million units still fits.
const MAX_AMOUNT: i64 = 1_000_000_000_000;
/// The longest SKU and the longest slug, in bytes.
const MAX_CODE: usize = 64;
/// The longest name, in characters.
const MAX_NAME: usize = 200;
/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 5_000;
/// The most attributes that a product may have.
const MAX_ATTRIBUTES: usize = 50;
/// The longest name of an attribute, in characters.
const MAX_ATTRIBUTE_NAME: usize = 64;
/// The longest text in an attribute, in characters.
const MAX_ATTRIBUTE_TEXT: usize = 500;

/// The result of a rule: the requirement, if the value does not meet it.
pub(crate) type Rule = Result<(), Cow<'static, str>>;

fn require(holds: bool, requirement: &'static str) -> Rule {
    if holds { Ok(()) } else { Err(requirement.into()) }
}

/// Checks a SKU.
pub(crate) fn sku(text: &str) -> Rule {
    require(is_sku(text), "must have 1 to 64 letters, digits or any of . _ - / and start with a letter or digit")
}

/// Checks the name of a product.
pub(crate) fn name(text: &str) -> Rule {
    text::line(text, MAX_NAME)
}

/// Checks the description of a product.
pub(crate) fn description(text: &str) -> Rule {
    text::lines(text, MAX_DESCRIPTION)
}

/// Checks a price, in minor units.
pub(crate) fn amount(amount: i64) -> Rule {
    require((0..=MAX_AMOUNT).contains(&amount), "must be from 0 to 1000000000000 minor units")
}

/// Checks the category of a product.
pub(crate) fn category(text: &str) -> Rule {
    require(is_slug(text), "must be a slug such as garden-tools of at most 64 characters")
}

/// Checks the attributes of a product: returns an error for each that breaks a rule.
pub(crate) fn attributes(attributes: &Map<String, Value>) -> Vec<FieldError> {
    if attributes.len() > MAX_ATTRIBUTES {
        return vec![FieldError::new("/attributes", "must have at most 50 members")];
    }
    let broken = |(name, value): (&String, &Value)| {
        let rule = match value {
            _ if text::line(name, MAX_ATTRIBUTE_NAME).is_err() => {
                Err("must have a name of 1 to 64 printable characters".into())
            }
            Value::String(text) => text::lines(text, MAX_ATTRIBUTE_TEXT),
            Value::Number(_) | Value::Bool(_) => Ok(()),
            Value::Null | Value::Array(_) | Value::Object(_) => Err("must be a string, a number or a boolean".into()),
        };
        let pointer = format!("/attributes/{}", name.replace('~', "~0").replace('/', "~1"));
        Some(FieldError::new(pointer, rule.err()?))
    };
    attributes.iter().filter_map(broken).collect()
}

/// Returns whether `text` can be a SKU, which is printed on labels and copied to other systems: no spaces, and nothing that a URL or a
/// spreadsheet would change.
fn is_sku(text: &str) -> bool {
    text.len() <= MAX_CODE
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte))
}

/// Returns whether `text` is a slug: words of lower-case letters and digits, joined by hyphens.
pub(crate) fn is_slug(text: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.len() <= MAX_CODE && text.split('-').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::{attributes, description, is_sku, is_slug, name};
    use serde_json::json;

    fn table(rule: impl Fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(rule(text), "{text:?} should be accepted");
        }
        for text in bad {
            assert!(!rule(text), "{text:?} should be refused");
        }
    }

    #[test]
    fn a_sku_has_1_to_64_letters_digits_or_punctuation() {
        let (longest, too_long) = ("A".repeat(64), "A".repeat(65));
        table(is_sku, &["A", "a-1", "10/20_x.y", &longest], &["", "-a", "a b", "a,b", "ä", "a\0", &too_long]);
    }

    #[test]
    fn a_slug_is_lower_case_words_joined_by_hyphens() {
        table(is_slug, &["a", "garden-tools", "a4-paper"], &["", "-", "a--b", "a-", "Garden", "garden tools", "café"]);
    }

    #[test]
    fn a_name_is_one_readable_line() {
        let (longest, too_long) = ("é".repeat(200), "é".repeat(201));
        let bad = ["", " ", "a\nb", "a\0", "Lamp \u{202e}pmaL", "Lamp\u{2067}", "\u{feff}Lamp", &too_long];
        table(|text| name(text).is_ok(), &["Lamp", "Lampe – 5 · 10 W", "مصباح", &longest], &bad);
    }

    #[test]
    fn a_description_may_have_several_lines() {
        let (longest, too_long) = ("é".repeat(5000), "é".repeat(5001));
        let bad = ["a\0", "\u{7f}", "a\u{202e}b", &too_long];
        table(|text| description(text).is_ok(), &["", "one\ntwo\r\n\tthree", &longest], &bad);
    }

    #[test]
    fn names_and_texts_of_attributes_are_readable() {
        let json = json!({
            "colour": "red", "care": "wash\ncold", "size/mm": 5, "a\u{202e}b": "x", "made\u{200b}in": 1, "note": "a\u{2067}b", "x/y": "\u{0}",
        });
        let pointers: Vec<_> = attributes(json.as_object().unwrap()).into_iter().map(|error| error.pointer).collect();
        assert_eq!(
            pointers,
            ["/attributes/a\u{202e}b", "/attributes/made\u{200b}in", "/attributes/note", "/attributes/x~1y"]
        );
    }
}
