//! Refresh: each refresh token is valid once, and its reuse revokes the family.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use spindle_tests::accounts::{admin, customer, try_log_in};
use spindle_tests::jwt::{Jwt, encode};
use spindle_tests::problem::{expect_invalid, expect_problem};
use spindle_tests::{Account, target};

use super::{expect_tokens, refresh, user};

/// The time after which a rotated token is a reuse: for five seconds it returns its successor, since the response may be lost.
const AFTER_GRACE_PERIOD: Duration = Duration::from_millis(5100);

/// Gives `account` another role.
fn set_role(account: &Account, role: &str) {
    let admin = admin().client;
    let etag = admin.get(&account.path()).expect_status(200).etag();
    admin.patch(&account.path(), &etag, &json!({"role": role})).expect_status(200);
}

#[test]
fn a_refresh_returns_new_tokens_of_the_same_session() {
    let ada = customer("again");
    let identity = user(&ada.id, &ada.email, "customer");
    let before = Jwt::parse(&ada.access_token);
    let response = refresh(&ada.refresh_token);
    let (token, second) = expect_tokens(&response, &identity);
    assert_eq!(token.header, before.header);
    for claim in ["sid", "auth_time", "sub", "iss", "aud", "roles"] {
        assert_eq!(token.claims[claim], before.claims[claim], "{claim}");
    }
    assert_ne!(token.claims["jti"], before.claims["jti"]);
    assert_ne!(second, ada.refresh_token);
    let (_, third) = expect_tokens(&refresh(&second), &identity);
    assert!(third != second && third != ada.refresh_token);
    let access = response.json()["access_token"].as_str().expect("a token").to_owned();
    ada.client.as_user(&access).get("/v1/users/me").expect_status(200);
}

#[test]
fn after_a_lost_response_the_same_successor_is_returned() {
    let ada = customer("lost");
    let identity = user(&ada.id, &ada.email, "customer");
    let (_, once) = expect_tokens(&refresh(&ada.refresh_token), &identity);
    let (_, twice) = expect_tokens(&refresh(&ada.refresh_token), &identity);
    assert_eq!(once, twice);
    let (_, next) = expect_tokens(&refresh(&once), &identity);
    assert!(next != once && next != ada.refresh_token);
}

#[test]
fn a_reused_refresh_token_revokes_the_family() {
    let ada = customer("thief");
    let identity = user(&ada.id, &ada.email, "customer");
    let (_, second) = expect_tokens(&refresh(&ada.refresh_token), &identity);
    let (token, third) = expect_tokens(&refresh(&second), &identity);
    let stays = ada.log_in_again();
    thread::sleep(AFTER_GRACE_PERIOD);
    expect_problem(&refresh(&ada.refresh_token), 401, "unauthorized");
    for token in [&ada.refresh_token, &second, &third] {
        expect_problem(&refresh(token), 401, "unauthorized");
    }
    // auth refuses the access token at once, although it has not expired.
    let sessions = ada.client.get("/v1/auth/sessions");
    expect_problem(&sessions, 401, "unauthorized");
    let theirs = stays.client.get("/v1/auth/sessions").expect_status(200).json();
    let ids: Vec<&Value> = theirs["items"].as_array().expect("a list").iter().map(|session| &session["id"]).collect();
    assert!(ids.len() == 1 && !ids.contains(&&token.claims["sid"]), "{theirs}");
}

#[test]
fn a_text_that_is_not_a_refresh_token_is_refused() {
    let ada = customer("none");
    let mut almost = ada.refresh_token.clone().into_bytes();
    almost[20] = if almost[20] == b'A' { b'B' } else { b'A' };
    let almost = String::from_utf8(almost).expect("ASCII");
    let (padded, upper) = (format!("{}=", ada.refresh_token), ada.refresh_token.to_uppercase());
    let long = "A".repeat(15_000);
    let others =
        ["", " ", "x", &encode([0; 32]), &almost, &padded, &upper, &ada.access_token, &ada.refresh_token[1..], &long];
    for token in others {
        expect_problem(&refresh(token), 401, "unauthorized");
    }
    let post = |body: Value| target().client().post("/v1/auth/refresh", &body);
    expect_invalid(&post(json!({})), &["/refresh_token"]);
    expect_invalid(&post(json!({"refresh_token": 7})), &["/refresh_token"]);
    expect_invalid(&post(json!({"refresh_token": ada.refresh_token, "role": "admin"})), &["/role"]);
    expect_tokens(&refresh(&ada.refresh_token), &user(&ada.id, &ada.email, "customer"));
}

#[test]
fn a_change_of_role_counts_from_the_next_refresh() {
    let ada = customer("rising");
    let mut token = ada.refresh_token.clone();
    for (role, status) in [("operator", 200), ("admin", 200), ("customer", 403)] {
        set_role(&ada, role);
        let response = refresh(&token);
        let (access, next) = expect_tokens(&response, &user(&ada.id, &ada.email, role));
        assert_eq!(access.claims["roles"], json!([role]));
        let text = response.json()["access_token"].as_str().expect("a token").to_owned();
        assert_eq!(ada.client.as_user(&text).get("/v1/users?limit=1").status, status, "{role}");
        token = next;
    }
}

#[test]
fn an_erased_user_gets_no_more_tokens() {
    let ada = customer("gone");
    let admin = admin().client;
    admin.delete(&ada.path(), &admin.get(&ada.path()).expect_status(200).etag()).expect_status(204);
    expect_problem(&refresh(&ada.refresh_token), 401, "unauthorized");
    expect_problem(&try_log_in(target().client(), &ada.email, &ada.password), 401, "invalid-credentials");
    expect_problem(&ada.client.get("/v1/auth/sessions"), 401, "unauthorized");
    let change = json!({"current": ada.password, "new": "a password that comes too late"});
    expect_problem(&ada.client.post("/v1/auth/password", &change), 401, "unauthorized");
}
