//! Checks 4 and 24: every operation, as every kind of caller, also those whose rights have ended. The table has the expectation for each, and an
//! operation of docs/api.md without a row there fails, so that a new operation is not forgotten.

mod fixture;
mod table;

use crate::operations::{Operation, operations};
use fixture::{CONSUMER, Fixture};
use spindle_tests::orders::unique_key;
use spindle_tests::problem::expect_problem;
use spindle_tests::{Client, Response};
use std::collections::BTreeSet;
use table::{CALLERS, ROWS, Row};

/// An entity tag that no resource has.
const STALE: &str = "\"of another time\"";

/// A query that no operation has.
const UNKNOWN_QUERY: &str = "?no-such-parameter=1";

/// The number of characters of an unexpected response in a message.
const SHOWN: usize = 200;

/// The operations whose handlers refuse more callers than the page: auth looks at the session for a read as well, and a webhook requires the
/// provider's signature.
const STRICTER: [&str; 2] = ["GET /v1/auth/sessions", "POST /v1/webhooks/payments/{provider}"];

/// Returns whether the operation can be reached from outside: those of the gateway that require a service token can.
fn is_reachable(operation: &Operation) -> bool {
    !operation.is_internal() || operation.service == "gateway"
}

impl Row {
    fn method_and_path(&self) -> (&'static str, &'static str) {
        self.operation.split_once(' ').expect("a method and a path")
    }

    fn is_read(&self) -> bool {
        self.method_and_path().0 == "GET"
    }

    /// Returns the path for the resource `id`.
    fn path(&self, id: Option<&str>) -> String {
        fill(self.method_and_path().1, id)
    }

    /// Returns the path of the resource itself.
    fn resource_path(&self, id: &str) -> String {
        let path = self.method_and_path().1;
        let end = path.find("{id}").expect("a row with a resource has an id in its path") + "{id}".len();
        fill(&path[..end], Some(id))
    }

    /// Returns the status that the page requires for each caller; `None` where it lets the caller in.
    fn refusals(&self, who: &str) -> [Option<u16>; CALLERS.len()] {
        let (no_token, no_role) = (Some(401), Some(403));
        let (ended, demoted) = if self.is_read() { (None, None) } else { (Some(401), no_role) };
        match who {
            "anyone" => [None; CALLERS.len()],
            "customer" => [no_token, None, None, None, None, ended, None, ended, ended],
            "operator" => [no_token, no_role, no_role, None, None, ended, demoted, ended, ended],
            "admin" => [no_token, no_role, no_role, no_role, None, ended, no_role, ended, ended],
            service if service.starts_with("service") => [no_token; CALLERS.len()],
            other => panic!("not a kind of caller: {other}"),
        }
    }
}

fn fill(path: &str, id: Option<&str>) -> String {
    path.replace("{id}", id.unwrap_or("{id}")).replace("{service}", CONSUMER).replace("{provider}", "sandbox")
}

fn is_refusal(status: u16) -> bool {
    matches!(status, 401 | 403 | 404)
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
fn every_operation_has_one_row_that_fits_the_page() {
    let reachable: Vec<Operation> = operations().into_iter().filter(is_reachable).collect();
    let named: Vec<&str> = ROWS.iter().map(|row| row.operation).collect();
    let rows: BTreeSet<&str> = named.iter().copied().collect();
    assert_eq!(rows.len(), named.len(), "an operation has two rows");
    let names: Vec<String> = reachable.iter().map(Operation::name).collect();
    let page: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let missing: Vec<&&str> = page.difference(&rows).collect();
    assert!(missing.is_empty(), "add a row to tests/e2e/authorization/table.rs for each of {missing:?}");
    let unknown: Vec<&&str> = rows.difference(&page).collect();
    assert!(unknown.is_empty(), "docs/api.md does not have {unknown:?}");

    for operation in &reachable {
        let row = row(operation);
        let cells = CALLERS.iter().zip(row.statuses).zip(row.refusals(operation.who));
        for ((caller, status), refusal) in cells {
            let fits = match refusal {
                Some(refusal) => status == refusal,
                None => !matches!(status, 401 | 403) || STRICTER.contains(&row.operation),
            };
            assert!(fits, "{} is for {}, and {status} as {caller}", row.operation, operation.who);
        }
        assert_eq!(operation.path.contains("{id}"), row.resource.is_some(), "{}: the resource", row.operation);
    }
}

#[test]
fn every_caller_gets_the_status_of_the_table_and_no_refused_request_changes_anything() {
    let fixture = Fixture::new();
    let mut failures = Vec::new();
    for operation in operations().iter().filter(|operation| is_reachable(operation)) {
        check_row(&fixture, operation, row(operation), &mut failures);
    }
    assert!(failures.is_empty(), "{} differ from the table:\n{}", failures.len(), failures.join("\n"));
}

fn row(operation: &Operation) -> &'static Row {
    let name = operation.name();
    let row = ROWS.iter().find(|row| row.operation == name);
    row.unwrap_or_else(|| panic!("add a row for {name} to tests/e2e/authorization/table.rs"))
}

/// Sends the operation as each caller, and adds each difference from the table to `failures`.
fn check_row(fixture: &Fixture, operation: &Operation, row: &Row, failures: &mut Vec<String>) {
    let shared = row.resource.map(|resource| resource(fixture));
    let state = || shared.as_deref().and_then(|id| fixture.read(&row.resource_path(id)));
    let before = state();
    let cells = || CALLERS.into_iter().zip(fixture.clients()).zip(row.statuses);
    for ((caller, client), status) in cells().filter(|(_, status)| is_refusal(*status)) {
        let response = send(fixture, client, row, shared.as_deref(), status);
        failures.extend(difference(operation, caller, &response, status));
    }
    if state() != before {
        failures.push(format!("{}: a refused request has changed the resource", row.operation));
    }
    for ((caller, client), status) in cells().filter(|(_, status)| !is_refusal(*status)) {
        // What changes a resource may use it up.
        let new = row.resource.filter(|_| !row.is_read()).map(|resource| resource(fixture));
        let response = send(fixture, client, row, new.as_deref().or(shared.as_deref()), status);
        failures.extend(difference(operation, caller, &response, status));
    }
}

/// Sends the operation. A request that is to be refused is valid in all other respects.
fn send(fixture: &Fixture, client: &Client, row: &Row, id: Option<&str>, status: u16) -> Response {
    let method = row.method_and_path().0;
    let path = row.path(id) + if status == 400 { UNKNOWN_QUERY } else { "" };
    let body = row.body.map(|body| body(fixture).to_string());
    let key = unique_key();
    let mut headers = Vec::new();
    if status == 412 {
        headers.push(("if-match", STALE));
    } else if matches!(method, "PATCH" | "DELETE") {
        headers.push(("if-match", "*"));
    }
    if method == "POST" {
        headers.push(("idempotency-key", key.as_str()));
    }
    if body.is_some() {
        let media_type = if path.ends_with("/import") { "application/x-ndjson" } else { "application/json" };
        headers.push(("content-type", media_type));
    }
    client.send(method, &path, &headers, body.as_deref().map(str::as_bytes))
}

/// Returns the difference between a response and the table: its status, its rate class, or the challenge of a 401.
fn difference(operation: &Operation, caller: &str, response: &Response, status: u16) -> Option<String> {
    let name = operation.name();
    if response.status != status {
        let start: String = response.text().chars().take(SHOWN).collect();
        return Some(format!("{name} as {caller}: {} and not {status}: {start}", response.status));
    }
    let policy = response.header("ratelimit-policy");
    let class = policy.and_then(|policy| policy.split('"').nth(1)).unwrap_or("-");
    if class != operation.class {
        return Some(format!("{name} as {caller}: rate class {class} and not {}: {policy:?}", operation.class));
    }
    let kind = problem_kind(status)?;
    expect_problem(response, status, kind);
    let challenge = response.header("www-authenticate").unwrap_or_default();
    let is_expected = match (status, operation.who) {
        (401, "customer" | "operator" | "admin") if caller == CALLERS[0] => challenge == "Bearer",
        (401, "customer" | "operator" | "admin") => challenge.starts_with("Bearer error=\"invalid_token\""),
        _ => true,
    };
    (!is_expected).then(|| format!("{name} as {caller}: the challenge {challenge}"))
}
