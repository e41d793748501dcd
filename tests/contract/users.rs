//! Examples of users: their profiles, their erasure, and the operations of admins.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spindle_tests::accounts::{Account, PASSWORD, try_log_in};
use spindle_tests::notifications::{has_status, wait_until};
use spindle_tests::orders::{self, order_body};
use spindle_tests::users::User;
use spindle_tests::{skip, target};

use crate::example::Caller;
use crate::scenario::{Scenario, ids, text};

/// The time limit for an erasure to be done everywhere.
const TIMEOUT: Duration = Duration::from_secs(20);

fn address() -> Value {
    json!({"label": "Home", "name": "Ada Lovelace", "lines": ["1 Main St"], "city": "Berlin", "postal_code": "10115", "country": "DE"})
}

#[test]
fn read_and_change_the_own_profile() {
    let mut scenario = Scenario::new();
    let (account, customer) = scenario.customer();
    let me = scenario.check("getOwnUser/new", &customer.get("/v1/users/me"));
    scenario.check("getOwnUser/unchanged", &customer.get("/v1/users/me").header("if-none-match", &me.etag()));
    let body = json!({"phone": "+4930123456", "locale": "de-DE", "addresses": [address()]});
    let change = || customer.patch("/v1/users/me").json(body.clone());
    scenario.check("changeOwnUser/without-if-match", &change());
    let sent = std::time::SystemTime::now();
    let call = change().if_match(&me.etag());
    let changed = call.send();
    scenario.placeholders.name_id(&text(&changed, "/addresses/0/id"), ids::ADDRESS);
    scenario.check_response("changeOwnUser/changed", &call, &changed, sent);
    scenario.check("changeOwnUser/changed-meanwhile", &change().if_match(&me.etag()));
    let wrong = customer.patch("/v1/users/me").if_match(&changed.etag());
    scenario.check("changeOwnUser/invalid", &wrong.json(json!({"locale": "german", "phone": "030 123456"})));

    let taken = target().accounts().customer("taken");
    scenario.name_email(&taken.email, "grace@example.com");
    let email = || json!({"email": taken.email});
    let take = || customer.patch("/v1/users/me").if_match(&changed.etag()).json(email());
    scenario.check("changeOwnUser/address-taken", &take());
    if let Some(old) = with_old_log_in("changeOwnUser/log-in-too-old", &account) {
        let call = old.patch("/v1/users/me").if_match(&changed.etag()).json(email());
        scenario.check("changeOwnUser/log-in-too-old", &call);
        let call = old.delete("/v1/users/me").if_match(&changed.etag());
        scenario.check("eraseOwnUser/log-in-too-old", &call);
    }
    scenario.check("eraseOwnUser/erased", &customer.delete("/v1/users/me").if_match(&changed.etag()));
}

#[test]
fn export_everything() {
    let mut scenario = Scenario::new();
    let (account, customer) = scenario.customer();
    let email = scenario.email("ada.lovelace@example.com");
    let change = json!({"email": email, "addresses": [address()]});
    customer.client.patch("/v1/users/me", "*", &change).expect_status(200);
    try_log_in(&customer.client, &email, "a wrong password").expect_status(401);
    // The session that was first has ended.
    let customer = Caller { client: Account::log_in(&customer.client, &email, PASSWORD).client, ..customer };
    target().client().post("/v1/auth/logout", &json!({"refresh_token": account.refresh_token})).expect_status(204);

    let product = scenario.product();
    for (token, last) in [("pm_ok", "payment_captured"), ("pm_declined", "cancelled")] {
        let order = scenario.order(&customer, &order_body(&[(&product.id, 1)], token));
        orders::wait_until(&customer.client, &order.path, last, || target().tick());
    }
    for template in ["email-changed", "email-replaced", "order-cancelled", "order-paid", "welcome"] {
        wait_until(&customer.client, &account.id, has_status(template, "sent"), || target().tick());
    }
    // Two of each, since the order of what happened at once differs from run to run.
    let export = customer.get("/v1/users/me/export").edit(|body| {
        for list in body.as_object_mut().expect("an object").values_mut().filter_map(Value::as_array_mut) {
            list.sort_by_key(|item| (item["service"].to_string(), item["template"].to_string()));
            list.truncate(2);
        }
        body["sessions"]
            .as_array_mut()
            .expect("a list")
            .iter_mut()
            .for_each(|session| session["user_agent"] = "Mozilla/5.0".into());
    });
    scenario.check("exportOwnUser/everything", &export);
}

#[test]
fn create_list_read_and_change_users() {
    let mut scenario = Scenario::new();
    let (admin, operator) = (scenario.admin(), scenario.operator());
    let (_, stranger) = scenario.customer();
    let email = scenario.email("grace@example.com");
    let body = json!({"email": email, "display_name": "Grace Hopper", "phone": "+12025550123", "role": "operator"});
    let create = admin.post("/v1/users").json(body.clone());
    let sent = std::time::SystemTime::now();
    let created = create.send();
    let user = User::from_response(&created);
    scenario.placeholders.name_id(&user.id, ids::OPERATOR);
    scenario.check_response("createUser/created", &create, &created, sent);
    scenario.check("createUser/address-taken", &admin.post("/v1/users").json(body));
    scenario.check("createUser/forbidden", &operator.post("/v1/users").json(json!({"email": "x@example.com"})));

    scenario.check("listUsers/by-address", &operator.get(format!("/v1/users?email={}", email.replace('@', "%40"))));
    scenario.check("getUser/found", &operator.get(&user.path));
    scenario.check("getUser/not-found", &stranger.get(&user.path));
    let change = |body: Value| admin.patch(&user.path).if_match("*").json(body);
    scenario.check("changeUser/role", &change(json!({"role": "customer"})));
    let taken = target().accounts().customer("taken");
    scenario.name_email(&taken.email, "ada@example.com");
    scenario.check("changeUser/address-taken", &change(json!({"email": taken.email})));
    if let Some(old) = with_old_log_in("changeUser/log-in-too-old", &target().accounts().admin()) {
        let old = Caller { role: "admin", ..old };
        let body = json!({"email": taken.email});
        scenario.check("changeUser/log-in-too-old", &old.patch(&user.path).if_match("*").json(body));
    }

    scenario.check("inviteUser/invited", &admin.post(format!("{}/invitation", user.path)));
    scenario.check("inviteUser/has-password", &admin.post(format!("{}/invitation", taken.path())));
    scenario.check("deactivateUser/deactivated", &admin.post(format!("{}/deactivate", user.path)));
    scenario.check("reactivateUser/reactivated", &admin.post(format!("{}/reactivate", user.path)));
    let own = target().accounts().admin().path();
    scenario.check("deactivateUser/own-account", &admin.post(format!("{own}/deactivate")));
}

#[test]
fn erase_a_user() {
    let mut scenario = Scenario::new();
    let (admin, operator) = (scenario.admin(), scenario.operator());
    let account = target().accounts().customer("erased");
    scenario.placeholders.name_id(&account.id, ids::CUSTOMER);
    let erase = || operator.delete(account.path()).if_match("*");
    let own = Caller { role: "customer", client: account.client.clone() };
    if let Some(old) = with_old_log_in("eraseUser/log-in-too-old", &account) {
        scenario.check("eraseUser/log-in-too-old", &old.delete(account.path()).if_match("*"));
    }
    scenario.check("eraseUser/without-if-match", &own.delete(account.path()));
    scenario.check("eraseUser/erased", &erase());
    let path = format!("{}/erasure", account.path());
    let start = Instant::now();
    while admin.client.get(&path).expect_status(200).json()["state"] != "done" {
        assert!(start.elapsed() < TIMEOUT, "the erasure is not done");
        target().tick();
    }
    scenario.check("getErasure/done", &operator.get(&path));
    let unknown = spindle_tests::users::create_user(&admin.client, "kept");
    scenario.placeholders.name_id(&unknown.id, ids::CUSTOMER);
    scenario.check("getErasure/not-requested", &operator.get(format!("{}/erasure", unknown.path)));
}

/// Returns `account` with a log-in that is not recent.
fn with_old_log_in(example: &str, account: &Account) -> Option<Caller> {
    let client = target().with_old_log_in(account);
    if client.is_none() {
        skip(example, "an instance whose signing key it knows");
    }
    client.map(|client| Caller { role: "customer", client })
}
