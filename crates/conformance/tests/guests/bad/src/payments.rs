//! Payments.

use crate::Bad;
use crate::ask::{self, Request};
use crate::bindings::exports::spindle::payments::provider::{Authorization, Error, Guest, Outcome, Settlement};

impl Guest for Bad {
    fn authorize(request: Authorization) -> Result<Outcome, Error> {
        let reference = ask::ask(&Request {
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
    ask::ask(&Request {
        key: &request.idempotency_key,
        attempt: request.attempt,
        texts: vec![("reference", &request.reference)],
        currency: Some(&request.amount.currency),
        amount: Some(request.amount.amount),
        secret: None,
    })?;
    Ok(())
}

impl From<ask::Error> for Error {
    fn from(error: ask::Error) -> Self {
        match error {
            ask::Error::Never(why) => Self::Permanent(why),
            ask::Error::Later(why) => Self::Retryable(why),
        }
    }
}
