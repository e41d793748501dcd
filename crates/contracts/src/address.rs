//! Postal addresses, and the rules for them in every service.

use crate::FieldError;
use serde::{Deserialize, Serialize};

/// The longest line of text, in characters.
const MAX_TEXT: usize = 100;
/// The longest postal code, in bytes.
const MAX_POSTAL_CODE: usize = 20;
/// The most lines of an address.
const MAX_LINES: usize = 4;

/// The detail of the error for text that is not [`is_text`].
pub const NOT_TEXT: &str = "must have 1 to 100 printable characters";

/// A postal address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostalAddress {
    /// Street, house and so on, 1 to 4 lines.
    pub lines: Vec<String>,
    /// The town.
    pub city: String,
    /// The postal code, as the country writes it.
    pub postal_code: String,
    /// The country's two letters (ISO 3166-1 alpha-2).
    pub country: String,
}

impl PostalAddress {
    /// Adds an error to `errors` for each rule that the address at `pointer` breaks.
    pub fn check(&self, pointer: &str, errors: &mut Vec<FieldError>) {
        let mut rule = |holds: bool, field: &str, detail: &str| {
            if !holds {
                errors.push(FieldError::new(format!("{pointer}/{field}"), detail));
            }
        };
        rule((1..=MAX_LINES).contains(&self.lines.len()), "lines", "must have 1 to 4 items");
        for (index, line) in self.lines.iter().take(MAX_LINES).enumerate() {
            rule(is_text(line), &format!("lines/{index}"), NOT_TEXT);
        }
        rule(is_text(&self.city), "city", NOT_TEXT);
        rule(
            is_text(&self.postal_code) && self.postal_code.len() <= MAX_POSTAL_CODE,
            "postal_code",
            "must have 1 to 20 printable characters",
        );
        rule(is_country(&self.country), "country", "is not a two-letter country code such as DE (ISO 3166-1)");
    }
}

/// Returns whether `text` is one readable line: not too long, and not only spaces.
pub fn is_text(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= MAX_TEXT && !text.chars().any(char::is_control)
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::{PostalAddress, is_country, is_text};

    fn table(rule: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(rule(text), "{text:?} should be taken");
        }
        for text in bad {
            assert!(!rule(text), "{text:?} should be refused");
        }
    }

    #[test]
    fn a_country_is_two_capitals() {
        table(is_country, &["DE", "GB"], &["", "de", "DEU", "D1", "ß"]);
    }

    #[test]
    fn text_is_one_readable_line() {
        let (longest, too_long) = ("é".repeat(100), "é".repeat(101));
        table(is_text, &["Ada", "Zoë 🎉", &longest], &["", "  ", "a\nb", "a\u{7f}b", &too_long]);
    }

    #[test]
    fn each_broken_rule_is_an_error_at_its_pointer() {
        let text = |text: &str| text.to_owned();
        let mut address = PostalAddress {
            lines: vec![text("1 Main St")],
            city: text("Berlin"),
            postal_code: text("10115"),
            country: text("DE"),
        };
        let pointers = |address: &PostalAddress| {
            let mut errors = Vec::new();
            address.check("/a", &mut errors);
            errors.into_iter().map(|error| error.pointer).collect::<Vec<_>>()
        };
        assert_eq!(pointers(&address), [""; 0]);
        address.lines.push(text(""));
        address.postal_code = "1".repeat(21);
        address.country = text("de");
        assert_eq!(pointers(&address), ["/a/lines/1", "/a/postal_code", "/a/country"]);
        address.lines = vec![text("x"); 5];
        assert_eq!(pointers(&address), ["/a/lines", "/a/postal_code", "/a/country"]);
    }
}
