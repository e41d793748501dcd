//! Rights that end: the access tokens of before change nothing more, and still read until they expire.

use serde_json::{Value, json};
use spindle_tests::accounts::{PASSWORD, admin, customer, operator, try_log_in};
use spindle_tests::jwt::Jwt;
use spindle_tests::orders::{order_body, place_order, try_place_order, unique_key};
use spindle_tests::problem::expect_problem;
use spindle_tests::products::{Product, create_product, product_body};
use spindle_tests::{Account, Response, target};

/// Places an order as `account`.
fn order(account: &Account, product: &Product) -> Response {
    try_place_order(&account.client, &unique_key(), &order_body(&[(&product.id, 1)], "pm_ok"))
}

fn product() -> Product {
    create_product(&operator().client, &json!({"stock": {"on_hand": 10}}))
}

/// Gives the user of `account` the role `role`.
fn set_role(account: &Account, role: &str) {
    let admin = admin().client;
    let etag = admin.get(&account.path()).expect_status(200).etag();
    admin.patch(&account.path(), &etag, &json!({"role": role})).expect_status(200);
}

/// Sends an operation without a body on the user of `account`, as an admin.
fn set_status(account: &Account, verb: &str) -> Value {
    admin().client.post(&format!("{}/{verb}", account.path()), &json!({})).expect_status(200).json()
}

#[test]
fn a_demoted_operator_sets_no_price_and_refunds_nothing() {
    let demoted = target().accounts().with_role("demoted", "operator");
    let product = product();
    let refund = format!("/v1/payments/{}/refund", "0190a5c0-0000-7000-8000-000000000000");
    let refund = || demoted.client.send("POST", &refund, &[("idempotency-key", &unique_key())], None);
    expect_problem(&refund(), 404, "not-found");
    set_role(&demoted, "customer");
    let price = json!({"price": {"amount": 1, "currency": "EUR"}});
    expect_problem(&demoted.client.patch(&product.path, &product.etag, &price), 403, "forbidden");
    expect_problem(&refund(), 403, "forbidden");
    expect_problem(&demoted.client.post("/v1/products", &product_body(&json!({}))), 403, "forbidden");
    assert_eq!(target().client().get(&product.path).expect_status(200).etag(), product.etag);
    // What only reads goes on until the token expires.
    demoted.client.get("/v1/users?limit=1").expect_status(200);
    place_order(&demoted.client, &product, 1, "pm_ok");
}

#[test]
fn a_promoted_user_may_at_once_change_what_the_new_role_may() {
    let promoted = customer("promoted");
    expect_problem(&promoted.client.post("/v1/products", &product_body(&json!({}))), 403, "forbidden");
    set_role(&promoted, "operator");
    promoted.client.post("/v1/products", &product_body(&json!({}))).expect_status(201);
}

#[test]
fn an_erased_user_places_no_order() {
    let (erased, product) = (customer("erased"), product());
    let etag = erased.client.get("/v1/users/me").expect_status(200).etag();
    erased.client.delete("/v1/users/me", &etag).expect_status(204);
    expect_problem(&order(&erased, &product), 401, "unauthorized");
    let orders = operator().client.get(&format!("/v1/orders?user_id={}", erased.id)).expect_status(200).json();
    assert_eq!(orders["items"], json!([]));
}

#[test]
fn an_ended_session_changes_nothing_more_and_the_others_go_on() {
    let (here, product) = (customer("here"), product());
    let revoked = here.log_in_again();
    let session = Jwt::parse(&revoked.access_token).claims["sid"].as_str().expect("a session").to_owned();
    here.client.send("DELETE", &format!("/v1/auth/sessions/{session}"), &[], None).expect_status(204);
    let logged_out = here.log_in_again();
    let body = json!({"refresh_token": logged_out.refresh_token});
    here.client.anonymous().post("/v1/auth/logout", &body).expect_status(204);
    for ended in [&revoked, &logged_out] {
        let response = order(ended, &product);
        expect_problem(&response, 401, "unauthorized");
        let challenge = response.header("www-authenticate").expect("a challenge");
        assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
        let etag = ended.client.get("/v1/users/me").expect_status(200).etag();
        expect_problem(&ended.client.patch("/v1/users/me", &etag, &json!({"locale": "de"})), 401, "unauthorized");
    }
    order(&here, &product).expect_status(201);
}

#[test]
fn a_changed_password_ends_the_access_tokens_of_the_other_sessions() {
    let (here, product) = (customer("changed"), product());
    let elsewhere = here.log_in_again();
    let change = json!({"current": PASSWORD, "new": "a new password for the tests"});
    here.client.post("/v1/auth/password", &change).expect_status(204);
    expect_problem(&order(&elsewhere, &product), 401, "unauthorized");
    order(&here, &product).expect_status(201);
}

#[test]
fn a_deactivated_user_is_out_until_reactivated() {
    let (user, product) = (customer("deactivated"), product());
    assert_eq!(set_status(&user, "deactivate")["status"], "deactivated");
    assert_eq!(set_status(&user, "deactivate")["status"], "deactivated", "a repetition changes nothing");
    expect_problem(&order(&user, &product), 401, "unauthorized");
    let refresh = json!({"refresh_token": user.refresh_token});
    let refresh = || user.client.anonymous().post("/v1/auth/refresh", &refresh);
    expect_problem(&refresh(), 401, "unauthorized");
    // The right password and a wrong one get the same response.
    for password in [PASSWORD, "a wrong password"] {
        expect_problem(&try_log_in(target().client(), &user.email, password), 401, "invalid-credentials");
    }

    assert_eq!(set_status(&user, "reactivate")["status"], "active");
    expect_problem(&order(&user, &product), 401, "unauthorized");
    expect_problem(&refresh(), 401, "unauthorized");
    order(&user.log_in_again(), &product).expect_status(201);
}

#[test]
fn a_deactivation_is_not_of_oneself_and_obeys_a_precondition() {
    let admin = admin();
    expect_problem(&admin.client.post(&format!("{}/deactivate", admin.path()), &json!({})), 409, "conflict");
    let user = customer("kept");
    let headers = [("if-match", "\"of another time\"")];
    let deactivate = admin.client.send("POST", &format!("{}/deactivate", user.path()), &headers, None);
    expect_problem(&deactivate, 412, "precondition-failed");
    user.client.get("/v1/users/me").expect_status(200);
}
