//! Logging in.

use super::shop::{DAY, EMAIL, PASSWORD, Shop, body, expected, problem};
use super::users::Fault;
use crate::{password, store};
use futures::executor::block_on;
use serde_json::{Value, json};
use spindle_contracts::{Role, UserId};
use spindle_platform::token::access::UnverifiedToken;
use spindle_platform::token::jwks::JwkSet;

#[test]
fn the_right_password_opens_a_session() {
    let shop = Shop::with_account();
    let response = shop.try_login("ada@EXAMPLE.com", PASSWORD);
    assert_eq!(response.headers()["cache-control"], "no-store");
    let mut body = body(&response);
    let id = shop.users.profiles()[0]["id"].as_str().unwrap().to_owned();
    let access = body["access_token"].take();
    let refresh = body["refresh_token"].take();
    assert_eq!(refresh.as_str().unwrap().len(), 43);
    let expected = json!({
        "access_token": null,
        "token_type": "Bearer",
        "expires_in": 600,
        "refresh_token": null,
        "user": { "id": id, "email": EMAIL, "role": "customer" },
    });
    assert_eq!(body, expected);
    assert_eq!(shop.audited(), ["account.registered", "keys.created", "session.opened"]);

    let token = UnverifiedToken::parse(access.as_str().unwrap()).unwrap();
    let keys = shop.send(http::Method::GET, "/.well-known/jwks.json", None, None);
    let keys: JwkSet = serde_json::from_slice(keys.body()).unwrap();
    token.verify(&keys.find(token.key_id()).unwrap().verifying_key().unwrap()).unwrap();
    let grant = token.grant("https://spindle.example", shop.platform.now()).unwrap();
    assert_eq!((grant.user, grant.role), (id.parse::<UserId>().unwrap(), Role::Customer));
    assert_eq!(grant.expires_at, shop.platform.now().as_secs() + 600);
}

#[test]
fn a_wrong_password_and_an_unknown_address_are_told_the_same() {
    let shop = Shop::with_account();
    let told = |email: &str, password: &str| {
        let response = shop.try_login(email, password);
        let mut told = body(&response);
        told["request_id"] = Value::Null;
        (response.status(), told)
    };
    let unknown = told("nobody@example.com", PASSWORD);
    assert_eq!(told(EMAIL, "wrong horse battery staple"), unknown);
    assert_eq!(unknown.1["detail"], "The e-mail address or the password is wrong.");
    assert_eq!(told(EMAIL, ""), unknown);
    assert_eq!(told("", PASSWORD), unknown);
}

#[test]
fn a_wrong_password_and_an_unknown_address_take_the_same_steps() {
    let shop = Shop::with_account();
    let steps = |email: &str| {
        let before = shop.platform.statements("auth").len();
        shop.users.calls();
        assert_eq!(problem(&shop.try_login(email, "wrong horse battery staple")), expected(401, "invalid-credentials"));
        (shop.platform.statements("auth").split_off(before), shop.users.calls())
    };
    for _ in 0..5 {
        assert_eq!(steps(EMAIL), steps("nobody@example.com"));
    }
}

#[test]
fn a_profile_without_credentials_is_no_account() {
    let shop = Shop::open();
    shop.users.add("018bcfe5-6800-7000-8000-000000000009", EMAIL);
    assert_eq!(problem(&shop.try_login(EMAIL, PASSWORD)), expected(401, "invalid-credentials"));
}

#[test]
fn while_users_is_down_nobody_logs_in_and_nothing_is_counted() {
    let shop = Shop::with_account();
    shop.users.fail(Fault::Down);
    let response = shop.try_login(EMAIL, PASSWORD);
    assert_eq!(problem(&response), expected(503, "unavailable"));
    assert_eq!(response.headers()["retry-after"], "2");
    assert_eq!(shop.count("SELECT count(*) FROM login_failures"), 0);
}

#[test]
fn an_outdated_hash_is_made_anew() {
    let shop = Shop::with_account();
    let id = shop.users.profiles()[0]["id"].as_str().unwrap().parse::<UserId>().unwrap();
    let db = block_on(shop.context().sql()).unwrap();
    let current = block_on(store::credentials::password_hash(&db, id)).unwrap().unwrap();
    let weak = password::tests::hash_with_other_parameters(PASSWORD);
    block_on(store::credentials::upgrade(&db, id, &current, &weak)).unwrap();
    shop.login();
    let upgraded = block_on(store::credentials::password_hash(&db, id)).unwrap().unwrap();
    assert!(upgraded.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && upgraded != current);
    shop.login();
}

#[test]
fn no_password_and_no_token_is_in_any_log_line() {
    let shop = Shop::with_account();
    let first = shop.login();
    let second = shop.refresh(&first.refresh);
    shop.try_login(EMAIL, "the-canary-password");
    shop.register("other@example.com", "the-canary-password");
    shop.post("/v1/auth/login", None, json!({ "email": EMAIL, "password": ["the-canary-password"] }));
    shop.post("/v1/auth/logout", None, json!({ "refresh_token": second.refresh }));
    for secret in [PASSWORD, "the-canary", &first.refresh, &first.access, &second.refresh, &second.access, EMAIL] {
        assert!(!shop.logged(secret), "{secret}");
    }
}

#[test]
fn sessions_that_are_over_and_failures_that_no_longer_count_are_removed() {
    let shop = Shop::with_account();
    let first = shop.login();
    shop.refresh(&first.refresh);
    shop.try_login("nobody@example.com", PASSWORD);
    shop.at(30 * DAY);
    shop.login();
    assert_eq!(shop.count("SELECT count(*) FROM sessions"), 1);
    assert_eq!(shop.count("SELECT count(*) FROM refresh_tokens"), 1);
    assert_eq!(shop.count("SELECT count(*) FROM login_failures"), 0);
}
