//! A payment provider. This version posts each operation as JSON to the variable `endpoint`, with the variable `key` as a bearer token. Change the
//! request to the one that your service expects, and the meaning of its responses.

mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "provider", generate_all });
}
mod exchange;
mod post;

use bindings::exports::spindle::payments::provider::{Authorization, Error, Guest, Outcome, Settlement};
use bindings::wasi;
use serde_json::{Value, json};

struct Provider;

impl Guest for Provider {
    fn authorize(request: Authorization) -> Result<Outcome, Error> {
        let body = json!({
            "operation": "authorize",
            "payment_id": request.payment_id,
            "order_id": request.order_id,
            "amount": request.amount.amount,
            "currency": request.amount.currency,
            "token": request.token,
        });
        let (status, response) = call(&request.idempotency_key, &body)?;
        match (status, post::id(&response)) {
            (_, reference) if reference.is_empty() => {
                Err(Error::Retryable("the service returned no id of the payment".to_owned()))
            }
            // The service decides later, and reports it by a webhook.
            (202, reference) => Ok(Outcome::Pending(reference)),
            (_, reference) => Ok(Outcome::Authorized(reference)),
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
    let body = json!({
        "operation": operation,
        "payment_id": request.payment_id,
        "reference": request.reference,
        "amount": request.amount.amount,
        "currency": request.amount.currency,
    });
    call(&request.idempotency_key, &body).map(drop)
}

/// Posts an operation. Returns the status and the response if the service carried it out.
fn call(key: &str, body: &Value) -> Result<(u16, Vec<u8>), Error> {
    let (status, response) = post::post(key, body).map_err(Error::Retryable)?;
    let detail = format!("the service answered {status}");
    match status {
        200..300 => Ok((status, response)),
        // The payer reads this.
        402 => Err(Error::Declined("the payment was declined".to_owned())),
        status if post::is_later(status) => Err(Error::Retryable(detail)),
        _ => Err(Error::Permanent(detail)),
    }
}

bindings::export!(Provider with_types_in bindings);
