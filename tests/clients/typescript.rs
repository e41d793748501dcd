//! The client in clients/typescript. That its generated files are those of the document is checked with the bundles, in tests/browser.

use spindle_tests::node::{has_packages, npm_script, output};

use crate::shop;

const FOLDER: &str = "clients/typescript";

#[test]
fn the_unit_tests_of_the_typescript_client_pass() {
    if has_packages("the_unit_tests_of_the_typescript_client_pass") {
        output(&mut npm_script(FOLDER, "test"));
    }
}

#[test]
fn the_typescript_client_and_its_example_type_check() {
    if has_packages("the_typescript_client_and_its_example_type_check") {
        output(&mut npm_script(FOLDER, "check"));
    }
}

#[test]
fn the_package_of_the_typescript_client_works_for_those_who_install_it() {
    if has_packages("the_package_of_the_typescript_client_works_for_those_who_install_it") {
        output(&mut npm_script(FOLDER, "check:package"));
    }
}

#[test]
fn a_shop_in_typescript_orders_and_cancels() {
    if has_packages("a_shop_in_typescript_orders_and_cancels") {
        shop::passes(&mut npm_script(FOLDER, "shop"));
    }
}
