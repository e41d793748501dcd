//! The operations of the API, and the rules that hold for each of them. Who may use which is in `authorization`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use spindle_tests::accounts::{admin, customer, operator};
use spindle_tests::documents::{Operation, operations};
use spindle_tests::jwt::{service_claims, service_token};
use spindle_tests::orders::place_order;
use spindle_tests::problem::expect_problem;
use spindle_tests::products::create_product;
use spindle_tests::{raw, target};

const PAGE: &str = include_str!("../../docs/internal-operations.md");

/// An entity tag that no resource has: an authorised change gets a 412 and has no effect.
const STALE: &str = "\"of another time\"";

/// A service that consumes events, and so has dead letters.
const CONSUMER: &str = "payments";

/// An id that no resource has.
const UNKNOWN_ID: &str = "0190a5c0-0000-7000-8000-000000000000";

/// Returns the path of an operation, with `id` for each id in it.
pub(crate) fn path_of(path: &str, id: &str) -> String {
    let path = path.replace("{id}", id).replace("{order_id}", id).replace("{user_id}", id);
    path.replace("{service}", CONSUMER).replace("{provider}", UNKNOWN_ID)
}

/// Returns the operations with a body.
fn with_body() -> impl Iterator<Item = &'static Operation> {
    operations().iter().filter(|operation| matches!(operation.method.as_str(), "POST" | "PUT" | "PATCH"))
}

/// Returns service and path of each operation for other services.
fn internal_operations() -> Vec<(&'static str, &'static str)> {
    let mut operations = Vec::new();
    for section in PAGE.split("\n## ").skip(1) {
        let service = section.lines().next().expect("a section has a heading");
        for line in section.lines().filter_map(|line| line.strip_prefix("| `")) {
            let path = line.split(['`', ' ']).nth(1).expect("a method and a path");
            operations.push((service, path));
        }
    }
    assert!(operations.len() >= 10, "the page is read: {operations:?}");
    operations
}

#[test]
fn every_operation_with_a_body_refuses_a_content_coding() {
    let client = admin().client;
    for operation in with_body() {
        let path = path_of(&operation.path, UNKNOWN_ID);
        let headers = [("content-type", "application/json"), ("content-encoding", "gzip"), ("if-match", STALE)];
        let response = client.send(&operation.method, &path, &headers, Some(b"\x1f\x8b\x08\0"));
        expect_problem(&response, 415, "unsupported-media-type");
        assert_eq!(response.header("accept-encoding"), Some("identity"), "{}", operation.name());
    }
}

#[test]
fn a_read_of_another_version_is_refused() {
    let owner = customer("owner");
    let etag = owner.client.get("/v1/users/me").expect_status(200).etag();
    let product = create_product(&operator().client, &json!({"stock": {"on_hand": 1}}));
    let order = place_order(&owner.client, &product, 1, "pm_timeout");
    let profile = owner.path();
    let paths: [&str; 7] = [
        "/v1/users/me",
        &profile,
        &product.path,
        "/v1/products?limit=1",
        "/v1/categories",
        &order.path,
        "/.well-known/jwks.json",
    ];
    for path in paths {
        let read = |tag: &str| owner.client.send("GET", path, &[("if-match", tag)], None);
        expect_problem(&read(STALE), 412, "precondition-failed");
        read("*").expect_status(200);
    }
    let me = owner.client.send("GET", "/v1/users/me", &[("if-match", etag.as_str())], None);
    assert_eq!(me.expect_status(200).etag(), etag);
}

#[test]
fn every_operation_accepts_a_body_up_to_its_limit() {
    let client = admin().client;
    for operation in with_body() {
        let path = path_of(&operation.path, UNKNOWN_ID);
        let media_type = if path.ends_with("/import") { "application/x-ndjson" } else { "application/json" };
        let headers = [("content-type", media_type), ("if-match", STALE)];
        let taken = client.send(&operation.method, &path, &headers, Some(&vec![b' '; operation.body_limit]));
        assert_ne!(taken.status, 413, "{}", operation.name());
        // The body is only announced, since a server that refuses it does not read it.
        let head = raw::head(&client, &operation.method, &path);
        let longer =
            format!("{head}content-type: {media_type}\r\ncontent-length: {}\r\n\r\n", operation.body_limit + 1);
        let refused = raw::send(&client, longer.as_bytes());
        assert_eq!(refused.status, 413, "{}: {refused:?}", operation.name());
        assert!(refused.body.contains("payload-too-large"), "{}: {refused:?}", operation.name());
    }
}

#[test]
fn no_path_has_a_method_that_is_not_in_the_document() {
    let client = admin().client;
    let mut listed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for operation in operations() {
        listed.entry(&operation.path).or_default().insert(&operation.method);
    }
    for (path, listed) in listed {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"] {
            if !listed.contains(method) {
                let response = client.send(method, &path_of(path, UNKNOWN_ID), &[("if-match", STALE)], None);
                // A server may know fewer methods.
                let refused = matches!(response.status, 400 | 405 | 501);
                assert!(refused, "{method} {path}: {} {}", response.status, response.text());
            }
        }
    }
}

#[test]
fn no_client_can_reach_an_internal_operation() {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("it is past 1970").as_secs();
    let owner = customer("owner");
    let mut paths: BTreeSet<(&str, String)> = BTreeSet::new();
    for (service, path) in internal_operations() {
        // The operations of the gateway that are reachable from outside are in internal_paths.rs.
        if service != "gateway" {
            paths.insert((service, path_of(path, &owner.id)));
        }
        for built_in in ["ready", "ready/database", "ready/stores", "ready/calls", "audit", "audit/verify"] {
            paths.insert((service, format!("/internal/{service}/{built_in}")));
        }
    }
    for (service, path) in &paths {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let claims = service_claims("gateway", service, &format!("{method} {path}"), now.cast_signed());
            let made_up = target().client().as_user(&service_token("a secret that was made up, 32 bytes long", claims));
            let callers = [target().client(), &owner.client, &operator().client, &admin().client, &made_up];
            for client in callers {
                let headers = [("content-type", "application/json"), ("if-match", STALE)];
                let body = json!({"email": owner.email}).to_string();
                let body = matches!(method, "POST" | "PUT" | "PATCH").then_some(body.as_bytes());
                let response = client.send(method, path, &headers, body);
                assert_eq!(response.status, 404, "{method} {path}: {}", response.text());
                if method != "HEAD" {
                    expect_problem(&response, 404, "not-found");
                }
            }
        }
    }
    assert_eq!(owner.client.get("/v1/users/me").expect_status(200).json()["id"], Value::from(owner.id.as_str()));
}
