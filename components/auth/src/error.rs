//! What can go wrong with an account, and what the client is told of it.

use crate::keys::Unopened;
use crate::password::HashError;
use crate::users;
use spindle_contracts::{FieldError, Problem, ProblemKind};
use spindle_platform::{audit, config, sql};

/// When a client may try again while users does not answer, in seconds.
const RETRY_AFTER_SECONDS: u32 = 2;

/// Why an operation on an account failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// There is no such account, or the password is not its password. Which of them is nobody's business.
    #[error("the credentials are wrong")]
    InvalidCredentials,
    /// Too many attempts have failed.
    #[error("the account is locked for {seconds} more seconds")]
    Locked {
        /// Until it is not.
        seconds: u32,
    },
    /// The token is none of ours, or its session is over.
    #[error("the session is over")]
    SessionOver,
    /// There is no such session, or it is someone else's.
    #[error("there is no such session")]
    NoSuchSession,
    /// The data breaks rules.
    #[error("{} rules are broken", .0.len())]
    Invalid(Vec<FieldError>),
    /// Another user has the e-mail address.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// users did not answer as it should.
    #[error(transparent)]
    Users(#[from] users::Error),
    /// A password could not be hashed or compared.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The key that signs cannot be used.
    #[error(transparent)]
    Key(#[from] Unopened),
    /// A variable is missing or wrong.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// The audit log takes no row.
    #[error(transparent)]
    Audit(#[from] audit::Error),
    /// The database failed.
    #[error(transparent)]
    Sql(#[from] sql::Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::InvalidCredentials => {
                Problem::new(ProblemKind::InvalidCredentials, "The e-mail address or the password is wrong.")
            }
            Error::Locked { seconds } => Problem {
                retry_after: Some(seconds),
                ..Problem::new(ProblemKind::AccountLocked, "Too many attempts have failed. Try again later.")
            },
            Error::SessionOver => Problem {
                detail: "The session is over. Log in again.".to_owned(),
                ..Problem::invalid_token("The session is over.")
            },
            Error::NoSuchSession => Problem::not_found("There is no such session."),
            Error::Invalid(errors) => Problem::validation(errors),
            Error::EmailTaken => {
                let detail = "Another user has this e-mail address.";
                Problem { errors: vec![FieldError::new("/email", detail)], ..Problem::conflict(detail) }
            }
            Error::Users(error) => {
                Problem::unavailable("Accounts cannot be looked up at the moment.", RETRY_AFTER_SECONDS, error)
            }
            Error::Hash(error) => Problem::internal(error),
            Error::Key(error) => Problem::internal(error),
            Error::Config(error) => error.into(),
            Error::Audit(error) => error.into(),
            Error::Sql(error) => error.into(),
        }
    }
}
