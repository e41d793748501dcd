//! Authorization: the users that each role may read and change.

use super::internal::tick;
use super::{FIRST_ID, body, create, id, patch, platform, send, send_raw, token};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::{Role, UserId};
use spindle_platform::Platform;
use spindle_platform::http::{Response, empty};
use std::cell::RefCell;
use std::rc::Rc;

fn as_user(
    platform: &Platform,
    caller: (UserId, Role),
    method: Method,
    target: &str,
    change: Option<Value>,
) -> Response {
    let token = token(platform, caller.0, caller.1);
    let headers = [("authorization", token.as_str()), ("if-match", "*")];
    send_raw(platform, method, target, &headers, change)
}

fn operator(platform: &Platform) -> UserId {
    let created = body(&create(platform, json!({ "email": "operator@example.com", "role": "operator" })));
    created["id"].as_str().unwrap().parse().unwrap()
}

fn first() -> UserId {
    FIRST_ID.parse().unwrap()
}

/// Returns action, actor and subject of the entries in the audit log, oldest first.
fn audited(platform: &Platform) -> Vec<(String, String, String)> {
    use spindle_platform::token::service::Operation;
    let path = "/internal/users/audit";
    let operation = Operation { service: "users", method: &Method::GET, path };
    let token = format!("Bearer {}", spindle_edge::testing::service_token(platform, "gateway", &operation));
    let page = body(&send_raw(platform, Method::GET, path, &[("authorization", &token)], None));
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = page["items"].as_array().unwrap().iter().rev();
    rows.map(|row| (text(row, "action"), text(row, "actor"), text(row, "subject"))).collect()
}

#[test]
fn every_operation_requires_a_token() {
    let platform = platform();
    let targets = ["/v1/users", "/v1/users/me", &format!("/v1/users/{FIRST_ID}")];
    for target in targets {
        for method in [Method::GET, Method::PATCH, Method::DELETE, Method::POST] {
            let status = send_raw(&platform, method, target, &[], None).status();
            assert!(matches!(status.as_u16(), 401 | 405), "{target}: {status}");
        }
    }
}

#[test]
fn a_customer_sees_the_own_profile_and_no_other() {
    let platform = platform();
    let created = body(&create(&platform, json!({ "email": "ada@example.com" })));
    let owner = (first(), Role::Customer);
    let target = format!("/v1/users/{FIRST_ID}");
    for target in [target.as_str(), "/v1/users/me"] {
        assert_eq!(body(&as_user(&platform, owner, Method::GET, target, None)), created);
    }
    for target in [target.as_str(), "/v1/users/me"] {
        let change = Some(json!({ "locale": "de" }));
        assert_eq!(as_user(&platform, owner, Method::PATCH, target, change).status(), StatusCode::OK);
    }
    let other = (id(9), Role::Customer);
    for (method, change) in [(Method::GET, None), (Method::PATCH, Some(json!({}))), (Method::DELETE, None)] {
        let response = as_user(&platform, other, method, &target, change);
        let unknown = as_user(&platform, other, Method::GET, &format!("/v1/users/{}", id(77)), None);
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(body(&response)["detail"], body(&unknown)["detail"]);
    }
    assert_eq!(as_user(&platform, owner, Method::GET, "/v1/users", None).status(), StatusCode::FORBIDDEN);
    let new = Some(json!({ "email": "eve@example.com" }));
    assert_eq!(as_user(&platform, owner, Method::POST, "/v1/users", new).status(), StatusCode::FORBIDDEN);
}

#[test]
fn only_an_admin_changes_roles() {
    let platform = platform();
    create(&platform, json!({ "email": "ada@example.com" }));
    let target = format!("/v1/users/{FIRST_ID}");
    for caller in [(first(), Role::Customer), (operator(&platform), Role::Operator)] {
        for role in ["admin", "customer"] {
            let response = as_user(&platform, caller, Method::PATCH, &target, Some(json!({ "role": role })));
            assert_eq!(response.status(), StatusCode::FORBIDDEN);
        }
    }
    let admin = (id(1), Role::Admin);
    let response =
        as_user(&platform, admin, Method::PATCH, &target, Some(json!({ "role": "operator", "locale": "de" })));
    assert_eq!(body(&response)["role"], "operator");
    let by = |action: &str| (action.to_owned(), id(1).to_string(), FIRST_ID.to_owned());
    let of_the_first: Vec<_> = audited(&platform).into_iter().filter(|(_, _, subject)| subject == FIRST_ID).collect();
    assert_eq!(of_the_first, [by("user.created"), by("user.changed"), by("user.role_changed")]);
}

#[test]
fn an_operator_may_not_change_an_admin() {
    let platform = platform();
    create(&platform, json!({ "email": "root@example.com", "role": "admin" }));
    let target = format!("/v1/users/{FIRST_ID}");
    let operator = (operator(&platform), Role::Operator);
    assert_eq!(as_user(&platform, operator, Method::GET, &target, None).status(), StatusCode::OK);
    let change = Some(json!({ "email": "mine@example.com" }));
    assert_eq!(as_user(&platform, operator, Method::PATCH, &target, change).status(), StatusCode::FORBIDDEN);
    assert_eq!(as_user(&platform, operator, Method::DELETE, &target, None).status(), StatusCode::FORBIDDEN);
}

#[test]
fn a_lost_role_permits_no_change_even_if_the_token_has_it() {
    let platform = platform();
    let eve = create(&platform, json!({ "email": "eve@example.com", "role": "admin" }));
    let eve = (body(&eve)["id"].as_str().unwrap().parse().unwrap(), Role::Admin);
    let target = format!("/v1/users/{}", eve.0);
    let new = || Some(json!({ "email": "mallory@example.com", "role": "admin" }));
    assert_eq!(patch(&platform, &target, "*", json!({ "role": "operator" })).status(), StatusCode::OK);
    let back = Some(json!({ "role": "admin" }));
    assert_eq!(as_user(&platform, eve, Method::PATCH, &target, back).status(), StatusCode::FORBIDDEN);
    assert_eq!(as_user(&platform, eve, Method::POST, "/v1/users", new()).status(), StatusCode::FORBIDDEN);
    let admin = format!("/v1/users/{}", id(1));
    assert_eq!(as_user(&platform, eve, Method::DELETE, &admin, None).status(), StatusCode::FORBIDDEN);

    assert_eq!(as_user(&platform, eve, Method::DELETE, &target, None).status(), StatusCode::NO_CONTENT);
    assert_eq!(as_user(&platform, eve, Method::POST, "/v1/users", new()).status(), StatusCode::UNAUTHORIZED);
    assert_eq!(as_user(&platform, eve, Method::DELETE, &admin, None).status(), StatusCode::UNAUTHORIZED);
}

#[test]
fn the_last_admin_cannot_be_demoted_or_erased() {
    let platform = platform();
    let (admin, target) = ((id(1), Role::Admin), "/v1/users/me");
    let demotion = || Some(json!({ "role": "operator" }));
    assert_eq!(as_user(&platform, admin, Method::PATCH, target, demotion()).status(), StatusCode::CONFLICT);
    assert_eq!(as_user(&platform, admin, Method::DELETE, target, None).status(), StatusCode::CONFLICT);
    create(&platform, json!({ "email": "second@example.com", "role": "admin" }));
    assert_eq!(as_user(&platform, admin, Method::PATCH, target, demotion()).status(), StatusCode::OK);
}

#[test]
fn a_failed_change_is_not_in_the_audit_log() {
    let platform = platform();
    create(&platform, json!({ "email": "ada@example.com" }));
    let target = format!("/v1/users/{FIRST_ID}");
    assert_eq!(patch(&platform, &target, "\"v9\"", json!({ "locale": "de" })).status().as_u16(), 412);
    assert_eq!(patch(&platform, &target, "*", json!({ "locale": "x" })).status().as_u16(), 422);
    assert_eq!(audited(&platform).len(), 2);
}

/// Serves a fake auth that responds to erasures with `status`. Returns the paths of the requests.
fn serve_auth(platform: &Platform, status: StatusCode) -> Rc<RefCell<Vec<String>>> {
    let requests = Rc::new(RefCell::new(Vec::new()));
    let paths = requests.clone();
    platform.serve("auth.spin.internal", move |request| {
        assert_eq!(request.method(), Method::DELETE);
        paths.borrow_mut().push(request.path().to_owned());
        Box::pin(async move { empty(status) })
    });
    requests
}

#[test]
fn credentials_are_erased_with_the_user_or_at_the_next_erasure_if_auth_is_down() {
    let platform = platform();
    let ids: Vec<String> = ["ada@example.com", "eve@example.com"]
        .map(|email| body(&create(&platform, json!({ "email": email })))["id"].as_str().unwrap().to_owned())
        .to_vec();
    let erase = |id: &str| {
        let target = format!("/v1/users/{id}");
        as_user(&platform, (id.parse().unwrap(), Role::Customer), Method::DELETE, &target, None).status()
    };
    let path = |id: &String| format!("/internal/auth/accounts/{id}");
    // Fetches the key set, so that auth receives erasures only from here on.
    as_user(&platform, (id(5), Role::Customer), Method::GET, "/v1/users/me", None);

    let requests = serve_auth(&platform, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(erase(&ids[0]), StatusCode::NO_CONTENT);
    assert_eq!(*requests.borrow(), [path(&ids[0])]);
    let requests = serve_auth(&platform, StatusCode::NO_CONTENT);
    platform.set_now(spindle_contracts::Timestamp::from_millis(1_700_000_001_000));
    assert_eq!(erase(&ids[1]), StatusCode::NO_CONTENT);
    assert_eq!(*requests.borrow(), [path(&ids[1]), path(&ids[0])]);
    let last = audited(&platform).pop().unwrap();
    assert_eq!(last, ("user.erased".to_owned(), ids[1].clone(), ids[1].clone()));
}

#[test]
fn a_tick_repeats_the_erasure_of_credentials_that_auth_refused() {
    let platform = platform();
    let ada = body(&create(&platform, json!({ "email": "ada@example.com" })))["id"].as_str().unwrap().to_owned();
    let down = serve_auth(&platform, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(send(&platform, Method::DELETE, &format!("/v1/users/{ada}"), &[("if-match", "*")], None).status(), 204);
    assert_eq!(tick(&platform), json!({ "forgotten": 0, "pruned": 0 }));
    assert_eq!(down.borrow().len(), 2);
    let requests = serve_auth(&platform, StatusCode::NO_CONTENT);
    assert_eq!(tick(&platform), json!({ "forgotten": 1, "pruned": 0 }));
    assert_eq!(*requests.borrow(), [format!("/internal/auth/accounts/{ada}")]);
    assert_eq!(tick(&platform), json!({ "forgotten": 0, "pruned": 0 }));
}
