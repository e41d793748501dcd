//! Users whom an admin creates are invited to set a password.

use super::fake_auth::invitation;
use super::{FIRST_ID, client_and_auth, create};
use http::StatusCode;
use serde_json::json;
use spindle_contracts::Role;
use spindle_edge::testing::user_id;

#[test]
fn a_created_user_is_invited_and_the_invitation_is_shown_once() {
    let (client, auth) = client_and_auth(&[]);
    let created = create(&client, json!({ "email": "ada@example.com" })).expect(StatusCode::CREATED);
    assert_eq!(created.json()["invitation"], invitation());
    assert_eq!(auth.take_calls(), ["POST {id}/invitation"]);
    let target = format!("/v1/users/{FIRST_ID}");
    assert_eq!(client.get(&target).send().json().get("invitation"), None);
    let log = client.platform().logged().join("\n");
    let audit = client.get("/internal/users/audit").as_service("gateway").send().json().to_string();
    assert!(!log.contains("the-token") && !audit.contains("the-token"));
}

#[test]
fn a_creation_that_auth_does_not_answer_creates_nothing_and_can_be_repeated() {
    let (client, auth) = client_and_auth(&[]);
    auth.set_down(true);
    let response = create(&client, json!({ "email": "ada@example.com" }));
    assert_eq!((response.problem(), response.header("retry-after")), ("503 unavailable".to_owned(), Some("2")));
    assert_eq!(client.get("/v1/users?email=ada@example.com").send().json()["items"], json!([]));
    auth.set_down(false);
    create(&client, json!({ "email": "ada@example.com" })).expect(StatusCode::CREATED);
}

#[test]
fn a_refused_request_invites_no_user() {
    let (client, auth) = client_and_auth(&[]);
    assert_eq!(create(&client, json!({ "email": "no address" })).status().as_u16(), 422);
    assert_eq!(create(&client, json!({ "email": super::ADMIN })).status().as_u16(), 409);
    let new = json!({ "email": "ada@example.com" });
    for (caller, status) in [((user_id(1), Role::Operator), 403), ((user_id(9), Role::Admin), 401)] {
        let request = client.post("/v1/users").as_user(caller.0, caller.1).json(&new);
        assert_eq!(request.send().status().as_u16(), status);
    }
    assert_eq!(auth.take_calls(), [""; 0]);
}

#[test]
fn an_admin_invites_a_user_without_a_password_again() {
    let (client, auth) = client_and_auth(&[]);
    create(&client, json!({ "email": "ada@example.com" }));
    let target = format!("/v1/users/{FIRST_ID}/invitation");
    let response = client.post(&target).send();
    assert_eq!((response.status(), response.json()), (StatusCode::OK, invitation()));
    assert_eq!(client.post(&target).header("if-match", "\"v9\"").send().problem(), "412 precondition-failed");
    assert_eq!(client.post(&target).as_role(Role::Operator).send().problem(), "403 forbidden");
    assert_eq!(client.post(&target).as_user(user_id(9), Role::Admin).send().problem(), "401 unauthorized");
    assert_eq!(client.post(&format!("/v1/users/{}/invitation", user_id(77))).send().problem(), "404 not-found");
    auth.set_password(FIRST_ID.parse().unwrap());
    assert_eq!(client.post(&target).send().problem(), "409 conflict");
    auth.set_down(true);
    assert_eq!(client.post(&target).send().problem(), "503 unavailable");
}
