//! A payment provider without a memory or a rule of its own: each request goes to the service at `endpoint`, which is a server of the tests
//! (tests/src/payment_service.rs), and the status of its response is the result. It waits for a response for as long as its caller lets it.
#![cfg(target_family = "wasm")]
#![expect(unsafe_code, reason = "generated bindings export C symbols")]

mod bindings {
    wit_bindgen::generate!({
        inline: "
            package spindle:remote-payments;
            world remote-payments {
              import fermyon:spin/variables@2.0.0;
              export spindle:payments/provider@1.0.0;
            }
        ",
        path: ["../../../../../wit/payments", "../../../../host/wit/deps/spin@2.0.0"],
        generate_all,
    });
}

// The faults of its requests stay off, but for its patience.
#[path = "../../faulty/src/http_client.rs"]
mod http_client;

use bindings::exports::spindle::payments::provider::{Authorization, Error, Guest, Money, Outcome, Settlement};
use bindings::fermyon::spin::variables;
use http_client::{PostFailure, PostRequest, PostResponse};

struct RemotePayments;

bindings::export!(RemotePayments with_types_in bindings);

impl Guest for RemotePayments {
    fn authorize(request: Authorization) -> Result<Outcome, Error> {
        let Authorization { idempotency_key, payment_id, token, attempt, .. } = &request;
        let response = post("authorize", idempotency_key, &body(payment_id, token, &request.amount, *attempt))?;
        let reference = || response.id().map(str::to_owned).ok_or(Error::Other("a response without an id".to_owned()));
        match response.status {
            200 => Ok(Outcome::Authorized(reference()?)),
            202 => Ok(Outcome::Pending(reference()?)),
            status => Err(failure(status)),
        }
    }

    fn capture(request: Settlement) -> Result<(), Error> {
        settle("capture", &request)
    }

    fn void(request: Settlement) -> Result<(), Error> {
        settle("void", &request)
    }

    fn refund(request: Settlement) -> Result<(), Error> {
        settle("refund", &request)
    }
}

fn settle(operation: &str, request: &Settlement) -> Result<(), Error> {
    let Settlement { idempotency_key, payment_id, reference, attempt, .. } = request;
    let response = post(operation, idempotency_key, &body(payment_id, reference, &request.amount, *attempt))?;
    if response.status == 200 { Ok(()) } else { Err(failure(response.status)) }
}

/// Returns the body of a request. The texts of the tests have nothing that JSON escapes.
fn body(payment_id: &str, means: &str, Money { amount, currency }: &Money, attempt: u32) -> String {
    format!(
        r#"{{"payment_id":"{payment_id}","means":"{means}","amount":{amount},"currency":"{currency}","attempt":{attempt}}}"#
    )
}

fn post(operation: &str, key: &str, body: &str) -> Result<PostResponse, Error> {
    let endpoint = variables::get("endpoint").unwrap_or_default();
    let url = format!("{endpoint}/{operation}");
    let request = PostRequest {
        key: Some(key),
        is_patient: true,
        is_patient_with_bodies: true,
        takes_its_time: true,
        ..PostRequest::new(&url, "none", body)
    };
    match http_client::post(&request) {
        Ok(response) if response.is_whole => Ok(response),
        Ok(_) => Err(Error::Retryable("a part of a response".to_owned())),
        Err(PostFailure::NoConnection) => Err(Error::Retryable("no connection".to_owned())),
        Err(PostFailure::NoResponse) => Err(Error::Retryable("no response".to_owned())),
    }
}

/// Returns the error for a status of the service.
fn failure(status: u16) -> Error {
    match status {
        402 => Error::Declined("insufficient funds".to_owned()),
        409 => Error::Permanent("the service refuses".to_owned()),
        other => Error::Retryable(format!("the service answered {other}")),
    }
}
