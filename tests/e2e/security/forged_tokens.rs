//! Check 5: tokens that nobody was given. Each is refused as a token that is not good, by every service, and does nothing.

mod forge;

use serde_json::json;
use spindle_tests::accounts::{admin, customer};
use spindle_tests::problem::expect_problem;
use spindle_tests::users::unique_email;
use spindle_tests::{Client, Response, target};

/// Something to read in each service.
const READS: [&str; 4] = ["/v1/users/me", "/v1/users?limit=1", "/v1/auth/sessions", "/v1/admin/audit?limit=1"];

/// The fewest forgeries there are to be: the acceptance check asks for 40.
const AT_LEAST: usize = 60;

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
fn no_forged_token_lets_anybody_in() {
    let (admin, ada) = (admin(), customer("forged"));
    let nobody = target().client();
    let (me, path) = (ada.client.get("/v1/users/me").expect_status(200), ada.path());
    let email = unique_email("made-by-nobody");
    let create = json!({"email": email, "display_name": "Nobody"}).to_string();
    let password = json!({"current": ada.password, "new": "a password of the attacker"}).to_string();
    let promote = json!({"role": "admin"}).to_string();

    let jwks = nobody.get("/.well-known/jwks.json").expect_status(200);
    let forgeries = forge::all(&admin, &ada, &jwks);
    assert!(forgeries.len() >= AT_LEAST, "{}", forgeries.len());
    for (forgery, authorization) in &forgeries {
        let send = |method, path, body: &str| send(nobody, authorization, method, path, &me.etag(), body.as_bytes());
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

    // Nothing has happened, and the tokens that were tried to be copied are as good as before.
    let found = admin.client.get(&format!("/v1/users?email={email}")).expect_status(200).json();
    assert_eq!(found["items"], json!([]));
    assert_eq!(ada.client.get("/v1/users/me").expect_status(200).json(), me.json());
    admin.client.get("/v1/admin/audit?limit=1").expect_status(200);
}

#[test]
fn a_good_token_is_good_however_its_scheme_is_written() {
    let ada = customer("scheme");
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let authorization = format!("{scheme} {}", ada.access_token);
        let headers = [("authorization", authorization.as_str())];
        target().client().send("GET", "/v1/users/me", &headers, None).expect_status(200);
    }
}

#[test]
fn a_forged_token_does_not_spoil_the_good_one_it_was_made_from() {
    // What is kept of tokens that were checked is kept by their whole text.
    let ada = customer("stamped");
    let (head, signature) = ada.access_token.rsplit_once('.').expect("a token");
    let forged = format!("{head}.{}", signature.chars().rev().collect::<String>());
    for _ in 0..3 {
        ada.client.get("/v1/users/me").expect_status(200);
        expect_refused(&target().client().as_user(&forged).get("/v1/users/me"), "reversed");
    }
}
