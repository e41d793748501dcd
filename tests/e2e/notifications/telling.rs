//! Who is told what, and how.

use super::wait_for;
use serde_json::{Value, json};
use spindle_tests::accounts::{admin, customer, operator};
use spindle_tests::notifications::{create_user_at, of, stands};
use spindle_tests::orders::{cancel, fulfil, place, wait_until};
use spindle_tests::products::create_product;
use spindle_tests::{Account, Client, target};

fn channels(client: &Client, account: &Account, template: &str) -> Vec<Value> {
    let all = of(client, &account.id);
    let mut channels: Vec<Value> =
        all.iter().filter(|item| item["template"] == template).map(|item| item["channel"].clone()).collect();
    channels.sort_by_key(Value::to_string);
    channels
}

#[test]
fn whoever_registers_is_welcomed() {
    let ada = customer("welcome");
    let told = wait_for(&ada.id, stands("welcome", "sent"));
    assert_eq!((&told["channel"], &told["event"]["type"]), (&json!("email"), &json!("UserRegistered")));
    assert_eq!((&told["user_id"], &told["attempts"]), (&json!(ada.id), &json!(1)));
    // The reader sees the same, without what is for operators.
    let path = format!("/v1/notifications/{}", told["id"].as_str().expect("an id"));
    let own = ada.client.get(&path).expect_status(200).json();
    let hidden = |item: &Value| item.get("last_error").is_none() && item.get("calls").is_none();
    assert!(own["id"] == told["id"] && hidden(&own), "{own}");
    customer("stranger").client.get(&path).expect_status(404);
    let calls = operator().client.get(&path).expect_status(200).json()["calls"].clone();
    assert_eq!((&calls[0]["number"], &calls[0]["outcome"], &calls[1]), (&json!(1), &json!("sent"), &Value::Null));
}

#[test]
fn a_buyer_is_told_how_it_goes_on_where_they_wish() {
    let buyer = customer("buyer");
    let etag = buyer.client.get(&buyer.path()).expect_status(200).etag();
    let wishes = json!({"phone": "+4930123456", "notification_preferences": {"sms": true, "push": true}});
    buyer.client.patch(&buyer.path(), &etag, &wishes).expect_status(200);
    let product = create_product(&operator().client, &json!({"stock": {"quantity": 9}}));
    let order = place(&buyer.client, &product, 1, "pm_ok");
    wait_until(&buyer.client, &order.path, "payment_captured", || target().tick());
    wait_for(&buyer.id, stands("order-paid", "sent"));
    fulfil(&operator().client, &order.path).expect_status(200);
    wait_for(&buyer.id, |item| item["channel"] == "sms" && stands("order-fulfilled", "sent")(item));
    assert_eq!(channels(&buyer.client, &buyer, "order-paid"), ["email", "push"]);
    assert_eq!(channels(&buyer.client, &buyer, "order-fulfilled"), ["email", "push", "sms"]);

    let other = place(&buyer.client, &product, 1, "pm_ok");
    wait_until(&buyer.client, &other.path, "payment_captured", || target().tick());
    cancel(&buyer.client, &other.path).expect_status(200);
    wait_for(&buyer.id, stands("order-cancelled", "sent"));
    let refunded = wait_for(&buyer.id, stands("payment-refunded", "sent"));
    assert_eq!(refunded["event"]["type"], "PaymentRefunded");
}

#[test]
fn whoever_wants_to_hear_nothing_hears_nothing() {
    let off = json!({"notification_preferences": {"email": false, "sms": false, "push": false}});
    let quiet = create_user_at(&admin().client, "example.com", &off);
    let loud = create_user_at(&admin().client, "example.com", &json!({}));
    wait_for(&loud.id, stands("welcome", "sent"));
    target().tick();
    assert_eq!(of(&operator().client, &quiet.id), [Value::Null; 0]);
}

#[test]
fn lists_are_of_those_who_ask_or_for_operators_of_all() {
    let ada = customer("lists");
    wait_for(&ada.id, stands("welcome", "sent"));
    let own = ada.client.get("/v1/notifications?status=sent").expect_status(200).json();
    assert_eq!(own["items"].as_array().map(Vec::len), Some(1), "{own}");
    assert_eq!(ada.client.get("/v1/notifications?status=dead").expect_status(200).json()["items"], json!([]));
    let everybodys = operator().client.get("/v1/notifications?limit=1").expect_status(200).json();
    assert!(everybodys["items"][0]["last_error"].is_null() || everybodys["items"][0]["last_error"].is_string());
    ada.client.get(&format!("/v1/notifications?user_id={}", admin().id)).expect_status(403);
    ada.client.get("/v1/notifications?status=lost").expect_status(400);
}
