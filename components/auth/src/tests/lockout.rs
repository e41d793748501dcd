//! Failed log-ins lock an account, and time unlocks it.

use super::fixture::{EMAIL, Fixture, MINUTE, PASSWORD, SECOND};
use crate::attempt::{Attempt, Target};
use crate::error::Error;
use crate::service_keys::ServiceKeys;
use futures::executor::block_on;
use http::StatusCode;

const WRONG: &str = "wrong horse battery staple";

#[test]
fn five_failures_lock_an_account_even_for_the_right_password() {
    for email in [EMAIL, "unknown@example.com"] {
        let fixture = Fixture::with_account();
        for minute in 0..5 {
            fixture.at(minute * MINUTE);
            assert_eq!(fixture.try_login(email, WRONG).problem(), "401 invalid-credentials");
        }
        fixture.at(4 * MINUTE + 100);
        let response = fixture.try_login(email, PASSWORD);
        assert_eq!(response.problem(), "429 account-locked");
        assert_eq!(response.headers()["retry-after"], "900");
        let audited = fixture.audited();
        assert_eq!(audited.iter().filter(|action| *action == "login.failed").count(), 5);
        assert_eq!(audited.last().unwrap(), "account.locked");
    }
}

#[test]
fn the_lock_ends_after_fifteen_minutes_and_attempts_do_not_prolong_it() {
    let fixture = Fixture::with_account();
    for _ in 0..5 {
        fixture.try_login(EMAIL, WRONG);
    }
    fixture.at(15 * MINUTE - 1);
    let response = fixture.try_login(EMAIL, WRONG);
    assert_eq!(response.problem(), "429 account-locked");
    assert_eq!(response.headers()["retry-after"], "1");
    fixture.at(15 * MINUTE);
    assert_eq!(fixture.try_login(EMAIL, PASSWORD).status(), StatusCode::OK);
}

#[test]
fn a_success_clears_the_failures() {
    let fixture = Fixture::with_account();
    for _ in 0..3 {
        for _ in 0..4 {
            fixture.try_login(EMAIL, WRONG);
        }
        fixture.login();
    }
}

#[test]
fn failures_count_for_an_address_in_any_case_and_for_no_other() {
    let fixture = Fixture::with_account();
    for email in ["ada@example.com", "ADA@example.com", "Ada@Example.com", "ada@EXAMPLE.COM", "aDa@example.com"] {
        fixture.try_login(email, WRONG);
    }
    assert_eq!(fixture.try_login(EMAIL, PASSWORD).problem(), "429 account-locked");
    assert_eq!(fixture.try_login("grace@example.com", WRONG).problem(), "401 invalid-credentials");
}

#[test]
fn failures_count_for_an_unknown_address_in_every_spelling() {
    let fixture = Fixture::with_account();
    for email in [
        "x@bücher.example",
        "X@BÜCHER.example",
        "x@xn--bcher-kva.example",
        "x@bu\u{308}cher.example",
        "x@Xn--Bcher-Kva.example",
    ] {
        assert_eq!(fixture.try_login(email, WRONG).problem(), "401 invalid-credentials");
    }
    assert_eq!(fixture.try_login("x@ｂücher.example", WRONG).problem(), "429 account-locked");
    assert_eq!(fixture.try_login("x@bucher.example", WRONG).problem(), "401 invalid-credentials");
}

#[test]
fn failures_over_more_than_fifteen_minutes_do_not_lock() {
    let fixture = Fixture::with_account();
    for attempt in 0..20 {
        fixture.at(attempt * (4 * MINUTE));
        assert_eq!(fixture.try_login(EMAIL, WRONG).problem(), "401 invalid-credentials", "{attempt}");
    }
    fixture.at(20 * (4 * MINUTE) + SECOND);
    fixture.login();
}

#[test]
fn of_concurrent_guesses_only_those_before_the_lock_are_verified() {
    let fixture = Fixture::with_account();
    let context = fixture.client.context();
    block_on(async {
        let db = context.sql().await.unwrap();
        let keys = ServiceKeys::load(&context).unwrap();
        let mut attempts = Vec::new();
        for _ in 0..8 {
            // All of them begin: none has failed yet.
            attempts.push(Attempt::begin(&context, &db, &keys, Target::UnknownEmail("ada@example.com")).await.unwrap());
        }
        let right = attempts.pop().unwrap();
        for (number, attempt) in attempts.into_iter().enumerate() {
            match attempt.fail(&context, &db, None).await {
                Error::InvalidCredentials => assert!(number < 5),
                Error::Locked { seconds: 900 } => assert!(number >= 5),
                error => panic!("{error}"),
            }
        }
        let transaction = db.transaction().await.unwrap();
        assert!(matches!(right.succeed(&context, &transaction).await, Err(Error::Locked { .. })));
    });
    assert_eq!(fixture.audited().iter().filter(|action| *action == "login.failed").count(), 5);
}
