//! Examples of registration, log-in, tokens, sessions, invitations and keys.

use serde_json::{Value, json};
use spindle_tests::accounts::PASSWORD;
use spindle_tests::users::User;
use spindle_tests::{skip, target};

use crate::scenario::{Scenario, ids, text};

/// The number of failed log-ins that locks an account.
const LOCKING: usize = 5;

#[test]
fn register_and_log_in() {
    let mut scenario = Scenario::new();
    let anyone = scenario.anyone();
    let email = scenario.email("ada@example.com");
    let body = json!({"email": email, "password": PASSWORD, "display_name": "Ada Lovelace"});
    let register = anyone.post("/v1/auth/register").json(body.clone());
    // The id is only known when the response is there.
    let sent = std::time::SystemTime::now();
    let registered = register.send();
    scenario.placeholders.name_id(&text(&registered, "/id"), ids::CUSTOMER);
    scenario.check_response("register/registered", &register, &registered, sent);
    scenario.check("register/taken", &anyone.post("/v1/auth/register").json(body));
    let weak = json!({"email": "ada", "password": "short"});
    scenario.check("register/invalid", &anyone.post("/v1/auth/register").json(weak));

    let credentials = |password: &str| json!({"email": email, "password": password});
    let log_in = |password: &str| anyone.post("/v1/auth/login").json(credentials(password));
    let tokens = scenario.check("logIn/logged-in", &log_in(PASSWORD));
    let refresh = |token: &str| anyone.post("/v1/auth/refresh").json(json!({"refresh_token": token}));
    scenario.check("refreshTokens/refreshed", &refresh(&text(&tokens, "/refresh_token")));
    scenario.check("refreshTokens/unknown", &refresh("a-refresh-token-that-is-not-known"));
    let log_out = anyone.post("/v1/auth/logout").json(json!({"refresh_token": text(&tokens, "/refresh_token")}));
    scenario.check("logOut/logged-out", &log_out);

    scenario.check("logIn/wrong-password", &log_in("a wrong password"));
    for _ in 1..LOCKING {
        log_in("a wrong password").send().expect_status(401);
    }
    scenario.check("logIn/locked", &log_in(PASSWORD));
}

#[test]
fn change_the_password() {
    let mut scenario = Scenario::new();
    let (_, customer) = scenario.customer();
    let change = |current: &str| {
        let body = json!({"current": current, "new": "another horse, another battery"});
        customer.post("/v1/auth/password").json(body)
    };
    scenario.check("changePassword/wrong-password", &change("a wrong password"));
    scenario.check("changePassword/changed", &change(PASSWORD));
    for _ in 0..LOCKING {
        change("a wrong password").send();
    }
    scenario.check("changePassword/locked", &change("another horse, another battery"));
}

#[test]
fn accept_an_invitation() {
    let mut scenario = Scenario::new();
    let (admin, anyone) = (scenario.admin(), scenario.anyone());
    let email = scenario.email("grace@example.com");
    let created = admin.client.post("/v1/users", &json!({"email": email})).expect_status(201);
    let user = User::from_response(&created);
    scenario.placeholders.name_id(&user.id, ids::CUSTOMER);
    let token = user.invitation.expect("a new user has an invitation");
    let accept = || anyone.post("/v1/auth/invitations/accept").json(json!({"token": token, "password": PASSWORD}));
    scenario.check("acceptInvitation/accepted", &accept());
    scenario.check("acceptInvitation/used", &accept());
}

#[test]
fn list_and_end_sessions() {
    let mut scenario = Scenario::new();
    let (account, customer) = scenario.customer();
    let second = account.log_in_again();
    let list = customer.get("/v1/auth/sessions").edit(|body| {
        for session in body["items"].as_array_mut().expect("items") {
            session["user_agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".into();
        }
    });
    let listed = scenario.check("listSessions/two", &list);
    let sessions = listed.json();
    let other = sessions["items"].as_array().expect("items").iter().find(|session| session["current"] == false);
    let other = other.and_then(|session| session["id"].as_str()).expect("another session").to_owned();
    scenario.placeholders.name_id(&other, ids::SESSION);
    let end = || customer.delete(format!("/v1/auth/sessions/{other}"));
    scenario.check("endSession/ended", &end());
    scenario.check("endSession/unknown", &end());
    drop(second);

    if let Some(client) = target().with_old_log_in(&account) {
        let old = crate::example::Caller { role: "customer", client };
        scenario.check("endSessions/log-in-too-old", &old.delete("/v1/auth/sessions"));
    } else {
        skip("endSessions/log-in-too-old", "an instance whose signing key it knows");
    }
    scenario.check("endSessions/ended", &customer.delete("/v1/auth/sessions"));
}

#[test]
fn read_and_rotate_the_keys() {
    let mut scenario = Scenario::new();
    let (admin, anyone) = (scenario.admin(), scenario.anyone());
    scenario.check("rotateKey/rotated", &admin.post("/v1/admin/auth/keys/rotate"));
    // The current key, and one that verifies what it has signed.
    let two = |body: &mut Value| {
        let keys = body["keys"].as_array_mut().expect("keys");
        keys.sort_by_key(|key| !key["exp"].is_null());
        keys.truncate(2);
    };
    scenario.check("getKeySet/after-a-rotation", &anyone.get("/.well-known/jwks.json").edit(two));
}
