//! The public operations of notifications, for the document `api-specs/notifications.yaml`.

use crate::SERVICE;
use crate::api::{NotificationFilters, NotificationView};
use crate::request::{NotificationRequest, QueuedNotifications};
use serde_json::json;
use spindle_contracts::ProblemKind;
use spindle_edge::testing::contract::{Contract, Operation, assert_contract};
use spindle_platform::http::Paged;
use spindle_platform::testing::assert_schema_and_type_agree;

fn contract() -> Contract {
    Contract {
        service: "notifications",
        description: "The messages to users: what was sent on which channel, and why not. Most are triggered by an event, such as a paid order.",
        operations: vec![list(), get(), request()],
    }
}

fn list() -> Operation {
    Operation::new("listNotifications", "GET", "/v1/notifications", "List notifications")
        .describe("A customer gets their own notifications, an operator those of all users, or of one. The latest comes first.")
        .query::<Paged<NotificationFilters>>()
        .page_of::<NotificationView>("The notifications.")
        .problem(ProblemKind::Forbidden, "`user_id` is another user, and the caller is no operator")
}

fn get() -> Operation {
    Operation::new("getNotification", "GET", "/v1/notifications/{id}", "Get a notification")
        .describe("An operator also gets each call of the provider.")
        .returns::<NotificationView>(200, "The notification.")
        .problem(ProblemKind::NotFound, "the notification does not exist, or is another user's")
}

fn request() -> Operation {
    Operation::new("requestNotification", "POST", "/v1/notifications", "Send a message to a user")
        .describe(
            "The request is checked as a whole: each message is rendered once for the user before it is accepted. The notifications are delivered shortly; \
             `Location` is the address of their list.",
        )
        .obeys_idempotency_key()
        .body::<NotificationRequest>("The message and its recipient.")
        .accepts::<QueuedNotifications>("The notifications are enqueued.")
        .problem(
            ProblemKind::ValidationFailed,
            "a field breaks a rule, the template has other fields or no such channel, the user does not exist, or the message is too long for a channel",
        )
        .problem(ProblemKind::Unavailable, "users, which has the address of the recipient, does not respond")
}

#[test]
fn the_document_is_that_of_the_routes_and_types() {
    assert_contract(&SERVICE, contract());
}

#[test]
fn the_type_of_the_body_and_its_schema_accept_the_same() {
    let user = "01a204d9-495d-7bdb-85b4-53f09eb5a815";
    assert_schema_and_type_agree::<NotificationRequest>(
        &[
            json!({ "user_id": user, "template": "message", "data": { "subject": "Hello", "text": "A" } }),
            json!({ "user_id": user, "template": "welcome", "channel": "email" }),
        ],
        &[],
    );
}
