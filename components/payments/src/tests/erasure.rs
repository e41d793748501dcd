//! The erasure of a user: the provider's texts about the payments of the user are removed, and none is added.

use super::fake_provider::{ReceivedCall, always_succeeds};
use super::{Fixture, OWNER};
use crate::payment::Operation;
use crate::provider::ProviderResult;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_edge::testing::user_id;
use uuid::Uuid;

/// A text of the provider about a person.
const TEXT: &str = "the card of Ada is closed";

impl Fixture {
    fn erase_user(&mut self, number: u128) {
        self.events += 1;
        let event = json!({
            "specversion": "1.0", "id": Uuid::from_u128(1_000_000 + self.events), "source": "/users", "type": "UserErased",
            "subject": user_id(number), "time": "2023-11-14T22:13:20.000Z", "datacontenttype": "application/json", "sequence": "1",
            "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "requestid": "r-1",
            "data": { "user_id": user_id(number) },
        });
        let request = self.client.post("/internal/payments/events").as_service("users");
        request.json(&json!([event])).send().expect(StatusCode::ACCEPTED);
    }

    fn erasure(&self, number: u128) -> Value {
        let path = format!("/internal/payments/erasures/{}", Uuid::from_u128(number));
        self.client.get(&path).as_service("users").send().expect(StatusCode::OK).json()
    }
}

fn state(name: &str, open: i64) -> Value {
    json!({ "state": name, "remaining": { "open_orders": open, "retained_orders": 0, "until": null } })
}

fn declines(call: &ReceivedCall) -> ProviderResult {
    match call.operation {
        Operation::Authorize => ProviderResult::Declined(TEXT.to_owned()),
        _ => always_succeeds(call),
    }
}

#[test]
fn the_providers_texts_are_removed_and_what_the_books_need_stays() {
    let mut fixture = Fixture::with(declines);
    fixture.publish("PaymentRequested", 5);
    fixture.respond_with(always_succeeds);
    fixture.publish("PaymentRequested", 6);
    fixture.publish("OrderPaid", 6);
    assert_eq!(
        fixture.places_of("the card of Ada"),
        ["payments.decline_reason", "provider_calls.detail", "outbox.data"]
    );
    assert_eq!(fixture.erasure(OWNER), state("pending", 2));
    fixture.erase_user(OWNER);
    fixture.tick_after(1);
    assert_eq!((fixture.places_of("the card of Ada").len(), fixture.erasure(OWNER)), (0, state("done", 0)));
    let (declined, captured) = (fixture.payment(5), fixture.payment(6));
    assert_eq!(declined["status"], "declined");
    assert_eq!((&declined["decline_code"], &declined["decline_reason"]), (&json!("declined"), &Value::Null));
    assert_eq!(declined["last_error"], "authorize: declined");
    assert_eq!((&captured["status"], &captured["provider_reference"]), (&json!("captured"), &json!("ref")));
    // A refund is possible as before.
    fixture.publish("OrderCancelled", 6);
    assert_eq!(fixture.status(6), "refunded");
    assert_eq!(fixture.erasure(OWNER), state("done", 0));
}

#[test]
fn no_text_is_stored_about_a_user_who_was_erased_before() {
    let mut fixture = Fixture::with(declines);
    fixture.erase_user(OWNER);
    fixture.tick_after(1);
    fixture.publish("PaymentRequested", 5);
    assert_eq!((fixture.status(5).as_str(), fixture.places_of("the card of Ada").len()), ("declined", 0));
    assert_eq!((fixture.published(), fixture.erasure(OWNER)), (vec!["PaymentDeclined".to_owned()], state("done", 0)));
}

#[test]
fn the_order_of_arrival_does_not_matter() {
    for kinds in [
        ["erased", "PaymentRequested", "OrderCancelled"],
        ["PaymentRequested", "OrderCancelled", "erased"],
        ["OrderCancelled", "erased", "PaymentRequested"],
    ] {
        let mut fixture = Fixture::new();
        for kind in kinds {
            if kind == "erased" { fixture.erase_user(OWNER) } else { fixture.publish(kind, 5) }
        }
        fixture.tick_after(1);
        assert_eq!((fixture.status(5).as_str(), fixture.erasure(OWNER)), ("voided", state("done", 0)), "{kinds:?}");
        assert_eq!(fixture.dead_letters(), [""; 0]);
    }
}

#[test]
fn dead_letters_say_nothing_about_the_person_and_can_be_replayed() {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    fixture.respond_with(|call| match call.operation {
        Operation::Capture => ProviderResult::Retryable(TEXT.to_owned()),
        _ => always_succeeds(call),
    });
    fixture.publish("OrderPaid", 5);
    fixture.tick_after(2);
    fixture.tick_after(2);
    assert_eq!(fixture.dead_letters(), [format!("capture: {TEXT}")]);
    fixture.erase_user(OWNER);
    fixture.tick_after(1);
    assert_eq!(fixture.dead_letters(), ["removed with the data of the user"]);
    assert_eq!((fixture.places_of("the card of Ada").len(), fixture.erasure(OWNER)), (0, state("done", 0)));
    fixture.respond_with(always_succeeds);
    fixture.tick_after(15 * 60);
    assert_eq!((fixture.status(5).as_str(), fixture.dead_letters().len()), ("captured", 0));
}

#[test]
fn an_erasure_continues_after_a_crash_at_each_of_its_statements() {
    for (event, table) in [
        ("INSERT", "erased_users"),
        ("UPDATE", "payments"),
        ("UPDATE", "provider_calls"),
        ("UPDATE", "outbox"),
        ("UPDATE", "erased_users"),
    ] {
        let mut fixture = Fixture::with(declines);
        fixture.publish("PaymentRequested", 5);
        let crash = format!("CREATE TRIGGER crash BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, 'crash'); END");
        fixture.client.rows::<(i64,)>(&crash);
        fixture.erase_user(OWNER);
        fixture.client.post("/internal/payments/tick").as_service("gateway").send();
        assert_eq!(fixture.erasure(OWNER)["state"], "pending", "{event} {table}");
        fixture.client.rows::<(i64,)>("DROP TRIGGER crash");
        fixture.tick_after(2);
        fixture.tick_after(1);
        assert_eq!(
            (fixture.erasure(OWNER), fixture.places_of("the card of Ada").len()),
            (state("done", 0), 0),
            "{event} {table}"
        );
        fixture.erase_user(OWNER);
        fixture.tick_after(1);
        assert_eq!(fixture.erasure(OWNER), state("done", 0));
    }
}

#[test]
fn the_payments_of_other_users_stay_as_they_are() {
    let mut fixture = Fixture::with(declines);
    fixture.publish("PaymentRequested", 5);
    fixture.erase_user(2);
    fixture.tick_after(1);
    assert_eq!((&fixture.payment(5)["decline_reason"], fixture.erasure(2)), (&json!(TEXT), state("done", 0)));
}
