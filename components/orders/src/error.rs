//! The errors of operations on orders, and the problem that the client gets for each.

use spindle_contracts::{FieldError, MoneyError, Problem, ProblemKind};
use spindle_platform::client::ProviderCallError;
use spindle_platform::error::Retryable;
use spindle_platform::{audit, breaker, client, config, sql};

/// The seconds after which a client may repeat a request that failed because of the catalog or the price adjuster.
const RETRY_AFTER_SECONDS: u32 = 1;

/// The reason why an operation on an order failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The order does not exist, or the caller may not see it.
    #[error("no such order")]
    NotFound,
    /// The event is not possible in the order's phase.
    #[error("{0}")]
    Refused(&'static str),
    /// Another transaction changed the order after it was read.
    #[error("the order has changed")]
    Changed,
    /// The request breaks rules.
    #[error("{} rules are broken", .0.len())]
    Invalid(Vec<FieldError>),
    /// The catalog does not have enough of a product: the result of the request is that there is no order.
    #[error("out of stock: {detail}")]
    OutOfStock {
        /// The catalog's sentence for the client.
        detail: String,
        /// An error for each item.
        errors: Vec<FieldError>,
    },
    /// The price adjuster refuses the order, for this reason: the result of the request is that there is no order.
    #[error("not for sale: {0}")]
    NotForSale(String),
    /// The catalog did not respond.
    #[error("calling the catalog failed: {0}")]
    CatalogUnreachable(client::Error),
    /// The catalog responded with this status.
    #[error("the catalog responded with {0}")]
    CatalogFailed(u16),
    /// The catalog responded with something that orders cannot use.
    #[error("the catalog responded with {0}")]
    UnexpectedCatalogResponse(String),
    /// The catalog has released the reservation before the order was placed.
    #[error("the reservation was released")]
    ReservationReleased,
    /// The price adjuster did not respond.
    #[error("calling the price adjuster failed: {0}")]
    AdjusterUnreachable(ProviderCallError),
    /// The price adjuster must not be called now: its circuit breaker is open, or it has too many calls.
    #[error("the price adjuster is not called: {why}")]
    AdjusterPaused {
        /// The time after which it may be, in milliseconds.
        millis: i64,
        /// The obstacle.
        why: String,
    },
    /// The price adjuster failed with this message.
    #[error("the price adjuster failed: {0}")]
    AdjusterFailed(String),
    /// The price adjuster returned adjustments that no order can have.
    #[error("the price adjuster returned {0}")]
    UnusableAdjustments(&'static str),
    /// The catalog reserved nothing.
    #[error("an order without lines")]
    NoLines,
    /// The prices of the reserved lines cannot be added up.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The idempotency key of the request cannot be used.
    #[error(transparent)]
    Idempotency(#[from] spindle_idempotency::Error),
    /// A variable is missing.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// The audit log did not accept the row.
    #[error(transparent)]
    Audit(#[from] audit::Error),
    /// The database failed.
    #[error(transparent)]
    Sql(#[from] sql::Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let unavailable =
            |detail: &str, cause: &dyn std::fmt::Display| Self::unavailable(detail, RETRY_AFTER_SECONDS, cause);
        match error {
            Error::NotFound => Self::not_found("Order not found."),
            Error::Refused(detail) => Self::conflict(detail),
            Error::Invalid(errors) => Self::validation(errors),
            Error::OutOfStock { detail, errors } => Self { errors, ..Self::conflict(detail) },
            Error::NotForSale(reason) => Self::new(ProblemKind::ValidationFailed, reason),
            Error::CatalogUnreachable(_) | Error::CatalogFailed(_) | Error::UnexpectedCatalogResponse(_) => {
                unavailable("The catalog is unavailable at the moment. Send the same request again.", &error)
            }
            Error::AdjusterUnreachable(_) | Error::AdjusterFailed(_) | Error::UnusableAdjustments(_) => {
                unavailable("The total cannot be calculated at the moment. Send the same request again.", &error)
            }
            Error::AdjusterPaused { millis, .. } => {
                let seconds = u32::try_from((millis + 999) / 1_000).unwrap_or(RETRY_AFTER_SECONDS);
                let detail = "The total cannot be calculated at the moment, and nothing is reserved. Send the same request again.";
                Self::unavailable(detail, seconds.max(RETRY_AFTER_SECONDS), &error)
            }
            Error::ReservationReleased | Error::Changed => {
                unavailable("The order could not be completed. Send the same request again.", &error)
            }
            Error::NoLines | Error::Money(_) => Self::internal(error),
            Error::Idempotency(error) => error.into(),
            Error::Config(error) => error.into(),
            Error::Audit(error) => error.into(),
            Error::Sql(error) => error.into(),
        }
    }
}

impl From<breaker::Error> for Error {
    fn from(error: breaker::Error) -> Self {
        match error {
            breaker::Error::Config(error) => error.into(),
            breaker::Error::Sql(error) => error.into(),
        }
    }
}

/// Every error is retried: an event about an order that does not exist, or is in another phase, may be possible a little later. If it is not,
/// it becomes a dead letter, and an operator decides.
impl Retryable for Error {
    fn is_retryable(&self) -> bool {
        true
    }
}
