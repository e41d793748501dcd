//! Generated requests: schemathesis makes them from the bundle, as callers of two roles, and checks the responses.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::instance::Instance;
use super::{Options, documents, tools};
use crate::checks::Outcome::{self, Passed};
use crate::command;
use crate::workspace::Workspace;

/// The role of the caller.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role {
    /// A customer, who has an account of the usual kind.
    Customer,
    /// An admin, who may call every operation.
    Admin,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Admin => "admin",
        }
    }

    /// Returns the name of the check.
    pub(super) fn check(self) -> &'static str {
        match self {
            Self::Customer => "requests of a customer",
            Self::Admin => "requests of an admin",
        }
    }
}

/// Sends generated requests as `role` to the instance, and checks the responses.
pub(super) fn check<'i>(
    workspace: &Workspace,
    options: &Options,
    role: Role,
    instance: impl FnOnce() -> Result<&'i Instance>,
) -> Result<Outcome> {
    let Some(mut schemathesis) = tools::python(workspace, "schemathesis")? else { return Ok(documents::no_python()) };
    let document = workspace.root().join("api-specs/openapi.json");
    let operations = operations(&fs::read_to_string(&document).context("cannot read api-specs/openapi.json")?)?;
    ensure!(operations > 0, "api-specs/openapi.json has no operation");
    let instance = instance()?;
    let Plan { coverage, examples } = Plan::of(options.cases, operations);
    schemathesis.arg("--config-file").arg(tools::folder(workspace).join("schemathesis.toml"));
    schemathesis.arg("run").arg(&document).args([
        "--url",
        &instance.url,
        "--no-color",
        "--generation-database",
        "none",
    ]);
    schemathesis.args(["--seed", &options.seed.to_string(), "--max-examples", &examples.to_string()]);
    schemathesis.env("CONTRACT_COVERAGE", format!("{coverage:.3}"));
    schemathesis.env("CONTRACT_ROLE", role.name()).env("CONTRACT_URL", &instance.url);
    schemathesis.env("CONTRACT_ADMIN_EMAIL", &instance.admin.email);
    schemathesis.env("CONTRACT_ADMIN_PASSWORD", &instance.admin.password);
    schemathesis.env("PYTHONDONTWRITEBYTECODE", "1").current_dir(tools::folder(workspace));
    let fault = format!("a response breaks the contract; `--seed {}` repeats the requests", options.seed);
    let printed = command::print_failure(&mut schemathesis, &fault)?;
    let sent = sent(&printed).context("schemathesis printed no number of requests")?;
    Ok(Passed(format!("{sent} requests, {examples} examples for each of {operations} operations")))
}

/// Returns the number of operations of a document.
fn operations(document: &str) -> Result<u32> {
    let document: Value = serde_json::from_str(document).context("api-specs/openapi.json is not JSON")?;
    let items = document["paths"].as_object().into_iter().flat_map(|paths| paths.values());
    let operations = items.flat_map(|item| item.as_object().into_iter().flat_map(|item| item.values()));
    Ok(u32::try_from(operations.filter(|operation| operation["operationId"].is_string()).count())?)
}

/// The requests that schemathesis sends in the coverage phase for each operation, on average: it takes every limit and every member of a schema in
/// turn, and no option limits their number.
const COVERAGE: f64 = 54.0;

/// The requests of the stateful phase for each example.
const STEPS: f64 = 6.0;

/// What makes a number of requests.
#[derive(Debug, PartialEq)]
struct Plan {
    /// The share of the coverage phase.
    coverage: f64,
    /// The random examples of each operation, and the sequences of the stateful phase.
    examples: u32,
}

impl Plan {
    /// Returns the plan of `cases` requests by both roles, about: up to half of them in the coverage phase.
    fn of(cases: u32, operations: u32) -> Self {
        let (cases, operations) = (f64::from(cases) / 2.0, f64::from(operations));
        let coverage = (cases / 2.0 / (COVERAGE * operations)).min(1.0);
        let rest = coverage.mul_add(-COVERAGE * operations, cases);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number between one and that of the cases"
        )]
        let examples = (rest / (operations + STEPS)).max(1.0) as u32;
        Self { coverage, examples }
    }
}

/// Returns the number of requests in what schemathesis printed: `531 generated, 12 found 12 unique failures`.
fn sent(printed: &str) -> Option<u32> {
    let summary = printed.rsplit_once("Test cases:")?.1;
    summary.split_whitespace().next()?.replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_requests_is_read_from_the_summary() {
        assert_eq!(
            sent("\nTest cases:\n  531 generated, 12 found 12 unique failures, 8 skipped\n\nSeed: 1\n"),
            Some(531)
        );
        assert_eq!(sent("Test Phases:\n"), None);
    }

    #[test]
    fn operations_are_counted_by_their_id() {
        let document = r#"{"paths": {"/a": {"get": {"operationId": "a"}, "parameters": []}, "/b": {"put": {"operationId": "b"}}}}"#;
        assert_eq!(operations(document).unwrap(), 2);
    }

    #[test]
    fn half_of_the_requests_are_of_the_coverage_phase_until_it_is_complete() {
        let plan = |cases| {
            let Plan { coverage, examples } = Plan::of(cases, 55);
            (format!("{coverage:.2}"), examples)
        };
        assert_eq!(plan(1_000), ("0.08".to_owned(), 4));
        assert_eq!(plan(20_000), ("1.00".to_owned(), 115));
        assert_eq!(plan(10), ("0.00".to_owned(), 1));
    }
}
