//! Responses of later servers, whose members and values this client does not know; and changes that clear a member.

use serde_json::json;
use spindle_client::types::{NotificationPreferences, OrderStatus, ProductPatch, Role, UserPatch};
use spindle_client::{Nullable, Versioned as _};

use crate::fake::{Fake, ID, json_response, order, user};

#[tokio::test]
async fn unknown_members_and_values_are_accepted() {
    let fake = Fake::start(|_, _| {
        let mut order = order("on_hold");
        order["colour"] = json!("red");
        order["total"]["precision"] = json!(2);
        json_response(200, &order)
    })
    .await;
    let id: uuid::Uuid = ID.parse().unwrap();
    let order = fake.client().get_order().id(id).send().await.unwrap();
    assert_eq!(order.status, OrderStatus::Other("on_hold".to_owned()));
    assert_eq!(order.status.to_string(), "on_hold");
    assert_eq!(serde_json::to_value(&order.status).unwrap(), "on_hold");
    assert_eq!(order.total.amount, 2598);
    assert_eq!("admin".parse(), Ok(Role::Admin));
}

#[tokio::test]
async fn a_change_sends_what_is_set_and_null_to_clear() {
    let fake = Fake::start(|_, _| {
        let mut response = json_response(200, &user());
        response.headers_mut().insert("etag", "\"v3\"".parse().unwrap());
        response
    })
    .await;
    let client = fake.client();
    let me = client.get_own_user().send().await.unwrap();
    let change =
        UserPatch::builder().display_name(Nullable::Null).phone(Nullable::from("+4930123456")).locale("de".to_owned());
    client.change_own_user().if_match(me.etag().unwrap()).body(change).send().await.unwrap();
    let seen = fake.seen("PATCH /v1/users/me");
    assert_eq!(seen[0].body, json!({ "display_name": null, "phone": "+4930123456", "locale": "de" }));
    assert_eq!(seen[0].header("if-match"), Some("\"v3\""));
    assert_eq!(me.notification_preferences, NotificationPreferences { email: true, push: false, sms: false });
    assert_eq!(serde_json::to_value(ProductPatch::default()).unwrap(), json!({}));
}

#[tokio::test]
async fn an_import_is_sent_as_lines() {
    let fake = Fake::start(|_, _| json_response(200, &json!({ "created": 1, "updated": 0, "failed": [] }))).await;
    let lines = "{\"sku\":\"LAMP-OAK\"}\n";
    let report = fake.client().import_products().body(lines).send().await.unwrap();
    assert_eq!(report.created, 1);
    let seen = &fake.seen("POST /v1/products/import")[0];
    assert_eq!((seen.header("content-type"), seen.text.as_str()), (Some("application/x-ndjson"), lines));
}
