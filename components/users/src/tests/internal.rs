//! What auth and notifications ask of users, and what users tells.

use super::{FIRST_ID, body, create, id, platform, send, send_as_is};
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::Timestamp;
use spindle_edge::testing::service_token;
use spindle_platform::http::Response;
use spindle_platform::token::service::Operation;
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform};

const NEW_ID: &str = "01923f5e-7c00-7abc-8def-0123456789ab";

fn ask(platform: &Platform, method: Method, path: &str, body: Option<Value>) -> Response {
    ask_as(platform, "auth", method, path, body)
}

fn ask_as(platform: &Platform, caller: &str, method: Method, path: &str, body: Option<Value>) -> Response {
    let pathname = path.split('?').next().unwrap();
    let token = service_token(platform, caller, &Operation { service: "users", method: &method, path: pathname });
    send_as_is(platform, method, path, &[("authorization", &format!("Bearer {token}"))], body)
}

/// What users has told, as type and user.
fn told(platform: &Platform) -> Vec<(String, String)> {
    let trace = TraceContext::start(platform.random());
    let context = Context::new(platform.clone(), crate::SERVICE.scope, "test".to_owned(), trace);
    let statement = "SELECT type, data ->> 'user_id' FROM outbox WHERE subject = data ->> 'user_id' ORDER BY seq";
    block_on(async { context.sql().await.unwrap().query_all(statement, &[]).await.unwrap() })
}

pub(super) fn tick(platform: &Platform) -> Value {
    body(&ask_as(platform, "gateway", Method::POST, "/internal/users/tick", None))
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
fn who_is_to_be_told_something_is_reached_until_erased() {
    let platform = platform();
    let preferences = json!({ "sms": true });
    create(
        &platform,
        json!({ "email": "ada@example.com", "display_name": "Ada", "locale": "de-CH", "phone": "+4930123456",
            "notification_preferences": preferences }),
    );
    let path = format!("/internal/users/{FIRST_ID}/contact");
    let contact = || ask_as(&platform, "notifications", Method::GET, &path, None);
    let expected = json!({
        "email": "ada@example.com", "phone": "+4930123456", "display_name": "Ada", "locale": "de-CH",
        "notification_preferences": { "email": true, "sms": true, "push": false },
    });
    assert_eq!(body(&contact()), expected);
    assert_eq!(ask(&platform, Method::GET, &path, None).status(), StatusCode::FORBIDDEN);
    send(&platform, Method::DELETE, &format!("/v1/users/{FIRST_ID}"), &[("if-match", "*")], None);
    assert_eq!(contact().status(), StatusCode::NOT_FOUND);
}

#[test]
fn each_user_is_told_of_once_and_so_is_their_end() {
    let platform = platform();
    register(&platform, NEW_ID, "ada@example.com", "customer");
    register(&platform, NEW_ID, "ada@example.com", "customer");
    register(&platform, NEW_ID, "eve@example.com", "customer");
    create(&platform, json!({ "email": "ADA@example.com" }));
    let created = body(&create(&platform, json!({ "email": "grace@example.com" })));
    let erase = |version: &str| {
        send(&platform, Method::DELETE, &format!("/v1/users/{NEW_ID}"), &[("if-match", version)], None).status()
    };
    assert_eq!(erase("\"v9\""), StatusCode::PRECONDITION_FAILED);
    assert_eq!(erase("\"v1\""), StatusCode::NO_CONTENT);
    assert_eq!(erase("\"v1\""), StatusCode::NOT_FOUND);
    let event = |kind: &str, user: &str| (kind.to_owned(), user.to_owned());
    let registered = |user: &str| event("UserRegistered", user);
    let expected = [
        registered(&id(1).to_string()),
        registered(NEW_ID),
        registered(created["id"].as_str().unwrap()),
        event("UserErased", NEW_ID),
    ];
    assert_eq!(told(&platform), expected);
    platform.set_now(Timestamp::from_millis(1_700_003_600_001));
    assert_eq!((tick(&platform)["pruned"].clone(), told(&platform)), (json!(4), vec![]));
}

#[test]
fn only_auth_may_ask() {
    let platform = platform();
    let path = format!("/internal/users/{FIRST_ID}/identity");
    assert_eq!(send(&platform, Method::GET, &path, &[], None).status(), StatusCode::UNAUTHORIZED);
    let gateway = ask_as(&platform, "gateway", Method::GET, &path, None);
    assert_eq!(gateway.status(), StatusCode::FORBIDDEN);
}
