//! The erasure of a user ends their notifications.

use super::wait_for;
use serde_json::json;
use spindle_tests::accounts::{admin, operator};
use spindle_tests::notifications::{create_user_at, has_status, request};
use spindle_tests::problem::expect_problem;

#[test]
fn the_notifications_of_an_erased_user_are_cancelled_and_new_ones_refused() {
    let client = admin().client;
    let user = create_user_at(&client, "bounce.test", &json!({}));
    wait_for(&user.id, has_status("welcome", "dead"));
    client.delete(&user.path, &user.etag).expect_status(204);
    let cancelled = wait_for(&user.id, has_status("welcome", "cancelled"));
    assert_eq!((&cancelled["attempts"], &cancelled["last_error"]), (&json!(1), &json!(null)));
    let body = json!({"user_id": user.id, "template": "message", "data": {"subject": "s", "text": "t"}});
    expect_problem(&request(&operator().client, &body), 422, "validation-failed");

    // A replay does not change that.
    let path = format!("/v1/admin/dead-letters/notifications/{}/replay", cancelled["id"].as_str().expect("an id"));
    client.post(&path, &json!({})).expect_status(202);
    wait_for(&user.id, has_status("welcome", "cancelled"));
}
