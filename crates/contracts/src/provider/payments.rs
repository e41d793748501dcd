//! The requests of payments to a payment provider: `spindle:payments/provider`.

use super::Adapter;
use crate::{Money, OrderId, PaymentId};
use serde::{Deserialize, Serialize};

/// The name of the adapter.
pub const SERVICE: &str = "payment-provider";

/// The adapter before the payment provider.
pub const ADAPTER: Adapter = Adapter { service: SERVICE, url_variable: "payment_provider_url" };

/// The path for an [`Authorization`].
pub const AUTHORIZE: &str = "/internal/payment-provider/authorize";

/// The path for a [`Settlement`] that captures the money.
pub const CAPTURE: &str = "/internal/payment-provider/capture";

/// The path for a [`Settlement`] that voids the authorisation.
pub const VOID: &str = "/internal/payment-provider/void";

/// The path for a [`Settlement`] that refunds the money.
pub const REFUND: &str = "/internal/payment-provider/refund";

/// A request to authorise an amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    /// The idempotency key, the same for each attempt.
    pub idempotency_key: String,
    /// The payment.
    pub payment_id: PaymentId,
    /// The order that is to be paid.
    pub order_id: OrderId,
    /// The amount.
    pub amount: Money,
    /// The provider's token of the payment method, which must not appear in logs and errors.
    pub token: String,
    /// The number of this attempt, from 1.
    pub attempt: u32,
}

/// A request to capture, void or refund an authorised amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// The idempotency key, the same for each attempt.
    pub idempotency_key: String,
    /// The payment.
    pub payment_id: PaymentId,
    /// The provider's reference of the payment.
    pub reference: String,
    /// The amount: always the whole.
    pub amount: Money,
    /// The number of this attempt, from 1.
    pub attempt: u32,
}

/// The outcome of an authorisation, with the provider's reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", content = "reference", rename_all = "snake_case")]
pub enum AuthorizationOutcome {
    /// The amount is authorised.
    Authorized(String),
    /// The decision is pending.
    Pending(String),
}

/// The response to an [`Authorization`].
pub type AuthorizeResponse = super::ProviderResponse<AuthorizationOutcome, Error>;

/// The response to a [`Settlement`].
pub type SettleResponse = super::ProviderResponse<(), Error>;

/// The reason why a request failed. Only the text of the first variant is shown to the payer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum Error {
    /// The payer's bank or the provider declined it.
    Declined(String),
    /// A retry may succeed.
    Retryable(String),
    /// No retry will succeed, for a reason other than the payer.
    Permanent(String),
    /// Any other error.
    Other(String),
}
