//! Access tokens at the edge: the callers that are authorised, and the calls to auth.

use super::platform;
use crate::testing::{Issuer, TestClient, TestResponse, user_id};
use http::StatusCode;
use serde_json::json;
use spindle_contracts::{Role, Timestamp};
use spindle_platform::http::empty;
use spindle_platform::{Platform, http as platform_http};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

/// Makes a client without published keys.
fn client() -> TestClient {
    TestClient::without_issuer(&super::SERVICE, &platform())
}

fn get_me(client: &TestClient, token: &str) -> TestResponse {
    client.get("/v1/me").bearer(token).send()
}

fn advance(platform: &Platform, seconds: i64) {
    platform.set_now(Timestamp::from_millis(platform.now().as_millis() + seconds * 1000));
}

/// Publishes `issuer`'s key in place of auth's, and counts the calls.
fn publish_and_count(platform: &Platform, issuer: &Issuer) -> Rc<Cell<u32>> {
    let calls = Rc::new(Cell::new(0));
    let (count, keys) = (calls.clone(), json!({ "keys": [issuer.jwk(None)] }));
    platform.serve("auth.spin.internal", move |request| {
        assert_eq!(request.path(), "/internal/auth/keys");
        count.set(count.get() + 1);
        let response = platform_http::json(StatusCode::OK, &keys);
        Box::pin(async { response })
    });
    calls
}

fn stop_auth(platform: &Platform) {
    platform.serve("auth.spin.internal", |_| Box::pin(async { empty(StatusCode::INTERNAL_SERVER_ERROR) }));
}

#[test]
fn a_handler_receives_the_caller() {
    let client = client();
    let token = Issuer::new(client.platform()).token(user_id(1), Role::Operator);
    assert_eq!(get_me(&client, &token).json(), json!({ "user": user_id(1), "role": "operator" }));
    let lower = client.get("/v1/me").header("authorization", &format!("bearer {token}"));
    lower.send().expect(StatusCode::OK);
}

#[test]
fn a_request_without_a_token_is_401_with_a_challenge_and_no_error() {
    let response = client().get("/v1/me").send().expect(StatusCode::UNAUTHORIZED);
    assert_eq!(response.header("www-authenticate"), Some("Bearer"));
    let body = response.json();
    assert_eq!(body["type"], "https://spindle.dev/problems/unauthorized");
    assert_eq!(body["detail"], "Requires an access token in the header Authorization: Bearer <token>.");
}

#[test]
fn a_request_with_an_invalid_token_is_401_with_the_reason() {
    let client = client();
    let platform = client.platform();
    let token = Issuer::new(platform).token(user_id(1), Role::Customer);
    advance(platform, 700);
    let response = get_me(&client, &token).expect(StatusCode::UNAUTHORIZED);
    let expected = "Bearer error=\"invalid_token\", error_description=\"The access token has expired.\"";
    assert_eq!(response.header("www-authenticate"), Some(expected));
    for value in ["Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "Bearer a.b.c", "bearer"] {
        let response = client.get("/v1/me").header("authorization", value).send();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{value}");
        assert!(response.header("www-authenticate").unwrap().contains("invalid_token"), "{value}");
    }
    let twice = client.get("/v1/me").bearer(&token).bearer(&token).send();
    assert_eq!(twice.status(), StatusCode::UNAUTHORIZED);
}

#[test]
fn a_lower_role_is_403_with_the_required_role() {
    let client = TestClient::new(&super::SERVICE, &platform());
    for (role, status) in
        [(Role::Customer, StatusCode::FORBIDDEN), (Role::Operator, StatusCode::OK), (Role::Admin, StatusCode::OK)]
    {
        let response = client.post("/v1/things").as_user(user_id(1), role).send();
        assert_eq!(response.status(), status, "{role:?}");
        if status == StatusCode::FORBIDDEN {
            assert_eq!(response.json()["detail"], "Requires the role operator.");
        }
    }
}

#[test]
fn the_keys_are_fetched_from_auth_once_in_five_minutes() {
    let client = client();
    let platform = client.platform();
    let issuer = Issuer::with_key(platform, 7);
    let calls = publish_and_count(platform, &issuer);
    for _ in 0..3 {
        for number in 1..4 {
            let token = issuer.token(user_id(number), Role::Customer);
            assert_eq!(get_me(&client, &token).status(), StatusCode::OK);
        }
    }
    assert_eq!(calls.get(), 1);
    advance(platform, 301);
    assert_eq!(get_me(&client, &issuer.token(user_id(1), Role::Customer)).status(), StatusCode::OK);
    assert_eq!(calls.get(), 2);
}

#[test]
fn an_unknown_key_is_fetched_once_and_then_refused() {
    let client = client();
    let platform = client.platform();
    let issuer = Issuer::with_key(platform, 7);
    let calls = publish_and_count(platform, &issuer);
    assert_eq!(get_me(&client, &issuer.token(user_id(1), Role::Customer)).status(), StatusCode::OK);
    let other = Issuer::with_key(platform, 8);
    let response = get_me(&client, &other.token(user_id(1), Role::Admin));
    assert_eq!((response.status(), calls.get()), (StatusCode::UNAUTHORIZED, 2));
    assert!(response.header("www-authenticate").unwrap().contains("key is not known"));
    // Once auth publishes the key, it is found.
    other.publish(&[issuer.jwk(None), other.jwk(None)]);
    assert_eq!(get_me(&client, &other.token(user_id(1), Role::Admin)).status(), StatusCode::OK);
}

#[test]
fn while_auth_is_down_only_tokens_with_an_unknown_key_are_refused() {
    let client = client();
    let platform = client.platform();
    let issuer = Issuer::new(platform);
    assert_eq!(get_me(&client, &issuer.token(user_id(1), Role::Customer)).status(), StatusCode::OK);
    stop_auth(platform);
    advance(platform, 3000);
    assert_eq!(get_me(&client, &issuer.token(user_id(2), Role::Customer)).status(), StatusCode::OK);
    let response = get_me(&client, &Issuer::with_key(platform, 8).token(user_id(1), Role::Customer));
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.header("retry-after"), Some("1"));
    advance(platform, 600);
    assert_eq!(get_me(&client, &issuer.token(user_id(2), Role::Customer)).status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[test]
fn a_retired_key_is_refused_from_its_end_even_for_a_cached_token() {
    let client = client();
    let platform = client.platform();
    let issuer = Issuer::with_key(platform, 7);
    issuer.publish(&[issuer.jwk(Some(platform.now().as_secs() + 60))]);
    let token = issuer.token(user_id(1), Role::Customer);
    assert_eq!(get_me(&client, &token).status(), StatusCode::OK);
    advance(platform, 59);
    assert_eq!(get_me(&client, &token).status(), StatusCode::OK);
    advance(platform, 1);
    assert_eq!(get_me(&client, &token).status(), StatusCode::UNAUTHORIZED);
}

#[test]
fn without_its_store_the_edge_verifies_each_token() {
    let client = client();
    let platform = client.platform();
    let issuer = Issuer::with_key(platform, 7);
    let calls = publish_and_count(platform, &issuer);
    platform.fail_stores(true);
    for expected in 1..3 {
        assert_eq!(get_me(&client, &issuer.token(user_id(1), Role::Customer)).status(), StatusCode::OK);
        assert_eq!(calls.get(), expected);
    }
}

#[test]
fn a_writer_to_the_store_cannot_add_a_key() {
    use futures::executor::block_on;
    let client = client();
    let platform = client.platform();
    let issuer = Issuer::new(platform);
    assert_eq!(get_me(&client, &issuer.token(user_id(1), Role::Customer)).status(), StatusCode::OK);
    let other = Issuer::with_key(platform, 8);
    let set = json!({ "fetched_at": platform.now().as_secs(), "set": { "keys": [other.jwk(None)] } });
    let context = spindle_platform::Context::new(
        platform.clone(),
        super::SERVICE.scope,
        "r".to_owned(),
        spindle_platform::trace::TraceContext::start(platform.random()),
    );
    let store = block_on(context.shared_kv("edge")).unwrap();
    let value = [vec![0; 32], set.to_string().into_bytes()].concat();
    block_on(store.set("jwks", &value)).unwrap();
    assert_eq!(get_me(&client, &other.token(user_id(1), Role::Admin)).status(), StatusCode::UNAUTHORIZED);
}

#[test]
fn a_log_in_is_recent_for_five_minutes_and_a_token_without_its_time_never_is() {
    let client = TestClient::new(&super::SERVICE, &platform());
    let now = client.platform().now();
    let rename = |logged_in_at: Option<Timestamp>| {
        client.post("/v1/names").as_user_of_login(user_id(1), Role::Customer, logged_in_at).send()
    };
    for age in [0, 300] {
        rename(Some(now.minus(Duration::from_secs(age)))).expect(StatusCode::NO_CONTENT);
    }
    for old in [Some(now.minus(Duration::from_secs(301))), None] {
        let response = rename(old);
        assert_eq!(response.problem(), "401 recent-login-required");
        assert_eq!(response.json()["max_age"], 300);
        let challenge = "Bearer error=\"insufficient_user_authentication\", \
             error_description=\"Requires a log-in of the last 300 seconds.\", max_age=\"300\"";
        assert_eq!(response.header("www-authenticate"), Some(challenge));
    }
}
