//! The common passwords, as a filter that `build.rs` makes of a published list. It has no false negatives, and takes one uncommon password in 65,536 for a
//! common one. Pure.

use super::common_key::{MAX_PADDING, key, word};
use std::sync::LazyLock;
use xorf::{BinaryFuse16Ref, Filter as _, FilterRef as _};

/// Bytes at an address that numbers of 16 bits can be read from.
#[repr(C, align(2))]
struct Aligned<T: ?Sized>(T);

static DESCRIPTOR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/common_passwords.descriptor"));
static FINGERPRINTS: &Aligned<[u8]> =
    &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/common_passwords.fingerprints")));
static FILTER: LazyLock<BinaryFuse16Ref<'static>> =
    LazyLock::new(|| BinaryFuse16Ref::from_dma(DESCRIPTOR, &FINGERPRINTS.0));

/// Returns true if `password` is a common one in any case, also with digits and marks around it: `Summer2024!!`.
pub(super) fn is_common(password: &str) -> bool {
    let password = password.to_lowercase();
    let word = word(&password);
    // Long padding around the word may be a good password by itself.
    let padding = password.chars().count() - word.chars().count();
    FILTER.contains(&key(&password)) || (padding <= MAX_PADDING && FILTER.contains(&key(word)))
}

#[cfg(test)]
mod tests {
    use super::{FILTER, FINGERPRINTS, is_common};
    use crate::password::common_key::key;
    use xorf::Filter as _;

    /// Passwords and words of the list, of each kind: long ones, words, and those that are words between digits and marks.
    const LISTED: [&str; 12] = [
        "1qaz2wsx3edc",
        "qwertyuiop",
        "password",
        "iloveyou",
        "zxcvbnm",
        "linkedinpassword",
        "trustno",
        "abcdef",
        "princess",
        "пароль",
        // Of our own list.
        "spindle",
        "correcthorsebatterystaple",
    ];

    #[test]
    fn the_filter_contains_the_list_and_little_else() {
        for word in LISTED {
            assert!(FILTER.contains(&key(word)), "{word}");
        }
        let false_positives =
            (0..200_000).filter(|number| FILTER.contains(&key(&format!("not listed {number}")))).count();
        assert!(false_positives < 20, "{false_positives} of 200,000; 3 are expected");
    }

    #[test]
    fn the_filter_is_compact_and_of_a_large_list() {
        // Some 18 bits for a key.
        let keys = FINGERPRINTS.0.len() * 8 / 18;
        assert!((30_000..60_000).contains(&keys), "{keys}");
    }

    #[test]
    fn digits_and_marks_around_a_listed_word_do_not_help() {
        for password in ["Summer2024!!", "!!!summer2024", "Пароль123456", "linkedin-2012", "spindle-12345"] {
            assert!(is_common(password), "{password}");
        }
        for password in ["summer 4821-9937-2206", "a summer's day in 1999", "48219937220655"] {
            assert!(!is_common(password), "{password}");
        }
    }
}
