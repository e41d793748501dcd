//! The rules for the fields of a user.

use deserr::{DeserializeError as _, Deserr, ErrorKind, ValuePointerRef, take_cf_content};
use oxilangtag::LanguageTag;
use schemars::JsonSchema;
use spindle_contracts::input::{BrokenRule, InputErrors, pointer};
use std::convert::Infallible;

/// The locale of a user whose request names none.
pub(crate) const DEFAULT_LOCALE: &str = "en";

/// The most addresses of a user.
pub(crate) const MAX_ADDRESSES: usize = 20;

/// The longest language tag in bytes that is parsed (RFC 5646, section 4.4.1).
const MAX_LOCALE: usize = 35;

/// The members of a user that no client writes.
const DERIVED: [&str; 4] = ["id", "status", "created_at", "updated_at"];

/// A language tag (BCP 47) with a language of two or three letters, such as `en` or `de-CH`.
#[derive(Clone, Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, try_from(String) = Locale::new -> BrokenRule)]
#[schemars(inline)]
pub(crate) struct Locale(
    #[schemars(length(max = MAX_LOCALE), regex(pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"), extend("format" = "language-tag"))]
     String,
);

/// An international phone number (E.164), such as `+4930123456`.
#[derive(Clone, Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, try_from(String) = Phone::new -> BrokenRule)]
#[schemars(inline)]
pub(crate) struct Phone(#[schemars(regex(pattern = r"^\+[1-9][0-9]{6,14}$"))] String);

impl Locale {
    fn new(text: String) -> Result<Self, BrokenRule> {
        let detail = "is not a language tag (BCP 47) with a language of two or three letters, such as en or de-CH";
        if is_locale(&text) { Ok(Self(text)) } else { Err(BrokenRule::new(detail)) }
    }
}

impl From<Locale> for String {
    fn from(locale: Locale) -> Self {
        locale.0
    }
}

impl Phone {
    fn new(text: String) -> Result<Self, BrokenRule> {
        let detail = "is not an international phone number (E.164) such as +4930123456";
        if is_phone(&text) { Ok(Self(text)) } else { Err(BrokenRule::new(detail)) }
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

/// Returns the error of a member of a user that a request may not have: it is derived, or there is none with this name.
pub(crate) fn unknown_field(key: &str, accepted: &[&str], place: ValuePointerRef<'_>) -> InputErrors {
    if DERIVED.contains(&key) {
        let mut errors = InputErrors::default();
        errors.add(pointer(place.push_key(key)), "is derived, and cannot be written; leave it out");
        return errors;
    }
    let unknown: ErrorKind<'_, Infallible> = ErrorKind::UnknownKey { key, accepted };
    take_cf_content(InputErrors::error(None, unknown, place))
}

/// Returns true for a language tag whose primary language is an ISO 639 code of two or three letters.
///
/// RFC 5646 (section 2.2.1) also allows four letters, which are reserved, and five to eight letters for registered languages, of which
/// there are none: a word such as `german` is well-formed, but names no language.
pub(crate) fn is_locale(text: &str) -> bool {
    let has_language_code = |tag: LanguageTag<&str>| matches!(tag.primary_language().len(), 2 | 3);
    text.len() <= MAX_LOCALE && LanguageTag::parse(text).is_ok_and(has_language_code)
}

/// Returns true for an E.164 number: a plus sign and 7 to 15 digits, the first of which is not zero.
fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::{is_locale, is_phone};

    fn assert_rule(rule: fn(&str) -> bool, valid: &[&str], invalid: &[&str]) {
        for text in valid {
            assert!(rule(text), "{text:?} should be accepted");
        }
        for text in invalid {
            assert!(!rule(text), "{text:?} should be refused");
        }
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
