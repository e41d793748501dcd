//! Checks that what a service offers is what the documents say: its public operations in `api-specs/<service>.yaml`, those for other services in
//! docs/internal-operations.md.

pub use spindle_openapi::{Contract, Operation};

use crate::route::{Access, Callers, Route, Service};
use spindle_openapi::{RouteFacts, Validator, build, directory, read, to_yaml, write_or_compare};
use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};

/// Checks that `api-specs/<service>.yaml` is the document of the public operations of `service`. With `SPINDLE_UPDATE=1` it writes it.
///
/// # Panics
///
/// If the file differs, a public route is not in `contract`, or `contract` has an operation without a route.
pub fn assert_contract(service: &Service, contract: Contract) {
    let routes: Vec<RouteFacts> = service.routes.iter().filter_map(facts).collect();
    let name = service.scope.service;
    let document = to_yaml(&build(contract, &routes));
    write_or_compare(&directory().join(format!("{name}.yaml")), &document, &format!("cargo test -p {name} contract"));
}

/// Returns what a document says of `route`, if it is a public one.
fn facts(route: &Route) -> Option<RouteFacts> {
    let role = match route.access {
        Access::Public(_) => None,
        Access::User(role, _) => Some(role),
        Access::UserOrProgram(role, ..) if route.path.starts_with("/v1/") => Some(role),
        // Not for clients of the API: monitoring polls it, in the format of monitoring.
        Access::UserOrProgram(..) | Access::Service(..) => return None,
    };
    Some(RouteFacts {
        method: route.method.to_string(),
        path: route.path,
        role,
        rate_class: route.rate.name(),
        body_limit: route.body_limit,
        is_deprecated: route.deprecation.is_some(),
    })
}

/// Returns the validator of the responses of the service `name`, if it has a document.
pub(super) fn validator(name: &'static str) -> Option<Arc<Validator>> {
    static VALIDATORS: Mutex<BTreeMap<&str, Option<Arc<Validator>>>> = Mutex::new(BTreeMap::new());
    let mut validators = VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || read(&format!("{name}.yaml")).ok().map(|document| Arc::new(Validator::new(&document)));
    validators.entry(name).or_insert_with(make).clone()
}

/// Checks that docs/internal-operations.md lists exactly the operations of `service` for other services, with who may use them. With
/// `SPINDLE_UPDATE=1` it writes them there.
///
/// # Panics
///
/// If the page lists others, has no section of the service, or cannot be read or written.
pub fn assert_documented(service: &Service) {
    let path = directory().join("../docs/internal-operations.md");
    let page = fs::read_to_string(&path).expect("docs/internal-operations.md can be read");
    let own = service.routes.iter().filter_map(|route| row(route, route.path));
    let shared = service
        .shared_routes()
        .filter_map(|route| row(route, &format!("/internal/{}{}", service.scope.service, route.path)));
    let rows: String = own.chain(shared).collect();
    let expected = replace_rows(&page, service.scope.service, &rows);
    write_or_compare(&path, &expected, "cargo test -p PACKAGE documented");
}

/// Returns `page` with `rows` as the rows of the section of `service`.
fn replace_rows(page: &str, service: &str, rows: &str) -> String {
    let heading = format!("\n## {service}\n");
    let sections = page.split_once(&heading);
    let (before, rest) = sections.unwrap_or_else(|| panic!("docs/internal-operations.md has no section {service}"));
    let (section, after) = rest.split_at(rest.find("\n## ").unwrap_or(rest.len()));
    let others = section.split_inclusive('\n').filter(|line| !line.starts_with("| `"));
    let mut text: String = others.collect();
    // The rows follow the line below the head of the table.
    let head = text.find("|---").and_then(|at| Some(at + text[at..].find('\n')? + 1)).expect("a section has a table");
    text.insert_str(head, rows);
    [before, &heading, &text, after].concat()
}

fn row(route: &Route, path: &str) -> Option<String> {
    let Access::Service(callers, _) = &route.access else { return None };
    let callers = match callers {
        Callers::Any => "every service".to_owned(),
        Callers::Only(names) => names.join(", "),
    };
    Some(format!("| `{} {path}` | {callers} | {} |\n", route.method, route.body_limit / 1024))
}
