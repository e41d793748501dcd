//! The sandbox as a component: maps its results to the interface.
#![expect(unsafe_code, reason = "generated bindings export C symbols")]

use crate::sandbox;

mod bindings {
    wit_bindgen::generate!({ path: "../../../wit/payments", world: "payment-provider" });
}

use bindings::exports::spindle::payments::provider::{Authorization, Error, Guest, Outcome, Settlement};

struct Sandbox;

impl Guest for Sandbox {
    fn authorize(request: Authorization) -> Result<Outcome, Error> {
        match sandbox::authorize(&request.idempotency_key, &request.token, request.attempt)? {
            sandbox::AuthorizationOutcome::Authorized(reference) => Ok(Outcome::Authorized(reference)),
            sandbox::AuthorizationOutcome::Pending(reference) => Ok(Outcome::Pending(reference)),
        }
    }

    fn capture(request: Settlement) -> Result<(), Error> {
        Ok(sandbox::settle(&request.reference)?)
    }

    fn void(request: Settlement) -> Result<(), Error> {
        Ok(sandbox::settle(&request.reference)?)
    }

    fn refund(request: Settlement) -> Result<(), Error> {
        Ok(sandbox::settle(&request.reference)?)
    }
}

impl From<sandbox::Error> for Error {
    fn from(error: sandbox::Error) -> Self {
        match error {
            sandbox::Error::Declined(reason) => Self::Declined(reason.to_owned()),
            sandbox::Error::Retryable(detail) => Self::Retryable(detail.to_owned()),
            sandbox::Error::Permanent(detail) => Self::Permanent(detail.to_owned()),
        }
    }
}

bindings::export!(Sandbox with_types_in bindings);
