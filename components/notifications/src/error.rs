//! The errors of notifications, as problem details for clients and as errors of event handlers.

use spindle_contracts::{FieldError, Problem};
use spindle_platform::error::Retryable;
use spindle_platform::{audit, config, sql};

/// The seconds after which a client may retry if users does not respond.
const RETRY_AFTER_SECONDS: u32 = 1;

/// The detail of the problem in that case.
const USERS_UNAVAILABLE: &str =
    "The contact data of the user cannot be read at the moment. Send the same request again.";

/// The reason why an operation on a notification failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The notification does not exist, or is not the caller's.
    #[error("notification not found")]
    NotFound,
    /// The data breaks rules.
    #[error("{} rules are broken", .0.len())]
    Invalid(Vec<FieldError>),
    /// Users did not respond with the contact data.
    #[error("cannot read the contact data from users: {0}")]
    Users(String),
    /// The audit log could not be written.
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
            Error::NotFound => Problem::not_found("No notification has this id."),
            Error::Invalid(errors) => Problem::validation(errors),
            Error::Users(cause) => Problem::unavailable(USERS_UNAVAILABLE, RETRY_AFTER_SECONDS, cause),
            Error::Audit(error) => error.into(),
            Error::Config(error) => error.into(),
            Error::Sql(error) => error.into(),
        }
    }
}

/// An event handler has no client to answer: temporary failures are retried, all others are permanent.
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
