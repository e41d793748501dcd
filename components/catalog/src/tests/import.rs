//! The import of many products in one request.

use super::{client, create, product_input, skus, with};
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_edge::testing::{TestClient, TestResponse};
use spindle_platform::http::Body;

pub(super) fn import(client: &TestClient, body: Body) -> TestResponse {
    let request = client.post("/v1/products/import").as_role(Role::Operator);
    request.header("content-type", "application/x-ndjson").body(body).send()
}

pub(super) fn lines(lines: &[Value]) -> Body {
    Body::from(Bytes::from(lines.iter().map(|line| format!("{line}\n")).collect::<String>()))
}

fn product(client: &TestClient, sku: &str) -> Value {
    client.get(&format!("/v1/products?q={sku}")).send().json()["items"][0].clone()
}

#[test]
fn lines_create_and_replace_products_by_their_sku() {
    let client = client();
    let old = create(&client, product_input("OLD-1"));
    let replaced =
        json!({ "sku": "old-1", "name": "New", "price": { "amount": 5, "currency": "USD" }, "category": "books" });
    let response = import(&client, lines(&[product_input("NEW-1"), replaced, product_input("NEW-2")]));
    assert_eq!(
        (response.status(), response.json()),
        (StatusCode::OK, json!({ "created": 2, "updated": 1, "failed": [] }))
    );
    let expected = json!({
        "id": old["id"], "sku": "old-1", "name": "New", "description": "", "price": { "amount": 5, "currency": "USD" },
        "category": "books", "attributes": {}, "stock": { "available": 10 }, "status": "active",
        "created_at": old["created_at"], "updated_at": old["updated_at"],
    });
    assert_eq!(product(&client, "old-1"), expected);
    assert_eq!(skus(&client.get("/v1/products").send()), ["NEW-2", "NEW-1", "old-1"]);
    let names = json!({ "items": [{ "slug": "books", "name": "Books", "products": 1 }, { "slug": "lamps", "name": "Lamps", "products": 2 }] });
    assert_eq!(client.get("/v1/categories").send().json(), names);
}

#[test]
fn a_failed_line_does_not_affect_the_others() {
    let client = client();
    let bad_rules = with(product_input("B"), json!({ "name": "", "category": "X" }));
    let text = format!(
        "{}\n\nnonsense\n{bad_rules}\n{{\"sku\":\"C\"}}\n{}\n{}",
        product_input("A"),
        "x".repeat(70_000),
        product_input("D")
    );
    let response = import(&client, Body::from(Bytes::from(text)));
    let failed = json!([
        { "line": 3, "detail": "The body is not JSON: expected true, false or null at line 1, column 2." },
        { "line": 4, "detail": "/name must have 1 to 200 printable characters; /category must be a slug such as garden-tools of at most 64 characters" },
        { "line": 5, "detail": "/name is required" },
        { "line": 6, "detail": "is longer than 65536 bytes" },
    ]);
    let report = response.json();
    let mut found = report["failed"].as_array().unwrap().clone();
    found.sort_by_key(|failure| failure["line"].as_i64());
    assert_eq!((report["created"].clone(), Value::Array(found)), (json!(2), failed));
    assert_eq!(skus(&client.get("/v1/products").send()), ["D", "A"]);
}

#[test]
fn a_sku_on_two_lines_is_created_and_then_updated() {
    let client = client();
    let response = import(&client, lines(&[product_input("A"), with(product_input("a"), json!({ "name": "Second" }))]));
    assert_eq!(response.json(), json!({ "created": 1, "updated": 1, "failed": [] }));
    assert_eq!(product(&client, "a")["name"], "Second");
}

#[test]
fn a_repeated_import_changes_nothing() {
    let client = client();
    let all: Vec<Value> = (0..450).map(|number| product_input(&format!("S-{number}"))).collect();
    assert_eq!(import(&client, lines(&all)).json(), json!({ "created": 450, "updated": 0, "failed": [] }));
    let before = client.platform().statements("catalog").len();
    assert_eq!(import(&client, lines(&all)).json(), json!({ "created": 0, "updated": 450, "failed": [] }));
    let statements = client.platform().statements("catalog").split_off(before);
    assert!(!statements.iter().any(|statement| statement.contains("INSERT")), "{statements:?}");
}

#[test]
fn an_import_restores_an_archived_product() {
    let client = client();
    let product = create(&client, product_input("A"));
    let path = format!("/v1/products/{}", product["id"].as_str().unwrap());
    client.delete(&path).as_role(Role::Operator).header("if-match", "*").send();
    assert_eq!(
        import(&client, lines(&[product_input("A")])).json(),
        json!({ "created": 0, "updated": 1, "failed": [] })
    );
    assert_eq!(client.get(&path).send().json(), product);
}

#[test]
fn an_import_with_more_than_ten_thousand_lines_writes_those_and_reports_them() {
    let client = client();
    let all: Vec<Value> = (0..10_001).map(|number| product_input(&format!("S-{number}"))).collect();
    let chunks =
        all.chunks(7).map(|lines| Bytes::from(lines.iter().map(|line| format!("{line}\n")).collect::<String>()));
    let response = import(&client, Body::from_chunks(chunks.collect::<Vec<_>>()));
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(response.json()["imported"], json!({ "created": 10_000, "updated": 0, "failed": [] }));
    let per_batch = client.platform().statements("catalog").iter().filter(|statement| *statement == "COMMIT").count();
    assert!(per_batch < 70, "{per_batch} transactions");
}

#[test]
fn an_import_must_be_ndjson() {
    let client = client();
    let response = client.post("/v1/products/import").as_role(Role::Operator).json(&product_input("A")).send();
    assert_eq!(response.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(response.json()["detail"], "Send the body as application/x-ndjson in UTF-8.");
    assert_eq!(client.get("/v1/products/import").send().status(), StatusCode::METHOD_NOT_ALLOWED);
}
