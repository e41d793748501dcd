//! The tick, with mocked services.

use super::client;
use crate::tick::TICKED;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_edge::testing::TestClient;
use spindle_platform::http::{Response, empty};

fn tick(client: &TestClient, caller: &str) -> (StatusCode, Value) {
    client.post("/internal/tick").as_service(caller).send().status_and_json()
}

/// Mocks the tick of `service` with `response`.
fn mock_tick(client: &TestClient, service: &'static str, response: impl Fn() -> Response + 'static) {
    client.platform().serve(&format!("{service}.spin.internal"), move |request| {
        assert_eq!((request.method(), request.path()), (&Method::POST, format!("/internal/{service}/tick").as_str()));
        assert!(request.header("authorization").unwrap().starts_with("Bearer "));
        let response = response();
        Box::pin(async { response })
    });
}

fn reporting(report: Value) -> impl Fn() -> Response {
    move || spindle_platform::http::json(StatusCode::OK, &report)
}

#[test]
fn every_service_with_periodic_jobs_is_ticked_and_its_report_returned() {
    let client = client();
    TICKED.iter().for_each(|service| mock_tick(&client, service, reporting(json!({ "done_by": service }))));
    let (status, mut body) = tick(&client, "ticker");
    for service in body["services"].as_array_mut().unwrap() {
        assert!(service["ms"].take().as_f64().unwrap() > 0.0);
    }
    let ticked = |name: &&str| json!({ "name": name, "ok": true, "ms": null, "report": { "done_by": name } });
    let expected: Vec<Value> = TICKED.iter().map(ticked).collect();
    assert_eq!((status, body), (StatusCode::OK, json!({ "services": expected })));
}

#[test]
fn a_failed_service_does_not_affect_the_others() {
    let client = client();
    TICKED.iter().for_each(|service| mock_tick(&client, service, reporting(json!({ "done_by": service }))));
    mock_tick(&client, "catalog", || empty(StatusCode::SERVICE_UNAVAILABLE));
    let (status, body) = tick(&client, "ticker");
    assert_eq!(status, StatusCode::OK);
    for service in body["services"].as_array().unwrap() {
        let failed = service["name"] == "catalog";
        assert_eq!((&service["ok"], service["report"].is_object()), (&json!(!failed), !failed), "{service}");
        assert_eq!(service.get("detail"), failed.then_some(&json!("returned 503")));
    }
    assert!(client.platform().logged().iter().any(|line| line.contains("tick failed") && line.contains("catalog")));
}

#[test]
fn only_the_ticker_may_tick() {
    assert_eq!(tick(&client(), "users").0, StatusCode::FORBIDDEN);
}
