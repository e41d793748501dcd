//! Access tokens at the edge: who is let in, and what auth is asked.

use super::{body, platform, send, user};
use crate::testing::Issuer;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::{Role, Timestamp};
use spindle_platform::http::{Response, empty};
use spindle_platform::{Platform, http as platform_http};
use std::cell::Cell;
use std::rc::Rc;

fn mine(platform: &Platform, token: &str) -> Response {
    send(platform, http::Request::get("/v1/mine").header("authorization", format!("Bearer {token}")), "")
}

fn later(platform: &Platform, seconds: i64) {
    platform.set_now(Timestamp::from_millis(platform.now().as_millis() + seconds * 1000));
}

/// Lets auth answer with `issuer`'s key, and counts how often it is asked.
fn counted(platform: &Platform, issuer: &Issuer) -> Rc<Cell<u32>> {
    let asked = Rc::new(Cell::new(0));
    let (count, key) = (asked.clone(), json!({ "keys": [issuer.jwk(None)] }));
    platform.serve("auth.spin.internal", move |request| {
        assert_eq!(request.path(), "/internal/auth/keys");
        count.set(count.get() + 1);
        let response = platform_http::json(StatusCode::OK, &key);
        Box::pin(async { response })
    });
    asked
}

fn auth_is_down(platform: &Platform) {
    platform.serve("auth.spin.internal", |_| Box::pin(async { empty(StatusCode::INTERNAL_SERVER_ERROR) }));
}

#[test]
fn a_handler_learns_who_calls() {
    let platform = platform();
    let token = Issuer::new(&platform).token(user(1), Role::Operator);
    let response = mine(&platform, &token);
    assert_eq!(body(&response), json!({ "user": user(1), "role": "operator" }));
    let lower = http::Request::get("/v1/mine").header("authorization", format!("bearer {token}"));
    assert_eq!(send(&platform, lower, "").status(), StatusCode::OK);
}

#[test]
fn without_a_token_it_is_401_with_a_challenge_and_no_error() {
    let platform = platform();
    let response = send(&platform, http::Request::get("/v1/mine"), "");
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.headers()["www-authenticate"], "Bearer");
    assert_eq!(body(&response)["type"], "https://spindle.dev/problems/unauthorized");
}

#[test]
fn with_a_bad_token_it_is_401_with_the_reason() {
    let platform = platform();
    let token = Issuer::new(&platform).token(user(1), Role::Customer);
    later(&platform, 700);
    let response = mine(&platform, &token);
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let expected = "Bearer error=\"invalid_token\", error_description=\"The access token has expired.\"";
    assert_eq!(response.headers()["www-authenticate"], expected);
    for value in ["Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "Bearer a.b.c", "bearer"] {
        let response = send(&platform, http::Request::get("/v1/mine").header("authorization", value), "");
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{value}");
        assert!(response.headers()["www-authenticate"].to_str().unwrap().contains("invalid_token"), "{value}");
    }
    let twice = http::Request::get("/v1/mine")
        .header("authorization", format!("Bearer {token}"))
        .header("authorization", format!("Bearer {token}"));
    assert_eq!(send(&platform, twice, "").status(), StatusCode::UNAUTHORIZED);
}

#[test]
fn a_role_that_does_not_suffice_is_403() {
    let platform = platform();
    let issuer = Issuer::new(&platform);
    for (role, status) in
        [(Role::Customer, StatusCode::FORBIDDEN), (Role::Operator, StatusCode::OK), (Role::Admin, StatusCode::OK)]
    {
        let token = format!("Bearer {}", issuer.token(user(1), role));
        let response = send(&platform, http::Request::post("/v1/things").header("authorization", token), "");
        assert_eq!(response.status(), status, "{role:?}");
    }
}

#[test]
fn auth_is_asked_for_its_keys_once_in_five_minutes() {
    let platform = platform();
    let issuer = Issuer::with_key(&platform, 7);
    let asked = counted(&platform, &issuer);
    for _ in 0..3 {
        for number in 1..4 {
            let token = issuer.token(user(number), Role::Customer);
            assert_eq!(mine(&platform, &token).status(), StatusCode::OK);
        }
    }
    assert_eq!(asked.get(), 1);
    later(&platform, 301);
    assert_eq!(mine(&platform, &issuer.token(user(1), Role::Customer)).status(), StatusCode::OK);
    assert_eq!(asked.get(), 2);
}

#[test]
fn an_unknown_key_is_asked_for_once_and_then_refused() {
    let platform = platform();
    let issuer = Issuer::with_key(&platform, 7);
    let asked = counted(&platform, &issuer);
    assert_eq!(mine(&platform, &issuer.token(user(1), Role::Customer)).status(), StatusCode::OK);
    let stranger = Issuer::with_key(&platform, 8);
    let response = mine(&platform, &stranger.token(user(1), Role::Admin));
    assert_eq!((response.status(), asked.get()), (StatusCode::UNAUTHORIZED, 2));
    assert!(response.headers()["www-authenticate"].to_str().unwrap().contains("key is not known"));
    // Once auth has that key, it is found.
    stranger.publish(&[issuer.jwk(None), stranger.jwk(None)]);
    assert_eq!(mine(&platform, &stranger.token(user(1), Role::Admin)).status(), StatusCode::OK);
}

#[test]
fn auth_being_down_stops_only_those_whose_key_is_not_known() {
    let platform = platform();
    let issuer = Issuer::new(&platform);
    assert_eq!(mine(&platform, &issuer.token(user(1), Role::Customer)).status(), StatusCode::OK);
    auth_is_down(&platform);
    later(&platform, 3000);
    assert_eq!(mine(&platform, &issuer.token(user(2), Role::Customer)).status(), StatusCode::OK);
    let response = mine(&platform, &Issuer::with_key(&platform, 8).token(user(1), Role::Customer));
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers()["retry-after"], "1");
    later(&platform, 600);
    assert_eq!(mine(&platform, &issuer.token(user(2), Role::Customer)).status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[test]
fn a_retired_key_is_refused_from_its_end_even_for_a_stamped_token() {
    let platform = platform();
    let issuer = Issuer::with_key(&platform, 7);
    issuer.publish(&[issuer.jwk(Some(platform.now().as_secs() + 60))]);
    let token = issuer.token(user(1), Role::Customer);
    assert_eq!(mine(&platform, &token).status(), StatusCode::OK);
    later(&platform, 59);
    assert_eq!(mine(&platform, &token).status(), StatusCode::OK);
    later(&platform, 1);
    assert_eq!(mine(&platform, &token).status(), StatusCode::UNAUTHORIZED);
}

#[test]
fn without_its_store_the_edge_checks_each_token_anew() {
    let platform = platform();
    let issuer = Issuer::with_key(&platform, 7);
    let asked = counted(&platform, &issuer);
    platform.fail_stores(true);
    for expected in 1..3 {
        assert_eq!(mine(&platform, &issuer.token(user(1), Role::Customer)).status(), StatusCode::OK);
        assert_eq!(asked.get(), expected);
    }
}

#[test]
fn who_writes_to_the_store_cannot_bring_in_a_key() {
    use futures::executor::block_on;
    let platform = platform();
    let issuer = Issuer::new(&platform);
    assert_eq!(mine(&platform, &issuer.token(user(1), Role::Customer)).status(), StatusCode::OK);
    let stranger = Issuer::with_key(&platform, 8);
    let set = json!({ "fetched_at": platform.now().as_secs(), "set": { "keys": [stranger.jwk(None)] } });
    let context = spindle_platform::Context::new(
        platform.clone(),
        super::SERVICE.scope,
        "r".to_owned(),
        spindle_platform::trace::TraceContext::start(platform.random()),
    );
    let store = block_on(context.shared_kv("edge")).unwrap();
    let value = [vec![0; 32], set.to_string().into_bytes()].concat();
    block_on(store.set("jwks", &value)).unwrap();
    assert_eq!(mine(&platform, &stranger.token(user(1), Role::Admin)).status(), StatusCode::UNAUTHORIZED);
}
