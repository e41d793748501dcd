//! The provider that spin.toml composes this component with.

use spindle_contracts::provider::{payments, truncated};

wit_bindgen::generate!({ path: "../../../wit/payments", world: "payment-taker" });

use spindle::payments::provider::{self, Authorization, Error, Money, Outcome, Settlement};

pub(crate) fn authorize(request: payments::Authorization) -> Result<payments::AuthorizationOutcome, payments::Error> {
    Ok(provider::authorize(&request.into())?.into())
}

pub(crate) fn capture(request: payments::Settlement) -> Result<(), payments::Error> {
    Ok(provider::capture(&request.into())?)
}

pub(crate) fn void(request: payments::Settlement) -> Result<(), payments::Error> {
    Ok(provider::void(&request.into())?)
}

pub(crate) fn refund(request: payments::Settlement) -> Result<(), payments::Error> {
    Ok(provider::refund(&request.into())?)
}

impl From<payments::Authorization> for Authorization {
    fn from(request: payments::Authorization) -> Self {
        let payments::Authorization { idempotency_key, payment_id, order_id, amount, token, attempt } = request;
        let (payment_id, order_id) = (payment_id.to_string(), order_id.to_string());
        Self { idempotency_key, payment_id, order_id, amount: amount.into(), token, attempt }
    }
}

impl From<payments::Settlement> for Settlement {
    fn from(request: payments::Settlement) -> Self {
        let payments::Settlement { idempotency_key, payment_id, reference, amount, attempt } = request;
        Self { idempotency_key, payment_id: payment_id.to_string(), reference, amount: amount.into(), attempt }
    }
}

impl From<spindle_contracts::Money> for Money {
    fn from(money: spindle_contracts::Money) -> Self {
        Self { amount: money.amount, currency: money.currency.code().to_owned() }
    }
}

impl From<Outcome> for payments::AuthorizationOutcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Authorized(reference) => Self::Authorized(truncated(reference)),
            Outcome::Pending(reference) => Self::Pending(truncated(reference)),
        }
    }
}

impl From<Error> for payments::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Declined(reason) => Self::Declined(truncated(reason)),
            Error::Retryable(detail) => Self::Retryable(truncated(detail)),
            Error::Permanent(detail) => Self::Permanent(truncated(detail)),
            Error::Other(detail) => Self::Other(truncated(detail)),
        }
    }
}
