//! Signing keys: made on first use, rotated with an overlap, and of no use under another secret.

use super::shop::{EMAIL, KEY_SECRET, LoggedIn, MINUTE, PASSWORD, SECOND, Shop, body, expected, problem};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_platform::http::Response;

const ADMIN: &str = "admin@example.com";

fn shop() -> (Shop, LoggedIn) {
    let shop = Shop::open_with(&[("bootstrap_admin_email", ADMIN), ("bootstrap_admin_password", PASSWORD)]);
    let admin = LoggedIn::from(shop.try_login(ADMIN, PASSWORD));
    (shop, admin)
}

fn jwks(shop: &Shop) -> Response {
    shop.send(Method::GET, "/.well-known/jwks.json", None, None)
}

fn kids(shop: &Shop) -> Vec<Value> {
    body(&jwks(shop))["keys"].as_array().unwrap().iter().map(|key| key["kid"].clone()).collect()
}

fn rotate(shop: &Shop, token: &str) -> Response {
    shop.post("/v1/admin/auth/keys/rotate", Some(token), json!({}))
}

#[test]
fn the_first_key_is_made_by_whoever_asks_first() {
    let shop = Shop::open();
    let response = jwks(&shop);
    assert_eq!(response.headers()["cache-control"], "public, max-age=300");
    let mut set = body(&response);
    let key = &mut set["keys"][0];
    let (kid, x) = (key["kid"].take(), key["x"].take());
    assert_eq!((kid.as_str().unwrap().len(), x.as_str().unwrap().len()), (43, 43));
    let expected = json!({ "keys": [
        { "kty": "OKP", "crv": "Ed25519", "x": null, "kid": null, "use": "sig", "alg": "EdDSA" }
    ] });
    assert_eq!(set, expected);
    assert_eq!(body(&jwks(&shop))["keys"][0]["kid"], kid);
    shop.register(EMAIL, PASSWORD);
    shop.login();
    assert_eq!(kids(&shop), [kid]);
}

#[test]
fn a_set_that_has_not_changed_is_not_sent_again() {
    let (shop, admin) = shop();
    let etag = jwks(&shop).headers()["etag"].clone();
    let conditional = || {
        let request = http::Request::get("/.well-known/jwks.json").header("if-none-match", &etag);
        let request = request.body(spindle_platform::http::Body::empty()).unwrap();
        let request = spindle_platform::http::Request::new(request);
        futures::executor::block_on(spindle_edge::serve(&crate::SERVICE, shop.platform.clone(), request))
    };
    let unchanged = conditional();
    assert_eq!((unchanged.status(), unchanged.body().len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(unchanged.headers()["etag"], etag);
    rotate(&shop, &admin.access);
    assert_eq!(conditional().status(), StatusCode::OK);
}

#[test]
fn a_rotation_overlaps_until_the_last_token_has_expired() {
    let (shop, admin) = shop();
    let old = kids(&shop).pop().unwrap();
    let response = rotate(&shop, &admin.access);
    assert_eq!(response.status(), StatusCode::OK);
    let new = body(&response)["kid"].clone();
    assert_eq!(
        body(&response),
        json!({
            "kid": new,
            "not_before": "2023-11-14T22:13:20.000Z",
            "retired": { "kid": old, "expires_at": "2023-11-14T22:24:20.000Z" },
        })
    );
    assert_eq!(shop.audited().last().unwrap(), "keys.rotated");
    let set = body(&jwks(&shop));
    let exp = |kid: &Value| {
        set["keys"].as_array().unwrap().iter().find(|key| key["kid"] == *kid).unwrap().get("exp").cloned()
    };
    assert_eq!((exp(&old), exp(&new)), (Some(json!(1_700_000_660)), None));

    // A token under the old key is good until it expires; a new one is under the new key.
    shop.at(10 * MINUTE);
    assert_eq!(shop.get("/v1/auth/sessions", &admin.access).status(), StatusCode::OK);
    let renewed = shop.refresh(&admin.refresh);
    let header = spindle_platform::token::access::UnverifiedToken::parse(&renewed.access).unwrap();
    assert_eq!(header.key_id(), new);
    assert_eq!(shop.get("/v1/auth/sessions", &renewed.access).status(), StatusCode::OK);

    shop.at(11 * MINUTE - 1);
    assert_eq!(kids(&shop).len(), 2);
    shop.at(11 * MINUTE);
    assert_eq!(kids(&shop), [new]);
}

#[test]
fn a_retired_key_keeps_no_private_half_and_an_expired_one_nothing() {
    let (shop, admin) = shop();
    rotate(&shop, &admin.access);
    rotate(&shop, &admin.access);
    assert_eq!(shop.count("SELECT count(*) FROM signing_keys"), 3);
    assert_eq!(shop.count("SELECT count(*) FROM signing_keys WHERE sealed_private IS NOT NULL"), 1);
    shop.at(11 * MINUTE + SECOND);
    let admin = shop.refresh(&admin.refresh);
    rotate(&shop, &admin.access);
    assert_eq!(shop.count("SELECT count(*) FROM signing_keys"), 2);
}

#[test]
fn under_another_secret_nobody_logs_in_and_the_log_says_why() {
    let (shop, admin) = shop();
    shop.platform.set_variable("auth_key_secret", &KEY_SECRET.replace('f', "e"));
    for response in [shop.try_login(ADMIN, PASSWORD), shop.try_refresh(&admin.refresh)] {
        assert_eq!(problem(&response), expected(500, "internal-error"));
    }
    assert!(shop.logged("does not open with the variable auth_key_secret"));
    // Nothing was written for what failed: no session is open, and the refresh token is not used up.
    assert_eq!(shop.count("SELECT count(*) FROM sessions"), 1);
    assert_eq!(shop.count("SELECT count(*) FROM refresh_tokens"), 1);
}

#[test]
fn a_short_secret_is_refused() {
    let shop = Shop::open_with(&[("auth_key_secret", "short")]);
    assert_eq!(problem(&jwks(&shop)), expected(500, "internal-error"));
    assert!(shop.logged("the variable auth_key_secret is not at least 32 bytes long"));
}
