//! Log-in.

use super::fake_users::Fault;
use super::fixture::{DAY, EMAIL, Fixture, PASSWORD};
use crate::{password, store};
use futures::executor::block_on;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::{Role, UserId};
use spindle_platform::token::access::UnverifiedToken;
use spindle_platform::token::jwks::JwkSet;

#[test]
fn the_right_password_opens_a_session() {
    let fixture = Fixture::with_account();
    let response = fixture.try_login("ada@EXAMPLE.com", PASSWORD);
    assert_eq!(response.headers()["cache-control"], "no-store");
    let mut body = response.json();
    let id = fixture.users.profiles()[0]["id"].as_str().unwrap().to_owned();
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
    assert_eq!(fixture.audited(), ["account.registered", "keys.created", "session.opened"]);

    let token = UnverifiedToken::parse(access.as_str().unwrap()).unwrap();
    let keys: JwkSet = fixture.client.get("/.well-known/jwks.json").send().json_as();
    token.verify(&keys.find(token.key_id()).unwrap().verifying_key().unwrap()).unwrap();
    let claims = token.claims("https://spindle.example", fixture.client.platform().now()).unwrap();
    assert_eq!((claims.user, claims.role), (id.parse::<UserId>().unwrap(), Role::Customer));
    assert_eq!(claims.expires_at, fixture.client.platform().now().as_secs() + 600);
}

#[test]
fn a_wrong_password_and_an_unknown_address_get_the_same_response() {
    let fixture = Fixture::with_account();
    let attempt = |email: &str, password: &str| {
        let response = fixture.try_login(email, password);
        let mut body = response.json();
        body["request_id"] = Value::Null;
        (response.status(), body)
    };
    let unknown = attempt("unknown@example.com", PASSWORD);
    assert_eq!(attempt(EMAIL, "wrong horse battery staple"), unknown);
    assert_eq!(unknown.1["detail"], "The e-mail address or the password is wrong.");
    assert_eq!(attempt(EMAIL, ""), unknown);
    assert_eq!(attempt("", PASSWORD), unknown);
}

#[test]
fn a_wrong_password_and_an_unknown_address_take_the_same_steps() {
    let fixture = Fixture::with_account();
    let steps = |email: &str| {
        let before = fixture.client.platform().statements("auth").len();
        fixture.users.take_calls();
        assert_eq!(fixture.try_login(email, "wrong horse battery staple").problem(), "401 invalid-credentials");
        (fixture.client.platform().statements("auth").split_off(before), fixture.users.take_calls())
    };
    for _ in 0..5 {
        assert_eq!(steps(EMAIL), steps("unknown@example.com"));
    }
}

#[test]
fn a_profile_without_credentials_cannot_log_in() {
    let fixture = Fixture::open();
    fixture.users.add("018bcfe5-6800-7000-8000-000000000009", EMAIL);
    assert_eq!(fixture.try_login(EMAIL, PASSWORD).problem(), "401 invalid-credentials");
}

#[test]
fn while_users_is_unavailable_log_ins_fail_without_counting() {
    let fixture = Fixture::with_account();
    fixture.users.fail(Fault::Unavailable);
    let response = fixture.try_login(EMAIL, PASSWORD);
    assert_eq!(response.problem(), "503 unavailable");
    assert_eq!(response.headers()["retry-after"], "2");
    assert_eq!(fixture.count("SELECT count(*) FROM login_failures"), 0);
}

#[test]
fn an_outdated_hash_is_replaced_at_the_log_in() {
    let fixture = Fixture::with_account();
    let id = fixture.users.profiles()[0]["id"].as_str().unwrap().parse::<UserId>().unwrap();
    let db = block_on(fixture.client.context().sql()).unwrap();
    let current = block_on(store::credentials::password_hash(&db, id)).unwrap().unwrap();
    let weak = password::tests::hash_with_other_parameters(PASSWORD);
    block_on(store::credentials::rehash(&db, id, &current, &weak)).unwrap();
    fixture.login();
    let upgraded = block_on(store::credentials::password_hash(&db, id)).unwrap().unwrap();
    assert!(upgraded.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && upgraded != current);
    fixture.login();
}

#[test]
fn an_accent_may_be_typed_composed_or_decomposed() {
    let (composed, decomposed) =
        ("crème brûlée à la carte", "cre\u{300}me bru\u{302}le\u{301}e a\u{300} la\u{a0}carte");
    for (registered, typed) in [(composed, decomposed), (decomposed, composed)] {
        let fixture = Fixture::open();
        fixture.register(EMAIL, registered).expect(StatusCode::CREATED);
        fixture.try_login(EMAIL, typed).expect(StatusCode::OK);
        assert_eq!(fixture.try_login(EMAIL, "creme brulee a la carte").problem(), "401 invalid-credentials");
    }
}

#[test]
fn a_hash_of_a_password_as_it_was_sent_is_replaced_at_the_log_in() {
    let fixture = Fixture::with_account();
    let id = fixture.users.profiles()[0]["id"].as_str().unwrap().parse::<UserId>().unwrap();
    let db = block_on(fixture.client.context().sql()).unwrap();
    let current = block_on(store::credentials::password_hash(&db, id)).unwrap().unwrap();
    // The second has a character that a new password may not have.
    for (sent, typed) in
        [("cre\u{300}me bru\u{302}le\u{301}e", "crème brûlée"), ("cre\u{300}me\u{7f}brulee", "crème\u{7f}brulee")]
    {
        block_on(store::credentials::rehash(&db, id, &current, &password::tests::hash_as_sent(sent))).unwrap();
        assert_eq!(fixture.try_login(EMAIL, typed).problem(), "401 invalid-credentials");
        fixture.try_login(EMAIL, sent).expect(StatusCode::OK);
        fixture.try_login(EMAIL, typed).expect(StatusCode::OK);
        let upgraded = block_on(store::credentials::password_hash(&db, id)).unwrap().unwrap();
        block_on(store::credentials::rehash(&db, id, &upgraded, &current)).unwrap();
    }
}

#[test]
fn a_wrong_password_that_can_be_typed_in_two_ways_takes_the_same_steps_for_an_unknown_address() {
    let fixture = Fixture::with_account();
    let steps = |email: &str| {
        let before = fixture.client.platform().statements("auth").len();
        fixture.users.take_calls();
        let wrong = || fixture.try_login(email, "wrong cre\u{300}me").problem();
        let (hashes, problem) = password::tests::hashes_of(wrong);
        assert_eq!(problem, "401 invalid-credentials");
        (hashes, fixture.client.platform().statements("auth").split_off(before), fixture.users.take_calls())
    };
    let known = steps(EMAIL);
    assert_eq!(known.0, 2);
    assert_eq!(known, steps("unknown@bücher.example"));
}

#[test]
fn a_log_in_takes_one_hash() {
    let fixture = Fixture::with_account();
    for password in [PASSWORD, "wrong horse battery staple"] {
        assert_eq!(password::tests::hashes_of(|| fixture.try_login(EMAIL, password)).0, 1);
    }
}

#[test]
fn no_password_and_no_token_is_in_any_log_line() {
    let fixture = Fixture::with_account();
    let first = fixture.login();
    let second = fixture.refresh(&first.refresh);
    fixture.try_login(EMAIL, "the-canary-password");
    fixture.register("other@example.com", "the-canary-password");
    fixture.client.post("/v1/auth/login").json(&json!({ "email": EMAIL, "password": ["the-canary-password"] })).send();
    fixture.client.post("/v1/auth/logout").json(&json!({ "refresh_token": second.refresh })).send();
    for secret in [PASSWORD, "the-canary", &first.refresh, &first.access, &second.refresh, &second.access, EMAIL] {
        assert!(!fixture.logged(secret), "{secret}");
    }
}

#[test]
fn expired_sessions_and_old_failures_are_deleted() {
    let fixture = Fixture::with_account();
    let first = fixture.login();
    fixture.refresh(&first.refresh);
    fixture.try_login("unknown@example.com", PASSWORD);
    fixture.at(30 * DAY);
    fixture.login();
    assert_eq!(fixture.count("SELECT count(*) FROM sessions"), 1);
    assert_eq!(fixture.count("SELECT count(*) FROM refresh_tokens"), 1);
    assert_eq!(fixture.count("SELECT count(*) FROM login_failures"), 0);
}
