//! The import of many products in one request.

use super::reservations::{order, reserve, transition};
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
fn lines_create_and_change_products_by_their_sku() {
    let client = client();
    let old = create(&client, product_input("OLD-1"));
    let changed =
        json!({ "sku": "old-1", "name": "New", "price": { "amount": 5, "currency": "USD" }, "category": "books" });
    let response = import(&client, lines(&[product_input("NEW-1"), changed, product_input("NEW-2")]));
    assert_eq!(
        (response.status(), response.json()),
        (StatusCode::OK, json!({ "created": 2, "updated": 1, "failed": [] }))
    );
    let expected = json!({
        "id": old["id"], "sku": "old-1", "name": "New", "description": "Gives light.", "price": { "amount": 5, "currency": "USD" },
        "category": "books", "attributes": old["attributes"], "stock": { "available": 10 }, "status": "active",
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
    let error = |pointer: &str, detail: &str| json!({ "pointer": pointer, "detail": detail });
    let failed = json!([
        { "line": 3, "detail": "The body is not JSON: expected true, false or null at line 1, column 2." },
        { "line": 4, "detail": "2 fields break a rule: /category, /name.", "errors": [
            error("/category", "must be a slug such as garden-tools of at most 64 characters"),
            error("/name", "must have 1 to 200 printable characters"),
        ] },
        { "line": 5, "detail": "3 fields break a rule: /name, /price, /category.", "errors": [
            error("/name", "is required"), error("/price", "is required"), error("/category", "is required"),
        ] },
        { "line": 6, "detail": "The body is longer than 65536 bytes.", "errors": [error("", "is longer than 65536 bytes")] },
    ]);
    let report = response.json();
    let mut found = report["failed"].as_array().unwrap().clone();
    found.sort_by_key(|failure| failure["line"].as_i64());
    assert_eq!((report["created"].clone(), Value::Array(found)), (json!(2), failed));
    assert_eq!(skus(&client.get("/v1/products").send()), ["D", "A"]);
}

#[test]
fn a_line_with_a_number_or_a_text_that_is_not_kept_fails_with_its_pointer() {
    let client = client();
    let long = product_input("A").to_string().replacen(":5", ":12345678901234567890123", 1);
    let turned = with(product_input("B"), json!({ "name": "Lamp\u{202e}" }));
    let response = import(&client, Body::from(Bytes::from(format!("{long}\n{turned}\n"))));
    let failed = response.json()["failed"].as_array().unwrap().clone();
    let details: Vec<&str> = failed.iter().map(|failure| failure["detail"].as_str().unwrap()).collect();
    assert!(details[0].starts_with("/attributes/watts must be a 64-bit integer"), "{details:?}");
    assert_eq!(details[1], "/name must not have U+202E, its character 5: it is not printable there.");
}

#[test]
fn integers_in_a_line_may_be_written_as_json_has_them() {
    let client = client();
    let line = product_input("A").to_string().replace(":1299", ":1299.0").replace(":10}", ":1e1}");
    let report = import(&client, Body::from(Bytes::from(line))).json();
    assert_eq!(report, json!({ "created": 1, "updated": 0, "failed": [] }));
    let product = product(&client, "A");
    assert_eq!((&product["price"]["amount"], &product["stock"]["available"]), (&json!(1299), &json!(10)));
}

#[test]
fn a_line_may_not_set_what_is_derived() {
    let client = client();
    let line = json!({ "sku": "A", "id": "1", "stock": { "on_hand": 1, "available": 1, "quantity": 1 } });
    let failed = import(&client, lines(&[line])).json()["failed"].clone();
    let pointers: Vec<&Value> = failed[0]["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
    assert_eq!(pointers, ["/id", "/stock/available", "/stock/quantity"]);
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
fn what_a_line_does_not_name_stays() {
    let client = client();
    let product = create(&client, product_input("A"));
    let path = format!("/v1/products/{}", product["id"].as_str().unwrap());
    let changes = [
        (json!({ "name": "Lantern" }), json!({ "name": "Lantern" })),
        (json!({ "price": { "amount": 5 } }), json!({ "price": { "amount": 5, "currency": "EUR" } })),
        (json!({ "description": null }), json!({ "description": "" })),
        (
            json!({ "attributes": { "colour": null, "watts": 7 } }),
            json!({ "attributes": { "watts": 7, "dimmable": true } }),
        ),
        (json!({ "stock": { "on_hand": 3 } }), json!({ "stock": { "available": 3 } })),
        (json!({}), json!({})),
    ];
    let mut expected = product;
    for (line, change) in changes {
        let report = import(&client, lines(&[with(json!({ "sku": "A" }), line.clone())])).json();
        assert_eq!(report, json!({ "created": 0, "updated": 1, "failed": [] }), "{line}");
        expected = with(expected, change);
        assert_eq!(client.get(&path).send().json(), expected, "{line}");
    }
    // The counted stock and the empty line have not raised the version.
    assert_eq!(client.get(&path).send().header("etag"), Some("\"v5.3\""));
    for (line, detail) in [
        (json!({ "name": null }), "/name must be"),
        (json!({ "price": null }), "/price must be"),
        (json!({ "status": "sold" }), "/status must be one of active, archived"),
        (json!({ "price": { "amount": -1 } }), "/price/amount must be"),
    ] {
        let report = import(&client, lines(&[with(json!({ "sku": "A" }), line.clone())])).json();
        let found = report["failed"][0]["detail"].as_str().unwrap().to_owned();
        assert!(found.starts_with(detail), "{line}: {found}");
    }
    assert_eq!(client.get(&path).send().json(), expected);
}

#[test]
fn an_archived_product_stays_archived_unless_the_line_says_otherwise() {
    let client = client();
    let product = create(&client, product_input("A"));
    let path = format!("/v1/products/{}", product["id"].as_str().unwrap());
    client.delete(&path).as_role(Role::Operator).header("if-match", "*").send();
    let archived = client.get(&path).send().json();
    let report = json!({ "created": 0, "updated": 1, "failed": [] });
    let line = json!({ "sku": "A", "price": { "amount": 5 } });
    assert_eq!(import(&client, lines(&[line])).json(), report);
    let expected = with(archived, json!({ "price": { "amount": 5, "currency": "EUR" } }));
    assert_eq!(client.get(&path).send().json(), expected);
    assert_eq!(import(&client, lines(&[with(product_input("A"), json!({ "status": "active" }))])).json(), report);
    assert_eq!(client.get(&path).send().json(), product);
    assert_eq!(import(&client, lines(&[json!({ "sku": "A", "status": "archived" })])).json(), report);
    assert_eq!(client.get(&path).send().json()["status"], "archived");
    let created = import(&client, lines(&[with(product_input("B"), json!({ "status": "archived" }))])).json();
    assert_eq!(created["created"], 1);
    assert_eq!(skus(&client.get("/v1/products").send()), [""; 0]);
}

#[test]
fn lines_that_undo_each_other_change_nothing() {
    let client = client();
    let product = create(&client, product_input("A"));
    let path = format!("/v1/products/{}", product["id"].as_str().unwrap());
    let line = |name: &str| json!({ "sku": "A", "name": name });
    import(&client, lines(&[line("Lantern"), line("Lamp A")])).expect(StatusCode::OK);
    let read = client.get(&path).send();
    assert_eq!((read.json(), read.header("etag")), (product, Some("\"v1.10\"")));
}

#[test]
fn a_byte_order_mark_before_the_first_line_is_no_part_of_it() {
    let client = client();
    let text = format!("\u{feff}{}\n{}\n", product_input("A"), product_input("B"));
    let report = import(&client, Body::from(Bytes::from(text))).json();
    assert_eq!(report, json!({ "created": 2, "updated": 0, "failed": [] }));
}

#[test]
fn stock_in_a_line_counts_the_sold_units_on_the_shelf() {
    let client = client();
    let sold = create(&client, product_input("A"));
    reserve(&client, &order(1), &[(&sold, 4)]);
    transition(&client, &order(1), "commit");
    let line = |on_hand: u32| json!({ "sku": "A", "stock": { "on_hand": on_hand } });
    import(&client, lines(&[line(9)])).expect(StatusCode::OK);
    assert_eq!(product(&client, "A")["stock"], json!({ "available": 5 }));
    let failed = import(&client, lines(&[line(3)])).json()["failed"].clone();
    let detail = "on_hand must be at least 4: 0 units are reserved for orders, and 4 are sold and not shipped yet.";
    let error = json!({ "pointer": "/stock/on_hand", "detail": "must be at least 4, the units of orders" });
    assert_eq!(failed, json!([{ "line": 1, "detail": detail, "errors": [error] }]));
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
