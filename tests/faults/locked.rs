//! A database that another writer has locked: reads are not affected; a write waits, or its response says when to retry.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use spindle_tests::Instance;
use spindle_tests::database::WriteLock;
use spindle_tests::problem::expect_problem;
use spindle_tests::products::create_product;
use xtask::store::Store;

#[test]
fn while_another_writer_has_locked_the_catalog_reads_continue_and_writes_wait() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::with(state.path(), &[("catalog_cache", "off")]);
    let operator = instance.admin().client;
    let product = create_product(&operator, &json!({}));

    let other = WriteLock::take(state.path(), "catalog");
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
        other.release();
        writer.join().expect("the writer gets a response").expect_status(200);
        begin.elapsed()
    });
    assert!(waited >= Duration::from_millis(600), "{waited:?}");
    assert_eq!(instance.client().get(&product.path).json()["name"], "Lantern");

    // A writer does not wait forever: its request is refused, or the server takes the lock from the other.
    let other = WriteLock::take(state.path(), "catalog");
    let changed = operator.patch(&product.path, "*", &json!({"name": "Later"}));
    if Store::of_environment() == Some(Store::Libsql) {
        changed.expect_status(200);
    } else {
        expect_problem(&changed, 503, "unavailable");
        other.release();
        assert_eq!(instance.client().get(&product.path).json()["name"], "Lantern");
    }
    operator.patch(&product.path, "*", &json!({"name": "Found"})).expect_status(200);
}
