//! An operation for operators, and for programs with a token in a variable.

use super::{SERVICE, client};
use crate::testing::{TestClient, with_edge_variables};
use http::StatusCode;
use spindle_contracts::Role;
use spindle_platform::Platform;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

fn with_token(token: &str) -> TestClient {
    let platform = with_edge_variables(Platform::native());
    TestClient::new(
        &SERVICE,
        &platform.with_variable("counters_token", token).with_variable("rate_limit_read", "2/60").build(),
    )
}

#[test]
fn a_program_with_the_token_and_an_operator_may_use_it() {
    let client = with_token(TOKEN);
    client.get("/counters").bearer(TOKEN).send().expect(StatusCode::NO_CONTENT);
    client.get("/counters").as_role(Role::Operator).send().expect(StatusCode::NO_CONTENT);
    assert_eq!(client.get("/counters").as_role(Role::Customer).send().problem(), "403 forbidden");
}

#[test]
fn nobody_else_may() {
    let client = with_token(TOKEN);
    assert_eq!(client.get("/counters").send().problem(), "401 unauthorized");
    for other in [&TOKEN[1..], &format!("{TOKEN}0"), &TOKEN.to_uppercase()] {
        let client = with_token(TOKEN);
        let response = client.get("/counters").bearer(other).send();
        assert_eq!(response.problem(), "401 unauthorized", "{other}");
        assert!(response.header("www-authenticate").is_some());
    }
    let response = client.get("/counters").header("authorization", "Bearer ").send();
    assert_eq!(response.problem(), "401 unauthorized");
}

#[test]
fn the_token_is_not_counted_and_others_are() {
    let client = with_token(TOKEN);
    for _ in 0..5 {
        let response = client.get("/counters").bearer(TOKEN).send().expect(StatusCode::NO_CONTENT);
        assert_eq!(response.header("ratelimit"), None);
    }
    let wrong = || client.get("/counters").bearer(&TOKEN[1..]).send().status();
    assert_eq!(
        [wrong(), wrong(), wrong()],
        [StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS]
    );
}

#[test]
fn without_a_token_in_the_variable_only_operators_may() {
    let client = with_token("");
    client.get("/counters").as_role(Role::Operator).send().expect(StatusCode::NO_CONTENT);
    let response = client.get("/counters").header("authorization", "Bearer ").send();
    assert_eq!(response.problem(), "401 unauthorized");
}

#[test]
fn a_token_that_could_be_guessed_is_refused_with_the_reason_in_the_log() {
    for token in [&TOKEN[1..], &TOKEN.repeat(9)] {
        let client = with_token(token);
        assert_eq!(client.get("/counters").bearer(token).send().status(), StatusCode::INTERNAL_SERVER_ERROR);
        let logged = client.platform().logged();
        assert!(logged.iter().any(|line| line.contains("counters_token")), "{logged:?}");
        assert!(!logged.iter().any(|line| line.contains(token)), "the log has the token: {logged:?}");
    }
}

#[test]
fn a_service_token_for_the_operation_is_enough_for_the_services_that_the_route_names() {
    let client = with_token("");
    for _ in 0..5 {
        client.get("/counters").as_service("ticker").send().expect(StatusCode::NO_CONTENT);
    }
    assert_eq!(client.get("/counters").as_service("orders").send().problem(), "401 unauthorized");
}

#[test]
fn an_operation_that_no_variable_opens_fails_without_it() {
    assert_eq!(client().get("/counters").send().status(), StatusCode::INTERNAL_SERVER_ERROR);
}
