//! What payments tells, and what becomes of an order.

use super::{LAMP, Shop, body};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::event::{PaymentAuthorized, PaymentCaptured, PaymentDeclined, PaymentRefunded, PaymentVoided};

#[test]
fn an_order_is_paid_captured_and_sent_off() {
    let shop = Shop::open();
    let path = shop.order();
    shop.tell::<PaymentAuthorized>(&path, json!({}));
    assert_eq!((shop.status(&path), shop.catalog.borrow().states()), ("paid".to_owned(), vec!["committed"]));
    assert_eq!(shop.awaits(&path), "The payment is being captured.");
    let early = shop.fulfil(&path);
    assert_eq!(
        (early.status(), &body(&early)["detail"]),
        (StatusCode::CONFLICT, &json!("The payment is not captured yet."))
    );
    shop.tell::<PaymentCaptured>(&path, json!({}));
    assert_eq!(shop.awaits(&path), "Somebody has to send it off.");
    let sent = shop.fulfil(&path);
    assert_eq!((sent.status(), &body(&sent)["status"]), (StatusCode::OK, &json!("fulfilled")));
    assert_eq!(shop.fulfil(&path).body(), sent.body(), "once more is no news");
    let late = shop.post(&format!("{path}/cancel"));
    assert_eq!((late.status(), shop.awaits(&path)), (StatusCode::CONFLICT, Value::Null));
    let kinds = ["placed", "payment_requested", "payment_authorized", "paid", "payment_captured", "fulfilled"];
    assert_eq!(shop.kinds(&path), kinds);
    assert_eq!(shop.pushed(), ["PaymentRequested", "OrderPaid"]);
    let audited: Vec<(String, String)> = shop.rows("SELECT actor, action FROM audit_log ORDER BY seq");
    let (customer, operator) = (uuid::Uuid::from_u128(1).to_string(), uuid::Uuid::from_u128(9).to_string());
    let expected = [(customer, "order.placed"), ("payments".to_owned(), "order.paid"), (operator, "order.fulfilled")];
    assert_eq!(audited, expected.map(|(actor, action)| (actor, action.to_owned())));
}

#[test]
fn the_same_event_twice_counts_once() {
    let shop = Shop::open();
    let path = shop.order();
    let authorized = shop.tell::<PaymentAuthorized>(&path, json!({}));
    let (order, kinds) = (body(&shop.get(&path)), shop.kinds(&path));
    shop.deliver(&authorized);
    // Nor does the same in another envelope.
    shop.tell::<PaymentAuthorized>(&path, json!({}));
    assert_eq!((body(&shop.get(&path)), shop.kinds(&path)), (order, kinds));
    assert_eq!(shop.pushed(), ["PaymentRequested", "OrderPaid"]);
    assert_eq!(shop.inbox(), (0, 0));
}

#[test]
fn a_declined_payment_cancels_and_gives_the_stock_back() {
    let shop = Shop::open();
    let path = shop.order();
    shop.tell::<PaymentDeclined>(&path, json!({ "reason": "insufficient funds" }));
    let timeline = body(&shop.get(&format!("{path}/timeline")));
    let entry = |kind: &str, detail: &str| json!({ "at": "2023-11-14T22:13:20.000Z", "kind": kind, "detail": detail });
    let expected = json!({
        "order_id": path.rsplit('/').next(),
        "status": "cancelled",
        "awaiting": null,
        "items": [
            entry("placed", "The order was placed, and its stock is held."),
            entry("payment_requested", "The payment was asked for."),
            entry("payment_declined", "The payment was declined: insufficient funds."),
            entry("cancelled", "The order was cancelled, because there is no payment for it."),
            entry("stock_released", "The stock was given back."),
        ],
    });
    assert_eq!(timeline, expected);
    assert_eq!((shop.catalog.borrow().states(), shop.catalog.borrow().available[LAMP]), (vec!["released"], 10));
    assert_eq!(shop.pushed(), ["PaymentRequested", "OrderCancelled"]);
}

#[test]
fn a_capture_that_fails_for_good_cancels_a_paid_order() {
    let shop = Shop::open();
    let path = shop.order();
    shop.tell::<PaymentAuthorized>(&path, json!({}));
    shop.tell::<PaymentDeclined>(&path, json!({ "reason": "card closed" }));
    assert_eq!((shop.status(&path), shop.awaits(&path)), ("cancelled".to_owned(), Value::Null));
    assert_eq!(shop.catalog.borrow().available[LAMP], 10);
}

#[test]
fn a_cancelled_order_gives_everything_back_whatever_payments_says_later() {
    let shop = Shop::open();
    let path = shop.order();
    let cancelled = shop.post(&format!("{path}/cancel"));
    assert_eq!((cancelled.status(), &body(&cancelled)["status"]), (StatusCode::OK, &json!("cancelled")));
    assert_eq!(shop.catalog.borrow().states(), ["released"]);
    assert_eq!(shop.awaits(&path), Value::Null);
    shop.tell::<PaymentAuthorized>(&path, json!({}));
    assert_eq!(
        (shop.status(&path), shop.awaits(&path)),
        (
            "cancelled".to_owned(),
            json!("The payment is still to be given back: the provider has not confirmed it yet.")
        )
    );
    shop.tell::<PaymentVoided>(&path, json!({}));
    assert_eq!(shop.awaits(&path), Value::Null);
    let again = shop.post(&format!("{path}/cancel"));
    assert_eq!((again.status(), &body(&again)["status"]), (StatusCode::OK, &json!("cancelled")));
    let kinds = ["placed", "payment_requested", "cancelled", "stock_released", "payment_authorized", "payment_voided"];
    assert_eq!(shop.kinds(&path), kinds);
    assert_eq!(shop.catalog.borrow().available[LAMP], 10);
    assert_eq!(shop.pushed(), ["PaymentRequested", "OrderCancelled"]);
    assert_eq!(shop.fulfil(&path).status(), StatusCode::CONFLICT);
}

#[test]
fn a_paid_order_that_is_cancelled_gives_committed_stock_back_and_is_refunded() {
    let shop = Shop::open();
    let path = shop.order();
    shop.tell::<PaymentAuthorized>(&path, json!({}));
    shop.tell::<PaymentCaptured>(&path, json!({}));
    shop.post(&format!("{path}/cancel"));
    assert_eq!((shop.catalog.borrow().states(), shop.catalog.borrow().available[LAMP]), (vec!["released"], 10));
    shop.tell::<PaymentRefunded>(&path, json!({}));
    assert_eq!(shop.kinds(&path)[4..], ["payment_captured", "cancelled", "stock_released", "payment_refunded"]);
    assert_eq!(shop.awaits(&path), Value::Null);
}

#[test]
fn a_capture_that_fails_after_the_order_was_cancelled_leaves_nothing_to_wait_for() {
    let shop = Shop::open();
    let path = shop.order();
    shop.tell::<PaymentAuthorized>(&path, json!({}));
    shop.post(&format!("{path}/cancel"));
    assert!(shop.awaits(&path).is_string());
    shop.tell::<PaymentDeclined>(&path, json!({ "reason": "card closed" }));
    assert_eq!((shop.kinds(&path).pop().as_deref(), shop.awaits(&path)), (Some("payment_declined"), Value::Null));
}

#[test]
fn an_order_that_was_refunded_before_it_was_sent_off_is_not_sent_off() {
    let shop = Shop::open();
    let path = shop.order();
    shop.tell::<PaymentAuthorized>(&path, json!({}));
    shop.tell::<PaymentCaptured>(&path, json!({}));
    shop.tell::<PaymentRefunded>(&path, json!({}));
    assert_eq!((shop.status(&path), shop.fulfil(&path).status()), ("cancelled".to_owned(), StatusCode::CONFLICT));
    assert_eq!(shop.catalog.borrow().available[LAMP], 10);
}

#[test]
fn an_order_that_was_refunded_after_it_was_sent_off_stays_so() {
    let shop = Shop::open();
    let path = shop.order();
    shop.tell::<PaymentAuthorized>(&path, json!({}));
    shop.tell::<PaymentCaptured>(&path, json!({}));
    shop.fulfil(&path);
    shop.tell::<PaymentRefunded>(&path, json!({}));
    assert_eq!(shop.status(&path), "fulfilled");
    assert_eq!(shop.kinds(&path).last().map(String::as_str), Some("payment_refunded"));
}

#[test]
fn if_the_stock_is_gone_when_the_payment_comes_the_order_is_cancelled() {
    let shop = Shop::open();
    let path = shop.order();
    shop.catalog.borrow_mut().expire();
    shop.tell::<PaymentAuthorized>(&path, json!({}));
    assert_eq!(shop.status(&path), "cancelled");
    assert_eq!(shop.kinds(&path)[2..], ["payment_authorized", "cancelled", "stock_released"]);
    assert_eq!(shop.pushed(), ["PaymentRequested", "OrderCancelled"]);
    assert_eq!(shop.catalog.borrow().available[LAMP], 10);
}

#[test]
fn a_payment_of_another_sum_or_for_no_order_is_for_somebody_to_look_at() {
    let shop = Shop::open();
    let path = shop.order();
    shop.tell::<PaymentAuthorized>(&path, json!({ "amount": { "amount": 1, "currency": "EUR" } }));
    assert_eq!((shop.status(&path), shop.inbox()), ("pending_payment".to_owned(), (0, 1)));
    shop.tell::<PaymentCaptured>("/v1/orders/018bcfe5-6800-7000-8000-ffffffffffff", json!({}));
    shop.tick();
    assert_eq!(shop.inbox(), (0, 2));
    // Nothing can be captured that was not authorised.
    shop.tell::<PaymentCaptured>(&path, json!({}));
    shop.tick();
    assert_eq!((shop.status(&path), shop.inbox()), ("pending_payment".to_owned(), (0, 3)));
}
