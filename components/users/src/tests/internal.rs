//! What auth asks of users.

use super::{FIRST_ID, body, create, platform, send, send_as_is};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_edge::testing::service_token;
use spindle_platform::Platform;
use spindle_platform::http::Response;
use spindle_platform::token::service::Operation;

const NEW_ID: &str = "01923f5e-7c00-7abc-8def-0123456789ab";

fn ask(platform: &Platform, method: Method, path: &str, body: Option<Value>) -> Response {
    let operation = Operation { service: "users", method: &method, path };
    let token = format!("Bearer {}", service_token(platform, "auth", &operation));
    send_as_is(platform, method.clone(), path, &[("authorization", &token)], body)
}

pub(super) fn tick(platform: &Platform) -> Value {
    let path = "/internal/users/tick";
    let token = service_token(platform, "gateway", &Operation { service: "users", method: &Method::POST, path });
    body(&send_as_is(platform, Method::POST, path, &[("authorization", &format!("Bearer {token}"))], None))
}

pub(super) fn register(platform: &Platform, id: &str, email: &str, role: &str) -> Response {
    let draft = json!({ "email": email, "display_name": "Ada", "role": role });
    ask(platform, Method::PUT, &format!("/internal/users/{id}"), Some(draft))
}

#[test]
fn someone_is_known_by_address_in_any_case_and_by_id() {
    let platform = platform();
    create(&platform, json!({ "email": "Ada@example.com", "role": "operator" }));
    let expected = json!({ "id": FIRST_ID, "email": "Ada@example.com", "role": "operator" });
    let identify =
        |email: &str| ask(&platform, Method::POST, "/internal/users/identify", Some(json!({ "email": email })));
    assert_eq!(body(&identify("ADA@EXAMPLE.COM")), expected);
    assert_eq!(identify("eve@example.com").status(), StatusCode::NOT_FOUND);
    let identity = |id: &str| ask(&platform, Method::GET, &format!("/internal/users/{id}/identity"), None);
    assert_eq!(body(&identity(FIRST_ID)), expected);
    assert_eq!(identity(NEW_ID).status(), StatusCode::NOT_FOUND);
}

#[test]
fn a_profile_is_created_once_however_often_it_is_asked_for() {
    let platform = platform();
    let created = register(&platform, NEW_ID, "ada@example.com", "customer");
    assert_eq!(created.status(), StatusCode::CREATED);
    let again = register(&platform, NEW_ID, "ada@example.com", "customer");
    assert_eq!((again.status(), body(&again)), (StatusCode::OK, body(&created)));
    assert_eq!(body(&created)["role"], "customer");
}

#[test]
fn neither_an_address_nor_an_id_is_given_twice() {
    let platform = platform();
    register(&platform, NEW_ID, "ada@example.com", "customer");
    let response = register(&platform, FIRST_ID, "ADA@example.com", "customer");
    assert_eq!((response.status(), &body(&response)["errors"][0]["pointer"]), (StatusCode::CONFLICT, &json!("/email")));
    assert_eq!(register(&platform, NEW_ID, "eve@example.com", "customer").status(), StatusCode::CONFLICT);
    send(&platform, Method::DELETE, &format!("/v1/users/{NEW_ID}"), &[("if-match", "*")], None);
    assert_eq!(register(&platform, NEW_ID, "ada@example.com", "customer").status(), StatusCode::CONFLICT);
}

#[test]
fn only_auth_may_ask() {
    let platform = platform();
    let path = format!("/internal/users/{FIRST_ID}/identity");
    assert_eq!(send(&platform, Method::GET, &path, &[], None).status(), StatusCode::UNAUTHORIZED);
    let operation = Operation { service: "users", method: &Method::GET, path: &path };
    let token = format!("Bearer {}", service_token(&platform, "gateway", &operation));
    let gateway = send_as_is(&platform, Method::GET, &path, &[("authorization", &token)], None);
    assert_eq!(gateway.status(), StatusCode::FORBIDDEN);
}
