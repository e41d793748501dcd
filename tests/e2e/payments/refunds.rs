//! Refunds at an operator's request.

use spindle_tests::accounts::{customer, operator};
use spindle_tests::orders::{kinds, unique_key, wait_until};
use spindle_tests::payments::refund;
use spindle_tests::problem::expect_problem;
use spindle_tests::target;

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
