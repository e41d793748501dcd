//! From an event to what a provider is asked to send, and what becomes of what it does not send.

use super::{ADA, Desk, EVE, NOBODY, body, failed, sent, stands};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::provider::notify::{Content, Email, Push, Sms};
use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use uuid::Uuid;

#[test]
fn a_user_is_told_on_each_channel_that_they_want_and_the_template_has() {
    let desk = Desk::new();
    desk.tell(1, "OrderFulfilled", ADA);
    assert_eq!(desk.stand(), [stands("email", "sent"), stands("sms", "sent"), stands("push", "sent")]);
    let messages = desk.messages();
    let ids: Vec<(String,)> = desk.rows("SELECT id FROM notifications ORDER BY id");
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
fn the_language_is_the_readers() {
    let desk = Desk::new();
    desk.tell(1, "PaymentRefunded", EVE);
    let messages = desk.messages();
    let [message] = messages.as_slice() else { panic!("one message: {messages:?}") };
    let Content::Email(email) = &message.content else { panic!("{message:?}") };
    assert_eq!((message.locale.as_str(), email.subject.as_str()), ("de", "Sie bekommen 12,99 € zurück"));
    assert!(email.text.starts_with("Hallo,\n\nwir haben 12,99 € erstattet."), "{}", email.text);
    assert!(email.html.contains(r#"<html lang="de">"#), "{}", email.html);
}

#[test]
fn a_preference_that_says_so_keeps_us_quiet() {
    let desk = Desk::new();
    let off = json!({ "email": false, "sms": false, "push": false });
    desk.knows(
        ADA,
        json!({ "email": "a@b.example", "phone": null, "display_name": null, "locale": "en", "notification_preferences": off }),
    );
    desk.tell(1, "OrderPaid", ADA);
    desk.tell(2, "OrderPaid", NOBODY);
    assert_eq!((desk.stand(), desk.asked()), (vec![], vec![]));
    assert_eq!(desk.dead_letters(), [Value::Null; 0]);
}

#[test]
fn what_was_queued_is_not_sent_once_a_preference_says_so() {
    let mut desk = Desk::new();
    desk.answer_with(|_| failed("retryable"));
    desk.tell(1, "OrderPaid", EVE);
    let off = json!({ "email": false, "sms": true, "push": true });
    desk.knows(
        EVE,
        json!({ "email": "eve@example.com", "phone": null, "display_name": null, "locale": "en", "notification_preferences": off }),
    );
    desk.asked();
    desk.tick_after(1_000);
    assert_eq!((desk.stand(), desk.asked()), (vec![stands("email", "cancelled")], vec![]));
    assert_eq!(desk.only()["last_error"], "the user does not want it on this channel, or cannot be reached there");
}

#[test]
fn the_same_event_tells_nobody_twice() {
    let mut desk = Desk::new();
    for _ in 0..3 {
        desk.tell(1, "OrderPaid", EVE);
    }
    // And if the inbox has forgotten it.
    desk.rows::<(String,)>("DELETE FROM inbox RETURNING id");
    desk.tell(1, "OrderPaid", EVE);
    desk.tick_after(60_000);
    assert_eq!((desk.stand(), desk.asked().len()), (vec![stands("email", "sent")], 1));
    desk.tell(2, "OrderPaid", EVE);
    assert_eq!(desk.asked().len(), 1);
}

#[test]
fn each_notification_is_told_of() {
    let desk = Desk::new();
    desk.tell(1, "OrderPaid", ADA);
    let rows: Vec<(String, String)> = desk.rows(
        "SELECT o.data ->> 'channel', o.data ->> 'template' FROM outbox AS o JOIN notifications AS n
         ON n.id = o.subject AND n.id = o.data ->> 'notification_id' AND n.user_id = o.data ->> 'user_id'
         WHERE o.type = 'NotificationQueued' ORDER BY o.seq",
    );
    assert_eq!(rows, ["email", "push"].map(|channel| stands(channel, "order-paid")));
}

#[test]
fn what_may_work_later_is_tried_again_under_the_same_key_until_it_does() {
    let mut desk = Desk::new();
    desk.answer_with(|message| if message.attempt < 3 { failed("retryable") } else { sent("m-3") });
    desk.tell(1, "OrderPaid", EVE);
    let id = desk.only()["id"].as_str().unwrap().to_owned();
    assert_eq!(desk.only()["last_error"], "retryable: ada@example.com: no");
    for _ in 0..3 {
        desk.tick_after(1_000);
    }
    assert_eq!(desk.asked(), [1, 2, 3].map(|attempt| (id.clone(), attempt)));
    let only = desk.only();
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
fn what_is_rejected_is_dead_at_once_and_sent_once_it_is_replayed_and_goes_through() {
    let mut desk = Desk::new();
    desk.answer_with(|_| failed("rejected"));
    desk.tell(1, "OrderPaid", EVE);
    let only = desk.only();
    assert_eq!((&only["status"], &only["last_error"]), (&json!("dead"), &json!("rejected: ada@example.com: no")));
    let letters = desk.dead_letters();
    let [letter] = letters.as_slice() else { panic!("one letter: {letters:?}") };
    // Whom it goes to stands in no letter.
    assert_eq!((&letter["type"], &letter["error"]), (&json!("NotificationQueued"), &json!("the provider rejects it")));
    assert_eq!((&letter["id"], &letter["data"]["notification_id"]), (&only["id"], &only["id"]));

    let path = format!("/internal/notifications/dead-letters/{}/replay", letter["id"].as_str().unwrap());
    assert_eq!(desk.as_service("gateway", Method::POST, &path, &Value::Null).status(), StatusCode::ACCEPTED);
    assert_eq!(desk.stand(), [stands("email", "queued")]);
    desk.answer_with(|_| sent(""));
    desk.tick_after(0);
    let only = desk.only();
    assert_eq!(
        (&only["status"], &only["attempts"], &only["provider_reference"]),
        (&json!("sent"), &json!(2), &Value::Null)
    );
    assert_eq!(desk.asked().into_iter().map(|(_, attempt)| attempt).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn what_fails_too_often_is_dead_and_stays_so_when_it_is_discarded() {
    let mut desk = Desk::new();
    desk.answer_with(|_| failed("other"));
    desk.tell(1, "OrderPaid", EVE);
    for _ in 0..3 {
        desk.tick_after(1_000);
    }
    assert_eq!((desk.stand(), desk.asked().len()), (vec![stands("email", "dead")], 3));
    let id = desk.only()["id"].as_str().unwrap().to_owned();
    let path = format!("/internal/notifications/dead-letters/{id}");
    assert_eq!(desk.as_service("gateway", Method::DELETE, &path, &Value::Null).status(), StatusCode::NO_CONTENT);
    desk.tick_after(1_000);
    assert_eq!((desk.stand(), desk.dead_letters().len()), (vec![stands("email", "dead")], 0));
}

#[test]
fn while_users_does_not_answer_everything_waits() {
    let mut desk = Desk::new();
    desk.platform.set_variable("users_url", "http://nowhere.spin.internal");
    desk.tell(1, "OrderPaid", EVE);
    assert_eq!(desk.stand(), []);
    desk.platform.set_variable("users_url", "http://users.spin.internal");
    desk.tick_after(1_000);
    assert_eq!(desk.stand(), [stands("email", "sent")]);
}

#[test]
fn what_was_queued_keeps_its_version_of_the_template() {
    let desk = Desk::new();
    desk.tell(1, "OrderPaid", EVE);
    let shown = desk.only();
    assert_eq!((&shown["template"], &shown["template_version"]), (&json!("order-paid"), &json!(1)));
    // A version that is gone is nothing that time heals.
    desk.rows::<(String,)>("UPDATE notifications SET template_version = 99, status = 'queued' RETURNING id");
    desk.rows::<(String,)>(
        "UPDATE inbox SET state = 'dead', settled_at = 1 WHERE source = 'notifications' RETURNING id",
    );
    let path = format!("/internal/notifications/dead-letters/{}/replay", shown["id"].as_str().unwrap());
    desk.as_service("gateway", Method::POST, &path, &Value::Null);
    let mut desk = desk;
    desk.tick_after(0);
    let letters = desk.dead_letters();
    let error = letters[0]["error"].as_str().unwrap();
    assert!(error.starts_with("the template fails: template not found"), "{error}");
    assert_eq!(
        body(&desk.as_service("gateway", Method::GET, "/internal/notifications/dead-letters", &Value::Null))["items"]
            [0]["attempts"],
        1
    );
}

#[test]
fn while_one_waits_for_its_provider_others_are_sent() {
    let desk = Desk::new();
    let (under_way, most) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    for channel in ["email", "push"] {
        let (under_way, most) = (Rc::clone(&under_way), Rc::clone(&most));
        desk.platform.serve(&format!("notify-{channel}.spin.internal"), move |_| {
            let (under_way, most) = (Rc::clone(&under_way), Rc::clone(&most));
            Box::pin(async move {
                under_way.set(under_way.get() + 1);
                most.set(most.get().max(under_way.get()));
                // Everybody else has a turn.
                let mut is_second = false;
                poll_fn(|task| match std::mem::replace(&mut is_second, true) {
                    true => Poll::Ready(()),
                    false => {
                        task.waker().wake_by_ref();
                        Poll::Pending
                    }
                })
                .await;
                under_way.set(under_way.get() - 1);
                sent("m")
            })
        });
    }
    for event in 1..=10 {
        desk.keep(event, "OrderPaid", ADA);
    }
    let mut desk = desk;
    desk.tick_after(0);
    assert_eq!((desk.stand().len(), most.get()), (20, 8));
    assert!(desk.stand().iter().all(|(_, status)| status == "sent"), "{:?}", desk.stand());
}
