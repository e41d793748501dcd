//! What can go wrong with an order, and what the client is told of it.

use crate::adjustment::Unusable;
use spindle_contracts::{FieldError, MoneyError, Problem};
use spindle_platform::client::ProviderCallError;
use spindle_platform::error::Retryable;
use spindle_platform::{audit, client, config, sql};

/// Seconds after which a client may try again when the catalog or the price adjuster gave no answer.
const RETRY_AFTER_SECONDS: u32 = 1;

/// Why an operation on an order failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// There is no such order, or it is somebody else's.
    #[error("there is no such order")]
    NotFound,
    /// The order is not where that can happen to it.
    #[error("{0}")]
    Refused(&'static str),
    /// The order has changed since it was read.
    #[error("the order has changed")]
    Changed,
    /// The data breaks rules.
    #[error("{} rules are broken", .0.len())]
    Invalid(Vec<FieldError>),
    /// The catalog gives no answer.
    #[error("the catalog: {0}")]
    NoCatalog(#[from] client::Error),
    /// The catalog cannot answer.
    #[error("the catalog answered {0}")]
    CatalogFails(u16),
    /// The catalog answers something of no use.
    #[error("the catalog answered {0}")]
    CatalogAnswer(String),
    /// The catalog has given back what was held for the order before it was placed.
    #[error("what was held is held no longer")]
    HeldNoLonger,
    /// The price adjuster gives no answer.
    #[error("the price adjuster: {0}")]
    NoPricing(#[from] ProviderCallError),
    /// The price adjuster cannot answer.
    #[error("the price adjuster fails: {0}")]
    PricingFails(String),
    /// The price adjuster answers what cannot be.
    #[error("the price adjuster answered {0}")]
    PricingAnswer(#[from] Unusable),
    /// The catalog held nothing.
    #[error("an order without lines")]
    NoLines,
    /// What is held cannot be added up.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The key of the request is not this one's to use.
    #[error(transparent)]
    Idempotency(#[from] spindle_idempotency::Error),
    /// A variable is missing.
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
        let again = |detail: &str, error: &Error| Problem::unavailable(detail, RETRY_AFTER_SECONDS, error);
        match error {
            Error::NotFound => Problem::not_found("There is no such order."),
            Error::Refused(detail) => Problem::conflict(detail),
            Error::Invalid(errors) => Problem::validation(errors),
            Error::NoCatalog(_) | Error::CatalogFails(_) | Error::CatalogAnswer(_) => {
                again("The catalog gives no answer at the moment. Send the same request again.", &error)
            }
            Error::NoPricing(_) | Error::PricingFails(_) | Error::PricingAnswer(_) => {
                again("What it costs cannot be worked out at the moment. Send the same request again.", &error)
            }
            Error::HeldNoLonger | Error::Changed => {
                again("The order could not be completed. Send the same request again.", &error)
            }
            Error::NoLines | Error::Money(_) => Problem::internal(error),
            Error::Idempotency(error) => error.into(),
            Error::Config(error) => error.into(),
            Error::Audit(error) => error.into(),
            Error::Sql(error) => error.into(),
        }
    }
}

/// An event about an order that does not exist, or is in another state, may be valid a little later; if it stays invalid, it becomes a dead
/// letter for an operator.
impl Retryable for Error {
    fn is_retryable(&self) -> bool {
        true
    }
}
