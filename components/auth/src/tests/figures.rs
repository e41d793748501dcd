//! What an operation costs in statements and in calls: a figure that grows by accident fails here.

use super::shop::{EMAIL, PASSWORD, Shop};
use http::Method;
use serde_json::{Value, json};

/// The statements on auth's database and the calls to users that it takes until the request is answered.
fn cost(shop: &Shop, target: &str, body: Value) -> (usize, usize) {
    let before = shop.platform.statements("auth").len();
    shop.users.calls();
    shop.ask(Method::POST, target, None, Some(body));
    (shop.platform.statements("auth").len() - before, shop.users.calls().len())
}

#[test]
fn a_log_in_takes_eleven_statements_and_one_call() {
    let shop = Shop::with_account();
    shop.login();
    assert_eq!(cost(&shop, "/v1/auth/login", json!({ "email": EMAIL, "password": PASSWORD })), (11, 1));
}

#[test]
fn a_failed_log_in_takes_nine_statements_and_one_call() {
    let shop = Shop::with_account();
    assert_eq!(cost(&shop, "/v1/auth/login", json!({ "email": EMAIL, "password": "wrong" })), (9, 1));
}

#[test]
fn a_log_in_to_a_locked_account_takes_two_statements_and_one_call() {
    let shop = Shop::with_account();
    for _ in 0..5 {
        shop.try_login(EMAIL, "wrong");
    }
    assert_eq!(cost(&shop, "/v1/auth/login", json!({ "email": EMAIL, "password": PASSWORD })), (2, 1));
}

#[test]
fn a_refresh_takes_ten_statements_and_one_call() {
    let shop = Shop::with_account();
    let session = shop.login();
    assert_eq!(cost(&shop, "/v1/auth/refresh", json!({ "refresh_token": session.refresh })), (10, 1));
}

#[test]
fn a_registration_takes_seven_statements_and_two_calls() {
    let shop = Shop::with_account();
    let draft = json!({ "email": "grace@example.com", "password": PASSWORD });
    assert_eq!(cost(&shop, "/v1/auth/register", draft), (7, 2));
}
