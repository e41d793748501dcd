//! Which callers can read a payment, and its fields.

use serde_json::{Value, json};
use spindle_tests::Client;
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
        "amount": order.body["total"], "provider_reference": reference, "decline_code": null, "decline_reason": null,
        "attempts": 2,
        "created_at": payment["created_at"], "updated_at": payment["updated_at"],
    });
    assert_eq!(payment, expected);
    let path = format!("/v1/payments/{}", payment["id"].as_str().expect("an id"));
    let read = owner.client.get(&path).expect_status(200);
    assert_eq!(read.json(), payment);
    let again = owner.client.send("GET", &path, &[("if-none-match", &read.etag())], None);
    assert!(again.expect_status(304).body.is_empty());
    // An operator also sees the calls of the provider, and the error of the last one.
    let mut shown = payment.clone();
    shown["last_error"] = Value::Null;
    assert_eq!(payment_of(&operator.client, &order), Some(shown.clone()));
    let mut single = operator.client.get(&path).expect_status(200).json();
    let calls = single.as_object_mut().expect("an object").remove("calls").expect("operators see the calls");
    let operations: Vec<&Value> = calls.as_array().into_iter().flatten().map(|call| &call["operation"]).collect();
    assert_eq!((single, operations), (shown, vec![&json!("authorize"), &json!("capture")]));
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
fn payments_are_found_by_their_status_their_user_and_their_time() {
    let (owner, operator) = (customer("owner"), operator().client);
    let order = order(&owner.client, "pm_declined");
    let payment = with_status(&owner.client, &order, "declined");
    let created = payment["created_at"].as_str().expect("a time");
    let found = |client: &Client, query: &str| {
        let page = client.get(&format!("/v1/payments?limit=100&{query}")).expect_status(200).json();
        let items = page["items"].as_array().expect("a list").clone();
        items.iter().any(|item| item["id"] == payment["id"])
    };
    let user = format!("user_id={}", owner.id);
    for (query, expected) in [
        ("status=declined".to_owned(), true),
        ("status=captured".to_owned(), false),
        (format!("{user}&status=declined"), true),
        (format!("{user}&created_after={created}"), false),
        (format!("{user}&created_before={created}"), false),
        (format!("{user}&created_after=2026-01-01T00:00:00.000Z"), true),
    ] {
        assert_eq!(found(&operator, &query), expected, "{query}");
    }
    assert!(found(&owner.client, "status=declined"));
    let theirs = customer("stranger").client.get(&format!("/v1/payments?{user}"));
    expect_problem(&theirs, 403, "forbidden");
    expect_problem(&operator.get("/v1/payments?status=lost"), 400, "malformed-request");
}

#[test]
fn a_declined_payment_has_a_reason() {
    let owner = customer("owner").client;
    for (token, reason) in [("pm_declined", "insufficient funds"), ("pm_unknown", "unknown payment method")] {
        let order = order(&owner, token);
        let payment = with_status(&owner, &order, "declined");
        assert_eq!((&payment["decline_code"], &payment["decline_reason"]), (&json!("declined"), &json!(reason)));
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
