//! Rights that end: a changed role, deactivation and reactivation, and the calls of auth that follow them.

use super::internal::tick;
use super::{ADMIN, FIRST_ID, SERVICE, client, create, patch};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::{Role, UserId};
use spindle_edge::testing::{TestClient, TestResponse, user_id};
use spindle_platform::http::{Params, empty};
use std::cell::RefCell;
use std::rc::Rc;

/// The requests that auth has received: path and body.
type Calls = Rc<RefCell<Vec<(String, Value)>>>;

/// Serves a fake auth that responds with `status`. Returns its requests.
fn serve_auth(client: &TestClient, status: StatusCode) -> Calls {
    let calls = Calls::default();
    let received = Rc::clone(&calls);
    client.platform().serve("auth.spin.internal", move |request| {
        let received = Rc::clone(&received);
        Box::pin(async move {
            let path = request.path().to_owned();
            let body = request.on_route(Params::default(), 1 << 16).bytes().await.unwrap();
            received.borrow_mut().push((path, serde_json::from_slice(&body).unwrap_or_default()));
            empty(status)
        })
    });
    calls
}

/// Makes a client with a customer, whose key set is cached.
fn client_with_customer() -> TestClient {
    let client = client();
    create(&client, json!({ "email": "ada@example.com" })).expect(StatusCode::CREATED);
    client
}

fn set_status(client: &TestClient, verb: &str) -> TestResponse {
    client.post(&format!("/v1/users/{FIRST_ID}/{verb}")).send()
}

fn rights_changed(active: bool) -> (String, Value) {
    (format!("/internal/auth/accounts/{FIRST_ID}/rights-changed"), json!({ "active": active }))
}

fn identity(client: &TestClient) -> Value {
    client.get(&format!("/internal/users/{FIRST_ID}/identity")).as_service("auth").send().json()
}

/// Returns the actions on the customer, oldest first.
fn audited(client: &TestClient) -> Vec<String> {
    let page = client.get("/internal/users/audit").as_service("gateway").send().json();
    let rows = page["items"].as_array().unwrap().iter().rev().filter(|row| row["subject"] == FIRST_ID);
    rows.map(|row| row["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_changed_role_ends_the_former_one_at_auth_before_the_response() {
    let client = client_with_customer();
    let calls = serve_auth(&client, StatusCode::NO_CONTENT);
    let target = format!("/v1/users/{FIRST_ID}");
    patch(&client, &target, "*", json!({ "role": "operator" })).expect(StatusCode::OK);
    assert_eq!(*calls.borrow(), [rights_changed(true)]);
    patch(&client, &target, "*", json!({ "locale": "de", "role": "operator" })).expect(StatusCode::OK);
    assert_eq!(calls.borrow().len(), 1, "nothing has ended");
}

#[test]
fn a_tick_repeats_what_auth_has_not_confirmed() {
    let client = client_with_customer();
    serve_auth(&client, StatusCode::SERVICE_UNAVAILABLE);
    let target = format!("/v1/users/{FIRST_ID}");
    patch(&client, &target, "*", json!({ "role": "operator" })).expect(StatusCode::OK);
    // A later change of something else does not forget it.
    patch(&client, &target, "*", json!({ "locale": "de" })).expect(StatusCode::OK);
    assert_eq!(tick(&client)["rights_ended"], 0);
    let calls = serve_auth(&client, StatusCode::NO_CONTENT);
    assert_eq!(tick(&client)["rights_ended"], 1);
    assert_eq!(*calls.borrow(), [rights_changed(true)]);
    assert_eq!(tick(&client)["rights_ended"], 0);
}

#[test]
fn an_erased_user_has_no_rights_left_to_end() {
    let client = client_with_customer();
    serve_auth(&client, StatusCode::SERVICE_UNAVAILABLE);
    let target = format!("/v1/users/{FIRST_ID}");
    patch(&client, &target, "*", json!({ "role": "operator" })).expect(StatusCode::OK);
    client.delete(&target).header("if-match", "*").send().expect(StatusCode::NO_CONTENT);
    serve_auth(&client, StatusCode::NO_CONTENT);
    assert_eq!(tick(&client), json!({ "forgotten": 1, "rights_ended": 0, "pruned": 0 }));
}

#[test]
fn a_user_is_deactivated_and_activated_again() {
    let client = client_with_customer();
    let calls = serve_auth(&client, StatusCode::NO_CONTENT);
    let response = set_status(&client, "deactivate").expect(StatusCode::OK);
    assert_eq!((response.header("etag"), &response.json()["status"]), (Some("\"v2\""), &json!("deactivated")));
    assert_eq!(*calls.borrow(), [rights_changed(false)]);
    assert_eq!(identity(&client)["active"], false);
    let listed = client.get("/v1/users?email=ada@example.com").send().json();
    assert_eq!(listed["items"][0]["status"], "deactivated");

    let response = set_status(&client, "reactivate").expect(StatusCode::OK);
    assert_eq!((response.header("etag"), &response.json()["status"]), (Some("\"v3\""), &json!("active")));
    assert_eq!(identity(&client)["active"], true);
    assert_eq!(audited(&client), ["user.created", "user.deactivated", "user.reactivated"]);
}

#[test]
fn a_repeated_deactivation_changes_nothing() {
    let client = client_with_customer();
    let calls = serve_auth(&client, StatusCode::NO_CONTENT);
    let first = set_status(&client, "deactivate").json();
    let again = set_status(&client, "deactivate").expect(StatusCode::OK);
    assert_eq!((again.header("etag"), again.json()), (Some("\"v2\""), first));
    assert_eq!((calls.borrow().len(), audited(&client).len()), (1, 2));
    set_status(&client, "reactivate");
    assert_eq!(set_status(&client, "reactivate").expect(StatusCode::OK).header("etag"), Some("\"v3\""));
}

#[test]
fn a_precondition_that_is_sent_is_obeyed() {
    let client = client_with_customer();
    serve_auth(&client, StatusCode::NO_CONTENT);
    let deactivate =
        |version: &str| client.post(&format!("/v1/users/{FIRST_ID}/deactivate")).header("if-match", version).send();
    deactivate("\"v9\"").expect(StatusCode::PRECONDITION_FAILED);
    deactivate("\"v1\"").expect(StatusCode::OK);
}

#[test]
fn a_user_is_reactivated_only_after_auth_has_ended_the_sessions() {
    let client = client_with_customer();
    serve_auth(&client, StatusCode::SERVICE_UNAVAILABLE);
    set_status(&client, "deactivate").expect(StatusCode::OK);
    let response = set_status(&client, "reactivate").expect(StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.header("retry-after"), Some("2"));
    let calls = serve_auth(&client, StatusCode::NO_CONTENT);
    set_status(&client, "reactivate").expect(StatusCode::OK);
    assert_eq!(calls.borrow()[0], rights_changed(false));
}

#[test]
fn only_an_admin_deactivates_and_reactivates() {
    let client = client_with_customer();
    let owner: UserId = FIRST_ID.parse().unwrap();
    for verb in ["deactivate", "reactivate"] {
        let target = format!("/v1/users/{FIRST_ID}/{verb}");
        for (user, role) in [(owner, Role::Customer), (user_id(3), Role::Operator)] {
            assert_eq!(client.post(&target).as_user(user, role).send().problem(), "403 forbidden");
        }
        assert_eq!(client.post(&format!("/v1/users/{}/{verb}", user_id(9))).send().problem(), "404 not-found");
        TestClient::new(&SERVICE, client.platform()).post(&target).send().expect(StatusCode::UNAUTHORIZED);
    }
    client.delete(&format!("/v1/users/{FIRST_ID}")).header("if-match", "*").send().expect(StatusCode::NO_CONTENT);
    assert_eq!(set_status(&client, "deactivate").problem(), "404 not-found");
}

#[test]
fn an_admin_cannot_deactivate_the_own_account_so_an_active_admin_remains() {
    let client = client_with_customer();
    let second = create(&client, json!({ "email": "second@example.com", "role": "admin" })).json();
    serve_auth(&client, StatusCode::NO_CONTENT);
    let own = format!("/v1/users/{}/deactivate", user_id(1));
    assert_eq!(client.post(&own).send().problem(), "409 conflict");
    let second: UserId = second["id"].as_str().unwrap().parse().unwrap();
    client.post(&own).as_user(second, Role::Admin).send().expect(StatusCode::OK);
    // The edge may not know yet: the row does.
    let revenge = client.post(&format!("/v1/users/{second}/deactivate")).send();
    assert_eq!(revenge.problem(), "401 unauthorized");
    let demotion = client.patch("/v1/users/me").as_user(second, Role::Admin).header("if-match", "*");
    assert_eq!(demotion.json(&json!({ "role": "operator" })).send().problem(), "409 conflict");
    let erasure = client.delete("/v1/users/me").as_user(second, Role::Admin).header("if-match", "*");
    assert_eq!(erasure.send().problem(), "409 conflict");
}

#[test]
fn a_deactivated_user_keeps_the_address() {
    let client = client_with_customer();
    serve_auth(&client, StatusCode::NO_CONTENT);
    set_status(&client, "deactivate");
    create(&client, json!({ "email": "ADA@example.com" })).expect(StatusCode::CONFLICT);
    assert_eq!(client.get("/v1/users/me").send().json()["email"], ADMIN);
}
