//! What can go wrong with the audit log itself.

use super::{MIN_SECRET_BYTES, SECRET_VARIABLE};
use crate::{config, sql};
use spindle_contracts::Problem;

/// Why nothing could be recorded, listed or verified. A log that was tampered with is no error of [`verify`](super::verify).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The secret is too short to keep anyone out.
    #[error("the variable {SECRET_VARIABLE} must have at least {MIN_SECRET_BYTES} bytes")]
    WeakSecret,
    /// The secret cannot be read.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// Somebody removed the head: nothing can be appended to the log.
    #[error("the audit log has lost its head")]
    NoHead,
    /// The database failed. Not to be read as the error of a statement on a service's own tables.
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
