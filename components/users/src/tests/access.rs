//! Authorization: the users that each role may read and change.

use super::internal::tick;
use super::{FIRST_ID, SERVICE, client, client_and_auth, create, patch, without_invitation};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::{Role, Timestamp, UserId};
use spindle_edge::testing::{TestClient, TestRequest, user_id};
use spindle_platform::http::empty;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

/// Makes a request of `caller`, on any version of the user.
fn request_as<'c>(client: &'c TestClient, caller: (UserId, Role), method: Method, target: &str) -> TestRequest<'c> {
    client.request(method, target).as_user(caller.0, caller.1).header("if-match", "*")
}

fn operator(client: &TestClient) -> UserId {
    let created = create(client, json!({ "email": "operator@example.com", "role": "operator" })).json();
    created["id"].as_str().unwrap().parse().unwrap()
}

fn first() -> UserId {
    FIRST_ID.parse().unwrap()
}

/// Returns action, actor and subject of the entries in the audit log, oldest first.
fn audited(client: &TestClient) -> Vec<(String, String, String)> {
    let page = client.get("/internal/users/audit").as_service("gateway").send().json();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = page["items"].as_array().unwrap().iter().rev();
    rows.map(|row| (text(row, "action"), text(row, "actor"), text(row, "subject"))).collect()
}

#[test]
fn every_operation_requires_a_token() {
    let anonymous = TestClient::new(&SERVICE, client().platform());
    let targets = ["/v1/users", "/v1/users/me", &format!("/v1/users/{FIRST_ID}")];
    for target in targets {
        for method in [Method::GET, Method::PATCH, Method::DELETE, Method::POST] {
            let status = anonymous.request(method, target).send().status();
            assert!(matches!(status.as_u16(), 401 | 405), "{target}: {status}");
        }
    }
}

#[test]
fn a_customer_sees_the_own_profile_and_no_other() {
    let client = client();
    let created = without_invitation(&create(&client, json!({ "email": "ada@example.com" })));
    let owner = (first(), Role::Customer);
    let target = format!("/v1/users/{FIRST_ID}");
    for target in [target.as_str(), "/v1/users/me"] {
        assert_eq!(request_as(&client, owner, Method::GET, target).send().json(), created);
    }
    for target in [target.as_str(), "/v1/users/me"] {
        let change = json!({ "locale": "de" });
        assert_eq!(request_as(&client, owner, Method::PATCH, target).json(&change).send().status(), StatusCode::OK);
    }
    let other = (user_id(9), Role::Customer);
    for (method, change) in [(Method::GET, None), (Method::PATCH, Some(json!({}))), (Method::DELETE, None)] {
        let request = request_as(&client, other, method, &target);
        let response = if let Some(change) = change { request.json(&change) } else { request }.send();
        let unknown = request_as(&client, other, Method::GET, &format!("/v1/users/{}", user_id(77))).send();
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(response.json()["detail"], unknown.json()["detail"]);
    }
    assert_eq!(request_as(&client, owner, Method::GET, "/v1/users").send().status(), StatusCode::FORBIDDEN);
    let new = json!({ "email": "eve@example.com" });
    assert_eq!(request_as(&client, owner, Method::POST, "/v1/users").json(&new).send().status(), StatusCode::FORBIDDEN);
}

#[test]
fn only_an_admin_changes_roles() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com" }));
    let target = format!("/v1/users/{FIRST_ID}");
    for caller in [(first(), Role::Customer), (operator(&client), Role::Operator)] {
        for role in ["admin", "operator"] {
            let response = request_as(&client, caller, Method::PATCH, &target).json(&json!({ "role": role })).send();
            assert_eq!(response.status(), StatusCode::FORBIDDEN);
        }
    }
    // The role as it was read is no change.
    let owner = (first(), Role::Customer);
    let same = request_as(&client, owner, Method::PATCH, &target).json(&json!({ "role": "customer", "locale": "de" }));
    assert_eq!(same.send().status(), StatusCode::OK);
    let admin = (user_id(1), Role::Admin);
    let response =
        request_as(&client, admin, Method::PATCH, &target).json(&json!({ "role": "operator", "locale": "de" })).send();
    assert_eq!(response.json()["role"], "operator");
    let by = |action: &str| (action.to_owned(), user_id(1).to_string(), FIRST_ID.to_owned());
    let by_owner = ("user.changed".to_owned(), FIRST_ID.to_owned(), FIRST_ID.to_owned());
    let of_the_first: Vec<_> = audited(&client).into_iter().filter(|(_, _, subject)| subject == FIRST_ID).collect();
    assert_eq!(of_the_first, [by("user.created"), by_owner, by("user.changed"), by("user.role_changed")]);
}

#[test]
fn an_operator_may_not_change_an_admin() {
    let client = client();
    create(&client, json!({ "email": "root@example.com", "role": "admin" }));
    let target = format!("/v1/users/{FIRST_ID}");
    let operator = (operator(&client), Role::Operator);
    assert_eq!(request_as(&client, operator, Method::GET, &target).send().status(), StatusCode::OK);
    let change = json!({ "email": "mine@example.com" });
    assert_eq!(
        request_as(&client, operator, Method::PATCH, &target).json(&change).send().status(),
        StatusCode::FORBIDDEN
    );
    assert_eq!(request_as(&client, operator, Method::DELETE, &target).send().status(), StatusCode::FORBIDDEN);
}

#[test]
fn a_lost_role_permits_no_change_even_if_the_token_has_it() {
    let client = client();
    let eve = create(&client, json!({ "email": "eve@example.com", "role": "admin" }));
    let eve = (eve.json()["id"].as_str().unwrap().parse().unwrap(), Role::Admin);
    let target = format!("/v1/users/{}", eve.0);
    let new = json!({ "email": "mallory@example.com", "role": "admin" });
    assert_eq!(patch(&client, &target, "*", json!({ "role": "operator" })).status(), StatusCode::OK);
    let back = json!({ "role": "admin" });
    assert_eq!(request_as(&client, eve, Method::PATCH, &target).json(&back).send().status(), StatusCode::FORBIDDEN);
    assert_eq!(request_as(&client, eve, Method::POST, "/v1/users").json(&new).send().status(), StatusCode::FORBIDDEN);
    let admin = format!("/v1/users/{}", user_id(1));
    assert_eq!(request_as(&client, eve, Method::DELETE, &admin).send().status(), StatusCode::FORBIDDEN);

    assert_eq!(request_as(&client, eve, Method::DELETE, &target).send().status(), StatusCode::NO_CONTENT);
    assert_eq!(
        request_as(&client, eve, Method::POST, "/v1/users").json(&new).send().status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(request_as(&client, eve, Method::DELETE, &admin).send().status(), StatusCode::UNAUTHORIZED);
}

#[test]
fn the_last_admin_who_can_log_in_cannot_be_demoted_or_erased() {
    let (client, auth) = client_and_auth(&[]);
    let (admin, target) = ((user_id(1), Role::Admin), "/v1/users/me");
    let demote = || request_as(&client, admin, Method::PATCH, target).json(&json!({ "role": "operator" })).send();
    let erase = || request_as(&client, admin, Method::DELETE, target).send();
    assert_eq!((demote().problem(), erase().problem()), ("409 conflict".to_owned(), "409 conflict".to_owned()));
    // An admin without a password cannot appoint another.
    let second = create(&client, json!({ "email": "second@example.com", "role": "admin" })).json();
    assert_eq!((demote().problem(), erase().problem()), ("409 conflict".to_owned(), "409 conflict".to_owned()));
    auth.set_password(second["id"].as_str().unwrap().parse().unwrap());
    assert_eq!(demote().status(), StatusCode::OK);
}

#[test]
fn no_admin_is_demoted_or_erased_while_auth_cannot_say_who_else_can_log_in() {
    let (client, auth) = client_and_auth(&[]);
    let second: UserId = {
        let second = create(&client, json!({ "email": "second@example.com", "role": "admin" })).json();
        second["id"].as_str().unwrap().parse().unwrap()
    };
    auth.set_password(second);
    auth.set_down(true);
    let target = format!("/v1/users/{second}");
    let response = patch(&client, &target, "*", json!({ "role": "customer" }));
    assert_eq!((response.problem(), response.header("retry-after")), ("503 unavailable".to_owned(), Some("2")));
    assert_eq!(client.delete(&target).header("if-match", "*").send().problem(), "503 unavailable");
    assert_eq!(client.get(&target).send().json()["role"], "admin");
    // An operator may not change an admin, and learns nothing of auth.
    let operator = (user_id(77), Role::Operator);
    assert_eq!(request_as(&client, operator, Method::DELETE, &target).send().status(), StatusCode::UNAUTHORIZED);
    // Erasing others goes on: their credentials are erased later.
    auth.set_down(false);
    let customer = create(&client, json!({ "email": "ada@example.com" })).json();
    auth.set_down(true);
    let target = format!("/v1/users/{}", customer["id"].as_str().unwrap());
    assert_eq!(client.delete(&target).header("if-match", "*").send().status(), StatusCode::NO_CONTENT);
    auth.set_down(false);
    assert_eq!(
        patch(&client, &format!("/v1/users/{second}"), "*", json!({ "role": "customer" })).status(),
        StatusCode::OK
    );
}

#[test]
fn only_a_recent_log_in_erases_the_own_account() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com" }));
    let old = client.platform().now().minus(Duration::from_secs(301));
    let erase = |target: &str, logged_in_at| {
        let request = client.delete(target).as_user_of_login(first(), Role::Customer, logged_in_at);
        request.header("if-match", "*").send()
    };
    for target in ["/v1/users/me".to_owned(), format!("/v1/users/{FIRST_ID}")] {
        for logged_in_at in [Some(old), None] {
            let response = erase(&target, logged_in_at);
            assert_eq!(response.problem(), "401 recent-login-required");
            assert_eq!(response.json()["max_age"], 300);
        }
    }
    assert_eq!(erase("/v1/users/me", Some(client.platform().now())).status(), StatusCode::NO_CONTENT);
    // Erasing others is an operator's work, and ends no account of theirs.
    let other = create(&client, json!({ "email": "eve@example.com" })).json();
    let target = format!("/v1/users/{}", other["id"].as_str().unwrap());
    let by_admin = client.delete(&target).as_user_of_login(user_id(1), Role::Admin, Some(old));
    assert_eq!(by_admin.header("if-match", "*").send().status(), StatusCode::NO_CONTENT);
}

#[test]
fn a_failed_change_is_not_in_the_audit_log() {
    let client = client();
    create(&client, json!({ "email": "ada@example.com" }));
    let target = format!("/v1/users/{FIRST_ID}");
    assert_eq!(patch(&client, &target, "\"v9\"", json!({ "locale": "de" })).status().as_u16(), 412);
    assert_eq!(patch(&client, &target, "*", json!({ "locale": "x" })).status().as_u16(), 422);
    assert_eq!(audited(&client).len(), 2);
}

/// Serves a fake auth that responds to erasures with `status`. Returns the paths of the requests.
fn serve_auth(client: &TestClient, status: StatusCode) -> Rc<RefCell<Vec<String>>> {
    let requests = Rc::new(RefCell::new(Vec::new()));
    let paths = requests.clone();
    client.platform().serve("auth.spin.internal", move |request| {
        assert_eq!(request.method(), Method::DELETE);
        paths.borrow_mut().push(request.path().to_owned());
        Box::pin(async move { empty(status) })
    });
    requests
}

#[test]
fn credentials_are_erased_with_the_user_or_at_the_next_erasure_if_auth_is_down() {
    let client = client();
    let ids: Vec<String> = ["ada@example.com", "eve@example.com"]
        .map(|email| create(&client, json!({ "email": email })).json()["id"].as_str().unwrap().to_owned())
        .to_vec();
    let erase = |id: &str| {
        let target = format!("/v1/users/{id}");
        request_as(&client, (id.parse().unwrap(), Role::Customer), Method::DELETE, &target).send().status()
    };
    let path = |id: &String| format!("/internal/auth/accounts/{id}");
    // Fetches the key set, so that auth receives erasures only from here on.
    request_as(&client, (user_id(5), Role::Customer), Method::GET, "/v1/users/me").send();

    let requests = serve_auth(&client, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(erase(&ids[0]), StatusCode::NO_CONTENT);
    assert_eq!(*requests.borrow(), [path(&ids[0])]);
    let requests = serve_auth(&client, StatusCode::NO_CONTENT);
    client.platform().set_now(Timestamp::from_millis(1_700_000_001_000));
    assert_eq!(erase(&ids[1]), StatusCode::NO_CONTENT);
    assert_eq!(*requests.borrow(), [path(&ids[1]), path(&ids[0])]);
    let last = audited(&client).pop().unwrap();
    assert_eq!(last, ("user.erased".to_owned(), ids[1].clone(), ids[1].clone()));
}

#[test]
fn a_tick_repeats_the_erasure_of_credentials_that_auth_refused() {
    let client = client();
    let ada = create(&client, json!({ "email": "ada@example.com" })).json()["id"].as_str().unwrap().to_owned();
    let down = serve_auth(&client, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(client.delete(&format!("/v1/users/{ada}")).header("if-match", "*").send().status(), 204);
    assert_eq!(tick(&client), json!({ "forgotten": 0, "rights_ended": 0, "pruned": 0 }));
    assert_eq!(down.borrow().len(), 2);
    let requests = serve_auth(&client, StatusCode::NO_CONTENT);
    assert_eq!(tick(&client), json!({ "forgotten": 1, "rights_ended": 0, "pruned": 0 }));
    assert_eq!(*requests.borrow(), [format!("/internal/auth/accounts/{ada}")]);
    assert_eq!(tick(&client), json!({ "forgotten": 0, "rights_ended": 0, "pruned": 0 }));
}
