//! A user whom an admin creates accepts the invitation, and can log in.

use serde_json::{Value, json};
use spindle_tests::accounts::{PASSWORD, admin, customer, try_log_in};
use spindle_tests::problem::{expect_invalid, expect_problem};
use spindle_tests::users::{create_user, unique_email};
use spindle_tests::{Account, Response, target};

fn accept(token: &str, password: &str) -> Response {
    target().client().post("/v1/auth/invitations/accept", &json!({"token": token, "password": password}))
}

#[test]
fn an_invited_user_sets_a_password_once_and_logs_in() {
    let user = create_user(&admin().client, "invited");
    let (email, token) = (user.body["email"].as_str().expect("an address"), user.invitation.expect("a token"));
    let register = json!({"email": email, "password": PASSWORD});
    expect_problem(&target().client().post("/v1/auth/register", &register), 409, "conflict");
    expect_problem(&try_log_in(target().client(), email, PASSWORD), 401, "invalid-credentials");

    expect_invalid(&accept(&token, "short"), &["/password"]);
    let accepted = accept(&token, PASSWORD).expect_status(200).json();
    assert_eq!(accepted, json!({"id": user.id, "email": email, "role": "customer"}));
    let invited = Account::log_in(target().client(), email, PASSWORD);
    assert_eq!(invited.client.get("/v1/users/me").expect_status(200).json(), user.body);
    expect_problem(&accept(&token, "another phrase altogether"), 404, "not-found");
    let again = admin().client.post(&format!("{}/invitation", user.path), &json!({}));
    expect_problem(&again, 409, "conflict");
}

#[test]
fn a_new_invitation_replaces_the_first_and_both_are_shown_once() {
    let client = admin().client;
    let created = client.post("/v1/users", &json!({"email": unique_email("invited-twice")})).expect_status(201).json();
    let names = |invitation: &Value| invitation.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&created["invitation"]), ["expires_at", "token"]);
    let path = format!("/v1/users/{}", created["id"].as_str().expect("an id"));
    assert_eq!(client.get(&path).expect_status(200).json().get("invitation"), None);

    let second = client.post(&format!("{path}/invitation"), &json!({})).expect_status(200).json();
    assert_eq!(names(&second), ["expires_at", "token"]);
    let token = |invitation: &Value| invitation["token"].as_str().expect("a token").to_owned();
    expect_problem(&accept(&token(&created["invitation"]), PASSWORD), 404, "not-found");
    accept(&token(&second), PASSWORD).expect_status(200);
}

#[test]
fn no_user_with_a_password_is_invited() {
    let ada = customer("has-a-password");
    let invite = |client: &spindle_tests::Client| client.post(&format!("{}/invitation", ada.path()), &json!({}));
    expect_problem(&invite(&admin().client), 409, "conflict");
    expect_problem(&invite(&ada.client), 403, "forbidden");
    for unknown in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        expect_problem(&accept(unknown, PASSWORD), 404, "not-found");
    }
}
