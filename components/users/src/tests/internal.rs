//! The operations for auth and notifications, and the published events.

use super::{FIRST_ID, body, create, id, platform, send, send_raw};
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

fn send_as_auth(platform: &Platform, method: Method, path: &str, body: Option<Value>) -> Response {
    send_as(platform, "auth", method, path, body)
}

fn send_as(platform: &Platform, caller: &str, method: Method, path: &str, body: Option<Value>) -> Response {
    let pathname = path.split('?').next().unwrap();
    let token = service_token(platform, caller, &Operation { service: "users", method: &method, path: pathname });
    send_raw(platform, method, path, &[("authorization", &format!("Bearer {token}"))], body)
}

/// Returns the published events, as type and user.
fn published(platform: &Platform) -> Vec<(String, String)> {
    let statement = "SELECT type, data ->> 'user_id' FROM outbox WHERE subject = data ->> 'user_id' ORDER BY seq";
    block_on(async { context(platform).sql().await.unwrap().query_all(statement, &[]).await.unwrap() })
}

fn context(platform: &Platform) -> Context {
    let trace = TraceContext::start(platform.random());
    Context::new(platform.clone(), crate::SERVICE.scope, "test".to_owned(), trace)
}

/// Executes `statement` on the database of users.
pub(super) fn execute(platform: &Platform, statement: &str) {
    block_on(async { context(platform).sql().await.unwrap().execute(statement, &[]).await.unwrap() });
}

pub(super) fn tick(platform: &Platform) -> Value {
    body(&send_as(platform, "gateway", Method::POST, "/internal/users/tick", None))
}

pub(super) fn register(platform: &Platform, id: &str, email: &str, role: &str) -> Response {
    let new = json!({ "email": email, "display_name": "Ada", "role": role });
    send_as_auth(platform, Method::PUT, &format!("/internal/users/{id}"), Some(new))
}

#[test]
fn an_identity_is_found_by_address_in_any_case_and_by_id() {
    let platform = platform();
    create(&platform, json!({ "email": "Ada@example.com", "role": "operator" }));
    let expected = json!({ "id": FIRST_ID, "email": "Ada@example.com", "role": "operator" });
    let identify = |email: &str| {
        send_as_auth(&platform, Method::POST, "/internal/users/identify", Some(json!({ "email": email })))
    };
    assert_eq!(body(&identify("ADA@EXAMPLE.COM")), expected);
    assert_eq!(identify("eve@example.com").status(), StatusCode::NOT_FOUND);
    let identity = |id: &str| send_as_auth(&platform, Method::GET, &format!("/internal/users/{id}/identity"), None);
    assert_eq!(body(&identity(FIRST_ID)), expected);
    assert_eq!(identity(NEW_ID).status(), StatusCode::NOT_FOUND);
}

#[test]
fn a_repeated_creation_creates_one_profile() {
    let platform = platform();
    let created = register(&platform, NEW_ID, "ada@example.com", "customer");
    assert_eq!(created.status(), StatusCode::CREATED);
    let again = register(&platform, NEW_ID, "ada@example.com", "customer");
    assert_eq!((again.status(), body(&again)), (StatusCode::OK, body(&created)));
    assert_eq!(body(&created)["role"], "customer");
}

#[test]
fn a_dry_run_checks_a_profile_and_creates_none() {
    let platform = platform();
    let check = |id: &str, query: &str, profile: Value| {
        send_as_auth(&platform, Method::PUT, &format!("/internal/users/{id}?{query}"), Some(profile))
    };
    let ada = json!({ "email": "ada@example.com" });
    let valid = check(NEW_ID, "dry_run=true", ada.clone());
    assert_eq!((valid.status(), valid.body().len()), (StatusCode::NO_CONTENT, 0));
    assert_eq!(send_as_auth(&platform, Method::GET, &format!("/internal/users/{NEW_ID}/identity"), None).status(), 404);

    let invalid = check(NEW_ID, "dry_run=true", json!({ "email": "ada", "display_name": "" }));
    assert_eq!(super::pointers(&invalid), ["/email", "/display_name"]);
    assert_eq!(check(NEW_ID, "dry_run=false", ada).status(), StatusCode::CREATED);
    let upper_case = json!({ "email": "ADA@example.com" });
    assert_eq!(check(NEW_ID, "dry_run=true", upper_case.clone()).status(), StatusCode::NO_CONTENT);
    assert_eq!(check(FIRST_ID, "dry_run=true", upper_case.clone()).status(), StatusCode::CONFLICT);
    for query in ["dry_run=1", "dryrun=true", "dry_run=true&dry_run=true"] {
        assert_eq!(check(FIRST_ID, query, upper_case.clone()).status(), StatusCode::BAD_REQUEST, "{query}");
    }
}

#[test]
fn an_address_and_an_id_belong_to_one_user() {
    let platform = platform();
    register(&platform, NEW_ID, "ada@example.com", "customer");
    let response = register(&platform, FIRST_ID, "ADA@example.com", "customer");
    assert_eq!((response.status(), &body(&response)["errors"][0]["pointer"]), (StatusCode::CONFLICT, &json!("/email")));
    assert_eq!(register(&platform, NEW_ID, "eve@example.com", "customer").status(), StatusCode::CONFLICT);
    send(&platform, Method::DELETE, &format!("/v1/users/{NEW_ID}"), &[("if-match", "*")], None);
    assert_eq!(register(&platform, NEW_ID, "ada@example.com", "customer").status(), StatusCode::CONFLICT);
}

#[test]
fn notifications_reads_a_contact_until_the_user_is_erased() {
    let platform = platform();
    let preferences = json!({ "sms": true });
    create(
        &platform,
        json!({ "email": "ada@example.com", "display_name": "Ada", "locale": "de-CH", "phone": "+4930123456",
            "notification_preferences": preferences }),
    );
    let path = format!("/internal/users/{FIRST_ID}/contact");
    let contact = || send_as(&platform, "notifications", Method::GET, &path, None);
    let expected = json!({
        "email": "ada@example.com", "phone": "+4930123456", "display_name": "Ada", "locale": "de-CH",
        "notification_preferences": { "email": true, "sms": true, "push": false },
    });
    assert_eq!(body(&contact()), expected);
    assert_eq!(send_as_auth(&platform, Method::GET, &path, None).status(), StatusCode::FORBIDDEN);
    send(&platform, Method::DELETE, &format!("/v1/users/{FIRST_ID}"), &[("if-match", "*")], None);
    assert_eq!(contact().status(), StatusCode::NOT_FOUND);
}

#[test]
fn each_registration_and_each_erasure_is_published_once() {
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
    assert_eq!(published(&platform), expected);
    platform.set_now(Timestamp::from_millis(1_700_003_600_001));
    assert_eq!((tick(&platform)["pruned"].clone(), published(&platform)), (json!(4), vec![]));
}

#[test]
fn only_auth_may_look_up_identities() {
    let platform = platform();
    let path = format!("/internal/users/{FIRST_ID}/identity");
    assert_eq!(send(&platform, Method::GET, &path, &[], None).status(), StatusCode::UNAUTHORIZED);
    let gateway = send_as(&platform, "gateway", Method::GET, &path, None);
    assert_eq!(gateway.status(), StatusCode::FORBIDDEN);
}
