//! A fake of the adapter and the provider that is composed into it.

use super::Fixture;
use crate::payment::Operation;
use crate::provider::ProviderResult;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use spindle_contracts::PaymentId;
use spindle_platform::Platform;
use spindle_platform::http::{Params, Request, empty, json as json_response};
use std::cell::RefCell;
use std::rc::Rc;

/// A call that the provider received.
pub(super) struct ReceivedCall {
    pub(super) operation: Operation,
    pub(super) token: Option<String>,
    /// The number of this attempt at the operation, from 1.
    pub(super) attempt: u32,
}

/// The names of the operations that were called, each with the number of the attempt.
pub(super) type Calls = Rc<RefCell<Vec<(&'static str, u32)>>>;

/// Succeeds at every call.
pub(super) fn always_succeeds(call: &ReceivedCall) -> ProviderResult {
    match call.operation {
        Operation::Authorize => ProviderResult::Authorized("ref".to_owned()),
        Operation::Capture | Operation::Void | Operation::Refund => ProviderResult::Done,
    }
}

/// Makes the provider on `platform` respond with `provider` from now on, and records the calls in `calls`.
pub(super) fn respond_with(
    platform: &Platform,
    calls: &Calls,
    provider: impl FnMut(&ReceivedCall) -> ProviderResult + 'static,
) {
    let (calls, provider) = (Rc::clone(calls), Rc::new(RefCell::new(provider)));
    platform.serve("payment-provider.spin.internal", move |request| {
        let (calls, provider) = (Rc::clone(&calls), Rc::clone(&provider));
        Box::pin(async move {
            let call = read(request).await;
            calls.borrow_mut().push((call.operation.name(), call.attempt));
            let result = (provider.borrow_mut())(&call);
            json_response(StatusCode::OK, &adapter_response(&result))
        })
    });
}

async fn read(request: Request) -> ReceivedCall {
    #[derive(Deserialize)]
    struct CallBody {
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
        other => panic!("payments calls {other}"),
    };
    let body = request.on_route(Params::default(), 10_000).internal_json::<CallBody>().await.unwrap();
    let CallBody { idempotency_key, payment_id, token, attempt } = body;
    assert_eq!(idempotency_key, format!("{payment_id}:{}", operation.name()));
    ReceivedCall { operation, token, attempt }
}

/// Returns the body of the adapter's response for `result`.
fn adapter_response(result: &ProviderResult) -> Value {
    match result {
        ProviderResult::Done => json!({ "ok": null }),
        ProviderResult::Authorized(reference) | ProviderResult::Pending(reference) => {
            json!({ "ok": { "status": result.name(), "reference": reference } })
        }
        error => json!({ "error": { "kind": error.name(), "detail": error.detail() } }),
    }
}

#[test]
fn a_call_without_a_valid_response_is_logged_and_retried() {
    let authorized = json!({ "ok": { "status": "authorized", "reference": "ref" } });
    let invalid_responses = [
        (empty(StatusCode::INTERNAL_SERVER_ERROR), "its adapter answered 500"),
        (json_response(StatusCode::ACCEPTED, &authorized), "its adapter answered 202"),
        (json_response(StatusCode::OK, &json!({ "ok": null })), "its adapter answered something else"),
    ];
    for (invalid, cause) in invalid_responses {
        let mut fixture = Fixture::new();
        fixture.client.platform().serve("payment-provider.spin.internal", move |_| {
            let invalid = invalid.clone();
            Box::pin(async { invalid })
        });
        fixture.publish("PaymentRequested", 5);
        assert_eq!(fixture.status(5), "requested");
        let logged = fixture.client.platform().logged();
        assert!(
            logged.iter().any(|line| line.contains("the payment provider did not respond") && line.contains(cause)),
            "{logged:?}"
        );
        assert!(logged.iter().all(|line| !line.contains("pm_secret")), "{logged:?}");
        fixture.respond_with(always_succeeds);
        fixture.tick_after(2);
        assert_eq!((fixture.status(5).as_str(), fixture.calls()), ("authorized", vec![("authorize", 2)]));
    }
}
