//! The provider that spin.toml composes this component with.

use super::{Answer, Call};
use crate::payment::Operation;

wit_bindgen::generate!({ path: "../../wit/payments", world: "payment-taker" });

use spindle::payments::provider::{self, Authorization, Error, Money, Outcome, Settlement};

pub(super) async fn make(call: &Call) -> Answer {
    match call.operation {
        Operation::Authorize => match provider::authorize(&authorization(call)) {
            Ok(Outcome::Authorized(reference)) => Answer::Authorized(reference),
            Ok(Outcome::Pending(reference)) => Answer::Pending(reference),
            Err(error) => error.into(),
        },
        Operation::Capture => settled(provider::capture(&settlement(call))),
        Operation::Void => settled(provider::void(&settlement(call))),
        Operation::Refund => settled(provider::refund(&settlement(call))),
    }
}

fn authorization(call: &Call) -> Authorization {
    Authorization {
        idempotency_key: call.idempotency_key(),
        payment_id: call.payment.id.to_string(),
        order_id: call.payment.order_id.to_string(),
        amount: amount(call),
        token: call.token.clone(),
        attempt: call.attempt,
    }
}

fn settlement(call: &Call) -> Settlement {
    Settlement {
        idempotency_key: call.idempotency_key(),
        payment_id: call.payment.id.to_string(),
        reference: call.payment.provider_reference.clone().unwrap_or_default(),
        amount: amount(call),
        attempt: call.attempt,
    }
}

fn amount(call: &Call) -> Money {
    let spindle_contracts::Money { amount, currency } = call.payment.amount;
    Money { amount, currency: currency.code().to_owned() }
}

fn settled(answer: Result<(), Error>) -> Answer {
    answer.map_or_else(Answer::from, |()| Answer::Done)
}

impl From<Error> for Answer {
    fn from(error: Error) -> Self {
        match error {
            Error::Declined(reason) => Self::Declined(reason),
            Error::Retryable(detail) => Self::Retryable(detail),
            Error::Permanent(detail) => Self::Permanent(detail),
            Error::Other(detail) => Self::Other(detail),
        }
    }
}
