//! The export of a user's notifications.

use super::{ADA, EVE, Fixture, failed};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_edge::testing::user_id;

fn page(fixture: &Fixture, user: u128, query: &str) -> Value {
    let target = format!("/internal/notifications/users/{}/export/notifications{query}", user_id(user));
    fixture.client.get(&target).as_service("users").send().expect(StatusCode::OK).json()
}

#[test]
fn a_notification_has_its_texts_and_the_calls_of_the_provider() {
    let fixture = Fixture::new();
    fixture.respond_with(|_| failed("rejected"));
    let data = json!({ "subject": "Your parcel", "text": "It is with your neighbour." });
    let body = json!({ "user_id": user_id(EVE), "template": "message", "data": data });
    fixture.request(&body).expect(StatusCode::ACCEPTED);
    let mut expected = fixture.only_notification();
    assert_eq!(expected["last_error"], "rejected: ada@example.com: no");
    assert_eq!(expected["calls"][0]["detail"], "ada@example.com: no");
    expected["data"] = data;
    assert_eq!(page(&fixture, EVE, ""), json!({ "items": [expected], "next_cursor": null }));
}

#[test]
fn a_page_has_the_notifications_of_one_user_the_latest_first() {
    let fixture = Fixture::new();
    for event in 1..=3 {
        fixture.publish(event, "PaymentRefunded", EVE);
    }
    fixture.publish(4, "OrderPaid", ADA);
    let ids =
        |page: &Value| page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect::<Vec<_>>();
    let first = page(&fixture, EVE, "?limit=2");
    let second = page(&fixture, EVE, &format!("?limit=2&cursor={}", first["next_cursor"].as_str().unwrap()));
    assert_eq!(second["next_cursor"], Value::Null);
    let listed = fixture.list(&format!("?user_id={}", user_id(EVE)));
    assert_eq!([ids(&first), ids(&second)].concat(), listed.iter().map(|item| item["id"].clone()).collect::<Vec<_>>());
    let target = format!("/internal/notifications/users/{}/export/notifications", user_id(EVE));
    assert_eq!(fixture.client.get(&target).as_service("orders").send().status(), StatusCode::FORBIDDEN);
}
