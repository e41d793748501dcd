//! The cache: which reads it serves, and that it never serves an old representation after a write.

use super::{client, create, product_input, with};
use crate::cache::{self, Resource};
use crate::representation::Representation;
use bytes::Bytes;
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::{ProductId, Role, Timestamp};
use spindle_edge::testing::{TestClient, TestResponse};
use spindle_platform::http::ETag;

const HIT: &str = "spindle; hit";
const STORED: &str = "spindle; fwd=miss; stored";
const BYPASSED: &str = "spindle; fwd=bypass";

fn client_with_cache() -> TestClient {
    let client = client();
    client.platform().set_variable("catalog_cache", "on");
    client
}

fn path(product: &Value) -> String {
    format!("/v1/products/{}", product["id"].as_str().unwrap())
}

fn status(response: &TestResponse) -> &str {
    response.header("cache-status").unwrap()
}

#[test]
fn a_second_read_is_served_without_the_database() {
    let client = client_with_cache();
    let product = create(&client, product_input("A"));
    create(&client, product_input("B"));
    for target in [
        path(&product),
        "/v1/products?sort=price&currency=EUR&limit=1".to_owned(),
        "/v1/products".to_owned(),
        "/v1/categories".to_owned(),
    ] {
        let first = client.get(&target).send();
        assert_eq!(status(&first), STORED, "{target}");
        let before = client.platform().statements("catalog").len();
        let second = client.get(&target).send();
        assert_eq!(status(&second), HIT, "{target}");
        assert_eq!(client.platform().statements("catalog").len(), before, "{target}");
        let mut headers = first.headers().clone();
        headers.insert("cache-status", HIT.parse().unwrap());
        headers.insert("x-request-id", second.headers()["x-request-id"].clone());
        headers.insert("ratelimit", second.headers()["ratelimit"].clone());
        assert_eq!((second.headers(), second.body()), (&headers, first.body()), "{target}");
        let third = client.get(&target).header("if-none-match", first.header("etag").unwrap()).send();
        assert_eq!((third.status(), status(&third)), (StatusCode::NOT_MODIFIED, HIT), "{target}");
    }
}

#[test]
fn every_write_is_visible_at_once() {
    let client = client_with_cache();
    let product = create(&client, product_input("A"));
    let path = path(&product);
    let writes: [(Method, &str, Value); 4] = [
        (Method::PATCH, "", json!({ "name": "Other" })),
        (Method::PUT, "/stock", json!({ "on_hand": 3 })),
        (Method::DELETE, "", json!({})),
        (Method::PATCH, "", json!({ "status": "active" })),
    ];
    let targets = [path.as_str(), "/v1/products", "/v1/categories"];
    let read_all = || targets.map(|target| client.get(target).send().json());
    for (method, suffix, change) in writes {
        let before = read_all();
        let target = format!("{path}{suffix}");
        let written =
            client.request(method, &target).as_role(Role::Operator).header("if-match", "*").json(&change).send();
        assert!(written.status().is_success());
        let [product, list, _] = read_all();
        assert_ne!(product, before[0], "{change}");
        assert_ne!(list, before[1], "{change}");
        client.platform().set_variable("catalog_cache", "off");
        let stored = read_all();
        client.platform().set_variable("catalog_cache", "on");
        assert_eq!(read_all(), stored, "{change}");
    }
    create(&client, with(product_input("B"), json!({ "category": "new" })));
    assert_eq!(client.get("/v1/categories").send().json()["items"].as_array().unwrap().len(), 2);
}

#[test]
fn searches_look_ups_and_further_pages_are_not_cached() {
    let client = client_with_cache();
    create(&client, product_input("A"));
    create(&client, product_input("B"));
    let cursor = client.get("/v1/products?limit=1").send().json()["next_cursor"].as_str().unwrap().to_owned();
    for query in ["q=lamp".to_owned(), "sku=A".to_owned(), format!("limit=1&cursor={cursor}")] {
        for _ in 0..2 {
            assert_eq!(status(&client.get(&format!("/v1/products?{query}")).send()), BYPASSED, "{query}");
        }
    }
}

#[test]
fn the_mode_lists_caches_lists_and_no_products() {
    let client = client();
    client.platform().set_variable("catalog_cache", "lists");
    let product = create(&client, product_input("A"));
    for expected in [STORED, HIT] {
        assert_eq!(status(&client.get(&path(&product)).send()), BYPASSED);
        assert_eq!(status(&client.get("/v1/products").send()), expected);
        assert_eq!(status(&client.get("/v1/categories").send()), expected);
    }
    create(&client, product_input("B"));
    assert_eq!(status(&client.get("/v1/products").send()), STORED);
}

#[test]
fn if_the_store_fails_reads_and_writes_succeed_and_a_warning_is_logged() {
    let client = client_with_cache();
    let product = create(&client, product_input("A"));
    client.get(&path(&product)).send();
    client.platform().fail_stores(true);
    let change = json!({ "name": "Other" });
    let changed = client.patch(&path(&product)).as_role(Role::Operator).header("if-match", "*").json(&change).send();
    assert_eq!(changed.status(), StatusCode::OK);
    let read = client.get(&path(&product)).send();
    assert_eq!((status(&read), &read.json()["name"]), (BYPASSED, &json!("Other")));
    assert!(client.platform().logged().iter().any(|line| line.contains("cache failed")));
}

#[test]
fn an_entry_that_could_not_be_invalidated_expires_after_a_minute() {
    let client = client_with_cache();
    let product = create(&client, product_input("A"));
    client.get(&path(&product)).send();
    client.platform().fail_stores(true);
    client
        .patch(&path(&product))
        .as_role(Role::Operator)
        .header("if-match", "*")
        .json(&json!({ "name": "Other" }))
        .send();
    client.platform().fail_stores(false);
    client.platform().set_now(Timestamp::from_millis(1_700_000_000_000 + 60_000));
    assert_eq!(client.get(&path(&product)).send().json()["name"], "Other");
}

#[test]
fn an_entry_of_a_reader_that_a_write_overtook_is_never_served() {
    let client = client_with_cache();
    let context = client.context();
    let id = ProductId(uuid::Uuid::from_u128(7));
    let representation =
        |text: &'static str| Representation { etag: ETag::of_version(1), link: None, body: Bytes::from(text) };
    block_on(async {
        let overtaken = async || {
            cache::invalidate(&context, [id].into_iter()).await?;
            Ok(representation("old"))
        };
        cache::read(&context, Resource::Product(id), overtaken).await.unwrap();
        let (read, _) = cache::read(&context, Resource::Product(id), async || Ok(representation("new"))).await.unwrap();
        assert_eq!(read.body, "new");
    });
}

#[test]
fn the_access_line_of_a_read_has_its_cache_status() {
    let client = client_with_cache();
    let product = create(&client, product_input("A"));
    client.get(&path(&product)).send();
    client.get(&path(&product)).send();
    let hits = client.platform().logged().iter().filter(|line| line.contains(r#""cache":"spindle; hit""#)).count();
    assert_eq!(hits, 1);
}

#[test]
fn a_cached_read_takes_an_open_and_two_calls_beside_those_of_the_edge() {
    let client = client_with_cache();
    let product = create(&client, product_input("A"));
    let targets = [path(&product), "/v1/products".to_owned(), "/v1/categories".to_owned()];
    for target in &targets {
        client.get(target).send();
    }
    for target in &targets {
        client.platform().take_store_calls();
        assert_eq!(status(&client.get(target).send()), HIT, "{target}");
        let calls = client.platform().take_store_calls();
        let names: Vec<&str> = calls.iter().map(|call| call.split(':').next().unwrap()).collect();
        let edge = ["open edge", "increment shared", "get shared"];
        assert_eq!(names, [&edge[..], &["open cache", "get catalog", "get catalog"]].concat(), "{target}");
    }
}

#[test]
fn a_read_calls_a_cache_that_fails_once() {
    let client = client_with_cache();
    let product = create(&client, product_input("A"));
    client.platform().lose_stores(true);
    client.platform().take_store_calls();
    assert_eq!(status(&client.get(&path(&product)).send()), BYPASSED);
    assert_eq!(client.platform().take_store_calls(), ["open edge"]);
}
