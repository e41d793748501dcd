//! A payment provider. As it is, it posts each operation as JSON to the variable `endpoint`. What is yours to change is what your service wants to
//! be asked, and what its answers mean.

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
        let question = json!({
            "operation": "authorize",
            "payment_id": request.payment_id,
            "order_id": request.order_id,
            "amount": request.amount.amount,
            "currency": request.amount.currency,
            "token": request.token,
        });
        let (status, answer) = ask(&request.idempotency_key, &question)?;
        match (status, post::id(&answer)) {
            (_, reference) if reference.is_empty() => {
                Err(Error::Retryable("the service did not say what it calls the payment".to_owned()))
            }
            // It tells later, by a webhook.
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
    let question = json!({
        "operation": operation,
        "payment_id": request.payment_id,
        "reference": request.reference,
        "amount": request.amount.amount,
        "currency": request.amount.currency,
    });
    ask(&request.idempotency_key, &question).map(drop)
}

/// The status and the answer if the service did what it was asked.
fn ask(key: &str, question: &Value) -> Result<(u16, Vec<u8>), Error> {
    let (status, answer) = post::post(key, question).map_err(Error::Retryable)?;
    let detail = format!("the service answered {status}");
    match status {
        200..300 => Ok((status, answer)),
        // The payer reads this.
        402 => Err(Error::Declined("the payment was declined".to_owned())),
        status if post::is_later(status) => Err(Error::Retryable(detail)),
        _ => Err(Error::Permanent(detail)),
    }
}

bindings::export!(Provider with_types_in bindings);
