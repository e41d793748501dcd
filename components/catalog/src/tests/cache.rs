//! The cache: which reads it serves, and that it never serves an old representation after a write.

use super::{SERVICE, body, create, get, platform, product_input, send, send_as_is, with};
use crate::cache::{self, Resource};
use crate::representation::Representation;
use bytes::Bytes;
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::{ProductId, Timestamp};
use spindle_platform::http::{Body, ETag, Response};
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform};

const HIT: &str = "spindle; hit";
const STORED: &str = "spindle; fwd=miss; stored";
const BYPASSED: &str = "spindle; fwd=bypass";

fn platform_with_cache() -> Platform {
    let platform = platform();
    platform.set_variable("catalog_cache", "on");
    platform
}

fn path(product: &Value) -> String {
    format!("/v1/products/{}", product["id"].as_str().unwrap())
}

fn status(response: &Response) -> &str {
    response.headers()["cache-status"].to_str().unwrap()
}

#[test]
fn a_second_read_is_served_without_the_database() {
    let platform = platform_with_cache();
    let product = create(&platform, product_input("A"));
    create(&platform, product_input("B"));
    for target in [
        path(&product),
        "/v1/products?sort=price&limit=1".to_owned(),
        "/v1/products".to_owned(),
        "/v1/categories".to_owned(),
    ] {
        let first = get(&platform, &target);
        assert_eq!(status(&first), STORED, "{target}");
        let before = platform.statements("catalog").len();
        let second = get(&platform, &target);
        assert_eq!(status(&second), HIT, "{target}");
        assert_eq!(platform.statements("catalog").len(), before, "{target}");
        let mut headers = first.headers().clone();
        headers.insert("cache-status", HIT.parse().unwrap());
        headers.insert("x-request-id", second.headers()["x-request-id"].clone());
        headers.insert("ratelimit", second.headers()["ratelimit"].clone());
        assert_eq!((second.headers(), second.body()), (&headers, first.body()), "{target}");
        let tag = [("if-none-match", first.headers()["etag"].to_str().unwrap())];
        let third = send_as_is(&platform, Method::GET, &target, &tag, Body::empty());
        assert_eq!((third.status(), status(&third)), (StatusCode::NOT_MODIFIED, HIT), "{target}");
    }
}

#[test]
fn every_write_is_visible_at_once() {
    let platform = platform_with_cache();
    let product = create(&platform, product_input("A"));
    let path = path(&product);
    let writes: [(Method, &str, Value); 4] = [
        (Method::PATCH, "", json!({ "name": "Other" })),
        (Method::PUT, "/stock", json!({ "quantity": 3 })),
        (Method::DELETE, "", json!({})),
        (Method::PATCH, "", json!({ "status": "active" })),
    ];
    let targets = [path.as_str(), "/v1/products", "/v1/categories"];
    let read_all = || targets.map(|target| body(&get(&platform, target)));
    for (method, suffix, change) in writes {
        let before = read_all();
        let target = format!("{path}{suffix}");
        let written = send(&platform, method, &target, &[("if-match", "*")], Some(change.clone()));
        assert!(written.status().is_success());
        let [product, list, _] = read_all();
        assert_ne!(product, before[0], "{change}");
        assert_ne!(list, before[1], "{change}");
        platform.set_variable("catalog_cache", "off");
        let stored = read_all();
        platform.set_variable("catalog_cache", "on");
        assert_eq!(read_all(), stored, "{change}");
    }
    create(&platform, with(product_input("B"), json!({ "category": "new" })));
    assert_eq!(body(&get(&platform, "/v1/categories"))["items"].as_array().unwrap().len(), 2);
}

#[test]
fn searches_and_further_pages_are_not_cached() {
    let platform = platform_with_cache();
    create(&platform, product_input("A"));
    create(&platform, product_input("B"));
    let cursor = body(&get(&platform, "/v1/products?limit=1"))["next_cursor"].as_str().unwrap().to_owned();
    for query in ["q=lamp".to_owned(), format!("limit=1&cursor={cursor}")] {
        for _ in 0..2 {
            assert_eq!(status(&get(&platform, &format!("/v1/products?{query}"))), BYPASSED, "{query}");
        }
    }
}

#[test]
fn the_mode_lists_caches_lists_and_no_products() {
    let platform = platform();
    platform.set_variable("catalog_cache", "lists");
    let product = create(&platform, product_input("A"));
    for expected in [STORED, HIT] {
        assert_eq!(status(&get(&platform, &path(&product))), BYPASSED);
        assert_eq!(status(&get(&platform, "/v1/products")), expected);
        assert_eq!(status(&get(&platform, "/v1/categories")), expected);
    }
    create(&platform, product_input("B"));
    assert_eq!(status(&get(&platform, "/v1/products")), STORED);
}

#[test]
fn if_the_store_fails_reads_and_writes_succeed_and_a_warning_is_logged() {
    let platform = platform_with_cache();
    let product = create(&platform, product_input("A"));
    get(&platform, &path(&product));
    platform.fail_stores(true);
    let change = json!({ "name": "Other" });
    let changed = send(&platform, Method::PATCH, &path(&product), &[("if-match", "*")], Some(change));
    assert_eq!(changed.status(), StatusCode::OK);
    let read = get(&platform, &path(&product));
    assert_eq!((status(&read), &body(&read)["name"]), (BYPASSED, &json!("Other")));
    assert!(platform.logged().iter().any(|line| line.contains("cache failed")));
}

#[test]
fn an_entry_that_could_not_be_invalidated_expires_after_a_minute() {
    let platform = platform_with_cache();
    let product = create(&platform, product_input("A"));
    get(&platform, &path(&product));
    platform.fail_stores(true);
    send(&platform, Method::PATCH, &path(&product), &[("if-match", "*")], Some(json!({ "name": "Other" })));
    platform.fail_stores(false);
    platform.set_now(Timestamp::from_millis(1_700_000_000_000 + 60_000));
    assert_eq!(body(&get(&platform, &path(&product)))["name"], "Other");
}

#[test]
fn an_entry_of_a_reader_that_a_write_overtook_is_never_served() {
    let platform = platform_with_cache();
    let trace = TraceContext::start(platform.random());
    let context = Context::new(platform.clone(), SERVICE.scope, "test".to_owned(), trace);
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
    let platform = platform_with_cache();
    let product = create(&platform, product_input("A"));
    get(&platform, &path(&product));
    get(&platform, &path(&product));
    let hits = platform.logged().iter().filter(|line| line.contains(r#""cache":"spindle; hit""#)).count();
    assert_eq!(hits, 1);
}
