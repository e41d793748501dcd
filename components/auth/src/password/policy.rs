//! The policy for new passwords: long, and not among the first that an attacker would try (NIST SP 800-63B, section 5.1.1.2).

use super::common::is_common;
use super::common_key::MIN_CHARS;
use super::preparation::{self, prepared};
use crate::secret::Secret;
use deserr::Deserr;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use spindle_contracts::input::{BrokenRule, InputErrors};
use std::borrow::Cow;

/// The most bytes, as a client sends them: bounds the preparation, and the input of the hash.
const MAX_BYTES: usize = 1024;

/// A password that a person may choose.
#[derive(Clone, Debug, Deserr)]
#[deserr(error = InputErrors, try_from(Secret) = NewPassword::new -> BrokenRule)]
pub(crate) struct NewPassword(Secret);

impl NewPassword {
    /// Accepts `password` if it breaks no rule. The error is for the person who chose it.
    pub(crate) fn new(password: Secret) -> Result<Self, BrokenRule> {
        rule_broken_by(password.expose()).map_or(Ok(Self(password)), |rule| Err(BrokenRule::new(rule)))
    }

    /// Returns the password.
    pub(crate) fn as_secret(&self) -> &Secret {
        &self.0
    }
}

impl JsonSchema for NewPassword {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "NewPassword".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Secret::json_schema(generator);
        schema.insert("minLength".to_owned(), MIN_CHARS.into());
        schema.insert("maxLength".to_owned(), MAX_BYTES.into());
        schema
    }
}

fn rule_broken_by(password: &str) -> Option<Cow<'static, str>> {
    if password.len() > MAX_BYTES {
        return Some("must have at most 1024 bytes".into());
    }
    let password = prepared(password);
    if password.chars().count() < MIN_CHARS {
        return Some("must have at least 12 characters".into());
    }
    preparation::broken_rule(&password).or_else(|| {
        let is_guessed = is_common(&password) || repeats_itself(&password);
        is_guessed.then(|| {
            "is too easy to guess: choose a password that is not common and does not repeat a short text".into()
        })
    })
}

/// Returns true if `password` repeats a shorter text: `abcabcabcabc`.
fn repeats_itself(password: &str) -> bool {
    let chars: Vec<char> = password.chars().collect();
    (1..MIN_CHARS).any(|length| chars.len() > length && chars.iter().skip(length).eq(&chars[..chars.len() - length]))
}

#[cfg(test)]
mod tests {
    use super::prepared;

    fn rule_broken_by(password: &str) -> Option<String> {
        super::rule_broken_by(password).map(Into::into)
    }

    #[test]
    fn a_password_has_12_characters_to_1024_bytes() {
        assert_eq!(rule_broken_by("elevenchars").as_deref(), Some("must have at least 12 characters"));
        // Characters, not bytes: these are eleven and twelve.
        assert_eq!(rule_broken_by("grünerösälß").as_deref(), Some("must have at least 12 characters"));
        assert_eq!(rule_broken_by("grünerösälßt"), None);
        let longest: String = ('a'..='z')
            .cycle()
            .step_by(3)
            .zip("0123456789.".chars().cycle())
            .flat_map(|(a, b)| [a, b])
            .take(1024)
            .collect();
        assert_eq!(rule_broken_by(&longest), None);
        assert_eq!(rule_broken_by(&format!("{longest}!")).as_deref(), Some("must have at most 1024 bytes"));
    }

    #[test]
    fn a_common_password_is_refused_in_any_case_and_with_padding() {
        for password in [
            "passwordpassword",
            "PassWordPassWord",
            "password1234",
            "Password2024!",
            "!!!Summer2024",
            "P@ssw0rd2024",
            "1qaz2wsx3edc",
            "123456789012",
            "iloveyousomuch",
            "aaaaaaaaaaaa",
            "abcabcabcabca",
        ] {
            assert_eq!(
                rule_broken_by(password).as_deref(),
                Some("is too easy to guess: choose a password that is not common and does not repeat a short text"),
                "{password}"
            );
        }
    }

    #[test]
    fn an_uncommon_password_is_accepted() {
        for password in [
            "correct horse battery staple",
            "a summer's day in 1999",
            "pass 4821-9937-2206",
            "            leading blanks",
        ] {
            assert_eq!(rule_broken_by(password), None, "{password}");
        }
    }

    #[test]
    fn the_characters_of_the_prepared_password_count_and_its_bytes_before() {
        let decomposed = "gru\u{308}nerosalz";
        assert_eq!((decomposed.chars().count(), prepared(decomposed).chars().count()), (12, 11));
        assert_eq!(rule_broken_by(decomposed).as_deref(), Some("must have at least 12 characters"));
        assert_eq!(rule_broken_by("gru\u{308}nerosalzt"), None);
        let long = "e\u{301}".repeat(400);
        assert_eq!((long.len(), prepared(&long).len()), (1200, 800));
        assert_eq!(rule_broken_by(&long).as_deref(), Some("must have at most 1024 bytes"));
    }

    #[test]
    fn a_password_with_a_character_that_is_not_printed_is_refused() {
        let expected = "must not have U+0007, its character 8: it is not printable there";
        assert_eq!(rule_broken_by("correct\u{7}horse").as_deref(), Some(expected));
        let expected = "must be one line, without line breaks and tabs";
        assert_eq!(rule_broken_by("correct\thorse").as_deref(), Some(expected));
    }
}
