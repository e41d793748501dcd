//! Registration creates a whole account or none, with any failure in between.

use super::fake_users::Fault;
use super::fixture::{DAY, EMAIL, Fixture, MINUTE, PASSWORD};
use http::StatusCode;
use serde_json::json;

const CREDENTIALS: &str = "SELECT count(*) FROM credentials";
const UNCONFIRMED: &str = "SELECT count(*) FROM credentials WHERE confirmed_at IS NULL";

#[test]
fn the_response_is_the_profile_of_users() {
    let fixture = Fixture::open();
    let request = json!({ "email": EMAIL, "password": PASSWORD, "display_name": "Ada" });
    let response = fixture.client.post("/v1/auth/register").json(&request).send();
    assert_eq!(response.status(), StatusCode::CREATED);
    let id = fixture.users.profiles()[0]["id"].as_str().unwrap().to_owned();
    let expected = json!({
        "id": id,
        "email": EMAIL,
        "display_name": "Ada",
        "role": "customer",
        "created_at": "2023-11-14T22:13:20.000Z",
    });
    assert_eq!(response.json(), expected);
    assert_eq!(response.headers()["location"], format!("/v1/users/{id}"));
    assert_eq!((fixture.count(CREDENTIALS), fixture.count(UNCONFIRMED)), (1, 0));
    assert_eq!(fixture.audited(), ["account.registered"]);
}

#[test]
fn a_weak_password_and_an_unknown_field_are_refused_with_their_pointers() {
    let fixture = Fixture::open();
    for (request, pointer) in [
        (json!({ "email": EMAIL, "password": "short" }), "/password"),
        (json!({ "email": EMAIL, "password": "Password1234" }), "/password"),
        (json!({ "email": EMAIL, "password": 123_456_789_012_i64 }), "/password"),
        (json!({ "email": EMAIL }), "/password"),
        (json!({ "email": EMAIL, "password": PASSWORD, "role": "admin" }), "/role"),
        (json!({ "email": "x@under_score.example", "password": PASSWORD }), "/email"),
    ] {
        let response = fixture.client.post("/v1/auth/register").json(&request).send();
        assert_eq!(response.problem(), "422 validation-failed", "{request}");
        assert_eq!(response.json()["errors"][0]["pointer"], pointer, "{request}");
        assert!(!String::from_utf8_lossy(response.body()).contains("123456789012"));
    }
    assert_eq!(fixture.count(CREDENTIALS), 0);
}

#[test]
fn a_response_lists_every_broken_rule() {
    let fixture = Fixture::open();
    let request = json!({ "email": "ada", "password": "short", "display_name": "", "role": "admin" });
    let response = fixture.client.post("/v1/auth/register").json(&request).send();
    assert_eq!(response.problem(), "422 validation-failed");
    let errors = json!([
        { "pointer": "/display_name", "detail": "must have 1 to 100 printable characters" },
        { "pointer": "/email", "detail": "is not an e-mail address" },
        { "pointer": "/password", "detail": "must have at least 12 characters" },
        { "pointer": "/role", "detail": "is not a known field; the known fields are: email, password, display_name" },
    ]);
    assert_eq!(response.json()["errors"], errors);
    // Nor does a missing member keep the others from the list.
    let request = json!({ "email": "ada", "display_name": "" });
    let pointers = fixture.client.post("/v1/auth/register").json(&request).send().error_pointers();
    assert_eq!(pointers, ["/display_name", "/email", "/password"]);
    assert_eq!(fixture.users.take_calls(), [""; 0], "users is not asked for what a rule refuses");
    assert_eq!((fixture.count(CREDENTIALS), fixture.audited().len()), (0, 0));
}

#[test]
fn a_weak_password_is_reported_before_a_taken_address() {
    let fixture = Fixture::with_account();
    let response = fixture.register(EMAIL, "short");
    assert_eq!(response.problem(), "422 validation-failed");
    assert_eq!(response.json()["errors"][0]["pointer"], "/password");
}

#[test]
fn a_profile_that_users_rejects_after_its_check_leaves_no_credentials() {
    let fixture = Fixture::open();
    fixture.users.fail(Fault::RejectsCreation);
    let response = fixture.register(EMAIL, PASSWORD);
    assert_eq!(response.problem(), "422 validation-failed");
    assert_eq!(response.json()["errors"], json!([{ "pointer": "/email", "detail": "is not an e-mail address" }]));
    assert_eq!(fixture.count(CREDENTIALS), 0);
    assert_eq!(fixture.audited(), ["account.registered", "account.withdrawn"]);
}

#[test]
fn a_taken_address_is_a_conflict_before_anything_is_written() {
    let fixture = Fixture::with_account();
    let response = fixture.register("ADA@example.com", PASSWORD);
    assert_eq!(response.problem(), "409 conflict");
    assert_eq!(
        response.json()["errors"],
        json!([{ "pointer": "/email", "detail": "Another user has this e-mail address." }])
    );
    assert_eq!((fixture.count(CREDENTIALS), fixture.audited().len()), (1, 1));
}

#[test]
fn an_address_that_is_taken_meanwhile_leaves_no_credentials() {
    let fixture = Fixture::open();
    fixture.users.fail(Fault::EmailTakenMeanwhile);
    assert_eq!(fixture.register(EMAIL, PASSWORD).problem(), "409 conflict");
    assert_eq!(fixture.count(CREDENTIALS), 0);
}

#[test]
fn while_users_is_unavailable_nothing_is_written() {
    let fixture = Fixture::open();
    fixture.users.fail(Fault::Unavailable);
    let response = fixture.register(EMAIL, PASSWORD);
    assert_eq!(response.problem(), "503 unavailable");
    assert_eq!(response.headers()["retry-after"], "2");
    assert_eq!(fixture.count(CREDENTIALS), 0);
}

#[test]
fn a_lost_response_leaves_a_whole_account() {
    let fixture = Fixture::open();
    fixture.users.fail(Fault::ResponseLost);
    assert_eq!(fixture.register(EMAIL, PASSWORD).problem(), "503 unavailable");
    assert_eq!((fixture.count(CREDENTIALS), fixture.count(UNCONFIRMED)), (1, 1));
    fixture.login();

    fixture.at(10 * MINUTE);
    assert_eq!(fixture.register("grace@example.com", PASSWORD).status(), StatusCode::CREATED);
    assert_eq!((fixture.count(CREDENTIALS), fixture.count(UNCONFIRMED)), (2, 0));
}

#[test]
fn a_lost_creation_leaves_unusable_credentials_that_are_deleted_later() {
    let fixture = Fixture::open();
    fixture.users.fail(Fault::RequestLost);
    assert_eq!(fixture.register(EMAIL, PASSWORD).problem(), "503 unavailable");
    assert_eq!(fixture.try_login(EMAIL, PASSWORD).problem(), "401 invalid-credentials");
    // The same person tries again and gets an account.
    assert_eq!(fixture.register(EMAIL, PASSWORD).status(), StatusCode::CREATED);
    fixture.login();
    assert_eq!((fixture.count(CREDENTIALS), fixture.count(UNCONFIRMED)), (2, 1));

    fixture.at(10 * MINUTE);
    fixture.login();
    assert_eq!((fixture.count(CREDENTIALS), fixture.count(UNCONFIRMED)), (1, 0));
    assert!(fixture.audited().contains(&"account.withdrawn".to_owned()));
}

#[test]
fn abandoned_registrations_wait_while_users_is_unavailable() {
    let fixture = Fixture::open();
    fixture.users.fail(Fault::ResponseLost);
    fixture.register(EMAIL, PASSWORD);
    fixture.at(DAY);
    fixture.users.fail(Fault::Unavailable);
    fixture.register("grace@example.com", PASSWORD);
    assert_eq!((fixture.count(CREDENTIALS), fixture.count(UNCONFIRMED)), (1, 1));
    assert!(fixture.logged("housekeeping failed"));
}

#[test]
fn a_long_body_and_another_method_are_refused() {
    let fixture = Fixture::open();
    assert_eq!(fixture.register(&"a".repeat(20_000), PASSWORD).problem(), "413 payload-too-large");
    let response = fixture.client.get("/v1/auth/register").send();
    assert_eq!(response.problem(), "405 method-not-allowed");
}
