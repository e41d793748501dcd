//! Conditional requests of every operation that documents them: no client overwrites a version that it has not read, and none reads what it has.

use std::sync::Barrier;
use std::thread;

use serde_json::json;
use spindle_tests::accounts::customer;
use spindle_tests::documents::{Operation, operations};
use spindle_tests::problem::expect_problem;
use spindle_tests::{Client, Response};

use crate::authorization::fixture::{self, Fixture};
use crate::authorization::table::row_of;
use crate::authorization::{Request, STALE, path, resource_path};

/// The number of clients that change one version at the same time.
const WRITERS: usize = 50;

/// The statuses besides 412 of the writers that come too late, where the change ends the resource, or the state that the operation requires.
const TOO_LATE: [(&str, &[u16]); 3] = [
    // The token of an erased user has ended.
    ("eraseOwnUser", &[401, 404]),
    ("eraseUser", &[404]),
    ("refundPayment", &[409]),
];

/// Operations that make no new version of the resource whose tag they compare.
const WITHOUT_NEW_VERSION: [(&str, &str); 1] = [("inviteUser", "an invitation is no part of the user")];

/// A resource of an operation, and a client that may change it.
struct Contended {
    client: Client,
    id: Option<String>,
    etag: String,
}

impl Contended {
    /// Makes a new resource of `operation`. One without an id in its path is the profile of the caller.
    fn new(fixture: &Fixture, operation: &Operation) -> Self {
        match row_of(operation).resource {
            Some(resource) => {
                // The owner of everything else is needed after an erasure.
                let resource = if operation.id == "eraseUser" { fixture::user } else { resource };
                let (client, id) = (fixture.admin().clone(), resource(fixture));
                let etag = read(&client, operation, Some(&id)).etag();
                Self { client, id: Some(id), etag }
            }
            None => {
                let client = customer("contended").client;
                let etag = read(&client, operation, None).etag();
                Self { client, id: None, etag }
            }
        }
    }
}

/// Returns the operations that write and obey `If-Match`.
fn writes() -> impl Iterator<Item = &'static Operation> {
    operations().iter().filter(|operation| !operation.is_read() && operation.has_parameter("header", "if-match"))
}

/// Returns whether a request of `operation` without `If-Match` is refused.
fn requires_if_match(operation: &Operation) -> bool {
    operation.responses().contains_key(&428)
}

/// Reads the resource of `operation`: at its own path if it can be read there, else at the path of its id.
fn read(client: &Client, operation: &Operation, id: Option<&str>) -> Response {
    let has_read = operations().iter().any(|other| other.is_read() && other.path == operation.path);
    let path = match id {
        Some(id) if !has_read => resource_path(operation, id),
        _ => path(operation, id),
    };
    client.get(&path).expect_status(200)
}

#[test]
fn of_fifty_writers_with_the_etag_of_one_version_one_succeeds() {
    let fixture = Fixture::new();
    let (mut checked, mut failures) = (0, Vec::new());
    for operation in writes().filter(|operation| WITHOUT_NEW_VERSION.iter().all(|(id, _)| *id != operation.id)) {
        let Contended { client, id, etag } = Contended::new(&fixture, operation);
        let requests: Vec<Request> =
            (0..WRITERS).map(|_| Request::new(&fixture, operation, id.as_deref()).if_match(Some(&etag))).collect();
        let start = Barrier::new(WRITERS);
        let mut statuses: Vec<u16> = thread::scope(|scope| {
            let (start, client) = (&start, &client);
            let writers: Vec<_> = requests
                .iter()
                .map(|request| {
                    scope.spawn(move || {
                        start.wait();
                        request.send(client).status
                    })
                })
                .collect();
            writers.into_iter().map(|writer| writer.join().expect("a writer does not panic")).collect()
        });
        statuses.sort_unstable();
        let too_late = TOO_LATE.iter().find(|(id, _)| *id == operation.id).map_or(&[][..], |(_, statuses)| statuses);
        let is_refused = |status: &u16| *status == 412 || too_late.contains(status);
        if !(200..300).contains(&statuses[0]) || !statuses[1..].iter().all(is_refused) {
            failures.push(format!("{}: {statuses:?}", operation.id));
        }
        checked += 1;
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(checked >= 6, "the document has operations with If-Match: {checked}");
}

#[test]
fn a_change_that_requires_if_match_is_refused_without_it() {
    let fixture = Fixture::new();
    let mut checked = 0;
    for operation in writes().filter(|operation| requires_if_match(operation)) {
        let Contended { client, id, etag } = Contended::new(&fixture, operation);
        let request = |etag: Option<&str>| Request::new(&fixture, operation, id.as_deref()).if_match(etag);
        expect_problem(&request(None).send(&client), 428, "precondition-required");
        expect_problem(&request(Some(STALE)).send(&client), 412, "precondition-failed");
        expect_problem(&request(Some(&format!("W/{etag}"))).send(&client), 412, "precondition-failed");
        expect_problem(&request(Some("v1")).send(&client), 400, "malformed-request");
        assert_eq!(read(&client, operation, id.as_deref()).etag(), etag, "{}: a refused change", operation.id);
        checked += 1;
    }
    assert!(checked >= 6, "the document has operations that require If-Match: {checked}");
}

#[test]
fn a_change_that_obeys_if_match_is_refused_at_another_version() {
    let fixture = Fixture::new();
    for operation in writes().filter(|operation| !requires_if_match(operation)) {
        let Contended { client, id, etag } = Contended::new(&fixture, operation);
        let request = || Request::new(&fixture, operation, id.as_deref());
        expect_problem(&request().if_match(Some(STALE)).send(&client), 412, "precondition-failed");
        let mut unless_current = request();
        unless_current.headers.push(("if-none-match", etag.clone()));
        expect_problem(&unless_current.send(&client), 412, "precondition-failed");
        assert_eq!(read(&client, operation, id.as_deref()).etag(), etag, "{}: a refused change", operation.id);
        let changed = request().if_match(None).send(&client);
        assert!((200..300).contains(&changed.status), "{}: {}", operation.id, changed.text());
    }
}

#[test]
fn every_patch_and_every_delete_of_a_versioned_resource_requires_if_match() {
    let is_versioned = |operation: &Operation| {
        let reads = operations().iter().filter(|other| other.is_read() && other.path == operation.path);
        reads
            .flat_map(|read| read.responses())
            .any(|(status, response)| status == 200 && !response["headers"]["ETag"].is_null())
    };
    for operation in operations() {
        if operation.method == "PATCH" || (operation.method == "DELETE" && is_versioned(operation)) {
            assert!(requires_if_match(operation), "{} does not document 428", operation.id);
            assert!(operation.has_parameter("header", "if-match"), "{} does not document If-Match", operation.id);
        }
    }
}

#[test]
fn a_read_of_the_version_that_the_client_has_is_a_304() {
    let fixture = Fixture::new();
    let mut checked = 0;
    for operation in operations().iter().filter(|operation| operation.responses().contains_key(&304)) {
        let id = row_of(operation).resource.map(|resource| resource(&fixture));
        let (client, path) = (fixture.admin(), path(operation, id.as_deref()));
        let with = |tag: &str| client.send("GET", &path, &[("if-none-match", tag)], None);
        // A list may change meanwhile: other tests create products.
        let is_stable = || {
            let etag = client.get(&path).expect_status(200).etag();
            let again = with(&etag);
            let is_unchanged = again.status == 304 && again.body.is_empty() && again.etag() == etag;
            is_unchanged || (id.is_none() && again.status == 200 && again.etag() != etag)
        };
        assert!(is_stable(), "{}", operation.id);
        assert_eq!(with(STALE).status, 200, "{}", operation.id);
        assert_eq!(with("*").status, 304, "{}", operation.id);
        checked += 1;
    }
    assert!(checked >= 6, "the document has operations with 304: {checked}");
}

#[test]
fn a_writer_that_reads_the_new_version_succeeds() {
    let fixture = Fixture::new();
    let owner = &fixture.owner.client;
    let change = |locale: &str, etag: &str| owner.patch("/v1/users/me", etag, &json!({"locale": locale}));
    let read = || owner.get("/v1/users/me").expect_status(200).etag();
    let first = read();
    change("de-DE", &first).expect_status(200);
    expect_problem(&change("en-GB", &first), 412, "precondition-failed");
    change("en-GB", &read()).expect_status(200);
}
