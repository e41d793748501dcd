//! Orders that are paid, declined, shipped or cancelled, with the sandbox provider of payments.

use serde_json::{Value, json};
use spindle_tests::accounts::{customer, operator};
use spindle_tests::orders::{cancel, fulfil, kinds, place_order, timeline, wait_until};
use spindle_tests::problem::expect_problem;
use spindle_tests::target;

use super::{available, product};

fn tick() {
    target().tick();
}

#[test]
fn an_order_is_paid_captured_and_shipped() {
    let (owner, operator) = (customer("owner").client, operator().client);
    let product = product(10);
    let order = place_order(&owner, &product, 2, "pm_ok");
    let paid = wait_until(&owner, &order.path, "payment_captured", tick);
    assert_eq!(paid["status"], "paid");
    assert_eq!(available(&product), json!(8));
    let sent = fulfil(&operator, &order.path).expect_status(200);
    assert_eq!(sent.json()["status"], "fulfilled");
    assert_eq!(fulfil(&operator, &order.path).expect_status(200).json(), sent.json());
    expect_problem(&cancel(&owner, &order.path), 409, "conflict");
    let expected = ["placed", "payment_requested", "payment_authorized", "paid", "payment_captured", "fulfilled"];
    assert_eq!(kinds(&owner, &order.path), expected);
    assert_eq!(timeline(&owner, &order.path)["awaiting"], Value::Null);
}

#[test]
fn a_declined_payment_cancels_the_order_with_its_reason() {
    let owner = customer("owner").client;
    let product = product(10);
    let order = place_order(&owner, &product, 2, "pm_declined");
    let cancelled = wait_until(&owner, &order.path, "stock_released", tick);
    assert_eq!(cancelled["status"], "cancelled");
    let decline = json!({"code": "declined", "detail": "insufficient funds"});
    assert_eq!((&cancelled["cancel_reason"], &cancelled["decline"]), (&json!("payment_declined"), &decline));
    assert_eq!(available(&product), json!(10));
    let timeline = timeline(&owner, &order.path);
    assert_eq!(timeline["items"][2]["detail"], "The payment was declined: insufficient funds.", "{timeline}");
    assert_eq!(timeline["awaiting"], Value::Null);
}

#[test]
fn a_provider_that_fails_twice_is_called_again() {
    let owner = customer("owner").client;
    let order = place_order(&owner, &product(10), 1, "pm_flaky");
    assert_eq!(wait_until(&owner, &order.path, "payment_captured", tick)["status"], "paid");
}

#[test]
fn a_cancelled_paid_order_is_refunded_and_its_stock_released() {
    let owner = customer("owner").client;
    let product = product(10);
    let order = place_order(&owner, &product, 4, "pm_ok");
    wait_until(&owner, &order.path, "payment_captured", tick);
    assert_eq!(cancel(&owner, &order.path).expect_status(200).json()["status"], "cancelled");
    wait_until(&owner, &order.path, "payment_refunded", tick);
    wait_until(&owner, &order.path, "stock_released", tick);
    assert_eq!(available(&product), json!(10));
    assert_eq!(timeline(&owner, &order.path)["awaiting"], Value::Null);
    expect_problem(&fulfil(&operator().client, &order.path), 409, "conflict");
}
