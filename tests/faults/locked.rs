//! A database that another writer has locked: reads are not affected; a write waits, or its response says when to retry.

use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::json;
use spindle_tests::Instance;
use spindle_tests::problem::expect_problem;
use spindle_tests::products::create_product;

#[test]
fn while_another_writer_has_locked_the_catalog_reads_continue_and_writes_wait() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::with(state.path(), &[("catalog_cache", "off")]);
    let operator = instance.admin().client;
    let product = create_product(&operator, &json!({}));
    let other = Connection::open(state.path().join("catalog.db")).expect("the catalog's database");

    other.execute_batch("BEGIN IMMEDIATE").expect("there is no other writer");
    let change = json!({"name": "Lantern"});
    let waited = thread::scope(|scope| {
        let begin = Instant::now();
        let writer = scope.spawn(|| operator.patch(&product.path, &product.etag, &change));
        let begun_reading = Instant::now();
        for path in [product.path.as_str(), "/v1/products", "/v1/products?q=lamp", "/v1/categories"] {
            instance.client().get(path).expect_status(200);
        }
        assert_eq!(instance.client().get(&product.path).json(), product.body, "the change is not there yet");
        assert!(begun_reading.elapsed() < Duration::from_millis(500), "readers wait: {:?}", begun_reading.elapsed());
        thread::sleep(Duration::from_millis(600));
        other.execute_batch("ROLLBACK").expect("the lock is released");
        writer.join().expect("the writer gets a response").expect_status(200);
        begin.elapsed()
    });
    assert!(waited >= Duration::from_millis(600), "{waited:?}");
    assert_eq!(instance.client().get(&product.path).json()["name"], "Lantern");

    // A writer does not wait forever.
    other.execute_batch("BEGIN IMMEDIATE").expect("there is no other writer");
    let refused = operator.patch(&product.path, "*", &json!({"name": "Lost"}));
    expect_problem(&refused, 503, "unavailable");
    other.execute_batch("ROLLBACK").expect("the lock is released");
    assert_eq!(instance.client().get(&product.path).json()["name"], "Lantern");
    operator.patch(&product.path, "*", &json!({"name": "Found"})).expect_status(200);
}
