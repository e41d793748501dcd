//! Each component has exactly the rights that spin.toml gives it.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::Path;

use spindle_tests::Instance;
use spindle_tests::instance::{PROVIDER_SECRET, SERVICE_SECRET, guest};
use spindle_tests::problem::expect_problem;
use toml::{Table, Value};
use xtask::application::Application;
use xtask::workspace::Workspace;

/// What a component may touch.
struct Rights {
    component: &'static str,
    databases: &'static [&'static str],
    stores: &'static [&'static str],
    /// The components that it may call.
    calls: &'static [&'static str],
    /// The variables with what else it may call.
    outside: &'static [&'static str],
    /// Some of the variables that it has no business with.
    hidden: &'static [&'static str],
}

const RIGHTS: [Rights; 12] = [
    Rights {
        component: "auth",
        databases: &["auth"],
        stores: &["edge"],
        calls: &["auth", "users"],
        outside: &[],
        hidden: &["log_format", "provider_token_secret"],
    },
    Rights {
        component: "catalog",
        databases: &["catalog"],
        stores: &["cache", "edge"],
        calls: &["auth"],
        outside: &[],
        hidden: &["auth_key_secret", "bootstrap_admin_password", "provider_token_secret", "users_url"],
    },
    Rights {
        component: "gateway",
        databases: &[],
        stores: &["edge"],
        calls: &["auth", "catalog", "notifications", "orders", "payments", "users"],
        outside: &[],
        hidden: &["audit_secret", "auth_key_secret", "payment_webhook_secret", "provider_token_secret"],
    },
    Rights {
        component: "notifications",
        databases: &["notifications"],
        stores: &["edge"],
        calls: &["auth", "notify-email", "notify-push", "notify-sms", "orders", "payments", "users"],
        outside: &[],
        hidden: &["auth_key_secret", "bootstrap_admin_password", "notify_email_key", "payment_webhook_secret"],
    },
    adapter("notify-email", &["notify_email_host"]),
    adapter("notify-push", &["notify_push_host"]),
    adapter("notify-sms", &["notify_sms_host"]),
    Rights {
        component: "orders",
        databases: &["orders"],
        stores: &["edge"],
        calls: &["auth", "catalog", "notifications", "payments", "pricing"],
        outside: &["redis_address"],
        hidden: &["auth_key_secret", "bootstrap_admin_password", "users_url"],
    },
    adapter("payment-provider", &["payment_provider_host"]),
    Rights {
        component: "payments",
        databases: &["payments"],
        stores: &["edge"],
        calls: &["auth", "notifications", "orders", "payment-provider"],
        outside: &["redis_address"],
        hidden: &["auth_key_secret", "bootstrap_admin_password", "users_url"],
    },
    adapter("pricing", &["pricing_host"]),
    Rights {
        component: "users",
        databases: &["users"],
        stores: &["edge"],
        calls: &["auth", "notifications"],
        outside: &["redis_address"],
        hidden: &["auth_key_secret", "bootstrap_admin_password", "provider_token_secret", "users_url"],
    },
];

/// What a component may touch that a provider is composed into, which may touch the same: the host that is its own, and else nothing.
const fn adapter(component: &'static str, outside: &'static [&'static str]) -> Rights {
    let hidden = &["audit_secret", "auth_key_secret", "payment_webhook_secret", "provider_token_secret", "users_url"];
    Rights { component, databases: &[], stores: &[], calls: &[], outside, hidden }
}

fn component<'a>(manifest: &'a mut Table, id: &str) -> &'a mut Table {
    manifest["component"][id].as_table_mut().expect("the component is in the manifest")
}

#[test]
fn each_component_is_given_what_it_needs_and_no_more() {
    let application = Application::read(&Workspace::locate().manifest()).expect("spin.toml can be read");
    let ids: Vec<&str> = application.components.iter().map(|component| component.id.as_str()).collect();
    assert_eq!(ids, RIGHTS.map(|rights| rights.component), "say here what a new component needs");
    for (component, rights) in application.components.iter().zip(RIGHTS) {
        let addresses = rights.calls.iter().map(|callee| format!("{}_url", callee.replace('-', "_")));
        let variables = addresses.chain(rights.outside.iter().map(|variable| (*variable).to_owned()));
        let hosts: Vec<String> = variables.map(|variable| format!("{{{{ {variable} }}}}")).collect();
        assert_eq!(component.databases, rights.databases, "{}", component.id);
        assert_eq!(component.outbound_hosts, hosts, "{}", component.id);
        assert_eq!(component.stores, rights.stores, "{}", component.id);
    }
}

#[test]
fn without_its_grant_users_cannot_open_its_database() {
    let state = tempfile::tempdir().expect("a temp folder");
    let without_grant = |state: &Path| {
        Instance::start_with_manifest(state, |manifest| {
            component(manifest, "users").remove("sqlite_databases");
        })
    };
    let ready = without_grant(state.path()).client().get("/readyz");
    assert_eq!(ready.status, 503, "{}", ready.text());
    assert!(!state.path().join("users.db").exists(), "the database was made all the same");

    // Nobody can log in there, but a token from before is still good.
    let token = Instance::start(state.path()).admin().access_token;
    let response = without_grant(state.path()).client().as_user(&token).get("/v1/users");
    assert!(matches!(response.status, 500 | 503), "{response:?}");
    assert!(!response.text().to_lowercase().contains("access"), "internal text is not sent: {}", response.text());
}

#[test]
fn without_its_grant_the_gateway_cannot_call_anybody() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start_with_manifest(state.path(), |manifest| {
        component(manifest, "gateway").insert("allowed_outbound_hosts".into(), Value::Array(Vec::new()));
    });
    let response = instance.client().get("/readyz");
    assert_eq!(response.status, 503, "{}", response.text());
    for service in response.json()["services"].as_array().expect("services are a list") {
        assert_eq!(service["ready"], false, "{service}");
    }
    expect_problem(&instance.client().get("/v1/nothing"), 404, "not-found");
}

/// Starts the application with a component of our own in the place of `id`, with the rights that spin.toml gives `id`.
fn with_probe(state: &Path, id: &str) -> Instance {
    let probe = guest("probe");
    Instance::start_with_manifest(state, |manifest| {
        component(manifest, id).insert("source".into(), Value::String(probe.to_string_lossy().into_owned()));
        // It imports nothing of another component, and what is composed into one has no rights at all.
        component(manifest, id).remove("dependencies");
        component(manifest, id).remove("dependencies_inherit_configuration");
        // The probe does what the path says, so it gets the paths.
        let triggers = RIGHTS.map(|rights| {
            let other = format!("/{}/...", rights.component);
            let route = if rights.component == id { "/..." } else { other.as_str() };
            let entries = [("component", rights.component), ("route", route)];
            Value::Table(entries.map(|(key, value)| (key.to_owned(), value.into())).into_iter().collect())
        });
        manifest["trigger"]["http"] = Value::Array(triggers.into());
    })
}

#[test]
fn a_component_can_open_its_own_database_and_stores() {
    for rights in RIGHTS {
        let state = tempfile::tempdir().expect("a temp folder");
        let instance = with_probe(state.path(), rights.component);
        let client = instance.client();
        let sql = |database: &str| client.send("POST", &format!("/sql/{database}"), &[], Some(b"SELECT 1")).text();
        for own in rights.databases {
            assert_eq!(sql(own), "1", "{}", rights.component);
            let attach = b"ATTACH 'other.db' AS other";
            let attached = client.send("POST", &format!("/sql/{own}"), &[], Some(attach)).text();
            assert!(attached.contains("not authorized"), "{attached}");
        }
        for other in
            ["auth", "catalog", "default", "gateway", "notifications", "orders", "payments", "users", "users.db"]
        {
            let answer = sql(other);
            let denied = answer.starts_with("error: Error::AccessDenied");
            assert_eq!(denied, !rights.databases.contains(&other), "{} and {other}: {answer}", rights.component);
        }
        for store in ["auth", "cache", "default", "edge", "users"] {
            let answer = client.get(&format!("/kv/get/{store}/key")).text();
            let denied = answer.starts_with("error: Error::AccessDenied");
            assert_eq!(denied, !rights.stores.contains(&store), "{} and {store}: {answer}", rights.component);
            assert!(denied || answer == "none", "{} and {store}: {answer}", rights.component);
        }
    }
}

#[test]
fn a_component_can_call_whom_it_is_granted_and_nobody_else() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a socket can be made non-blocking");
    let address = listener.local_addr().expect("a bound socket has an address");
    for Rights { component, calls, .. } in RIGHTS {
        let state = tempfile::tempdir().expect("a temp folder");
        let instance = with_probe(state.path(), component);
        let client = instance.client();
        let fetch = |target: &str| client.send("POST", "/fetch", &[], Some(target.as_bytes())).text();
        let outside = [
            format!("http://{address}/"),
            format!("http://localhost:{}/", address.port()),
            format!("{}/healthz", instance.url()),
            "http://self.alt/hello".to_owned(),
            "https://example.com/".to_owned(),
        ];
        let inside =
            RIGHTS.map(|rights| (rights.component, format!("http://{}.spin.internal/hello", rights.component)));
        let granted = inside.iter().filter(|(callee, _)| calls.contains(callee)).map(|(_, target)| target);
        for target in granted {
            let answer = fetch(target);
            assert!(!answer.starts_with("error: "), "{component} to {target}: {answer}");
        }
        let denied = inside.iter().filter(|(callee, _)| !calls.contains(callee)).map(|(_, target)| target);
        for target in denied.chain(&outside) {
            let answer = fetch(target);
            assert!(answer.starts_with("error: ErrorCode::HttpRequestDenied"), "{component} to {target}: {answer}");
        }
        assert_eq!(fetch("/hello"), "error: ErrorCode::HttpRequestUriInvalid");
        let socket = client.get(&format!("/tcp/{address}")).text();
        assert!(socket.starts_with("error: "), "{socket}");
    }
    let nobody = listener.accept().map(|(_, peer)| peer).map_err(|error| error.kind());
    assert_eq!(nobody, Err(ErrorKind::WouldBlock));
}

#[test]
fn a_component_sees_only_the_variables_it_is_given() {
    for Rights { component, hidden, .. } in RIGHTS {
        let state = tempfile::tempdir().expect("a temp folder");
        let instance = with_probe(state.path(), component);
        let client = instance.client();
        assert_eq!(client.get("/variable/log_level").text(), "info");
        for name in hidden {
            let answer = client.get(&format!("/variable/{name}")).text();
            assert!(answer.starts_with("error: "), "{component} sees {name}");
        }
        assert_eq!(client.get("/environment").text(), "");
        let file = client.get("/read/etc/hostname").text();
        assert!(file.starts_with("error: "), "{file}");
    }
}

#[test]
fn what_a_provider_is_composed_into_does_not_know_the_secret_of_the_services() {
    for Rights { component, outside, .. } in RIGHTS.iter().filter(|rights| rights.databases.is_empty()) {
        let state = tempfile::tempdir().expect("a temp folder");
        let instance = with_probe(state.path(), component);
        let secret = instance.client().get("/variable/service_token_secret").text();
        assert_eq!(secret, if outside.is_empty() { SERVICE_SECRET } else { PROVIDER_SECRET }, "{component}");
    }
}
