//! Internal paths are open to services only: from outside they are not found in any spelling. The exceptions are the paths of the gateway for the
//! external clock and the event relay, which require a service token.

use spindle_tests::accounts::admin;
use spindle_tests::problem::expect_problem;
use spindle_tests::{raw, target};

/// Spellings that a careless router, proxy or normaliser would resolve to an internal path.
const SPELLINGS: [&str; 32] = [
    "/internal/gateway/ready",
    "/internal/users/ready",
    "/internal/users/ready/",
    "/internal/tick/",
    "/internal/gateway/tick",
    "/internal//tick",
    "/Internal/tick",
    "/internal",
    "/internal/",
    "//internal/users/ready",
    "/./internal/users/ready",
    "/x/../internal/users/ready",
    "/%69nternal/users/ready",
    "/internal%2fusers%2fready",
    "/internal/users%2fready",
    "/INTERNAL/users/ready",
    "/internal;x=1/users/ready",
    "/internal/users/ready?x=/v1/users",
    "/v1/users/../../internal/users/ready",
    "/v1/users/%2e%2e/%2e%2e/internal/users/ready",
    "/v1/users/..%2f..%2finternal/users/ready",
    "/v1/users/internal/users/ready",
    "/v1/users//internal/users/ready",
    "/internal/auth/audit",
    "/v1/auth/internal/auth/ready",
    "/v1/auth/%2e%2e/%2e%2e/internal/auth/ready",
    "/.well-known/jwks.json/../../internal/auth/ready",
    "/internal/notify/send",
    "/internal/payment-provider/authorize",
    "/internal/pricing/adjust",
    "/internal/notify-email/send",
    "/notify-email/internal/notify/send",
];

/// The internal paths of the gateway that are reachable from outside.
const FROM_OUTSIDE: [&str; 2] = ["/internal/events", "/internal/tick"];

fn assert_not_found(response: &raw::RawResponse, request: &str) {
    assert!(matches!(response.status, 400 | 404), "{request}: {response:?}");
    for secret in ["migration", "database", "sqlite", ".wasm"] {
        assert!(!response.body.to_lowercase().contains(secret), "{request}: {response:?}");
    }
}

#[test]
fn no_spelling_of_an_internal_path_is_found() {
    // An admin has no access either.
    for client in [target().client(), &admin().client] {
        for path in SPELLINGS {
            for method in ["GET", "POST"] {
                let request = raw::head(client, method, path) + "content-length: 0\r\n\r\n";
                assert_not_found(&raw::send(client, request.as_bytes()), &format!("{method} {path}"));
            }
        }
    }
}

#[test]
fn a_host_name_of_a_service_does_not_open_its_internal_paths() {
    let client = target().client();
    let requests = [
        "GET http://users.spin.internal/internal/users/ready HTTP/1.1\r\nhost: users.spin.internal\r\n",
        "GET /internal/users/ready HTTP/1.1\r\nhost: users.spin.internal\r\n",
        "GET /internal/users/ready HTTP/1.1\r\nhost: localhost\r\nx-forwarded-host: users.spin.internal\r\n",
        "GET /internal/users/ready HTTP/1.1\r\nhost: localhost\r\nspin-full-url: http://users.spin.internal/\r\n",
        "GET /x HTTP/1.1\r\nhost: localhost\r\nx-original-url: /internal/users/ready\r\nx-rewrite-url: /internal/users/ready\r\n",
    ];
    for request in requests {
        let request = format!("{request}connection: close\r\n\r\n");
        // Spin closes the connection of a contradictory request.
        if let Some(response) = raw::try_send(client, request.as_bytes()) {
            assert_not_found(&response, &request);
        }
    }
}

#[test]
fn a_forged_service_token_does_not_open_an_internal_path() {
    let client = target().client();
    // {"alg":"none"}.{"iss":"gateway","aud":"users","sub":"gateway","exp":9999999999}.
    let unsigned =
        "eyJhbGciOiJub25lIn0.eyJpc3MiOiJnYXRld2F5IiwiYXVkIjoidXNlcnMiLCJzdWIiOiJnYXRld2F5IiwiZXhwIjo5OTk5OTk5OTk5fQ.";
    for path in ["/internal/users/ready", "/v1/users/../../internal/users/ready"] {
        let request = raw::head(client, "GET", path) + &format!("authorization: Bearer {unsigned}\r\n\r\n");
        assert_not_found(&raw::send(client, request.as_bytes()), path);
    }
}

#[test]
fn the_paths_that_are_reachable_from_outside_require_a_service_token() {
    for client in [target().client(), &admin().client, &target().client().as_user("made.up.token")] {
        for path in FROM_OUTSIDE {
            expect_problem(&client.post(path, &serde_json::json!({})), 401, "unauthorized");
            expect_problem(&client.get(path), 405, "method-not-allowed");
        }
    }
}
