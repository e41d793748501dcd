//! How a common password is written and looked up in the filter: for `build.rs`, which makes the filter, and for the component, which reads it. Pure.

use sha2::{Digest as _, Sha256};

/// The fewest characters of a new password: a shorter one needs no entry.
pub(crate) const MIN_CHARS: usize = 12;

/// The most characters around a word that is common. More may be a good password by themselves.
pub(crate) const MAX_PADDING: usize = MIN_CHARS - 1;

/// Returns the key of `text` in the filter: bytes of a hash, since the keys must be spread evenly.
pub(crate) fn key(text: &str) -> u64 {
    let hash = Sha256::digest(text.as_bytes());
    u64::from_le_bytes(hash[..8].try_into().expect("a hash has 32 bytes"))
}

/// Returns `password` without the digits, marks and spaces around it.
pub(crate) fn word(password: &str) -> &str {
    password.trim_matches(|character: char| !character.is_alphabetic())
}
