//! The environment and the files of a component.

use crate::support::{PROBE, TestApp, probe};

#[tokio::test(flavor = "multi_thread")]
async fn a_component_sees_only_its_own_environment() {
    let host = probe("environment = { COLOUR = \"blue\", SIZE = \"9\" }\n").await;
    assert_eq!(host.text("/environment").await, "COLOUR=blue\nSIZE=9");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_can_be_read_and_not_written() {
    let app = TestApp::new(&format!(
        "{PROBE}files = [\"notes/*.txt\", {{ source = \"assets\", destination = \"/static\" }}]\nexclude_files = [\"notes/secret.txt\"]\n"
    ));
    app.write("notes/one.txt", "first");
    app.write("notes/secret.txt", "hidden");
    app.write("assets/css/a.css", "body");
    app.write("outside.txt", "outside");
    let host = app.start().await;
    assert_eq!(host.text("/read/notes/one.txt").await, "first");
    assert_eq!(host.text("/read/static/css/a.css").await, "body");
    for path in [
        "/read/notes/secret.txt",
        "/read/outside.txt",
        "/read/../outside.txt",
        "/write/notes/one.txt",
        "/write/new.txt",
    ] {
        let text = host.text(path).await;
        assert!(text.starts_with("error: "), "{path}: {text}");
    }
    assert_eq!(std::fs::read_to_string(app.path("notes/one.txt")).unwrap(), "first");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_without_files_sees_none() {
    let host = probe("").await;
    assert!(host.text("/read/spin.toml").await.starts_with("error: "));
}
