//! `/v1/auth` and the keys of access tokens.

mod keys;
mod login;
mod logout;
mod password;
mod refresh;
mod registration;
mod sessions;

use serde_json::{Value, json};
use spindle_tests::jwt::{Jwt, decode};
use spindle_tests::{Response, target};

/// Sends a refresh token.
fn refresh(token: &str) -> Response {
    target().client().post("/v1/auth/refresh", &json!({"refresh_token": token}))
}

/// Checks that `response` is a complete token response for `user`. Returns the parsed access token and the refresh token.
#[track_caller]
fn expect_tokens(response: &Response, user: &Value) -> (Jwt, String) {
    assert_eq!(response.status, 200, "{}", response.text());
    assert_eq!(response.header("cache-control"), Some("no-store"));
    assert_eq!(response.header("content-type"), Some("application/json"));
    let body = response.json();
    let members = body.as_object().expect("an object");
    let mut names: Vec<&str> = members.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["access_token", "expires_in", "refresh_token", "token_type", "user"], "{body}");
    assert_eq!((&body["token_type"], &body["user"]), (&json!("Bearer"), user), "{body}");
    let refresh_token = body["refresh_token"].as_str().expect("a refresh token");
    assert_eq!(decode(refresh_token).len(), 32, "256 bits: {refresh_token}");

    let token = Jwt::parse(body["access_token"].as_str().expect("an access token"));
    let (iat, exp) = (token.claims["iat"].as_i64(), token.claims["exp"].as_i64());
    assert_eq!(exp.zip(iat).map(|(exp, iat)| exp - iat), body["expires_in"].as_i64(), "{body}");
    (token, refresh_token.to_owned())
}

/// Builds the member `user` of a token response.
fn user(id: &str, email: &str, role: &str) -> Value {
    json!({"id": id, "email": email, "role": role})
}
