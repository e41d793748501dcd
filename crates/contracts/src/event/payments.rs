//! The events of payments.

use super::EventData;
use crate::{Money, OrderId, PaymentId, UserId};
use serde::{Deserialize, Serialize};

/// The payment of an order was authorised, and can be captured or voided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentAuthorized {
    /// The payment.
    pub payment_id: PaymentId,
    /// The order.
    pub order_id: OrderId,
    /// The customer.
    pub user_id: UserId,
    /// The amount.
    pub amount: Money,
}

/// The payment of an order was declined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentDeclined {
    /// The payment.
    pub payment_id: PaymentId,
    /// The order.
    pub order_id: OrderId,
    /// The customer.
    pub user_id: UserId,
    /// The amount.
    pub amount: Money,
    /// The reason as the provider states it, for people to read.
    pub reason: String,
}

/// The payment of an order was captured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentCaptured {
    /// The payment.
    pub payment_id: PaymentId,
    /// The order.
    pub order_id: OrderId,
    /// The customer.
    pub user_id: UserId,
    /// The amount.
    pub amount: Money,
}

/// The payment of an order was voided: its authorisation has ended and no money was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentVoided {
    /// The payment.
    pub payment_id: PaymentId,
    /// The order.
    pub order_id: OrderId,
    /// The customer.
    pub user_id: UserId,
    /// The amount.
    pub amount: Money,
}

/// The payment of an order was refunded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentRefunded {
    /// The payment.
    pub payment_id: PaymentId,
    /// The order.
    pub order_id: OrderId,
    /// The customer.
    pub user_id: UserId,
    /// The amount.
    pub amount: Money,
}

impl EventData for PaymentAuthorized {
    const NAME: &'static str = "PaymentAuthorized";
}

impl EventData for PaymentDeclined {
    const NAME: &'static str = "PaymentDeclined";
}

impl EventData for PaymentCaptured {
    const NAME: &'static str = "PaymentCaptured";
}

impl EventData for PaymentVoided {
    const NAME: &'static str = "PaymentVoided";
}

impl EventData for PaymentRefunded {
    const NAME: &'static str = "PaymentRefunded";
}
