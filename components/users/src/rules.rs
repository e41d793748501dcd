//! The rules that the fields of a user obey, and what a client is told when one is broken.

use crate::user::{Place, User};
use email_address::EmailAddress;
use oxilangtag::LanguageTag;
use spindle_contracts::FieldError;
use spindle_contracts::address::{NOT_TEXT, is_text};

/// The locale of a user who has not named one.
pub(crate) const DEFAULT_LOCALE: &str = "en";

/// The most addresses that a user may have.
const MAX_ADDRESSES: usize = 20;
/// The longest e-mail address in bytes that mail can be sent to (RFC 5321, section 4.5.3.1.3, less the angle brackets).
const MAX_EMAIL: usize = 254;
/// The longest language tag in bytes that is looked at (RFC 5646, section 4.4.1).
const MAX_LOCALE: usize = 35;

/// Adds an error to `errors` for each rule that `user` breaks.
pub(crate) fn check(user: &User, errors: &mut Vec<FieldError>) {
    let mut rule = |holds: bool, pointer: &str, detail: &str| {
        if !holds {
            errors.push(FieldError::new(pointer, detail));
        }
    };
    rule(is_email(&user.email), "/email", "is not an e-mail address");
    rule(user.display_name.as_deref().is_none_or(is_text), "/display_name", NOT_TEXT);
    rule(is_locale(&user.locale), "/locale", "is not a language tag such as en or de-CH");
    rule(user.phone.as_deref().is_none_or(is_phone), "/phone", "is not an international number such as +4930123456");
    rule(user.addresses.len() <= MAX_ADDRESSES, "/addresses", "must have at most 20 items");
    for (index, address) in user.addresses.iter().take(MAX_ADDRESSES).enumerate() {
        check_place(&address.place, &format!("/addresses/{index}"), errors);
    }
}

fn check_place(place: &Place, pointer: &str, errors: &mut Vec<FieldError>) {
    if !place.label.as_deref().is_none_or(is_text) {
        errors.push(FieldError::new(format!("{pointer}/label"), NOT_TEXT));
    }
    place.postal.check(pointer, errors);
}

/// An address with a domain of at least two labels: mail from the outside reaches no other.
fn is_email(text: &str) -> bool {
    let options = email_address::Options::default().with_required_tld().without_display_text().without_domain_literal();
    text.len() <= MAX_EMAIL && EmailAddress::parse_with_options(text, options).is_ok()
}

fn is_locale(text: &str) -> bool {
    text.len() <= MAX_LOCALE && LanguageTag::parse(text).is_ok()
}

/// E.164: a plus sign and up to 15 digits, the first of which is not zero.
fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::{is_email, is_locale, is_phone};

    fn table(rule: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(rule(text), "{text:?} should be taken");
        }
        for text in bad {
            assert!(!rule(text), "{text:?} should be refused");
        }
    }

    #[test]
    fn an_email_address_can_be_reached_from_outside() {
        let long = format!("{}@example.com", "a".repeat(250));
        table(
            is_email,
            &["ada@example.com", "Ada.Lovelace+shop@sub.example.co.uk", "jürgen@müller.example"],
            &[
                "",
                "ada",
                "ada@",
                "@example.com",
                "ada@localhost",
                "ada@[127.0.0.1]",
                "Ada <ada@example.com>",
                "a b@c.de",
                &long,
            ],
        );
    }

    #[test]
    fn a_phone_number_is_e164() {
        table(
            is_phone,
            &["+4930123456", "+12025550123"],
            &["", "030123456", "+0301234567", "+49 30 123456", "+1234567890123456", "+123"],
        );
    }

    #[test]
    fn a_locale_is_a_language_tag() {
        table(is_locale, &["en", "de-CH", "zh-Hant-TW"], &["", "english language", "e", "de_CH", &"x-".repeat(40)]);
    }
}
