//! Which callers can read a payment, and its fields.

use serde_json::{Value, json};
use spindle_tests::accounts::{customer, operator};
use spindle_tests::orders::cancel;
use spindle_tests::payments::payment_of;
use spindle_tests::problem::expect_problem;

use super::{order, with_reference, with_status};

#[test]
fn a_payment_is_readable_for_its_owner_and_operators_and_not_found_for_others() {
    let (owner, stranger, operator) = (customer("owner"), customer("stranger"), operator());
    let order = order(&owner.client, "pm_ok");
    let payment = with_status(&owner.client, &order, "captured");
    let reference = payment["provider_reference"].as_str().expect("the provider has returned a reference");
    assert!(reference.starts_with("sbx_"), "{reference}");
    let expected = json!({
        "id": payment["id"], "order_id": order.id, "user_id": owner.id, "status": "captured", "provider": "sandbox",
        "amount": {"amount": order.body["total"], "currency": order.body["currency"]}, "provider_reference": reference,
        "decline_reason": null, "created_at": payment["created_at"], "updated_at": payment["updated_at"],
    });
    assert_eq!(payment, expected);
    let path = format!("/v1/payments/{}", payment["id"].as_str().expect("an id"));
    let read = owner.client.get(&path).expect_status(200);
    assert_eq!(read.json(), payment);
    let again = owner.client.send("GET", &path, &[("if-none-match", &read.etag())], None);
    assert!(again.expect_status(304).body.is_empty());
    assert_eq!(operator.client.get(&path).expect_status(200).json(), payment);
    assert_eq!(payment_of(&operator.client, &order), Some(payment));
    assert_eq!(payment_of(&stranger.client, &order), None);
    expect_problem(&stranger.client.get(&path), 404, "not-found");
    expect_problem(&owner.client.anonymous().get(&path), 401, "unauthorized");
}

#[test]
fn a_customer_lists_their_payments_in_pages_the_latest_first() {
    let owner = customer("owner").client;
    let orders: Vec<_> = (0..3).map(|_| order(&owner, "pm_timeout")).collect();
    orders.iter().for_each(|order| drop(with_reference(&owner, order)));
    let mut seen = Vec::new();
    let mut path = "/v1/payments?limit=2".to_owned();
    while seen.len() <= orders.len() {
        let page = owner.get(&path).expect_status(200).json();
        seen.extend(page["items"].as_array().expect("a list").iter().map(|payment| payment["order_id"].clone()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/v1/payments?limit=2&cursor={cursor}");
    }
    let mut expected: Vec<Value> = orders.iter().map(|order| json!(order.id)).collect();
    // The order of the events decides which payment was requested first.
    expected.sort_by_key(Value::to_string);
    seen.sort_by_key(Value::to_string);
    assert_eq!(seen, expected);
}

#[test]
fn a_declined_payment_has_a_reason() {
    let owner = customer("owner").client;
    for (token, reason) in [("pm_declined", "insufficient funds"), ("pm_unknown", "unknown payment method")] {
        let order = order(&owner, token);
        assert_eq!(with_status(&owner, &order, "declined")["decline_reason"], reason);
    }
}

#[test]
fn the_payment_of_a_cancelled_order_is_voided_or_refunded() {
    let owner = customer("owner").client;
    for (token, before, after) in [("pm_timeout", "requested", "voided"), ("pm_ok", "captured", "refunded")] {
        let order = order(&owner, token);
        with_reference(&owner, &order);
        with_status(&owner, &order, before);
        cancel(&owner, &order.path).expect_status(200);
        with_status(&owner, &order, after);
    }
}
