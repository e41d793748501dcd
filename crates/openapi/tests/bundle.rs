//! The bundle and the page docs/api.md are those of the documents of the services.

use spindle_openapi::{SERVICES, bundle, directory, read, reference_page, to_yaml, write_or_compare};

const COMMAND: &str = "cargo test -p spindle-openapi";

#[test]
fn the_bundle_and_the_reference_are_current() {
    let documents: Vec<_> = SERVICES.iter().map(|service| read(&format!("{service}.yaml")).unwrap()).collect();
    let bundle = bundle(&documents).unwrap();
    write_or_compare(&directory().join("openapi.yaml"), &to_yaml(&bundle), COMMAND);
    write_or_compare(&directory().join("openapi.json"), &format!("{bundle:#}\n"), COMMAND);
    write_or_compare(&directory().join("../docs/api.md"), &reference_page(&bundle), COMMAND);
}
