//! Each component has exactly the rights that spin.toml gives it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::Path;

use spindle_tests::Instance;
use spindle_tests::instance::{PROVIDER_SECRET, SERVICE_SECRET, guest};
use spindle_tests::libsql::Servers;
use spindle_tests::problem::expect_problem;
use toml::{Table, Value};
use xtask::application::Application;
use xtask::spin;
use xtask::store::Store;
use xtask::workspace::Workspace;

/// The rights of a component: exactly what spin.toml grants it.
struct Rights {
    component: &'static str,
    databases: &'static [&'static str],
    stores: &'static [&'static str],
    /// The components that it may call; it has the variable `<component>_url` of each.
    calls: &'static [&'static str],
    /// The variables of the application that name the other hosts that it may call.
    outside: &'static [&'static str],
    /// Its other variables. `name = other` has the value of the application's variable `other`; `name: text` has that text.
    variables: &'static [&'static [&'static str]],
}

/// The variables of every component that serves requests of clients.
const EDGE: &[&str] = &[
    "cors_allowed_origins",
    "log_level",
    // A token whose key is not cached counts against it in every service.
    "rate_limit_auth",
    "rate_limit_read",
    "rate_limit_write",
    "service_token_secret",
    "token_issuer",
    "trusted_proxies",
];

/// The variable with the secret of service tokens.
const SECRET: &str = "service_token_secret";

/// The variables of a component that publishes events.
const PRODUCER: &[&str] = &["event_retention_seconds", "event_transport", "redis_address"];

/// The variables of a component that consumes events, beside the number of attempts and the lease.
const CONSUMER: &[&str] = &["event_retry_base_ms", "event_retry_cap_ms"];

/// The variables of a component whose calls of a provider are bounded.
const BREAKER: &[&str] = &["provider_breaker_failures", "provider_breaker_seconds"];

/// The variables of an adapter of notifications: those of its provider.
macro_rules! notify_adapter {
    ($component:literal, $variable:literal) => {
        Rights {
            component: $component,
            databases: &[],
            stores: &[],
            calls: &[],
            outside: &[concat!($variable, "_host")],
            variables: &[&[
                "log_level",
                concat!("log_name: ", $component),
                "service_token_secret = provider_token_secret",
                concat!("endpoint = ", $variable, "_endpoint"),
                concat!("key = ", $variable, "_key"),
                concat!("sender = ", $variable, "_sender"),
                concat!("allow_private = ", $variable, "_allow_private"),
            ]],
        }
    };
}

const RIGHTS: [Rights; 14] = [
    Rights {
        component: "auth",
        databases: &["auth"],
        stores: &["edge"],
        calls: &["auth", "users"],
        outside: &[],
        variables: &[
            EDGE,
            &["access_token_seconds", "audit_secret", "auth_key_secret", "event_retention_seconds"],
            &["bootstrap_admin_email", "bootstrap_admin_password"],
        ],
    },
    Rights {
        component: "catalog",
        databases: &["catalog"],
        stores: &["cache", "edge"],
        calls: &["auth"],
        outside: &[],
        variables: &[EDGE, &["audit_secret", "catalog_cache", "event_retention_seconds", "reservation_seconds"]],
    },
    Rights { component: "docs", databases: &[], stores: &[], calls: &[], outside: &[], variables: &[] },
    Rights {
        component: "gateway",
        databases: &[],
        stores: &["edge"],
        calls: &["auth", "catalog", "notifications", "orders", "payments", "users"],
        outside: &[],
        variables: &[EDGE, &["metrics_token"]],
    },
    Rights {
        component: "notifications",
        databases: &["notifications"],
        stores: &["edge"],
        calls: &["auth", "notify-email", "notify-push", "notify-sms", "orders", "payments", "users"],
        outside: &[],
        variables: &[
            EDGE,
            CONSUMER,
            &["audit_secret", "event_retention_seconds", "provider_token_secret", "shop_name"],
            &["event_lease_seconds = notification_lease_seconds", "event_max_attempts = notification_max_attempts"],
            &[
                "event_retry_seconds",
                "notification_retention_seconds",
                "notify_breaker_failures",
                "notify_breaker_seconds",
                "notify_concurrency",
                "provider_timeout_seconds",
            ],
        ],
    },
    notify_adapter!("notify-email", "notify_email"),
    notify_adapter!("notify-push", "notify_push"),
    notify_adapter!("notify-sms", "notify_sms"),
    Rights {
        component: "orders",
        databases: &["orders"],
        stores: &["edge"],
        calls: &["auth", "catalog", "notifications", "payments", "pricing", "users"],
        outside: &["redis_address"],
        variables: &[
            EDGE,
            PRODUCER,
            CONSUMER,
            &["audit_secret", "event_lease_seconds", "event_max_attempts", "idempotency_lease_seconds"],
            BREAKER,
            &["customer_max_unpaid_orders", "customer_max_unpaid_pieces", "order_retention_days"],
            &["event_retry_seconds", "payment_timeout_seconds", "pricing_concurrency", "provider_token_secret"],
        ],
    },
    Rights {
        component: "payment-provider",
        databases: &[],
        stores: &[],
        calls: &[],
        outside: &["payment_provider_host"],
        variables: &[&[
            "log_level",
            "service_token_secret = provider_token_secret",
            "endpoint = payment_provider_endpoint",
            "key = payment_provider_key",
            "allow_private = payment_provider_allow_private",
        ]],
    },
    Rights {
        component: "payments",
        databases: &["payments"],
        stores: &["edge"],
        calls: &["auth", "notifications", "orders", "payment-provider", "users"],
        outside: &["redis_address"],
        variables: &[
            EDGE,
            PRODUCER,
            CONSUMER,
            &["audit_secret", "event_lease_seconds", "event_max_attempts = payment_max_attempts"],
            BREAKER,
            &["event_retry_seconds = payment_retry_seconds", "payment_concurrency"],
            &["payment_provider", "payment_webhook_secret", "provider_timeout_seconds", "provider_token_secret"],
        ],
    },
    Rights {
        component: "pricing",
        databases: &[],
        stores: &[],
        calls: &[],
        outside: &["pricing_host"],
        variables: &[&[
            "log_level",
            "service_token_secret = provider_token_secret",
            "endpoint = pricing_endpoint",
            "key = pricing_key",
            "allow_private = pricing_allow_private",
        ]],
    },
    Rights { component: "shop", databases: &[], stores: &[], calls: &[], outside: &[], variables: &[] },
    Rights {
        component: "users",
        databases: &["users"],
        stores: &["edge"],
        calls: &["auth", "catalog", "notifications", "orders", "payments"],
        outside: &["redis_address"],
        variables: &[EDGE, PRODUCER, &["audit_secret", "rate_limit_export"]],
    },
];

impl Rights {
    /// Returns the variable of the application with the URL of each component that it may call.
    fn url_variables(&self) -> impl Iterator<Item = String> {
        self.calls.iter().map(|callee| format!("{}_url", callee.replace('-', "_")))
    }

    /// Returns the hosts that it may call, in the order of spin.toml.
    fn hosts(&self) -> Vec<String> {
        let outside = self.outside.iter().map(|variable| (*variable).to_owned());
        self.url_variables().chain(outside).map(|variable| template(&variable)).collect()
    }

    /// Returns its variables with their values.
    fn variables(&self) -> BTreeMap<String, String> {
        let value = |variable: &&str| match variable.split_once(" = ") {
            Some((name, other)) => (name.to_owned(), template(other)),
            None => match variable.split_once(": ") {
                Some((name, text)) => (name.to_owned(), text.to_owned()),
                None => ((*variable).to_owned(), template(variable)),
            },
        };
        let urls = self.url_variables().map(|variable| (variable.clone(), template(&variable)));
        self.variables.iter().copied().flatten().map(value).chain(urls).collect()
    }
}

/// Returns the value of a variable that takes the application's variable `name`.
fn template(name: &str) -> String {
    format!("{{{{ {name} }}}}")
}

/// Returns the variables that the manifest gives the component `id`, with their values.
fn granted_variables(manifest: &Table, id: &str) -> BTreeMap<String, String> {
    let variables = manifest["component"][id].get("variables").and_then(Value::as_table);
    let value = |value: &Value| value.as_str().expect("a value is a string").to_owned();
    variables.into_iter().flatten().map(|(name, text)| (name.clone(), value(text))).collect()
}

/// Returns the variables that `others` does not have with the same value.
fn not_in(variables: &BTreeMap<String, String>, others: &BTreeMap<String, String>) -> impl Iterator<Item = String> {
    let differs = |(name, value): &(&String, &String)| others.get(*name) != Some(*value);
    variables.iter().filter(differs).map(|(name, value)| format!("{name} = \"{value}\""))
}

fn manifest() -> Table {
    let text = fs::read_to_string(Workspace::locate().manifest()).expect("spin.toml can be read");
    toml::from_str(&text).expect("spin.toml is TOML")
}

fn component<'a>(manifest: &'a mut Table, id: &str) -> &'a mut Table {
    manifest["component"][id].as_table_mut().expect("the component is in the manifest")
}

#[test]
fn each_component_has_exactly_the_rights_that_it_needs() {
    let application = Application::read(&Workspace::locate().manifest()).expect("spin.toml can be read");
    let ids: Vec<&str> = application.components.iter().map(|component| component.id.as_str()).collect();
    assert_eq!(ids, RIGHTS.map(|rights| rights.component), "add the rights of a new component");
    let (manifest, mut faults) = (manifest(), Vec::new());
    for (component, rights) in application.components.iter().zip(RIGHTS) {
        assert_eq!(component.databases, rights.databases, "{}", component.id);
        assert_eq!(component.outbound_hosts, rights.hosts(), "{}", component.id);
        assert_eq!(component.stores, rights.stores, "{}", component.id);
        let (granted, needed) = (granted_variables(&manifest, &component.id), rights.variables());
        faults.extend(not_in(&granted, &needed).map(|variable| format!("{} has {variable}", component.id)));
        faults.extend(not_in(&needed, &granted).map(|variable| format!("{} lacks {variable}", component.id)));
    }
    assert!(faults.is_empty(), "variables in spin.toml:\n  {}", faults.join("\n  "));
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
    // On a server it is there from the beginning.
    let is_file = Servers::of_folder(state.path()).is_none();
    assert!(!is_file || !state.path().join("users.db").exists(), "the database was created without the grant");

    // No login works there, but a token from before is still valid.
    let token = Instance::start(state.path()).admin().access_token;
    let response = without_grant(state.path()).client().as_user(&token).get("/v1/users");
    assert!(matches!(response.status, 500 | 503), "{response:?}");
    assert!(!response.text().to_lowercase().contains("access"), "internal text is not sent: {}", response.text());
}

#[test]
fn without_its_grant_the_gateway_cannot_call_any_component() {
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

/// Starts the application with the probe component in the place of `id`, with the rights that spin.toml grants `id`.
fn with_probe(state: &Path, id: &str) -> Instance {
    let probe = guest("probe");
    Instance::start_with_manifest(state, |manifest| {
        component(manifest, id).insert("source".into(), Value::String(probe.to_string_lossy().into_owned()));
        // The probe imports no other component, and a composed component has no rights of its own.
        component(manifest, id).remove("dependencies");
        component(manifest, id).remove("dependencies_inherit_configuration");
        // The probe acts on the path of the request, so it gets all paths.
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
        for database in rights.databases {
            assert_eq!(sql(database), "1", "{}", rights.component);
            let attach = b"ATTACH 'other.db' AS other";
            let attached = client.send("POST", &format!("/sql/{database}"), &[], Some(attach)).text();
            // By the host, or by the server.
            let refusal = match Store::of_environment() {
                None => "not authorized",
                Some(Store::Libsql) => "unsupported statement",
            };
            // Spin 3.6 attaches any file that its process can open.
            assert!(spin::of_environment().is_some() || attached.contains(refusal), "{attached}");
        }
        for other in
            ["auth", "catalog", "default", "gateway", "notifications", "orders", "payments", "users", "users.db"]
        {
            let result = sql(other);
            let denied = result.starts_with("error: Error::AccessDenied");
            assert_eq!(denied, !rights.databases.contains(&other), "{} and {other}: {result}", rights.component);
        }
        for store in ["auth", "cache", "default", "edge", "users"] {
            let result = client.get(&format!("/kv/get/{store}/key")).text();
            let denied = result.starts_with("error: Error::AccessDenied");
            assert_eq!(denied, !rights.stores.contains(&store), "{} and {store}: {result}", rights.component);
            assert!(denied || result == "none", "{} and {store}: {result}", rights.component);
        }
    }
}

#[test]
fn a_component_can_call_the_components_it_is_granted_and_no_other() {
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
            let result = fetch(target);
            assert!(!result.starts_with("error: "), "{component} to {target}: {result}");
        }
        let denied = inside.iter().filter(|(callee, _)| !calls.contains(callee)).map(|(_, target)| target);
        for target in denied.chain(&outside) {
            let result = fetch(target);
            assert!(result.starts_with("error: ErrorCode::HttpRequestDenied"), "{component} to {target}: {result}");
        }
        assert_eq!(fetch("/hello"), "error: ErrorCode::HttpRequestUriInvalid");
        let socket = client.get(&format!("/tcp/{address}")).text();
        assert!(socket.starts_with("error: "), "{socket}");
    }
    let accepted = listener.accept().map(|(_, peer)| peer).map_err(|error| error.kind());
    assert_eq!(accepted, Err(ErrorKind::WouldBlock));
}

#[test]
fn a_component_sees_only_the_variables_it_is_given() {
    let manifest = manifest();
    let application = manifest["variables"].as_table().expect("the application has variables").keys();
    let of_components = RIGHTS.into_iter().flat_map(|rights| rights.variables().into_keys());
    let all: BTreeSet<String> = application.cloned().chain(of_components).collect();
    for rights in RIGHTS {
        let (component, granted) = (rights.component, rights.variables());
        let state = tempfile::tempdir().expect("a temp folder");
        let instance = with_probe(state.path(), component);
        let client = instance.client();
        if granted.contains_key("log_level") {
            assert_eq!(client.get("/variable/log_level").text(), "info");
        }
        for name in &all {
            let value = client.get(&format!("/variable/{name}")).text();
            assert_eq!(!value.starts_with("error: "), granted.contains_key(name), "{component} and {name}");
        }
        assert_eq!(client.get("/environment").text(), "");
        let file = client.get("/read/etc/hostname").text();
        assert!(file.starts_with("error: "), "{file}");
    }
}

#[test]
fn an_adapter_does_not_have_the_secret_of_the_services() {
    let has_secret = |rights: &&Rights| rights.databases.is_empty() && rights.variables().contains_key(SECRET);
    for Rights { component, outside, .. } in RIGHTS.iter().filter(has_secret) {
        let state = tempfile::tempdir().expect("a temp folder");
        let instance = with_probe(state.path(), component);
        let secret = instance.client().get(&format!("/variable/{SECRET}")).text();
        assert_eq!(secret, if outside.is_empty() { SERVICE_SECRET } else { PROVIDER_SECRET }, "{component}");
    }
}
