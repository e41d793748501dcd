//! The means of payment: the inbox has it until the payment is decided, and nothing else has it at any time.

use super::fake_provider::always_succeeds;
use super::{Fixture, event};
use crate::provider::ProviderResult;
use http::StatusCode;
use serde_json::{Value, json};

/// The token in the events of the fixture.
const TOKEN: &str = "pm_secret";

impl Fixture {
    /// Returns every value of every column of every table of the database that contains `text`, as `table.column`.
    pub(super) fn places_of(&self, text: &str) -> Vec<String> {
        let columns: Vec<(String, String)> = self.client.rows(
            "SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'",
        );
        let holds = |(table, column): &(String, String)| {
            let count =
                format!("SELECT count(*) FROM \"{table}\" WHERE instr(CAST(\"{column}\" AS TEXT), '{text}') > 0");
            self.client.rows::<(i64,)>(&count)[0].0 > 0
        };
        columns.iter().filter(|place| holds(place)).map(|(table, column)| format!("{table}.{column}")).collect()
    }

    fn letters(&self) -> Value {
        self.client.get("/internal/payments/dead-letters").as_service("gateway").send().json()["items"].clone()
    }
}

/// A provider that repeats the token in the text of its error.
fn fails(call: &super::ReceivedCall) -> ProviderResult {
    ProviderResult::Retryable(format!("no connection for {}", call.token.clone().unwrap_or_default()))
}

#[test]
fn the_token_is_gone_once_the_payment_is_decided() {
    for provider in [
        always_succeeds,
        |_: &super::ReceivedCall| ProviderResult::Declined(format!("{TOKEN} is closed")),
        |_: &super::ReceivedCall| ProviderResult::Permanent(format!("{TOKEN} is not known")),
        |_: &super::ReceivedCall| ProviderResult::Pending("ref".to_owned()),
    ] {
        let mut fixture = Fixture::with(provider);
        fixture.publish("PaymentRequested", 5);
        assert_eq!(fixture.places_of(TOKEN), [""; 0]);
        let rows: Vec<(String, String)> = fixture.client.rows("SELECT state, data FROM inbox");
        assert_eq!(rows, [("done".to_owned(), "{}".to_owned())]);
    }
}

#[test]
fn a_dead_letter_keeps_its_token_for_a_replay_and_shows_it_to_nobody() {
    let mut fixture = Fixture::with(fails);
    fixture.publish("PaymentRequested", 5);
    fixture.tick_after(2);
    fixture.tick_after(2);
    let letters = fixture.letters();
    assert_eq!(letters[0]["data"]["payment_token"], "[redacted]");
    assert_eq!(letters[0]["last_error"], "authorize: no connection for [redacted]");
    assert!(!letters.to_string().contains(TOKEN), "{letters}");
    let one = format!("/internal/payments/dead-letters/{}", letters[0]["id"].as_str().unwrap());
    let one = fixture.client.get(&one).as_service("gateway").send().json();
    assert_eq!(one["data"]["payment_token"], "[redacted]");
    assert_eq!(fixture.places_of(TOKEN), ["inbox.data"]);
    assert!(!fixture.client.platform().logged().iter().any(|line| line.contains(TOKEN)));

    fixture.respond_with(|call| match call.token.as_deref() {
        None | Some(TOKEN) => always_succeeds(call),
        other => ProviderResult::Declined(format!("no such token: {other:?}")),
    });
    let replay = fixture.client.post("/internal/payments/dead-letters/replay").as_service("gateway").json(&json!({}));
    replay.send().expect(StatusCode::ACCEPTED);
    fixture.tick_after(2);
    assert_eq!((fixture.status(5).as_str(), fixture.places_of(TOKEN).len()), ("authorized", 0));
}

#[test]
fn a_discarded_letter_has_no_token() {
    let mut fixture = Fixture::with(fails);
    fixture.publish("PaymentRequested", 5);
    fixture.tick_after(2);
    fixture.tick_after(2);
    let path = format!("/internal/payments/dead-letters/{}", fixture.letters()[0]["id"].as_str().unwrap());
    fixture.client.delete(&path).as_service("gateway").send().expect(StatusCode::NO_CONTENT);
    assert_eq!(fixture.places_of(TOKEN), [""; 0]);
}

#[test]
fn a_waiting_event_loses_its_token_once_its_order_is_cancelled() {
    // The provider must not be called, so the request waits; the cancellation needs no call.
    let mut fixture = Fixture::new();
    fixture.client.platform().set_variable("payment_concurrency", "0");
    fixture.publish("PaymentRequested", 5);
    assert_eq!(fixture.places_of(TOKEN), ["inbox.data"]);
    fixture.publish("OrderCancelled", 5);
    assert_eq!((fixture.status(5).as_str(), fixture.places_of(TOKEN).len()), ("voided", 0));
    let waiting: Vec<(String, String)> =
        fixture.client.rows("SELECT state, data ->> 'payment_token' FROM inbox WHERE type = 'PaymentRequested'");
    assert_eq!(waiting, [("pending".to_owned(), String::new())]);
    fixture.client.platform().set_variable("payment_concurrency", "64");
    fixture.tick_after(60);
    assert_eq!((fixture.status(5).as_str(), fixture.calls(), fixture.dead_letters()), ("voided", vec![], vec![]));
}

#[test]
fn a_request_whose_token_orders_has_removed_authorises_nothing_and_is_seen() {
    let mut fixture = Fixture::new();
    let mut late = event(1, "PaymentRequested", 5);
    late["data"]["payment_token"] = json!("");
    let request = fixture.client.post("/internal/payments/events").as_service("orders");
    request.json(&json!([late])).send().expect(StatusCode::ACCEPTED);
    fixture.tick_after(2);
    fixture.tick_after(2);
    assert_eq!((fixture.calls(), fixture.status(5).as_str(), fixture.dead_letters().len()), (vec![], "none", 1));
    // If the order is cancelled, there is nothing to authorise.
    fixture.events = 1;
    fixture.publish("OrderCancelled", 5);
    fixture.tick_after(16 * 60);
    assert_eq!((fixture.status(5).as_str(), fixture.dead_letters().len()), ("voided", 0));
}
