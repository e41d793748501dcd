//! Check 5: tokens that auth has not issued. Every service refuses each as an invalid token, without any effect.

mod forgeries;

use serde_json::json;
use spindle_tests::accounts::{admin, customer};
use spindle_tests::problem::expect_problem;
use spindle_tests::users::unique_email;
use spindle_tests::{Client, Response, target};

/// A request to read something in each service.
const READS: [&str; 4] = ["/v1/users/me", "/v1/users?limit=1", "/v1/auth/sessions", "/v1/admin/audit?limit=1"];

/// The fewest forgeries; the acceptance check requires 40.
const MIN_FORGERIES: usize = 60;

#[track_caller]
fn expect_refused(response: &Response, forgery: &str) {
    assert_eq!(response.status, 401, "{forgery}: {}", response.text());
    expect_problem(response, 401, "unauthorized");
    let challenge = response.header("www-authenticate").unwrap_or_default();
    assert!(challenge.starts_with("Bearer error=\"invalid_token\""), "{forgery}: {challenge}");
    assert_eq!(response.headers.get_all("www-authenticate").iter().count(), 1, "{forgery}");
    assert_eq!(response.header("cache-control"), Some("no-store"), "{forgery}");
}

fn send(client: &Client, authorization: &str, method: &str, path: &str, etag: &str, body: &[u8]) -> Response {
    let headers = [("authorization", authorization), ("content-type", "application/json"), ("if-match", etag)];
    client.send(method, path, &headers, (method != "GET").then_some(body))
}

#[test]
fn every_forged_token_is_refused_without_effect() {
    let (admin, ada) = (admin(), customer("forged"));
    let anonymous = target().client();
    let (me, path) = (ada.client.get("/v1/users/me").expect_status(200), ada.path());
    let email = unique_email("forged");
    let create = json!({"email": email, "display_name": "Forged"}).to_string();
    let password = json!({"current": ada.password, "new": "a password of the attacker"}).to_string();
    let promote = json!({"role": "admin"}).to_string();

    let jwks = anonymous.get("/.well-known/jwks.json").expect_status(200);
    let forgeries = forgeries::all(&admin, &ada, &jwks);
    assert!(forgeries.len() >= MIN_FORGERIES, "{}", forgeries.len());
    for (forgery, authorization) in &forgeries {
        let send = |method, path, body: &str| send(anonymous, authorization, method, path, &me.etag(), body.as_bytes());
        for path in READS {
            expect_refused(&send("GET", path, ""), forgery);
        }
        expect_refused(&send("POST", "/v1/users", &create), forgery);
        expect_refused(&send("PATCH", "/v1/users/me", &promote), forgery);
        expect_refused(&send("PATCH", &path, &promote), forgery);
        expect_refused(&send("DELETE", &path, ""), forgery);
        expect_refused(&send("POST", "/v1/auth/password", &password), forgery);
        expect_refused(&send("POST", "/v1/admin/auth/keys/rotate", "{}"), forgery);
    }

    // No request has had an effect, and the tokens that the forgeries were made from are still valid.
    let found = admin.client.get(&format!("/v1/users?email={email}")).expect_status(200).json();
    assert_eq!(found["items"], json!([]));
    assert_eq!(ada.client.get("/v1/users/me").expect_status(200).json(), me.json());
    admin.client.get("/v1/admin/audit?limit=1").expect_status(200);
}

#[test]
fn the_scheme_of_a_valid_token_is_compared_without_case() {
    let ada = customer("scheme");
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let authorization = format!("{scheme} {}", ada.access_token);
        let headers = [("authorization", authorization.as_str())];
        target().client().send("GET", "/v1/users/me", &headers, None).expect_status(200);
    }
}

#[test]
fn a_forged_token_does_not_invalidate_its_original() {
    // The cache of verified tokens is keyed by the whole text of the token.
    let ada = customer("cached");
    let (head, signature) = ada.access_token.rsplit_once('.').expect("a token");
    let forged = format!("{head}.{}", signature.chars().rev().collect::<String>());
    for _ in 0..3 {
        ada.client.get("/v1/users/me").expect_status(200);
        expect_refused(&target().client().as_user(&forged).get("/v1/users/me"), "reversed");
    }
}
