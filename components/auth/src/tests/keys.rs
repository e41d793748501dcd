//! Signing keys: created on first use, rotated with an overlap, and unusable under another secret.

use super::fixture::{EMAIL, Fixture, KEY_SECRET, MINUTE, PASSWORD, SECOND, TokenPair};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_edge::testing::TestResponse;

const ADMIN: &str = "admin@example.com";

fn fixture() -> (Fixture, TokenPair) {
    let fixture = Fixture::open_with(&[("bootstrap_admin_email", ADMIN), ("bootstrap_admin_password", PASSWORD)]);
    let admin = TokenPair::from(fixture.try_login(ADMIN, PASSWORD));
    (fixture, admin)
}

fn jwks(fixture: &Fixture) -> TestResponse {
    fixture.client.get("/.well-known/jwks.json").send()
}

fn kids(fixture: &Fixture) -> Vec<Value> {
    jwks(fixture).json()["keys"].as_array().unwrap().iter().map(|key| key["kid"].clone()).collect()
}

fn rotate(fixture: &Fixture, token: &str) -> TestResponse {
    fixture.client.post("/v1/admin/auth/keys/rotate").bearer(token).json(&json!({})).send()
}

#[test]
fn the_first_request_creates_the_first_key() {
    let fixture = Fixture::open();
    let response = jwks(&fixture);
    assert_eq!(response.headers()["cache-control"], "public, max-age=300");
    let mut set = response.json();
    let key = &mut set["keys"][0];
    let (kid, x) = (key["kid"].take(), key["x"].take());
    assert_eq!((kid.as_str().unwrap().len(), x.as_str().unwrap().len()), (43, 43));
    let expected = json!({ "keys": [
        { "kty": "OKP", "crv": "Ed25519", "x": null, "kid": null, "use": "sig", "alg": "EdDSA" }
    ] });
    assert_eq!(set, expected);
    assert_eq!(jwks(&fixture).json()["keys"][0]["kid"], kid);
    fixture.register(EMAIL, PASSWORD);
    fixture.login();
    assert_eq!(kids(&fixture), [kid]);
}

#[test]
fn an_unchanged_key_set_is_a_304() {
    let (fixture, admin) = fixture();
    let etag = jwks(&fixture).headers()["etag"].clone();
    let conditional = || {
        let request = fixture.client.get("/.well-known/jwks.json");
        request.header("if-none-match", etag.to_str().unwrap()).send()
    };
    let unchanged = conditional();
    assert_eq!((unchanged.status(), unchanged.body().len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(unchanged.headers()["etag"], etag);
    rotate(&fixture, &admin.access);
    assert_eq!(conditional().status(), StatusCode::OK);
}

#[test]
fn a_rotation_overlaps_until_the_last_token_has_expired() {
    let (fixture, admin) = fixture();
    let old = kids(&fixture).pop().unwrap();
    let response = rotate(&fixture, &admin.access);
    assert_eq!(response.status(), StatusCode::OK);
    let new = response.json()["kid"].clone();
    assert_eq!(
        response.json(),
        json!({
            "kid": new,
            "not_before": "2023-11-14T22:13:20.000Z",
            "retired": { "kid": old, "expires_at": "2023-11-14T22:24:20.000Z" },
        })
    );
    assert_eq!(fixture.audited().last().unwrap(), "keys.rotated");
    let set = jwks(&fixture).json();
    let exp = |kid: &Value| {
        set["keys"].as_array().unwrap().iter().find(|key| key["kid"] == *kid).unwrap().get("exp").cloned()
    };
    assert_eq!((exp(&old), exp(&new)), (Some(json!(1_700_000_660)), None));

    // A token of the old key is valid until it expires; a refresh returns one of the new key.
    fixture.at(10 * MINUTE);
    assert_eq!(fixture.client.get("/v1/auth/sessions").bearer(&admin.access).send().status(), StatusCode::OK);
    let refreshed = fixture.refresh(&admin.refresh);
    let header = spindle_platform::token::access::UnverifiedToken::parse(&refreshed.access).unwrap();
    assert_eq!(header.key_id(), new);
    assert_eq!(fixture.client.get("/v1/auth/sessions").bearer(&refreshed.access).send().status(), StatusCode::OK);

    fixture.at(11 * MINUTE - 1);
    assert_eq!(kids(&fixture).len(), 2);
    fixture.at(11 * MINUTE);
    assert_eq!(kids(&fixture), [new]);
}

#[test]
fn a_retired_key_loses_its_private_key_and_an_expired_key_is_deleted() {
    let (fixture, admin) = fixture();
    rotate(&fixture, &admin.access);
    rotate(&fixture, &admin.access);
    assert_eq!(fixture.count("SELECT count(*) FROM signing_keys"), 3);
    assert_eq!(fixture.count("SELECT count(*) FROM signing_keys WHERE sealed_private IS NOT NULL"), 1);
    fixture.at(11 * MINUTE + SECOND);
    let admin = fixture.refresh(&admin.refresh);
    rotate(&fixture, &admin.access);
    assert_eq!(fixture.count("SELECT count(*) FROM signing_keys"), 2);
}

#[test]
fn under_another_secret_log_ins_fail_and_the_log_has_the_cause() {
    let (fixture, admin) = fixture();
    fixture.client.platform().set_variable("auth_key_secret", &KEY_SECRET.replace('f', "e"));
    for response in [fixture.try_login(ADMIN, PASSWORD), fixture.try_refresh(&admin.refresh)] {
        assert_eq!(response.problem(), "500 internal-error");
    }
    assert!(fixture.logged("cannot be decrypted with the variable auth_key_secret"));
    // The failed requests have written nothing: there is no new session, and the refresh token is not rotated.
    assert_eq!(fixture.count("SELECT count(*) FROM sessions"), 1);
    assert_eq!(fixture.count("SELECT count(*) FROM refresh_tokens"), 1);
}

#[test]
fn a_short_secret_is_refused() {
    let fixture = Fixture::open_with(&[("auth_key_secret", "short")]);
    assert_eq!(jwks(&fixture).problem(), "500 internal-error");
    assert!(fixture.logged("the variable auth_key_secret is not at least 32 bytes long"));
}
