//! Health and readiness.

use spindle_tests::accounts::operator;
use spindle_tests::target;

/// Names.
type Names = &'static [&'static str];

/// A service with the names of its stores, of the services that it calls, and of its providers.
type Parts = (&'static str, Names, Names, Names);

/// Each service with its key-value stores, and the services and providers that it calls.
const SERVICES: [Parts; 6] = [
    ("auth", &["edge"], &["users"], &[]),
    ("catalog", &["edge", "cache"], &["auth"], &[]),
    (
        "notifications",
        &["edge"],
        &["auth", "orders", "payments", "users"],
        &["notify-email", "notify-push", "notify-sms"],
    ),
    ("orders", &["edge"], &["auth", "catalog", "notifications", "payments", "users"], &["pricing"]),
    ("payments", &["edge"], &["auth", "notifications", "orders", "users"], &["payment-provider"]),
    ("users", &["edge"], &["auth", "catalog", "notifications", "orders", "payments"], &[]),
];

#[test]
fn liveness_is_200() {
    let response = target().client().get("/healthz").expect_status(200);
    assert_eq!(response.json(), serde_json::json!({"status": "ok"}));
    assert_eq!(response.header("cache-control"), Some("no-store"));
}

#[test]
fn readiness_lists_every_service_with_its_time() {
    let response = target().client().get("/readyz").expect_status(200);
    assert_eq!(response.header("cache-control"), Some("no-store"));
    let body = response.json();
    let services = body["services"].as_array().unwrap_or_else(|| panic!("services are a list: {body}"));
    let names: Vec<&str> = services.iter().filter_map(|service| service["name"].as_str()).collect();
    assert_eq!(names, SERVICES.map(|(name, ..)| name), "{body}");
    for service in services {
        assert_eq!(service["ready"], true, "{body}");
        assert!(service["ms"].as_f64().is_some_and(|time| time >= 0.0), "{body}");
    }
}

#[test]
fn health_lists_every_part_of_every_service() {
    let body = operator().client.get("/v1/admin/health").expect_status(200).json();
    assert_eq!(body["state"], "ok", "{body}");
    let services = body["services"].as_array().unwrap_or_else(|| panic!("services are a list: {body}"));
    assert_eq!(services.len(), SERVICES.len(), "{body}");
    for (service, (name, stores, calls, providers)) in services.iter().zip(SERVICES) {
        assert_eq!((&service["name"], &service["state"]), (&name.into(), &"ok".into()), "{body}");
        let parts = service["parts"].as_array().unwrap_or_else(|| panic!("parts are a list: {body}"));
        let of_kind = |kind: &str| -> Vec<&str> {
            parts.iter().filter(|part| part["kind"] == kind).filter_map(|part| part["name"].as_str()).collect()
        };
        assert_eq!(of_kind("database"), [name], "a service has its own database: {body}");
        assert_eq!(of_kind("key_value"), stores, "{body}");
        assert_eq!(of_kind("service"), calls, "{body}");
        assert_eq!(of_kind("provider"), providers, "{body}");
        for part in parts {
            assert!(part["ms"].as_f64().is_some_and(|time| time >= 0.0), "{body}");
        }
    }
}
