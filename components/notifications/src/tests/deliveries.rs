//! From an event to the message that a provider receives, and the result of a message that it does not send.

use super::{ADA, EVE, Fixture, UNKNOWN_USER, cloud_event, failed, pair, sent};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::event::{EVENT_TYPES, EventData as _, UserErased};
use spindle_contracts::provider::notify::{Content, Email, Push, Sms};
use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use uuid::Uuid;

#[test]
fn a_message_is_sent_on_each_channel_of_the_user_and_the_template() {
    let fixture = Fixture::new();
    fixture.publish(1, "OrderFulfilled", ADA);
    assert_eq!(fixture.statuses(), [pair("email", "sent"), pair("sms", "sent"), pair("push", "sent")]);
    let messages = fixture.messages();
    let ids: Vec<(String,)> = fixture.client.rows("SELECT id FROM notifications ORDER BY id");
    let [email, sms, push] = messages.as_slice() else { panic!("three messages: {messages:?}") };
    for (message, (id,)) in messages.iter().zip(ids) {
        assert_eq!((&message.idempotency_key, message.attempt), (&id, 1));
        assert_eq!((message.template.as_str(), message.locale.as_str()), ("order-fulfilled", "en"));
    }
    let Content::Email(Email { to, subject, .. }) = &email.content else { panic!("{email:?}") };
    assert_eq!((to.as_str(), subject.as_str()), ("ada@example.com", "Your order S-1 is on its way"));
    let text = "Spindle: your order S-1 is on its way.".to_owned();
    assert_eq!(sms.content, Content::Sms(Sms { to: "+4930123456".to_owned(), text }));
    let (title, text) = ("Order S-1".to_owned(), "Your parcel is on its way.".to_owned());
    assert_eq!(push.content, Content::Push(Push { to: Uuid::from_u128(ADA).to_string(), title, text }));
}

#[test]
fn the_message_is_in_the_language_of_the_recipient() {
    let fixture = Fixture::new();
    fixture.publish(1, "PaymentRefunded", EVE);
    let messages = fixture.messages();
    let [message] = messages.as_slice() else { panic!("one message: {messages:?}") };
    let Content::Email(email) = &message.content else { panic!("{message:?}") };
    assert_eq!((message.locale.as_str(), email.subject.as_str()), ("de", "Sie bekommen 12,99 € zurück"));
    assert!(email.text.starts_with("Hallo,\n\nwir haben 12,99 € erstattet."), "{}", email.text);
    assert!(email.html.contains(r#"<html lang="de">"#), "{}", email.html);
}

/// Messages go to addresses that no one has confirmed: a text of the user would reach strangers in the name of the shop.
#[test]
fn no_message_quotes_a_text_of_its_user() {
    let fixture = Fixture::new();
    let text = "You won 500 EUR! Claim: http://evil.example";
    let all = json!({ "email": true, "sms": true, "push": true });
    // The users of an earlier release respond with the name as well.
    fixture.set_contact(
        ADA,
        json!({ "email": "ada@example.com", "phone": "+4930123456", "display_name": text, "locale": text,
            "notification_preferences": all }),
    );
    let events = EVENT_TYPES.iter().filter(|event| event.is_consumed_by("notifications"));
    for (id, kind) in (1..).zip(events.map(|event| event.name).filter(|name| *name != UserErased::NAME)) {
        fixture.publish(id, kind, ADA);
        let messages = fixture.messages();
        assert!(!messages.is_empty(), "{kind}");
        for message in messages {
            let sent = serde_json::to_string(&message).unwrap();
            assert!(!sent.contains("evil.example") && !sent.contains("500 EUR"), "{kind}: {sent}");
        }
    }
    let request = json!({ "user_id": Uuid::from_u128(ADA), "template": "message",
        "data": { "subject": "Your question", "text": "It is on its way." } });
    fixture.request(&request).expect(StatusCode::ACCEPTED);
    let messages = serde_json::to_string(&fixture.messages()).unwrap();
    assert!(messages.contains("It is on its way.") && !messages.contains("evil.example"), "{messages}");
}

#[test]
fn a_sum_in_a_message_has_the_decimals_of_its_currency() {
    for (amount, currency, sum) in [(0, "EUR", "€0.00"), (3_000, "JPY", "¥3,000"), (24_690, "KWD", "KWD 24.690")] {
        let fixture = Fixture::new();
        for (id, producer, kind, member) in
            [(1, "orders", "OrderPaid", "total"), (2, "payments", "PaymentRefunded", "amount")]
        {
            let mut event = cloud_event(id, producer, kind, ADA);
            event["data"][member] = json!({ "amount": amount, "currency": currency });
            let request = fixture.client.post("/internal/notifications/events").as_service(producer);
            request.json(&json!([event])).send().expect(StatusCode::ACCEPTED);
        }
        let messages = fixture.messages();
        let mails = messages.iter().filter_map(|message| match &message.content {
            Content::Email(email) => Some(email),
            Content::Sms(_) | Content::Push(_) => None,
        });
        let mails: Vec<&Email> = mails.collect();
        assert_eq!(mails.len(), 2, "{messages:?}");
        for mail in mails {
            assert!(mail.text.contains(sum) && mail.html.contains(sum), "{sum}: {mail:?}");
        }
    }
}

#[test]
fn a_user_without_channels_and_an_unknown_user_get_no_notification() {
    let fixture = Fixture::new();
    let off = json!({ "email": false, "sms": false, "push": false });
    fixture.set_contact(
        ADA,
        json!({ "email": "a@b.example", "phone": null, "locale": "en", "notification_preferences": off }),
    );
    fixture.publish(1, "OrderPaid", ADA);
    fixture.publish(2, "OrderPaid", UNKNOWN_USER);
    assert_eq!((fixture.statuses(), fixture.calls()), (vec![], vec![]));
    assert_eq!(fixture.dead_letters(), [Value::Null; 0]);
}

#[test]
fn a_queued_notification_is_cancelled_once_its_channel_is_turned_off() {
    let mut fixture = Fixture::new();
    fixture.respond_with(|_| failed("retryable"));
    fixture.publish(1, "OrderPaid", EVE);
    let off = json!({ "email": false, "sms": true, "push": true });
    fixture.set_contact(
        EVE,
        json!({ "email": "eve@example.com", "phone": null, "locale": "en", "notification_preferences": off }),
    );
    fixture.calls();
    fixture.tick_after(1_000);
    assert_eq!((fixture.statuses(), fixture.calls()), (vec![pair("email", "cancelled")], vec![]));
    assert_eq!(
        fixture.only_notification()["last_error"],
        "the user has turned this channel off, or has no address for it"
    );
}

#[test]
fn a_duplicate_event_sends_nothing() {
    let mut fixture = Fixture::new();
    for _ in 0..3 {
        fixture.publish(1, "OrderPaid", EVE);
    }
    // Also once the inbox has removed it.
    fixture.client.rows::<(String,)>("DELETE FROM inbox RETURNING id");
    fixture.publish(1, "OrderPaid", EVE);
    fixture.tick_after(60_000);
    assert_eq!((fixture.statuses(), fixture.calls().len()), (vec![pair("email", "sent")], 1));
    fixture.publish(2, "OrderPaid", EVE);
    assert_eq!(fixture.calls().len(), 1);
}

#[test]
fn each_notification_is_published() {
    let fixture = Fixture::new();
    fixture.publish(1, "OrderPaid", ADA);
    let rows: Vec<(String, String)> = fixture.client.rows(
        "SELECT o.data ->> 'channel', o.data ->> 'template' FROM outbox AS o JOIN notifications AS n
         ON n.id = o.subject AND n.id = o.data ->> 'notification_id' AND n.user_id = o.data ->> 'user_id'
         WHERE o.type = 'NotificationQueued' ORDER BY o.seq",
    );
    assert_eq!(rows, ["email", "push"].map(|channel| pair(channel, "order-paid")));
}

#[test]
fn a_retryable_failure_is_retried_under_the_same_key() {
    let mut fixture = Fixture::new();
    fixture.respond_with(|message| if message.attempt < 3 { failed("retryable") } else { sent("m-3") });
    fixture.publish(1, "OrderPaid", EVE);
    let id = fixture.only_notification()["id"].as_str().unwrap().to_owned();
    assert_eq!(fixture.only_notification()["last_error"], "retryable: ada@example.com: no");
    for _ in 0..3 {
        fixture.tick_after(1_000);
    }
    assert_eq!(fixture.calls(), [1, 2, 3].map(|attempt| (id.clone(), attempt)));
    let only = fixture.only_notification();
    assert_eq!(
        (&only["status"], &only["attempts"], &only["provider_reference"]),
        (&json!("sent"), &json!(3), &json!("m-3"))
    );
    assert_eq!(only["last_error"], Value::Null);
    let outcomes: Vec<&str> =
        only["calls"].as_array().unwrap().iter().map(|call| call["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["retryable", "retryable", "sent"]);
}

#[test]
fn a_rejected_message_is_dead_at_once_and_sent_once_a_replay_succeeds() {
    let mut fixture = Fixture::new();
    fixture.respond_with(|_| failed("rejected"));
    fixture.publish(1, "OrderPaid", EVE);
    let only = fixture.only_notification();
    assert_eq!((&only["status"], &only["last_error"]), (&json!("dead"), &json!("rejected: ada@example.com: no")));
    let letters = fixture.dead_letters();
    let [letter] = letters.as_slice() else { panic!("one letter: {letters:?}") };
    // A dead letter does not hold the recipient.
    assert_eq!(
        (&letter["type"], &letter["last_error"]),
        (&json!("NotificationQueued"), &json!("the provider rejected the message"))
    );
    assert_eq!((&letter["id"], &letter["data"]["notification_id"]), (&only["id"], &only["id"]));

    let path = format!("/internal/notifications/dead-letters/{}/replay", letter["id"].as_str().unwrap());
    let replay = fixture.client.post(&path).as_service("gateway");
    replay.send().expect(StatusCode::ACCEPTED);
    assert_eq!(fixture.statuses(), [pair("email", "queued")]);
    fixture.respond_with(|_| sent(""));
    fixture.tick_after(0);
    let only = fixture.only_notification();
    assert_eq!(
        (&only["status"], &only["attempts"], &only["provider_reference"]),
        (&json!("sent"), &json!(2), &Value::Null)
    );
    assert_eq!(fixture.calls().into_iter().map(|(_, attempt)| attempt).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn a_message_that_fails_too_often_is_dead_and_stays_dead_when_its_letter_is_discarded() {
    let mut fixture = Fixture::new();
    fixture.respond_with(|_| failed("other"));
    fixture.publish(1, "OrderPaid", EVE);
    for _ in 0..3 {
        fixture.tick_after(1_000);
    }
    assert_eq!((fixture.statuses(), fixture.calls().len()), (vec![pair("email", "dead")], 3));
    let id = fixture.only_notification()["id"].as_str().unwrap().to_owned();
    let path = format!("/internal/notifications/dead-letters/{id}");
    fixture.client.delete(&path).as_service("gateway").send().expect(StatusCode::NO_CONTENT);
    fixture.tick_after(1_000);
    assert_eq!((fixture.statuses(), fixture.dead_letters().len()), (vec![pair("email", "dead")], 0));
}

#[test]
fn an_event_is_retried_while_users_does_not_respond() {
    let mut fixture = Fixture::new();
    fixture.client.platform().set_variable("users_url", "http://nowhere.spin.internal");
    fixture.publish(1, "OrderPaid", EVE);
    assert_eq!(fixture.statuses(), []);
    fixture.client.platform().set_variable("users_url", "http://users.spin.internal");
    fixture.tick_after(1_000);
    assert_eq!(fixture.statuses(), [pair("email", "sent")]);
}

#[test]
fn a_queued_notification_keeps_its_version_of_the_template() {
    let fixture = Fixture::new();
    fixture.publish(1, "OrderPaid", EVE);
    let notification = fixture.only_notification();
    assert_eq!((&notification["template"], &notification["template_version"]), (&json!("order-paid"), &json!(2)));
    // A version that was removed is a permanent failure.
    fixture.client.rows::<(String,)>("UPDATE notifications SET template_version = 99, status = 'queued' RETURNING id");
    fixture.client.rows::<(String,)>(
        "UPDATE inbox SET state = 'dead', settled_at = 1, data = (SELECT data FROM outbox WHERE type = 'NotificationQueued')
        WHERE source = 'notifications' RETURNING id",
    );
    let path = format!("/internal/notifications/dead-letters/{}/replay", notification["id"].as_str().unwrap());
    fixture.client.post(&path).as_service("gateway").send();
    let mut fixture = fixture;
    fixture.tick_after(0);
    let letters = fixture.dead_letters();
    let error = letters[0]["last_error"].as_str().unwrap();
    assert!(error.starts_with("the template cannot be rendered: template not found"), "{error}");
    assert_eq!(letters[0]["attempts"], 1);
}

#[test]
fn deliveries_run_concurrently_while_they_wait_for_a_provider() {
    let mut fixture = Fixture::new();
    fixture.respond_with(|_| failed("rejected"));
    for event in 1..=10 {
        fixture.publish(event, "OrderPaid", ADA);
    }
    assert_eq!(fixture.dead_letters().len(), 20);
    let (in_progress, most) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    for channel in ["email", "push"] {
        let (in_progress, most) = (Rc::clone(&in_progress), Rc::clone(&most));
        fixture.client.platform().serve(&format!("notify-{channel}.spin.internal"), move |_| {
            let (in_progress, most) = (Rc::clone(&in_progress), Rc::clone(&most));
            Box::pin(async move {
                in_progress.set(in_progress.get() + 1);
                most.set(most.get().max(in_progress.get()));
                // The other deliveries run first.
                let mut is_second = false;
                poll_fn(|task| match std::mem::replace(&mut is_second, true) {
                    true => Poll::Ready(()),
                    false => {
                        task.waker().wake_by_ref();
                        Poll::Pending
                    }
                })
                .await;
                in_progress.set(in_progress.get() - 1);
                sent("m")
            })
        });
    }
    let replay =
        fixture.client.post("/internal/notifications/dead-letters/replay").as_service("gateway").json(&json!({}));
    replay.send().expect(StatusCode::ACCEPTED);
    fixture.tick_after(0);
    assert_eq!((fixture.statuses().len(), most.get()), (20, 8));
    assert!(fixture.statuses().iter().all(|(_, status)| status == "sent"), "{:?}", fixture.statuses());
}
