//! The gateway as a whole, with services made up for it.

mod audit;
mod dead_letters;
mod tick;

use crate::SERVICE;
use crate::services::SERVICES;
use futures::executor::block_on;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_edge::testing::with_edge_variables;
use spindle_platform::Platform;
use spindle_platform::http::{Body, Request, Response, empty};
use spindle_platform::platform::Builder;

fn platform() -> Platform {
    let addressed = |platform: Builder, service: &&str| {
        platform.with_variable(&format!("{service}_url"), &format!("http://{service}.spin.internal"))
    };
    SERVICES.iter().fold(with_edge_variables(Platform::native()), addressed).build()
}

/// The platform with every service but `absent` ready.
fn ready_but(absent: &str) -> Platform {
    let platform = platform();
    SERVICES.iter().filter(|service| **service != absent).for_each(|service| is_ready(&platform, service));
    platform
}

/// What is said of `service` in a body of `/readyz`.
fn said_of<'a>(service: &str, body: &'a Value) -> &'a Value {
    body["services"].as_array().unwrap().iter().find(|report| report["name"] == service).unwrap()
}

fn get(platform: &Platform, target: &str) -> (StatusCode, Value) {
    let request = Request::new(http::Request::get(target).body(Body::empty()).unwrap());
    let response = block_on(spindle_edge::serve(&SERVICE, platform.clone(), request));
    (response.status(), serde_json::from_slice(response.body()).unwrap())
}

/// Lets `service` answer with `response`, and checks what it is asked.
fn answers(platform: &Platform, service: &'static str, response: impl Fn() -> Response + 'static) {
    platform.serve(&format!("{service}.spin.internal"), move |request| {
        assert_eq!(request.path(), format!("/internal/{service}/ready"));
        assert!(request.header("authorization").unwrap().starts_with("Bearer "));
        assert!(request.header("traceparent").is_some() && request.header("x-request-id").is_some());
        let response = response();
        Box::pin(async { response })
    });
}

/// Lets `service` be ready.
fn is_ready(platform: &Platform, service: &'static str) {
    answers(platform, service, move || {
        let stores = json!([{ "name": service, "ms": 0.3 }]);
        let report = json!({ "name": service, "ready": true, "ms": 0.0, "stores": stores });
        spindle_platform::http::json(StatusCode::OK, &report)
    });
}

#[test]
fn its_operations_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}

#[test]
fn it_is_alive_without_asking_anyone() {
    assert_eq!(get(&platform(), "/healthz"), (StatusCode::OK, json!({ "status": "ok" })));
}

#[test]
fn it_is_ready_when_every_service_is() {
    let (status, mut body) = get(&ready_but("nobody"), "/readyz");
    assert_eq!(status, StatusCode::OK);
    let services = body["services"].as_array_mut().unwrap();
    assert_eq!(services.len(), SERVICES.len());
    for (service, name) in services.iter_mut().zip(SERVICES) {
        assert!(service["ms"].take().as_f64().unwrap() > 0.0);
        let stores = json!([{ "name": name, "ms": 0.3 }]);
        assert_eq!(*service, json!({ "name": name, "ready": true, "ms": null, "stores": stores }));
    }
}

#[test]
fn it_says_which_service_is_not_ready() {
    for (answer, detail) in
        [(StatusCode::SERVICE_UNAVAILABLE, "answered 503"), (StatusCode::OK, "answered something else")]
    {
        let platform = ready_but("users");
        answers(&platform, "users", move || empty(answer));
        let (status, body) = get(&platform, "/readyz");
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(body["type"], "https://spindle.dev/problems/not-ready");
        assert_eq!(body["detail"], "Not ready: users.");
        assert_eq!(said_of("users", &body)["detail"], detail);
    }
}

#[test]
fn a_service_that_cannot_be_reached_is_not_ready() {
    let (status, body) = get(&ready_but("catalog"), "/readyz");
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(said_of("catalog", &body)["detail"], "did not answer");
}

#[test]
fn everything_else_is_not_there() {
    for target in ["/", "/v1/unknown", "/internal/users/ready", "/internal", "/healthz/"] {
        assert_eq!(get(&platform(), target).0, StatusCode::NOT_FOUND, "{target}");
    }
}
