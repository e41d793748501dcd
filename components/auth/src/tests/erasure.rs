//! The erasure of an account, which users requests.

use super::fixture::{EMAIL, Fixture, PASSWORD};
use http::StatusCode;

#[test]
fn an_erased_account_leaves_nothing_but_its_audit_log() {
    let fixture = Fixture::with_account();
    let session = fixture.login();
    fixture.refresh(&session.refresh);
    let id = fixture.users.profiles()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(fixture.erase("users", &id).status(), StatusCode::NO_CONTENT);
    for table in ["credentials", "sessions", "refresh_tokens"] {
        assert_eq!(fixture.count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    assert_eq!(fixture.audited().last().unwrap(), "account.erased");
    assert_eq!(fixture.try_refresh(&session.refresh).problem(), "401 unauthorized");
    assert_eq!(fixture.client.get("/v1/auth/sessions").bearer(&session.access).send().problem(), "401 unauthorized");
    assert_eq!(fixture.try_login(EMAIL, PASSWORD).problem(), "401 invalid-credentials");
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
