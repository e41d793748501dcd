//! Examples of notifications.

use serde_json::json;
use spindle_tests::notifications::{has_status, wait_until};
use spindle_tests::target;

use crate::scenario::{Scenario, ids};

#[test]
fn send_and_read_notifications() {
    let mut scenario = Scenario::new();
    let (operator, (account, customer)) = (scenario.operator(), scenario.customer());
    wait_until(&customer.client, &account.id, has_status("welcome", "sent"), || target().tick());
    let body = json!({
        "user_id": account.id,
        "template": "message",
        "channel": "email",
        "data": {"subject": "Your lamp", "text": "It is on its way."},
    });
    let key = scenario.key("6f1c0a52-message-to-ada");
    let send = operator.post("/v1/notifications").idempotency_key(&key).json(body);
    let sent = std::time::SystemTime::now();
    let queued = send.send().expect_status(202);
    let id = crate::scenario::text(&queued, "/items/0/id");
    scenario.placeholders.name_id(&id, ids::NOTIFICATION);
    scenario.check_response("requestNotification/queued", &send, &queued, sent);
    let wrong = json!({"user_id": account.id, "template": "message", "data": {"subject": ""}});
    scenario.check("requestNotification/invalid", &operator.post("/v1/notifications").json(wrong));

    wait_until(&customer.client, &account.id, has_status("message", "sent"), || target().tick());
    scenario.check("listNotifications/own", &customer.get("/v1/notifications?limit=1"));
    let path = format!("/v1/notifications/{id}");
    scenario.check("getNotification/sent", &customer.get(&path));
    let stranger = scenario.customer().1;
    scenario.check("getNotification/not-found", &stranger.get(&path));
}
