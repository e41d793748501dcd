//! Refresh tokens: one use each, a grace period, and the revocation of the family on reuse.

use super::fake_users::Fault;
use super::fixture::{DAY, EMAIL, Fixture, PASSWORD, SECOND};
use http::StatusCode;
use serde_json::json;

const WITH_SUCCESSOR: &str = "SELECT count(*) FROM refresh_tokens WHERE sealed_successor IS NOT NULL";

#[test]
fn a_token_is_rotated_at_each_use() {
    let fixture = Fixture::with_account();
    let mut tokens = vec![fixture.login().refresh];
    for round in 1..5 {
        fixture.at(round * DAY);
        let response = fixture.try_refresh(tokens.last().unwrap());
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.json()["user"]["email"], EMAIL);
        tokens.push(response.json()["refresh_token"].as_str().unwrap().to_owned());
    }
    tokens.sort_unstable();
    tokens.dedup();
    assert_eq!(tokens.len(), 5);
}

#[test]
fn within_five_seconds_a_rotated_token_returns_the_same_successor() {
    let fixture = Fixture::with_account();
    let first = fixture.login();
    let second = fixture.refresh(&first.refresh);
    fixture.at(5 * SECOND - 1);
    let again = fixture.refresh(&first.refresh);
    assert_eq!(again.refresh, second.refresh);
    assert_ne!(again.access, second.access);
    // The successor is valid, and may itself have been used by then.
    let third = fixture.refresh(&second.refresh);
    assert_eq!(fixture.refresh(&first.refresh).refresh, second.refresh);
    assert_eq!(fixture.refresh(&second.refresh).refresh, third.refresh);
}

#[test]
fn the_grace_period_holds_on_replicas_whose_clocks_differ() {
    let fixture = Fixture::with_account();
    let (behind, ahead) = (fixture.replica(-30 * SECOND), fixture.replica(30 * SECOND));
    let first = fixture.login();
    let second = ahead.refresh(&first.refresh);
    // The response is lost, and the client repeats the request at another instance.
    assert_eq!(behind.refresh(&first.refresh).refresh, second.refresh);
    let third = behind.refresh(&second.refresh);
    assert_eq!(ahead.refresh(&second.refresh).refresh, third.refresh);
    fixture.at(5 * SECOND);
    assert_eq!(behind.try_refresh(&second.refresh).problem(), "401 unauthorized", "it is no longer than it was");
}

#[test]
fn reuse_after_the_grace_period_revokes_the_family() {
    let fixture = Fixture::with_account();
    let (first, other) = (fixture.login(), fixture.login());
    let second = fixture.refresh(&first.refresh);
    fixture.at(5 * SECOND);
    assert_eq!(fixture.try_refresh(&first.refresh).problem(), "401 unauthorized");
    assert_eq!(fixture.try_refresh(&second.refresh).problem(), "401 unauthorized");
    assert_eq!(fixture.audited().last().unwrap(), "refresh.reused");
    // A repeated request revokes and records nothing more.
    let audited = fixture.audited().len();
    assert_eq!(fixture.try_refresh(&first.refresh).problem(), "401 unauthorized");
    assert_eq!(fixture.audited().len(), audited);
    fixture.refresh(&other.refresh);
}

#[test]
fn reuse_revokes_the_family_even_while_users_is_unavailable() {
    let fixture = Fixture::with_account();
    let first = fixture.login();
    let second = fixture.refresh(&first.refresh);
    fixture.at(5 * SECOND);
    fixture.users.fail(Fault::Unavailable);
    assert_eq!(fixture.try_refresh(&first.refresh).problem(), "401 unauthorized");
    fixture.users.fail(Fault::None);
    assert_eq!(fixture.try_refresh(&second.refresh).problem(), "401 unauthorized");
}

#[test]
fn while_users_is_unavailable_a_token_is_not_rotated() {
    let fixture = Fixture::with_account();
    let first = fixture.login();
    fixture.users.fail(Fault::Unavailable);
    assert_eq!(fixture.try_refresh(&first.refresh).problem(), "503 unavailable");
    fixture.users.fail(Fault::None);
    fixture.at(DAY);
    fixture.refresh(&first.refresh);
}

#[test]
fn a_session_ends_after_a_week_without_use() {
    let fixture = Fixture::with_account();
    let first = fixture.login();
    fixture.at(7 * DAY - 1);
    let second = fixture.refresh(&first.refresh);
    fixture.at(14 * DAY - 1);
    assert_eq!(fixture.try_refresh(&second.refresh).problem(), "401 unauthorized");
}

#[test]
fn a_session_ends_after_thirty_days_of_use() {
    let fixture = Fixture::with_account();
    let mut token = fixture.login().refresh;
    for day in [6, 12, 18, 24, 29] {
        fixture.at(day * DAY);
        token = fixture.refresh(&token).refresh;
    }
    fixture.at(30 * DAY - 1);
    token = fixture.refresh(&token).refresh;
    fixture.at(30 * DAY);
    assert_eq!(fixture.try_refresh(&token).problem(), "401 unauthorized");
}

#[test]
fn a_new_role_counts_from_the_next_refresh_and_an_erased_user_gets_no_tokens() {
    let fixture = Fixture::with_account();
    let first = fixture.login();
    let id = fixture.users.profiles()[0]["id"].as_str().unwrap().to_owned();
    fixture.users.set_role(&id, "admin");
    let rotate = |token: &str| fixture.client.post("/v1/admin/auth/keys/rotate").bearer(token).send().status();
    assert_eq!(rotate(&first.access), StatusCode::FORBIDDEN);
    let second = fixture.refresh(&first.refresh);
    assert_eq!(rotate(&second.access), StatusCode::OK);
    fixture.users.erase(&id);
    assert_eq!(fixture.try_refresh(&second.refresh).problem(), "401 unauthorized");
}

#[test]
fn a_successor_is_cleared_after_the_grace_period() {
    let fixture = Fixture::with_account();
    let first = fixture.login();
    let second = fixture.refresh(&first.refresh);
    assert_eq!(fixture.count(WITH_SUCCESSOR), 1);
    fixture.at(5 * SECOND);
    fixture.refresh(&second.refresh);
    assert_eq!(fixture.count(WITH_SUCCESSOR), 1);
    assert_eq!(fixture.count("SELECT count(*) FROM refresh_tokens"), 3);
}

#[test]
fn an_unknown_token_is_refused() {
    let fixture = Fixture::with_account();
    let token = fixture.login().refresh;
    for other in ["", "x", &token[1..], &token.to_lowercase(), &"A".repeat(43), PASSWORD] {
        assert_eq!(fixture.try_refresh(other).problem(), "401 unauthorized", "{other}");
    }
    let response = fixture.client.post("/v1/auth/refresh").json(&json!({ "refresh_token": 5 })).send();
    assert_eq!(response.problem(), "422 validation-failed");
}
