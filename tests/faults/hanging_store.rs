//! A Redis with the key-value stores that accepts connections and responds to nothing.

use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::Instance;
use spindle_tests::redis::RedisServer;
use toml::{Table, Value};

/// The time limit of the recovery.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Puts all key-value stores into `redis`.
fn place_stores(config: &mut Table, redis: &RedisServer) {
    let stores = config["key_value_store"].as_table_mut().expect("there are stores");
    for store in ["cache", "edge"] {
        let entries = [("type", "redis".to_owned()), ("url", redis.url())];
        let entries = entries.map(|(key, value)| (key.to_owned(), Value::String(value)));
        stores.insert(store.to_owned(), Value::Table(entries.into_iter().collect()));
    }
}

#[test]
fn a_store_that_hangs_is_named_by_readyz_and_stops_nothing_that_does_not_use_it() {
    let Some(redis) = RedisServer::start("hanging_store") else { return };
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::with_runtime_config(state.path(), &[], |config| place_stores(config, &redis));
    let client = instance.client();
    let catalog = |report: &serde_json::Value| {
        let services = report["services"].as_array().expect("services are a list").clone();
        services.into_iter().find(|service| service["name"] == "catalog").expect("it has the stores")
    };
    let report = client.get("/readyz").expect_status(200).json();
    let names: Vec<_> =
        catalog(&report)["stores"].as_array().expect("a list").iter().map(|s| s["name"].clone()).collect();
    assert_eq!(names, ["catalog", "edge", "cache"]);

    redis.hang();
    let report = client.get("/readyz").expect_status(503).json();
    assert_eq!(report["detail"], "Not ready: catalog.");
    assert_eq!(catalog(&report)["detail"], "key-value: no response within 2 s");
    client.get("/healthz").expect_status(200);
    // Webhooks are not counted: the provider's signature is what is missing.
    let webhook =
        client.send("POST", "/v1/webhooks/payments/sandbox", &[("content-type", "application/json")], Some(b"{}"));
    assert_eq!(webhook.status, 401, "{}", webhook.text());

    redis.go_on();
    let begin = Instant::now();
    while client.get("/readyz").status != 200 {
        assert!(begin.elapsed() < TIMEOUT, "{}", client.get("/readyz").text());
        thread::sleep(Duration::from_millis(100));
    }
    client.get("/v1/products").expect_status(200);
}
