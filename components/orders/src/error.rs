//! The errors of operations on orders, and the problem that the client gets for each.

use crate::limits::{Limits, Unpaid};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use spindle_contracts::{FieldError, Money, MoneyError, Problem, ProblemKind, ProductId};
use spindle_platform::client::ProviderCallError;
use spindle_platform::error::Retryable;
use spindle_platform::{audit, breaker, client, config, sql};

/// The seconds after which a client may repeat a request that failed because of the catalog, users or the price adjuster.
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
    /// The saved address that the request names does not exist, or cannot be the address of an order.
    #[error("the saved address breaks {} rules", .0.len())]
    UnusableAddress(Vec<FieldError>),
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
    /// A price is not the one that the client expects: the result of the request is that there is no order.
    #[error("{} prices have changed", .errors.len())]
    PriceChanged {
        /// The total at the prices of now.
        total: Money,
        /// The products whose price is not the expected one, each with its price of now.
        items: Vec<(ProductId, Money)>,
        /// An error for each expectation.
        errors: Vec<FieldError>,
    },
    /// The customer has too much that is not paid: the result of the request is that there is no order.
    #[error("the customer has {} unpaid orders and holds {} pieces", .unpaid.orders, .unpaid.pieces)]
    TooMuchUnpaid { unpaid: Unpaid, limits: Limits },
    /// The customer was erased: no order of theirs is placed any more.
    #[error("the user was erased")]
    UserErased,
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
    /// Users did not respond.
    #[error("calling users failed: {0}")]
    UsersUnreachable(client::Error),
    /// Users responded with something that orders cannot use.
    #[error("users responded with {0}")]
    UnexpectedUsersResponse(String),
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
            Error::Invalid(errors) | Error::UnusableAddress(errors) => Self::validation(errors),
            Error::OutOfStock { detail, errors } => Self { errors, ..Self::conflict(detail) },
            Error::PriceChanged { total, items, errors } => price_changed(total, &items, errors),
            Error::TooMuchUnpaid { unpaid, limits } => too_much_unpaid(unpaid, limits),
            Error::UserErased => Self::invalid_token("the user was erased"),
            Error::NotForSale(reason) => Self::new(ProblemKind::ValidationFailed, reason),
            Error::CatalogUnreachable(_) | Error::CatalogFailed(_) | Error::UnexpectedCatalogResponse(_) => {
                unavailable("The catalog is unavailable at the moment. Send the same request again.", &error)
            }
            Error::UsersUnreachable(_) | Error::UnexpectedUsersResponse(_) => {
                unavailable("The saved address cannot be read at the moment. Send the same request again.", &error)
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

/// The members of the problem `price-changed`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CurrentPrices {
    /// The total at the prices of now, with discounts and taxes.
    total: Money,
    /// The items whose price is not the expected one.
    items: Vec<CurrentPrice>,
}

/// The price of a product now.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CurrentPrice {
    /// The product.
    product_id: ProductId,
    /// The price of one piece.
    unit_price: Money,
}

/// The members of the problem `too-much-unpaid`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct UnpaidLimits {
    /// The orders of the customer that are not paid yet, requests under way included.
    unpaid_orders: i64,
    /// The most orders that a customer may have unpaid.
    max_unpaid_orders: i64,
    /// The pieces that those orders hold.
    unpaid_pieces: i64,
    /// The most pieces that a customer may hold unpaid.
    max_unpaid_pieces: i64,
}

/// Returns the problem with the total and the prices of now.
fn price_changed(total: Money, items: &[(ProductId, Money)], errors: Vec<FieldError>) -> Problem {
    let item = |&(product_id, unit_price): &(ProductId, Money)| CurrentPrice { product_id, unit_price };
    let members = CurrentPrices { total, items: items.iter().map(item).collect() };
    let detail = "A price has changed, and nothing is ordered. `total` and `items` have the prices of now: to order at these, send them as the \
                  expected ones, with a new Idempotency-Key.";
    Problem { errors, ..with_members(ProblemKind::PriceChanged, detail.to_owned(), &members) }
}

fn too_much_unpaid(unpaid: Unpaid, limits: Limits) -> Problem {
    let (orders, pieces) = (limits.orders, limits.pieces);
    let detail = format!(
        "A customer may have {orders} unpaid orders of {pieces} pieces together. Once an order is paid or cancelled, place this one with a new \
         Idempotency-Key."
    );
    let members = UnpaidLimits {
        unpaid_orders: unpaid.orders,
        max_unpaid_orders: orders,
        unpaid_pieces: unpaid.pieces,
        max_unpaid_pieces: pieces,
    };
    with_members(ProblemKind::TooMuchUnpaid, detail, &members)
}

fn with_members(kind: ProblemKind, detail: String, members: &impl Serialize) -> Problem {
    let extensions = match serde_json::to_value(members) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    Problem { extensions, ..Problem::new(kind, detail) }
}

/// Every error is retried: an event about an order that does not exist, or is in another phase, may be possible a little later. If it is not,
/// it becomes a dead letter, and an operator decides.
impl Retryable for Error {
    fn is_retryable(&self) -> bool {
        true
    }
}
