//! Change of the password.

use serde_json::{Value, json};
use spindle_tests::accounts::{PASSWORD, customer, try_log_in};
use spindle_tests::problem::{expect_invalid, expect_problem};
use spindle_tests::{Account, Response, target};

use super::refresh;

const NEW: &str = "a new password for the tests";

fn change(account: &Account, current: &str, new: &str) -> Response {
    account.client.post("/v1/auth/password", &json!({"current": current, "new": new}))
}

#[test]
fn a_change_of_password_ends_the_other_sessions() {
    let here = customer("changing");
    let elsewhere = here.log_in_again();
    let response = change(&here, PASSWORD, NEW).expect_status(204);
    assert_eq!((response.body.len(), response.header("cache-control")), (0, Some("no-store")));

    expect_problem(&refresh(&elsewhere.refresh_token), 401, "unauthorized");
    expect_problem(&elsewhere.client.get("/v1/auth/sessions"), 401, "unauthorized");
    // An access token whose session has ended cannot change the password, even within its ten minutes.
    expect_problem(&change(&elsewhere, NEW, "a password of the thief"), 401, "unauthorized");
    let sessions = here.client.get("/v1/auth/sessions").expect_status(200).json();
    assert_eq!(sessions["items"].as_array().map(Vec::len), Some(1), "{sessions}");
    refresh(&here.refresh_token).expect_status(200);

    expect_problem(&try_log_in(target().client(), &here.email, PASSWORD), 401, "invalid-credentials");
    Account::log_in(target().client(), &here.email, NEW);
}

#[test]
fn a_wrong_current_password_changes_nothing_and_counts_as_a_failure() {
    let ada = customer("guesser");
    for guess in 0..5 {
        let refused = change(&ada, &format!("guess number {guess}"), NEW);
        expect_problem(&refused, 401, "invalid-credentials");
    }
    expect_problem(&change(&ada, PASSWORD, NEW), 429, "account-locked");
    expect_problem(&try_log_in(target().client(), &ada.email, PASSWORD), 429, "account-locked");
    // The lock does not end sessions that are open.
    refresh(&ada.refresh_token).expect_status(200);
}

#[test]
fn a_change_of_address_does_not_reset_the_failures() {
    let ada = customer("moving");
    for guess in 0..5 {
        expect_problem(&change(&ada, &format!("guess number {guess}"), NEW), 401, "invalid-credentials");
    }
    let etag = ada.client.get("/v1/users/me").expect_status(200).etag();
    let email = spindle_tests::users::unique_email("moved");
    ada.client.patch("/v1/users/me", &etag, &json!({"email": email})).expect_status(200);
    expect_problem(&change(&ada, "guess number 5", NEW), 429, "account-locked");
    expect_problem(&try_log_in(target().client(), &email, "guess number 6"), 429, "account-locked");
}

#[test]
fn a_new_password_obeys_the_rules_of_a_registration() {
    let ada = customer("weak");
    for weak in ["", "too short", "password1234", "aaaaaaaaaaaaaaaa", &"x1 y2 z3 ".repeat(120)] {
        expect_invalid(&change(&ada, PASSWORD, weak), &["/new"]);
    }
    let post = |body: Value| ada.client.post("/v1/auth/password", &body);
    expect_invalid(&post(json!({"new": NEW})), &["/current"]);
    expect_invalid(&post(json!({"current": PASSWORD})), &["/new"]);
    expect_invalid(&post(json!({"current": PASSWORD, "new": NEW, "user_id": ada.id})), &["/user_id"]);
    expect_problem(&ada.client.anonymous().post("/v1/auth/password", &json!({})), 401, "unauthorized");
    Account::log_in(target().client(), &ada.email, PASSWORD);
}
