//! Tests of the instances of components in the world of WASI 0.3.

use std::time::Duration;

use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use tokio::task::JoinSet;

use crate::support::{TestApp, TestHost};

const COUNTER: &str =
    "[[trigger.http]]\nroute = \"/...\"\ncomponent = \"counter\"\n[component.counter]\nsource = \"{counter}\"\n";

/// Returns a response whose body is not complete yet.
async fn hold(host: &TestHost) -> Response<Incoming> {
    let request = Request::get(host.url("/hold")).body(Full::default()).unwrap();
    host.fetcher().open(request).await.unwrap()
}

async fn meet(host: &TestHost, requests: usize, number: usize) -> Vec<(StatusCode, String)> {
    let mut tasks = JoinSet::new();
    for _ in 0..requests {
        let fetcher = host.fetcher();
        tasks.spawn(async move { fetcher.get(&format!("/meet/{number}")).await });
    }
    tasks.join_all().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_serves_128_requests() {
    let host = TestApp::new(COUNTER).start().await;
    for number in 1..=128 {
        assert_eq!(host.text("/count").await, number.to_string());
    }
    assert_eq!(host.text("/count").await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_serves_a_request_while_another_one_of_it_waits() {
    let host = TestApp::new(COUNTER).start().await;
    let _waiting = hold(&host).await;
    assert_eq!(host.text("/count").await, "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_request_after_the_16th_at_once_gets_another_instance() {
    let app = TestApp::new(COUNTER);
    let host = app.start_with(|options| options.limits.timeout = Duration::from_secs(2)).await;
    let met = meet(&host, 17, 17).await;
    assert_eq!(met, vec![(StatusCode::GATEWAY_TIMEOUT, String::new()); 17], "no instance has 17 at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trap_ends_the_other_requests_of_its_instance() {
    let host = TestApp::new(COUNTER).start().await;
    let waiting = hold(&host).await;
    assert_eq!(host.get("/trap").await, (StatusCode::INTERNAL_SERVER_ERROR, String::new()));
    assert!(waiting.into_body().collect().await.is_err(), "its body is not complete");
    assert_eq!(host.text("/count").await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trap_ends_the_instance_and_the_next_request_gets_a_new_one() {
    let host = TestApp::new(COUNTER).start().await;
    assert_eq!(host.text("/count").await, "1");
    assert_eq!(host.get("/trap").await, (StatusCode::INTERNAL_SERVER_ERROR, String::new()));
    assert_eq!(host.text("/count").await, "1");
    assert_eq!(host.host.counts().failures, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_a_response_in_time_gets_504() {
    let app = TestApp::new(COUNTER);
    let host = app.start_with(|options| options.limits.timeout = Duration::from_millis(200)).await;
    for path in ["/wait", "/loop"] {
        assert_eq!(host.get(path).await, (StatusCode::GATEWAY_TIMEOUT, String::new()), "{path}");
    }
    assert_eq!(host.text("/count").await, "1", "the instances of both are not used again");
    assert_eq!(host.host.counts().timeouts, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_the_component_is_a_500() {
    let host = TestApp::new(COUNTER).start().await;
    assert_eq!(host.get("/unknown").await, (StatusCode::INTERNAL_SERVER_ERROR, String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_ends_too_early_is_not_complete_for_the_client() {
    let host = TestApp::new(COUNTER).start().await;
    let request = Request::get(host.url("/cut")).body(Full::default()).unwrap();
    assert!(host.fetcher().try_send(request).await.is_err());
}
