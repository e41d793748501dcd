//! Tests of variables: defaults, the environment file, templates, secrets, and missing values.

use crate::support::TestApp;

const MANIFEST: &str = "\
[variables]
name = { default = \"moon\" }
needed = { required = true }
key = { required = true, secret = true }
[[trigger.http]]
route = \"/...\"
component = \"probe\"
[component.probe]
source = \"{probe}\"
allowed_outbound_hosts = [\"http://{{ name }}.spin.internal\"]
[component.probe.variables]
greeting = \"hello {{ name }}\"
needed = \"{{ needed }}\"
token = \"t-{{ key }}\"
";

#[tokio::test(flavor = "multi_thread")]
async fn variables_come_from_defaults_and_the_environment_file() {
    let app = TestApp::new(MANIFEST);
    app.write(".env", "SPIN_VARIABLE_NEEDED=here\nSPIN_VARIABLE_KEY=\"s3cret\"\n");
    let host = app.start().await;
    assert_eq!(host.text("/variable/greeting").await, "hello moon");
    assert_eq!(host.text("/variable/needed").await, "here");
    assert_eq!(host.text("/variable/token").await, "t-s3cret");
    assert_eq!(host.text("/config/greeting").await, "Some(\"hello moon\")");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_environment_file_can_be_named() {
    let app = TestApp::new(MANIFEST);
    app.write("secrets/dev.env", "SPIN_VARIABLE_NEEDED=there\nSPIN_VARIABLE_KEY=k\nSPIN_VARIABLE_NAME=sun\n");
    let file = app.path("secrets/dev.env");
    let host = app.start_with(|options| options.env_file = Some(file)).await;
    assert_eq!(host.text("/variable/greeting").await, "hello sun");
    assert_eq!(host.text("/variable/needed").await, "there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_required_variable_without_a_value_is_named_at_start() {
    let line = TestApp::new(MANIFEST).refusal().await;
    assert!(line.contains("needed") && line.contains("key"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variable_of_another_component_is_an_error() {
    let app = TestApp::new(MANIFEST);
    app.write(".env", "SPIN_VARIABLE_NEEDED=here\nSPIN_VARIABLE_KEY=k\n");
    let host = app.start().await;
    for path in ["/variable/name", "/variable/unknown"] {
        assert!(host.text(path).await.starts_with("error: "), "{path}");
    }
    assert_eq!(host.text("/config/unknown").await, "None");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_static_provider_of_the_runtime_config_is_used() {
    let app = TestApp::new(MANIFEST);
    app.write(
        "runtime.toml",
        "[[config_provider]]\ntype = \"static\"\nvalues = { needed = \"from the file\", key = \"k\" }\n",
    );
    let file = app.path("runtime.toml");
    let host = app.start_with(|options| options.runtime_config = Some(file)).await;
    assert_eq!(host.text("/variable/needed").await, "from the file");
}
