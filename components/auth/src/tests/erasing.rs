//! The end of an account, as users asks for it.

use super::shop::{EMAIL, PASSWORD, Shop, expected, problem};
use http::StatusCode;

#[test]
fn an_erased_account_leaves_nothing_but_its_audit_log() {
    let shop = Shop::with_account();
    let session = shop.login();
    shop.refresh(&session.refresh);
    let id = shop.users.profiles()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(shop.erase("users", &id).status(), StatusCode::NO_CONTENT);
    for table in ["credentials", "sessions", "refresh_tokens"] {
        assert_eq!(shop.count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    assert_eq!(shop.audited().last().unwrap(), "account.erased");
    assert_eq!(problem(&shop.try_refresh(&session.refresh)), expected(401, "unauthorized"));
    assert_eq!(problem(&shop.get("/v1/auth/sessions", &session.access)), expected(401, "unauthorized"));
    assert_eq!(problem(&shop.try_login(EMAIL, PASSWORD)), expected(401, "invalid-credentials"));
}

#[test]
fn asked_again_there_is_nothing_to_do() {
    let shop = Shop::with_account();
    let id = shop.users.profiles()[0]["id"].as_str().unwrap().to_owned();
    shop.erase("users", &id);
    let audited = shop.audited();
    assert_eq!(shop.erase("users", &id).status(), StatusCode::NO_CONTENT);
    assert_eq!(shop.audited(), audited);
}

#[test]
fn only_users_may_ask() {
    let shop = Shop::with_account();
    let id = shop.users.profiles()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(problem(&shop.erase("gateway", &id)), expected(403, "forbidden"));
    shop.login();
}
