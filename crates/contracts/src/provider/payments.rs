//! Payments asks a provider to move money: `spindle:payments/provider`.

use super::Adapter;
use crate::{Money, OrderId, PaymentId};
use serde::{Deserialize, Serialize};

/// The name of the adapter.
pub const SERVICE: &str = "payment-provider";

/// The adapter before the payment provider.
pub const ADAPTER: Adapter = Adapter { service: SERVICE, url_variable: "payment_provider_url" };

/// Where an [`Authorization`] goes.
pub const AUTHORIZE: &str = "/internal/payment-provider/authorize";

/// Where a [`Settlement`] goes that takes the money.
pub const CAPTURE: &str = "/internal/payment-provider/capture";

/// Where a [`Settlement`] goes that lets go of the money.
pub const VOID: &str = "/internal/payment-provider/void";

/// Where a [`Settlement`] goes that gives the money back.
pub const REFUND: &str = "/internal/payment-provider/refund";

/// Money that is to be set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    /// The same for each attempt.
    pub idempotency_key: String,
    /// The payment.
    pub payment_id: PaymentId,
    /// The order that is to be paid.
    pub order_id: OrderId,
    /// How much.
    pub amount: Money,
    /// The means of payment, which is in no log and no error.
    pub token: String,
    /// How often this was asked for, from 1.
    pub attempt: u32,
}

/// What is to happen to money that was authorised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// The same for each attempt.
    pub idempotency_key: String,
    /// The payment.
    pub payment_id: PaymentId,
    /// What the provider calls the payment.
    pub reference: String,
    /// How much: the whole sum.
    pub amount: Money,
    /// How often this was asked for, from 1.
    pub attempt: u32,
}

/// What became of an authorisation, with the provider's reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", content = "reference", rename_all = "snake_case")]
pub enum AuthorizationOutcome {
    /// The money is set aside.
    Authorized(String),
    /// It is not decided yet.
    Pending(String),
}

/// What came of an [`Authorization`].
pub type AuthorizeResponse = super::ProviderResponse<AuthorizationOutcome, Error>;

/// What came of a [`Settlement`].
pub type SettleResponse = super::ProviderResponse<(), Error>;

/// Why a request was not carried out. Only the first text is for the payer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum Error {
    /// The payer's bank or the provider says no.
    Declined(String),
    /// It may work later.
    Retryable(String),
    /// It will never work, and not because of the payer.
    Permanent(String),
    /// Anything else.
    Other(String),
}
