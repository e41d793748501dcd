//! The first administrator: one, once, whatever fails in between.

use super::shop::{EMAIL, MINUTE, PASSWORD, Shop, body};
use super::users::Fault;
use crate::store;
use futures::executor::block_on;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::UserId;

const ADMIN: &str = "admin@example.com";
const ADMIN_PASSWORD: &str = "an admin's own phrase";

const CREDENTIALS: &str = "SELECT count(*) FROM credentials";
const DONE: &str = "SELECT count(*) FROM bootstrap WHERE done_at IS NOT NULL";

fn shop() -> Shop {
    Shop::open_with(&[("bootstrap_admin_email", ADMIN), ("bootstrap_admin_password", ADMIN_PASSWORD)])
}

fn admins(shop: &Shop) -> usize {
    shop.users.profiles().iter().filter(|profile| profile["role"] == "admin").count()
}

#[test]
fn the_first_log_in_makes_the_administrator_and_may_be_its_own() {
    let shop = shop();
    let response = shop.try_login(ADMIN, ADMIN_PASSWORD);
    assert_eq!(response.status(), StatusCode::OK);
    let id = shop.users.profiles()[0]["id"].clone();
    assert_eq!(body(&response)["user"], json!({ "id": id, "email": ADMIN, "role": "admin" }));
    assert_eq!(shop.audited(), ["admin.bootstrapped", "keys.created", "session.opened"]);
}

#[test]
fn it_happens_once() {
    let shop = shop();
    assert_eq!(shop.register(EMAIL, PASSWORD).status(), StatusCode::CREATED);
    assert_eq!((admins(&shop), shop.count(CREDENTIALS), shop.count(DONE)), (1, 2, 1));
    // Not even when the administrator is gone, or is one no more.
    let id = shop.users.profiles().iter().find(|profile| profile["email"] == ADMIN).unwrap()["id"].clone();
    shop.users.erase(id.as_str().unwrap());
    shop.erase("users", id.as_str().unwrap());
    shop.login();
    assert_eq!((admins(&shop), shop.count(CREDENTIALS)), (0, 1));
}

#[test]
fn without_both_variables_nothing_happens() {
    for variables in [("bootstrap_admin_email", ADMIN), ("bootstrap_admin_password", ADMIN_PASSWORD)] {
        let shop = Shop::open_with(&[variables]);
        shop.register(EMAIL, PASSWORD);
        assert_eq!((admins(&shop), shop.count("SELECT count(*) FROM bootstrap")), (0, 0));
        assert!(!shop.logged("no first administrator"));
    }
}

#[test]
fn a_creation_or_an_answer_that_is_lost_is_made_up_for() {
    for fault in [Fault::LosesCreations, Fault::LosesAnswers] {
        let shop = shop();
        shop.users.fail(fault);
        shop.try_login(EMAIL, PASSWORD);
        assert_eq!((shop.count(CREDENTIALS), shop.count(DONE)), (1, 0), "{fault:?}");
        // The sweep leaves it alone, however long it takes.
        shop.at(60 * MINUTE);
        let context = shop.context();
        let db = block_on(context.sql()).unwrap();
        block_on(crate::registration::sweep(&context, &db)).unwrap();
        assert_eq!(shop.try_login(ADMIN, ADMIN_PASSWORD).status(), StatusCode::OK, "{fault:?}");
        assert_eq!((admins(&shop), shop.count(CREDENTIALS), shop.count(DONE)), (1, 1, 1), "{fault:?}");
    }
}

#[test]
fn an_administrator_with_another_address_by_now_is_the_same_one() {
    let shop = shop();
    shop.users.fail(Fault::LosesAnswers);
    shop.try_login(EMAIL, PASSWORD);
    // Before auth hears of the creation, the administrator changes the address and someone else takes the old one.
    let id = shop.users.profiles()[0]["id"].as_str().unwrap().to_owned();
    shop.users.add(&id, "new@example.com");
    shop.users.set_role(&id, "admin");
    shop.users.add("018bcfe5-6800-7000-8000-000000000009", ADMIN);
    shop.try_login(EMAIL, PASSWORD);
    assert_eq!((admins(&shop), shop.count(CREDENTIALS), shop.count(DONE)), (1, 1, 1));
}

#[test]
fn what_a_person_must_put_right_is_logged_and_leaves_nothing() {
    let taken = shop();
    taken.users.add("018bcfe5-6800-7000-8000-000000000009", ADMIN);
    let raced = shop();
    raced.users.fail(Fault::Race);
    let weak = Shop::open_with(&[("bootstrap_admin_email", ADMIN), ("bootstrap_admin_password", "password1234")]);
    let invalid = Shop::open_with(&[("bootstrap_admin_email", "x"), ("bootstrap_admin_password", ADMIN_PASSWORD)]);
    for (shop, cause) in [
        (taken, "another user has the e-mail address"),
        (raced, "another user has the e-mail address"),
        (weak, "bootstrap_admin_password breaks the rules"),
        (invalid, "bootstrap_admin_email is not an e-mail address"),
    ] {
        shop.try_login(EMAIL, PASSWORD);
        assert!(shop.logged(cause), "{cause}");
        assert_eq!((admins(&shop), shop.count(CREDENTIALS)), (0, 0), "{cause}");
        assert_eq!(shop.count("SELECT count(*) FROM bootstrap"), 0, "{cause}");
        assert!(!shop.logged(ADMIN_PASSWORD) && !shop.logged("password1234"));
    }
}

#[test]
fn users_being_down_stops_nothing_but_the_bootstrap() {
    let shop = shop();
    shop.users.fail(Fault::Down);
    shop.try_login(EMAIL, PASSWORD);
    assert!(shop.logged("no first administrator"));
    shop.users.fail(Fault::None);
    assert_eq!(shop.try_login(ADMIN, ADMIN_PASSWORD).status(), StatusCode::OK);
}

#[test]
fn of_two_that_begin_at_once_one_wins() {
    let shop = shop();
    let db = block_on(shop.context().sql()).unwrap();
    let first = UserId(shop.platform.new_id());
    block_on(store::bootstrap::begin(&db, first)).unwrap();
    assert!(block_on(store::bootstrap::begin(&db, UserId(shop.platform.new_id()))).is_err());
    assert_eq!(block_on(store::bootstrap::progress(&db)).unwrap(), store::bootstrap::Progress::Begun(first));
}
