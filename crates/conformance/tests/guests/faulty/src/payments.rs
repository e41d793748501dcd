//! Payments.

use crate::Faulty;
use crate::bindings::exports::spindle::payments::provider::{Authorization, Error, Guest, Outcome, Settlement};
use crate::service_call::{self, Request};

impl Guest for Faulty {
    fn authorize(request: Authorization) -> Result<Outcome, Error> {
        let reference = service_call::call_service(&Request {
            key: &request.idempotency_key,
            attempt: request.attempt,
            texts: vec![("token", &request.token)],
            currency: Some(&request.amount.currency),
            amount: Some(request.amount.amount),
            secret: Some(&request.token),
        })?;
        Ok(Outcome::Authorized(reference))
    }

    fn capture(request: Settlement) -> Result<(), Error> {
        settle(&request)
    }

    fn void(request: Settlement) -> Result<(), Error> {
        settle(&request)
    }

    fn refund(request: Settlement) -> Result<(), Error> {
        settle(&request)
    }
}

fn settle(request: &Settlement) -> Result<(), Error> {
    service_call::call_service(&Request {
        key: &request.idempotency_key,
        attempt: request.attempt,
        texts: vec![("reference", &request.reference)],
        currency: Some(&request.amount.currency),
        amount: Some(request.amount.amount),
        secret: None,
    })?;
    Ok(())
}

impl From<service_call::Error> for Error {
    fn from(error: service_call::Error) -> Self {
        match error {
            service_call::Error::Permanent(why) => Self::Permanent(why),
            service_call::Error::Retryable(why) => Self::Retryable(why),
        }
    }
}
