//! Orders asks an adjuster what is taken off a price and what comes on top: `spindle:pricing/adjuster`.

use super::Adapter;
use crate::{Currency, OrderId, ProductId, UserId};
use serde::{Deserialize, Serialize};

/// The name of the adapter.
pub const SERVICE: &str = "pricing";

/// The adapter before the price adjuster.
pub const ADAPTER: Adapter = Adapter { service: SERVICE, url_variable: "pricing_url" };

/// Where a [`Cart`] goes.
pub const ADJUST: &str = "/internal/pricing/adjust";

/// What is to be ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    /// The id that the order will have.
    pub order_id: OrderId,
    /// Whose order it will be.
    pub user_id: UserId,
    /// The currency of every sum here.
    pub currency: Currency,
    /// The lines, no product twice.
    pub lines: Vec<Line>,
    /// The country that it goes to.
    pub country: String,
    /// The postal code that it goes to.
    pub postal_code: String,
}

/// So much of one product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The product.
    pub product_id: ProductId,
    /// Its stock-keeping unit.
    pub sku: String,
    /// How many.
    pub quantity: u32,
    /// What one costs, in minor units.
    pub unit_price: i64,
}

/// One change of what an order costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// What it is.
    pub kind: Kind,
    /// What it is called, for the customer.
    pub label: String,
    /// In minor units.
    pub amount: i64,
}

/// What an adjustment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something is taken off: the amount is below zero.
    Discount,
    /// A tax that comes on top: the amount is above zero.
    Tax,
}

/// What changes for the cart, or why nobody can say.
pub type AdjustResponse = super::ProviderResponse<Vec<Adjustment>, Error>;

/// Why there is no answer. Only the first text is for the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum Error {
    /// This cart is not sold.
    Refused(String),
    /// It may work later.
    Unavailable(String),
    /// Anything else.
    Other(String),
}
