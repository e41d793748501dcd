//! notify-resend, with a server that records its requests, and with a Resend on this machine.

use std::fs;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use spindle_tests::{Client, Recorder, skip};
use tempfile::TempDir;
use xtask::examples::Language;
use xtask::npm;
use xtask::workspace::Workspace;

use crate::fixture::{KEY, ProviderFixture, built_provider, email, sms};

const SETTINGS: [(&str, &str); 2] = [("key", "re_1"), ("sender", "Shop <shop@example.com>")];

/// A Resend on this machine: resend-local, which validates requests as Resend does, and lists the mails.
struct ResendServer {
    process: Child,
    url: String,
    _folder: TempDir,
}

impl ResendServer {
    /// Starts it; `None` without Node.
    fn start(test: &str) -> Option<Self> {
        if !Language::Js.has_tool() {
            skip(test, Language::Js.tool());
            return None;
        }
        let package = Workspace::locate().root().join("tests/stubs/resend");
        npm::install(&package).unwrap_or_else(|error| panic!("{error:#}"));
        let app = package.join("node_modules/resend-local/dist/app");
        let folder = tempfile::tempdir().expect("a temp folder");
        let database = folder.path().join("resend.sqlite");
        fs::copy(app.join("resend-local.sqlite"), &database).expect("an empty database");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        // Not by its own starter, which would leave the server behind when it is killed.
        let process = Command::new("node")
            .arg("server.js")
            .current_dir(app)
            .env("PORT", port.to_string())
            .env("HOSTNAME", "127.0.0.1")
            .env("DATABASE_URL", format!("file:{}", database.display()))
            .stdout(Stdio::null())
            .spawn()
            .expect("Node starts");
        let server = Self { process, url: format!("http://127.0.0.1:{port}"), _folder: folder };
        let deadline = Instant::now() + Duration::from_secs(30);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "resend-local accepts no connection");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(server)
    }
}

impl Drop for ResendServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn resend_accepts_an_email_and_lists_it_unchanged() {
    let Some(peer) = ResendServer::start("resend_accepts_an_email_and_lists_it_unchanged") else { return };
    let endpoint = format!("{}/emails", peer.url);
    let at_peer: Vec<_> = [("endpoint", &*endpoint), ("host", &*peer.url)].into_iter().chain(SETTINGS).collect();
    let fixture = ProviderFixture::start("notify-email", &built_provider("notify_resend.wasm"), &at_peer);
    let result = fixture.send(&email("12,99 € für <b>Salz & Pfeffer</b>"));
    let id = result["ok"].as_str().unwrap_or_else(|| panic!("{result}"));
    let there = Client::new(&peer.url).as_user("re_1").get(&format!("/emails/{id}")).json();
    let part = |name: &str| there[name].clone();
    assert_eq!(part("from"), "Shop <shop@example.com>");
    assert_eq!(part("to"), json!(["ann@example.com"]));
    assert_eq!(part("subject"), "Paid");
    assert_eq!(part("text"), "12,99 € für <b>Salz & Pfeffer</b>");
    assert_eq!(part("html"), "<p>12,99 € für <b>Salz & Pfeffer</b></p>");
}

#[test]
fn resend_gets_the_key_and_its_errors_decide() {
    let server = Recorder::start(|request| match request.json()["text"].as_str() {
        Some("busy") => (409, r#"{"name":"concurrent_idempotent_requests"}"#.to_owned()),
        Some("other") => (409, r#"{"name":"invalid_idempotent_request"}"#.to_owned()),
        Some("key") => (403, r#"{"name":"invalid_api_key"}"#.to_owned()),
        _ => (200, r#"{"id":"49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"}"#.to_owned()),
    });
    let fixture =
        ProviderFixture::with_server(server, "notify-email", &built_provider("notify_resend.wasm"), &SETTINGS);
    assert_eq!(fixture.send(&email("Paid")), json!({"ok": "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"}));
    let request = fixture.only_request();
    assert_eq!((request.header("authorization"), request.header("idempotency-key")), ("Bearer re_1", KEY));
    assert_eq!(
        fixture.send(&sms("Paid")),
        json!({"error": {"kind": "rejected", "detail": "Resend sends e-mail only"}})
    );

    for (text, kind, detail) in [
        ("busy", "retryable", "answered 409 concurrent_idempotent_requests"),
        ("other", "rejected", "answered 409 invalid_idempotent_request"),
        ("key", "retryable", "answered 403 invalid_api_key"),
    ] {
        assert_eq!(fixture.send(&email(text)), json!({"error": {"kind": kind, "detail": detail}}));
    }
}
