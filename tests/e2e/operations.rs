//! The operations of docs/api.md, and the rules that hold for each of them. Who may use which is in `authorization`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use spindle_tests::accounts::{admin, customer, operator};
use spindle_tests::jwt::{service_claims, service_token};
use spindle_tests::orders::place_order;
use spindle_tests::problem::expect_problem;
use spindle_tests::products::create_product;
use spindle_tests::{raw, target};

const PAGE: &str = include_str!("../../docs/api.md");

/// An entity tag that no resource has: an authorised change gets a 412 and has no effect.
const STALE: &str = "\"of another time\"";

/// A service that consumes events, and so has dead letters.
const CONSUMER: &str = "payments";

/// An id that no resource has.
const UNKNOWN_ID: &str = "0190a5c0-0000-7000-8000-000000000000";

/// An operation of the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    pub(crate) service: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) who: &'static str,
    pub(crate) class: &'static str,
    body_limit: usize,
}

impl Operation {
    /// Returns method and path.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn path_of(&self, id: &str) -> String {
        let path = self.path.replace("{id}", id).replace("{order_id}", id).replace("{user_id}", id);
        path.replace("{service}", CONSUMER).replace("{provider}", UNKNOWN_ID)
    }

    /// Returns whether only services may use it.
    pub(crate) fn is_internal(&self) -> bool {
        self.who.starts_with("service")
    }
}

/// Returns every operation of the page.
pub(crate) fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    for section in PAGE.split("\n## ").skip(1) {
        let service = section.lines().next().expect("a section has a heading");
        for line in section.lines().filter(|line| line.starts_with("| `")) {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [operation, who, class, body_limit] = cells[..] else { panic!("not four cells: {line}") };
            let (method, path) = operation.trim_matches('`').split_once(' ').expect("a method and a path");
            let kib: usize = body_limit.parse().expect("a number of KiB");
            operations.push(Operation { service, method, path, who, class, body_limit: kib << 10 });
        }
    }
    assert!(operations.len() >= 10, "the page is read: {operations:?}");
    operations
}

#[test]
fn every_operation_with_a_body_refuses_a_content_coding() {
    let client = admin().client;
    let reads =
        |operation: &&Operation| matches!(operation.method, "POST" | "PUT" | "PATCH") && !operation.is_internal();
    for operation in operations().iter().filter(reads) {
        let path = operation.path_of(UNKNOWN_ID);
        let headers = [("content-type", "application/json"), ("content-encoding", "gzip"), ("if-match", STALE)];
        let response = client.send(operation.method, &path, &headers, Some(b"\x1f\x8b\x08\0"));
        expect_problem(&response, 415, "unsupported-media-type");
        assert_eq!(response.header("accept-encoding"), Some("identity"), "{}", operation.name());
    }
}

#[test]
fn a_read_of_another_version_is_refused() {
    let owner = customer("owner");
    let etag = owner.client.get("/v1/users/me").expect_status(200).etag();
    let product = create_product(&operator().client, &json!({"stock": {"quantity": 1}}));
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
    let reads =
        |operation: &&Operation| matches!(operation.method, "POST" | "PUT" | "PATCH") && !operation.is_internal();
    for operation in operations().iter().filter(reads) {
        let path = operation.path_of(UNKNOWN_ID);
        let media_type = if path.ends_with("/import") { "application/x-ndjson" } else { "application/json" };
        let headers = [("content-type", media_type), ("if-match", STALE)];
        let taken = client.send(operation.method, &path, &headers, Some(&vec![b' '; operation.body_limit]));
        assert_ne!(taken.status, 413, "{}", operation.name());
        // The body is only announced, since a server that refuses it does not read it.
        let head = raw::head(&client, operation.method, &path);
        let longer =
            format!("{head}content-type: {media_type}\r\ncontent-length: {}\r\n\r\n", operation.body_limit + 1);
        let refused = raw::send(&client, longer.as_bytes());
        assert_eq!(refused.status, 413, "{}: {refused:?}", operation.name());
        assert!(refused.body.contains("payload-too-large"), "{}: {refused:?}", operation.name());
    }
}

#[test]
fn no_path_has_a_method_that_is_not_on_the_page() {
    let client = admin().client;
    let mut listed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let all = operations();
    for operation in all.iter().filter(|operation| !operation.is_internal()) {
        listed.entry(operation.path).or_default().insert(operation.method);
    }
    for operation in all.iter().filter(|operation| !operation.is_internal()) {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"] {
            if !listed[operation.path].contains(method) {
                let response = client.send(method, &operation.path_of(UNKNOWN_ID), &[("if-match", STALE)], None);
                // A server may know fewer methods.
                let refused = matches!(response.status, 400 | 405 | 501);
                assert!(refused, "{method} {}: {} {}", operation.path, response.status, response.text());
            }
        }
    }
}

#[test]
fn no_client_can_reach_an_internal_operation() {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("it is past 1970").as_secs();
    let owner = customer("owner");
    let mut paths: BTreeSet<(&str, String)> = BTreeSet::new();
    for operation in operations() {
        // The operations of the gateway that are reachable from outside are in internal_paths.rs.
        if operation.is_internal() && operation.service != "gateway" {
            paths.insert((operation.service, operation.path_of(&owner.id)));
        }
        for built_in in ["ready", "ready/stores", "audit", "audit/verify"] {
            paths.insert((operation.service, format!("/internal/{}/{built_in}", operation.service)));
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
