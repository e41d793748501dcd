//! Passwords: the policy for new ones, their hashes, and their verification.

mod policy;

pub(crate) use policy::broken_rule;

use crate::secret::Secret;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher as _, PasswordVerifier as _};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Params, Version};

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
    /// The password is right, and its hash has other parameters than today's: hash it again.
    MatchNeedsRehash,
}

/// Hashes `password` with `salt`. Returns a PHC string to be stored.
pub(crate) fn hash(password: &Secret, salt: [u8; 16]) -> Result<String, HashError> {
    let hash: PasswordHash = argon2().hash_password_with_salt(password.expose().as_bytes(), &salt)?;
    Ok(hash.to_string())
}

/// Verifies `password` against `stored_hash`, which is `None` where there is no account; the verification takes as long then.
pub(crate) fn verify(password: &Secret, stored_hash: Option<&str>) -> Result<Verification, HashError> {
    let hash = PasswordHash::new(stored_hash.unwrap_or(DUMMY_HASH)).map_err(password_hash::Error::from)?;
    match argon2().verify_password(password.expose().as_bytes(), &hash) {
        Ok(()) if stored_hash.is_none() => Ok(Verification::Mismatch),
        Ok(()) if is_current(&hash) => Ok(Verification::Match),
        Ok(()) => Ok(Verification::MatchNeedsRehash),
        Err(password_hash::Error::PasswordInvalid) => Ok(Verification::Mismatch),
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
    use super::{DUMMY_HASH, PasswordHash, Verification, hash, is_current, verify};
    use crate::secret::Secret;
    use argon2::password_hash::PasswordHasher as _;
    use argon2::{Algorithm, Argon2, Params, Version};

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
    fn an_invalid_hash_is_an_error() {
        assert!(verify(&secret("correct horse"), Some("plain text")).is_err());
    }
}
