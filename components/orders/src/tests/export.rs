//! The export of a user's orders.

use super::{Fixture, LAMP, request};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_edge::testing::user_id;

fn page(fixture: &Fixture, user: u128, query: &str) -> Value {
    let target = format!("/internal/orders/users/{}/export/orders{query}", user_id(user));
    fixture.client.get(&target).as_service("users").send().expect(StatusCode::OK).json()
}

#[test]
fn an_order_has_its_items_its_address_and_its_timeline() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.client.post(&format!("{path}/cancel")).send().expect(StatusCode::OK);
    let exported = page(&fixture, 1, "");
    let mut expected = fixture.client.get(&path).send().json();
    assert_eq!(expected["shipping_address"], request()["shipping_address"]);
    assert_eq!(expected["items"][0]["product_id"], LAMP);
    assert_eq!(expected["cancel_reason"], "requested");
    expected["timeline"] = fixture.client.get(&format!("{path}/timeline")).send().json()["items"].clone();
    assert!(expected["timeline"].as_array().unwrap().len() >= 3, "{expected}");
    assert_eq!(exported, json!({ "items": [expected], "next_cursor": null }));
}

#[test]
fn a_page_has_the_orders_of_one_user_and_each_its_own_timeline() {
    let fixture = Fixture::new();
    let paths: Vec<String> = (0..3).map(|_| fixture.order()).collect();
    fixture.client.post(&format!("{}/cancel", paths[1])).send().expect(StatusCode::OK);
    assert_eq!(page(&fixture, 2, ""), json!({ "items": [], "next_cursor": null }));
    let first = page(&fixture, 1, "?limit=2");
    let second = page(&fixture, 1, &format!("?limit=2&cursor={}", first["next_cursor"].as_str().unwrap()));
    assert_eq!(second["next_cursor"], Value::Null);
    let items = [first["items"].as_array().unwrap().as_slice(), second["items"].as_array().unwrap()].concat();
    let orders: Vec<String> =
        items.iter().map(|order| format!("/v1/orders/{}", order["id"].as_str().unwrap())).collect();
    assert_eq!(orders, paths.iter().rev().cloned().collect::<Vec<_>>());
    let is_cancelled = |order: &Value| order["timeline"].to_string().contains("cancelled");
    assert_eq!(items.iter().map(is_cancelled).collect::<Vec<_>>(), [false, true, false]);
}

#[test]
fn the_means_of_payment_is_not_exported() {
    let fixture = Fixture::new();
    let mut body = request();
    body["payment_method"]["token"] = json!("pm_canary");
    fixture.place_with("key-1", &body).expect(StatusCode::CREATED);
    let audit = format!("/internal/orders/users/{}/export/audit", user_id(1));
    let audit = fixture.client.get(&audit).as_service("users").send().expect(StatusCode::OK).json();
    assert_eq!(audit["items"][0]["actor"], json!(user_id(1)));
    let keys = format!("/internal/orders/users/{}/export/idempotency-keys", user_id(1));
    let keys = fixture.client.get(&keys).as_service("users").send().expect(StatusCode::OK).json();
    let expected = json!({
        "service": "orders", "operation": "order.place", "key": "key-1", "resource_id": page(&fixture, 1, "")["items"][0]["id"],
        "created_at": "2023-11-14T22:13:20.000Z", "status": 201,
    });
    assert_eq!(keys, json!({ "items": [expected], "next_cursor": null }));
    let everything = format!("{}{keys}{audit}", page(&fixture, 1, ""));
    assert!(!everything.contains("pm_canary"), "{everything}");
}

#[test]
fn only_users_may_export() {
    let fixture = Fixture::new();
    let target = format!("/internal/orders/users/{}/export/orders", user_id(1));
    assert_eq!(fixture.client.get(&target).as_service("payments").send().status(), StatusCode::FORBIDDEN);
    assert_eq!(fixture.client.get(&target).send().status(), StatusCode::UNAUTHORIZED);
}
