//! The events of payments, and their effect on an order.

use super::{Fixture, LAMP};
use crate::SERVICE;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::event::{PaymentAuthorized, PaymentCaptured, PaymentDeclined, PaymentRefunded, PaymentVoided};
use spindle_edge::Service;
use spindle_edge::testing::{TestClient, with_edge_variables};
use spindle_platform::{Platform, Scope};

/// Returns `decline` of an order.
fn declined(code: &str, detail: impl Into<Value>) -> Value {
    json!({ "code": code, "detail": detail.into() })
}

impl Fixture {
    /// Returns the reason for which the order was cancelled, and why its payment was declined.
    fn reasons(&self, path: &str) -> (Value, Value) {
        let order = self.client.get(path).send().json();
        (order["cancel_reason"].clone(), order["decline"].clone())
    }
}

#[test]
fn an_order_is_paid_captured_and_shipped() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    assert_eq!((fixture.status(&path), fixture.catalog.borrow().states()), ("paid".to_owned(), vec!["committed"]));
    assert_eq!(fixture.awaiting(&path), "The payment is being captured.");
    let early = fixture.fulfil(&path);
    assert_eq!(
        (early.status(), &early.json()["detail"]),
        (StatusCode::CONFLICT, &json!("The payment is not captured yet."))
    );
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    assert_eq!(fixture.awaiting(&path), "Ready to ship.");
    let shipped = fixture.fulfil(&path);
    assert_eq!((shipped.status(), &shipped.json()["status"]), (StatusCode::OK, &json!("fulfilled")));
    assert_eq!(fixture.fulfil(&path).body(), shipped.body(), "a repeated request changes nothing");
    let late = fixture.client.post(&format!("{path}/cancel")).send();
    assert_eq!((late.status(), fixture.awaiting(&path)), (StatusCode::CONFLICT, Value::Null));
    let kinds = ["placed", "payment_requested", "payment_authorized", "paid", "payment_captured", "fulfilled"];
    assert_eq!(fixture.kinds(&path), kinds);
    assert_eq!(fixture.pushed(), ["PaymentRequested", "OrderPaid"]);
    let audited: Vec<(String, String)> = fixture.client.rows("SELECT actor, action FROM audit_log ORDER BY seq");
    let (customer, operator) = (uuid::Uuid::from_u128(1).to_string(), uuid::Uuid::from_u128(9).to_string());
    let expected = [(customer, "order.placed"), ("payments".to_owned(), "order.paid"), (operator, "order.fulfilled")];
    assert_eq!(audited, expected.map(|(actor, action)| (actor, action.to_owned())));
}

#[test]
fn an_event_of_payments_costs_one_commit() {
    let fixture = Fixture::new();
    let path = fixture.order();
    let statements_of = |receive: &dyn Fn()| {
        let before = fixture.client.platform().statements("orders").len();
        receive();
        let statements = fixture.client.platform().statements("orders").split_off(before);
        statements.iter().map(|sql| sql.split_whitespace().take(3).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    let authorized = statements_of(&|| drop(fixture.receive::<PaymentAuthorized>(&path, json!({}))));
    let captured = statements_of(&|| drop(fixture.receive::<PaymentCaptured>(&path, json!({}))));
    for statements in [&authorized, &captured] {
        let begin = statements.iter().position(|sql| sql == "BEGIN IMMEDIATE").unwrap();
        assert!(statements[..begin].iter().all(|sql| sql.starts_with("SELECT")), "{statements:?}");
        assert_eq!(statements.iter().filter(|sql| *sql == "COMMIT").count(), 1, "{statements:?}");
        assert_eq!(statements[statements.len() - 2..], ["INSERT INTO audit_append", "COMMIT"], "{statements:?}");
    }
    // Schema and order before the catalog is called; begin, order with its timeline, events with audit row and inbox, commit.
    assert_eq!(authorized.len(), 6, "{authorized:?}");
    assert_eq!(captured.len(), 5, "{captured:?}");
}

#[test]
fn a_captured_order_is_read_unless_it_waits_for_the_capture() {
    let fixture = Fixture::new();
    let path = fixture.order();
    for (columns, is_read) in [
        ("status = 'paid', authorized_at = 1", false),
        ("status = 'pending_payment'", true),
        ("status = 'pending_payment', authorized_at = 1", true),
        ("status = 'paid', authorized_at = 1, captured_at = 1", true),
        ("status = 'fulfilled', authorized_at = 1, captured_at = 1", true),
        ("status = 'cancelled', cancel_reason = 'requested'", true),
        ("status = 'cancelled', cancel_reason = 'requested', stock_released_at = 1", true),
    ] {
        let reset = "cancel_reason = NULL, authorized_at = NULL, captured_at = NULL, stock_released_at = NULL";
        fixture.client.rows::<(i64,)>(&format!("UPDATE orders SET {reset}, status = 'paid' RETURNING version"));
        fixture.client.rows::<(i64,)>(&format!("UPDATE orders SET {columns} RETURNING version"));
        let before = fixture.client.platform().statements("orders").len();
        fixture.receive::<PaymentCaptured>(&path, json!({}));
        let statements = fixture.client.platform().statements("orders").split_off(before);
        let reads = statements.iter().any(|sql| sql.starts_with("SELECT id, number"));
        assert_eq!(reads, is_read, "{columns}: {statements:?}");
    }
}

#[test]
fn a_duplicate_event_is_ignored() {
    let fixture = Fixture::new();
    let path = fixture.order();
    let authorized = fixture.receive::<PaymentAuthorized>(&path, json!({}));
    let (order, kinds) = (fixture.client.get(&path).send().json(), fixture.kinds(&path));
    fixture.deliver(&authorized);
    // A second event with the same fact is a duplicate as well.
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    assert_eq!((fixture.client.get(&path).send().json(), fixture.kinds(&path)), (order, kinds));
    assert_eq!(fixture.pushed(), ["PaymentRequested", "OrderPaid"]);
    assert_eq!(fixture.inbox(), (0, 0));
}

#[test]
fn a_declined_payment_cancels_the_order_and_releases_the_stock() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentDeclined>(&path, json!({ "reason": "insufficient funds" }));
    let mut timeline = fixture.client.get(&format!("{path}/timeline")).send().json();
    assert!(timeline["request_id"].take().is_string());
    let entry = |kind: &str, detail: &str| json!({ "at": "2023-11-14T22:13:20.000Z", "kind": kind, "detail": detail });
    let expected = json!({
        "order_id": path.rsplit('/').next(),
        "status": "cancelled",
        "awaiting": null,
        "items": [
            entry("placed", "The order was placed, and its stock is reserved."),
            entry("payment_requested", "The payment was requested."),
            entry("payment_declined", "The payment was declined: insufficient funds."),
            entry("cancelled", "The order was cancelled, because its payment was declined or voided."),
            entry("stock_released", "The stock was released."),
        ],
        "request_id": null,
    });
    assert_eq!(timeline, expected);
    assert_eq!(fixture.reasons(&path), (json!("payment_declined"), declined("declined", "insufficient funds")));
    assert_eq!((fixture.catalog.borrow().states(), fixture.catalog.borrow().available[LAMP]), (vec!["released"], 10));
    assert_eq!(fixture.pushed(), ["PaymentRequested", "OrderCancelled"]);
}

#[test]
fn a_cancelled_order_says_why() {
    let fixture = Fixture::new();
    let path = fixture.order();
    assert_eq!(fixture.reasons(&path), (Value::Null, Value::Null));
    fixture.client.post(&format!("{path}/cancel")).send().expect(StatusCode::OK);
    assert_eq!(fixture.reasons(&path), (json!("requested"), Value::Null));

    // Payments has removed the reason, because the customer was erased.
    let path = fixture.order();
    fixture.receive::<PaymentDeclined>(&path, json!({ "reason": "" }));
    assert_eq!(fixture.reasons(&path), (json!("payment_declined"), declined("declined", Value::Null)));

    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.receive::<PaymentDeclined>(&path, json!({ "code": "provider_error", "reason": "impossible" }));
    assert_eq!(fixture.reasons(&path), (json!("payment_declined"), declined("provider_error", "impossible")));

    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    fixture.receive::<PaymentRefunded>(&path, json!({}));
    assert_eq!(fixture.reasons(&path), (json!("payment_refunded"), Value::Null));

    let (late, gone) = (fixture.order(), fixture.order());
    fixture.catalog.borrow_mut().expire();
    fixture.receive::<PaymentAuthorized>(&gone, json!({}));
    assert_eq!(fixture.reasons(&gone), (json!("stock_gone"), Value::Null));
    fixture.set_seconds(900);
    fixture.tick();
    assert_eq!(fixture.reasons(&late), (json!("payment_timeout"), Value::Null));
}

#[test]
fn reasons_that_only_timelines_have_are_copied_to_their_orders() {
    let variables = || with_edge_variables(Platform::native());
    let scope = Scope { service: "orders", migrations: &SERVICE.scope.migrations[..14] };
    let before = TestClient::new(
        Box::leak(Box::new(Service {
            scope,
            routes: &[],
            shared: &[],
            stores: &[],
            calls: spindle_edge::Calls::NONE,
            check: None,
        })),
        &variables().build(),
    );
    for (id, detail) in [
        ("a", "The payment was declined: Card expired. Use another one."),
        ("b", "The payment was declined."),
        ("c", "The payment was declined: é."),
        ("d", "The payment was declined: the payment provider cannot carry this out."),
    ] {
        let _: Vec<(String,)> = before.rows(&format!(
            "INSERT INTO orders (id, number, user_id, status, cancel_reason, items, total, currency, shipping_address, payment_due_at,
                 version, created_at, updated_at)
             VALUES ('{id}', '{id}', 'u', 'cancelled', 'payment_declined', '[]', 0, 'EUR', '{{}}', 1, 1, 1, 1) RETURNING id"
        ));
        let _: Vec<(String,)> = before.rows(&format!(
            "INSERT INTO order_timeline VALUES ('{id}', 1, 1, 'placed', ''), ('{id}', 2, 1, 'payment_declined', '{detail}') RETURNING order_id"
        ));
    }
    let database = before.platform().database("orders").unwrap();
    let after = TestClient::new(&SERVICE, &variables().with_database("orders", &database).build());
    let reasons: Vec<(String, String, Option<String>)> =
        after.rows("SELECT id, decline_code, decline_reason FROM orders ORDER BY id");
    let expected = [
        ("a", "declined", Some("Card expired. Use another one")),
        ("b", "declined", None),
        ("c", "declined", Some("é")),
        ("d", "provider_error", Some("the payment provider cannot carry this out")),
    ];
    assert_eq!(reasons, expected.map(|(id, code, reason)| (id.to_owned(), code.to_owned(), reason.map(str::to_owned))));
}

#[test]
fn a_declined_capture_cancels_a_paid_order() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.receive::<PaymentDeclined>(&path, json!({ "reason": "card closed" }));
    assert_eq!((fixture.status(&path), fixture.awaiting(&path)), ("cancelled".to_owned(), Value::Null));
    assert_eq!(fixture.catalog.borrow().available[LAMP], 10);
}

#[test]
fn a_cancelled_order_stays_cancelled_when_a_late_authorisation_arrives() {
    let fixture = Fixture::new();
    let path = fixture.order();
    let cancelled = fixture.client.post(&format!("{path}/cancel")).send();
    assert_eq!((cancelled.status(), &cancelled.json()["status"]), (StatusCode::OK, &json!("cancelled")));
    assert_eq!(fixture.catalog.borrow().states(), ["released"]);
    assert_eq!(fixture.awaiting(&path), Value::Null);
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    assert_eq!(
        (fixture.status(&path), fixture.awaiting(&path)),
        (
            "cancelled".to_owned(),
            json!("The payment is being voided or refunded: the payment provider has not confirmed it yet.")
        )
    );
    fixture.receive::<PaymentVoided>(&path, json!({}));
    assert_eq!(fixture.awaiting(&path), Value::Null);
    let again = fixture.client.post(&format!("{path}/cancel")).send();
    assert_eq!((again.status(), &again.json()["status"]), (StatusCode::OK, &json!("cancelled")));
    let kinds = ["placed", "payment_requested", "cancelled", "stock_released", "payment_authorized", "payment_voided"];
    assert_eq!(fixture.kinds(&path), kinds);
    assert_eq!(fixture.catalog.borrow().available[LAMP], 10);
    assert_eq!(fixture.pushed(), ["PaymentRequested", "OrderCancelled"]);
    assert_eq!(fixture.fulfil(&path).status(), StatusCode::CONFLICT);
}

#[test]
fn a_cancelled_paid_order_is_refunded_and_its_committed_stock_released() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    fixture.client.post(&format!("{path}/cancel")).send();
    assert_eq!((fixture.catalog.borrow().states(), fixture.catalog.borrow().available[LAMP]), (vec!["released"], 10));
    fixture.receive::<PaymentRefunded>(&path, json!({}));
    assert_eq!(fixture.kinds(&path)[4..], ["payment_captured", "cancelled", "stock_released", "payment_refunded"]);
    assert_eq!(fixture.awaiting(&path), Value::Null);
}

#[test]
fn a_cancelled_order_awaits_nothing_after_a_declined_capture() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.client.post(&format!("{path}/cancel")).send();
    assert!(fixture.awaiting(&path).is_string());
    fixture.receive::<PaymentDeclined>(&path, json!({ "reason": "card closed" }));
    assert_eq!(
        (fixture.kinds(&path).pop().as_deref(), fixture.awaiting(&path)),
        (Some("payment_declined"), Value::Null)
    );
}

#[test]
fn an_order_refunded_before_shipping_is_cancelled() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    fixture.receive::<PaymentRefunded>(&path, json!({}));
    assert_eq!((fixture.status(&path), fixture.fulfil(&path).status()), ("cancelled".to_owned(), StatusCode::CONFLICT));
    assert_eq!(fixture.catalog.borrow().available[LAMP], 10);
}

#[test]
fn an_order_refunded_after_shipping_stays_fulfilled() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    fixture.fulfil(&path);
    fixture.receive::<PaymentRefunded>(&path, json!({}));
    assert_eq!(fixture.status(&path), "fulfilled");
    assert_eq!(fixture.kinds(&path).last().map(String::as_str), Some("payment_refunded"));
}

#[test]
fn an_order_whose_stock_is_gone_at_its_payment_is_cancelled() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.catalog.borrow_mut().expire();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    assert_eq!(fixture.status(&path), "cancelled");
    assert_eq!(fixture.kinds(&path)[2..], ["payment_authorized", "cancelled", "stock_released"]);
    assert_eq!(fixture.pushed(), ["PaymentRequested", "OrderCancelled"]);
    assert_eq!(fixture.catalog.borrow().available[LAMP], 10);
}

#[test]
fn a_payment_of_another_amount_or_of_an_unknown_order_is_a_dead_letter() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({ "amount": { "amount": 1, "currency": "EUR" } }));
    assert_eq!((fixture.status(&path), fixture.inbox()), ("pending_payment".to_owned(), (0, 1)));
    fixture.receive::<PaymentCaptured>("/v1/orders/018bcfe5-6800-7000-8000-ffffffffffff", json!({}));
    fixture.tick();
    assert_eq!(fixture.inbox(), (0, 2));
    // A payment cannot be captured before it is authorised.
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    fixture.tick();
    assert_eq!((fixture.status(&path), fixture.inbox()), ("pending_payment".to_owned(), (0, 3)));
}
