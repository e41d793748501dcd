//! Headers that claim an identity or an address, and headers that are too many or too long.

use serde_json::json;
use spindle_tests::accounts::{PASSWORD, admin, customer, register};
use spindle_tests::jwt::{service_claims, service_token};
use spindle_tests::problem::expect_problem;
use spindle_tests::{Client, Response, raw, target};

/// An address for documentation (RFC 5737), which no client has.
const REDIRECT_HOST: &str = "203.0.113.77";

/// The headers in which proxies and frameworks pass on the user of a request.
const CLAIMS_OF_IDENTITY: [&str; 22] = [
    "x-user-id",
    "x-user",
    "x-user-role",
    "x-role",
    "x-roles",
    "x-admin",
    "x-is-admin",
    "x-authenticated-user",
    "x-forwarded-user",
    "x-forwarded-email",
    "x-forwarded-access-token",
    "x-remote-user",
    "remote-user",
    "x-spindle-user",
    "x-spindle-role",
    "x-spindle-caller",
    "x-spindle-service",
    "x-service-token",
    "x-internal",
    "x-internal-request",
    "x-original-user",
    "proxy-authorization",
];

/// Headers by which a gateway rewrites path or method of a request.
const REWRITES: [(&str, &str); 10] = [
    ("x-original-url", "/internal/users/ready"),
    ("x-rewrite-url", "/internal/users/ready"),
    ("x-forwarded-path", "/internal/users/ready"),
    ("x-forwarded-prefix", "/internal/users"),
    ("x-http-method-override", "DELETE"),
    ("x-method-override", "DELETE"),
    ("x-http-method", "DELETE"),
    ("spin-path-info", "/internal/users/ready"),
    ("spin-full-url", "http://users.spin.internal/internal/users/ready"),
    ("spin-matched-route", "/internal/..."),
];

fn get(client: &Client, path: &str, headers: &[(&str, &str)]) -> Response {
    client.send("GET", path, headers, None)
}

#[test]
fn a_header_that_claims_an_identity_is_ignored() {
    let (ada, admin) = (customer("claims"), admin().id);
    for name in CLAIMS_OF_IDENTITY {
        for value in [admin.as_str(), "admin", "true", "users"] {
            let claim = [(name, value)];
            expect_problem(&get(target().client(), "/v1/users/me", &claim), 401, "unauthorized");
            expect_problem(&get(&ada.client, "/v1/users", &claim), 403, "forbidden");
            expect_problem(&get(target().client(), "/internal/users/ready", &claim), 404, "not-found");
            let me = get(&ada.client, "/v1/users/me", &claim).expect_status(200).json();
            assert_eq!((&me["id"], &me["role"]), (&json!(ada.id), &json!("customer")), "{name}: {value}");
        }
    }
}

#[test]
fn a_header_changes_neither_path_nor_method() {
    let ada = customer("rewrite");
    let me = ada.client.get("/v1/users/me").expect_status(200);
    for rewrite in REWRITES {
        let headers = [rewrite, ("if-match", &me.etag())];
        assert_eq!(get(&ada.client, "/v1/users/me", &headers).expect_status(200).json(), me.json(), "{rewrite:?}");
        expect_problem(&get(target().client(), "/v1/nothing", &headers), 404, "not-found");
    }
}

#[test]
fn a_header_that_claims_an_address_is_ignored() {
    let email = register(target().client(), "elsewhere")["email"].as_str().expect("an address").to_owned();
    let login = json!({"email": email, "password": PASSWORD}).to_string();
    let forwarded = format!("for={REDIRECT_HOST};proto=https");
    let peer = format!("{REDIRECT_HOST}:443");
    let headers = [
        ("content-type", "application/json"),
        ("x-forwarded-for", REDIRECT_HOST),
        ("x-real-ip", REDIRECT_HOST),
        ("x-client-ip", REDIRECT_HOST),
        ("true-client-ip", REDIRECT_HOST),
        ("cf-connecting-ip", REDIRECT_HOST),
        ("forwarded", forwarded.as_str()),
        ("spin-client-addr", peer.as_str()),
        ("x-spin-client-addr", peer.as_str()),
    ];
    let response = target().client().send("POST", "/v1/auth/login", &headers, Some(login.as_bytes()));
    let body = response.expect_status(200).json();
    let client = target().client().as_user(body["access_token"].as_str().expect("a token"));
    let sessions = client.get("/v1/auth/sessions").expect_status(200).json();
    let address = sessions["items"][0]["ip_address"].as_str().unwrap_or_default();
    assert!(!address.is_empty() && address != REDIRECT_HOST, "{sessions}");
}

#[test]
fn a_request_with_two_tokens_is_refused() {
    let (ada, other) = (customer("double"), customer("double"));
    let [valid, same, other] = [&ada, &ada, &other].map(|account| format!("Bearer {}", account.access_token));
    for pair in
        [[&valid, &same], [&valid, &other], [&valid, &"Bearer x".to_owned()], [&"Basic eDp5".to_owned(), &valid]]
    {
        let headers = pair.map(|value| ("authorization", value.as_str()));
        for path in ["/v1/users/me", "/v1/auth/sessions", "/v1/admin/audit"] {
            let response = get(target().client(), path, &headers);
            expect_problem(&response, 401, "unauthorized");
            let challenge = response.header("www-authenticate").unwrap_or_default();
            assert!(challenge.starts_with("Bearer error=\"invalid_token\""), "{challenge}");
        }
    }
}

#[test]
fn a_token_outside_the_authorization_header_is_ignored() {
    let ada = customer("elsewhere");
    let client = target().client();
    let token = &ada.access_token;
    // RFC 6750 (sections 2.2 and 2.3) defines two more places, both of which end up in logs.
    expect_problem(&client.get(&format!("/v1/users/me?access_token={token}")), 401, "unauthorized");
    let form = format!("access_token={token}");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    expect_problem(&client.send("POST", "/v1/auth/password", &headers, Some(form.as_bytes())), 401, "unauthorized");
    let cookie = format!("access_token={token}; authorization=Bearer {token}");
    for header in [("cookie", cookie.as_str()), ("x-access-token", token), ("x-authorization", token)] {
        expect_problem(&get(client, "/v1/users/me", &[header]), 401, "unauthorized");
    }
}

#[test]
fn a_service_token_under_a_guessed_secret_is_refused() {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("it is past 1970").as_secs();
    let operations = [
        ("users", "GET /internal/users/ready"),
        ("auth", "GET /internal/auth/audit"),
        ("users", "GET /v1/users/me"),
        ("auth", "GET /v1/auth/sessions"),
    ];
    for secret in ["", "secret", "changeme", "0123456789abcdef0123456789abcdef"] {
        for (service, operation) in operations {
            let token = service_token(secret, service_claims("gateway", service, operation, now.cast_signed()));
            let path = operation.strip_prefix("GET ").expect("a GET");
            let response = target().client().as_user(&token).get(path);
            let expected = if path.starts_with("/internal/") { 404 } else { 401 };
            assert_eq!(response.status, expected, "{operation}: {}", response.text());
        }
    }
}

/// Sends a request with these header lines. Checks that its status is one of `statuses`, and that the next request succeeds.
#[track_caller]
fn expect_survived(lines: &str, statuses: &[u16]) {
    let client = target().client();
    let request = raw::head(client, "GET", "/healthz") + lines + "\r\n";
    // A server that stops reading may close the connection without a response.
    if let Some(response) = raw::try_send(client, request.as_bytes()) {
        assert!(statuses.contains(&response.status), "{:?}", response.head);
    }
    client.get("/healthz").expect_status(200);
}

#[test]
fn a_header_of_a_megabyte_is_refused() {
    let big = "x".repeat(1 << 20);
    expect_survived(&format!("x-big: {big}\r\n"), &[400, 431]);
    expect_survived(&format!("{big}: 1\r\n"), &[400, 431]);
    expect_survived(&format!("authorization: Bearer {big}\r\n"), &[400, 431]);
    expect_survived(&"x-many: 1\r\n".repeat(50_000), &[400, 431]);
    let line = format!("GET /{big} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    if let Some(response) = raw::try_send(target().client(), line.as_bytes()) {
        assert!(matches!(response.status, 400 | 414 | 431), "{:?}", response.head);
    }
}

#[test]
fn a_long_token_is_refused_as_invalid() {
    let token = "A".repeat(20_000);
    for token in [&token, &format!("{token}.{token}.{token}"), &".".repeat(20_000)] {
        expect_problem(&target().client().as_user(token).get("/v1/users/me"), 401, "unauthorized");
    }
}

#[test]
fn an_invalid_character_in_a_header_is_refused() {
    for line in
        ["x: a\0b\r\n", "x : 1\r\n", "x\r\n", ": 1\r\n", "x: a\rb\r\n", "\0: 1\r\n", "x(): 1\r\n", "x: \x7f\r\n"]
    {
        expect_survived(line, &[400]);
    }
    // A value may contain bytes outside ASCII, which have no meaning.
    expect_survived("x: \u{fc}\u{fc}\r\nauthorization: Bearer \u{fc}\r\n", &[200, 400]);
}
