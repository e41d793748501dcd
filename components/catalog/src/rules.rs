//! The rules for the fields of a product, and the message for a value that breaks one.

use serde_json::{Map, Value};
use spindle_contracts::{BrokenRule, text};
use std::borrow::Cow;

/// The longest SKU and the longest slug, in bytes.
pub(crate) const MAX_CODE: usize = 64;
/// The longest name, in characters.
pub(crate) const MAX_NAME: usize = 200;
/// The longest description, in characters.
pub(crate) const MAX_DESCRIPTION: usize = 5_000;
/// The most attributes that a product may have.
pub(crate) const MAX_ATTRIBUTES: usize = 50;
/// The longest name of an attribute, in characters.
pub(crate) const MAX_ATTRIBUTE_NAME: usize = 64;
/// The longest text in an attribute, in characters.
pub(crate) const MAX_ATTRIBUTE_TEXT: usize = 500;

/// A SKU as a regular expression, for the schemas: [`sku`] checks it.
pub(crate) const SKU_PATTERN: &str = "^[0-9A-Za-z][0-9A-Za-z._/-]{0,63}$";
/// A slug as a regular expression, for the schemas: [`category`] checks it, and its length.
pub(crate) const SLUG_PATTERN: &str = "^[0-9a-z]+(-[0-9a-z]+)*$";

/// The result of a rule: the requirement, if the value does not meet it.
pub(crate) type Rule = Result<(), Cow<'static, str>>;

fn require(holds: bool, requirement: &'static str) -> Rule {
    if holds { Ok(()) } else { Err(requirement.into()) }
}

/// Checks a SKU.
pub(crate) fn sku(text: &str) -> Rule {
    require(is_sku(text), "must have 1 to 64 letters, digits or any of . _ - / and start with a letter or digit")
}

/// Checks the category of a product.
pub(crate) fn category(text: &str) -> Rule {
    require(is_slug(text), "must be a slug such as garden-tools of at most 64 characters")
}

/// The error of a product with more attributes than [`MAX_ATTRIBUTES`].
pub(crate) const TOO_MANY_ATTRIBUTES: &str = "must have at most 50 members";

/// Whether an attribute may be `null`, which removes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nulls {
    Accepted,
    Refused,
}

/// Checks attributes: returns an error for each that breaks a rule.
pub(crate) fn attributes(attributes: &Map<String, Value>, nulls: Nulls) -> Vec<BrokenRule> {
    if nulls == Nulls::Refused && attributes.len() > MAX_ATTRIBUTES {
        return vec![BrokenRule::new(TOO_MANY_ATTRIBUTES)];
    }
    let broken = |(name, value): (&String, &Value)| {
        let rule = match value {
            _ if text::line(name, MAX_ATTRIBUTE_NAME).is_err() => {
                Err("must have a name of 1 to 64 printable characters".into())
            }
            Value::String(text) => text::lines(text, MAX_ATTRIBUTE_TEXT),
            Value::Number(_) | Value::Bool(_) => Ok(()),
            Value::Null if nulls == Nulls::Accepted => Ok(()),
            Value::Null | Value::Array(_) | Value::Object(_) => Err("must be a string, a number or a boolean".into()),
        };
        let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        Some(BrokenRule::at(pointer, rule.err()?))
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
    use super::{is_sku, is_slug};

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
}
