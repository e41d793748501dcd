//! The browser suite: the API reference and the storefront of a running instance in a headless Chromium, and the committed bundles that both are
//! served from. A test here runs one file of Node tests, which use playwright-core; without Node or Chromium it is skipped.

mod bundles;
mod node;

#[test]
fn the_reference_works_in_a_browser() {
    node::run("the_reference_works_in_a_browser", "reference.test.ts");
}

#[test]
fn the_storefront_sells_and_cancels() {
    node::run("the_storefront_sells_and_cancels", "storefront.test.ts");
}

#[test]
fn the_storefront_is_for_every_reader_and_screen() {
    node::run("the_storefront_is_for_every_reader_and_screen", "accessibility.test.ts");
}
