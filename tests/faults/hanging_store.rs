//! A Redis with the key-value stores that accepts connections and responds to nothing.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spindle_tests::accounts::try_log_in;
use spindle_tests::instance::{SERVICE_SECRET, place_stores};
use spindle_tests::problem::expect_problem;
use spindle_tests::redis::RedisServer;
use spindle_tests::{Client, Instance, skip_on_spin};
use xtask::http;
use xtask::tick::Ticker;

/// The time limit of the recovery.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Returns the report on health, as the clock reads it: its requests need no key-value store.
fn health(client: &Client) -> Value {
    let clock = Ticker::new(&http::Client::new(client.base()), SERVICE_SECRET.to_owned());
    let response = clock.health().expect("a response");
    assert_eq!(response.status, 200, "{}", response.body);
    response.body
}

#[test]
fn a_store_that_hangs_is_named_by_the_report_on_health_and_reads_go_on() {
    let test = "a_store_that_hangs_is_named_by_the_report_on_health_and_reads_go_on";
    if skip_on_spin(test, "time limit for a call of key-value") {
        return;
    }
    let Some(redis) = RedisServer::start(test) else { return };
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::with_runtime_config(state.path(), &[], |config| place_stores(config, &redis));
    let client = instance.client();
    let customer = instance.accounts().customer("ada");
    assert_eq!(health(&client)["state"], "ok");

    redis.hang();
    client.get("/healthz").expect_status(200);
    client.get("/readyz").expect_status(200);
    let report = health(&client);
    assert_eq!(report["state"], "degraded", "{report}");
    for service in report["services"].as_array().expect("services are a list") {
        let parts = service["parts"].as_array().expect("parts are a list").iter();
        let failing: Vec<_> = parts.filter(|part| part["state"] != "ok").map(|part| &part["name"]).collect();
        assert_eq!(failing, [&json!("edge")], "{report}");
    }
    // Webhooks are not counted: the provider's signature is what is missing.
    let webhook =
        client.send("POST", "/v1/webhooks/payments/sandbox", &[("content-type", "application/json")], Some(b"{}"));
    assert_eq!(webhook.status, 401, "{}", webhook.text());
    client.get("/v1/products").expect_status(200);
    customer.client.get("/v1/orders").expect_status(200);
    customer.client.patch("/v1/users/me", "*", &json!({"display_name": "Ada"})).expect_status(200);
    expect_problem(&try_log_in(&client, &customer.email, &customer.password), 503, "unavailable");

    redis.go_on();
    let begin = Instant::now();
    while health(&client)["state"] != "ok" {
        assert!(begin.elapsed() < TIMEOUT, "{}", health(&client));
        thread::sleep(Duration::from_millis(100));
    }
    try_log_in(&client, &customer.email, &customer.password).expect_status(200);
}
