//! The events and the audit rows of writes.

use super::{SERVICE, create, platform, product_input, send};
use futures::executor::block_on;
use http::Method;
use serde_json::{Value, json};
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform};

fn rows(platform: &Platform, statement: &str) -> Vec<(String, String, Value)> {
    let trace = TraceContext::start(platform.random());
    let context = Context::new(platform.clone(), SERVICE.scope, "test".to_owned(), trace);
    let rows: Vec<(String, String, String)> =
        block_on(async { context.sql().await.unwrap().query_all(statement, &[]).await.unwrap() });
    rows.into_iter().map(|(kind, subject, data)| (kind, subject, serde_json::from_str(&data).unwrap())).collect()
}

fn events(platform: &Platform) -> Vec<(String, String, Value)> {
    rows(platform, "SELECT type, subject, data FROM outbox ORDER BY seq")
}

#[test]
fn each_change_publishes_the_event_of_its_kind() {
    let platform = platform();
    let product = create(&platform, product_input("A"));
    let id = product["id"].as_str().unwrap();
    let path = format!("/v1/products/{id}");
    let any = [("if-match", "*")];
    send(&platform, Method::PATCH, &path, &any, Some(json!({ "name": "Other" })));
    send(&platform, Method::PUT, &format!("{path}/stock"), &[], Some(json!({ "quantity": 3 })));
    send(&platform, Method::DELETE, &path, &any, None);
    send(&platform, Method::DELETE, &path, &any, None);
    let mut renamed = product.clone();
    renamed["name"] = "Other".into();
    let event = |kind: &str, data: Value| (kind.to_owned(), id.to_owned(), data);
    let stock = json!({ "id": id, "sku": "A", "on_hand": 3, "reserved": 0, "available": 3 });
    let expected = [
        event("ProductCreated", product.clone()),
        event("ProductUpdated", renamed),
        event("StockChanged", stock),
        event("ProductArchived", json!({ "id": id, "sku": "A" })),
    ];
    assert_eq!(events(&platform), expected);
    let audited = rows(&platform, "SELECT action, subject, detail FROM audit_log ORDER BY seq");
    let row = |action: &str, detail: Value| (action.to_owned(), id.to_owned(), detail);
    let expected = [
        row("product.created", json!({})),
        row("product.changed", json!({ "fields": ["name"] })),
        row("stock.set", json!({ "quantity": 3 })),
        row("product.archived", json!({})),
    ];
    assert_eq!(audited, expected);
}

#[test]
fn a_refused_write_publishes_no_event() {
    let platform = platform();
    create(&platform, product_input("A"));
    send(&platform, Method::POST, "/v1/products", &[], Some(product_input("a")));
    assert_eq!(events(&platform).len(), 1);
}
