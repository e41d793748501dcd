//! The owner of an account is notified when its password or address was changed, also at the previous address.

use super::{CHANGE, EVE, Fixture, failed, pair};
use serde_json::{Value, json};
use spindle_contracts::provider::notify::Content;
use uuid::Uuid;

/// Lets the user have turned every channel off, and have had another address before the change.
fn set_contact(fixture: &Fixture, previous: Option<&str>) {
    let mut before = serde_json::Map::new();
    if let Some(previous) = previous {
        before.insert(Uuid::from_u128(CHANGE).to_string(), json!(previous));
    }
    fixture.set_contact(
        EVE,
        json!({ "email": "new@example.com", "before": before, "phone": null, "display_name": "You won 500 EUR!",
        "locale": "en", "notification_preferences": { "email": false, "sms": false, "push": false } }),
    );
}

/// Returns recipient, template and text of each e-mail since the last call, in the order of their recipients.
fn emails(fixture: &Fixture) -> Vec<(String, String, String)> {
    let email = |message: spindle_contracts::provider::notify::Message| {
        let Content::Email(email) = message.content else { panic!("an e-mail") };
        (email.to, message.template, email.text)
    };
    let mut emails: Vec<_> = fixture.messages().into_iter().map(email).collect();
    emails.sort();
    emails
}

#[test]
fn a_changed_address_is_notified_to_both_addresses_whatever_is_turned_off() {
    let fixture = Fixture::new();
    set_contact(&fixture, Some("old@example.com"));
    fixture.publish(1, "EmailChanged", EVE);
    let sent = emails(&fixture);
    let to: Vec<_> = sent.iter().map(|(to, template, _)| (to.as_str(), template.as_str())).collect();
    assert_eq!(to, [("new@example.com", "email-changed"), ("old@example.com", "email-replaced")]);
    for (_, _, text) in &sent {
        assert!(!text.contains("500 EUR"), "{text}");
        assert!(!text.contains('@'), "{text}");
    }
    // A second push of the event sends nothing.
    fixture.publish(1, "EmailChanged", EVE);
    assert_eq!(emails(&fixture), []);
    assert_eq!(fixture.statuses(), [pair("email", "sent"), pair("email", "sent")]);
    let stored: Vec<(String,)> = fixture.client.rows("SELECT data FROM notifications WHERE data LIKE '%@%'");
    assert_eq!(stored, [], "no address is stored");
}

#[test]
fn a_changed_password_is_notified_by_email_whatever_is_turned_off() {
    let fixture = Fixture::new();
    set_contact(&fixture, None);
    fixture.publish(1, "PasswordChanged", EVE);
    let sent = emails(&fixture);
    assert_eq!((sent[0].0.as_str(), sent[0].1.as_str(), sent.len()), ("new@example.com", "password-changed", 1));
}

#[test]
fn a_notice_to_a_previous_address_that_is_no_longer_kept_is_cancelled_alone() {
    let mut fixture = Fixture::new();
    set_contact(&fixture, Some("old@example.com"));
    fixture.respond_with(|_| failed("retryable"));
    fixture.publish(1, "EmailChanged", EVE);
    set_contact(&fixture, None);
    fixture.respond_with(|_| super::sent("m-2"));
    fixture.tick_after(60_000);
    let statuses: Vec<(String, String)> = fixture.client.rows("SELECT template, status FROM notifications ORDER BY id");
    assert_eq!(statuses, [pair("email-changed", "sent"), pair("email-replaced", "cancelled")]);
}

#[test]
fn an_operator_cannot_pretend_that_an_account_was_changed() {
    let fixture = Fixture::new();
    for template in ["password-changed", "email-changed", "email-replaced"] {
        let data = if template == "email-replaced" { json!({ "change_id": "x" }) } else { json!({}) };
        let response = fixture.request(&json!({ "user_id": Uuid::from_u128(EVE), "template": template, "data": data }));
        assert_eq!(response.error_pointers(), ["/template"]);
        let allowed = "must be one of welcome, order-paid, order-fulfilled, order-cancelled, payment-refunded, message";
        assert_eq!(response.json()["errors"][0]["detail"], Value::from(allowed));
    }
}
