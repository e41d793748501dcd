//! The budgets of accounts.

use std::cell::RefCell;

use serde_json::{Value, json};
use spindle_tests::accounts::{PASSWORD, register, try_log_in};
use spindle_tests::notifications::{has_status, list};

use crate::fixture::Fixture;
use crate::table::check;

#[test]
fn accounts() {
    measure(&Fixture::new());
}

/// Checks the budgets on this instance.
pub(crate) fn measure(fixture: &Fixture) {
    let (client, admin) = (fixture.client(), fixture.instance.admin().client);
    let ada = fixture.instance.accounts().customer("ada");
    fixture.settle();
    let registered = RefCell::new(Value::Null);
    let registration = fixture.work(|| *registered.borrow_mut() = register(&client, "grace"));
    let registered = registered.into_inner();
    let id = registered["id"].as_str().expect("a user has an id");
    assert!(list(&admin, id).iter().any(has_status("welcome", "sent")), "the registration was not completed");
    fixture.settle();
    let log_in = fixture.work(|| drop(try_log_in(&client, &ada.email, PASSWORD).expect_status(200)));
    let token = RefCell::new(ada.refresh_token.clone());
    let refresh = fixture.work(|| {
        let body = json!({"refresh_token": *token.borrow()});
        let refreshed = client.post("/v1/auth/refresh", &body).expect_status(200).json();
        *token.borrow_mut() = refreshed["refresh_token"].as_str().expect("a token").to_owned();
    });
    let read = fixture.work(|| drop(ada.client.get(&ada.path()).expect_status(200)));
    let [welcome] = &registration.runs("notifications", "POST /internal/notifications/events")[..] else {
        panic!("a registration publishes one event to notifications");
    };
    check(&[
        ("registration, until the user is notified", &registration),
        ("event UserRegistered at notifications", welcome),
        ("log-in", &log_in),
        ("log-in, until the response", &log_in.until_response("auth", "POST /v1/auth/login")),
        ("refresh", &refresh),
        ("read of one user", &read),
    ]);
}
