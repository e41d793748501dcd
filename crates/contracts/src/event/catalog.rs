//! What the catalog tells.

use super::EventData;
use crate::{Money, ProductId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A product came to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProductCreated(pub ProductSnapshot);

/// A product became another one: this is all of what it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProductUpdated(pub ProductSnapshot);

/// A product, as anybody sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductSnapshot {
    /// The product.
    pub id: ProductId,
    /// Its stock-keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// What one costs.
    pub price: Money,
    /// The slug of its category.
    pub category: String,
    /// Whatever else there is to know of it.
    pub attributes: Map<String, Value>,
    /// How much can be sold.
    pub stock: Availability,
    /// Whether it is for sale.
    pub status: ProductStatus,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// When it became as it is.
    pub updated_at: Timestamp,
}

/// How much there is of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    /// What can be sold.
    pub available: i64,
}

/// Whether a product is for sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    /// It is.
    Active,
    /// Not any more.
    Archived,
}

/// A product is not for sale any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductArchived {
    /// The product.
    pub id: ProductId,
    /// Its stock-keeping unit.
    pub sku: String,
}

/// There is more of a product, or less, or more of it is promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockChanged {
    /// The product.
    pub id: ProductId,
    /// Its stock-keeping unit.
    pub sku: String,
    /// What lies in the warehouse.
    pub on_hand: i64,
    /// How much of that is promised to orders.
    pub reserved: i64,
    /// What can be sold.
    pub available: i64,
}

impl EventData for ProductCreated {
    const NAME: &'static str = "ProductCreated";
}

impl EventData for ProductUpdated {
    const NAME: &'static str = "ProductUpdated";
}

impl EventData for ProductArchived {
    const NAME: &'static str = "ProductArchived";
}

impl EventData for StockChanged {
    const NAME: &'static str = "StockChanged";
}
