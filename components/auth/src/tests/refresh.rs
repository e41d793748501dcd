//! Refresh tokens: one use each, a moment of grace, and the end of the family when one comes again.

use super::shop::{DAY, EMAIL, PASSWORD, SECOND, Shop, body, expected, problem};
use super::users::Fault;
use http::StatusCode;
use serde_json::json;

const WITH_SUCCESSOR: &str = "SELECT count(*) FROM refresh_tokens WHERE sealed_successor IS NOT NULL";

#[test]
fn a_token_is_replaced_at_each_use() {
    let shop = Shop::with_account();
    let mut tokens = vec![shop.login().refresh];
    for round in 1..5 {
        shop.at(round * DAY);
        let response = shop.try_refresh(tokens.last().unwrap());
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(body(&response)["user"]["email"], EMAIL);
        tokens.push(body(&response)["refresh_token"].as_str().unwrap().to_owned());
    }
    tokens.sort_unstable();
    tokens.dedup();
    assert_eq!(tokens.len(), 5);
}

#[test]
fn within_five_seconds_a_replaced_token_gives_the_same_successor() {
    let shop = Shop::with_account();
    let first = shop.login();
    let second = shop.refresh(&first.refresh);
    shop.at(5 * SECOND - 1);
    let again = shop.refresh(&first.refresh);
    assert_eq!(again.refresh, second.refresh);
    assert_ne!(again.access, second.access);
    // The successor is good, and may itself have been used by then.
    let third = shop.refresh(&second.refresh);
    assert_eq!(shop.refresh(&first.refresh).refresh, second.refresh);
    assert_eq!(shop.refresh(&second.refresh).refresh, third.refresh);
}

#[test]
fn a_replaced_token_that_comes_late_ends_the_family() {
    let shop = Shop::with_account();
    let (first, other) = (shop.login(), shop.login());
    let second = shop.refresh(&first.refresh);
    shop.at(5 * SECOND);
    assert_eq!(problem(&shop.try_refresh(&first.refresh)), expected(401, "unauthorized"));
    assert_eq!(problem(&shop.try_refresh(&second.refresh)), expected(401, "unauthorized"));
    assert_eq!(shop.audited().last().unwrap(), "refresh.reused");
    // Asked again, there is nothing more to revoke or to tell.
    let audited = shop.audited().len();
    assert_eq!(problem(&shop.try_refresh(&first.refresh)), expected(401, "unauthorized"));
    assert_eq!(shop.audited().len(), audited);
    shop.refresh(&other.refresh);
}

#[test]
fn a_late_token_ends_the_family_even_while_users_is_down() {
    let shop = Shop::with_account();
    let first = shop.login();
    let second = shop.refresh(&first.refresh);
    shop.at(5 * SECOND);
    shop.users.fail(Fault::Down);
    assert_eq!(problem(&shop.try_refresh(&first.refresh)), expected(401, "unauthorized"));
    shop.users.fail(Fault::None);
    assert_eq!(problem(&shop.try_refresh(&second.refresh)), expected(401, "unauthorized"));
}

#[test]
fn while_users_is_down_a_token_is_not_used_up() {
    let shop = Shop::with_account();
    let first = shop.login();
    shop.users.fail(Fault::Down);
    assert_eq!(problem(&shop.try_refresh(&first.refresh)), expected(503, "unavailable"));
    shop.users.fail(Fault::None);
    shop.at(DAY);
    shop.refresh(&first.refresh);
}

#[test]
fn a_session_ends_after_a_week_without_use() {
    let shop = Shop::with_account();
    let first = shop.login();
    shop.at(7 * DAY - 1);
    let second = shop.refresh(&first.refresh);
    shop.at(14 * DAY - 1);
    assert_eq!(problem(&shop.try_refresh(&second.refresh)), expected(401, "unauthorized"));
}

#[test]
fn a_session_ends_after_thirty_days_of_use() {
    let shop = Shop::with_account();
    let mut token = shop.login().refresh;
    for day in [6, 12, 18, 24, 29] {
        shop.at(day * DAY);
        token = shop.refresh(&token).refresh;
    }
    shop.at(30 * DAY - 1);
    token = shop.refresh(&token).refresh;
    shop.at(30 * DAY);
    assert_eq!(problem(&shop.try_refresh(&token)), expected(401, "unauthorized"));
}

#[test]
fn a_new_role_counts_from_the_next_refresh_and_an_erased_user_gets_none() {
    let shop = Shop::with_account();
    let first = shop.login();
    let id = shop.users.profiles()[0]["id"].as_str().unwrap().to_owned();
    shop.users.set_role(&id, "admin");
    let second = shop.refresh(&first.refresh);
    assert_eq!(shop.post("/v1/admin/auth/keys/rotate", Some(&first.access), json!({})).status(), StatusCode::FORBIDDEN);
    assert_eq!(shop.post("/v1/admin/auth/keys/rotate", Some(&second.access), json!({})).status(), StatusCode::OK);
    shop.users.erase(&id);
    assert_eq!(problem(&shop.try_refresh(&second.refresh)), expected(401, "unauthorized"));
}

#[test]
fn a_successor_is_not_kept_longer_than_it_may_be_asked_for() {
    let shop = Shop::with_account();
    let first = shop.login();
    let second = shop.refresh(&first.refresh);
    assert_eq!(shop.count(WITH_SUCCESSOR), 1);
    shop.at(5 * SECOND);
    shop.refresh(&second.refresh);
    assert_eq!(shop.count(WITH_SUCCESSOR), 1);
    assert_eq!(shop.count("SELECT count(*) FROM refresh_tokens"), 3);
}

#[test]
fn what_is_no_token_of_ours_is_refused() {
    let shop = Shop::with_account();
    let token = shop.login().refresh;
    for other in ["", "x", &token[1..], &token.to_lowercase(), &"A".repeat(43), PASSWORD] {
        assert_eq!(problem(&shop.try_refresh(other)), expected(401, "unauthorized"), "{other}");
    }
    let response = shop.post("/v1/auth/refresh", None, json!({ "refresh_token": 5 }));
    assert_eq!(problem(&response), expected(422, "validation-failed"));
}
