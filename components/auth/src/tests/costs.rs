//! The cost of an operation in statements and calls: a cost that grows by accident fails here.

use super::fixture::{EMAIL, Fixture, PASSWORD};
use serde_json::{Value, json};

/// Returns the number of statements on auth's database and of calls to users until the response.
fn cost(fixture: &Fixture, target: &str, body: Value) -> (usize, usize) {
    let before = fixture.client.platform().statements("auth").len();
    fixture.users.take_calls();
    fixture.client.post(target).json(&body).send_without_deferred_work();
    (fixture.client.platform().statements("auth").len() - before, fixture.users.take_calls().len())
}

#[test]
fn a_log_in_takes_eight_statements_and_two_calls() {
    let fixture = Fixture::with_account();
    fixture.login();
    assert_eq!(cost(&fixture, "/v1/auth/login", json!({ "email": EMAIL, "password": PASSWORD })), (8, 2));
}

#[test]
fn the_work_after_a_log_in_takes_two_statements_if_nothing_is_due() {
    let fixture = Fixture::with_account();
    fixture.login();
    let before = fixture.client.platform().statements("auth").len();
    fixture.login();
    let in_all = fixture.client.platform().statements("auth").len() - before;
    let (until_response, _) = cost(&fixture, "/v1/auth/login", json!({ "email": EMAIL, "password": PASSWORD }));
    // What is due; the keys of pseudonyms. On the connection of the log-in.
    assert_eq!(in_all - until_response, 2);
}

#[test]
fn a_failed_log_in_takes_seven_statements_and_one_call() {
    let fixture = Fixture::with_account();
    assert_eq!(cost(&fixture, "/v1/auth/login", json!({ "email": EMAIL, "password": "wrong" })), (7, 1));
}

#[test]
fn a_log_in_to_a_locked_account_takes_two_statements_and_one_call() {
    let fixture = Fixture::with_account();
    for _ in 0..5 {
        fixture.try_login(EMAIL, "wrong");
    }
    assert_eq!(cost(&fixture, "/v1/auth/login", json!({ "email": EMAIL, "password": PASSWORD })), (2, 1));
}

#[test]
fn a_refresh_takes_eight_statements_and_one_call() {
    let fixture = Fixture::with_account();
    let session = fixture.login();
    assert_eq!(cost(&fixture, "/v1/auth/refresh", json!({ "refresh_token": session.refresh })), (8, 1));
}

#[test]
fn a_registration_takes_six_statements_and_two_calls() {
    let fixture = Fixture::with_account();
    let request = json!({ "email": "grace@example.com", "password": PASSWORD });
    assert_eq!(cost(&fixture, "/v1/auth/register", request), (6, 2));
}

#[test]
fn a_registration_that_breaks_a_rule_takes_no_statement_and_no_call() {
    let fixture = Fixture::with_account();
    let request = json!({ "email": "grace", "password": "short" });
    assert_eq!(cost(&fixture, "/v1/auth/register", request), (0, 0));
}

#[test]
fn a_registration_of_a_taken_address_takes_no_statement_and_one_call() {
    let fixture = Fixture::with_account();
    let request = json!({ "email": EMAIL, "password": PASSWORD });
    assert_eq!(cost(&fixture, "/v1/auth/register", request), (0, 1));
}
