//! Single products.

use super::reservations::{order, reserve, transition};
use super::{client, create, product_input, skus, with};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::{Role, Timestamp};
use spindle_edge::testing::{TestClient, TestResponse};

fn patch(client: &TestClient, product: &Value, version: &str, change: Value) -> TestResponse {
    client.patch(&path(product)).as_role(Role::Operator).header("if-match", version).json(&change).send()
}

fn path(product: &Value) -> String {
    format!("/v1/products/{}", product["id"].as_str().unwrap())
}

#[test]
fn anyone_can_read_all_of_a_created_product() {
    let client = client();
    let response = client.post("/v1/products").as_role(Role::Operator).json(&product_input("L-1")).send();
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(response.headers()["etag"], "\"v1.10\"");
    let product = response.json();
    let expected = json!({
        "id": product["id"],
        "sku": "L-1",
        "name": "Lamp L-1",
        "description": "Gives light.",
        "price": { "amount": 1299, "currency": "EUR" },
        "category": "lamps",
        "attributes": { "colour": "red", "watts": 5, "dimmable": true },
        "stock": { "available": 10 },
        "status": "active",
        "created_at": "2023-11-14T22:13:20.000Z",
        "updated_at": "2023-11-14T22:13:20.000Z",
    });
    assert_eq!(product, expected);
    assert_eq!(response.headers()["location"], path(&product));
    let read = client.get(&path(&product)).send();
    assert_eq!((read.status(), read.json()), (StatusCode::OK, expected));
    assert_eq!(read.headers()["etag"], "\"v1.10\"");
    assert_eq!(read.headers()["cache-control"], "public, max-age=5, stale-while-revalidate=30");
    assert_eq!(read.headers()["vary"], "origin");
}

#[test]
fn an_absent_field_is_empty() {
    let minimal = json!({ "sku": "A", "name": "A", "price": { "amount": 0, "currency": "EUR" }, "category": "a" });
    let product = create(&client(), minimal);
    let empty = (&json!(""), &json!({}), &json!({ "available": 0 }));
    assert_eq!((&product["description"], &product["attributes"], &product["stock"]), empty);
}

/// Sends a product whose attributes are this JSON.
fn create_with_attributes(client: &TestClient, attributes: &str) -> TestResponse {
    let marked = with(product_input("A"), json!({ "attributes": "HERE" })).to_string();
    let body = marked.replace("\"HERE\"", attributes);
    let body = serde_json::value::RawValue::from_string(body).unwrap();
    client.post("/v1/products").as_role(Role::Operator).json(&body).send()
}

#[test]
fn a_number_in_an_attribute_keeps_its_digits_or_is_refused_with_its_pointer() {
    let client = client();
    let refused = r#"{"weight":1.25,"serial/no":12345678901234567890123}"#;
    assert_eq!(create_with_attributes(&client, refused).error_pointers(), ["/attributes/serial~1no"]);
    for attributes in
        [r#"{"a":0.12345678901234567890}"#, r#"{"a":1e400}"#, r#"{"a":1e-400}"#, r#"{"a":9007199254740993.0}"#]
    {
        assert_eq!(create_with_attributes(&client, attributes).error_pointers(), ["/attributes/a"], "{attributes}");
    }
    let kept = r#"{"a":0.1,"b":9007199254740993,"c":-9223372036854775808,"d":18446744073709551615,"e":42.5}"#;
    let created = create_with_attributes(&client, kept);
    assert_eq!(created.status(), StatusCode::CREATED);
    let target = path(&created.json());
    for version in 1..4 {
        let read = client.get(&target).send();
        let text = String::from_utf8(read.body().to_vec()).unwrap();
        assert!(text.contains(kept), "{text}");
        let renamed =
            patch(&client, &created.json(), &format!("\"v{version}\""), json!({ "name": format!("{version}") }));
        assert_eq!(renamed.status(), StatusCode::OK);
    }
    let change = serde_json::value::RawValue::from_string(r#"{"attributes":{"a":1.00000000000000000001}}"#.to_owned());
    let patched = client.patch(&target).as_role(Role::Operator).header("if-match", "*").json(&change.unwrap()).send();
    assert_eq!(patched.error_pointers(), ["/attributes/a"]);
}

#[test]
fn text_that_would_turn_round_is_refused_with_its_pointer() {
    let client = client();
    let bad = json!({
        "name": "Lamp \u{202e}pmaL", "description": "Gives\nlight.\u{2067}", "category": "la\u{202e}mps",
        "attributes": { "colour": "red\u{2066}", "siz\u{200f}e": 1 },
    });
    let response = client.post("/v1/products").as_role(Role::Operator).json(&with(product_input("A"), bad)).send();
    let expected = ["/name", "/description", "/category", "/attributes/colour", "/attributes/siz\u{200f}e"];
    assert_eq!(response.error_pointers(), expected);
    let detail = "must not have U+202E, its character 6: it is not printable there";
    assert_eq!(response.json()["errors"][0]["detail"], detail);
}

#[test]
fn text_that_was_stored_before_its_rule_blocks_no_other_change() {
    let client = client();
    let product = create(&client, product_input("A"));
    let _: Vec<(String,)> = client.rows("UPDATE products SET description = 'a\u{202e}b' RETURNING id");
    let changed = patch(&client, &product, "*", json!({ "price": { "amount": 5 } }));
    assert_eq!((changed.status(), &changed.json()["description"]), (StatusCode::OK, &json!("a\u{202e}b")));
    assert_eq!(
        patch(&client, &product, "*", json!({ "description": "a\u{202e}c" })).error_pointers(),
        ["/description"]
    );
}

#[test]
fn every_broken_rule_has_an_error_with_its_pointer() {
    let client = client();
    let request = |changes: Value| {
        client.post("/v1/products").as_role(Role::Operator).json(&with(product_input("A"), changes)).send()
    };
    let bad = json!({
        "sku": "a b", "name": " ", "description": "\u{0}", "price": { "amount": -1, "currency": "EUR" }, "category": "No Slug",
        "attributes": { "a/b": [], "c": null, " ": 1 },
    });
    let expected = [
        "/sku",
        "/name",
        "/description",
        "/price/amount",
        "/category",
        "/attributes/ ",
        "/attributes/a~1b",
        "/attributes/c",
    ];
    let mut found = request(bad).error_pointers();
    found[5..].sort();
    assert_eq!(found, expected);
    assert_eq!(request(json!({ "price": { "amount": 1, "currency": "eur" } })).error_pointers(), ["/price/currency"]);
    assert_eq!(request(json!({ "price": { "amount": 1.5, "currency": "EUR" } })).error_pointers(), ["/price/amount"]);
    assert_eq!(request(json!({ "stock": { "quantity": -1 } })).error_pointers(), ["/stock/quantity"]);
    assert_eq!(request(json!({ "status": "active" })).error_pointers(), ["/status"]);
}

#[test]
fn a_sku_is_unique_without_regard_to_case() {
    let client = client();
    create(&client, product_input("ab-1"));
    let response = client.post("/v1/products").as_role(Role::Operator).json(&product_input("AB-1")).send();
    assert_eq!((response.status(), &response.json()["errors"][0]["pointer"]), (StatusCode::CONFLICT, &json!("/sku")));
    let other = create(&client, product_input("ab-2"));
    assert_eq!(patch(&client, &other, "*", json!({ "sku": "Ab-1" })).status(), StatusCode::CONFLICT);
    assert_eq!(patch(&client, &other, "*", json!({ "sku": "AB-2" })).status(), StatusCode::OK);
}

#[test]
fn a_change_merges_and_raises_the_version() {
    let client = client();
    let product = create(&client, product_input("A"));
    let change = json!({
        "description": null, "price": { "amount": 999 }, "category": "desks", "attributes": { "colour": null, "watts": 7 },
    });
    let response = patch(&client, &product, "\"v1\"", change);
    assert_eq!((response.status(), &response.headers()["etag"]), (StatusCode::OK, &"\"v2.10\"".parse().unwrap()));
    let expected = with(
        product.clone(),
        json!({
            "description": "", "price": { "amount": 999, "currency": "EUR" }, "category": "desks",
            "attributes": { "watts": 7, "dimmable": true },
        }),
    );
    assert_eq!(response.json(), expected);
    assert_eq!(client.get(&path(&product)).send().json(), expected);
    assert_eq!(patch(&client, &product, "*", json!({ "name": "" })).error_pointers(), ["/name"]);
    assert_eq!(patch(&client, &product, "*", json!({ "stock": {} })).error_pointers(), ["/stock"]);
    for change in [
        json!({ "name": null }),
        json!({ "status": null }),
        json!({ "status": 1 }),
        json!({ "status": { "archived": null } }),
        json!({ "status": "sold" }),
    ] {
        let field = change.as_object().unwrap().keys().next().unwrap();
        assert_eq!(patch(&client, &product, "*", change.clone()).error_pointers(), [format!("/{field}")], "{change}");
    }
    assert_eq!(
        patch(&client, &product, "*", json!({ "price": { "amount": null } })).error_pointers(),
        ["/price/amount"]
    );
    assert_eq!(client.get(&path(&product)).send().json(), expected);
}

#[test]
fn a_change_needs_the_current_version() {
    let client = client();
    let product = create(&client, product_input("A"));
    let name = json!({ "name": "B" });
    assert_eq!(patch(&client, &product, "\"v2\"", name.clone()).status(), StatusCode::PRECONDITION_FAILED);
    for method in [Method::PATCH, Method::DELETE] {
        let response = client.request(method, &path(&product)).as_role(Role::Operator).json(&name).send();
        assert_eq!(response.status(), StatusCode::PRECONDITION_REQUIRED);
    }
    assert_eq!(client.get(&path(&product)).send().json(), product);
}

#[test]
fn a_client_with_the_current_version_gets_304_without_a_body() {
    let client = client();
    let product = create(&client, product_input("A"));
    for target in [path(&product), "/v1/products".to_owned(), "/v1/categories".to_owned()] {
        let first = client.get(&target).send();
        let tag = first.headers()["etag"].to_str().unwrap();
        let request = || client.get(&target).header("if-none-match", tag).send();
        let second = request();
        assert_eq!((second.status(), second.body().len()), (StatusCode::NOT_MODIFIED, 0), "{target}");
        assert_eq!(second.headers()["etag"], tag);
        assert_eq!(second.headers()["cache-control"], first.headers()["cache-control"]);
        assert_eq!(
            patch(&client, &product, "*", json!({ "category": target.len().to_string() })).status(),
            StatusCode::OK
        );
        assert_eq!(request().status(), StatusCode::OK, "{target}");
    }
}

#[test]
fn an_archived_product_is_in_no_list_but_readable() {
    let client = client();
    let product = create(&client, product_input("A"));
    let delete = || client.delete(&path(&product)).as_role(Role::Operator).header("if-match", "*").send();
    assert_eq!(delete().status(), StatusCode::NO_CONTENT);
    assert_eq!(delete().status(), StatusCode::NO_CONTENT);
    assert_eq!(skus(&client.get("/v1/products").send()), [""; 0]);
    assert_eq!(client.get("/v1/categories").send().json(), json!({ "items": [] }));
    let read = client.get(&path(&product)).send();
    assert_eq!(
        (read.json(), &read.headers()["etag"]),
        (with(product.clone(), json!({ "status": "archived" })), &"\"v2.10\"".parse().unwrap())
    );
    assert_eq!(patch(&client, &product, "\"v2\"", json!({ "status": "active" })).status(), StatusCode::OK);
    assert_eq!(skus(&client.get("/v1/products").send()), ["A"]);
}

#[test]
fn the_stock_is_set_to_the_new_quantity() {
    let client = client();
    let product = create(&client, product_input("A"));
    let set = |body: Value| client.put(&format!("{}/stock", path(&product))).as_role(Role::Operator).json(&body).send();
    let response = set(json!({ "quantity": 3 }));
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.json(), with(product.clone(), json!({ "stock": { "available": 3 } })));
    assert_eq!(response.headers()["etag"], "\"v1.3\"");
    assert_eq!(set(json!({ "quantity": "3" })).error_pointers(), ["/quantity"]);
    assert_eq!(set(json!({})).error_pointers(), ["/quantity"]);
}

#[test]
fn a_stock_count_obeys_the_preconditions_that_are_sent() {
    let client = client();
    let product = create(&client, product_input("A"));
    let set = |name, value: &str| {
        let request = client.put(&format!("{}/stock", path(&product))).as_role(Role::Operator);
        request.header(name, value).json(&json!({ "quantity": 3 })).send()
    };
    let read = || (client.get(&path(&product)).send().json(), client.rows::<(i64,)>("SELECT count(*) FROM audit_log"));
    let before = read();
    for (name, value) in [
        ("if-match", "\"v9\""),
        ("if-match", "W/\"v1.10\""),
        ("if-match", "\"a,*,b\""),
        ("if-none-match", "*"),
        ("if-none-match", "W/\"v1.10\""),
    ] {
        assert_eq!(set(name, value).problem(), "412 precondition-failed", "{name}: {value}");
    }
    for value in ["v1", "\"v1\", *", ""] {
        assert_eq!(set("if-match", value).problem(), "400 malformed-request", "{value}");
    }
    assert_eq!(read(), before);
    let stock = client.get(&format!("{}/stock", path(&product))).as_role(Role::Operator).send();
    assert_eq!(set("if-none-match", stock.header("etag").unwrap()).problem(), "412 precondition-failed");
    assert_eq!(set("if-match", "\"v0\", \"v1.10\"").header("etag"), Some("\"v1.3\""));
    for stale in ["\"v1.10\"", stock.header("etag").unwrap()] {
        assert_eq!(set("if-match", stale).problem(), "412 precondition-failed");
    }
    set("if-none-match", "\"v1.10\"").expect(StatusCode::OK);
    let stock = client.get(&format!("{}/stock", path(&product))).as_role(Role::Operator).send();
    set("if-match", stock.header("etag").unwrap()).expect(StatusCode::OK);
}

#[test]
fn a_list_of_foreign_tags_changes_nothing() {
    let client = client();
    let product = create(&client, product_input("A"));
    let change = json!({ "name": "Other" });
    assert_eq!(patch(&client, &product, "\"a,*,b\"", change.clone()).problem(), "412 precondition-failed");
    assert_eq!(patch(&client, &product, "\"a\", *", change.clone()).problem(), "400 malformed-request");
    let request = client.patch(&path(&product)).as_role(Role::Operator).header("if-match", "*");
    let excluded = request.header("if-none-match", "\"v1.10\"").json(&change).send();
    assert_eq!(excluded.problem(), "412 precondition-failed");
    assert_eq!(client.get(&path(&product)).send().json(), product);
    for target in [path(&product), "/v1/products".to_owned(), "/v1/categories".to_owned()] {
        let read = |value: &str| client.get(&target).header("if-match", value).send();
        assert_eq!(read("\"v9\"").problem(), "412 precondition-failed", "{target}");
        let current = client.get(&target).send();
        assert_eq!(read(current.header("etag").unwrap()).body(), current.body(), "{target}");
    }
}

#[test]
fn operators_see_the_stock_with_the_part_of_it_that_belongs_to_orders() {
    let client = client();
    let product = create(&client, product_input("A"));
    let stock = format!("{}/stock", path(&product));
    let read = || client.get(&stock).as_role(Role::Operator).send();
    let first = read();
    let expected = json!({ "on_hand": 10, "reserved": 0, "allocated": 0, "available": 10 });
    assert_eq!((first.status(), first.json()), (StatusCode::OK, expected));
    let tag = first.header("etag").unwrap();
    let again = || client.get(&stock).as_role(Role::Operator).header("if-none-match", tag).send().status();
    assert_eq!(again(), StatusCode::NOT_MODIFIED);
    reserve(&client, &order(1), &[(&product, 3)]);
    reserve(&client, &order(2), &[(&product, 2)]);
    transition(&client, &order(2), "commit");
    assert_eq!(read().json(), json!({ "on_hand": 10, "reserved": 3, "allocated": 2, "available": 5 }));
    assert_eq!(again(), StatusCode::OK);
    let unknown = "/v1/products/018bcfe5-6800-7000-8000-000000000099/stock";
    assert_eq!(client.get(unknown).as_role(Role::Operator).send().status(), StatusCode::NOT_FOUND);
}

#[test]
fn an_edit_of_a_product_that_was_sold_and_counted_meanwhile_succeeds() {
    let client = client();
    let product = create(&client, product_input("A"));
    let tag = client.get(&path(&product)).send().header("etag").unwrap().to_owned();
    reserve(&client, &order(1), &[(&product, 3)]);
    transition(&client, &order(1), "commit");
    transition(&client, &order(1), "ship");
    let count = client.put(&format!("{}/stock", path(&product))).as_role(Role::Operator);
    count.json(&json!({ "quantity": 8 })).send().expect(StatusCode::OK);
    let edited = patch(&client, &product, &tag, json!({ "name": "Lantern" })).expect(StatusCode::OK);
    let expected = json!({ "available": 8 });
    assert_eq!((&edited.json()["name"], &edited.json()["stock"]), (&json!("Lantern"), &expected));
    assert_eq!(patch(&client, &product, &tag, json!({ "name": "Lost" })).status(), StatusCode::PRECONDITION_FAILED);
    let archive =
        |tag: &str| client.delete(&path(&product)).as_role(Role::Operator).header("if-match", tag).send().status();
    assert_eq!(archive(&tag), StatusCode::PRECONDITION_FAILED);
    let tag = edited.header("etag").unwrap();
    reserve(&client, &order(2), &[(&product, 1)]);
    assert_eq!(archive(tag), StatusCode::NO_CONTENT);
}

#[test]
fn a_representation_has_another_tag_if_and_only_if_it_differs() {
    let client = client();
    let product = create(&client, product_input("A"));
    let read = || {
        let response = client.get(&path(&product)).send();
        (response.header("etag").unwrap().to_owned(), response.json())
    };
    let mut seen = vec![read()];
    reserve(&client, &order(1), &[(&product, 3)]);
    seen.push(read());
    for step in ["commit", "ship"] {
        transition(&client, &order(1), step);
        assert_eq!(&read(), seen.last().unwrap(), "{step}");
    }
    reserve(&client, &order(2), &[(&product, 1)]);
    seen.push(read());
    client.platform().set_now(Timestamp::from_millis(1_700_000_060_000));
    patch(&client, &product, "*", json!({ "name": "Lantern" }));
    seen.push(read());
    transition(&client, &order(2), "release");
    seen.push(read());
    let stock = client.put(&format!("{}/stock", path(&product))).as_role(Role::Operator);
    stock.json(&json!({ "quantity": 6 })).send().expect(StatusCode::OK);
    // As many as before the release: the same representation.
    assert_eq!(read(), seen[3]);
    for (index, (tag, body)) in seen.iter().enumerate() {
        for (other_tag, other_body) in &seen[index + 1..] {
            assert_eq!(tag == other_tag, body == other_body, "{tag} and {other_tag}");
        }
        assert_eq!(client.get(&path(&product)).header("if-none-match", tag).send().status().as_u16(), {
            if *tag == seen[3].0 { 304 } else { 200 }
        });
    }
}

#[test]
fn categories_count_active_products() {
    let client = client();
    for (sku, category) in [("A", "garden-tools"), ("B", "garden-tools"), ("C", "books")] {
        create(&client, with(product_input(sku), json!({ "category": category })));
    }
    let moved = create(&client, product_input("D"));
    patch(&client, &moved, "*", json!({ "category": "books" }));
    let expected = json!({ "items": [
        { "slug": "books", "name": "Books", "products": 2 },
        { "slug": "garden-tools", "name": "Garden tools", "products": 2 },
    ] });
    assert_eq!(client.get("/v1/categories").send().json(), expected);
}

#[test]
fn only_operators_write() {
    let client = client();
    let product = create(&client, product_input("A"));
    let operations = [
        (Method::POST, "/v1/products".to_owned()),
        (Method::PATCH, path(&product)),
        (Method::DELETE, path(&product)),
        (Method::PUT, format!("{}/stock", path(&product))),
        (Method::GET, format!("{}/stock", path(&product))),
    ];
    for (method, target) in operations {
        let request = || client.request(method.clone(), &target);
        assert_eq!(request().send().status(), StatusCode::UNAUTHORIZED, "{method} {target}");
        let customer = request().as_role(Role::Customer).send();
        assert_eq!(customer.status(), StatusCode::FORBIDDEN, "{method} {target}");
    }
}

#[test]
fn an_unknown_product_is_not_found() {
    let client = client();
    for target in ["/v1/products/018bcfe5-6800-7000-8000-000000000099", "/v1/products/A", "/v1/categories/lamps"] {
        assert_eq!(client.get(target).send().status(), StatusCode::NOT_FOUND, "{target}");
    }
}
