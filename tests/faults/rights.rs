//! Each component has exactly the rights that spin.toml gives it.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::Path;

use spindle_tests::Instance;
use spindle_tests::problem::expect_problem;
use toml::{Table, Value};
use xtask::application::Application;
use xtask::build::WASM_TARGET;
use xtask::workspace::Workspace;

fn component<'a>(manifest: &'a mut Table, id: &str) -> &'a mut Table {
    manifest["component"][id].as_table_mut().expect("the component is in the manifest")
}

#[test]
fn each_component_is_given_what_it_needs_and_no_more() {
    let application = Application::read(&Workspace::locate().manifest()).expect("spin.toml can be read");
    for component in &application.components {
        let (databases, hosts): (&[&str], &[&str]) = match component.id.as_str() {
            "gateway" => (&[], &["{{ users_url }}"]),
            "users" => (&["users"], &[]),
            other => panic!("{other} is new: say here what it needs"),
        };
        assert_eq!(component.databases, databases, "{}", component.id);
        assert_eq!(component.outbound_hosts, hosts, "{}", component.id);
        assert_eq!(component.stores, [""; 0], "{}", component.id);
    }
}

#[test]
fn without_its_grant_users_cannot_open_its_database() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start_changed(state.path(), |manifest| {
        component(manifest, "users").remove("sqlite_databases");
    });
    let response = instance.client().get("/v1/users");
    assert!(matches!(response.status, 500 | 503), "{response:?}");
    assert!(!response.text().to_lowercase().contains("access"), "internal text is not sent: {}", response.text());
    assert!(!state.path().join("users.db").exists(), "the database was made all the same");
}

#[test]
fn without_its_grant_the_gateway_cannot_call_users() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start_changed(state.path(), |manifest| {
        component(manifest, "gateway").insert("allowed_outbound_hosts".into(), Value::Array(Vec::new()));
    });
    let response = instance.client().get("/readyz");
    assert_eq!(response.status, 503, "{}", response.text());
    assert!(response.text().contains("users"), "{}", response.text());
    expect_problem(&instance.client().get("/v1/nothing"), 404, "not-found");
}

/// Starts the application with a component of our own in the place of users, with the rights that spin.toml gives users.
fn with_probe_for_users(state: &Path) -> Instance {
    let probe = Workspace::locate().target_dir().join(WASM_TARGET).join("release/host_guest_probe.wasm");
    assert!(probe.exists(), "{} is missing: `cargo xtask test` builds it", probe.display());
    Instance::start_changed(state, |manifest| {
        component(manifest, "users").insert("source".into(), Value::String(probe.to_string_lossy().into_owned()));
        for trigger in manifest["trigger"]["http"].as_array_mut().expect("there are routes") {
            if trigger["component"].as_str() == Some("users") {
                // The probe does what the path says, so it gets the paths; the gateway keeps its prefix.
                trigger["route"] = "/...".into();
            } else {
                trigger["route"] = "/gateway/...".into();
            }
        }
    })
}

#[test]
fn users_can_open_its_own_database_and_no_other_store() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = with_probe_for_users(state.path());
    let client = instance.client();
    let sql = |database: &str| client.send("POST", &format!("/sql/{database}"), &[], Some(b"SELECT 1")).text();
    assert_eq!(sql("users"), "1");
    for other in ["default", "auth", "orders", "payments", "gateway", "users.db"] {
        let answer = sql(other);
        assert!(answer.starts_with("error: Error::AccessDenied"), "{other}: {answer}");
    }
    let attach = b"ATTACH 'other.db' AS other";
    let attached = client.send("POST", "/sql/users", &[], Some(attach)).text();
    assert!(attached.contains("not authorized"), "{attached}");
    for store in ["default", "users"] {
        let answer = client.get(&format!("/kv/get/{store}/key")).text();
        assert!(answer.starts_with("error: Error::AccessDenied"), "{store}: {answer}");
    }
}

#[test]
fn users_can_call_nobody() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = with_probe_for_users(state.path());
    let client = instance.client();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a socket can be made non-blocking");
    let address = listener.local_addr().expect("a bound socket has an address");
    let targets = [
        format!("http://{address}/"),
        format!("http://localhost:{}/", address.port()),
        format!("{}/gateway/healthz", instance.url()),
        "http://gateway.spin.internal/healthz".to_owned(),
        "http://users.spin.internal/hello".to_owned(),
        "http://self.alt/hello".to_owned(),
        "https://example.com/".to_owned(),
    ];
    for target in targets {
        let answer = client.send("POST", "/fetch", &[], Some(target.as_bytes())).text();
        assert!(answer.starts_with("error: ErrorCode::HttpRequestDenied"), "{target}: {answer}");
    }
    let without_host = client.send("POST", "/fetch", &[], Some(b"/hello")).text();
    assert_eq!(without_host, "error: ErrorCode::HttpRequestUriInvalid");
    let socket = client.get(&format!("/tcp/{address}")).text();
    assert!(socket.starts_with("error: "), "{socket}");
    let nobody = listener.accept().map(|(_, peer)| peer).map_err(|error| error.kind());
    assert_eq!(nobody, Err(ErrorKind::WouldBlock));
}

#[test]
fn users_sees_only_the_variables_it_is_given() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = with_probe_for_users(state.path());
    let client = instance.client();
    assert_eq!(client.get("/variable/log_level").text(), "info");
    let hidden = client.get("/variable/users_url").text();
    assert!(hidden.starts_with("error: "), "{hidden}");
    assert_eq!(client.get("/environment").text(), "");
    let file = client.get("/read/etc/hostname").text();
    assert!(file.starts_with("error: "), "{file}");
}
