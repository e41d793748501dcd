//! Checks 4 and 24: every operation of the OpenAPI document, as every kind of caller, also those whose rights have ended. The statuses follow from
//! the document; an operation without a row in the table fails, so that a new operation is not forgotten.

mod another_person;
pub(crate) mod fixture;
pub(crate) mod table;

use std::collections::BTreeSet;

use fixture::{CONSUMER, Fixture};
use spindle_tests::documents::{Operation, operations};
use spindle_tests::orders::unique_key;
use spindle_tests::problem::expect_problem;
use spindle_tests::{Client, Response};
use table::{CALLERS, ROWS, Row, row_of};

/// An entity tag that no resource has.
pub(crate) const STALE: &str = "\"of another time\"";

/// A query that no operation has.
const UNKNOWN_QUERY: &str = "?no-such-parameter=1";

/// The number of characters of an unexpected response in a message.
const SHOWN: usize = 200;

/// The operations of the gateway that only a service token opens, although they can be reached from outside.
const OF_SERVICES: [&str; 2] = ["/internal/tick", "/internal/events"];

/// Returns the path of `operation` for the resource `id`.
pub(crate) fn path(operation: &Operation, id: Option<&str>) -> String {
    fill(&operation.path, id)
}

/// Returns the path of the resource `id` of `operation` itself.
pub(crate) fn resource_path(operation: &Operation, id: &str) -> String {
    let end = operation.path.find("{id}").expect("an operation on a resource has an id in its path") + "{id}".len();
    fill(&operation.path[..end], Some(id))
}

fn fill(path: &str, id: Option<&str>) -> String {
    path.replace("{id}", id.unwrap_or("{id}")).replace("{service}", CONSUMER).replace("{provider}", "sandbox")
}

/// A request of an operation, which is valid in all respects.
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<String>,
}

impl Request {
    /// Makes a request of `operation` on the resource `id`: it expects any version, if a version is required.
    pub(crate) fn new(fixture: &Fixture, operation: &Operation, id: Option<&str>) -> Self {
        let body = row_of(operation).body.map(|body| body(fixture).to_string());
        let mut headers = Vec::new();
        if operation.responses().contains_key(&428) {
            headers.push(("if-match", "*".to_owned()));
        }
        if operation.method == "POST" {
            headers.push(("idempotency-key", unique_key()));
        }
        if body.is_some() {
            let media_type =
                if operation.path.ends_with("/import") { "application/x-ndjson" } else { "application/json" };
            headers.push(("content-type", media_type.to_owned()));
        }
        Self { method: operation.method.clone(), path: path(operation, id), headers, body }
    }

    /// Replaces the version that it expects; `None` expects none.
    pub(crate) fn if_match(mut self, etag: Option<&str>) -> Self {
        self.headers.retain(|(name, _)| *name != "if-match");
        self.headers.extend(etag.map(|etag| ("if-match", etag.to_owned())));
        self
    }

    pub(crate) fn send(&self, client: &Client) -> Response {
        let headers: Vec<(&str, &str)> = self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        client.send(&self.method, &self.path, &headers, self.body.as_deref().map(str::as_bytes))
    }
}

/// Returns the kind of problem that a status of the table has; `None` for a success.
fn problem_kind(status: u16) -> Option<&'static str> {
    Some(match status {
        200..300 => return None,
        400 => "malformed-request",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "not-found",
        409 => "conflict",
        412 => "precondition-failed",
        422 => "validation-failed",
        other => panic!("name the kind of problem of a {other} here"),
    })
}

#[test]
fn every_operation_has_one_row_and_documents_its_refusals() {
    let named: Vec<&str> = ROWS.iter().map(|row| row.operation).collect();
    let rows: BTreeSet<&str> = named.iter().copied().collect();
    assert_eq!(rows.len(), named.len(), "an operation has two rows");
    let documented: BTreeSet<&str> = operations().iter().map(|operation| operation.id.as_str()).collect();
    let missing: Vec<&&str> = documented.difference(&rows).collect();
    assert!(missing.is_empty(), "add a row to tests/e2e/authorization/table.rs for each of {missing:?}");
    let unknown: Vec<&&str> = rows.difference(&documented).collect();
    assert!(unknown.is_empty(), "the document does not have {unknown:?}");

    for operation in operations() {
        let (row, responses) = (row_of(operation), operation.responses());
        assert_eq!(operation.path.contains("{id}"), row.resource.is_some(), "{}: the resource", operation.id);
        for status in row.statuses(operation) {
            assert!(responses.contains_key(&status), "{} does not document {status}", operation.id);
        }
    }
}

#[test]
fn every_caller_gets_the_status_of_the_table_and_no_refused_request_changes_anything() {
    let fixture = Fixture::new();
    let mut failures = Vec::new();
    for operation in operations() {
        check_row(&fixture, operation, row_of(operation), &mut failures);
    }
    for path in OF_SERVICES {
        for client in fixture.clients() {
            expect_problem(&client.post(path, &serde_json::json!({})), 401, "unauthorized");
        }
    }
    assert!(failures.is_empty(), "{} differ from the table:\n{}", failures.len(), failures.join("\n"));
}

/// Sends the operation as each caller, and adds each difference from the table to `failures`.
fn check_row(fixture: &Fixture, operation: &Operation, row: &Row, failures: &mut Vec<String>) {
    let is_refusal = |status: u16| matches!(status, 401 | 403 | 404);
    let shared = row.resource.map(|resource| resource(fixture));
    let state = || shared.as_deref().and_then(|id| fixture.read(&resource_path(operation, id)));
    let before = state();
    let statuses = row.statuses(operation);
    let cells = || CALLERS.into_iter().zip(fixture.clients()).zip(statuses);
    for ((caller, client), status) in cells().filter(|(_, status)| is_refusal(*status)) {
        let response = send(fixture, client, operation, shared.as_deref(), status);
        failures.extend(difference(operation, caller, &response, status));
    }
    if state() != before {
        failures.push(format!("{}: a refused request has changed the resource", operation.id));
    }
    for ((caller, client), status) in cells().filter(|(_, status)| !is_refusal(*status)) {
        // What changes a resource may use it up.
        let new = row.resource.filter(|_| !operation.is_read()).map(|resource| resource(fixture));
        let response = send(fixture, client, operation, new.as_deref().or(shared.as_deref()), status);
        failures.extend(difference(operation, caller, &response, status));
    }
}

/// Sends the operation. A request that is to be refused is valid in all other respects.
fn send(fixture: &Fixture, client: &Client, operation: &Operation, id: Option<&str>, status: u16) -> Response {
    let mut request = Request::new(fixture, operation, id);
    if status == 400 {
        request.path += UNKNOWN_QUERY;
    }
    if status == 412 {
        request = request.if_match(Some(STALE));
    }
    request.send(client)
}

/// Returns the difference between a response and the table: its status, its rate class, or the challenge of a 401.
fn difference(operation: &Operation, caller: &str, response: &Response, status: u16) -> Option<String> {
    let name = operation.name();
    if response.status != status {
        let start: String = response.text().chars().take(SHOWN).collect();
        return Some(format!("{name} as {caller}: {} and not {status}: {start}", response.status));
    }
    let policy = response.header("ratelimit-policy");
    let class = policy.and_then(|policy| policy.split('"').nth(1));
    if class != operation.rate_class.as_deref() {
        return Some(format!(
            "{name} as {caller}: rate class {class:?} and not {:?}: {policy:?}",
            operation.rate_class
        ));
    }
    let kind = problem_kind(status)?;
    expect_problem(response, status, kind);
    let challenge = response.header("www-authenticate").unwrap_or_default();
    let is_expected = match (status, operation.role.is_some()) {
        (401, true) if caller == CALLERS[0] => challenge == "Bearer",
        (401, true) => challenge.starts_with("Bearer error=\"invalid_token\""),
        _ => true,
    };
    (!is_expected).then(|| format!("{name} as {caller}: the challenge {challenge}"))
}
