//! The bootstrap creates one administrator, once, with any failure in between.

use super::fake_users::Fault;
use super::fixture::{EMAIL, Fixture, MINUTE, PASSWORD};
use crate::store;
use futures::executor::block_on;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::UserId;

const ADMIN: &str = "admin@example.com";
const ADMIN_PASSWORD: &str = "an admin's own phrase";

const CREDENTIALS: &str = "SELECT count(*) FROM credentials";
const COMPLETED: &str = "SELECT count(*) FROM bootstrap WHERE done_at IS NOT NULL";

fn fixture() -> Fixture {
    Fixture::open_with(&[("bootstrap_admin_email", ADMIN), ("bootstrap_admin_password", ADMIN_PASSWORD)])
}

fn admins(fixture: &Fixture) -> usize {
    fixture.users.profiles().iter().filter(|profile| profile["role"] == "admin").count()
}

#[test]
fn the_first_log_in_creates_the_administrator_and_may_be_that_of_the_administrator() {
    let fixture = fixture();
    let response = fixture.try_login(ADMIN, ADMIN_PASSWORD);
    assert_eq!(response.status(), StatusCode::OK);
    let id = fixture.users.profiles()[0]["id"].clone();
    assert_eq!(response.json()["user"], json!({ "id": id, "email": ADMIN, "role": "admin" }));
    assert_eq!(fixture.audited(), ["admin.bootstrapped", "keys.created", "session.opened"]);
}

#[test]
fn the_bootstrap_runs_once() {
    let fixture = fixture();
    assert_eq!(fixture.register(EMAIL, PASSWORD).status(), StatusCode::CREATED);
    assert_eq!((admins(&fixture), fixture.count(CREDENTIALS), fixture.count(COMPLETED)), (1, 2, 1));
    // Also after the administrator has been erased.
    let id = fixture.users.profiles().iter().find(|profile| profile["email"] == ADMIN).unwrap()["id"].clone();
    fixture.users.erase(id.as_str().unwrap());
    fixture.erase("users", id.as_str().unwrap());
    fixture.login();
    assert_eq!((admins(&fixture), fixture.count(CREDENTIALS)), (0, 1));
}

#[test]
fn without_both_variables_no_administrator_is_created() {
    for variables in [("bootstrap_admin_email", ADMIN), ("bootstrap_admin_password", ADMIN_PASSWORD)] {
        let fixture = Fixture::open_with(&[variables]);
        fixture.register(EMAIL, PASSWORD);
        assert_eq!((admins(&fixture), fixture.count("SELECT count(*) FROM bootstrap")), (0, 0));
        assert!(!fixture.logged("the first administrator was not created"));
    }
}

#[test]
fn a_lost_creation_or_response_is_repeated() {
    for fault in [Fault::RequestLost, Fault::ResponseLost] {
        let fixture = fixture();
        fixture.users.fail(fault);
        // Not 401: the password is right.
        let response = fixture.try_login(ADMIN, ADMIN_PASSWORD);
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "{fault:?}");
        assert_eq!((fixture.count(CREDENTIALS), fixture.count(COMPLETED)), (1, 0), "{fault:?}");
        // The housekeeping for abandoned registrations does not delete the credentials, however old they are.
        fixture.at(60 * MINUTE);
        let context = fixture.client.context();
        let db = block_on(context.sql()).unwrap();
        block_on(crate::registration::finish_abandoned(&context, &db)).unwrap();
        assert_eq!(fixture.try_login(ADMIN, ADMIN_PASSWORD).status(), StatusCode::OK, "{fault:?}");
        assert_eq!((admins(&fixture), fixture.count(CREDENTIALS), fixture.count(COMPLETED)), (1, 1, 1), "{fault:?}");
    }
}

#[test]
fn an_administrator_whose_address_has_changed_is_not_created_twice() {
    let fixture = fixture();
    fixture.users.fail(Fault::ResponseLost);
    fixture.try_login(EMAIL, PASSWORD);
    // Before auth repeats the creation, the administrator changes the address and another user takes the old one.
    let id = fixture.users.profiles()[0]["id"].as_str().unwrap().to_owned();
    fixture.users.add(&id, "new@example.com");
    fixture.users.set_role(&id, "admin");
    fixture.users.add("018bcfe5-6800-7000-8000-000000000009", ADMIN);
    fixture.try_login(EMAIL, PASSWORD);
    assert_eq!((admins(&fixture), fixture.count(CREDENTIALS), fixture.count(COMPLETED)), (1, 1, 1));
}

#[test]
fn an_invalid_variable_is_logged_and_nothing_is_left() {
    let taken = fixture();
    taken.users.add("018bcfe5-6800-7000-8000-000000000009", ADMIN);
    let raced = fixture();
    raced.users.fail(Fault::EmailTakenMeanwhile);
    let weak = Fixture::open_with(&[("bootstrap_admin_email", ADMIN), ("bootstrap_admin_password", "password1234")]);
    let invalid = Fixture::open_with(&[("bootstrap_admin_email", "x"), ("bootstrap_admin_password", ADMIN_PASSWORD)]);
    for (fixture, cause) in [
        (taken, "another user has the e-mail address"),
        (raced, "another user has the e-mail address"),
        (weak, "bootstrap_admin_password breaks the rules"),
        (invalid, "bootstrap_admin_email is not an e-mail address"),
    ] {
        fixture.try_login(EMAIL, PASSWORD);
        assert!(fixture.logged(cause), "{cause}");
        assert_eq!((admins(&fixture), fixture.count(CREDENTIALS)), (0, 0), "{cause}");
        assert_eq!(fixture.count("SELECT count(*) FROM bootstrap"), 0, "{cause}");
        assert!(!fixture.logged(ADMIN_PASSWORD) && !fixture.logged("password1234"));
    }
}

#[test]
fn the_bootstrap_waits_while_users_is_unavailable() {
    let fixture = fixture();
    fixture.users.fail(Fault::Unavailable);
    fixture.try_login(EMAIL, PASSWORD);
    assert!(fixture.logged("the first administrator was not created"));
    fixture.users.fail(Fault::None);
    assert_eq!(fixture.try_login(ADMIN, ADMIN_PASSWORD).status(), StatusCode::OK);
}

#[test]
fn of_two_concurrent_bootstraps_one_starts() {
    let fixture = fixture();
    let db = block_on(fixture.client.context().sql()).unwrap();
    let first = UserId(fixture.client.platform().new_id());
    block_on(store::bootstrap::start(&db, first)).unwrap();
    assert!(block_on(store::bootstrap::start(&db, UserId(fixture.client.platform().new_id()))).is_err());
    assert_eq!(block_on(store::bootstrap::progress(&db)).unwrap(), store::bootstrap::Progress::Started(first));
}
