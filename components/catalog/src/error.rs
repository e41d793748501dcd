//! The errors of the catalog, and the problem that the client gets for each.

use crate::product::ProductError;
use crate::reservation::ReservationError;
use spindle_contracts::{FieldError, Problem};
use spindle_platform::http::Precondition;
use spindle_platform::{audit, config, sql};

/// Why an operation of the catalog failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// No product has the id.
    #[error("the product does not exist")]
    ProductNotFound,
    /// Another product has the SKU.
    #[error("another product has the SKU")]
    SkuTaken,
    /// Another request changed the product between the read and the write.
    #[error("the product has another version")]
    VersionConflict,
    /// The product cannot be as the client wants it.
    #[error(transparent)]
    Product(#[from] ProductError),
    /// The order never reserved anything.
    #[error("the order has no reservation")]
    ReservationNotFound,
    /// The reservation cannot be made or changed.
    #[error(transparent)]
    Reservation(#[from] ReservationError),
    /// A variable is missing.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// The audit log refused the row.
    #[error(transparent)]
    Audit(#[from] audit::Error),
    /// The database failed.
    #[error(transparent)]
    Sql(#[from] sql::Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::ProductNotFound => Problem::not_found("No product has this id."),
            Error::SkuTaken => Problem {
                errors: vec![FieldError::new("/sku", "is the SKU of another product")],
                ..Problem::conflict("Another product has this SKU.")
            },
            Error::VersionConflict => Precondition::failed(),
            Error::Product(error) => error.into(),
            Error::ReservationNotFound => Problem::not_found("The order has no reservation."),
            Error::Reservation(error) => error.into(),
            Error::Config(error) => error.into(),
            Error::Audit(error) => error.into(),
            Error::Sql(error) => error.into(),
        }
    }
}

impl From<ProductError> for Problem {
    fn from(error: ProductError) -> Self {
        match error {
            ProductError::Invalid(errors) => Problem::validation(errors),
            ProductError::BelowPromised(stock) => Problem::conflict(format!(
                "The quantity must be at least {}: {} units are reserved for orders, and {} are sold and not shipped yet.",
                stock.promised(),
                stock.reserved,
                stock.allocated
            )),
        }
    }
}

impl From<ReservationError> for Problem {
    fn from(error: ReservationError) -> Self {
        match error {
            ReservationError::Invalid(errors) => Problem::validation(errors),
            ReservationError::OutOfStock(errors) => Problem {
                errors,
                ..Problem::conflict(
                    "At least one line exceeds the available stock or names a product that is not for sale; nothing was reserved.",
                )
            },
            ReservationError::LinesDiffer => Problem::conflict("The order has already reserved other lines."),
            ReservationError::WrongState(state) => {
                Problem::conflict(format!("The reservation is already {}.", state.name()))
            }
        }
    }
}
