//! The errors of payments, as problem details for clients and as errors of event handlers.

use crate::payment::{Status, Unrecoverable};
use spindle_contracts::Problem;
use spindle_platform::error::Retryable;
use spindle_platform::{audit, config, sql};

/// The seconds after which a client may repeat a request that failed because of orders.
const RETRY_AFTER_SECONDS: u32 = 1;

/// The reason why an operation on a payment failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The payment does not exist, or is not the caller's.
    #[error("payment not found")]
    NotFound,
    /// The payment was not captured, so it has no money to refund.
    #[error("the payment has the status {}", .0.name())]
    NotCaptured(Status),
    /// Another transaction changed the payment after it was read.
    #[error("the payment has changed")]
    Changed,
    /// A refund was requested before.
    #[error("a refund of the payment is in progress")]
    RefundInProgress,
    /// Orders does not allow the refund, for this reason.
    #[error("orders refuses: {0}")]
    OrderRefuses(String),
    /// Orders did not answer whether the payment may be refunded.
    #[error("calling orders failed: {0}")]
    OrdersUnavailable(String),
    /// The provider in the path is not the configured one.
    #[error("payment provider not found")]
    UnknownProvider,
    /// The signature of a webhook is not valid.
    #[error("the signature is not valid: {0}")]
    Signature(&'static str),
    /// The secret for signatures is too short.
    #[error("the variable payment_webhook_secret has fewer than {0} bytes")]
    WeakSecret(usize),
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
            Error::NotFound => Problem::not_found("No payment has this id."),
            Error::NotCaptured(Status::Refunded) => Problem::conflict("The payment has already been refunded."),
            Error::NotCaptured(status) => Problem::conflict(format!(
                "The payment has the status {}. Only a payment with the status captured can be refunded.",
                status.name()
            )),
            Error::RefundInProgress => Problem::conflict("A refund of the payment is already in progress."),
            Error::OrderRefuses(detail) => Problem::conflict(detail),
            Error::OrdersUnavailable(_) => Problem::unavailable(
                "Orders is unavailable at the moment. Send the same request again.",
                RETRY_AFTER_SECONDS,
                error,
            ),
            Error::UnknownProvider => Problem::not_found("No payment provider has this name."),
            Error::Signature(detail) => {
                Problem { challenge: Some("Spindle-Signature".to_owned()), ..Problem::unauthorized(detail) }
            }
            Error::WeakSecret(_) | Error::Changed => Problem::internal(error),
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
            Self::Audit(error) => error.is_retryable(),
            Self::Config(error) => error.is_retryable(),
            Self::Sql(error) => error.is_retryable(),
            Self::Changed => true,
            _ => false,
        }
    }
}

impl Retryable for Unrecoverable {
    fn is_retryable(&self) -> bool {
        false
    }
}
