//! Refunds at an operator's request.

use std::thread;

use serde_json::Value;
use spindle_tests::accounts::{customer, operator};
use spindle_tests::orders::{Order, fulfil, kinds, unique_key, wait_until};
use spindle_tests::payments::{refund, refund_shipped};
use spindle_tests::problem::expect_problem;
use spindle_tests::{Client, target};

use super::{order, with_reference, with_status};

#[test]
fn an_operator_refunds_a_payment_once() {
    let (owner, operator) = (customer("owner").client, operator().client);
    let order = order(&owner, "pm_ok");
    let payment = with_status(&owner, &order, "captured");
    expect_problem(&refund(&owner, &payment, &unique_key()), 403, "forbidden");
    let key = unique_key();
    let first = refund(&operator, &payment, &key).expect_status(202);
    assert_eq!((&first.json()["id"], first.header("idempotency-replayed")), (&payment["id"], None));
    let address = format!("/v1/payments/{}", payment["id"].as_str().expect("an id"));
    assert_eq!(first.header("location"), Some(address.as_str()));
    with_status(&owner, &order, "refunded");
    let again = refund(&operator, &payment, &format!("\"{key}\"")).expect_status(202);
    assert_eq!((again.text(), again.header("idempotency-replayed")), (first.text(), Some("true")));
    expect_problem(&refund(&operator, &payment, &unique_key()), 409, "conflict");
    wait_until(&owner, &order.path, "payment_refunded", || target().tick());
    let entries = kinds(&owner, &order.path).into_iter().filter(|kind| kind == "payment_refunded").count();
    assert_eq!(entries, 1);
}

#[test]
fn a_refund_requires_a_key_and_a_captured_payment() {
    let (owner, operator) = (customer("owner").client, operator().client);
    let order = order(&owner, "pm_timeout");
    let payment = with_reference(&owner, &order);
    let path = format!("/v1/payments/{}/refund", payment["id"].as_str().expect("an id"));
    expect_problem(&operator.send("POST", &path, &[], None), 400, "idempotency-key-missing");
    expect_problem(&refund(&operator, &payment, "not one key, but two"), 400, "malformed-request");
    expect_problem(&refund(&operator, &payment, &unique_key()), 409, "conflict");
    let nothing = serde_json::json!({"id": "0190a5c0-0000-7000-8000-000000000000"});
    expect_problem(&refund(&operator, &nothing, &unique_key()), 404, "not-found");
}

/// Places an order as `owner` that can be shipped, and returns it with its payment.
fn ready_to_ship(owner: &Client) -> (Order, Value) {
    let order = order(owner, "pm_ok");
    wait_until(owner, &order.path, "payment_captured", || target().tick());
    let payment = with_status(owner, &order, "captured");
    (order, payment)
}

#[test]
fn an_order_whose_refund_was_accepted_is_not_shipped() {
    let (owner, operator) = (customer("owner").client, operator().client);
    let (order, payment) = ready_to_ship(&owner);
    refund(&operator, &payment, &unique_key()).expect_status(202);
    expect_problem(&fulfil(&operator, &order.path), 409, "conflict");
    with_status(&owner, &order, "refunded");
    wait_until(&owner, &order.path, "stock_released", || target().tick());
    assert_eq!(owner.get(&order.path).expect_status(200).json()["status"], "cancelled");
}

#[test]
fn a_shipped_order_is_refunded_only_on_purpose() {
    let (owner, operator) = (customer("owner").client, operator().client);
    let (order, payment) = ready_to_ship(&owner);
    expect_problem(&refund_shipped(&operator, &payment, &unique_key()), 409, "conflict");
    fulfil(&operator, &order.path).expect_status(200);
    let problem = expect_problem(&refund(&operator, &payment, &unique_key()), 409, "conflict");
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("shipped")), "{problem}");
    refund_shipped(&operator, &payment, &unique_key()).expect_status(202);
    with_status(&owner, &order, "refunded");
    wait_until(&owner, &order.path, "payment_refunded", || target().tick());
    assert_eq!(owner.get(&order.path).expect_status(200).json()["status"], "fulfilled");
}

#[test]
fn a_refund_and_a_shipment_at_the_same_time_have_one_winner() {
    let (owner, operator) = (customer("owner").client, operator().client);
    for _ in 0..5 {
        let (order, payment) = ready_to_ship(&owner);
        let (refunded, shipped) = thread::scope(|scope| {
            let refunded = scope.spawn(|| refund(&operator, &payment, &unique_key()));
            let shipped = fulfil(&operator, &order.path);
            (refunded.join().expect("no request panics"), shipped)
        });
        let statuses = (refunded.status, shipped.status);
        assert!(matches!(statuses, (202, 409) | (409, 200)), "{statuses:?}: {} {}", refunded.text(), shipped.text());
    }
}
