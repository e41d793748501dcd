//! Execution of payments: the calls of the provider, the published events, and the state after a crash.

use super::fake_provider::{ReceivedCall, always_succeeds};
use super::{Fixture, OWNER, START, event};
use crate::payment::Operation;
use crate::provider::ProviderResult;
use http::StatusCode;
use serde_json::{Value, json};
use std::thread;
use uuid::Uuid;

fn text(text: &str) -> String {
    text.to_owned()
}

/// Returns a provider that answers authorisations with `result`, and succeeds at everything else.
fn authorizing_with(result: ProviderResult) -> impl FnMut(&ReceivedCall) -> ProviderResult {
    move |call| if call.operation == Operation::Authorize { result.clone() } else { always_succeeds(call) }
}

/// Returns a provider that answers `operation` with `result`, and succeeds at everything else.
fn answering_with(operation: Operation, result: ProviderResult) -> impl FnMut(&ReceivedCall) -> ProviderResult {
    move |call| if call.operation == operation { result.clone() } else { always_succeeds(call) }
}

#[test]
fn a_payment_is_authorised_on_request_and_captured_once_its_order_is_paid() {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    let payment = fixture.payment(5);
    let expected = json!({
        "id": payment["id"], "order_id": Uuid::from_u128(5), "user_id": Uuid::from_u128(OWNER),
        "amount": { "amount": 1299, "currency": "EUR" }, "status": "authorized", "provider": "sandbox",
        "provider_reference": "ref", "decline_code": null, "decline_reason": null, "attempts": 1, "last_error": null,
        "created_at": "2023-11-14T22:13:20.000Z", "updated_at": "2023-11-14T22:13:20.000Z",
    });
    assert_eq!(payment, expected);
    assert_eq!((fixture.calls(), fixture.published()), (vec![("authorize", 1)], vec![text("PaymentAuthorized")]));
    fixture.publish("OrderPaid", 5);
    assert_eq!(fixture.status(5), "captured");
    assert_eq!((fixture.calls(), fixture.published()), (vec![("capture", 1)], vec![text("PaymentCaptured")]));
    let orders = || Some(text("orders"));
    let expected =
        ["payment.requested", "payment.authorized", "payment.captured"].map(|action| (text(action), orders()));
    assert_eq!(fixture.audited(), expected);
}

#[test]
fn the_token_is_stored_only_in_the_inbox() {
    let mut fixture = Fixture::with(|call| {
        assert_eq!(call.token.as_deref(), Some("pm_secret"));
        ProviderResult::Pending(text("ref"))
    });
    fixture.publish("PaymentRequested", 5);
    for table in ["payments", "provider_calls", "outbox", "audit_log"] {
        let columns: Vec<(String, Option<String>)> =
            fixture.client.rows(&format!("SELECT name, NULL FROM pragma_table_info('{table}')"));
        for (column, _) in columns {
            let found: Vec<(String, Option<String>)> = fixture
                .client
                .rows(&format!("SELECT '{column}', NULL FROM {table} WHERE CAST({column} AS TEXT) LIKE '%pm_secret%'"));
            assert_eq!(found, [], "{table}.{column}");
        }
    }
    assert!(fixture.client.platform().logged().iter().all(|line| !line.contains("pm_secret")));
}

#[test]
fn a_duplicate_event_is_ignored() {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    fixture.publish("OrderPaid", 5);
    fixture.calls();
    fixture.published();
    let before = fixture.payment(5);
    fixture.events = 0;
    for kind in ["PaymentRequested", "OrderPaid"] {
        fixture.publish(kind, 5);
    }
    // Events with other ids and the same data, as a producer that publishes twice would send them.
    for kind in ["PaymentRequested", "OrderPaid"] {
        fixture.publish(kind, 5);
    }
    assert_eq!((fixture.payment(5), fixture.calls(), fixture.published()), (before, vec![], vec![]));
}

#[test]
fn a_declined_payment_has_a_reason_and_is_not_tried_again() {
    for (result, code, reason, error) in [
        (
            ProviderResult::Declined(text("insufficient funds")),
            "declined",
            "insufficient funds",
            "authorize: declined: insufficient funds",
        ),
        (
            ProviderResult::Permanent(text("key 17 unknown")),
            "provider_error",
            "the payment provider cannot carry this out",
            "authorize: permanent: key 17 unknown",
        ),
    ] {
        let mut fixture = Fixture::with(authorizing_with(result));
        fixture.publish("PaymentRequested", 5);
        let payment = fixture.payment(5);
        assert_eq!(payment["status"], "declined");
        assert_eq!((&payment["decline_code"], &payment["decline_reason"]), (&json!(code), &json!(reason)));
        assert_eq!((&payment["attempts"], &payment["last_error"]), (&json!(1), &json!(error)));
        fixture.publish("OrderCancelled", 5);
        assert_eq!((fixture.calls(), fixture.published()), (vec![("authorize", 1)], vec![text("PaymentDeclined")]));
        assert_eq!((fixture.status(5), fixture.dead_letters()), (text("declined"), vec![]));
    }
}

#[test]
fn a_call_that_fails_is_retried_with_the_number_of_the_attempt() {
    let flaky = |call: &ReceivedCall| {
        if call.operation == Operation::Authorize && call.attempt < 3 {
            ProviderResult::Retryable(text("busy"))
        } else {
            always_succeeds(call)
        }
    };
    let mut fixture = Fixture::with(flaky);
    fixture.publish("PaymentRequested", 5);
    assert_eq!(fixture.status(5), "requested");
    fixture.tick_after(2);
    fixture.tick_after(2);
    assert_eq!(fixture.status(5), "authorized");
    assert_eq!(fixture.calls(), [("authorize", 1), ("authorize", 2), ("authorize", 3)]);
    assert_eq!(fixture.published(), ["PaymentAuthorized"]);
    let calls: Vec<(String, Option<String>)> =
        fixture.client.rows("SELECT outcome, detail FROM provider_calls ORDER BY number");
    let busy = (text("retryable"), Some(text("busy")));
    assert_eq!(calls, [busy.clone(), busy, (text("authorized"), Some(text("ref")))]);
}

#[test]
fn a_call_that_fails_too_often_becomes_a_dead_letter_and_continues_when_replayed() {
    let mut fixture = Fixture::with(authorizing_with(ProviderResult::Other(text("what?"))));
    fixture.publish("PaymentRequested", 5);
    fixture.tick_after(2);
    fixture.tick_after(2);
    assert_eq!((fixture.status(5), fixture.dead_letters()), (text("requested"), vec![text("authorize: what?")]));
    fixture.respond_with(always_succeeds);
    let replay = "/internal/payments/dead-letters/replay";
    fixture.client.post(replay).as_service("gateway").json(&json!({})).send().expect(StatusCode::ACCEPTED);
    fixture.tick_after(1);
    assert_eq!((fixture.status(5), fixture.dead_letters()), (text("authorized"), vec![]));
}

#[test]
fn the_payment_of_a_cancelled_order_is_voided_or_refunded() {
    for (events_before, status, call, event) in [
        (&["PaymentRequested"] as &[&str], "voided", "void", "PaymentVoided"),
        (&["PaymentRequested", "OrderPaid"], "refunded", "refund", "PaymentRefunded"),
    ] {
        let mut fixture = Fixture::new();
        for kind in events_before {
            fixture.publish(kind, 5);
        }
        fixture.calls();
        fixture.published();
        fixture.publish("OrderCancelled", 5);
        fixture.publish("OrderPaid", 5);
        assert_eq!(fixture.status(5), status);
        assert_eq!((fixture.calls(), fixture.published()), (vec![(call, 1)], vec![text(event)]));
    }
}

#[test]
fn an_order_that_is_cancelled_before_its_payment_is_requested_is_never_charged() {
    let mut fixture = Fixture::new();
    fixture.publish("OrderCancelled", 5);
    fixture.publish("PaymentRequested", 5);
    fixture.publish("OrderPaid", 5);
    assert_eq!((fixture.status(5), fixture.calls()), (text("voided"), vec![]));
    assert_eq!(fixture.published(), ["PaymentVoided"]);
    assert_eq!(fixture.audited(), [(text("payment.voided"), Some(text("orders")))]);
}

#[test]
fn a_pending_payment_is_voided_when_its_order_is_cancelled() {
    let mut fixture = Fixture::with(authorizing_with(ProviderResult::Pending(text("later"))));
    fixture.publish("PaymentRequested", 5);
    assert_eq!((fixture.status(5), fixture.published()), (text("requested"), vec![]));
    fixture.tick_after(3_000);
    assert_eq!(fixture.calls(), [("authorize", 1)], "a pending payment waits for the webhook");
    fixture.publish("OrderCancelled", 5);
    assert_eq!(
        (fixture.status(5), fixture.calls(), fixture.published()),
        (text("voided"), vec![("void", 1)], vec![text("PaymentVoided")])
    );
}

#[test]
fn an_authorisation_whose_response_was_lost_is_repeated_and_voided_at_once() {
    let mut fixture = Fixture::with(authorizing_with(ProviderResult::Retryable(text("no answer"))));
    fixture.publish("PaymentRequested", 5);
    fixture.publish("OrderCancelled", 5);
    assert_eq!((fixture.status(5), fixture.calls()), (text("requested"), vec![("authorize", 1)]));
    fixture.respond_with(always_succeeds);
    fixture.tick_after(2);
    assert_eq!((fixture.status(5), fixture.calls()), (text("voided"), vec![("authorize", 2), ("void", 1)]));
    assert_eq!(fixture.published(), ["PaymentVoided"], "an authorisation that is voided at once is not published");
}

/// Makes the capture of the order 5 end without a response in a way that `lose` chooses, after the provider has carried it out, and cancels the
/// order then.
fn cancelled_after_a_lost_capture(lose: fn() -> ProviderResult) -> Fixture {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    fixture.respond_with(move |call| match call.operation {
        Operation::Capture => lose(),
        _ => always_succeeds(call),
    });
    let paid = std::panic::AssertUnwindSafe(|| fixture.publish("OrderPaid", 5));
    drop(std::panic::catch_unwind(paid));
    assert_eq!((fixture.status(5), fixture.calls()), (text("authorized"), vec![("authorize", 1), ("capture", 1)]));
    // The provider has captured, and refuses a void.
    fixture.respond_with(|call| match call.operation {
        Operation::Void => ProviderResult::Permanent(text("captured already")),
        _ => always_succeeds(call),
    });
    fixture.published();
    fixture.publish("OrderCancelled", 5);
    fixture.tick_after(22);
    fixture
}

#[test]
fn a_capture_whose_response_was_lost_is_asked_again_and_refunded_when_the_order_is_cancelled() {
    for lose in [
        (|| ProviderResult::Retryable(text("no answer"))) as fn() -> ProviderResult,
        || ProviderResult::Other(text("connection reset")),
        || panic!("killed"),
    ] {
        let fixture = cancelled_after_a_lost_capture(lose);
        assert_eq!((fixture.status(5), fixture.calls()), (text("refunded"), vec![("capture", 2), ("refund", 1)]));
        assert_eq!(fixture.published(), ["PaymentCaptured", "PaymentRefunded"]);
        assert_eq!(fixture.dead_letters(), [""; 0]);
    }
}

#[test]
fn a_capture_that_was_refused_in_the_end_is_followed_by_a_void() {
    let mut fixture = Fixture::with(answering_with(Operation::Capture, ProviderResult::Retryable(text("no answer"))));
    fixture.publish("PaymentRequested", 5);
    fixture.publish("OrderPaid", 5);
    fixture.respond_with(answering_with(Operation::Capture, ProviderResult::Declined(text("expired"))));
    fixture.calls();
    fixture.publish("OrderCancelled", 5);
    assert_eq!((fixture.status(5), fixture.calls()), (text("voided"), vec![("capture", 2), ("void", 1)]));
}

#[test]
fn an_order_that_is_cancelled_during_a_call_is_voided_or_refunded_after_it() {
    // The cancellation arrives during another call of the provider.
    for (during, calls, status) in [
        (Operation::Authorize, vec![("authorize", 1), ("void", 1)], "voided"),
        (Operation::Capture, vec![("authorize", 1), ("capture", 1), ("refund", 1)], "refunded"),
    ] {
        let mut fixture = Fixture::new();
        let cancel = cancelling(&fixture, START);
        fixture.respond_with(move |call| {
            if call.operation == during {
                cancel();
            }
            always_succeeds(call)
        });
        fixture.publish("PaymentRequested", 5);
        fixture.publish("OrderPaid", 5);
        fixture.tick_after(2);
        assert_eq!((fixture.status(5), fixture.calls()), (text(status), calls), "{during:?}");
        assert_eq!(fixture.dead_letters(), [""; 0]);
    }
}

#[test]
fn an_instance_whose_clock_differs_makes_no_call_during_that_of_another_one() {
    for skew in [-3_600_000, 3_600_000] {
        let mut fixture = Fixture::new();
        let cancel = cancelling(&fixture, START + skew);
        fixture.respond_with(move |call| {
            if call.operation == Operation::Capture {
                cancel();
            }
            always_succeeds(call)
        });
        fixture.publish("PaymentRequested", 5);
        fixture.publish("OrderPaid", 5);
        fixture.tick_after(2);
        let calls = vec![("authorize", 1), ("capture", 1), ("refund", 1)];
        assert_eq!((fixture.status(5), fixture.calls()), (text("refunded"), calls), "{skew}");
        let numbers: Vec<(i64,)> = fixture.client.rows("SELECT number FROM provider_calls WHERE outcome IS NULL");
        assert!(numbers.is_empty(), "{skew}: {numbers:?}");
    }
}

#[test]
fn a_lease_that_a_call_may_outlast_is_refused_and_not_ready() {
    let mut fixture = Fixture::new();
    fixture.client.platform().set_variable("notifications_url", "http://notifications.spin.internal");
    let ready = |fixture: &Fixture| {
        let report = fixture.client.get("/internal/payments/ready").as_service("gateway").send().json();
        (report["ready"].clone(), report["detail"].clone())
    };
    fixture.client.platform().set_variable("event_lease_seconds", "15");
    let expected =
        "the variable event_lease_seconds is not longer than the calls of a provider in one attempt may take";
    assert_eq!(ready(&fixture), (false.into(), expected.into()));
    fixture.publish("PaymentRequested", 5);
    assert_eq!((fixture.status(5), fixture.calls()), (text("none"), vec![]));
    fixture.client.platform().set_variable("event_lease_seconds", "16");
    assert_eq!(ready(&fixture), (true.into(), Value::Null));
    fixture.tick_after(1);
    assert_eq!((fixture.status(5), fixture.calls()), (text("authorized"), vec![("authorize", 1)]));
}

/// Returns a function that cancels the order 5 by an event to another instance, whose clock stands at `millis`.
fn cancelling(fixture: &Fixture, millis: i64) -> impl Fn() + 'static {
    fixture.payment(5);
    let database = fixture.client.platform().database("payments").unwrap();
    move || {
        let database = database.clone();
        let publish = move || Fixture::second_instance(&database, millis).publish_as(900, "OrderCancelled", 5);
        thread::spawn(publish).join().unwrap();
    }
}

#[test]
fn a_refused_capture_declines_the_payment() {
    let mut fixture = Fixture::with(answering_with(Operation::Capture, ProviderResult::Permanent(text("expired"))));
    fixture.publish("PaymentRequested", 5);
    fixture.publish("OrderPaid", 5);
    assert_eq!(fixture.status(5), "declined");
    assert_eq!(fixture.published(), ["PaymentAuthorized", "PaymentDeclined"]);
}

#[test]
fn a_refused_refund_becomes_a_dead_letter() {
    let mut fixture =
        Fixture::with(answering_with(Operation::Refund, ProviderResult::Declined(text("account closed"))));
    fixture.publish("PaymentRequested", 5);
    fixture.publish("OrderPaid", 5);
    fixture.publish("OrderCancelled", 5);
    assert_eq!(fixture.status(5), "captured");
    assert_eq!(fixture.dead_letters(), ["the provider refuses to refund: account closed"]);
    let calls: Vec<(String, Option<String>)> =
        fixture.client.rows("SELECT operation, outcome FROM provider_calls WHERE operation = 'refund'");
    assert_eq!(calls, [(text("refund"), Some(text("declined")))]);
}

#[test]
fn a_paid_order_without_a_payment_is_retried_until_the_payment_exists() {
    let mut fixture = Fixture::new();
    fixture.publish("OrderPaid", 5);
    fixture.publish("PaymentRequested", 5);
    assert_eq!(fixture.status(5), "authorized");
    fixture.tick_after(2);
    assert_eq!(fixture.status(5), "captured");
}

#[test]
fn a_call_that_a_crash_interrupts_is_repeated_once_its_lease_ends() {
    let mut fixture = Fixture::with(|_| panic!("killed"));
    let killed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| fixture.publish("PaymentRequested", 5)));
    assert!(killed.is_err());
    fixture.respond_with(always_succeeds);
    fixture.tick_after(10);
    assert_eq!(
        (fixture.status(5), fixture.calls()),
        (text("requested"), vec![("authorize", 1)]),
        "the lease has not ended"
    );
    fixture.tick_after(11);
    assert_eq!((fixture.status(5), fixture.calls()), (text("authorized"), vec![("authorize", 2)]));
    assert_eq!(fixture.published(), ["PaymentAuthorized"]);
}

#[test]
fn an_event_with_invalid_data_becomes_a_dead_letter() {
    let fixture = Fixture::new();
    let mut event = event(1, "PaymentRequested", 5);
    event["data"]["amount"] = Value::Null;
    fixture.client.post("/internal/payments/events").as_service("orders").json(&json!([event])).send();
    let [error] = fixture.dead_letters().try_into().unwrap();
    assert!(error.starts_with("invalid PaymentRequested: "), "{error}");
}
