//! What orders tells.

use super::EventData;
use crate::provider::pricing::Kind;
use crate::{Money, OrderId, ProductId, UserId};
use serde::{Deserialize, Serialize};

/// An order was placed. It waits for its payment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderCreated {
    /// The order.
    pub order_id: OrderId,
    /// Whose it is.
    pub user_id: UserId,
    /// What people call it.
    pub number: String,
    /// What was ordered.
    pub lines: Vec<OrderLine>,
    /// What was taken off, and what came on top. Events from before there was any have none.
    #[serde(default)]
    pub adjustments: Vec<OrderAdjustment>,
    /// What it costs: its lines and its adjustments.
    pub total: Money,
}

/// What was taken off an order's price, or came on top of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderAdjustment {
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub label: String,
    /// How much: below zero for a discount, above zero for a tax.
    pub amount: Money,
}

/// A line of an order, with name and price as they were when it was placed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The product.
    pub product_id: ProductId,
    /// Its stock-keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// What one costs.
    pub unit_price: Money,
}

/// An order asks to be paid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentRequested {
    /// The order.
    pub order_id: OrderId,
    /// Whose it is.
    pub user_id: UserId,
    /// How much is asked for.
    pub amount: Money,
    /// The provider's token of the means of payment.
    pub payment_token: String,
}

/// An order's payment was authorised and its stock is its own for good: the payment is to be captured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderPaid {
    /// The order.
    pub order_id: OrderId,
    /// Whose it is.
    pub user_id: UserId,
    /// What people call it.
    pub number: String,
    /// What it costs.
    pub total: Money,
}

/// An order was sent off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderFulfilled {
    /// The order.
    pub order_id: OrderId,
    /// Whose it is.
    pub user_id: UserId,
    /// What people call it.
    pub number: String,
}

/// An order came to nothing: whatever was paid is to be given back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderCancelled {
    /// The order.
    pub order_id: OrderId,
    /// Whose it is.
    pub user_id: UserId,
    /// What people call it.
    pub number: String,
    /// What it would have cost.
    pub total: Money,
    /// Why.
    pub reason: CancelReason,
}

/// Why an order was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    /// Its owner or an operator wished so.
    Requested,
    /// The payment was declined.
    PaymentDeclined,
    /// Nobody answered for the payment in time.
    PaymentTimeout,
    /// The stock was no longer held when the payment came.
    StockGone,
    /// The payment was given back before the order was sent off.
    PaymentRefunded,
}

impl EventData for OrderCreated {
    const NAME: &'static str = "OrderCreated";
}

impl EventData for PaymentRequested {
    const NAME: &'static str = "PaymentRequested";
}

impl EventData for OrderPaid {
    const NAME: &'static str = "OrderPaid";
}

impl EventData for OrderFulfilled {
    const NAME: &'static str = "OrderFulfilled";
}

impl EventData for OrderCancelled {
    const NAME: &'static str = "OrderCancelled";
}
