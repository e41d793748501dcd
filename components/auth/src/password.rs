//! Passwords: which are good enough, how they are kept, and whether one is right.

mod policy;

pub(crate) use policy::require_good;

use crate::secret::Secret;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher as _, PasswordVerifier as _};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Params, Version};

/// Memory in KiB, passes and lanes: what OWASP recommends for Argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// What is checked where there is no account, so that it takes as long. Made of no password: nothing is right for it.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A hash could not be computed or is not one: a defect, or a row that someone else wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a password hash cannot be used: {0}")]
pub(crate) struct HashError(#[from] password_hash::Error);

/// What came of checking a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is not the password, or there is no account.
    Wrong,
    /// It is the password.
    Right,
    /// It is the password, and its hash was made with other parameters than today's: it should be made anew.
    RightAndOutdated,
}

/// The hash of `password` to be kept, as a PHC string.
pub(crate) fn hash(password: &Secret, salt: [u8; 16]) -> Result<String, HashError> {
    let hash: PasswordHash = argon2().hash_password_with_salt(password.expose().as_bytes(), &salt)?;
    Ok(hash.to_string())
}

/// Whether `password` is the one that was `kept`; nothing is kept where there is no account, and the answer takes as long.
pub(crate) fn check(password: &Secret, kept: Option<&str>) -> Result<Verdict, HashError> {
    let hash = PasswordHash::new(kept.unwrap_or(NOBODYS)).map_err(password_hash::Error::from)?;
    match argon2().verify_password(password.expose().as_bytes(), &hash) {
        Ok(()) if kept.is_none() => Ok(Verdict::Wrong),
        Ok(()) if is_current(&hash) => Ok(Verdict::Right),
        Ok(()) => Ok(Verdict::RightAndOutdated),
        Err(password_hash::Error::PasswordInvalid) => Ok(Verdict::Wrong),
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
    use super::{NOBODYS, PasswordHash, Verdict, check, hash, is_current};
    use crate::secret::Secret;
    use argon2::password_hash::PasswordHasher as _;
    use argon2::{Algorithm, Argon2, Params, Version};

    fn secret(text: &str) -> Secret {
        text.to_owned().into()
    }

    #[test]
    fn only_the_password_itself_is_right() {
        let kept = hash(&secret("correct horse"), [7; 16]).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        for (text, verdict) in [
            ("correct horse", Verdict::Right),
            ("Correct horse", Verdict::Wrong),
            ("correct horse ", Verdict::Wrong),
            ("", Verdict::Wrong),
        ] {
            assert_eq!(check(&secret(text), Some(&kept)), Ok(verdict), "{text:?}");
        }
    }

    #[test]
    fn where_there_is_no_account_every_password_is_wrong_at_todays_price() {
        assert_eq!(check(&secret("correct horse"), None), Ok(Verdict::Wrong));
        assert!(is_current(&PasswordHash::new(NOBODYS).unwrap()));
    }

    /// A hash of `password` as it might have been made before the parameters were raised.
    pub(crate) fn hash_with_other_parameters(password: &str) -> String {
        let cheap = Params::new(256, 2, 1, None).unwrap();
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cheap);
        let hash: PasswordHash = argon2.hash_password_with_salt(password.as_bytes(), b"somesalt").unwrap();
        hash.to_string()
    }

    #[test]
    fn a_hash_with_other_parameters_is_right_and_outdated() {
        let kept = hash_with_other_parameters("correct horse");
        assert_eq!(check(&secret("correct horse"), Some(&kept)), Ok(Verdict::RightAndOutdated));
        assert_eq!(check(&secret("wrong horse"), Some(&kept)), Ok(Verdict::Wrong));
    }

    #[test]
    fn what_is_no_hash_is_an_error() {
        assert!(check(&secret("correct horse"), Some("plain text")).is_err());
    }
}
