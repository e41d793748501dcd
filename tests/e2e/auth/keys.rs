//! The keys of access tokens: published, rotated by an admin, and never private.

use serde_json::{Value, json};
use spindle_tests::accounts::{admin, customer, operator};
use spindle_tests::jwt::{Jwt, decode, encode};
use spindle_tests::problem::expect_problem;
use spindle_tests::target;

use super::refresh;

const PATH: &str = "/.well-known/jwks.json";
const ROTATE: &str = "/v1/admin/auth/keys/rotate";

fn keys() -> Vec<Value> {
    target().client().get(PATH).expect_status(200).json()["keys"].as_array().expect("a list").clone()
}

#[test]
fn the_key_set_is_public_and_cacheable() {
    let response = target().client().get(PATH).expect_status(200);
    assert_eq!(response.header("content-type"), Some("application/json"));
    assert_eq!(response.header("cache-control"), Some("public, max-age=300"));
    let body = response.json();
    assert_eq!(body.as_object().map(serde_json::Map::len), Some(1), "{body}");
    let keys = body["keys"].as_array().expect("a list");
    assert_eq!(keys.iter().filter(|key| key.get("exp").is_none()).count(), 1, "one signs: {body}");
    for key in keys {
        let x = key["x"].as_str().expect("a public key");
        assert_eq!(decode(x).len(), 32, "{key}");
        let mut expected =
            json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": key["kid"], "use": "sig", "alg": "EdDSA"});
        if let Some(end) = key.get("exp") {
            assert!(end.is_i64(), "{key}");
            expected["exp"] = end.clone();
        }
        assert_eq!(*key, expected, "nothing private, and nothing else");
    }
}

#[test]
fn an_unchanged_key_set_is_a_304() {
    let client = target().client();
    // Another test may rotate the key in between: then the set has changed.
    let not_modified = (0..5).any(|_| {
        let etag = client.get(PATH).expect_status(200).etag();
        let again = client.send("GET", PATH, &[("if-none-match", &etag)], None);
        again.status == 304 && again.body.is_empty() && again.etag() == etag
    });
    assert!(not_modified);
    let head = client.send("HEAD", PATH, &[], None).expect_status(200);
    assert!(head.body.is_empty());
}

#[test]
fn after_a_rotation_the_new_key_signs_and_the_old_one_verifies() {
    let (ada, admin) = (customer("rotating"), admin().client);
    let old = Jwt::parse(&ada.access_token).header["kid"].as_str().expect("a key").to_owned();
    let rotated = admin.post(ROTATE, &json!({})).expect_status(200).json();
    let kid = rotated["kid"].as_str().expect("a key").to_owned();
    assert_ne!(kid, old);

    // The token of the old key is valid until it expires, in every service.
    for path in ["/v1/users/me", "/v1/auth/sessions"] {
        ada.client.get(path).expect_status(200);
    }
    expect_problem(&ada.client.get("/v1/admin/audit"), 403, "forbidden");
    let listed = keys();
    let of = |kid: &str| listed.iter().find(|key| key["kid"] == kid).unwrap_or_else(|| panic!("{kid}: {listed:?}"));
    let (retired, exp) = (of(&old), Jwt::parse(&ada.access_token).claims["exp"].as_i64());
    assert!(retired["exp"].as_i64() >= exp, "it outlives every token: {retired}");
    assert!(of(&kid).is_object());

    let fresh = refresh(&ada.refresh_token).expect_status(200).json();
    let fresh = fresh["access_token"].as_str().expect("a token");
    assert_ne!(Jwt::parse(fresh).header["kid"], old.as_str());
    let client = ada.client.as_user(fresh);
    for path in ["/v1/users/me", "/v1/auth/sessions"] {
        client.get(path).expect_status(200);
    }
}

#[test]
fn only_an_admin_rotates_the_key() {
    for client in [customer("no-admin").client, operator().client] {
        expect_problem(&client.post(ROTATE, &json!({})), 403, "forbidden");
    }
    expect_problem(&target().client().post(ROTATE, &json!({})), 401, "unauthorized");
}

#[test]
fn the_id_of_a_key_is_its_thumbprint() {
    use sha2::{Digest as _, Sha256};
    for key in keys() {
        let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":{}}}"#, key["x"]);
        assert_eq!(key["kid"], encode(Sha256::digest(members)), "{key}");
    }
}
