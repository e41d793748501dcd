//! Whoever is erased hears nothing any more, and nothing of them is left here.

use super::{ADA, Desk, EVE, failed, stands};
use http::Method;
use serde_json::{Value, json};

/// What is kept of anybody's.
fn kept(desk: &Desk) -> Vec<(String, Option<String>)> {
    desk.rows("SELECT data, last_error FROM notifications UNION ALL SELECT '{}', detail FROM provider_calls")
}

#[test]
fn what_waits_is_cancelled_and_what_is_kept_is_emptied() {
    let mut desk = Desk::new();
    desk.tell(1, "PaymentRefunded", EVE);
    desk.answer_with(|_| failed("retryable"));
    desk.tell(2, "PaymentRefunded", EVE);
    desk.answer_with(|_| failed("rejected"));
    desk.tell(3, "PaymentRefunded", EVE);
    desk.forgets(EVE);
    desk.tell(4, "UserErased", EVE);
    assert_eq!(desk.stand(), [stands("email", "sent"), stands("email", "cancelled"), stands("email", "cancelled")]);
    assert!(kept(&desk).iter().all(|(data, text)| data == "{}" && text.is_none()), "{:?}", kept(&desk));
    desk.asked();
    desk.tick_after(60_000);
    // Neither does the replay of a dead letter reach them.
    let path = "/internal/notifications/dead-letters/replay";
    assert_eq!(super::body(&desk.as_service("gateway", Method::POST, path, &json!({})))["replayed"], 1);
    desk.tick_after(60_000);
    assert_eq!((desk.asked(), desk.dead_letters()), (vec![], vec![]));
}

#[test]
fn what_was_queued_before_we_heard_of_it_is_not_sent_either() {
    let mut desk = Desk::new();
    desk.answer_with(|_| failed("retryable"));
    desk.tell(1, "OrderPaid", ADA);
    desk.asked();
    desk.forgets(ADA);
    desk.tick_after(1_000);
    assert_eq!((desk.asked(), desk.stand()), (vec![], vec![stands("email", "cancelled"), stands("push", "cancelled")]));
    assert!(kept(&desk).iter().all(|(data, _)| data == "{}"));
    desk.tell(2, "OrderFulfilled", ADA);
    assert_eq!(desk.stand().len(), 2);
}

#[test]
fn nobody_elses_are_touched() {
    let desk = Desk::new();
    desk.tell(1, "OrderPaid", ADA);
    desk.forgets(EVE);
    desk.tell(2, "UserErased", EVE);
    assert_eq!(desk.stand(), [stands("email", "sent"), stands("push", "sent")]);
    assert!(desk.list("").iter().all(|item| item["provider_reference"] != Value::Null));
}

#[test]
fn what_is_old_goes() {
    let mut desk = Desk::with(&[("notification_retention_seconds", "86400")]);
    desk.tell(1, "OrderPaid", EVE);
    assert_eq!(desk.tick_after(86_400_000)["pruned"], 3, "the events of it are older");
    assert_eq!(desk.stand().len(), 1);
    assert_eq!((desk.tick_after(1)["pruned"].clone(), desk.stand()), (json!(1), vec![]));
    assert_eq!(desk.rows::<(i64,)>("SELECT count(*) FROM provider_calls"), [(0,)]);
}
