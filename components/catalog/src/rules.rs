//! The rules for the fields of a product, and the message for a value that breaks one.

use serde_json::{Map, Value};
use spindle_contracts::FieldError;

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
type Rule = Result<(), &'static str>;

fn require(holds: bool, requirement: &'static str) -> Rule {
    if holds { Ok(()) } else { Err(requirement) }
}

/// Checks a SKU.
pub(crate) fn sku(text: &str) -> Rule {
    require(is_sku(text), "must have 1 to 64 letters, digits or any of . _ - / and start with a letter or digit")
}

/// Checks the name of a product.
pub(crate) fn name(text: &str) -> Rule {
    require(is_line(text, MAX_NAME), "must have 1 to 200 printable characters")
}

/// Checks the description of a product.
pub(crate) fn description(text: &str) -> Rule {
    require(is_description(text), "must have at most 5000 printable characters")
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
        let requirement = match value {
            _ if !is_line(name, MAX_ATTRIBUTE_NAME) => "must have a name of 1 to 64 printable characters",
            Value::String(text) if text.chars().count() > MAX_ATTRIBUTE_TEXT => "must have at most 500 characters",
            Value::String(_) | Value::Number(_) | Value::Bool(_) => return None,
            Value::Null | Value::Array(_) | Value::Object(_) => "must be a string, a number or a boolean",
        };
        let pointer = format!("/attributes/{}", name.replace('~', "~0").replace('/', "~1"));
        Some(FieldError::new(pointer, requirement))
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

/// Returns whether `text` is one line of printable characters, at most `longest`, and not only spaces.
fn is_line(text: &str, longest: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control)
}

/// Returns whether `text` is any number of lines of printable characters.
fn is_description(text: &str) -> bool {
    let is_allowed = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t');
    text.chars().count() <= MAX_DESCRIPTION && text.chars().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::{is_description, is_sku, is_slug};

    fn table(rule: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
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
    fn a_description_may_have_several_lines() {
        let (longest, too_long) = ("é".repeat(5000), "é".repeat(5001));
        table(is_description, &["", "one\ntwo\r\n\tthree", &longest], &["a\0", "\u{7f}", &too_long]);
    }
}
