//! The committed bundles, and the packages that they are built from.

use spindle_tests::node::{has_packages, npm_script, output};
use xtask::web;
use xtask::workspace::Workspace;

#[test]
fn the_committed_bundles_are_what_their_sources_build() {
    if has_packages("the_committed_bundles_are_what_their_sources_build") {
        web::run(&Workspace::locate(), true).unwrap_or_else(|error| panic!("{error:#}"));
    }
}

#[test]
fn the_unit_tests_of_the_storefront_pass() {
    if has_packages("the_unit_tests_of_the_storefront_pass") {
        output(&mut npm_script("examples/storefront", "test"));
    }
}

#[test]
fn the_pages_and_their_tests_type_check() {
    if has_packages("the_pages_and_their_tests_type_check") {
        for package in ["components/docs/reference", "examples/storefront", "tests/browser"] {
            output(&mut npm_script(package, "check"));
        }
    }
}
