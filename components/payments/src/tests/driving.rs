//! Payments on their way: what the provider is asked, what orders is told, and what a crash leaves.

use super::provider::{Asked, obliging};
use super::{OWNER, Shop, event};
use crate::payment::Operation;
use crate::provider::Answer;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::thread;
use uuid::Uuid;

fn text(text: &str) -> String {
    text.to_owned()
}

/// A provider that answers authorisations with `answer`, and does everything else.
fn authorizing(answer: Answer) -> impl FnMut(&Asked) -> Answer {
    move |call| if call.operation == Operation::Authorize { answer.clone() } else { obliging(call) }
}

/// A provider that answers `operation` with `answer`, and does everything else.
fn refusing(operation: Operation, answer: Answer) -> impl FnMut(&Asked) -> Answer {
    move |call| if call.operation == operation { answer.clone() } else { obliging(call) }
}

#[test]
fn a_paid_order_is_authorised_and_then_captured() {
    let mut shop = Shop::new();
    shop.tell("PaymentRequested", 5);
    let payment = shop.payment(5);
    let expected = json!({
        "id": payment["id"], "order_id": Uuid::from_u128(5), "user_id": Uuid::from_u128(OWNER),
        "amount": { "amount": 1299, "currency": "EUR" }, "status": "authorized", "provider": "sandbox",
        "provider_reference": "ref", "decline_reason": null,
        "created_at": "2023-11-14T22:13:20.000Z", "updated_at": "2023-11-14T22:13:20.000Z",
    });
    assert_eq!(payment, expected);
    assert_eq!((shop.calls(), shop.told()), (vec![("authorize", 1)], vec![text("PaymentAuthorized")]));
    shop.tell("OrderPaid", 5);
    assert_eq!(shop.status(5), "captured");
    assert_eq!((shop.calls(), shop.told()), (vec![("capture", 1)], vec![text("PaymentCaptured")]));
    let orders = || Some(text("orders"));
    let expected =
        ["payment.requested", "payment.authorized", "payment.captured"].map(|action| (text(action), orders()));
    assert_eq!(shop.audited(), expected);
}

#[test]
fn the_token_is_kept_nowhere_but_in_the_event_that_brought_it() {
    let mut shop = Shop::with(|call| {
        assert_eq!(call.token.as_deref(), Some("pm_secret"));
        Answer::Pending(text("ref"))
    });
    shop.tell("PaymentRequested", 5);
    for table in ["payments", "provider_calls", "outbox", "audit_log"] {
        let columns = shop.rows(&format!("SELECT name, NULL FROM pragma_table_info('{table}')"));
        for (column, _) in columns {
            let found = shop
                .rows(&format!("SELECT '{column}', NULL FROM {table} WHERE CAST({column} AS TEXT) LIKE '%pm_secret%'"));
            assert_eq!(found, [], "{table}.{column}");
        }
    }
    assert!(shop.platform.logged().iter().all(|line| !line.contains("pm_secret")));
}

#[test]
fn what_was_told_already_changes_nothing() {
    let mut shop = Shop::new();
    shop.tell("PaymentRequested", 5);
    shop.tell("OrderPaid", 5);
    shop.calls();
    shop.told();
    let before = shop.payment(5);
    shop.events = 0;
    for kind in ["PaymentRequested", "OrderPaid"] {
        shop.tell(kind, 5);
    }
    // The same once more in other events, as a producer that repeats itself would send it.
    for kind in ["PaymentRequested", "OrderPaid"] {
        shop.tell(kind, 5);
    }
    assert_eq!((shop.payment(5), shop.calls(), shop.told()), (before, vec![], vec![]));
}

#[test]
fn a_declined_payment_says_why_and_is_asked_for_once() {
    for (answer, reason) in [
        (Answer::Declined(text("insufficient funds")), "insufficient funds"),
        (Answer::Permanent(text("key 17 unknown")), "the payment provider cannot carry this out"),
    ] {
        let mut shop = Shop::with(authorizing(answer));
        shop.tell("PaymentRequested", 5);
        let payment = shop.payment(5);
        assert_eq!((payment["status"].as_str(), payment["decline_reason"].as_str()), (Some("declined"), Some(reason)));
        shop.tell("OrderCancelled", 5);
        assert_eq!((shop.calls(), shop.told()), (vec![("authorize", 1)], vec![text("PaymentDeclined")]));
        assert_eq!((shop.status(5), shop.dead_letters()), (text("declined"), vec![]));
    }
}

#[test]
fn a_provider_that_fails_is_asked_again_and_told_how_often() {
    let flaky = |call: &Asked| {
        if call.operation == Operation::Authorize && call.attempt < 3 {
            Answer::Retryable(text("busy"))
        } else {
            obliging(call)
        }
    };
    let mut shop = Shop::with(flaky);
    shop.tell("PaymentRequested", 5);
    assert_eq!(shop.status(5), "requested");
    shop.tick_after(2);
    shop.tick_after(2);
    assert_eq!(shop.status(5), "authorized");
    assert_eq!(shop.calls(), [("authorize", 1), ("authorize", 2), ("authorize", 3)]);
    assert_eq!(shop.told(), ["PaymentAuthorized"]);
    let calls = shop.rows("SELECT outcome, detail FROM provider_calls ORDER BY number");
    let busy = (text("retryable"), Some(text("busy")));
    assert_eq!(calls, [busy.clone(), busy, (text("authorized"), Some(text("ref")))]);
}

#[test]
fn what_a_provider_never_answers_for_is_a_dead_letter_and_goes_on_when_replayed() {
    let mut shop = Shop::with(authorizing(Answer::Other(text("what?"))));
    shop.tell("PaymentRequested", 5);
    shop.tick_after(2);
    shop.tick_after(2);
    assert_eq!((shop.status(5), shop.dead_letters()), (text("requested"), vec![text("authorize: what?")]));
    shop.answer_with(obliging);
    let replay = "/internal/payments/dead-letters/replay";
    let response = shop.as_service("gateway", Method::POST, replay, &json!({}));
    assert_eq!(response.status(), StatusCode::ACCEPTED, "{:?}", response.body());
    shop.tick_after(1);
    assert_eq!((shop.status(5), shop.dead_letters()), (text("authorized"), vec![]));
}

#[test]
fn a_cancelled_order_has_its_money_back_wherever_it_was() {
    for (told_before, status, call, event) in [
        (&["PaymentRequested"] as &[&str], "voided", "void", "PaymentVoided"),
        (&["PaymentRequested", "OrderPaid"], "refunded", "refund", "PaymentRefunded"),
    ] {
        let mut shop = Shop::new();
        for kind in told_before {
            shop.tell(kind, 5);
        }
        shop.calls();
        shop.told();
        shop.tell("OrderCancelled", 5);
        shop.tell("OrderPaid", 5);
        assert_eq!(shop.status(5), status);
        assert_eq!((shop.calls(), shop.told()), (vec![(call, 1)], vec![text(event)]));
    }
}

#[test]
fn an_order_that_was_cancelled_first_is_never_charged() {
    let mut shop = Shop::new();
    shop.tell("OrderCancelled", 5);
    shop.tell("PaymentRequested", 5);
    shop.tell("OrderPaid", 5);
    assert_eq!((shop.status(5), shop.calls()), (text("voided"), vec![]));
    assert_eq!(shop.told(), ["PaymentVoided"]);
    assert_eq!(shop.audited(), [(text("payment.voided"), Some(text("orders")))]);
}

#[test]
fn a_pending_payment_is_voided_when_its_order_is_cancelled() {
    let mut shop = Shop::with(authorizing(Answer::Pending(text("later"))));
    shop.tell("PaymentRequested", 5);
    assert_eq!((shop.status(5), shop.told()), (text("requested"), vec![]));
    shop.tick_after(3_000);
    assert_eq!(shop.calls(), [("authorize", 1)], "it is the provider's turn");
    shop.tell("OrderCancelled", 5);
    assert_eq!(
        (shop.status(5), shop.calls(), shop.told()),
        (text("voided"), vec![("void", 1)], vec![text("PaymentVoided")])
    );
}

#[test]
fn what_may_have_been_authorised_unheard_is_asked_for_again_and_voided_at_once() {
    let mut shop = Shop::with(authorizing(Answer::Retryable(text("no answer"))));
    shop.tell("PaymentRequested", 5);
    shop.tell("OrderCancelled", 5);
    assert_eq!((shop.status(5), shop.calls()), (text("requested"), vec![("authorize", 1)]));
    shop.answer_with(obliging);
    shop.tick_after(2);
    assert_eq!((shop.status(5), shop.calls()), (text("voided"), vec![("authorize", 2), ("void", 1)]));
    assert_eq!(shop.told(), ["PaymentVoided"], "nobody counts on an authorisation that is given back");
}

#[test]
fn an_order_that_is_cancelled_during_a_call_is_given_its_money_back_after_it() {
    // The cancellation comes in while the provider is busy with another call.
    for (during, calls, status) in [
        (Operation::Authorize, vec![("authorize", 1), ("void", 1)], "voided"),
        (Operation::Capture, vec![("authorize", 1), ("capture", 1), ("refund", 1)], "refunded"),
    ] {
        let mut shop = Shop::new();
        let cancel = cancelling(&shop);
        shop.answer_with(move |call| {
            if call.operation == during {
                cancel();
            }
            obliging(call)
        });
        shop.tell("PaymentRequested", 5);
        shop.tell("OrderPaid", 5);
        shop.tick_after(2);
        assert_eq!((shop.status(5), shop.calls()), (text(status), calls), "{during:?}");
        assert_eq!(shop.dead_letters(), [""; 0]);
    }
}

/// Lets another instance be told that the order 5 is cancelled.
fn cancelling(shop: &Shop) -> impl Fn() + 'static {
    shop.payment(5);
    let database = shop.platform.database("payments").unwrap();
    move || {
        let database = database.clone();
        let tell = move || Shop::beside(&database).tell_as(900, "OrderCancelled", 5);
        thread::spawn(tell).join().unwrap();
    }
}

#[test]
fn a_refused_capture_takes_the_order_back() {
    let mut shop = Shop::with(refusing(Operation::Capture, Answer::Permanent(text("expired"))));
    shop.tell("PaymentRequested", 5);
    shop.tell("OrderPaid", 5);
    assert_eq!(shop.status(5), "declined");
    assert_eq!(shop.told(), ["PaymentAuthorized", "PaymentDeclined"]);
}

#[test]
fn money_that_the_provider_does_not_give_back_is_somebodys_to_look_after() {
    let mut shop = Shop::with(refusing(Operation::Refund, Answer::Declined(text("account closed"))));
    shop.tell("PaymentRequested", 5);
    shop.tell("OrderPaid", 5);
    shop.tell("OrderCancelled", 5);
    assert_eq!(shop.status(5), "captured");
    assert_eq!(shop.dead_letters(), ["the provider refuses to refund: account closed"]);
    let calls = shop.rows("SELECT operation, outcome FROM provider_calls WHERE operation = 'refund'");
    assert_eq!(calls, [(text("refund"), Some(text("declined")))]);
}

#[test]
fn an_order_that_is_paid_before_there_is_a_payment_waits_for_it() {
    let mut shop = Shop::new();
    shop.tell("OrderPaid", 5);
    shop.tell("PaymentRequested", 5);
    assert_eq!(shop.status(5), "authorized");
    shop.tick_after(2);
    assert_eq!(shop.status(5), "captured");
}

#[test]
fn an_instance_that_dies_during_a_call_leaves_it_to_the_next_tick() {
    let mut shop = Shop::with(|_| panic!("killed"));
    let killed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| shop.tell("PaymentRequested", 5)));
    assert!(killed.is_err());
    shop.answer_with(obliging);
    shop.tick_after(10);
    assert_eq!((shop.status(5), shop.calls()), (text("requested"), vec![("authorize", 1)]), "it might be alive still");
    shop.tick_after(11);
    assert_eq!((shop.status(5), shop.calls()), (text("authorized"), vec![("authorize", 2)]));
    assert_eq!(shop.told(), ["PaymentAuthorized"]);
}

#[test]
fn what_cannot_be_read_is_a_dead_letter() {
    let shop = Shop::new();
    let mut event = event(1, "PaymentRequested", 5);
    event["data"]["amount"] = Value::Null;
    shop.as_service("orders", Method::POST, "/internal/payments/events", &json!([event]));
    let [error] = shop.dead_letters().try_into().unwrap();
    assert!(error.starts_with("no PaymentRequested: "), "{error}");
}
