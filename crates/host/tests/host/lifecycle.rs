//! Tests of a component's output, its work after the response, and the shutdown of a host.

use std::time::{Duration, Instant};

use http::StatusCode;

use crate::support::{Captured, PROBE, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_parallel_requests_are_not_mixed() {
    let app = TestApp::new(PROBE);
    let out = Captured::default();
    let host = app.start_with(|options| options.stdout = out.target()).await;
    let mut tasks = tokio::task::JoinSet::new();
    for word in ["alpha", "beta", "gamma", "delta"] {
        let fetcher = host.fetcher();
        tasks.spawn(async move { fetcher.get(&format!("/print/{word}/50")).await });
    }
    tasks.join_all().await;
    host.host.shutdown().await;
    let text = out.text();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    let mut expected: Vec<String> =
        (0..50).flat_map(|number| ["alpha", "beta", "gamma", "delta"].map(|word| format!("{word}-{number}"))).collect();
    expected.sort_unstable();
    assert_eq!(lines, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_may_continue_after_its_response() {
    let app = TestApp::new(&format!("{PROBE}key_value_stores = [\"default\"]\n"));
    let host = app.start().await;
    assert_eq!(host.text("/after/set/default/k/v").await, "answered");
    // Shutting down waits for it.
    host.host.shutdown().await;
    assert_eq!(app.start().await.text("/kv/get/default/k").await, "v");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_does_not_wait_for_the_work_after_it() {
    let host = TestApp::new(PROBE).start().await;
    host.text("/hello").await;
    let started = Instant::now();
    assert_eq!(host.text("/after/compute/1500").await, "answered");
    assert!(started.elapsed() < Duration::from_millis(500), "{:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trap_after_the_response_does_not_change_it() {
    let host = TestApp::new(PROBE).start().await;
    assert_eq!(host.get("/after/trap").await, (StatusCode::OK, "answered".into()));
    // The response may arrive before the trap.
    while host.host.counts().failures == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_completes_the_requests_in_flight() {
    let host = TestApp::new(PROBE).start().await;
    let fetcher = host.fetcher();
    let before = host.host.counts().requests;
    let slow = tokio::spawn(async move { fetcher.get("/sleep/300").await });
    while host.host.counts().requests == before {
        tokio::task::yield_now().await;
    }
    let fetcher = host.fetcher();
    host.host.shutdown().await;
    assert_eq!(slow.await.unwrap(), (StatusCode::OK, "slept".into()));
    let refused = fetcher.try_send(http::Request::get("http://127.0.0.1:1/").body(Default::default()).unwrap()).await;
    assert!(refused.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_does_not_wait_forever() {
    let app = TestApp::new(PROBE);
    let host = app.start_with(|options| options.limits.drain = Duration::from_millis(100)).await;
    let fetcher = host.fetcher();
    tokio::spawn(async move { fetcher.try_send(http::Request::get("/").body(Default::default()).unwrap()).await });
    let fetcher = host.fetcher();
    let stuck = tokio::spawn(async move { fetcher.get("/sleep/60000").await });
    while host.host.counts().requests == 0 {
        tokio::task::yield_now().await;
    }
    let started = Instant::now();
    host.host.shutdown().await;
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    assert!(stuck.await.is_err(), "the connection was cut");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_takes_well_under_a_second() {
    let app = TestApp::new(PROBE);
    app.start().await.host.shutdown().await;
    let started = Instant::now();
    let host = app.start().await;
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    assert_eq!(host.text("/hello").await, "hello");
}
