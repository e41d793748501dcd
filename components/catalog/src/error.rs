//! The errors of the catalog, and the problem that the client gets for each.

use crate::product::{BelowPromised, ProductError, Status};
use crate::reservation::ReservationError;
use serde_json::json;
use spindle_contracts::{FieldError, Problem, ProductId};
use spindle_platform::http::Precondition;
use spindle_platform::{audit, config, sql};

/// Why an operation of the catalog failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// No product has the id.
    #[error("the product does not exist")]
    ProductNotFound,
    /// This product, which has this status, has the SKU.
    #[error("the product {0} has the SKU")]
    SkuTaken(ProductId, Status),
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
            Error::SkuTaken(id, status) => sku_taken(id, status),
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

/// Returns the problem of a SKU that the product `id` has. The product may be archived, and then it is in no list: the id leads to it.
fn sku_taken(id: ProductId, status: Status) -> Problem {
    let (error, detail) = match status {
        Status::Active => ("is the SKU of another product", format!("The product {id} has this SKU.")),
        Status::Archived => (
            "is the SKU of an archived product",
            format!(
                "The archived product {id} has this SKU. Restore it by PATCH /v1/products/{id} with \"status\": \"active\", or give it another SKU."
            ),
        ),
    };
    let mut problem = Problem { errors: vec![FieldError::new("/sku", error)], ..Problem::conflict(detail) };
    problem.extensions.insert("product_id".to_owned(), json!(id));
    problem
}

impl BelowPromised {
    /// Returns the problem of a count at `pointer`.
    pub(crate) fn problem_at(&self, pointer: &str) -> Problem {
        let Self(stock) = self;
        let detail = format!(
            "on_hand must be at least {}: {} units are reserved for orders, and {} are sold and not shipped yet.",
            stock.promised(),
            stock.reserved,
            stock.allocated
        );
        let error = FieldError::new(pointer, format!("must be at least {}, the units of orders", stock.promised()));
        Problem { errors: vec![error], ..Problem::conflict(detail) }
    }
}

impl From<ProductError> for Problem {
    fn from(error: ProductError) -> Self {
        match error {
            ProductError::Invalid(errors) => Problem::validation(errors),
            ProductError::BelowPromised(error) => error.problem_at("/stock/on_hand"),
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
