//! Holds the examples against the OpenAPI documents, without an instance: which operation, problem and property has none.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use spindle_openapi::{Example, ResponseParts, Validator};
use spindle_tests::accounts::PASSWORD;
use spindle_tests::documents::{Operation, document, operation, operations};
use xtask::workspace::Workspace;

/// The types of problem that follow from what an operation takes and who may use it. docs/problems.md describes them once for all.
const OF_EVERY_OPERATION: [&str; 15] = [
    "forbidden",
    "idempotency-key-in-flight",
    "idempotency-key-missing",
    "idempotency-key-reused",
    "internal-error",
    "malformed-request",
    "method-not-allowed",
    "not-found",
    "payload-too-large",
    "precondition-failed",
    "precondition-required",
    "rate-limited",
    "unauthorized",
    "unavailable",
    "unsupported-media-type",
];

/// Statuses and types of problem without an example, each with the reason.
const WITHOUT_EXAMPLE: [(&str, &str, &str); 3] = [
    ("getReadiness", "not-ready", "no request makes a service fail"),
    ("eraseOwnUser", "conflict", "only for the last admin, and the suite needs one"),
    ("eraseUser", "conflict", "only for the last admin, and the suite needs one"),
];

/// Properties that have no value in any example, each with the reason: `Schema.property`, or `Schema.` for all of a schema.
const WITHOUT_VALUE: [(&str, &str); 19] = [
    ("AuditReport.checkpoint", "only of a log that is too long for one request"),
    ("AuditReport.detail", "only of a log that was tampered with"),
    ("AuditReport.first_bad_seq", "only of a log that was tampered with"),
    ("AuditRowPage.missing", "no request makes a service fail"),
    ("AuditVerification.missing", "no request makes a service fail"),
    ("AuditVerification.next_cursor", "only of logs that are too long for one request"),
    ("AuditVerification.progress", "only of logs that are too long for one request"),
    ("VerificationProgress.", "only of logs that are too long for one request"),
    ("DeadLetterPage.missing", "no request makes a service fail"),
    ("FailedAttempt.next_attempt_at", "the letter of the examples was given up at its first attempt"),
    ("FieldError.header", "a line of an import has no headers"),
    ("FieldError.parameter", "a line of an import has no parameters"),
    ("MissingPart.", "no request makes a service fail"),
    ("ServiceHealth.cause", "no request makes a service fail"),
    ("PartHealth.cause", "no request makes a service fail"),
    ("OrderAdjustment.", "the price adjuster that comes with the platform changes no price"),
    ("Payment.last_error", "the provider of the examples does not fail"),
    ("ServiceReadiness.detail", "only of a service that cannot serve"),
    ("StoreReadiness.detail", "only of a store that cannot serve"),
];

/// The roles, each of which may do what the ones before it may.
const ROLES: [&str; 4] = ["anyone", "customer", "operator", "admin"];

/// Returns every example.
fn examples() -> Vec<Example> {
    let examples = spindle_openapi::examples();
    assert!(!examples.is_empty(), "api-specs/golden has examples");
    examples
}

fn name(example: &Example) -> String {
    format!("{}/{}", example.operation, example.case)
}

fn of(operation: &Operation, examples: &[Example]) -> Vec<Example> {
    examples.iter().filter(|example| example.operation == operation.id).cloned().collect()
}

fn is_excluded(operation: &Operation, missing: &str) -> bool {
    WITHOUT_EXAMPLE.iter().any(|(id, excluded, _)| *id == operation.id && *excluded == missing)
}

#[test]
fn every_success_and_every_problem_of_an_operation_has_an_example() {
    let examples = examples();
    let mut missing = Vec::new();
    for operation in operations() {
        let own = of(operation, &examples);
        for status in operation.responses().into_keys().filter(|status| *status < 300) {
            if own.iter().all(|example| example.status != status) {
                missing.push(format!("{} {status}", operation.id));
            }
        }
        for problem in operation.problems() {
            let has_type = |example: &Example| {
                let uri = example.content.pointer("/response/body/type").and_then(Value::as_str);
                uri.and_then(|uri| uri.rsplit('/').next()) == Some(problem.as_str())
            };
            // Which rules a body can break depends on the operation, but the form of the response does not.
            let is_general = OF_EVERY_OPERATION.contains(&problem.as_str()) || problem == "validation-failed";
            if !is_general && !is_excluded(operation, &problem) && !own.iter().any(has_type) {
                missing.push(format!("{} {problem}", operation.id));
            }
        }
    }
    assert!(missing.is_empty(), "add examples to tests/contract for {missing:#?}");
}

#[test]
fn every_general_problem_that_a_request_can_cause_has_an_example_somewhere() {
    let shown: BTreeSet<String> = examples()
        .iter()
        .filter_map(|example| {
            example.content.pointer("/response/body/type")?.as_str()?.rsplit('/').next().map(str::to_owned)
        })
        .collect();
    let expected = [
        "forbidden",
        "idempotency-key-missing",
        "idempotency-key-reused",
        "malformed-request",
        "not-found",
        "precondition-failed",
        "precondition-required",
        "unauthorized",
        "validation-failed",
    ];
    let missing: Vec<&str> = expected.into_iter().filter(|problem| !shown.contains(*problem)).collect();
    assert!(missing.is_empty(), "no example has {missing:?}");
}

#[test]
fn every_example_is_a_request_and_a_response_of_its_operation() {
    let validator = Validator::new(&document());
    let mut faults = Vec::new();
    for example in examples() {
        let operation = operation(&example.operation);
        let (request, response) = (&example.content["request"], &example.content["response"]);
        let path = request["path"].as_str().unwrap_or_default().split('?').next().unwrap_or_default();
        let method = request["method"].as_str().unwrap_or_default();
        if validator.operation(method, path) != Some(operation.id.as_str()) {
            faults.push(format!("{}: {method} {path} is another operation", name(&example)));
        }
        let rank = |role: &str| ROLES.iter().position(|known| *known == role);
        let (role, required) =
            (example.content["as"].as_str().unwrap_or_default(), operation.role.as_deref().unwrap_or("anyone"));
        if rank(role) < rank(required) && !matches!(example.status, 401 | 403) {
            faults.push(format!("{}: {role} may not do this", name(&example)));
        }
        // The headers that no example has, because each response has them, or because they differ from request to request.
        let always = [("cache-status", "-"), ("x-request-id", "-"), ("ratelimit", "-"), ("ratelimit-policy", "-")];
        let headers = response["headers"].as_object().into_iter().flatten();
        let own = headers.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
        let body = response.get("body").map(Value::to_string).unwrap_or_default();
        let parts = ResponseParts {
            method,
            path,
            status: example.status,
            headers: own.chain(always).collect(),
            body: body.as_bytes(),
        };
        faults.extend(validator.check(&parts).err().map(|error| format!("{}: {error:#}", name(&example))));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_example_is_checked_by_a_scenario() {
    let folder = Workspace::locate().root().join("tests/contract");
    let sources: String = fs::read_dir(folder)
        .expect("the folder of this suite can be read")
        .map(|entry| fs::read_to_string(entry.expect("an entry").path()).expect("a source file"))
        .collect();
    let unchecked: Vec<String> =
        examples().iter().map(name).filter(|name| !sources.contains(&format!("\"{name}\""))).collect();
    assert!(unchecked.is_empty(), "no scenario has {unchecked:?}: remove the files");
}

#[test]
fn no_password_is_in_an_example_of_a_response() {
    let examples = examples();
    assert!(examples.iter().all(|example| !example.content["response"].to_string().contains(PASSWORD)));
}

#[test]
fn every_property_of_a_response_has_a_value_in_some_example() {
    let examples = examples();
    let (mut declared, mut shown) = (BTreeMap::new(), BTreeSet::new());
    for operation in operations() {
        for status in operation.responses().into_keys().filter(|status| *status < 300) {
            let Some(schema) = operation.response_schema(status) else { continue };
            let place = format!("{} {status}", operation.id);
            Walk { operation, shown: &mut shown, declared: &mut declared }.schema(&place, schema, 0);
            for example in of(operation, &examples).iter().filter(|example| example.status == status) {
                let mut walk = Walk { operation, shown: &mut shown, declared: &mut declared };
                walk.value(&place, schema, &example.content["response"]["body"]);
            }
        }
    }
    let is_excused = |property: &str| {
        let names = |excused: &str| property == excused || excused.ends_with('.') && property.starts_with(excused);
        WITHOUT_VALUE.iter().any(|(excused, _)| names(excused))
    };
    let missing: Vec<String> = declared
        .iter()
        .filter(|(property, _)| !shown.contains(*property) && !is_excused(property))
        .map(|(property, operation)| format!("{property} (in {operation})"))
        .collect();
    assert!(missing.is_empty(), "no example has a value of {missing:#?}");
}

/// The deepest nesting of schemas that is looked into: a schema may contain itself.
const DEPTH: usize = 12;

/// Collects the properties that the schemas declare, and those that examples have a value of.
struct Walk<'w> {
    operation: &'static Operation,
    /// Each with the operation that was the first to declare it.
    declared: &'w mut BTreeMap<String, String>,
    shown: &'w mut BTreeSet<String>,
}

impl Walk<'_> {
    fn schema(&mut self, place: &str, schema: &Value, depth: usize) {
        if depth > DEPTH {
            return;
        }
        let (place, schema) = resolve(self.operation, place, schema);
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let place = property_of(&place, name);
            self.declared.entry(place.clone()).or_insert_with(|| self.operation.id.clone());
            self.schema(&place, property, depth + 1);
        }
        for part in parts(schema) {
            self.schema(&place, part, depth + 1);
        }
        if schema["items"].is_object() {
            self.schema(&place, &schema["items"], depth + 1);
        }
    }

    fn value(&mut self, place: &str, schema: &Value, value: &Value) {
        let (place, schema) = resolve(self.operation, place, schema);
        for part in parts(schema) {
            self.value(&place, part, value);
        }
        match value {
            Value::Object(members) => {
                for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                    if let Some(member) = members.get(name).filter(|member| !member.is_null()) {
                        let place = property_of(&place, name);
                        self.value(&place, property, member);
                        self.shown.insert(place);
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.value(&place, &schema["items"], item)),
            _ => {}
        }
    }
}

/// Returns the schema that is meant, and its place: the name of a component, so that a property counts once for all operations.
fn resolve<'s>(operation: &'s Operation, place: &str, schema: &'s Value) -> (String, &'s Value) {
    let place = schema["$ref"].as_str().and_then(|target| target.rsplit('/').next()).unwrap_or(place);
    (place.to_owned(), operation.resolve(schema))
}

/// Returns the name of a property. Every page of a list has the same `next_cursor`.
fn property_of(schema: &str, name: &str) -> String {
    if name == "next_cursor" && schema.ends_with("Page") {
        "Page.next_cursor".to_owned()
    } else {
        format!("{schema}.{name}")
    }
}

/// Returns the schemas that `schema` is composed of.
fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|name| schema[name].as_array()).flatten()
}
