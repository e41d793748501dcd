//! Tests of composed components, and of the rights of the inner one.

use crate::support::TestApp;

fn manifest(dependency: &str, lines: &str) -> String {
    format!(
        "[[trigger.http]]\nroute = \"/...\"\ncomponent = \"caller\"\n\
         [component.caller]\nsource = \"{{caller}}\"\nenvironment = {{ FLAVOUR = \"mint\" }}\nkey_value_stores = [\"default\"]\n{lines}\
         [component.caller.dependencies]\n\"spindle:host-test/greeter@1.0.0\" = {dependency}\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dependency_has_no_rights() {
    let host = TestApp::new(&manifest("{ path = \"{greeter}\" }", "")).start().await;
    assert_eq!(host.text("/").await, "hello, you; environment: None; store: false");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dependency_inherits_when_the_manifest_says_so() {
    let app = TestApp::new(&manifest("{ path = \"{greeter}\" }", "dependencies_inherit_configuration = true\n"));
    let host = app.start().await;
    assert_eq!(host.text("/").await, "hello, you; environment: Some(\"mint\"); store: true");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dependency_can_be_a_component_of_the_manifest() {
    let app = TestApp::new(&format!(
        "{}[component.greeter]\nsource = \"{{greeter}}\"\n",
        manifest("{ component = \"greeter\" }", "")
    ));
    let host = app.start().await;
    assert!(host.text("/").await.starts_with("hello, you;"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_dependency_is_named() {
    let app = TestApp::new(
        "[[trigger.http]]\nroute = \"/...\"\ncomponent = \"caller\"\n[component.caller]\nsource = \"{caller}\"\n",
    );
    let line = app.refusal().await;
    assert!(line.contains("\"caller\"") && line.contains("spindle:host-test/greeter"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn components_with_the_same_files_keep_separate_rights() {
    let component = |id: &str, lines: &str| {
        format!(
            "[[trigger.http]]\nroute = \"/{id}/...\"\ncomponent = \"{id}\"\n\
             [component.{id}]\nsource = \"{{caller}}\"\ndependencies_inherit_configuration = true\n{lines}\
             [component.{id}.dependencies]\n\"spindle:host-test/greeter@1.0.0\" = {{ path = \"{{greeter}}\" }}\n"
        )
    };
    let one = component("one", "environment = { FLAVOUR = \"mint\" }\nkey_value_stores = [\"default\"]\n");
    let app = TestApp::new(&format!("{one}{}", component("two", "")));
    let host = app.start().await;
    assert_eq!(host.text("/one").await, "hello, you; environment: Some(\"mint\"); store: true");
    assert_eq!(host.text("/two").await, "hello, you; environment: None; store: false");
}
