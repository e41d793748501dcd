//! Valid tokens, and every kind of invalid token.

use super::{AccessClaims, Body, Error, UnverifiedToken, mint};
use chrono::Duration;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use spindle_contracts::{Role, SessionId, Timestamp, UserId};
use uuid::Uuid;

use crate::token::jwks::thumbprint;

const ISSUER: &str = "https://spindle.example";
const NOW: i64 = 1_700_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000)
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn access() -> AccessClaims {
    AccessClaims {
        user: UserId(Uuid::from_u128(1)),
        role: Role::Operator,
        session: SessionId(Uuid::from_u128(2)),
        logged_in_at: None,
        expires_at: NOW + 600,
    }
}

fn valid_token() -> String {
    mint(&key(), ISSUER, &access(), Uuid::from_u128(3), at(NOW))
}

/// Checks a token as a service does.
fn check(token: &str, now: Timestamp) -> Result<AccessClaims, Error> {
    let unverified = UnverifiedToken::parse(token)?;
    unverified.verify(&key().verifying_key())?;
    unverified.claims(ISSUER, now)
}

#[test]
fn a_token_says_when_its_user_logged_in() {
    let access = AccessClaims { logged_in_at: Some(NOW - 3600), ..access() };
    assert_eq!(check(&mint(&key(), ISSUER, &access, Uuid::from_u128(3), at(NOW)), at(NOW)), Ok(access));
    let mut claims = claims();
    claims["auth_time"] = json!(NOW - 3600);
    assert_eq!(check(&signed(&header(), &claims), at(NOW)), Ok(access));
    claims["auth_time"] = json!("yesterday");
    let malformed = signed(&header(), &claims);
    assert_eq!(UnverifiedToken::parse(&malformed).unwrap().claims(ISSUER, at(NOW)), Err(Error::Malformed));
}

/// Returns a token with any header and claims, and a valid signature by the right key.
fn signed(header: &Value, claims: &Value) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(key().sign(message.as_bytes()).to_bytes()))
}

fn header() -> Value {
    json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": thumbprint(&key().verifying_key()) })
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": "spindle", "sub": Uuid::from_u128(1), "client_id": "spindle", "jti": Uuid::from_u128(3),
        "sid": Uuid::from_u128(2), "roles": ["operator"], "iat": NOW, "exp": NOW + 600,
    })
}

fn with(mut value: Value, member: &str, new: Value) -> Value {
    match new {
        Value::Null => drop(value.as_object_mut().unwrap().remove(member)),
        new => value[member] = new,
    }
    value
}

#[test]
fn a_minted_token_has_its_claims() {
    let token = valid_token();
    assert_eq!(UnverifiedToken::parse(&token).unwrap().key_id(), thumbprint(&key().verifying_key()));
    assert_eq!(check(&token, at(NOW)), Ok(access()));
    assert_eq!(check(&signed(&header(), &claims()), at(NOW)), Ok(access()));
    assert_eq!(check(&signed(&with(header(), "alg", "Ed25519".into()), &claims()), at(NOW)), Ok(access()));
}

#[test]
fn a_token_is_valid_from_its_issue_to_its_expiry() {
    let token = valid_token();
    assert_eq!(check(&token, at(NOW + 604)), Ok(access()));
    assert_eq!(check(&token, at(NOW + 606)), Err(Error::Expired));
    assert_eq!(check(&token, at(NOW - 6)), Err(Error::NotYetValid));
    let later = signed(&header(), &with(claims(), "nbf", (NOW + 60).into()));
    assert_eq!(check(&later, at(NOW)), Err(Error::NotYetValid));
    assert_eq!(check(&later, at(NOW + 60)), Ok(access()));
}

#[test]
fn a_signed_token_with_another_header_is_refused() {
    let changes = [
        ("alg", json!("none")),
        ("alg", json!("None")),
        ("alg", json!("HS256")),
        ("alg", json!("ES256")),
        ("alg", json!("RS256")),
        ("alg", json!("Ed448")),
        ("alg", json!("eddsa")),
        ("alg", json!("")),
        ("alg", json!(["EdDSA"])),
        ("alg", Value::Null),
        ("typ", json!("JWT")),
        ("typ", json!("AT+JWT")),
        ("typ", json!("id+jwt")),
        ("typ", json!("spindle-service+jwt")),
        ("typ", Value::Null),
        ("kid", Value::Null),
        ("kid", json!(7)),
        ("jku", json!("https://evil.example/jwks.json")),
        ("jwk", json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })),
        ("x5u", json!("https://evil.example/cert.pem")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAA")),
        ("crit", json!(["exp"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("cty", json!("JWT")),
        ("enc", json!("A256GCM")),
    ];
    for (member, value) in changes {
        let header = with(header(), member, value);
        assert_eq!(check(&signed(&header, &claims()), at(NOW)), Err(Error::Malformed), "{header}");
    }
}

#[test]
fn a_signed_token_with_other_claims_is_refused() {
    let changes = [
        ("iss", json!("https://evil.example"), Error::Foreign),
        ("iss", json!("https://spindle.example/"), Error::Foreign),
        ("aud", json!("users"), Error::Foreign),
        ("aud", json!(""), Error::Foreign),
        ("exp", json!(NOW - 6), Error::Expired),
        ("exp", json!(0), Error::Expired),
        ("iat", json!(NOW + 60), Error::NotYetValid),
    ];
    for (member, value, error) in changes {
        let claims = with(claims(), member, value);
        assert_eq!(check(&signed(&header(), &claims), at(NOW)), Err(error), "{claims}");
    }
    let malformed = [
        ("iss", Value::Null),
        ("aud", Value::Null),
        ("sub", Value::Null),
        ("sub", json!("root")),
        ("sid", Value::Null),
        ("roles", Value::Null),
        ("roles", json!([])),
        ("roles", json!(["root"])),
        ("roles", json!(["customer", "admin"])),
        ("roles", json!("admin")),
        ("jti", Value::Null),
        ("exp", Value::Null),
        ("exp", json!("never")),
        ("iat", Value::Null),
    ];
    for (member, value) in malformed {
        let claims = with(claims(), member, value);
        assert!(check(&signed(&header(), &claims), at(NOW)).is_err(), "{claims}");
    }
}

#[test]
fn a_token_with_a_changed_byte_is_refused() {
    let token = valid_token();
    for index in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[index] = if changed[index] == b'A' { b'Q' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(check(&changed, at(NOW)).is_err(), "{changed}");
    }
    for length in [0, 1, token.len() / 2, token.len() - 1, token.len() - 3] {
        assert!(check(&token[..length], at(NOW)).is_err(), "{length}");
    }
    for more in ["=", ".", "A", "AAAA", " ", "\n"] {
        assert!(check(&format!("{token}{more}"), at(NOW)).is_err(), "{more:?}");
    }
    assert_eq!(check(&format!("{}.{}", token, "A".repeat(3000)), at(NOW)), Err(Error::Malformed));
}

#[test]
fn another_key_of_the_same_kind_does_not_verify_it() {
    let other = SigningKey::from_bytes(&[8; 32]);
    let token = mint(&other, ISSUER, &access(), Uuid::from_u128(3), at(NOW));
    assert_eq!(UnverifiedToken::parse(&token).unwrap().verify(&key().verifying_key()), Err(Error::Signature));
}

#[test]
fn a_token_signed_with_the_public_key_as_a_secret_is_refused() {
    use jwt_compact::alg::{Hs256, Hs256Key};
    use jwt_compact::{AlgorithmExt as _, Claims, Header};
    // The classic algorithm confusion: the public key used as a secret.
    let public = key().verifying_key();
    let header = Header::empty().with_token_type("at+jwt").with_key_id(thumbprint(&public));
    let body: Body = serde_json::from_value(claims()).unwrap();
    let claims =
        Claims::new(body).set_duration_and_issuance(&crate::token::time::options(at(NOW)), Duration::seconds(600));
    let token = Hs256.token(&header, &claims, &Hs256Key::new(public.as_bytes())).unwrap();
    assert_eq!(check(&token, at(NOW)), Err(Error::Malformed));
}

#[test]
fn its_debug_form_does_not_contain_the_token() {
    let token = valid_token();
    let debug = format!("{:?}", UnverifiedToken::parse(&token).unwrap());
    assert!(!debug.contains(&token[token.len() - 20..]) && !debug.contains("sub"), "{debug}");
}
