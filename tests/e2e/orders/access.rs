//! The callers that may read and cancel an order.

use serde_json::json;
use spindle_tests::accounts::{admin, customer, operator};
use spindle_tests::orders::{cancel, fulfil, kinds, place_order, timeline};
use spindle_tests::problem::expect_problem;
use spindle_tests::target;

use super::{available, product};

#[test]
fn an_order_is_found_by_its_owner_and_by_operators_only() {
    let (owner, stranger) = (customer("owner").client, customer("stranger").client);
    let order = place_order(&owner, &product(10), 1, "pm_timeout");
    for client in [&owner, &operator().client, &admin().client] {
        let read = client.get(&order.path).expect_status(200);
        assert_eq!(read.json()["id"], order.body["id"]);
        assert_eq!(timeline(client, &order.path)["status"], read.json()["status"]);
    }
    let paths = [order.path.clone(), format!("{}/timeline", order.path)];
    for path in &paths {
        expect_problem(&stranger.get(path), 404, "not-found");
        expect_problem(&target().client().get(path), 401, "unauthorized");
    }
    expect_problem(&cancel(&stranger, &order.path), 404, "not-found");
    expect_problem(&fulfil(&owner, &order.path), 403, "forbidden");
    assert_eq!(owner.get(&order.path).json()["status"], "pending_payment");
}

#[test]
fn an_unchanged_order_is_not_sent_again() {
    let owner = customer("owner").client;
    let order = place_order(&owner, &product(10), 1, "pm_timeout");
    let read = |tag: &str| owner.send("GET", &order.path, &[("if-none-match", tag)], None);
    assert!(read(&order.etag).expect_status(304).body.is_empty());
    cancel(&owner, &order.path).expect_status(200);
    assert_ne!(read(&order.etag).expect_status(200).etag(), order.etag);
    assert_eq!(read("\"other\"").header("cache-control"), Some("private, no-cache"));
}

#[test]
fn an_order_that_awaits_its_payment_can_be_cancelled_and_its_stock_is_released() {
    let owner = customer("owner").client;
    let product = product(10);
    let order = place_order(&owner, &product, 3, "pm_timeout");
    let awaiting = timeline(&owner, &order.path)["awaiting"].clone();
    assert!(awaiting["what"].is_string() && awaiting["until"].is_string(), "{awaiting}");
    assert_eq!(available(&product), json!(7));
    let cancelled = cancel(&owner, &order.path).expect_status(200);
    assert_eq!(cancelled.json()["status"], "cancelled");
    spindle_tests::orders::wait_until(&owner, &order.path, "stock_released", || target().tick());
    assert_eq!(available(&product), json!(10));
    // The last entry of the timeline.
    spindle_tests::orders::wait_until(&owner, &order.path, "payment_voided", || target().tick());
    // A repeated request changes nothing, from an operator neither.
    let before = kinds(&owner, &order.path);
    for client in [&owner, &operator().client] {
        assert_eq!(cancel(client, &order.path).expect_status(200).json()["status"], "cancelled");
    }
    assert_eq!(kinds(&owner, &order.path), before);
    expect_problem(&fulfil(&operator().client, &order.path), 409, "conflict");
}

#[test]
fn a_stale_entity_tag_cancels_nothing() {
    let owner = customer("owner").client;
    let order = place_order(&owner, &product(10), 1, "pm_timeout");
    let path = format!("{}/cancel", order.path);
    let cancel = |tag: &str| owner.send("POST", &path, &[("if-match", tag)], None);
    for tag in ["\"v0\"", "\"a,*,b\"", "W/\"v1\""] {
        expect_problem(&cancel(tag), 412, "precondition-failed");
    }
    expect_problem(&cancel("\"v0\", *"), 400, "malformed-request");
    let read = owner.get(&order.path).expect_status(200);
    assert_eq!((read.json()["status"].as_str(), read.etag()), (Some("pending_payment"), order.etag.clone()));
    assert_eq!(cancel(&order.etag).expect_status(200).json()["status"], "cancelled");
}

#[test]
fn an_unknown_order_is_not_found() {
    let client = operator().client;
    for id in ["0190a5c0-0000-7000-8000-000000000000", "1", "%27--"] {
        let path = format!("/v1/orders/{id}");
        expect_problem(&client.get(&path), 404, "not-found");
        expect_problem(&client.get(&format!("{path}/timeline")), 404, "not-found");
        expect_problem(&cancel(&client, &path), 404, "not-found");
        expect_problem(&fulfil(&client, &path), 404, "not-found");
    }
}

#[test]
fn a_reason_to_cancel_is_refused_because_cancel_takes_no_body() {
    let owner = customer("owner").client;
    let order = place_order(&owner, &product(10), 1, "pm_timeout");
    let path = format!("{}/cancel", order.path);
    let problem = expect_problem(&owner.post(&path, &json!({"reason": "changed my mind"})), 422, "validation-failed");
    let errors = json!([{"pointer": "/reason", "detail": "is not a known field; the object has no fields"}]);
    assert_eq!(problem["errors"], errors);
    assert_eq!(owner.get(&order.path).expect_status(200).json()["status"], "pending_payment");
    assert_eq!(owner.post(&path, &json!({})).expect_status(200).json()["status"], "cancelled");
}
