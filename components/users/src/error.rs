//! What can go wrong with a user, and what the client is told of it.

use spindle_contracts::{FieldError, Problem};
use spindle_platform::http::Precondition;
use spindle_platform::sql;

/// Why an operation on a user failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// There is no such user, or not any more.
    #[error("there is no such user")]
    NotFound,
    /// Another user has the e-mail address.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// Someone else has, or had, the id.
    #[error("the id is taken")]
    IdTaken,
    /// The caller has been erased since the token was made.
    #[error("the caller is gone")]
    CallerGone,
    /// Nobody else would be an admin.
    #[error("this is the last admin")]
    LastAdmin,
    /// The user is not at the version that was to be changed.
    #[error("the user has changed")]
    Changed,
    /// The data breaks rules.
    #[error("{} rules are broken", .0.len())]
    Invalid(Vec<FieldError>),
    /// The database failed.
    #[error(transparent)]
    Sql(#[from] sql::Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Problem::not_found("There is no such user."),
            Error::EmailTaken => {
                let detail = "Another user has this e-mail address.";
                Problem { errors: vec![FieldError::new("/email", detail)], ..Problem::conflict(detail) }
            }
            Error::IdTaken => Problem::conflict("Another user has this id."),
            Error::CallerGone => Problem::invalid_token("The owner of this access token is gone."),
            Error::LastAdmin => Problem::conflict("There must be an admin: make someone else one first."),
            Error::Changed => Precondition::failed(),
            Error::Invalid(errors) => Problem::validation(errors),
            Error::Sql(error) => error.into(),
        }
    }
}
