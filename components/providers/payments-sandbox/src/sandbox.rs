//! The result of each token. Pure: the same request has the same result, as an idempotency key requires.

use sha2::{Digest as _, Sha256};

/// The prefix of the sandbox's references.
const PREFIX: &str = "sbx_";

/// The outcome of an authorisation, with the reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizationOutcome {
    /// The money is set aside.
    Authorized(String),
    /// The provider decides later. The sandbox itself never does: a webhook has to.
    Pending(String),
}

/// The reason why a request was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The payer cannot pay.
    Declined(&'static str),
    /// The request may succeed later.
    Retryable(&'static str),
    /// The request will never succeed.
    Permanent(&'static str),
}

/// Authorises, depending on `token`: `pm_ok` succeeds, `pm_declined` is declined, `pm_timeout` is pending and stays so, `pm_flaky` fails at
/// the first two attempts.
///
/// # Errors
///
/// The error of the token; [`Error::Declined`] for an unknown token.
pub fn authorize(key: &str, token: &str, attempt: u32) -> Result<AuthorizationOutcome, Error> {
    match token {
        "pm_ok" => Ok(AuthorizationOutcome::Authorized(reference(key))),
        "pm_flaky" if attempt > 2 => Ok(AuthorizationOutcome::Authorized(reference(key))),
        "pm_flaky" => Err(Error::Retryable("pm_flaky fails at the first two attempts")),
        "pm_timeout" => Ok(AuthorizationOutcome::Pending(reference(key))),
        "pm_declined" => Err(Error::Declined("insufficient funds")),
        _ => Err(Error::Declined("unknown payment method")),
    }
}

/// Captures, voids or refunds a payment that the sandbox has authorised.
///
/// # Errors
///
/// [`Error::Permanent`] for a reference that the sandbox did not make.
pub fn settle(reference: &str) -> Result<(), Error> {
    let is_valid = reference
        .strip_prefix(PREFIX)
        .is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if is_valid { Ok(()) } else { Err(Error::Permanent("unknown reference")) }
}

/// Returns the reference for the idempotency key `key`.
fn reference(key: &str) -> String {
    format!("{PREFIX}{}", base16ct::lower::encode_string(&Sha256::digest(key)[..16]))
}

#[cfg(test)]
mod tests {
    use super::{AuthorizationOutcome, Error, authorize, reference, settle};

    #[test]
    fn the_token_decides() {
        let authorized = Ok(AuthorizationOutcome::Authorized(reference("k")));
        let flaky = Err(Error::Retryable("pm_flaky fails at the first two attempts"));
        for (token, attempt, expected) in [
            ("pm_ok", 1, authorized.clone()),
            ("pm_ok", 7, authorized.clone()),
            ("pm_flaky", 1, flaky.clone()),
            ("pm_flaky", 2, flaky),
            ("pm_flaky", 3, authorized),
            ("pm_timeout", 1, Ok(AuthorizationOutcome::Pending(reference("k")))),
            ("pm_declined", 1, Err(Error::Declined("insufficient funds"))),
            ("pm_OK", 1, Err(Error::Declined("unknown payment method"))),
            ("", 1, Err(Error::Declined("unknown payment method"))),
        ] {
            assert_eq!(authorize("k", token, attempt), expected, "{token} at attempt {attempt}");
        }
    }

    #[test]
    fn each_key_has_its_reference() {
        assert_eq!(reference("a:authorize"), reference("a:authorize"));
        assert_ne!(reference("a:authorize"), reference("b:authorize"));
        assert_eq!(settle(&reference("a:authorize")), Ok(()));
    }

    #[test]
    fn an_unknown_reference_is_a_permanent_error() {
        for reference in ["", "sbx_", "ch_0123456789abcdef0123456789abcdef", "sbx_0123456789abcdef0123456789abcdeX"] {
            assert_eq!(settle(reference), Err(Error::Permanent("unknown reference")), "{reference}");
        }
    }
}
