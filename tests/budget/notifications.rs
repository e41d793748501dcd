//! The budget of a notification on request.

use serde_json::json;
use spindle_tests::notifications::{create_user_at, has_status, list, request};

use crate::fixture::{Fixture, RUNS};
use crate::table::check;

#[test]
fn a_notification_on_request() {
    measure(&Fixture::new());
}

/// Checks the budgets on this instance.
pub(crate) fn measure(fixture: &Fixture) {
    let admin = fixture.instance.admin().client;
    let user = create_user_at(&admin, "example.com", &json!({}));
    fixture.settle();
    let body = json!({"user_id": user.id, "template": "message", "data": {"subject": "Hello", "text": "A & B"}});
    let work = fixture.work(|| drop(request(&admin, &body).expect_status(202)));
    let is_sent = has_status("message", "sent");
    let sent = list(&admin, &user.id).iter().filter(|notification| is_sent(notification)).count();
    assert_eq!(sent, RUNS, "the notification was not sent");
    check(&[
        (
            "notification on request, until the response",
            &work.until_response("notifications", "POST /v1/notifications"),
        ),
        ("notification on request, until it is sent", &work),
    ]);
}
