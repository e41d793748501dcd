//! What can go wrong with a payment, and what the client is told of it.

use crate::payment::{Status, Stuck};
use spindle_contracts::{FieldError, Problem};
use spindle_platform::error::Retryable;
use spindle_platform::{audit, config, sql};

/// Why an operation on a payment failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// There is no such payment, or it is not the caller's.
    #[error("there is no such payment")]
    NotFound,
    /// There is no money of it that could be refunded.
    #[error("the payment is {}", .0.name())]
    NotCaptured(Status),
    /// It is being given back already.
    #[error("the payment is being refunded")]
    RefundUnderWay,
    /// There is no such provider.
    #[error("there is no such provider")]
    NoProvider,
    /// The signature of a webhook is not good.
    #[error("the signature is not good: {0}")]
    Signature(&'static str),
    /// The secret for signatures is shorter than it must be.
    #[error("the variable payment_webhook_secret has fewer than {0} bytes")]
    WeakSecret(usize),
    /// The data breaks rules.
    #[error("{} rules are broken", .0.len())]
    Invalid(Vec<FieldError>),
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
            Error::NotFound => Problem::not_found("There is no such payment."),
            Error::NotCaptured(Status::Refunded) => Problem::conflict("The payment is refunded already."),
            Error::NotCaptured(status) => {
                Problem::conflict(format!("The payment is {}: only what was captured can be refunded.", status.name()))
            }
            Error::RefundUnderWay => Problem::conflict("The payment is being refunded already."),
            Error::NoProvider => Problem::not_found("There is no such payment provider."),
            Error::Signature(detail) => {
                Problem { challenge: Some("Spindle-Signature".to_owned()), ..Problem::unauthorized(detail) }
            }
            Error::WeakSecret(_) => Problem::internal(error),
            Error::Invalid(errors) => Problem::validation(errors),
            Error::Audit(error) => error.into(),
            Error::Config(error) => error.into(),
            Error::Sql(error) => error.into(),
        }
    }
}

impl Retryable for Error {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Audit(error) => error.is_retryable(),
            Self::Config(error) => error.is_retryable(),
            Self::Sql(error) => error.is_retryable(),
            _ => false,
        }
    }
}

impl Retryable for Stuck {
    fn is_retryable(&self) -> bool {
        false
    }
}
