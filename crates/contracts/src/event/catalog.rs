//! The events of the catalog.

use super::EventData;
use crate::{Money, ProductId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A product was created.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProductCreated(pub ProductSnapshot);

/// A product was changed. The event carries its whole new state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProductUpdated(pub ProductSnapshot);

/// The public state of a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductSnapshot {
    /// The product.
    pub id: ProductId,
    /// Its stock-keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// The unit price.
    pub price: Money,
    /// The slug of its category.
    pub category: String,
    /// Further attributes.
    pub attributes: Map<String, Value>,
    /// The quantity that can be sold.
    pub stock: Availability,
    /// Its status.
    pub status: ProductStatus,
    /// The time of its creation.
    pub created_at: Timestamp,
    /// The time of its last change.
    pub updated_at: Timestamp,
}

/// The stock of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    /// The quantity that can be sold.
    pub available: i64,
}

/// The status of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    /// It is for sale.
    Active,
    /// It is no longer for sale.
    Archived,
}

/// A product was archived: it is no longer for sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductArchived {
    /// The product.
    pub id: ProductId,
    /// Its stock-keeping unit.
    pub sku: String,
}

/// The stock of a product has changed: the quantity on hand, or how much of it belongs to orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockChanged {
    /// The product.
    pub id: ProductId,
    /// Its stock-keeping unit.
    pub sku: String,
    /// The quantity on the shelf.
    pub on_hand: i64,
    /// The part of it that is reserved for orders that are not paid yet.
    pub reserved: i64,
    /// The part of it that is sold and not shipped yet. Events of earlier releases have none: sold pieces were not on hand.
    #[serde(default)]
    pub allocated: i64,
    /// The quantity that can be sold.
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
