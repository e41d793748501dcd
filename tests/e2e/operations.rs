//! Check 4: every operation of docs/api.md, sent by every kind of caller. An operation of the page that is missing in the table here fails,
//! so that a new operation is not forgotten.

mod table;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use spindle_tests::accounts::{Account, admin, customer, operator};
use spindle_tests::jwt::{Jwt, service_claims, service_token};
use spindle_tests::orders::{Order, place_order};
use spindle_tests::problem::expect_problem;
use spindle_tests::products::{Product, create_product};
use spindle_tests::{Client, Response, raw, target};
use table::{ROWS, Row};

const PAGE: &str = include_str!("../../docs/api.md");

/// An entity tag that no resource has: an authorised change gets a 412 and has no effect.
const STALE: &str = "\"of another time\"";

/// A service that consumes events, and so has dead letters.
const CONSUMER: &str = "payments";

/// An id that no resource has.
const UNKNOWN_ID: &str = "0190a5c0-0000-7000-8000-000000000000";

/// An operation of the page.
#[derive(Clone, Copy, Debug)]
struct Operation {
    service: &'static str,
    method: &'static str,
    path: &'static str,
    who: &'static str,
    class: &'static str,
    body_limit: usize,
}

impl Operation {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn path_of(&self, id: &str) -> String {
        let path = self.path.replace("{id}", id).replace("{order_id}", id);
        path.replace("{service}", CONSUMER).replace("{provider}", UNKNOWN_ID)
    }

    fn is_internal(&self) -> bool {
        self.who.starts_with("service")
    }
}

/// Returns every operation of the page.
fn operations() -> Vec<Operation> {
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

/// The callers, and the resources of the owner.
struct Fixture {
    anonymous: Client,
    stranger: Account,
    owner: Account,
    operator: Account,
    admin: Account,
    /// A session of the owner that may be ended.
    session: String,
    /// The entity tag of the owner's profile.
    etag: String,
    product: Product,
    /// An order of the owner.
    order: Order,
}

impl Fixture {
    fn new() -> Self {
        let owner = customer("owner");
        let session = Jwt::parse(&owner.log_in_again().access_token).claims["sid"].as_str().expect("an id").to_owned();
        let ordered = create_product(&operator().client, &json!({"stock": {"quantity": 1}}));
        Self {
            order: place_order(&owner.client, &ordered, 1, "pm_timeout"),
            anonymous: target().client().clone(),
            stranger: customer("stranger"),
            etag: owner.client.get(&owner.path()).expect_status(200).etag(),
            product: create_product(&operator().client, &json!({})),
            operator: operator(),
            admin: admin(),
            owner,
            session,
        }
    }

    /// Returns each caller with the status of its response; the owner comes last, because its request takes effect.
    fn callers(&self, row: &Row) -> [(&'static str, &Client, u16); 5] {
        let [anonymous, stranger, owner, operator, admin] = row.statuses;
        [
            ("anonymous", &self.anonymous, anonymous),
            ("another customer", &self.stranger.client, stranger),
            ("an operator", &self.operator.client, operator),
            ("an admin", &self.admin.client, admin),
            ("the owner", &self.owner.client, owner),
        ]
    }

    fn path(&self, row: &Row) -> String {
        let path = row.operation.split_once(' ').expect("a method and a path").1;
        let id = match path {
            _ if path.contains("/sessions/") => &self.session,
            _ if path.contains("/products/") => &self.product.id,
            _ if path.contains("/orders/") => &self.order.id,
            _ => &self.owner.id,
        };
        path.replace("{id}", id).replace("{service}", CONSUMER).replace("{provider}", UNKNOWN_ID)
    }

    /// Sends the operation. A request that is to be refused is valid in all other respects.
    fn send(&self, client: &Client, row: &Row, status: u16) -> Response {
        let method = row.operation.split_once(' ').expect("a method and a path").0;
        let etag = if row.operation.contains("/products/") { &self.product.etag } else { &self.etag };
        let etag = if matches!(status, 401 | 403 | 404) { etag } else { STALE };
        let mut headers = vec![("content-type", "application/json")];
        // A read with a stale tag would be a 412 as well.
        if method != "GET" {
            headers.push(("if-match", etag));
        }
        let body = row.body.map(|body| body().to_string());
        client.send(method, &self.path(row), &headers, body.as_deref().map(str::as_bytes))
    }
}

fn row(operation: &Operation) -> &'static Row {
    let name = operation.name();
    ROWS.iter()
        .find(|row| row.operation == name)
        .unwrap_or_else(|| panic!("add the statuses of {name} to tests/e2e/operations/table.rs"))
}

/// Returns whether the statuses of `row` fit the callers that the page names.
fn fits(row: &Row, who: &str) -> bool {
    let let_in = |status: u16| !matches!(status, 401 | 403);
    let [anonymous, stranger, owner, operator, admin] = row.statuses;
    match who {
        "anyone" => row.statuses.into_iter().all(let_in),
        "customer" => anonymous == 401 && [stranger, owner, operator, admin].into_iter().all(let_in),
        "operator" => (anonymous, stranger, owner) == (401, 403, 403) && let_in(operator) && let_in(admin),
        "admin" => (anonymous, stranger, owner, operator) == (401, 403, 403, 403) && let_in(admin),
        other => panic!("not a kind of caller: {other}"),
    }
}

#[test]
fn every_operation_admits_only_the_callers_on_the_page_and_has_its_rate_class() {
    let fixture = Fixture::new();
    for operation in operations().iter().filter(|operation| !operation.is_internal()) {
        let row = row(operation);
        assert!(fits(row, operation.who), "{}: {:?} is not for {}", row.operation, row.statuses, operation.who);
        for (name, client, status) in fixture.callers(row) {
            let response = fixture.send(client, row, status);
            assert_eq!(response.status, status, "{} as {name}: {}", row.operation, response.text());
            let policy = response.header("ratelimit-policy");
            let class = policy.and_then(|policy| policy.split('"').nth(1)).unwrap_or("-");
            assert_eq!(class, operation.class, "{} as {name}: {policy:?}", row.operation);
            let kind = match status {
                401 => "unauthorized",
                403 => "forbidden",
                404 => "not-found",
                _ => continue,
            };
            expect_problem(&response, status, kind);
        }
    }
    let owner = fixture.admin.client.get(&fixture.owner.path()).expect_status(200);
    assert_eq!(owner.etag(), fixture.etag, "no request changed the owner's profile");
    let product = fixture.anonymous.get(&fixture.product.path).expect_status(200);
    assert_eq!(product.etag(), fixture.product.etag, "no request changed the product");
    let order = fixture.owner.client.get(&fixture.order.path).expect_status(200);
    assert_eq!(order.json()["status"], "pending_payment", "no request changed the order");
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
    let fixture = Fixture::new();
    let profile = fixture.owner.path();
    let paths: [&str; 7] = [
        "/v1/users/me",
        &profile,
        &fixture.product.path,
        "/v1/products?limit=1",
        "/v1/categories",
        &fixture.order.path,
        "/.well-known/jwks.json",
    ];
    for path in paths {
        let read = |tag: &str| fixture.owner.client.send("GET", path, &[("if-match", tag)], None);
        expect_problem(&read(STALE), 412, "precondition-failed");
        read("*").expect_status(200);
    }
    let me = fixture.owner.client.send("GET", "/v1/users/me", &[("if-match", fixture.etag.as_str())], None);
    assert_eq!(me.expect_status(200).etag(), fixture.etag);
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
