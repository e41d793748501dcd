//! The errors of operations on an account, and the problem details that a client receives for each.

use crate::password::HashError;
use crate::signing_key::DecryptionError;
use crate::users_client::{self, Rejection};
use spindle_contracts::{FieldError, Problem, ProblemKind};
use spindle_edge::SessionRightsError;
use spindle_platform::{audit, config, sql};

/// The `Retry-After` of a response that failed because users or key-value is unavailable, in seconds.
const RETRY_AFTER_SECONDS: u32 = 2;

/// The reason why an operation on an account failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// There is no such account, or the password is wrong. The client must not learn which.
    #[error("the credentials are wrong")]
    InvalidCredentials,
    /// Too many attempts have failed.
    #[error("the account is locked for {seconds} more seconds")]
    Locked {
        /// The seconds until the lock ends.
        seconds: u32,
    },
    /// The token is unknown, or its session has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// The caller has no session with this id.
    #[error("there is no such session")]
    SessionNotFound,
    /// The user has a password, and so needs no invitation.
    #[error("the user has a password")]
    HasPassword,
    /// There is no such invitation, or it has expired or was used.
    #[error("there is no such invitation")]
    InvitationNotFound,
    /// Fields of the request break rules.
    #[error("{} rules are broken", .0.len())]
    Invalid(Vec<FieldError>),
    /// Another user has the e-mail address.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// The call to users failed.
    #[error(transparent)]
    Users(#[from] users_client::Error),
    /// A password could not be hashed or verified.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The signing key could not be decrypted.
    #[error(transparent)]
    SigningKey(#[from] DecryptionError),
    /// A variable is missing or invalid.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// The rights of sessions could not be written.
    #[error(transparent)]
    SessionRights(#[from] SessionRightsError),
    /// The entry could not be written to the audit log.
    #[error(transparent)]
    Audit(#[from] audit::Error),
    /// The database failed.
    #[error(transparent)]
    Sql(#[from] sql::Error),
}

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::EmailTaken => Self::EmailTaken,
            Rejection::Invalid(errors) => Self::Invalid(errors),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::InvalidCredentials => {
                Problem::new(ProblemKind::InvalidCredentials, "The e-mail address or the password is wrong.")
            }
            Error::Locked { seconds } => Problem {
                retry_after: Some(seconds),
                // Without the seconds: the body is the same for an account and for an address that has none.
                ..Problem::new(
                    ProblemKind::AccountLocked,
                    "The account is locked after too many failed log-ins. Try again after the seconds in Retry-After.",
                )
            },
            Error::SessionEnded => Problem {
                detail: "The session has ended. Log in again.".to_owned(),
                ..Problem::invalid_token("The session has ended.")
            },
            Error::SessionNotFound => Problem::not_found("Session not found."),
            Error::HasPassword => Problem::conflict("The user has a password, and so needs no invitation."),
            Error::InvitationNotFound => {
                Problem::not_found("The invitation does not exist, has expired, was replaced or was used already.")
            }
            Error::Invalid(errors) => Problem::validation(errors),
            Error::EmailTaken => {
                let detail = "Another user has this e-mail address.";
                Problem { errors: vec![FieldError::new("/email", detail)], ..Problem::conflict(detail) }
            }
            Error::Users(error) => {
                Problem::unavailable("The users service is unavailable. Try again later.", RETRY_AFTER_SECONDS, error)
            }
            Error::SessionRights(error) => Problem::unavailable(
                "Sessions cannot be ended at the moment. Try again later.",
                RETRY_AFTER_SECONDS,
                error,
            ),
            Error::Hash(error) => Problem::internal(error),
            Error::SigningKey(error) => Problem::internal(error),
            Error::Config(error) => error.into(),
            Error::Audit(error) => error.into(),
            Error::Sql(error) => error.into(),
        }
    }
}
