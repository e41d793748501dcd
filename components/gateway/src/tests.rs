//! Tests of the whole gateway, with mocked services.

mod audit;
mod dead_letters;
mod metrics;
mod tick;

use crate::SERVICE;
use crate::services::SERVICES;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_edge::testing::{TestClient, with_edge_variables};
use spindle_platform::Platform;
use spindle_platform::http::{Response, empty};
use spindle_platform::platform::Builder;

fn platform() -> Platform {
    let with_url = |platform: Builder, service: &&str| {
        platform.with_variable(&format!("{service}_url"), &format!("http://{service}.spin.internal"))
    };
    let edge = with_edge_variables(Platform::native()).with_variable("metrics_token", metrics::TOKEN);
    SERVICES.iter().fold(edge, with_url).build()
}

/// Makes a client of the gateway on a platform without other services.
fn client() -> TestClient {
    TestClient::without_issuer(&SERVICE, &platform())
}

/// Returns a client of the gateway with all services ready except `absent`, which does not respond.
fn client_without(absent: &str) -> TestClient {
    let client = client();
    SERVICES.iter().filter(|service| **service != absent).for_each(|service| mock_ready(&client, service));
    client
}

/// Returns the report on `service` in a body of `/readyz`.
fn report_on<'a>(service: &str, body: &'a Value) -> &'a Value {
    body["services"].as_array().unwrap().iter().find(|report| report["name"] == service).unwrap()
}

/// Mocks the readiness of `service` with `response`, and checks the request.
fn mock_readiness(client: &TestClient, service: &'static str, response: impl Fn() -> Response + 'static) {
    client.platform().serve(&format!("{service}.spin.internal"), move |request| {
        if request.path() == "/internal/catalog/ready/stores" {
            let response = spindle_platform::http::json(StatusCode::OK, &json!([{ "name": "edge", "ms": 0.1 }]));
            return Box::pin(async { response });
        }
        assert_eq!(request.path(), format!("/internal/{service}/ready"));
        assert!(request.header("authorization").unwrap().starts_with("Bearer "));
        assert!(request.header("traceparent").is_some() && request.header("x-request-id").is_some());
        let response = response();
        Box::pin(async { response })
    });
}

/// Mocks a ready `service`.
fn mock_ready(client: &TestClient, service: &'static str) {
    mock_readiness(client, service, move || {
        let stores = json!([{ "name": service, "ms": 0.3 }]);
        let report = json!({ "name": service, "ready": true, "ms": 0.0, "stores": stores });
        spindle_platform::http::json(StatusCode::OK, &report)
    });
}

#[test]
fn all_routes_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}

#[test]
fn liveness_calls_no_service() {
    assert_eq!(client().get("/healthz").send().status_and_json(), (StatusCode::OK, json!({ "status": "ok" })));
}

#[test]
fn the_platform_is_ready_when_every_service_is() {
    let (status, mut body) = client_without("none").get("/readyz").send().status_and_json();
    assert_eq!(status, StatusCode::OK);
    let services = body["services"].as_array_mut().unwrap();
    assert_eq!(services.len(), SERVICES.len());
    for (service, name) in services.iter_mut().zip(SERVICES) {
        assert!(service["ms"].take().as_f64().unwrap() > 0.0);
        let stores = match *name {
            "catalog" => json!([{ "name": name, "ms": 0.3 }, { "name": "edge", "ms": 0.1 }]),
            name => json!([{ "name": name, "ms": 0.3 }]),
        };
        assert_eq!(*service, json!({ "name": name, "ready": true, "ms": null, "stores": stores }));
    }
}

#[test]
fn a_store_that_does_not_respond_is_not_ready_and_no_request_of_the_gateway_waits_for_it() {
    for (status, body, ready, detail) in [
        (StatusCode::GATEWAY_TIMEOUT, json!({}), false, json!("key-value: returned 504")),
        // The services do without a store that fails at once.
        (StatusCode::OK, json!([{ "name": "edge", "ms": 0.1, "detail": "fails" }]), true, Value::Null),
    ] {
        let client = client_without("catalog");
        client.platform().lose_stores(true);
        let stores = body.clone();
        client.platform().serve("catalog.spin.internal", move |request| {
            let own = json!({ "name": "catalog", "ready": true, "ms": 0.0, "stores": [] });
            let response = match request.path() {
                "/internal/catalog/ready/stores" => spindle_platform::http::json(status, &stores),
                _ => spindle_platform::http::json(StatusCode::OK, &own),
            };
            Box::pin(async { response })
        });
        let (status, report) = client.get("/readyz").send().status_and_json();
        assert_eq!(status, if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE });
        let catalog = report_on("catalog", &report);
        assert_eq!((&catalog["ready"], &catalog["detail"]), (&ready.into(), &detail));
        assert_eq!(catalog["stores"], if ready { body } else { json!([]) });
        client.get("/healthz").send().expect(StatusCode::OK);
        assert_eq!(client.platform().take_store_calls(), [""; 0]);
    }
}

#[test]
fn a_service_that_fails_is_named_as_not_ready() {
    for (status, detail) in
        [(StatusCode::SERVICE_UNAVAILABLE, "returned 503"), (StatusCode::OK, "returned an unexpected body")]
    {
        let client = client_without("users");
        mock_readiness(&client, "users", move || empty(status));
        let (status, body) = client.get("/readyz").send().status_and_json();
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(body["type"], "https://spindle.dev/problems/not-ready");
        assert_eq!(body["detail"], "Not ready: users.");
        assert_eq!(report_on("users", &body)["detail"], detail);
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
fn unknown_paths_are_not_found() {
    for target in ["/", "/v1/unknown", "/internal/users/ready", "/internal", "/healthz/"] {
        assert_eq!(client().get(target).send().status(), StatusCode::NOT_FOUND, "{target}");
    }
}
