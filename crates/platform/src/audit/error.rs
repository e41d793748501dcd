//! The errors of the audit log.

use super::{MIN_SECRET_BYTES, SECRET_VARIABLE};
use crate::{config, sql};
use spindle_contracts::Problem;

/// The reason why an entry could not be recorded or the log not be listed or verified. A violation in a log is not an error of
/// [`verify`](super::verify).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The secret is too short to be safe.
    #[error("the variable {SECRET_VARIABLE} must have at least {MIN_SECRET_BYTES} bytes")]
    WeakSecret,
    /// The secret cannot be read.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// The database failed. A separate variant, so that it is not taken for an error of a statement on a service's own tables.
    #[error("the audit log: {0}")]
    Sql(#[from] sql::Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Sql(error) => error.into(),
            error => Problem::internal(error),
        }
    }
}
