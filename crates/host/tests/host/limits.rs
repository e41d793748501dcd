//! Tests that one request cannot harm another: traps, memory, endless loops.

use std::time::{Duration, Instant};

use http::StatusCode;
use tokio::task::JoinSet;

use crate::support::{PROBE, TestApp, TestHost, probe};

async fn limited(timeout: Duration) -> TestHost {
    let app = TestApp::new(PROBE);
    app.start_with(|options| {
        options.limits.timeout = timeout;
        options.limits.memory_bytes = 32 << 20;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trap_harms_no_other_request() {
    let host = probe("").await;
    let mut others = JoinSet::new();
    for _ in 0..50 {
        let fetcher = host.fetcher();
        others.spawn(async move { fetcher.get("/sleep/20").await });
    }
    for path in ["/trap", "/silent", "/exit", "/recurse"] {
        assert_eq!(host.get(path).await, (StatusCode::INTERNAL_SERVER_ERROR, String::new()), "{path}");
    }
    for answer in others.join_all().await {
        assert_eq!(answer, (StatusCode::OK, "slept".into()));
    }
    assert_eq!(host.host.counts().failures, 4);
    assert_eq!(host.text("/hello").await, "hello");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memory_bomb_ends_at_its_limit() {
    let host = limited(Duration::from_secs(30)).await;
    let mut others = JoinSet::new();
    for _ in 0..20 {
        let fetcher = host.fetcher();
        others.spawn(async move { fetcher.get("/hello").await });
    }
    assert_eq!(host.get("/bomb").await, (StatusCode::INTERNAL_SERVER_ERROR, String::new()));
    for answer in others.join_all().await {
        assert_eq!(answer, (StatusCode::OK, "hello".into()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_loop_is_stopped_while_other_requests_continue() {
    let host = limited(Duration::from_millis(400)).await;
    let started = Instant::now();
    let mut loops = JoinSet::new();
    for _ in 0..4 {
        let fetcher = host.fetcher();
        loops.spawn(async move { fetcher.get("/loop").await });
    }
    for _ in 0..5 {
        assert_eq!(host.text("/hello").await, "hello");
    }
    for answer in loops.join_all().await {
        assert_eq!(answer, (StatusCode::GATEWAY_TIMEOUT, String::new()));
    }
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    assert_eq!(host.host.counts().timeouts, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_loop_ends_soon_after_its_client_disconnects() {
    let host = limited(Duration::from_millis(400)).await;
    host.text("/hello").await;
    let fetcher = host.fetcher();
    let caller = tokio::spawn(async move { fetcher.get("/loop").await });
    while host.host.counts().requests < 2 {
        tokio::task::yield_now().await;
    }
    caller.abort();
    let started = Instant::now();
    while host.host.counts().timeouts == 0 {
        assert!(started.elapsed() < Duration::from_secs(60), "the loop continues");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_that_waits_too_long_is_stopped() {
    let host = limited(Duration::from_millis(50)).await;
    assert_eq!(host.get("/sleep/60000").await.0, StatusCode::GATEWAY_TIMEOUT);
}

#[tokio::test(flavor = "multi_thread")]
async fn instructions_are_counted_on_demand_and_are_the_same_for_the_same_request() {
    let app = TestApp::new(PROBE);
    // The hosts share their compiled code: neither may use the other's.
    for count_instructions in [false, true, false] {
        let host = app.start_with(|options| options.count_instructions = count_instructions).await;
        if !count_instructions {
            host.text("/hello").await;
            assert_eq!(host.host.counts().instructions, 0);
            continue;
        }
        let counts = [
            executed(&host, "/hello").await,
            executed(&host, "/hello").await,
            executed(&host, "/after/compute/50").await,
        ];
        assert_eq!(counts[0], counts[1]);
        assert!(counts[2] > counts[0] + 1_000_000, "{counts:?}");
    }
}

/// Returns the instructions of a request; the guest may end a little later than its response.
async fn executed(host: &TestHost, path: &str) -> u64 {
    let before = host.host.counts().instructions;
    host.text(path).await;
    loop {
        let instructions = host.host.counts().instructions - before;
        if instructions > 0 {
            return instructions;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_beyond_the_limit_wait() {
    let app = TestApp::new(PROBE);
    let host = app.start_with(|options| options.limits.concurrency = 2).await;
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let fetcher = host.fetcher();
        tasks.spawn(async move { fetcher.get("/sleep/5").await });
    }
    for answer in tasks.join_all().await {
        assert_eq!(answer.0, StatusCode::OK);
    }
}
