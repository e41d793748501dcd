//! Single products.

use super::{client, create, product_input, skus, with};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::Role;
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
    assert_eq!(response.headers()["etag"], "\"v1\"");
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
    assert_eq!(read.headers()["etag"], "\"v1\"");
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
    assert_eq!((response.status(), &response.headers()["etag"]), (StatusCode::OK, &"\"v2\"".parse().unwrap()));
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
        (with(product.clone(), json!({ "status": "archived" })), &"\"v2\"".parse().unwrap())
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
    assert_eq!(response.headers()["etag"], "\"v2\"");
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
        ("if-match", "W/\"v1\""),
        ("if-match", "\"a,*,b\""),
        ("if-none-match", "*"),
        ("if-none-match", "W/\"v1\""),
    ] {
        assert_eq!(set(name, value).problem(), "412 precondition-failed", "{name}: {value}");
    }
    for value in ["v1", "\"v1\", *", ""] {
        assert_eq!(set("if-match", value).problem(), "400 malformed-request", "{value}");
    }
    assert_eq!(read(), before);
    assert_eq!(set("if-match", "\"v0\", \"v1\"").header("etag"), Some("\"v2\""));
    assert_eq!(set("if-match", "\"v1\"").problem(), "412 precondition-failed");
    set("if-none-match", "\"v1\"").expect(StatusCode::OK);
}

#[test]
fn a_list_of_foreign_tags_changes_nothing() {
    let client = client();
    let product = create(&client, product_input("A"));
    let change = json!({ "name": "Other" });
    assert_eq!(patch(&client, &product, "\"a,*,b\"", change.clone()).problem(), "412 precondition-failed");
    assert_eq!(patch(&client, &product, "\"a\", *", change.clone()).problem(), "400 malformed-request");
    let request = client.patch(&path(&product)).as_role(Role::Operator).header("if-match", "*");
    let excluded = request.header("if-none-match", "\"v1\"").json(&change).send();
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
