//! Registering: an account or none, whatever fails in between.

use super::shop::{DAY, EMAIL, MINUTE, PASSWORD, Shop, body, expected, problem};
use super::users::Fault;
use http::{Method, StatusCode};
use serde_json::json;

const CREDENTIALS: &str = "SELECT count(*) FROM credentials";
const UNCONFIRMED: &str = "SELECT count(*) FROM credentials WHERE confirmed_at IS NULL";

#[test]
fn a_new_account_is_answered_as_users_shows_it() {
    let shop = Shop::open();
    let draft = json!({ "email": EMAIL, "password": PASSWORD, "display_name": "Ada" });
    let response = shop.post("/v1/auth/register", None, draft);
    assert_eq!(response.status(), StatusCode::CREATED);
    let id = shop.users.profiles()[0]["id"].as_str().unwrap().to_owned();
    let expected = json!({
        "id": id,
        "email": EMAIL,
        "display_name": "Ada",
        "role": "customer",
        "created_at": "2023-11-14T22:13:20.000Z",
    });
    assert_eq!(body(&response), expected);
    assert_eq!(response.headers()["location"], format!("/v1/users/{id}"));
    assert_eq!((shop.count(CREDENTIALS), shop.count(UNCONFIRMED)), (1, 0));
    assert_eq!(shop.audited(), ["account.registered"]);
}

#[test]
fn a_weak_password_and_an_unknown_field_are_refused_at_their_place() {
    let shop = Shop::open();
    for (draft, pointer) in [
        (json!({ "email": EMAIL, "password": "short" }), "/password"),
        (json!({ "email": EMAIL, "password": "Password1234" }), "/password"),
        (json!({ "email": EMAIL, "password": 123_456_789_012_i64 }), "/password"),
        (json!({ "email": EMAIL }), "/password"),
        (json!({ "email": EMAIL, "password": PASSWORD, "role": "admin" }), "/role"),
    ] {
        let response = shop.post("/v1/auth/register", None, draft.clone());
        assert_eq!(problem(&response), expected(422, "validation-failed"), "{draft}");
        assert_eq!(body(&response)["errors"][0]["pointer"], pointer, "{draft}");
        assert!(!String::from_utf8_lossy(response.body()).contains("123456789012"));
    }
    assert_eq!(shop.count(CREDENTIALS), 0);
}

#[test]
fn what_users_refuses_leaves_nothing_behind() {
    let shop = Shop::open();
    let response = shop.register("ada", PASSWORD);
    assert_eq!(problem(&response), expected(422, "validation-failed"));
    assert_eq!(body(&response)["errors"], json!([{ "pointer": "/email", "detail": "is not an e-mail address" }]));
    assert_eq!(shop.count(CREDENTIALS), 0);
    assert_eq!(shop.audited(), ["account.registered", "account.withdrawn"]);
}

#[test]
fn a_taken_address_is_a_conflict_before_anything_is_written() {
    let shop = Shop::with_account();
    let response = shop.register("ADA@example.com", PASSWORD);
    assert_eq!(problem(&response), expected(409, "conflict"));
    assert_eq!(
        body(&response)["errors"],
        json!([{ "pointer": "/email", "detail": "Another user has this e-mail address." }])
    );
    assert_eq!((shop.count(CREDENTIALS), shop.audited().len()), (1, 1));
}

#[test]
fn an_address_that_is_taken_meanwhile_leaves_nothing_behind() {
    let shop = Shop::open();
    shop.users.fail(Fault::Race);
    assert_eq!(problem(&shop.register(EMAIL, PASSWORD)), expected(409, "conflict"));
    assert_eq!(shop.count(CREDENTIALS), 0);
}

#[test]
fn while_users_is_down_nothing_is_written() {
    let shop = Shop::open();
    shop.users.fail(Fault::Down);
    let response = shop.register(EMAIL, PASSWORD);
    assert_eq!(problem(&response), expected(503, "unavailable"));
    assert_eq!(response.headers()["retry-after"], "2");
    assert_eq!(shop.count(CREDENTIALS), 0);
}

#[test]
fn an_answer_that_is_lost_leaves_a_whole_account() {
    let shop = Shop::open();
    shop.users.fail(Fault::LosesAnswers);
    assert_eq!(problem(&shop.register(EMAIL, PASSWORD)), expected(503, "unavailable"));
    assert_eq!((shop.count(CREDENTIALS), shop.count(UNCONFIRMED)), (1, 1));
    shop.login();

    shop.at(10 * MINUTE);
    assert_eq!(shop.register("grace@example.com", PASSWORD).status(), StatusCode::CREATED);
    assert_eq!((shop.count(CREDENTIALS), shop.count(UNCONFIRMED)), (2, 0));
}

#[test]
fn a_creation_that_is_lost_leaves_credentials_that_open_nothing_and_go() {
    let shop = Shop::open();
    shop.users.fail(Fault::LosesCreations);
    assert_eq!(problem(&shop.register(EMAIL, PASSWORD)), expected(503, "unavailable"));
    assert_eq!(problem(&shop.try_login(EMAIL, PASSWORD)), expected(401, "invalid-credentials"));
    // The same person tries again, and has an account.
    assert_eq!(shop.register(EMAIL, PASSWORD).status(), StatusCode::CREATED);
    shop.login();
    assert_eq!((shop.count(CREDENTIALS), shop.count(UNCONFIRMED)), (2, 1));

    shop.at(10 * MINUTE);
    shop.login();
    assert_eq!((shop.count(CREDENTIALS), shop.count(UNCONFIRMED)), (1, 0));
    assert!(shop.audited().contains(&"account.withdrawn".to_owned()));
}

#[test]
fn the_sweep_decides_nothing_while_users_is_down() {
    let shop = Shop::open();
    shop.users.fail(Fault::LosesAnswers);
    shop.register(EMAIL, PASSWORD);
    shop.at(DAY);
    shop.users.fail(Fault::Down);
    shop.register("grace@example.com", PASSWORD);
    assert_eq!((shop.count(CREDENTIALS), shop.count(UNCONFIRMED)), (1, 1));
    assert!(shop.logged("housekeeping failed"));
}

#[test]
fn a_body_has_a_limit_and_the_method_matters() {
    let shop = Shop::open();
    assert_eq!(problem(&shop.register(&"a".repeat(20_000), PASSWORD)), expected(413, "payload-too-large"));
    let response = shop.send(Method::GET, "/v1/auth/register", None, None);
    assert_eq!(problem(&response), expected(405, "method-not-allowed"));
}
