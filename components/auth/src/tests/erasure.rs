//! The erasure of an account, which users requests.

use super::fixture::{EMAIL, Fixture, PASSWORD};
use http::StatusCode;
use serde_json::{Value, json};

/// Returns what is still stored of `user`.
fn progress(fixture: &Fixture, user: &str) -> Value {
    fixture
        .client
        .get(&format!("/internal/auth/erasures/{user}"))
        .as_service("users")
        .send()
        .expect(StatusCode::OK)
        .json()
}

#[test]
fn an_erased_account_leaves_nothing_but_its_audit_log() {
    let fixture = Fixture::with_account();
    let session = fixture.login();
    fixture.refresh(&session.refresh);
    fixture.try_login(EMAIL, "wrong");
    let id = fixture.users.profiles()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        progress(&fixture, &id),
        json!({ "state": "pending", "remaining": { "credentials": 1, "sessions": 1 } })
    );
    assert_eq!(fixture.erase("users", &id).status(), StatusCode::NO_CONTENT);
    assert_eq!(progress(&fixture, &id), json!({ "state": "done" }));
    for table in ["credentials", "sessions", "refresh_tokens", "login_failures"] {
        assert_eq!(fixture.count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    assert_eq!(fixture.audited().last().unwrap(), "account.erased");
    assert_eq!(fixture.try_refresh(&session.refresh).problem(), "401 unauthorized");
    assert_eq!(fixture.client.get("/v1/auth/sessions").bearer(&session.access).send().problem(), "401 unauthorized");
    assert_eq!(fixture.try_login(EMAIL, PASSWORD).problem(), "401 invalid-credentials");
}

#[test]
fn the_audit_log_has_neither_the_address_of_a_client_nor_a_name_of_an_account_that_stays_valid() {
    let fixture = Fixture::with_account();
    fixture.try_login("unknown@example.com", PASSWORD);
    fixture.try_login("unknown@example.com", PASSWORD);
    fixture.try_login(EMAIL, "wrong");
    let rows: Vec<(String, String)> = fixture
        .client
        .rows("SELECT source, detail ->> 'account' FROM audit_log WHERE action = 'login.failed' ORDER BY seq");
    let [(source, unknown), again, (_, known)]: [(String, String); 3] = rows.try_into().unwrap();
    assert_eq!(again, (source.clone(), unknown.clone()));
    assert_ne!(unknown, known);
    for pseudonym in [source, unknown, known] {
        assert!(pseudonym.starts_with("2023-11:") && pseudonym.len() == 24, "{pseudonym}");
    }
}

#[test]
fn a_repeated_erasure_changes_nothing() {
    let fixture = Fixture::with_account();
    let id = fixture.users.profiles()[0]["id"].as_str().unwrap().to_owned();
    fixture.erase("users", &id);
    let audited = fixture.audited();
    assert_eq!(fixture.erase("users", &id).status(), StatusCode::NO_CONTENT);
    assert_eq!(fixture.audited(), audited);
}

#[test]
fn only_users_may_request_an_erasure() {
    let fixture = Fixture::with_account();
    let id = fixture.users.profiles()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(fixture.erase("gateway", &id).problem(), "403 forbidden");
    fixture.login();
}
