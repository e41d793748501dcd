//! The rules that the fields of a product obey, and what a client is told when one is broken.

use crate::product::Product;
use serde_json::{Map, Value};
use spindle_contracts::FieldError;

/// The highest price, in minor units: a line of nine million pieces still adds up.
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

/// An error for each rule that `product` breaks.
pub(crate) fn check(product: &Product) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut rule = |holds: bool, pointer: &str, detail: &str| {
        if !holds {
            errors.push(FieldError::new(pointer, detail));
        }
    };
    rule(
        is_sku(&product.sku),
        "/sku",
        "must have 1 to 64 letters, digits or any of . _ - / and start with a letter or digit",
    );
    rule(is_line(&product.name, MAX_NAME), "/name", "must have 1 to 200 printable characters");
    rule(is_description(&product.description), "/description", "must have at most 5000 printable characters");
    rule(
        (0..=MAX_AMOUNT).contains(&product.price.amount),
        "/price/amount",
        "must be from 0 to 1000000000000 minor units",
    );
    rule(is_slug(&product.category), "/category", "must be a slug such as garden-tools of at most 64 characters");
    check_attributes(&product.attributes, &mut errors);
    errors
}

fn check_attributes(attributes: &Map<String, Value>, errors: &mut Vec<FieldError>) {
    if attributes.len() > MAX_ATTRIBUTES {
        errors.push(FieldError::new("/attributes", "must have at most 50 members"));
        return;
    }
    for (name, value) in attributes {
        let detail = match value {
            _ if !is_line(name, MAX_ATTRIBUTE_NAME) => "must be called by 1 to 64 printable characters",
            Value::String(text) if text.chars().count() > MAX_ATTRIBUTE_TEXT => "must have at most 500 characters",
            Value::String(_) | Value::Number(_) | Value::Bool(_) => continue,
            Value::Null | Value::Array(_) | Value::Object(_) => "must be a string, a number or a boolean",
        };
        let pointer = format!("/attributes/{}", name.replace('~', "~0").replace('/', "~1"));
        errors.push(FieldError::new(pointer, detail));
    }
}

/// What stands on labels and in other systems: no spaces, and nothing that a URL or a spreadsheet would change.
fn is_sku(text: &str) -> bool {
    text.len() <= MAX_CODE
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte))
}

/// Words of small letters and digits with a hyphen between them.
pub(crate) fn is_slug(text: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.len() <= MAX_CODE && text.split('-').all(is_word)
}

/// One line that a person can read: something, not too long, and not only spaces.
fn is_line(text: &str, longest: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control)
}

/// Lines that a person can read, or none.
fn is_description(text: &str) -> bool {
    let fits = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t');
    text.chars().count() <= MAX_DESCRIPTION && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::{is_description, is_sku, is_slug};

    fn table(rule: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(rule(text), "{text:?} should be taken");
        }
        for text in bad {
            assert!(!rule(text), "{text:?} should be refused");
        }
    }

    #[test]
    fn a_sku_is_what_fits_on_a_label() {
        let (longest, too_long) = ("A".repeat(64), "A".repeat(65));
        table(is_sku, &["A", "a-1", "10/20_x.y", &longest], &["", "-a", "a b", "a,b", "ä", "a\0", &too_long]);
    }

    #[test]
    fn a_slug_is_words_with_hyphens() {
        table(is_slug, &["a", "garden-tools", "a4-paper"], &["", "-", "a--b", "a-", "Garden", "garden tools", "café"]);
    }

    #[test]
    fn a_description_may_have_lines() {
        let (longest, too_long) = ("é".repeat(5000), "é".repeat(5001));
        table(is_description, &["", "one\ntwo\r\n\tthree", &longest], &["a\0", "\u{7f}", &too_long]);
    }
}
