//! The events of orders.

use super::EventData;
use crate::provider::pricing::{Adjustment, Kind};
use crate::{Currency, Money, OrderId, ProductId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An order was placed. Its payment is pending.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderCreated {
    /// The order.
    pub order_id: OrderId,
    /// The customer.
    pub user_id: UserId,
    /// The order number that people see.
    pub number: String,
    /// The lines of the order.
    pub lines: Vec<OrderLine>,
    /// The discounts and the taxes. Events from before adjustments existed have none.
    #[serde(default)]
    pub adjustments: Vec<OrderAdjustment>,
    /// The total: the sum of the lines and the adjustments.
    pub total: Money,
}

/// A discount on an order, or a tax.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrderAdjustment {
    /// The kind of adjustment.
    pub kind: Kind,
    /// The label that people see.
    pub label: String,
    /// The amount: negative for a discount, positive for a tax.
    pub amount: Money,
}

impl OrderAdjustment {
    /// Makes the adjustment of an order in `currency` that a price adjuster returned.
    pub fn of(adjustment: Adjustment, currency: Currency) -> Self {
        let Adjustment { kind, label, amount } = adjustment;
        Self { kind, label, amount: Money::new(amount, currency) }
    }
}

/// A line of an order, with name and price as of when it was placed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The product.
    pub product_id: ProductId,
    /// Its stock-keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The quantity.
    pub quantity: u32,
    /// The unit price.
    pub unit_price: Money,
}

/// An order requests its payment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentRequested {
    /// The order.
    pub order_id: OrderId,
    /// The customer.
    pub user_id: UserId,
    /// The amount.
    pub amount: Money,
    /// The provider's token of the payment method. Empty once the payment is decided.
    pub payment_token: String,
}

/// The payment of an order was authorised and its stock committed: the payment is to be captured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderPaid {
    /// The order.
    pub order_id: OrderId,
    /// The customer.
    pub user_id: UserId,
    /// The order number that people see.
    pub number: String,
    /// The total.
    pub total: Money,
}

/// An order was shipped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderFulfilled {
    /// The order.
    pub order_id: OrderId,
    /// The customer.
    pub user_id: UserId,
    /// The order number that people see.
    pub number: String,
}

/// An order was cancelled: its payment is to be voided or refunded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderCancelled {
    /// The order.
    pub order_id: OrderId,
    /// The customer.
    pub user_id: UserId,
    /// The order number that people see.
    pub number: String,
    /// The total.
    pub total: Money,
    /// The reason.
    pub reason: CancelReason,
}

/// The reason for which an order was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    /// Its customer or an operator requested it, or the customer was erased.
    Requested,
    /// The payment or its capture was declined, or the payment was voided.
    PaymentDeclined,
    /// The payment was not authorised in time.
    PaymentTimeout,
    /// The stock was no longer reserved when the payment was authorised.
    StockGone,
    /// The payment was refunded before the order was shipped.
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
