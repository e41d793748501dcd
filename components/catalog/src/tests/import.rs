//! The import of many products in one request.

use super::{body, create, get, platform, product_input, send, send_as_is, skus, token, with};
use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_platform::Platform;
use spindle_platform::http::{Body, Response};

pub(super) fn import(platform: &Platform, body: Body) -> Response {
    let operator = token(platform, Role::Operator);
    let headers = [("authorization", operator.as_str()), ("content-type", "application/x-ndjson")];
    send_as_is(platform, Method::POST, "/v1/products/import", &headers, body)
}

pub(super) fn lines(lines: &[Value]) -> Body {
    Body::from(Bytes::from(lines.iter().map(|line| format!("{line}\n")).collect::<String>()))
}

fn product(platform: &Platform, sku: &str) -> Value {
    body(&get(platform, &format!("/v1/products?q={sku}")))["items"][0].clone()
}

#[test]
fn lines_create_and_replace_products_by_their_sku() {
    let platform = platform();
    let old = create(&platform, product_input("OLD-1"));
    let replaced =
        json!({ "sku": "old-1", "name": "New", "price": { "amount": 5, "currency": "USD" }, "category": "books" });
    let response = import(&platform, lines(&[product_input("NEW-1"), replaced, product_input("NEW-2")]));
    assert_eq!(
        (response.status(), body(&response)),
        (StatusCode::OK, json!({ "created": 2, "updated": 1, "failed": [] }))
    );
    let expected = json!({
        "id": old["id"], "sku": "old-1", "name": "New", "description": "", "price": { "amount": 5, "currency": "USD" },
        "category": "books", "attributes": {}, "stock": { "available": 10 }, "status": "active",
        "created_at": old["created_at"], "updated_at": old["updated_at"],
    });
    assert_eq!(product(&platform, "old-1"), expected);
    assert_eq!(skus(&get(&platform, "/v1/products")), ["NEW-2", "NEW-1", "old-1"]);
    let names = json!({ "items": [{ "slug": "books", "name": "Books", "products": 1 }, { "slug": "lamps", "name": "Lamps", "products": 2 }] });
    assert_eq!(body(&get(&platform, "/v1/categories")), names);
}

#[test]
fn a_failed_line_does_not_affect_the_others() {
    let platform = platform();
    let bad_rules = with(product_input("B"), json!({ "name": "", "category": "X" }));
    let text = format!(
        "{}\n\nnonsense\n{bad_rules}\n{{\"sku\":\"C\"}}\n{}\n{}",
        product_input("A"),
        "x".repeat(70_000),
        product_input("D")
    );
    let response = import(&platform, Body::from(Bytes::from(text)));
    let failed = json!([
        { "line": 3, "detail": "The body is not JSON: expected true, false or null at line 1, column 2." },
        { "line": 4, "detail": "/name must have 1 to 200 printable characters; /category must be a slug such as garden-tools of at most 64 characters" },
        { "line": 5, "detail": "/name is required" },
        { "line": 6, "detail": "is longer than 65536 bytes" },
    ]);
    let report = body(&response);
    let mut found = report["failed"].as_array().unwrap().clone();
    found.sort_by_key(|failure| failure["line"].as_i64());
    assert_eq!((report["created"].clone(), Value::Array(found)), (json!(2), failed));
    assert_eq!(skus(&get(&platform, "/v1/products")), ["D", "A"]);
}

#[test]
fn a_sku_on_two_lines_is_created_and_then_updated() {
    let platform = platform();
    let response =
        import(&platform, lines(&[product_input("A"), with(product_input("a"), json!({ "name": "Second" }))]));
    assert_eq!(body(&response), json!({ "created": 1, "updated": 1, "failed": [] }));
    assert_eq!(product(&platform, "a")["name"], "Second");
}

#[test]
fn a_repeated_import_changes_nothing() {
    let platform = platform();
    let all: Vec<Value> = (0..450).map(|number| product_input(&format!("S-{number}"))).collect();
    assert_eq!(body(&import(&platform, lines(&all))), json!({ "created": 450, "updated": 0, "failed": [] }));
    let before = platform.statements("catalog").len();
    assert_eq!(body(&import(&platform, lines(&all))), json!({ "created": 0, "updated": 450, "failed": [] }));
    let statements = platform.statements("catalog").split_off(before);
    assert!(!statements.iter().any(|statement| statement.contains("INSERT")), "{statements:?}");
}

#[test]
fn an_import_restores_an_archived_product() {
    let platform = platform();
    let product = create(&platform, product_input("A"));
    let path = format!("/v1/products/{}", product["id"].as_str().unwrap());
    send(&platform, Method::DELETE, &path, &[("if-match", "*")], None);
    assert_eq!(
        body(&import(&platform, lines(&[product_input("A")]))),
        json!({ "created": 0, "updated": 1, "failed": [] })
    );
    assert_eq!(body(&get(&platform, &path)), product);
}

#[test]
fn an_import_with_more_than_ten_thousand_lines_writes_those_and_reports_them() {
    let platform = platform();
    let all: Vec<Value> = (0..10_001).map(|number| product_input(&format!("S-{number}"))).collect();
    let chunks =
        all.chunks(7).map(|lines| Bytes::from(lines.iter().map(|line| format!("{line}\n")).collect::<String>()));
    let response = import(&platform, Body::from_chunks(chunks.collect::<Vec<_>>()));
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(body(&response)["imported"], json!({ "created": 10_000, "updated": 0, "failed": [] }));
    let per_batch = platform.statements("catalog").iter().filter(|statement| *statement == "COMMIT").count();
    assert!(per_batch < 70, "{per_batch} transactions");
}

#[test]
fn an_import_must_be_ndjson() {
    let platform = platform();
    let response = send(&platform, Method::POST, "/v1/products/import", &[], Some(product_input("A")));
    assert_eq!(response.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(body(&response)["detail"], "Send the body as application/x-ndjson in UTF-8.");
    assert_eq!(get(&platform, "/v1/products/import").status(), StatusCode::METHOD_NOT_ALLOWED);
}
