//! The rules for the fields of a user, with the message for a client that breaks one.

use email_address::EmailAddress;
use oxilangtag::LanguageTag;
use spindle_contracts::address::MAX_LINE;
use spindle_contracts::{email, text};
use std::borrow::Cow;

/// The result of a rule: the requirement, if the text does not meet it. It completes "The field ...".
type Rule = Result<(), Cow<'static, str>>;

/// Checks an e-mail address.
pub(crate) fn email(text: &str) -> Rule {
    require(is_email(text), "is not an e-mail address")?;
    require(
        email::has_valid_domain(text),
        "has a domain that is not valid by IDNA (UTS 46), so that no mail can find it",
    )
}

/// Checks the name of a user.
pub(crate) fn name(text: &str) -> Rule {
    text::name(text)
}

/// Checks a label that people read.
pub(crate) fn text(text: &str) -> Rule {
    text::line(text, MAX_LINE)
}

/// Checks a locale.
pub(crate) fn locale(text: &str) -> Rule {
    require(
        is_locale(text),
        "is not a language tag (BCP 47) with a language of two or three letters, such as en or de-CH",
    )
}

/// Checks a phone number.
pub(crate) fn phone(text: &str) -> Rule {
    require(is_phone(text), "is not an international phone number (E.164) such as +4930123456")
}

fn require(holds: bool, requirement: &'static str) -> Rule {
    if holds { Ok(()) } else { Err(requirement.into()) }
}

/// The locale of a user whose request names none.
pub(crate) const DEFAULT_LOCALE: &str = "en";

/// The most addresses of a user.
pub(crate) const MAX_ADDRESSES: usize = 20;

/// The message for more than [`MAX_ADDRESSES`].
pub(crate) const TOO_MANY_ADDRESSES: &str = "must have at most 20 items";

/// The longest language tag in bytes that is parsed (RFC 5646, section 4.4.1).
const MAX_LOCALE: usize = 35;

/// Returns true for a readable address whose domain has at least two labels: mail from outside reaches no other. An accent may be typed behind its letter,
/// which the grammar does not know.
fn is_email(text: &str) -> bool {
    let options = email_address::Options::default().with_required_tld().without_display_text().without_domain_literal();
    text::line(text, email::MAX_BYTES).is_ok()
        && text.len() <= email::MAX_BYTES
        && EmailAddress::parse_with_options(&text::nfc(text), options).is_ok()
}

/// Returns true for a language tag whose primary language is an ISO 639 code of two or three letters.
///
/// RFC 5646 (section 2.2.1) also allows four letters, which are reserved, and five to eight letters for registered languages, of which
/// there are none: a word such as `german` is well-formed, but names no language.
fn is_locale(text: &str) -> bool {
    let has_language_code = |tag: LanguageTag<&str>| matches!(tag.primary_language().len(), 2 | 3);
    text.len() <= MAX_LOCALE && LanguageTag::parse(text).is_ok_and(has_language_code)
}

/// Returns true for an E.164 number: a plus sign and up to 15 digits, the first of which is not zero.
fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::{is_email, is_locale, is_phone};

    fn assert_rule(rule: fn(&str) -> bool, valid: &[&str], invalid: &[&str]) {
        for text in valid {
            assert!(rule(text), "{text:?} should be accepted");
        }
        for text in invalid {
            assert!(!rule(text), "{text:?} should be refused");
        }
    }

    #[test]
    fn an_email_address_can_be_reached_from_outside() {
        let long = format!("{}@example.com", "a".repeat(250));
        assert_rule(
            is_email,
            &[
                "ada@example.com",
                "Ada.Lovelace+shop@sub.example.co.uk",
                "jürgen@müller.example",
                "ju\u{308}rgen@mu\u{308}ller.example",
            ],
            &[
                "",
                "ada",
                "ada@",
                "@example.com",
                "ada@localhost",
                "ada@[127.0.0.1]",
                "Ada <ada@example.com>",
                "a b@c.de",
                "ada\u{202e}@example.com",
                "ada@exam\u{200b}ple.com",
                &long,
            ],
        );
    }

    #[test]
    fn a_phone_number_is_e164() {
        assert_rule(
            is_phone,
            &["+4930123456", "+12025550123"],
            &["", "030123456", "+0301234567", "+49 30 123456", "+1234567890123456", "+123"],
        );
    }

    #[test]
    fn a_locale_is_a_language_tag_with_a_language_code() {
        assert_rule(
            is_locale,
            &["en", "EN", "de-CH", "gsw", "zh-Hant-TW", "zh-cmn-Hans-CN", "de-x-shop"],
            &[
                "",
                "english language",
                "e",
                "de_CH",
                "german",
                "english",
                "deutsch-DE",
                "root",
                "x-shop",
                "i-klingon",
                &"x-".repeat(40),
            ],
        );
    }
}
