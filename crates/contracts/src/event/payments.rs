//! The events of payments.

use super::EventData;
use crate::{Money, OrderId, PaymentId, UserId};
use schemars::JsonSchema;
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
    /// Who declined. Events of earlier releases do not say so.
    #[serde(default)]
    pub code: DeclineCode,
    /// The reason as the provider states it, for people to read.
    pub reason: String,
}

/// Who declined a payment, which tells whether another means of payment may help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeclineCode {
    /// The payer's bank or the payment service: another means of payment may be accepted.
    #[default]
    Declined,
    /// The payment provider, which cannot carry the payment out: the shop has to look into it.
    ProviderError,
}

impl DeclineCode {
    const ALL: [Self; 2] = [Self::Declined, Self::ProviderError];

    /// Returns the name in JSON, under which services store it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::ProviderError => "provider_error",
        }
    }

    /// Returns the code with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.name() == name)
    }
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
