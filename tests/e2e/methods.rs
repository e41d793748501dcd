//! Unknown paths, and methods that a path does not allow.

use serde_json::json;
use spindle_tests::accounts::admin;
use spindle_tests::problem::expect_problem;
use spindle_tests::users::create_user;
use spindle_tests::{raw, target};

#[test]
fn an_unknown_path_is_a_problem_that_names_it() {
    let client = target().client();
    for path in ["/", "/v1", "/v1/nothing", "/favicon.ico", "/v1/usersx", "/v1/users/a/b/c", "/healthz/x"] {
        for method in ["GET", "POST", "DELETE"] {
            let problem = expect_problem(&client.send(method, path, &[], None), 404, "not-found");
            assert_eq!(problem["instance"], path);
        }
    }
}

#[test]
fn the_problem_of_an_unknown_path_does_not_contain_the_query() {
    let response = target().client().get("/v1/nothing?token=s3cret");
    expect_problem(&response, 404, "not-found");
    assert!(!response.text().contains("s3cret"));
}

#[test]
fn the_response_to_a_method_that_is_not_allowed_lists_the_allowed_ones() {
    let client = target().client();
    let user = create_user(&admin().client, "methods").path;
    let cases = [
        ("PUT", "/v1/users", "GET, HEAD, OPTIONS, POST"),
        ("DELETE", "/v1/users", "GET, HEAD, OPTIONS, POST"),
        ("POST", user.as_str(), "DELETE, GET, HEAD, OPTIONS, PATCH"),
        ("PUT", user.as_str(), "DELETE, GET, HEAD, OPTIONS, PATCH"),
        ("POST", "/healthz", "GET, HEAD, OPTIONS"),
        ("DELETE", "/readyz", "GET, HEAD, OPTIONS"),
    ];
    for (method, path, allowed) in cases {
        let response = client.send(method, path, &[], None);
        expect_problem(&response, 405, "method-not-allowed");
        let mut methods: Vec<&str> = response.header("allow").expect("405 has Allow").split(", ").collect();
        methods.sort_unstable();
        assert_eq!(methods.join(", "), allowed, "{method} {path}");
    }
}

#[test]
fn head_returns_the_headers_of_get_without_the_body() {
    let client = &admin().client;
    let user = create_user(client, "head");
    let get = client.get(&user.path).expect_status(200);
    let head = client.send("HEAD", &user.path, &[], None).expect_status(200);
    assert!(head.body.is_empty());
    for name in ["etag", "content-type", "cache-control"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    // The header is optional, but if present, it is the length of the body.
    let length = head.header("content-length");
    assert!(length.is_none() || length == get.header("content-length"), "{head:?}");
    assert_eq!(client.send("HEAD", "/v1/nothing", &[], None).status, 404);
}

/// Sends `first` and then another request on one connection, and returns the head of the first response and all that follows.
fn first_of_two(first: &str) -> (String, String) {
    let client = target().client();
    let second = raw::head(client, "GET", "/healthz") + "\r\n";
    let response = raw::send(client, format!("{first}\r\n{second}").as_bytes());
    (response.head, response.body)
}

#[test]
fn a_response_without_a_body_has_no_length_and_keeps_the_connection() {
    let keys = "/.well-known/jwks.json";
    let etag = target().client().get(keys).expect_status(200).etag();
    let none_match = format!("GET {keys} HTTP/1.1\r\nhost: localhost\r\nif-none-match: {etag}\r\n");
    let options = "OPTIONS /healthz HTTP/1.1\r\nhost: localhost\r\n".to_owned();
    for (request, status) in [(options, "204"), (none_match, "304")] {
        let (head, rest) = first_of_two(&request);
        assert!(head.starts_with(&format!("http/1.1 {status} ")), "{head}");
        // A 204 must have neither; the length in a 304 would be that of the body that is not sent (RFC 9110, section 8.6).
        for name in ["content-length:", "transfer-encoding:"] {
            assert!(!head.contains(name), "{head}");
        }
        assert!(rest.starts_with("HTTP/1.1 200 ") && rest.ends_with("{\"status\":\"ok\"}"), "{rest}");
    }
    let (head, rest) = first_of_two("HEAD /healthz HTTP/1.1\r\nhost: localhost\r\n");
    assert!(head.starts_with("http/1.1 200 ") && rest.starts_with("HTTP/1.1 200 "), "{head}\n\n{rest}");
}

#[test]
fn every_response_forbids_content_sniffing() {
    let client = &admin().client;
    let user = create_user(client, "sniff");
    let invalid = client.post("/v1/users", &json!({}));
    let refused = target().client().get(&user.path).expect_status(401);
    for response in [client.get("/healthz"), client.get(&user.path), client.get("/v1/nothing"), invalid, refused] {
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"), "{response:?}");
    }
}
