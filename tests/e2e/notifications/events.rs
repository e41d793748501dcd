//! The messages that events trigger, and their channels.

use super::wait_for;
use serde_json::{Value, json};
use spindle_tests::accounts::{admin, customer, operator};
use spindle_tests::notifications::{create_user_at, has_status, list};
use spindle_tests::orders::{cancel, fulfil, place_order, wait_until};
use spindle_tests::products::create_product;
use spindle_tests::users::unique_email;
use spindle_tests::{Account, Client, target};

fn channels(client: &Client, account: &Account, template: &str) -> Vec<Value> {
    let all = list(client, &account.id);
    let mut channels: Vec<Value> =
        all.iter().filter(|item| item["template"] == template).map(|item| item["channel"].clone()).collect();
    channels.sort_by_key(Value::to_string);
    channels
}

#[test]
fn a_new_user_gets_a_welcome_message() {
    let ada = customer("welcome");
    let sent = wait_for(&ada.id, has_status("welcome", "sent"));
    assert_eq!((&sent["channel"], &sent["event"]["type"]), (&json!("email"), &json!("UserRegistered")));
    assert_eq!((&sent["user_id"], &sent["attempts"]), (&json!(ada.id), &json!(1)));
    // The user sees the same, without the fields that only operators see.
    let path = format!("/v1/notifications/{}", sent["id"].as_str().expect("an id"));
    let view = ada.client.get(&path).expect_status(200).json();
    let hidden = |item: &Value| item.get("last_error").is_none() && item.get("calls").is_none();
    assert!(view["id"] == sent["id"] && hidden(&view), "{view}");
    customer("stranger").client.get(&path).expect_status(404);
    let calls = operator().client.get(&path).expect_status(200).json()["calls"].clone();
    assert_eq!((&calls[0]["number"], &calls[0]["outcome"], &calls[1]), (&json!(1), &json!("sent"), &Value::Null));
}

#[test]
fn the_owner_of_an_account_is_notified_of_a_new_password_and_a_new_address_whatever_is_turned_off() {
    let ada = customer("owner");
    let etag = ada.client.get(&ada.path()).expect_status(200).etag();
    let off = json!({"notification_preferences": {"email": false}});
    let etag = ada.client.patch(&ada.path(), &etag, &off).expect_status(200).etag();
    let change = json!({"current": ada.password, "new": "another phrase altogether"});
    ada.client.post("/v1/auth/password", &change).expect_status(204);
    let notice = wait_for(&ada.id, has_status("password-changed", "sent"));
    assert_eq!(notice["event"]["type"], "PasswordChanged");
    ada.client.patch(&ada.path(), &etag, &json!({"email": unique_email("owner")})).expect_status(200);
    for template in ["email-changed", "email-replaced"] {
        let notice = wait_for(&ada.id, has_status(template, "sent"));
        assert_eq!((&notice["event"]["type"], &notice["channel"]), (&json!("EmailChanged"), &json!("email")));
    }
}

#[test]
fn a_buyer_gets_the_messages_of_an_order_on_their_channels() {
    let buyer = customer("buyer");
    let etag = buyer.client.get(&buyer.path()).expect_status(200).etag();
    let changes = json!({"phone": "+4930123456", "notification_preferences": {"sms": true, "push": true}});
    buyer.client.patch(&buyer.path(), &etag, &changes).expect_status(200);
    let product = create_product(&operator().client, &json!({"stock": {"on_hand": 9}}));
    let order = place_order(&buyer.client, &product, 1, "pm_ok");
    wait_until(&buyer.client, &order.path, "payment_captured", || target().tick());
    let paid = wait_for(&buyer.id, has_status("order-paid", "sent"));
    assert_eq!(paid["order_id"], json!(order.id));
    let of_order = format!("/v1/notifications?order_id={}&status=sent", order.id);
    let listed = buyer.client.get(&of_order).expect_status(200).json();
    assert!(
        listed["items"].as_array().is_some_and(|items| items.iter().any(|item| item["id"] == paid["id"])),
        "{listed}"
    );
    fulfil(&operator().client, &order.path).expect_status(200);
    wait_for(&buyer.id, |item| item["channel"] == "sms" && has_status("order-fulfilled", "sent")(item));
    assert_eq!(channels(&buyer.client, &buyer, "order-paid"), ["email", "push"]);
    assert_eq!(channels(&buyer.client, &buyer, "order-fulfilled"), ["email", "push", "sms"]);

    let other = place_order(&buyer.client, &product, 1, "pm_ok");
    wait_until(&buyer.client, &other.path, "payment_captured", || target().tick());
    cancel(&buyer.client, &other.path).expect_status(200);
    wait_for(&buyer.id, has_status("order-cancelled", "sent"));
    let refunded = wait_for(&buyer.id, has_status("payment-refunded", "sent"));
    assert_eq!(refunded["event"]["type"], "PaymentRefunded");
}

#[test]
fn a_user_who_has_turned_every_channel_off_gets_no_message() {
    let off = json!({"notification_preferences": {"email": false, "sms": false, "push": false}});
    let quiet = create_user_at(&admin().client, "example.com", &off);
    let loud = create_user_at(&admin().client, "example.com", &json!({}));
    wait_for(&loud.id, has_status("welcome", "sent"));
    target().tick();
    assert_eq!(list(&operator().client, &quiet.id), [Value::Null; 0]);
}

#[test]
fn a_user_lists_their_notifications_and_an_operator_all() {
    let ada = customer("lists");
    wait_for(&ada.id, has_status("welcome", "sent"));
    let page = ada.client.get("/v1/notifications?status=sent").expect_status(200).json();
    assert_eq!(page["items"].as_array().map(Vec::len), Some(1), "{page}");
    assert_eq!(ada.client.get("/v1/notifications?status=dead").expect_status(200).json()["items"], json!([]));
    let all = operator().client.get("/v1/notifications?limit=1").expect_status(200).json();
    assert!(all["items"][0]["last_error"].is_null() || all["items"][0]["last_error"].is_string());
    ada.client.get(&format!("/v1/notifications?user_id={}", admin().id)).expect_status(403);
    ada.client.get("/v1/notifications?status=lost").expect_status(400);
}
