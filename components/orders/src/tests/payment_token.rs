//! The means of payment: it is part of one event, until payments has decided, and nowhere else.

use super::{Fixture, request};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::event::{PaymentAuthorized, PaymentDeclined, PaymentVoided};

const TOKEN: &str = "canary_of_a_token";

fn placed(fixture: &Fixture) -> String {
    let mut body = request();
    body["payment_method"]["token"] = json!(TOKEN);
    let response = fixture.place_with("k", &body).expect(StatusCode::CREATED);
    response.header("location").unwrap().to_owned()
}

#[test]
fn the_token_is_in_the_outbox_alone() {
    let fixture = Fixture::new();
    placed(&fixture);
    assert_eq!(fixture.places_of(TOKEN), ["outbox.data"]);
    assert!(!fixture.client.platform().logged().iter().any(|line| line.contains(TOKEN)));
}

#[test]
fn the_token_is_gone_once_the_payment_is_decided() {
    for decide in [
        (|fixture: &Fixture, path: &str| drop(fixture.receive::<PaymentAuthorized>(path, json!({}))))
            as fn(&Fixture, &str),
        |fixture, path| drop(fixture.receive::<PaymentDeclined>(path, json!({ "reason": "no" }))),
        |fixture, path| {
            fixture.client.post(&format!("{path}/cancel")).send().expect(StatusCode::OK);
            // Payments may have called the provider already: until it confirms, it may need the token.
            assert_eq!(fixture.places_of(TOKEN), ["outbox.data"]);
            fixture.receive::<PaymentVoided>(path, json!({}));
        },
    ] {
        let fixture = Fixture::new();
        let path = placed(&fixture);
        decide(&fixture, &path);
        assert_eq!(fixture.places_of(TOKEN), [""; 0]);
        // A late consumer reads the event without it.
        let page = fixture.client.get("/internal/orders/events?after=0").as_service("payments").send().json();
        assert_eq!(
            (&page["events"][0]["type"], &page["events"][0]["data"]["payment_token"]),
            (&json!("PaymentRequested"), &json!(""))
        );
    }
}

#[test]
fn a_handled_event_leaves_nothing_in_the_inbox() {
    let fixture = Fixture::new();
    let path = placed(&fixture);
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    let rows: Vec<(String, String, String)> = fixture.client.rows("SELECT state, data, failures FROM inbox");
    assert_eq!(rows, [("done".to_owned(), Value::Object(serde_json::Map::new()).to_string(), "[]".to_owned())]);
}
