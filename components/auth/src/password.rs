//! Passwords: the policy for new ones, their hashes, and their verification.

mod common;
mod common_key;
mod policy;
mod preparation;

pub(crate) use policy::NewPassword;

use crate::secret::Secret;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher as _, PasswordVerifier as _};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Params, Version};
use preparation::prepared;

/// Memory in KiB, passes and lanes, as OWASP recommends them for Argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The hash that is verified where there is no account, so that the response takes as long. No password matches it.
const DUMMY_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A hash could not be computed or parsed: a defect, or a row that another program wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a password hash cannot be used: {0}")]
pub(crate) struct HashError(#[from] password_hash::Error);

/// The result of verifying a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verification {
    /// The password is wrong, or there is no account.
    Mismatch,
    /// The password is right.
    Match,
    /// The password is right, and its hash has other parameters than today's, or is of the password before its preparation: hash it again.
    MatchNeedsRehash,
}

/// Hashes the prepared `password` with `salt`. Returns a PHC string to be stored.
pub(crate) fn hash(password: &Secret, salt: [u8; 16]) -> Result<String, HashError> {
    let hash: PasswordHash = argon2().hash_password_with_salt(prepared(password.expose()).as_bytes(), &salt)?;
    Ok(hash.to_string())
}

/// Verifies `password` against `stored_hash`, which is `None` where there is no account; the verification takes as long then.
///
/// An earlier release hashed passwords as they were sent. Where the preparation changes `password`, a hash that does not match the prepared one is
/// compared with the password as it was sent: two hashes instead of one, with an account and without.
pub(crate) fn verify(password: &Secret, stored_hash: Option<&str>) -> Result<Verification, HashError> {
    let hash = PasswordHash::new(stored_hash.unwrap_or(DUMMY_HASH)).map_err(password_hash::Error::from)?;
    let sent = password.expose();
    let prepared = prepared(sent);
    let verification = if is_password(&prepared, &hash)? {
        if is_current(&hash) { Verification::Match } else { Verification::MatchNeedsRehash }
    } else if prepared != sent && is_password(sent, &hash)? {
        Verification::MatchNeedsRehash
    } else {
        Verification::Mismatch
    };
    Ok(if stored_hash.is_some() { verification } else { Verification::Mismatch })
}

/// Returns whether `hash` is the hash of `text`. Takes as long either way.
fn is_password(text: &str, hash: &PasswordHash) -> Result<bool, HashError> {
    #[cfg(test)]
    tests::HASHES.with(|hashes| hashes.set(hashes.get() + 1));
    match argon2().verify_password(text.as_bytes(), hash) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params())
}

fn params() -> Params {
    Params::new(MEMORY_KIB, PASSES, LANES, Some(Params::DEFAULT_OUTPUT_LEN)).expect("the parameters are within bounds")
}

fn is_current(hash: &PasswordHash) -> bool {
    let same = |params: Params| (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, LANES);
    hash.algorithm == ARGON2ID_IDENT
        && hash.version == Some(Version::V0x13.into())
        && Params::try_from(hash).is_ok_and(same)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{DUMMY_HASH, PasswordHash, Verification, argon2, hash, is_current, verify};
    use crate::secret::Secret;
    use argon2::password_hash::PasswordHasher as _;
    use argon2::{Algorithm, Argon2, Params, Version};
    use std::cell::Cell;

    thread_local! {
        /// The number of hashes that this thread has verified.
        pub(crate) static HASHES: Cell<usize> = const { Cell::new(0) };
    }

    /// Returns how many hashes `operation` verifies, and its result.
    pub(crate) fn hashes_of<T>(operation: impl FnOnce() -> T) -> (usize, T) {
        let before = HASHES.get();
        let result = operation();
        (HASHES.get() - before, result)
    }

    fn secret(text: &str) -> Secret {
        text.to_owned().into()
    }

    #[test]
    fn only_the_password_itself_matches() {
        let stored = hash(&secret("correct horse"), [7; 16]).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        for (text, verification) in [
            ("correct horse", Verification::Match),
            ("Correct horse", Verification::Mismatch),
            ("correct horse ", Verification::Mismatch),
            ("", Verification::Mismatch),
        ] {
            assert_eq!(verify(&secret(text), Some(&stored)), Ok(verification), "{text:?}");
        }
    }

    #[test]
    fn without_an_account_no_password_matches_and_the_cost_is_the_same() {
        assert_eq!(verify(&secret("correct horse"), None), Ok(Verification::Mismatch));
        assert!(is_current(&PasswordHash::new(DUMMY_HASH).unwrap()));
    }

    /// Hashes `password` as it was sent, as before passwords were prepared.
    pub(crate) fn hash_as_sent(password: &str) -> String {
        let hash: PasswordHash = argon2().hash_password_with_salt(password.as_bytes(), &[7; 16]).unwrap();
        hash.to_string()
    }

    /// Hashes `password` with weaker parameters, as before a raise of the parameters.
    pub(crate) fn hash_with_other_parameters(password: &str) -> String {
        let cheap = Params::new(256, 2, 1, None).unwrap();
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cheap);
        let hash: PasswordHash = argon2.hash_password_with_salt(password.as_bytes(), b"somesalt").unwrap();
        hash.to_string()
    }

    #[test]
    fn a_hash_with_other_parameters_matches_and_needs_a_rehash() {
        let stored = hash_with_other_parameters("correct horse");
        assert_eq!(verify(&secret("correct horse"), Some(&stored)), Ok(Verification::MatchNeedsRehash));
        assert_eq!(verify(&secret("wrong horse"), Some(&stored)), Ok(Verification::Mismatch));
    }

    #[test]
    fn a_password_is_the_same_however_its_accents_and_spaces_are_typed() {
        let stored = hash(&secret("Café crème brûlée"), [7; 16]).unwrap();
        for typed in
            ["Café crème brûlée", "Cafe\u{301} cre\u{300}me bru\u{302}le\u{301}e", "Café\u{a0}crème\u{202f}brûlée"]
        {
            assert_eq!(verify(&secret(typed), Some(&stored)), Ok(Verification::Match), "{typed:?}");
        }
        assert_eq!(verify(&secret("Cafe creme brulee"), Some(&stored)), Ok(Verification::Mismatch));
    }

    #[test]
    fn a_hash_of_a_password_that_was_not_prepared_matches_it_and_needs_a_rehash() {
        let sent = "cre\u{300}me bru\u{302}le\u{301}e";
        let stored = hash_as_sent(sent);
        assert_eq!(verify(&secret(sent), Some(&stored)), Ok(Verification::MatchNeedsRehash));
        let rehashed = hash(&secret(sent), [7; 16]).unwrap();
        assert_eq!(verify(&secret("crème brûlée"), Some(&rehashed)), Ok(Verification::Match));
    }

    #[test]
    fn a_password_takes_as_many_hashes_without_an_account_as_with_one() {
        let stored = hash(&secret("crème brûlée"), [7; 16]).unwrap();
        for (typed, hashes) in
            [("crème brulée", 1), ("cre\u{300}me brulee", 2), ("crème\u{a0}brulee", 2), ("wrong", 1), ("", 1)]
        {
            for hash in [Some(stored.as_str()), None] {
                let expected = (hashes, Ok(Verification::Mismatch));
                assert_eq!(hashes_of(|| verify(&secret(typed), hash)), expected, "{typed:?} {hash:?}");
            }
        }
        for (typed, hashes) in [("crème brûlée", 1), ("cre\u{300}me bru\u{302}le\u{301}e", 1)] {
            assert_eq!(hashes_of(|| verify(&secret(typed), Some(&stored))), (hashes, Ok(Verification::Match)));
        }
    }

    #[test]
    fn an_invalid_hash_is_an_error() {
        assert!(verify(&secret("correct horse"), Some("plain text")).is_err());
    }
}
