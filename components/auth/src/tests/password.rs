//! Change of the password.

use super::fake_users::Fault;
use super::fixture::{EMAIL, Fixture, PASSWORD, TokenPair};
use http::StatusCode;
use serde_json::json;
use spindle_edge::testing::TestResponse;

const NEW: &str = "another phrase altogether";

fn change(fixture: &Fixture, token: &str, current: &str, new: &str) -> TestResponse {
    fixture.client.post("/v1/auth/password").bearer(token).json(&json!({ "current": current, "new": new })).send()
}

#[test]
fn a_new_password_ends_the_other_sessions_and_keeps_this_one() {
    let fixture = Fixture::with_account();
    let (current, other) = (fixture.login(), fixture.login());
    assert_eq!(change(&fixture, &current.access, PASSWORD, NEW).status(), StatusCode::NO_CONTENT);
    assert_eq!(fixture.audited().last().unwrap(), "password.changed");
    assert_eq!(fixture.try_refresh(&other.refresh).problem(), "401 unauthorized");
    fixture.refresh(&current.refresh);
    assert_eq!(fixture.try_login(EMAIL, PASSWORD).problem(), "401 invalid-credentials");
    assert_eq!(fixture.try_login(EMAIL, NEW).status(), StatusCode::OK);
}

#[test]
fn a_weak_new_password_is_refused_with_its_pointer() {
    let fixture = Fixture::with_account();
    let current = fixture.login();
    let response = change(&fixture, &current.access, PASSWORD, "short");
    assert_eq!(response.problem(), "422 validation-failed");
    assert_eq!(response.json()["errors"][0]["pointer"], "/new");
}

#[test]
fn the_current_and_the_new_password_may_be_typed_composed_or_decomposed() {
    let fixture = Fixture::open();
    fixture.register(EMAIL, "crème brûlée").expect(StatusCode::CREATED);
    let current = TokenPair::from(fixture.try_login(EMAIL, "crème brûlée"));
    let changed = change(&fixture, &current.access, "cre\u{300}me bru\u{302}le\u{301}e", "piña colada\u{3000}fría");
    assert_eq!(changed.status(), StatusCode::NO_CONTENT);
    fixture.try_login(EMAIL, "pin\u{303}a colada fri\u{301}a").expect(StatusCode::OK);
    let refused = change(&fixture, &current.access, "piña colada fría", "a new \u{202e}password");
    assert_eq!(
        (refused.problem().as_str(), refused.error_pointers()),
        ("422 validation-failed", vec!["/new".to_owned()])
    );
}

#[test]
fn wrong_guesses_lock_the_account_as_at_a_log_in() {
    let fixture = Fixture::with_account();
    let current = fixture.login();
    fixture.try_login(EMAIL, NEW);
    fixture.try_login(EMAIL, NEW);
    for _ in 0..3 {
        assert_eq!(change(&fixture, &current.access, "wrong", NEW).problem(), "401 invalid-credentials");
    }
    assert_eq!(change(&fixture, &current.access, PASSWORD, NEW).problem(), "429 account-locked");
    assert_eq!(fixture.try_login(EMAIL, PASSWORD).problem(), "429 account-locked");
    assert_eq!(fixture.audited().last().unwrap(), "account.locked");
}

#[test]
fn a_password_can_be_changed_while_users_is_unavailable() {
    let fixture = Fixture::with_account();
    let current = fixture.login();
    fixture.users.fail(Fault::Unavailable);
    assert_eq!(change(&fixture, &current.access, PASSWORD, NEW).status(), 204);
}

#[test]
fn each_changed_password_is_published_once_for_its_owner_to_be_notified() {
    let fixture = Fixture::with_account();
    let current = fixture.login();
    let published = || -> Vec<(String, String)> {
        fixture
            .client
            .rows("SELECT type, data ->> 'user_id' FROM outbox WHERE subject = data ->> 'user_id' ORDER BY seq")
    };
    change(&fixture, &current.access, "wrong", NEW);
    change(&fixture, &current.access, PASSWORD, "short");
    assert_eq!(published(), []);
    assert_eq!(change(&fixture, &current.access, PASSWORD, NEW).status(), StatusCode::NO_CONTENT);
    let user = fixture.users.profiles()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(published(), [("PasswordChanged".to_owned(), user)]);

    let page = fixture.client.get("/internal/auth/events?after=0").as_service("notifications").send().json();
    assert_eq!((page["events"][0]["type"].clone(), page["next"].clone()), (json!("PasswordChanged"), json!(1)));
    let tick = || fixture.client.post("/internal/auth/tick").as_service("gateway").send().json();
    fixture.at(3_600_000);
    assert_eq!(tick(), json!({ "pruned": 0 }));
    fixture.at(3_600_001);
    assert_eq!((tick(), published()), (json!({ "pruned": 1 }), vec![]));
}
