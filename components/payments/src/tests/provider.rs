//! A stand-in for the adapter with the provider in it.

use super::Shop;
use crate::payment::Operation;
use crate::provider::Answer;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use spindle_contracts::PaymentId;
use spindle_platform::Platform;
use spindle_platform::http::{Params, Request, empty, json as answer};
use std::cell::RefCell;
use std::rc::Rc;

/// What the provider was asked for.
pub(super) struct Asked {
    pub(super) operation: Operation,
    pub(super) token: Option<String>,
    /// How often the operation was asked for, from 1.
    pub(super) attempt: u32,
}

/// The names of the operations that were asked for, with the number of the attempt.
pub(super) type Calls = Rc<RefCell<Vec<(&'static str, u32)>>>;

/// A provider that does what it is asked.
pub(super) fn obliging(asked: &Asked) -> Answer {
    match asked.operation {
        Operation::Authorize => Answer::Authorized("ref".to_owned()),
        Operation::Capture | Operation::Void | Operation::Refund => Answer::Done,
    }
}

/// Lets the provider on `platform` answer with `provider` from now on, and `calls` know what it is asked for.
pub(super) fn answer_with(platform: &Platform, calls: &Calls, provider: impl FnMut(&Asked) -> Answer + 'static) {
    let (calls, provider) = (Rc::clone(calls), Rc::new(RefCell::new(provider)));
    platform.serve("payment-provider.spin.internal", move |request| {
        let (calls, provider) = (Rc::clone(&calls), Rc::clone(&provider));
        Box::pin(async move {
            let asked = read(request).await;
            calls.borrow_mut().push((asked.operation.name(), asked.attempt));
            let given = (provider.borrow_mut())(&asked);
            answer(StatusCode::OK, &as_told(&given))
        })
    });
}

async fn read(request: Request) -> Asked {
    #[derive(Deserialize)]
    struct Question {
        idempotency_key: String,
        payment_id: PaymentId,
        token: Option<String>,
        attempt: u32,
    }
    let operation = match request.path() {
        "/internal/payment-provider/authorize" => Operation::Authorize,
        "/internal/payment-provider/capture" => Operation::Capture,
        "/internal/payment-provider/void" => Operation::Void,
        "/internal/payment-provider/refund" => Operation::Refund,
        other => panic!("payments asks for {other}"),
    };
    let question = request.on_route(Params::default(), 10_000).json::<Question>().await.unwrap();
    let Question { idempotency_key, payment_id, token, attempt } = question;
    assert_eq!(idempotency_key, format!("{payment_id}:{}", operation.name()));
    Asked { operation, token, attempt }
}

/// What an adapter makes of `answer`.
fn as_told(answer: &Answer) -> Value {
    match answer {
        Answer::Done => json!({ "ok": null }),
        Answer::Authorized(reference) | Answer::Pending(reference) => {
            json!({ "ok": { "status": answer.name(), "reference": reference } })
        }
        error => json!({ "error": { "kind": error.name(), "detail": error.detail() } }),
    }
}

#[test]
fn what_is_no_answer_is_logged_and_the_provider_asked_again() {
    let authorized = json!({ "ok": { "status": "authorized", "reference": "ref" } });
    let no_answers = [
        (empty(StatusCode::INTERNAL_SERVER_ERROR), "its adapter answered 500"),
        (answer(StatusCode::ACCEPTED, &authorized), "its adapter answered 202"),
        (answer(StatusCode::OK, &json!({ "ok": null })), "its adapter answered something else"),
    ];
    for (no_answer, cause) in no_answers {
        let mut shop = Shop::new();
        shop.platform.serve("payment-provider.spin.internal", move |_| {
            let no_answer = no_answer.clone();
            Box::pin(async { no_answer })
        });
        shop.tell("PaymentRequested", 5);
        assert_eq!(shop.status(5), "requested");
        let logged = shop.platform.logged();
        assert!(logged.iter().any(|line| line.contains("gave no answer") && line.contains(cause)), "{logged:?}");
        assert!(logged.iter().all(|line| !line.contains("pm_secret")), "{logged:?}");
        shop.answer_with(obliging);
        shop.tick_after(2);
        assert_eq!((shop.status(5).as_str(), shop.calls()), ("authorized", vec![("authorize", 2)]));
    }
}
