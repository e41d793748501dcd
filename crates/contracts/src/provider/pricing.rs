//! The requests of orders to a price adjuster for discounts and taxes: `spindle:pricing/adjuster`.

use super::Adapter;
use crate::{Currency, OrderId, ProductId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The name of the adapter.
pub const SERVICE: &str = "pricing";

/// The adapter before the price adjuster.
pub const ADAPTER: Adapter = Adapter { service: SERVICE, url_variable: "pricing_url" };

/// The path for a [`Cart`].
pub const ADJUST: &str = "/internal/pricing/adjust";

/// The contents of an order before it is placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    /// The id that the order will have.
    pub order_id: OrderId,
    /// The customer.
    pub user_id: UserId,
    /// The currency of every amount here.
    pub currency: Currency,
    /// The lines, each product once.
    pub lines: Vec<Line>,
    /// The country of the shipping address.
    pub country: String,
    /// The postal code of the shipping address.
    pub postal_code: String,
}

/// A quantity of one product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The product.
    pub product_id: ProductId,
    /// Its stock-keeping unit.
    pub sku: String,
    /// The quantity.
    pub quantity: u32,
    /// The unit price, in minor units.
    pub unit_price: i64,
}

/// A change of the price of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// The kind of adjustment.
    pub kind: Kind,
    /// The label that the customer sees.
    pub label: String,
    /// The amount in minor units.
    pub amount: i64,
}

/// The kind of an adjustment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AdjustmentKind")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A discount: the amount is negative.
    Discount,
    /// A tax on top of the price: the amount is positive.
    Tax,
}

/// The adjustments of a cart, or the reason why there are none.
pub type AdjustResponse = super::ProviderResponse<Vec<Adjustment>, Error>;

/// The reason why a request failed. Only the text of the first variant is shown to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum Error {
    /// This cart cannot be sold.
    Refused(String),
    /// A retry may succeed.
    Unavailable(String),
    /// Any other error.
    Other(String),
}
