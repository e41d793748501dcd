//! Log-ins that succeed and that fail.

use serde_json::{Value, json};
use spindle_tests::accounts::{PASSWORD, admin, register, try_log_in};
use spindle_tests::problem::{expect_invalid, expect_problem};
use spindle_tests::users::{create_user, unique_email};
use spindle_tests::{Response, target};

use super::{expect_tokens, user};

const WRONG: &str = "not the password of any account";

fn log_in(email: &str, password: &str) -> Response {
    try_log_in(target().client(), email, password)
}

/// Returns the parts of `response` that do not differ between two equal requests.
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
fn the_tokens_of_a_login_have_exactly_the_documented_claims() {
    let profile = register(target().client(), "ada");
    let (id, email) = (profile["id"].as_str().expect("an id"), profile["email"].as_str().expect("an address"));
    let (token, _) = expect_tokens(&log_in(email, PASSWORD), &user(id, email, "customer"));

    let (kid, claims) = (&token.header["kid"], &token.claims);
    assert_eq!(token.header, json!({"alg": "EdDSA", "typ": "at+jwt", "kid": kid}));
    let expected = json!({
        "iss": claims["iss"], "aud": "spindle", "sub": id, "client_id": "spindle", "jti": claims["jti"],
        "sid": claims["sid"], "auth_time": claims["auth_time"], "roles": ["customer"], "iat": claims["iat"], "exp": claims["exp"],
    });
    assert_eq!(*claims, expected);
    assert!(["iss", "jti", "sid"].iter().all(|claim| claims[claim].is_string()), "{claims}");

    let time = |claim: &str| claims[claim].as_i64().expect("a time in seconds");
    assert!((0..=5).contains(&(time("iat") - time("auth_time"))), "{claims}");

    // The address is compared without case, and each login opens another session.
    let (other, _) = expect_tokens(&log_in(&email.to_uppercase(), PASSWORD), &user(id, email, "customer"));
    assert_ne!(other.claims["sid"], claims["sid"]);
    assert_ne!(other.claims["jti"], claims["jti"]);
}

#[test]
fn a_wrong_password_and_an_unknown_account_get_the_same_response() {
    let profile = register(target().client(), "known");
    let without_password = create_user(&admin().client, "no-password").body;
    let known = log_in(profile["email"].as_str().expect("an address"), WRONG);
    let problem = expect_problem(&known, 401, "invalid-credentials");
    assert_eq!(problem["errors"], Value::Null, "{problem}");
    let others = [unique_email("unknown"), without_password["email"].as_str().expect("an address").to_owned()];
    for other in others {
        assert_eq!(comparable(&log_in(&other, WRONG)), comparable(&known), "{other}");
    }
    // Neither does a text that is not an address get another response.
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
fn five_failures_lock_an_account_and_an_unknown_address_alike() {
    let profile = register(target().client(), "locked");
    let known = profile["email"].as_str().expect("an address").to_owned();
    let mut locked = Vec::new();
    for email in [known.clone(), unique_email("unknown")] {
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
    // The lock covers the address in any case.
    expect_problem(&log_in(&known.to_uppercase(), PASSWORD), 429, "account-locked");
}

#[test]
fn a_success_clears_the_failures_before_it() {
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
fn a_missing_unknown_or_mistyped_field_is_named() {
    let post = |body: Value| target().client().post("/v1/auth/login", &body);
    let email = unique_email("shape");
    expect_invalid(&post(json!({})), &["/email", "/password"]);
    expect_invalid(&post(json!({"email": email})), &["/password"]);
    expect_invalid(&post(json!({"email": email, "password": PASSWORD, "role": "admin"})), &["/role"]);
    expect_invalid(&post(json!({"email": email, "password": true})), &["/password"]);
    expect_invalid(&post(json!({"email": [email], "password": PASSWORD})), &["/email"]);
    expect_invalid(&post(json!([email, PASSWORD])), &[""]);
}
