//! The policy for new passwords: long, and not among the first that an attacker would try (NIST SP 800-63B, section 5.1.1.2).

use crate::secret::Secret;

/// The fewest characters.
const MIN_CHARS: usize = 12;

/// The most bytes: bounds the input of the hash.
const MAX_BYTES: usize = 1024;

/// The most common passwords in lower case, one per line: whole passwords, and words that people put digits and marks around.
const COMMON: &str = include_str!("../common_passwords.txt");

/// Returns the rule that `password` breaks, as a message for the person who chose it, or `None` if the password is acceptable.
pub(crate) fn broken_rule(password: &Secret) -> Option<&'static str> {
    rule_broken_by(password.expose())
}

fn rule_broken_by(password: &str) -> Option<&'static str> {
    if password.chars().count() < MIN_CHARS {
        Some("must have at least 12 characters")
    } else if password.len() > MAX_BYTES {
        Some("must have at most 1024 bytes")
    } else if is_common(password) || repeats_itself(password) {
        Some("is too easy to guess: choose a password that is not common and does not repeat a short text")
    } else {
        None
    }
}

/// Returns true if `password` is a common one, also with digits and marks around it: `Summer2024!!`.
fn is_common(password: &str) -> bool {
    let password = password.to_lowercase();
    let word = password.trim_matches(|character: char| !character.is_alphabetic());
    // Long padding around the word may be a good password by itself.
    let padding = password.chars().count() - word.chars().count();
    COMMON.lines().any(|common| common == password || (common == word && padding < MIN_CHARS))
}

/// Returns true if `password` repeats a shorter text: `abcabcabcabc`.
fn repeats_itself(password: &str) -> bool {
    let chars: Vec<char> = password.chars().collect();
    (1..MIN_CHARS).any(|length| chars.len() > length && chars.iter().skip(length).eq(&chars[..chars.len() - length]))
}

#[cfg(test)]
mod tests {
    use super::{COMMON, rule_broken_by};

    #[test]
    fn a_password_has_12_characters_to_1024_bytes() {
        assert_eq!(rule_broken_by("elevenchars"), Some("must have at least 12 characters"));
        // Characters, not bytes: these are eleven and twelve.
        assert_eq!(rule_broken_by("grünerösälß"), Some("must have at least 12 characters"));
        assert_eq!(rule_broken_by("grünerösälßt"), None);
        let longest: String = ('a'..='z')
            .cycle()
            .step_by(3)
            .zip("0123456789.".chars().cycle())
            .flat_map(|(a, b)| [a, b])
            .take(1024)
            .collect();
        assert_eq!(rule_broken_by(&longest), None);
        assert_eq!(rule_broken_by(&format!("{longest}!")), Some("must have at most 1024 bytes"));
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
                rule_broken_by(password),
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
    fn the_list_is_sorted_in_lower_case_without_duplicates() {
        let lines: Vec<&str> = COMMON.lines().collect();
        assert!(lines.len() > 1000);
        assert!(lines.is_sorted_by(|a, b| a < b));
        assert!(lines.iter().all(|line| !line.is_empty() && line.trim() == *line && line.to_lowercase() == *line));
    }
}
