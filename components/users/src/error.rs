//! The errors of operations on a user, and the problem details that a client receives for each.

use spindle_contracts::{FieldError, Problem};
use spindle_platform::http::Precondition;
use spindle_platform::sql;

/// The `Retry-After` of a response that failed because auth did not respond, in seconds.
const RETRY_AFTER_SECONDS: u32 = 2;

/// The reason why an operation on a user failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// There is no such user, or the user has been erased.
    #[error("there is no such user")]
    NotFound,
    /// There is no such user, or the user has no address with this id.
    #[error("the user has no such address")]
    AddressNotFound,
    /// There is no such user, or the user has not been erased.
    #[error("the user has not been erased")]
    NotErased,
    /// Another user has the e-mail address.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// Another user has, or had, the id.
    #[error("the id is taken")]
    IdTaken,
    /// The caller has been erased or deactivated since the edge looked at the caller's rights.
    #[error("the caller has been erased or deactivated")]
    CallerInactive,
    /// The caller is the user to be deactivated.
    #[error("the caller cannot be deactivated")]
    OwnDeactivation,
    /// auth has not ended the sessions of the deactivated user yet.
    #[error("the sessions of the user have not ended yet")]
    SessionsNotEnded,
    /// The user has a password, and so needs no invitation.
    #[error("the user has a password")]
    HasPassword,
    /// auth did not respond, or not as agreed.
    #[error("auth did not respond: {0}")]
    Auth(String),
    /// The user is the only active admin who can log in, and must stay one.
    #[error("this is the last admin")]
    LastAdmin,
    /// The user is not at the version that the change expects.
    #[error("the user has changed")]
    VersionMismatch,
    /// Fields of the request break rules.
    #[error("{} rules are broken", .0.len())]
    Invalid(Vec<FieldError>),
    /// The database failed.
    #[error(transparent)]
    Sql(#[from] sql::Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Problem::not_found("User not found."),
            Error::AddressNotFound => Problem::not_found("The user has no address with this id."),
            Error::NotErased => Problem::not_found("No erasure of this user was requested."),
            Error::EmailTaken => {
                let detail = "Another user has this e-mail address.";
                Problem { errors: vec![FieldError::new("/email", detail)], ..Problem::conflict(detail) }
            }
            Error::IdTaken => Problem::conflict("Another user has, or had, this id."),
            Error::CallerInactive => {
                Problem::invalid_token("The user of this access token has been erased or deactivated.")
            }
            Error::OwnDeactivation => {
                Problem::conflict("You cannot deactivate your own account. Another admin can deactivate it.")
            }
            Error::SessionsNotEnded => Problem::unavailable(
                "The sessions that the deactivation ends have not ended yet. Try again later.",
                RETRY_AFTER_SECONDS,
                "auth has not ended the sessions of a deactivated user",
            ),
            Error::LastAdmin => Problem::conflict(
                "This user is the only active admin who can log in. Give another user the role admin first.",
            ),
            Error::HasPassword => Problem::conflict("The user has a password, and so needs no invitation."),
            Error::Auth(cause) => {
                Problem::unavailable("The auth service is unavailable. Try again later.", RETRY_AFTER_SECONDS, cause)
            }
            Error::VersionMismatch => Precondition::failed(),
            Error::Invalid(errors) => Problem::validation(errors),
            Error::Sql(error) => error.into(),
        }
    }
}
