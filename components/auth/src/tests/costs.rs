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
fn a_log_in_takes_thirteen_statements_and_two_calls() {
    let fixture = Fixture::with_account();
    fixture.login();
    assert_eq!(cost(&fixture, "/v1/auth/login", json!({ "email": EMAIL, "password": PASSWORD })), (13, 2));
}

#[test]
fn a_failed_log_in_takes_ten_statements_and_one_call() {
    let fixture = Fixture::with_account();
    assert_eq!(cost(&fixture, "/v1/auth/login", json!({ "email": EMAIL, "password": "wrong" })), (10, 1));
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
fn a_refresh_takes_eleven_statements_and_one_call() {
    let fixture = Fixture::with_account();
    let session = fixture.login();
    assert_eq!(cost(&fixture, "/v1/auth/refresh", json!({ "refresh_token": session.refresh })), (11, 1));
}

#[test]
fn a_registration_takes_seven_statements_and_two_calls() {
    let fixture = Fixture::with_account();
    let request = json!({ "email": "grace@example.com", "password": PASSWORD });
    assert_eq!(cost(&fixture, "/v1/auth/register", request), (7, 2));
}

#[test]
fn a_registration_that_breaks_a_rule_takes_no_statement_and_no_call() {
    let fixture = Fixture::with_account();
    let request = json!({ "email": "grace", "password": "short" });
    assert_eq!(cost(&fixture, "/v1/auth/register", request), (0, 0));
}

#[test]
fn a_registration_of_a_taken_address_takes_one_statement_and_one_call() {
    let fixture = Fixture::with_account();
    let request = json!({ "email": EMAIL, "password": PASSWORD });
    assert_eq!(cost(&fixture, "/v1/auth/register", request), (1, 1));
}
