//! The form in which a password is hashed and compared: the profile `OpaqueString` (RFC 8265, section 4.2). Pure.
//!
//! The same password is then the same bytes whatever keyboard it is typed on. One composes `é`, another sends the letter and the accent behind it; one
//! types a no-break space, where another types a space.

use spindle_contracts::text;
use std::borrow::Cow;

/// Returns `password` in the normalisation form C, with every space as U+0020. Its case stays, and so do compatibility forms.
pub(super) fn prepared(password: &str) -> Cow<'_, str> {
    if password.is_ascii() {
        return Cow::Borrowed(password);
    }
    let spaces: String = password.chars().map(|letter| if text::is_space(letter) { ' ' } else { letter }).collect();
    let prepared = text::nfc(&spaces);
    if prepared == password { Cow::Borrowed(password) } else { Cow::Owned(prepared.into_owned()) }
}

/// Returns the rule that the characters of a `prepared` password break, or `None`. Characters that are not printed are refused:
/// the same ones as in every other text (`spindle_contracts::text`).
pub(super) fn broken_rule(prepared: &str) -> Option<Cow<'static, str>> {
    text::characters(prepared).err()
}

#[cfg(test)]
mod tests {
    use super::{broken_rule, prepared};
    use std::borrow::Cow;

    #[test]
    fn canonically_equivalent_passwords_and_all_spaces_are_the_same() {
        for (password, expected) in [
            ("Cafe\u{301} cre\u{300}me", "Café crème"),
            ("Café\u{a0}crème", "Café crème"),
            ("Café\u{3000}crème\u{2009}", "Café crème "),
            ("\u{212b}ngstro\u{308}m", "Ångström"),
            ("\u{1112}\u{1161}\u{11ab}글", "한글"),
            // Case and compatibility forms are choices of the person.
            ("Ｗide ﬁ", "Ｗide ﬁ"),
        ] {
            assert_eq!(prepared(password), expected);
            assert_eq!(prepared(expected), expected);
        }
    }

    #[test]
    fn a_prepared_password_is_borrowed() {
        for password in ["correct horse", "Café crème", ""] {
            assert!(matches!(prepared(password), Cow::Borrowed(_)), "{password}");
        }
    }

    #[test]
    fn characters_that_are_not_printed_are_refused() {
        for password in
            ["tab\there", "bell\u{7}", "over\u{202e}ride", "private\u{e000}", "zero\u{200b}width", "\u{ad}soft"]
        {
            assert!(broken_rule(password).is_some(), "{password:?}");
        }
        for password in ["pass word", "Café 🥳 crème", "می\u{200c}خواهم", "👩🏽\u{200d}🚀", "한글", "€¥£"]
        {
            assert_eq!(broken_rule(password), None, "{password:?}");
        }
    }
}
