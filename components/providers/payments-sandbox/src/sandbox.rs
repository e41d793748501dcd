//! What the sandbox does with each token. Pure: the same request has the same answer, which is what an idempotency key asks for.

use sha2::{Digest as _, Sha256};

/// What the references of the sandbox begin with.
const PREFIX: &str = "sbx_";

/// What became of an authorisation, with the reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The money is set aside.
    Authorized(String),
    /// Nobody will ever say.
    Pending(String),
}

/// Why a request was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The payer cannot pay.
    Declined(&'static str),
    /// It may work later.
    Retryable(&'static str),
    /// It will never work.
    Permanent(&'static str),
}

/// Authorises as `token` says: `pm_ok` does, `pm_declined` declines, `pm_timeout` is pending and stays so, `pm_flaky` fails at the first
/// two attempts.
///
/// # Errors
///
/// As the token says; declined for a token that the sandbox does not know.
pub fn authorize(key: &str, token: &str, attempt: u32) -> Result<Outcome, Error> {
    match token {
        "pm_ok" => Ok(Outcome::Authorized(reference(key))),
        "pm_flaky" if attempt > 2 => Ok(Outcome::Authorized(reference(key))),
        "pm_flaky" => Err(Error::Retryable("the sandbox is out of order at the first two attempts")),
        "pm_timeout" => Ok(Outcome::Pending(reference(key))),
        "pm_declined" => Err(Error::Declined("insufficient funds")),
        _ => Err(Error::Declined("unknown payment method")),
    }
}

/// Captures, voids or refunds what it has authorised.
///
/// # Errors
///
/// [`Error::Permanent`] for a reference that is none of its own.
pub fn settle(reference: &str) -> Result<(), Error> {
    let is_own = reference
        .strip_prefix(PREFIX)
        .is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if is_own { Ok(()) } else { Err(Error::Permanent("unknown reference")) }
}

/// The reference of what was asked for under `key`.
fn reference(key: &str) -> String {
    format!("{PREFIX}{}", base16ct::lower::encode_string(&Sha256::digest(key)[..16]))
}

#[cfg(test)]
mod tests {
    use super::{Error, Outcome, authorize, reference, settle};

    #[test]
    fn the_token_decides() {
        let authorized = Ok(Outcome::Authorized(reference("k")));
        let flaky = Err(Error::Retryable("the sandbox is out of order at the first two attempts"));
        for (token, attempt, expected) in [
            ("pm_ok", 1, authorized.clone()),
            ("pm_ok", 7, authorized.clone()),
            ("pm_flaky", 1, flaky.clone()),
            ("pm_flaky", 2, flaky),
            ("pm_flaky", 3, authorized),
            ("pm_timeout", 1, Ok(Outcome::Pending(reference("k")))),
            ("pm_declined", 1, Err(Error::Declined("insufficient funds"))),
            ("pm_OK", 1, Err(Error::Declined("unknown payment method"))),
            ("", 1, Err(Error::Declined("unknown payment method"))),
        ] {
            assert_eq!(authorize("k", token, attempt), expected, "{token} at attempt {attempt}");
        }
    }

    #[test]
    fn a_key_has_one_reference_which_it_shares_with_no_other() {
        assert_eq!(reference("a:authorize"), reference("a:authorize"));
        assert_ne!(reference("a:authorize"), reference("b:authorize"));
        assert_eq!(settle(&reference("a:authorize")), Ok(()));
    }

    #[test]
    fn a_reference_of_somebody_elses_is_not_settled() {
        for reference in ["", "sbx_", "ch_0123456789abcdef0123456789abcdef", "sbx_0123456789abcdef0123456789abcdeX"] {
            assert_eq!(settle(reference), Err(Error::Permanent("unknown reference")), "{reference}");
        }
    }
}
