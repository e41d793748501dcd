//! Changing the password.

use super::shop::{EMAIL, PASSWORD, Shop, body, expected, problem};
use super::users::Fault;
use http::StatusCode;
use serde_json::json;
use spindle_platform::http::Response;

const NEW: &str = "another phrase altogether";

fn change(shop: &Shop, token: &str, current: &str, new: &str) -> Response {
    shop.post("/v1/auth/password", Some(token), json!({ "current": current, "new": new }))
}

#[test]
fn a_new_password_ends_the_other_sessions_and_keeps_this_one() {
    let shop = Shop::with_account();
    let (mine, other) = (shop.login(), shop.login());
    assert_eq!(change(&shop, &mine.access, PASSWORD, NEW).status(), StatusCode::NO_CONTENT);
    assert_eq!(shop.audited().last().unwrap(), "password.changed");
    assert_eq!(problem(&shop.try_refresh(&other.refresh)), expected(401, "unauthorized"));
    shop.refresh(&mine.refresh);
    assert_eq!(problem(&shop.try_login(EMAIL, PASSWORD)), expected(401, "invalid-credentials"));
    assert_eq!(shop.try_login(EMAIL, NEW).status(), StatusCode::OK);
}

#[test]
fn a_weak_new_password_is_refused_at_its_place() {
    let shop = Shop::with_account();
    let mine = shop.login();
    let response = change(&shop, &mine.access, PASSWORD, "short");
    assert_eq!(problem(&response), expected(422, "validation-failed"));
    assert_eq!(body(&response)["errors"][0]["pointer"], "/new");
}

#[test]
fn wrong_guesses_lock_the_account_as_at_the_log_in() {
    let shop = Shop::with_account();
    let mine = shop.login();
    shop.try_login(EMAIL, NEW);
    shop.try_login(EMAIL, NEW);
    for _ in 0..3 {
        assert_eq!(problem(&change(&shop, &mine.access, "wrong", NEW)), expected(401, "invalid-credentials"));
    }
    assert_eq!(problem(&change(&shop, &mine.access, PASSWORD, NEW)), expected(429, "account-locked"));
    assert_eq!(problem(&shop.try_login(EMAIL, PASSWORD)), expected(429, "account-locked"));
    assert_eq!(shop.audited().last().unwrap(), "account.locked");
}

#[test]
fn a_password_is_changed_also_while_users_is_down() {
    let shop = Shop::with_account();
    let mine = shop.login();
    shop.users.fail(Fault::Down);
    assert_eq!(change(&shop, &mine.access, PASSWORD, NEW).status(), 204);
}
