//! The cache of the catalog: its entries, and the service without it. A store that is gone, not granted or cannot be
//! opened only costs time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spindle_tests::products::{Product, create_product, skus, unique_word};
use spindle_tests::{Client, Instance, Response};
use toml::{Table, Value as Toml};

const HIT: &str = "spindle; hit";
const STORED: &str = "spindle; fwd=miss; stored";
const BYPASSED: &str = "spindle; fwd=bypass";

/// The variable with the mode of the cache.
const CACHE: &str = "catalog_cache";

/// The time limit of a read or a write if the store fails.
const TIMEOUT: Duration = Duration::from_secs(2);

#[track_caller]
fn status(response: &Response) -> &str {
    assert_eq!(response.status, 200, "{}", response.text());
    response.header("cache-status").unwrap_or_else(|| panic!("a read says whether it was kept: {response:?}"))
}

#[track_caller]
fn in_time<T>(what: &str, act: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = act();
    let taken = start.elapsed();
    assert!(taken < TIMEOUT, "{what} took {taken:?}");
    done
}

/// Reads and writes everything that is cached, and checks that no response came from the cache.
#[track_caller]
fn expect_all_to_work_without(instance: &Instance) {
    let (operator, reader) = (instance.admin().client, instance.client());
    let slug = unique_word("bypassed");
    let product = in_time("creating", || create_product(&operator, &json!({"category": slug})));
    for round in 0..3 {
        let change = json!({"name": format!("Lamp {round}")});
        let changed = in_time("changing", || operator.patch(&product.path, "*", &change)).expect_status(200).json();
        for path in [product.path.clone(), format!("/v1/products?category={slug}"), "/v1/categories".to_owned()] {
            let read = in_time(&path, || reader.get(&path));
            assert_eq!(status(&read), BYPASSED, "{path}");
            reader.send("GET", &path, &[("if-none-match", &read.etag())], None).expect_status(304);
        }
        assert_eq!(reader.get(&product.path).json(), changed);
        assert_eq!(reader.get(&format!("/v1/products?category={slug}")).json()["items"], json!([changed]));
    }
    // Concurrent readers wait no longer than one.
    in_time("sixteen readers", || {
        thread::scope(|scope| {
            let read = |_| scope.spawn(|| status(&instance.client().get(&product.path)).to_owned());
            let readers: Vec<_> = (0..16).map(read).collect();
            for reader in readers {
                assert_eq!(reader.join().expect("every reader gets a response"), BYPASSED);
            }
        });
    });
    assert!(instance.log().contains("cache failed"), "the log says why it is slow");
}

/// Changes the place of the cache's store.
fn place(config: &mut Table, entries: [(&str, String); 2]) {
    let stores = config["key_value_store"].as_table_mut().expect("there are stores");
    let store = entries.map(|(key, value)| (key.to_owned(), Toml::String(value))).into_iter().collect();
    stores.insert("cache".to_owned(), Toml::Table(store));
}

/// Returns each kind of read, with whether it is cached in the modes `lists` and `on`.
fn reads(product: &Product) -> [(String, bool); 4] {
    let slug = product.body["category"].as_str().expect("a string");
    [
        (product.path.clone(), false),
        (format!("/v1/products?category={slug}"), true),
        ("/v1/products?sort=price&currency=EUR&limit=1".to_owned(), true),
        ("/v1/categories".to_owned(), true),
    ]
}

#[test]
fn the_variable_decides_what_is_cached() {
    for (setting, keeps_lists, keeps_products) in [("off", false, false), ("lists", true, false), ("on", true, true)] {
        let state = tempfile::tempdir().expect("a temp folder");
        let instance = Instance::with(state.path(), &[(CACHE, setting)]);
        let (operator, reader) = (instance.admin().client, instance.client());
        let product = create_product(&operator, &json!({}));
        create_product(&operator, &json!({}));
        for (path, is_list) in reads(&product) {
            let is_kept = if is_list { keeps_lists } else { keeps_products };
            let (first, second) = (reader.get(&path), reader.get(&path));
            let expected = if is_kept { (STORED, HIT) } else { (BYPASSED, BYPASSED) };
            assert_eq!((status(&first), status(&second)), expected, "{path} with {setting}");
            assert_eq!(first.body, second.body, "{path} with {setting}");
            for name in ["etag", "cache-control", "vary", "link", "content-type"] {
                assert_eq!(first.header(name), second.header(name), "{name} of {path} with {setting}");
            }
            let unchanged = reader.send("GET", &path, &[("if-none-match", &first.etag())], None).expect_status(304);
            assert_eq!(unchanged.header("cache-status"), Some(if is_kept { HIT } else { BYPASSED }), "{path}");
            // A client with a token gets the same response.
            assert_eq!(operator.get(&path).body, first.body, "{path}");
        }
    }
}

#[test]
fn every_client_reads_its_own_write_while_others_read() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::with(state.path(), &[(CACHE, "on")]);
    let operator = instance.admin().client;
    let product = create_product(&operator, &json!({}));
    let slug = product.body["category"].as_str().expect("a string");
    let list = format!("/v1/products?category={slug}");
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        for path in [&product.path, &list, &product.path, &list] {
            let (client, is_done) = (instance.client(), &is_done);
            scope.spawn(move || {
                while !is_done.load(Ordering::Relaxed) {
                    client.get(path).expect_status(200);
                }
            });
        }
        let stale = writes_that_are_not_seen(&operator, &instance.client(), &product, &list);
        is_done.store(true, Ordering::Relaxed);
        assert_eq!(stale, [] as [Value; 0], "a read after a write returned the old value");
    });
}

/// Writes a hundred times, and returns the writes that the next read does not show.
fn writes_that_are_not_seen(operator: &Client, reader: &Client, product: &Product, list: &str) -> Vec<Value> {
    let write = |number: i32| {
        let written = operator.patch(&product.path, "*", &json!({"name": format!("Lamp {number}")})).json();
        let (read, listed) = (reader.get(&product.path).json(), reader.get(list).json()["items"][0].clone());
        (written != read || written != listed).then(|| json!([written["name"], read["name"], listed["name"]]))
    };
    (0..100).filter_map(write).collect()
}

#[test]
fn without_its_grant_the_cache_is_bypassed() {
    let state = tempfile::tempdir().expect("a temp folder");
    drop(Instance::start(state.path()));
    let instance = Instance::start_with_manifest(state.path(), |manifest| {
        manifest["variables"][CACHE]["default"] = "on".into();
        manifest["component"]["catalog"]["key_value_stores"] = vec!["edge"].into();
    });
    expect_all_to_work_without(&instance);
}

#[test]
fn a_store_that_cannot_be_opened_is_bypassed() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::with_runtime_config(state.path(), &[(CACHE, "on")], |config| {
        // A folder is no file.
        place(config, [("type", "spin".to_owned()), ("path", state.path().to_string_lossy().into_owned())]);
    });
    expect_all_to_work_without(&instance);
}

#[test]
fn a_cache_that_was_lost_is_filled_again() {
    let state = tempfile::tempdir().expect("a temp folder");
    let path = {
        let instance = Instance::with(state.path(), &[(CACHE, "on")]);
        let product = create_product(&instance.admin().client, &json!({}));
        assert_eq!(status(&instance.client().get(&product.path)), STORED);
        product.path
    };
    // The cache was in memory, the products were not.
    let reader = Instance::with(state.path(), &[(CACHE, "on")]);
    assert_eq!(status(&reader.client().get(&path)), STORED);
    assert_eq!(status(&reader.client().get(&path)), HIT);
    assert_eq!(skus(&reader.client().get("/v1/products")).len(), 1);
}
