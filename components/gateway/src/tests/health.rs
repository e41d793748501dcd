//! Liveness, readiness and health, with mocked services.

use super::{client, metrics};
use crate::services::SERVICES;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_edge::testing::TestClient;
use spindle_platform::http::{Response, empty, json as respond};

const HEALTH: &str = "/v1/admin/health";

/// Mocks `service`, whose response to the request of an operation below `/internal/<service>` is that of `respond`, and checks the requests.
fn mock(client: &TestClient, service: &'static str, respond: impl Fn(&str) -> Response + 'static) {
    client.platform().serve(&format!("{service}.spin.internal"), move |request| {
        assert!(request.header("authorization").unwrap().starts_with("Bearer "));
        assert!(request.header("traceparent").is_some() && request.header("x-request-id").is_some());
        let response = respond(request.path().strip_prefix(&format!("/internal/{service}/")).unwrap());
        Box::pin(async { response })
    });
}

/// Returns the response of a service whose parts all respond.
fn fine(service: &str, operation: &str) -> Response {
    let part = |kind, name| json!({ "kind": kind, "name": name, "state": "ok", "ms": 0.3 });
    let body = match operation {
        "ready" => json!({ "name": service, "ready": true, "ms": 0.0 }),
        "ready/database" => json!([part("database", service)]),
        "ready/stores" => json!([part("key_value", "edge")]),
        "ready/calls" => json!([part("service", "auth"), part("provider", "press")]),
        other => panic!("{other}"),
    };
    respond(StatusCode::OK, &body)
}

/// Returns a client of the gateway with all services ready except `absent`, which is not there.
fn client_without(absent: &str) -> TestClient {
    let client = client();
    for service in SERVICES.iter().filter(|service| **service != absent) {
        mock(&client, service, |operation| fine(service, operation));
    }
    client
}

/// Returns a client of the gateway whose service orders responds to `operation` with `response`, and otherwise like the other services.
fn client_with(operation: &'static str, response: impl Fn() -> Response + 'static) -> TestClient {
    let client = client_without("orders");
    mock(&client, "orders", move |asked| if asked == operation { response() } else { fine("orders", asked) });
    client
}

/// Returns the report on `service` in a body.
fn report_on<'a>(service: &str, body: &'a Value) -> &'a Value {
    body["services"].as_array().unwrap().iter().find(|report| report["name"] == service).unwrap()
}

fn health(client: &TestClient) -> Value {
    let (status, body) = client.get(HEALTH).bearer(metrics::TOKEN).send().status_and_json();
    assert_eq!(status, StatusCode::OK);
    body
}

/// Returns a part of a service that is not ok.
fn failing(kind: &str, name: &str, state: &str, cause: &str) -> Value {
    json!([{ "kind": kind, "name": name, "state": state, "ms": 5.0, "cause": cause }])
}

#[test]
fn liveness_calls_no_service() {
    assert_eq!(client().get("/healthz").send().status_and_json(), (StatusCode::OK, json!({ "status": "ok" })));
}

#[test]
fn a_replica_is_ready_when_every_service_is() {
    let (status, mut body) = client_without("none").get("/readyz").send().status_and_json();
    assert_eq!(status, StatusCode::OK);
    let services = body["services"].as_array_mut().unwrap();
    assert_eq!(services.len(), SERVICES.len());
    for (service, name) in services.iter_mut().zip(SERVICES) {
        assert!(service["ms"].take().as_f64().unwrap() > 0.0);
        assert_eq!(*service, json!({ "name": name, "ready": true, "ms": null }));
    }
}

#[test]
fn what_all_replicas_share_does_not_make_a_replica_unready() {
    let unavailable = || respond(StatusCode::OK, &failing("database", "orders", "unavailable", "it fails"));
    for client in [
        client_with("ready/database", unavailable),
        client_with("ready/database", || empty(StatusCode::GATEWAY_TIMEOUT)),
        client_with("ready/stores", || panic!("readiness asks no store")),
        client_with("ready/calls", || panic!("readiness asks for no call")),
    ] {
        client.platform().lose_stores(true);
        client.get("/readyz").send().expect(StatusCode::OK);
        assert_eq!(client.platform().take_store_calls(), [""; 0]);
    }
}

#[test]
fn a_database_that_this_replica_cannot_use_makes_it_unready() {
    let body = failing("database", "orders", "incompatible", "this release cannot migrate its schema");
    let client = client_with("ready/database", move || respond(StatusCode::OK, &body));
    let (status, body) = client.get("/readyz").send().status_and_json();
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(body["type"], "https://spindle.dev/problems/not-ready");
    assert_eq!(body["detail"], "Not ready: orders.");
    let orders = report_on("orders", &body);
    assert_eq!(
        (&orders["ready"], &orders["detail"]),
        (&json!(false), &json!("this release cannot migrate its schema"))
    );
}

#[test]
fn a_service_that_fails_or_says_so_is_not_ready() {
    let says = json!({ "name": "orders", "ready": false, "ms": 0.0, "detail": "the variable x has no value" });
    for (status, body, detail) in [
        (StatusCode::SERVICE_UNAVAILABLE, json!({}), "returned 503"),
        (StatusCode::OK, json!({}), "returned an unexpected body"),
        (StatusCode::OK, says, "the variable x has no value"),
    ] {
        let client = client_with("ready", move || respond(status, &body));
        let (status, body) = client.get("/readyz").send().status_and_json();
        assert_eq!((status, &body["detail"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("Not ready: orders.")));
        assert_eq!(report_on("orders", &body)["detail"], detail);
    }
}

#[test]
fn a_service_that_cannot_be_reached_is_named_to_clients_and_logged_with_its_address() {
    let client = client_without("catalog");
    let (status, body) = client.get("/readyz").send().status_and_json();
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(report_on("catalog", &body)["detail"], "spin.toml does not allow the call");
    assert!(!body.to_string().contains("spin.internal"), "a client must not see addresses: {body}");
    // The only line: the access line is logged at debug.
    let [line] = client.platform().logged().try_into().unwrap();
    let line: Value = serde_json::from_str(&line).unwrap();
    let expected = json!({
        "level": "warn", "message": "service not ready", "callee": "catalog", "url": "http://catalog.spin.internal",
        "cause": "calling catalog.spin.internal is not allowed",
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&line[field], value, "{line}");
    }
}

#[test]
fn a_failed_probe_logs_one_warning_for_each_service_that_is_not_ready() {
    let client = client();
    client.get("/readyz").send();
    let lines = client.platform().logged();
    assert_eq!(lines.len(), SERVICES.len(), "{lines:?}");
    for service in SERVICES {
        assert!(lines.iter().any(|line| line.contains(&format!(r#""callee":"{service}""#))), "{lines:?}");
    }
}

#[test]
fn a_service_elsewhere_is_shared_and_not_asked_by_readiness() {
    let platform = super::builder().with_variable("orders_url", "http://orders.example:8080").build();
    let client = TestClient::without_issuer(&crate::SERVICE, &platform);
    for service in SERVICES.iter().filter(|service| **service != "orders") {
        mock(&client, service, |operation| fine(service, operation));
    }
    let body = client.get("/readyz").send().expect(StatusCode::OK).json();
    let names: Vec<&Value> = body["services"].as_array().unwrap().iter().map(|service| &service["name"]).collect();
    assert_eq!(names, ["auth", "catalog", "notifications", "payments", "users"]);
}

#[test]
fn health_has_every_part_of_every_service() {
    let mut body = health(&client_without("none"));
    assert_eq!(body["state"], "ok");
    for (service, name) in body["services"].as_array_mut().unwrap().iter_mut().zip(SERVICES) {
        assert!(service["ms"].take().as_f64().unwrap() > 0.0);
        let part = |kind, name| json!({ "kind": kind, "name": name, "state": "ok", "ms": 0.3 });
        let parts =
            [part("database", *name), part("key_value", "edge"), part("service", "auth"), part("provider", "press")];
        assert_eq!(*service, json!({ "name": name, "state": "ok", "ms": null, "parts": parts }));
    }
}

#[test]
fn a_part_that_is_away_is_named_with_its_cause() {
    for (operation, part, state) in [
        ("ready/database", failing("database", "orders", "unavailable", "it fails"), "unavailable"),
        ("ready/stores", failing("key_value", "edge", "unavailable", "it fails"), "degraded"),
        ("ready/calls", failing("service", "catalog", "unavailable", "connection refused"), "degraded"),
    ] {
        let expected = part[0].clone();
        let client = client_with(operation, move || respond(StatusCode::OK, &part));
        let body = health(&client);
        let orders = report_on("orders", &body);
        assert_eq!((&body["state"], &orders["state"]), (&json!(state), &json!(state)), "{body}");
        assert!(orders["parts"].as_array().unwrap().contains(&expected), "{body}");
        assert_eq!(report_on("users", &body)["state"], "ok", "{body}");
    }
}

#[test]
fn an_open_circuit_breaker_replaces_the_adapter_that_responds() {
    let mut parts = failing("provider", "press", "unavailable", "its circuit breaker is open");
    let database = json!({ "kind": "database", "name": "orders", "state": "ok", "ms": 0.3 });
    parts.as_array_mut().unwrap().push(database);
    let body = health(&client_with("ready/database", move || respond(StatusCode::OK, &parts)));
    let orders = report_on("orders", &body);
    let providers: Vec<&Value> =
        orders["parts"].as_array().unwrap().iter().filter(|part| part["kind"] == "provider").collect();
    assert_eq!(providers.len(), 1, "{body}");
    assert_eq!((&providers[0]["state"], &orders["state"]), (&json!("unavailable"), &json!("degraded")));
}

#[test]
fn parts_that_do_not_respond_in_time_are_named_with_the_reason() {
    for (operation, kind) in [("ready/database", "database"), ("ready/stores", "key_value"), ("ready/calls", "service")]
    {
        let body = health(&client_with(operation, || empty(StatusCode::GATEWAY_TIMEOUT)));
        let parts = report_on("orders", &body)["parts"].as_array().unwrap().clone();
        let failed: Vec<&Value> = parts.iter().filter(|part| part["state"] != "ok").collect();
        assert_eq!(failed.len(), 1, "{body}");
        assert_eq!((&failed[0]["kind"], &failed[0]["cause"]), (&json!(kind), &json!("returned 504")));
    }
}

#[test]
fn a_service_that_does_not_respond_has_a_cause_and_no_parts() {
    let client = client_without("orders");
    let body = health(&client);
    let orders = report_on("orders", &body);
    assert_eq!((&body["state"], &orders["state"]), (&json!("unavailable"), &json!("unavailable")));
    assert_eq!((&orders["cause"], &orders["parts"]), (&json!("spin.toml does not allow the call"), &json!([])));
}

#[test]
fn operators_monitoring_and_the_clock_may_read_the_health() {
    let client = client_without("none");
    client.get(HEALTH).bearer(metrics::TOKEN).send().expect(StatusCode::OK);
    client.get(HEALTH).as_service("ticker").send().expect(StatusCode::OK);
    assert_eq!(client.get(HEALTH).as_service("orders").send().problem(), "401 unauthorized");
    assert_eq!(client.get(HEALTH).send().problem(), "401 unauthorized");
    let with_users = TestClient::new(&crate::SERVICE, &super::platform());
    with_users.get(HEALTH).as_role(Role::Operator).send().expect(StatusCode::OK);
    assert_eq!(with_users.get(HEALTH).as_role(Role::Customer).send().problem(), "403 forbidden");
    assert_eq!(client.get("/metrics").as_service("ticker").send().problem(), "401 unauthorized");
}
