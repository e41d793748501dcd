//! The page docs/api.md, made from the bundle.

use serde_json::Value;
use std::fmt::Write as _;

const HEAD: &str = "\
# The API

This page lists every public operation: who may use it, the [rate class](security.md) that counts it, the longest body that it accepts (in KiB), and the
[types of problems](problems.md) that it has beside those that follow from its parameters. It is generated from the OpenAPI documents in [api-specs](../api-specs/openapi.yaml), which
also have every parameter, body and response, and which each instance serves at `/openapi.json` and `/openapi.yaml`: `SPINDLE_UPDATE=1 cargo test -p spindle-openapi` writes it.

What all operations have in common is in the [guide](api-guide.md), and what a value may be in [values](api-values.md).

| who | callers |
|---|---|
| `anyone` | every client; no token |
| `customer` | a user with an access token, who sees only their own resources |
| `operator`, `admin` | a user with this role; an operator may do everything that a customer may, an admin everything that an operator may |

The operations that services offer to each other are in [internal operations](internal-operations.md).
";

/// The problems that the page does not repeat: they follow from what an operation takes, or may happen anywhere.
const COMMON: [&str; 13] = [
    "malformed-request",
    "idempotency-key-missing",
    "idempotency-key-in-flight",
    "idempotency-key-reused",
    "unauthorized",
    "forbidden",
    "payload-too-large",
    "unsupported-media-type",
    "validation-failed",
    "rate-limited",
    "internal-error",
    "unavailable",
    "not-found",
];

/// Returns the page.
pub fn reference_page(bundle: &Value) -> String {
    let mut page = HEAD.to_owned();
    for tag in bundle["tags"].as_array().into_iter().flatten() {
        let name = tag["name"].as_str().unwrap_or_default();
        write!(page, "\n## {name}\n\n{}\n\n", tag["description"].as_str().unwrap_or_default())
            .expect("writing to a string does not fail");
        page.push_str("| operation | summary | who | rate class | body | problems |\n|---|---|---|---|---|---|\n");
        for (path, item) in bundle["paths"].as_object().into_iter().flatten() {
            for method in ["get", "post", "put", "patch", "delete"] {
                let operation = &item[method];
                if operation["tags"][0] == name {
                    page.push_str(&row(method, path, operation));
                }
            }
        }
    }
    page
}

fn row(method: &str, path: &str, operation: &Value) -> String {
    let who = operation["security"][0]["bearer"][0].as_str().unwrap_or("anyone");
    let rate = operation["x-rate-class"].as_str().unwrap_or("-");
    let body = operation["x-max-body-bytes"].as_u64().unwrap_or_default() / 1024;
    let summary = operation["summary"].as_str().unwrap_or_default();
    let mut problems = Vec::new();
    for response in operation["responses"].as_object().into_iter().flat_map(|responses| responses.values()) {
        own_problems(response, &mut problems);
    }
    let (method, problems) = (method.to_ascii_uppercase(), problems.join(", "));
    format!("| `{method} {path}` | {summary} | {who} | {rate} | {body} | {problems} |\n")
}

/// Adds the types of problems that a description lists and that are not common.
fn own_problems(response: &Value, problems: &mut Vec<String>) {
    if let Some(name) = response["$ref"].as_str().and_then(|target| target.strip_prefix("#/components/responses/")) {
        let kind =
            spindle_contracts::ProblemKind::ALL.iter().find(|kind| crate::components::response_name(**kind) == name);
        problems
            .extend(kind.map(|kind| kind.name()).filter(|name| !COMMON.contains(name)).map(|name| format!("`{name}`")));
        return;
    }
    let description = response["description"].as_str().unwrap_or_default();
    let name = |line: &str| Some(line.trim_start_matches("- ").strip_prefix('`')?.split_once("`: ")?.0.to_owned());
    let names = description.lines().filter_map(name);
    problems.extend(names.filter(|name| !COMMON.contains(&name.as_str())).map(|name| format!("`{name}`")));
}
