//! The export of a user's payments.

use super::{Fixture, OWNER};
use crate::provider::ProviderResult;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_edge::testing::user_id;
use uuid::Uuid;

fn page(fixture: &Fixture, user: u128, query: &str) -> Value {
    let target = format!("/internal/payments/users/{}/export/payments{query}", user_id(user));
    fixture.client.get(&target).as_service("users").send().expect(StatusCode::OK).json()
}

#[test]
fn a_payment_has_each_call_of_the_provider_and_not_the_token() {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    fixture.publish("OrderPaid", 5);
    fixture.publish("OrderCancelled", 5);
    assert_eq!(fixture.status(5), "refunded");
    let exported = page(&fixture, OWNER, "");
    let at = "2023-11-14T22:13:20.000Z";
    let call = |operation: &str, outcome: &str, detail: Value| json!({ "operation": operation, "attempt": 1, "began_at": at, "ended_at": at, "outcome": outcome, "detail": detail });
    let mut expected = fixture.payment(5);
    let reference = expected["provider_reference"].clone();
    expected["calls"] = json!([
        call("authorize", "authorized", reference),
        call("capture", "done", Value::Null),
        call("refund", "done", Value::Null),
    ]);
    assert_eq!(exported, json!({ "items": [expected], "next_cursor": null }));
    let audit = format!("/internal/payments/users/{}/export/audit", user_id(OWNER));
    let audit = fixture.client.get(&audit).as_service("users").send().expect(StatusCode::OK).json();
    assert!(!format!("{exported}{audit}").contains("pm_secret"));
}

#[test]
fn the_provider_s_words_about_a_user_are_exported() {
    let mut fixture = Fixture::with(|_| ProviderResult::Declined("the card of Ada is blocked".to_owned()));
    fixture.publish("PaymentRequested", 5);
    let payment = page(&fixture, OWNER, "")["items"][0].clone();
    assert_eq!(
        (&payment["status"], &payment["decline_reason"]),
        (&json!("declined"), &json!("the card of Ada is blocked"))
    );
    assert_eq!(payment["calls"][0]["detail"], "the card of Ada is blocked");
}

#[test]
fn a_page_has_the_payments_of_one_user_the_latest_first() {
    let mut fixture = Fixture::new();
    for order in 1..=3 {
        fixture.tick_after(1);
        fixture.publish("PaymentRequested", order);
    }
    assert_eq!(page(&fixture, 77, ""), json!({ "items": [], "next_cursor": null }));
    let orders = |page: &Value| -> Vec<u128> {
        let id = |item: &Value| item["order_id"].as_str().unwrap().parse::<Uuid>().unwrap().as_u128();
        page["items"].as_array().unwrap().iter().map(id).collect()
    };
    let first = page(&fixture, OWNER, "?limit=2");
    let second = page(&fixture, OWNER, &format!("?limit=2&cursor={}", first["next_cursor"].as_str().unwrap()));
    assert_eq!((orders(&first), orders(&second), &second["next_cursor"]), (vec![3, 2], vec![1], &Value::Null));
    let target = format!("/internal/payments/users/{}/export/payments", user_id(OWNER));
    assert_eq!(fixture.client.get(&target).as_service("orders").send().status(), StatusCode::FORBIDDEN);
}
