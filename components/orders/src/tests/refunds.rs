//! Requests of payments to accept a refund: an order is either refunded or shipped.

use super::{Fixture, LAMP};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::event::{PaymentAuthorized, PaymentCaptured, PaymentRefunded};
use spindle_edge::testing::TestResponse;
use uuid::Uuid;

/// Asks as payments whether the payment of the order at `path` may be refunded.
fn ask(fixture: &Fixture, path: &str, refund_id: u128, shipped: bool) -> TestResponse {
    let id = path.rsplit('/').next().unwrap();
    let post = fixture.client.post(&format!("/internal/orders/orders/{id}/refund")).as_service("payments");
    post.json(&json!({ "refund_id": Uuid::from_u128(refund_id), "shipped": shipped })).send()
}

/// Returns the path of an order that can be shipped.
fn captured(fixture: &Fixture) -> String {
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    path
}

fn detail(response: &TestResponse) -> Value {
    response.json()["detail"].clone()
}

#[test]
fn an_order_whose_refund_is_accepted_is_cancelled_at_once_and_cannot_be_shipped() {
    let fixture = Fixture::new();
    let path = captured(&fixture);
    let accepted = ask(&fixture, &path, 7, false);
    assert_eq!((accepted.status(), accepted.json()), (StatusCode::OK, json!({ "refund_id": Uuid::from_u128(7) })));
    assert_eq!(fixture.status(&path), "cancelled");
    let shipped = fixture.fulfil(&path);
    assert_eq!((shipped.problem().as_str(), detail(&shipped)), ("409 conflict", json!("The order was cancelled.")));
    assert_eq!((fixture.catalog.borrow().states(), fixture.catalog.borrow().available[LAMP]), (vec!["released"], 10));
    // The event returns the money, whether or not payments recorded the refund.
    assert_eq!(fixture.pushed(), ["PaymentRequested", "OrderPaid", "OrderCancelled"]);
    fixture.receive::<PaymentRefunded>(&path, json!({}));
    let kinds = ["refund_requested", "cancelled", "stock_released", "payment_refunded"];
    assert_eq!((&fixture.kinds(&path)[5..], fixture.awaiting(&path)), (&kinds.map(str::to_owned)[..], Value::Null));
}

#[test]
fn a_shipped_order_is_refunded_only_by_an_operator_who_knows_that_it_was_shipped() {
    let fixture = Fixture::new();
    let path = captured(&fixture);
    fixture.fulfil(&path).expect(StatusCode::OK);
    let refused = ask(&fixture, &path, 7, false);
    let expected = "The order was shipped. To refund it all the same, send the body {\"shipped\": true}.";
    assert_eq!((refused.problem().as_str(), detail(&refused)), ("409 conflict", json!(expected)));
    let accepted = ask(&fixture, &path, 8, true);
    assert_eq!((accepted.status(), accepted.json()), (StatusCode::OK, json!({ "refund_id": null })));
    assert_eq!(fixture.status(&path), "fulfilled");
    assert_eq!(fixture.pushed(), ["PaymentRequested", "OrderPaid"]);
}

#[test]
fn a_repeated_request_has_the_same_response_and_another_one_the_id_of_the_first() {
    let fixture = Fixture::new();
    let path = captured(&fixture);
    let first = json!({ "refund_id": Uuid::from_u128(7) });
    for refund_id in [7, 7, 8] {
        assert_eq!(ask(&fixture, &path, refund_id, false).expect(StatusCode::OK).json(), first);
    }
    assert_eq!(fixture.kinds(&path).iter().filter(|kind| *kind == "refund_requested").count(), 1);
}

#[test]
fn an_order_that_is_not_paid_is_cancelled_or_is_unknown_has_its_own_response() {
    let fixture = Fixture::new();
    let path = fixture.order();
    let early = ask(&fixture, &path, 7, false);
    assert_eq!((early.problem().as_str(), detail(&early)), ("409 conflict", json!("The order is not paid yet.")));
    fixture.client.post(&format!("{path}/cancel")).send();
    let cancelled = ask(&fixture, &path, 7, false);
    assert_eq!((cancelled.status(), cancelled.json()), (StatusCode::OK, json!({ "refund_id": null })));
    assert_eq!(ask(&fixture, &captured(&fixture), 7, true).problem(), "409 conflict");
    assert_eq!(ask(&fixture, "/v1/orders/018bcfe5-6800-7000-8000-ffffffffffff", 7, false).problem(), "404 not-found");
}

#[test]
fn an_order_whose_capture_has_not_arrived_yet_can_be_refunded() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    ask(&fixture, &path, 7, false).expect(StatusCode::OK);
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    assert_eq!((fixture.status(&path), fixture.fulfil(&path).status()), ("cancelled".to_owned(), StatusCode::CONFLICT));
}

#[test]
fn a_refund_is_audited_as_the_cancellation_of_the_order() {
    let fixture = Fixture::new();
    let path = captured(&fixture);
    ask(&fixture, &path, 7, false).expect(StatusCode::OK);
    let audited: Vec<(String, String)> =
        fixture.client.rows("SELECT action, detail ->> 'reason' FROM audit_log WHERE action = 'order.cancelled'");
    assert_eq!(audited, [("order.cancelled".to_owned(), "payment_refunded".to_owned())]);
}
