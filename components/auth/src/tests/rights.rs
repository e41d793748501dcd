//! The rights of sessions: what auth writes for the edge of every service, and what it answers where there is no entry.

use super::fake_users::Fault;
use super::fixture::{EMAIL, Fixture, PASSWORD, SECOND, TokenPair};
use crate::SERVICE;
use bytes::Bytes;
use futures::executor::block_on;
use futures::future::LocalBoxFuture;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::SessionId;
use spindle_edge::SessionRightsStore;
use spindle_edge::testing::{TestResponse, service_token, user_id};
use spindle_platform::http::{Body, Request};
use spindle_platform::token::service::Operation;

/// Sends an operation that changes something and that only an admin may use, with an access token.
fn write(fixture: &Fixture, tokens: &TokenPair) -> TestResponse {
    fixture.client.post("/v1/admin/auth/keys/rotate").bearer(&tokens.access).send()
}

fn change_rights(fixture: &Fixture, active: bool) -> TestResponse {
    let target = format!("/internal/auth/accounts/{}/rights-changed", user(fixture));
    fixture.client.post(&target).as_service("users").json(&json!({ "active": active })).send()
}

fn user(fixture: &Fixture) -> String {
    fixture.users.profiles()[0]["id"].as_str().unwrap().to_owned()
}

fn set_role(fixture: &Fixture, role: &str) {
    fixture.users.set_role(&user(fixture), role);
}

/// Makes a fixture with an admin.
fn with_admin() -> Fixture {
    let fixture = Fixture::with_account();
    set_role(&fixture, "admin");
    fixture
}

fn session(fixture: &Fixture, tokens: &TokenPair) -> String {
    let listed = fixture.client.get("/v1/auth/sessions").bearer(&tokens.access).send().json();
    let mut items = listed["items"].as_array().unwrap().iter();
    items.find(|item| item["current"] == true).unwrap()["id"].as_str().unwrap().to_owned()
}

fn rights(fixture: &Fixture, session: &str) -> TestResponse {
    fixture.client.get(&format!("/internal/auth/sessions/{session}")).as_service("orders").send()
}

fn lose_entry(fixture: &Fixture, session: &str) {
    let session: SessionId = session.parse().unwrap();
    let context = fixture.client.context();
    block_on(async { SessionRightsStore::open(&context).await.unwrap().remove(session).await.unwrap() });
}

/// Returns the number of requests to users since the last call.
fn calls(fixture: &Fixture) -> usize {
    fixture.users.take_calls().len()
}

#[test]
fn a_log_in_and_a_refresh_write_the_rights_so_that_a_write_asks_for_none() {
    let fixture = with_admin();
    let first = fixture.login();
    calls(&fixture);
    write(&fixture, &first).expect(StatusCode::OK);
    assert_eq!(calls(&fixture), 0);
    set_role(&fixture, "customer");
    let second = fixture.refresh(&first.refresh);
    calls(&fixture);
    // They are those of the session: its older token has them as well.
    for tokens in [&first, &second] {
        assert_eq!(write(&fixture, tokens).problem(), "403 forbidden");
    }
    assert_eq!(calls(&fixture), 0);
}

#[test]
fn where_there_is_no_entry_the_session_and_users_are_asked_once() {
    let fixture = with_admin();
    let tokens = fixture.login();
    let id = session(&fixture, &tokens);
    set_role(&fixture, "operator");
    lose_entry(&fixture, &id);
    calls(&fixture);
    for _ in 0..3 {
        assert_eq!(write(&fixture, &tokens).problem(), "403 forbidden");
    }
    assert_eq!(calls(&fixture), 1);
    let expected = json!({ "state": "live", "user": user(&fixture), "role": "operator" });
    assert_eq!(rights(&fixture, &id).expect(StatusCode::OK).json(), expected);
}

#[test]
fn a_session_that_ended_or_never_was_has_ended() {
    let fixture = with_admin();
    let (tokens, current) = (fixture.login(), fixture.login());
    let id = session(&fixture, &tokens);
    let ended = |id: &str| rights(&fixture, id).json() == json!({ "state": "ended" });
    assert!(ended(&user_id(5).to_string()));
    assert!(!ended(&id));
    fixture.client.delete(&format!("/v1/auth/sessions/{id}")).bearer(&current.access).send();
    assert!(ended(&id));
    fixture.users.set_status(&user(&fixture), "deactivated");
    assert!(ended(&session(&fixture, &current)));
    fixture.users.erase(&user(&fixture));
    assert!(ended(&session(&fixture, &current)));
}

#[test]
fn only_services_with_operations_of_users_ask_for_rights() {
    let fixture = with_admin();
    let path = format!("/internal/auth/sessions/{}", user_id(5));
    assert_eq!(fixture.client.get(&path).as_service("event-relay").send().problem(), "403 forbidden");
    assert_eq!(fixture.client.get(&path).send().problem(), "401 unauthorized");
    let path = format!("/internal/auth/accounts/{}/rights-changed", user_id(5));
    let change = json!({ "active": true });
    assert_eq!(fixture.client.post(&path).as_service("orders").json(&change).send().problem(), "403 forbidden");
    fixture.client.post(&path).as_service("users").json(&change).send().expect(StatusCode::NO_CONTENT);
}

#[test]
fn while_users_does_not_answer_a_write_without_an_entry_is_503() {
    let fixture = with_admin();
    let tokens = fixture.login();
    fixture.users.fail(Fault::Unavailable);
    write(&fixture, &tokens).expect(StatusCode::OK);
    lose_entry(&fixture, &session(&fixture, &tokens));
    assert_eq!(write(&fixture, &tokens).expect(StatusCode::SERVICE_UNAVAILABLE).header("retry-after"), Some("1"));
    fixture.client.get("/v1/auth/sessions").bearer(&tokens.access).send().expect(StatusCode::OK);
}

#[test]
fn a_changed_role_counts_at_once_in_every_session() {
    let fixture = with_admin();
    let sessions = [fixture.login(), fixture.login()];
    set_role(&fixture, "operator");
    change_rights(&fixture, true).expect(StatusCode::NO_CONTENT);
    for tokens in &sessions {
        assert_eq!(write(&fixture, tokens).problem(), "403 forbidden");
        fixture.refresh(&tokens.refresh);
    }
    set_role(&fixture, "admin");
    change_rights(&fixture, true).expect(StatusCode::NO_CONTENT);
    write(&fixture, &sessions[0]).expect(StatusCode::OK);
}

#[test]
fn a_deactivated_user_is_refused_everywhere_and_cannot_be_told_from_a_wrong_password() {
    let fixture = with_admin();
    let tokens = fixture.login();
    fixture.users.set_status(&user(&fixture), "deactivated");
    change_rights(&fixture, false).expect(StatusCode::NO_CONTENT);
    assert_eq!(fixture.audited().last().unwrap(), "account.deactivated");
    assert_eq!(write(&fixture, &tokens).problem(), "401 unauthorized");
    assert_eq!(fixture.try_refresh(&tokens.refresh).problem(), "401 unauthorized");
    let same = |response: TestResponse| {
        let mut body = response.json();
        body["request_id"] = Value::Null;
        (response.status(), body)
    };
    assert_eq!(same(fixture.try_login(EMAIL, PASSWORD)), same(fixture.try_login(EMAIL, "wrong")));
    // A repeated call finds nothing to end.
    let audited = fixture.audited();
    change_rights(&fixture, false).expect(StatusCode::NO_CONTENT);
    assert_eq!(fixture.audited(), audited);

    fixture.users.set_status(&user(&fixture), "active");
    assert_eq!(write(&fixture, &tokens).problem(), "401 unauthorized");
    assert_eq!(fixture.try_refresh(&tokens.refresh).problem(), "401 unauthorized", "the session has ended for good");
    write(&fixture, &fixture.login()).expect(StatusCode::OK);
}

#[test]
fn a_session_that_its_user_ends_changes_nothing_more() {
    let fixture = with_admin();
    let end: [fn(&Fixture, &TokenPair, &TokenPair) -> TestResponse; 4] = [
        |fixture, lost, current| {
            let id = session(fixture, lost);
            fixture.client.delete(&format!("/v1/auth/sessions/{id}")).bearer(&current.access).send()
        },
        |fixture, lost, _| {
            fixture.client.post("/v1/auth/logout").json(&json!({ "refresh_token": lost.refresh })).send()
        },
        |fixture, _, current| {
            let change = json!({ "current": PASSWORD, "new": PASSWORD });
            fixture.client.post("/v1/auth/password").bearer(&current.access).json(&change).send()
        },
        |fixture, lost, _| {
            fixture.refresh(&lost.refresh);
            fixture.at(6 * SECOND);
            fixture.try_refresh(&lost.refresh)
        },
    ];
    for end in end {
        let (lost, current) = (fixture.login(), fixture.login());
        let id = session(&fixture, &lost);
        write(&fixture, &lost).expect(StatusCode::OK);
        end(&fixture, &lost, &current);
        calls(&fixture);
        assert_eq!(write(&fixture, &lost).problem(), "401 unauthorized");
        lose_entry(&fixture, &id);
        assert_eq!(write(&fixture, &lost).problem(), "401 unauthorized");
        assert_eq!(calls(&fixture), 0, "users is not asked about a session that has ended");
        write(&fixture, &current).expect(StatusCode::OK);
    }
}

#[test]
fn an_erased_user_changes_nothing_more() {
    let fixture = with_admin();
    let tokens = fixture.login();
    let id = user(&fixture);
    fixture.users.erase(&id);
    fixture.erase("users", &id).expect(StatusCode::NO_CONTENT);
    assert_eq!(write(&fixture, &tokens).problem(), "401 unauthorized");
}

#[test]
fn while_the_store_fails_no_session_is_ended_whose_token_would_go_on() {
    let fixture = with_admin();
    let (lost, current) = (fixture.login(), fixture.login());
    let id = session(&fixture, &lost);
    fixture.client.platform().lose_stores(true);
    let response = fixture.client.delete(&format!("/v1/auth/sessions/{id}")).bearer(&current.access).send();
    assert_eq!(response.expect(StatusCode::SERVICE_UNAVAILABLE).header("retry-after"), Some("2"));
    change_rights(&fixture, false).expect(StatusCode::SERVICE_UNAVAILABLE);
    fixture.client.platform().lose_stores(false);
    fixture.refresh(&lost.refresh);
}

/// Returns the change of the user's role to `role`: users stores it, and has auth end the former rights.
fn change_of_role(fixture: &Fixture, role: &'static str) -> LocalBoxFuture<'static, ()> {
    let (platform, users, user) = (fixture.client.platform().clone(), fixture.users.clone(), user(fixture));
    let path = format!("/internal/auth/accounts/{user}/rights-changed");
    let token = service_token(&platform, "users", &Operation { service: "auth", method: &Method::POST, path: &path });
    let request = http::Request::post(path).header(CONTENT_TYPE, "application/json");
    let request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    let request = request.body(Body::from(Bytes::from_static(br#"{"active":true}"#))).unwrap();
    Box::pin(async move {
        users.set_role(&user, role);
        let response = spindle_edge::serve(&SERVICE, platform, Request::new(request)).await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
    })
}

#[test]
fn a_refresh_during_which_a_role_is_taken_away_does_not_give_it_back() {
    let fixture = with_admin();
    let tokens = fixture.login();
    fixture.users.after_next_identity(change_of_role(&fixture, "operator"));
    let refreshed = fixture.try_refresh(&tokens.refresh).expect(StatusCode::OK);
    assert_eq!(refreshed.json()["user"]["role"], "operator");
    for tokens in [tokens, TokenPair::from(refreshed)] {
        assert_eq!(write(&fixture, &tokens).problem(), "403 forbidden");
    }
}

#[test]
fn a_log_in_during_which_rights_change_has_the_new_ones() {
    let fixture = with_admin();
    fixture.users.after_next_identity(change_of_role(&fixture, "operator"));
    let logged_in = fixture.try_login(EMAIL, PASSWORD).expect(StatusCode::OK);
    assert_eq!(logged_in.json()["user"]["role"], "operator");
    assert_eq!(fixture.count("SELECT count(*) FROM sessions"), 1);
    assert_eq!(write(&fixture, &TokenPair::from(logged_in)).problem(), "403 forbidden");
}
