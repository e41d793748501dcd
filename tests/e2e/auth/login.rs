//! Logging in, and failing to.

use serde_json::{Value, json};
use spindle_tests::accounts::{PASSWORD, admin, register, try_log_in};
use spindle_tests::problem::{expect_invalid, expect_problem};
use spindle_tests::users::{create_user, unique_email};
use spindle_tests::{Response, target};

use super::{expect_tokens, user};

const WRONG: &str = "not the password of anybody";

fn log_in(email: &str, password: &str) -> Response {
    try_log_in(target().client(), email, password)
}

/// An answer without what differs from one to the next.
fn comparable(response: &Response) -> (u16, Value, Vec<String>) {
    let mut body = response.json();
    body["request_id"] = Value::Null;
    let mut headers: Vec<String> = response
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "x-request-id" | "date" | "ratelimit" | "retry-after"))
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort_unstable();
    (response.status, body, headers)
}

#[test]
fn a_login_is_answered_with_tokens_that_say_what_they_must_and_no_more() {
    let profile = register(target().client(), "ada");
    let (id, email) = (profile["id"].as_str().expect("an id"), profile["email"].as_str().expect("an address"));
    let (token, _) = expect_tokens(&log_in(email, PASSWORD), &user(id, email, "customer"));

    let (kid, claims) = (&token.header["kid"], &token.claims);
    assert_eq!(token.header, json!({"alg": "EdDSA", "typ": "at+jwt", "kid": kid}));
    let expected = json!({
        "iss": claims["iss"], "aud": "spindle", "sub": id, "client_id": "spindle", "jti": claims["jti"],
        "sid": claims["sid"], "roles": ["customer"], "iat": claims["iat"], "exp": claims["exp"],
    });
    assert_eq!(*claims, expected);
    assert!(["iss", "jti", "sid"].iter().all(|claim| claims[claim].is_string()), "{claims}");

    // Case does not matter in an address, and each login is a session of its own.
    let (other, _) = expect_tokens(&log_in(&email.to_uppercase(), PASSWORD), &user(id, email, "customer"));
    assert_ne!(other.claims["sid"], claims["sid"]);
    assert_ne!(other.claims["jti"], claims["jti"]);
}

#[test]
fn a_wrong_password_and_an_unknown_account_are_told_the_same() {
    let profile = register(target().client(), "known");
    let without_password = create_user(&admin().client, "no-password").body;
    let known = log_in(profile["email"].as_str().expect("an address"), WRONG);
    let problem = expect_problem(&known, 401, "invalid-credentials");
    assert_eq!(problem["errors"], Value::Null, "{problem}");
    let others = [unique_email("unknown"), without_password["email"].as_str().expect("an address").to_owned()];
    for other in others {
        assert_eq!(comparable(&log_in(&other, WRONG)), comparable(&known), "{other}");
    }
    // What no address can be is not told apart either.
    assert_eq!(comparable(&log_in("no address at all", WRONG)), comparable(&known));
}

#[test]
fn nearly_the_password_is_not_the_password() {
    let profile = register(target().client(), "nearly");
    let email = profile["email"].as_str().expect("an address");
    let nearly =
        [PASSWORD.to_uppercase(), format!("{PASSWORD} "), PASSWORD.replace(' ', ""), format!("{PASSWORD}\u{0}")];
    for password in &nearly {
        expect_problem(&log_in(email, password), 401, "invalid-credentials");
    }
    log_in(email, PASSWORD).expect_status(200);
}

#[test]
fn five_failures_lock_an_account_and_one_that_nobody_has_alike() {
    let profile = register(target().client(), "locked");
    let known = profile["email"].as_str().expect("an address").to_owned();
    let mut locked = Vec::new();
    for email in [known.clone(), unique_email("nobody")] {
        for _ in 0..5 {
            expect_problem(&log_in(&email, WRONG), 401, "invalid-credentials");
        }
        let response = log_in(&email, PASSWORD);
        expect_problem(&response, 429, "account-locked");
        let wait: u32 = response.header("retry-after").expect("a time").parse().expect("seconds");
        assert!((890..=900).contains(&wait), "{wait}");
        locked.push(comparable(&response));
    }
    assert_eq!(locked[0], locked[1]);
    // Case does not open a second door.
    expect_problem(&log_in(&known.to_uppercase(), PASSWORD), 429, "account-locked");
}

#[test]
fn a_success_forgets_the_failures_before_it() {
    let profile = register(target().client(), "forgetful");
    let email = profile["email"].as_str().expect("an address");
    for _ in 0..2 {
        for _ in 0..4 {
            expect_problem(&log_in(email, WRONG), 401, "invalid-credentials");
        }
        log_in(email, PASSWORD).expect_status(200);
    }
}

#[test]
fn a_body_that_lacks_something_or_has_too_much_is_pointed_at() {
    let post = |body: Value| target().client().post("/v1/auth/login", &body);
    let email = unique_email("shape");
    expect_invalid(&post(json!({})), &["/email"]);
    expect_invalid(&post(json!({"email": email})), &["/password"]);
    expect_invalid(&post(json!({"email": email, "password": PASSWORD, "role": "admin"})), &["/role"]);
    expect_invalid(&post(json!({"email": email, "password": true})), &["/password"]);
    expect_invalid(&post(json!({"email": [email], "password": PASSWORD})), &["/email"]);
    expect_invalid(&post(json!([email, PASSWORD])), &[""]);
}
