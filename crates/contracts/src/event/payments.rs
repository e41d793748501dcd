//! What payments tells.

use super::EventData;
use crate::{Money, OrderId, PaymentId, UserId};
use serde::{Deserialize, Serialize};

/// The money for an order is set aside, and can be captured or given back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentAuthorized {
    /// The payment.
    pub payment_id: PaymentId,
    /// What for.
    pub order_id: OrderId,
    /// Who pays.
    pub user_id: UserId,
    /// How much.
    pub amount: Money,
}

/// There will be no money for an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentDeclined {
    /// The payment.
    pub payment_id: PaymentId,
    /// What for.
    pub order_id: OrderId,
    /// Who was to pay.
    pub user_id: UserId,
    /// How much.
    pub amount: Money,
    /// Why, as the provider says: for people.
    pub reason: String,
}

/// The money for an order was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentCaptured {
    /// The payment.
    pub payment_id: PaymentId,
    /// What for.
    pub order_id: OrderId,
    /// Who paid.
    pub user_id: UserId,
    /// How much.
    pub amount: Money,
}

/// The money for an order is no longer set aside. None was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentVoided {
    /// The payment.
    pub payment_id: PaymentId,
    /// What for.
    pub order_id: OrderId,
    /// Who was to pay.
    pub user_id: UserId,
    /// How much.
    pub amount: Money,
}

/// The money for an order was given back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentRefunded {
    /// The payment.
    pub payment_id: PaymentId,
    /// What for.
    pub order_id: OrderId,
    /// Who has it back.
    pub user_id: UserId,
    /// How much.
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
