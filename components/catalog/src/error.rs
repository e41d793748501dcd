//! What can go wrong in the catalog, and what the client is told of it.

use crate::reservation::State;
use spindle_contracts::{FieldError, Problem};
use spindle_platform::http::Precondition;
use spindle_platform::{audit, config, sql};

/// Why an operation of the catalog failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// There is no such product.
    #[error("there is no such product")]
    NotFound,
    /// Another product has the SKU.
    #[error("the SKU is taken")]
    SkuTaken,
    /// The product is not at the version that was to be changed.
    #[error("the product has changed")]
    Changed,
    /// Orders hold more of the product than is to lie in the warehouse: this much.
    #[error("{0} pieces are reserved")]
    StockReserved(i64),
    /// There is no such reservation.
    #[error("there is no such reservation")]
    NoReservation,
    /// The order holds other lines already.
    #[error("the order holds other lines")]
    OtherLines,
    /// The reservation is in a state from which there is no way to the one that is asked for.
    #[error("the reservation is {}", .0.name())]
    ReservationIs(State),
    /// There is less in stock than is to be reserved.
    #[error("{} lines are short", .0.len())]
    ShortStock(Vec<FieldError>),
    /// The data breaks rules.
    #[error("{} rules are broken", .0.len())]
    Invalid(Vec<FieldError>),
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
        match error {
            Error::NotFound => Problem::not_found("There is no such product."),
            Error::SkuTaken => {
                let detail = "Another product has this SKU.";
                Problem { errors: vec![FieldError::new("/sku", detail)], ..Problem::conflict(detail) }
            }
            Error::Changed => Precondition::failed(),
            Error::StockReserved(reserved) => {
                Problem::conflict(format!("Orders hold {reserved} of these; the stock cannot be less."))
            }
            Error::NoReservation => Problem::not_found("There is no such reservation."),
            Error::OtherLines => Problem::conflict("The order holds other lines already."),
            Error::ReservationIs(state) => Problem::conflict(format!("The reservation is {}.", state.name())),
            Error::ShortStock(errors) => Problem {
                errors,
                ..Problem::conflict("Not everything is there in that quantity; nothing was reserved.")
            },
            Error::Invalid(errors) => Problem::validation(errors),
            Error::Config(error) => error.into(),
            Error::Audit(error) => error.into(),
            Error::Sql(error) => error.into(),
        }
    }
}
