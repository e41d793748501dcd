//! What can go wrong with a notification, and what the client is told of it.

use spindle_contracts::{FieldError, Problem};
use spindle_platform::error::Retryable;
use spindle_platform::{audit, config, sql};

/// When a client may ask again if users does not answer, in seconds.
const RETRY_AFTER_SECONDS: u32 = 1;

/// Why an operation on notifications failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// There is no such notification, or it is not the caller's.
    #[error("there is no such notification")]
    NotFound,
    /// The data breaks rules.
    #[error("{} rules are broken", .0.len())]
    Invalid(Vec<FieldError>),
    /// Nobody knows where the user is reached.
    #[error("nobody says where the user is reached: {0}")]
    Users(String),
    /// The audit log takes no row.
    #[error(transparent)]
    Audit(#[from] audit::Error),
    /// A variable is missing.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// The database failed.
    #[error(transparent)]
    Sql(#[from] sql::Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Problem::not_found("There is no such notification."),
            Error::Invalid(errors) => Problem::validation(errors),
            Error::Users(cause) => {
                Problem::unavailable("Where the user is reached is not known just now.", RETRY_AFTER_SECONDS, cause)
            }
            Error::Audit(error) => error.into(),
            Error::Config(error) => error.into(),
            Error::Sql(error) => error.into(),
        }
    }
}

impl Retryable for Error {
    fn is_retryable(&self) -> bool {
        match self {
            Self::NotFound | Self::Invalid(_) => false,
            Self::Users(_) => true,
            Self::Audit(error) => error.is_retryable(),
            Self::Config(error) => error.is_retryable(),
            Self::Sql(error) => error.is_retryable(),
        }
    }
}
