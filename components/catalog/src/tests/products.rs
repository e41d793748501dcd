//! Single products.

use super::{body, create, get, platform, product_input, send, skus, token, with};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_platform::Platform;
use spindle_platform::http::{Body, Response};

fn patch(platform: &Platform, product: &Value, version: &str, change: Value) -> Response {
    send(platform, Method::PATCH, &path(product), &[("if-match", version)], Some(change))
}

fn path(product: &Value) -> String {
    format!("/v1/products/{}", product["id"].as_str().unwrap())
}

/// Returns the pointers of the errors in `response`.
fn pointers(response: &Response) -> Vec<String> {
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{:?}", response.body());
    let errors = body(response)["errors"].as_array().unwrap().clone();
    errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn anyone_can_read_all_of_a_created_product() {
    let platform = platform();
    let response = send(&platform, Method::POST, "/v1/products", &[], Some(product_input("L-1")));
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(response.headers()["etag"], "\"v1\"");
    let product = body(&response);
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
    let read = get(&platform, &path(&product));
    assert_eq!((read.status(), body(&read)), (StatusCode::OK, expected));
    assert_eq!(read.headers()["etag"], "\"v1\"");
    assert_eq!(read.headers()["cache-control"], "public, max-age=5, stale-while-revalidate=30");
    assert_eq!(read.headers()["vary"], "origin");
}

#[test]
fn an_absent_field_is_empty() {
    let minimal = json!({ "sku": "A", "name": "A", "price": { "amount": 0, "currency": "EUR" }, "category": "a" });
    let product = create(&platform(), minimal);
    let empty = (&json!(""), &json!({}), &json!({ "available": 0 }));
    assert_eq!((&product["description"], &product["attributes"], &product["stock"]), empty);
}

#[test]
fn every_broken_rule_has_an_error_with_its_pointer() {
    let platform = platform();
    let request =
        |changes: Value| send(&platform, Method::POST, "/v1/products", &[], Some(with(product_input("A"), changes)));
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
    let mut found = pointers(&request(bad));
    found[5..].sort();
    assert_eq!(found, expected);
    assert_eq!(pointers(&request(json!({ "price": { "amount": 1, "currency": "eur" } }))), ["/price/currency"]);
    assert_eq!(pointers(&request(json!({ "price": { "amount": 1.5, "currency": "EUR" } }))), ["/price/amount"]);
    assert_eq!(pointers(&request(json!({ "stock": { "quantity": -1 } }))), ["/stock/quantity"]);
    assert_eq!(pointers(&request(json!({ "status": "active" }))), ["/status"]);
}

#[test]
fn a_sku_is_unique_without_regard_to_case() {
    let platform = platform();
    create(&platform, product_input("ab-1"));
    let response = send(&platform, Method::POST, "/v1/products", &[], Some(product_input("AB-1")));
    assert_eq!((response.status(), &body(&response)["errors"][0]["pointer"]), (StatusCode::CONFLICT, &json!("/sku")));
    let other = create(&platform, product_input("ab-2"));
    assert_eq!(patch(&platform, &other, "*", json!({ "sku": "Ab-1" })).status(), StatusCode::CONFLICT);
    assert_eq!(patch(&platform, &other, "*", json!({ "sku": "AB-2" })).status(), StatusCode::OK);
}

#[test]
fn a_change_merges_and_raises_the_version() {
    let platform = platform();
    let product = create(&platform, product_input("A"));
    let change = json!({
        "description": null, "price": { "amount": 999 }, "category": "desks", "attributes": { "colour": null, "watts": 7 },
    });
    let response = patch(&platform, &product, "\"v1\"", change);
    assert_eq!((response.status(), &response.headers()["etag"]), (StatusCode::OK, &"\"v2\"".parse().unwrap()));
    let expected = with(
        product.clone(),
        json!({
            "description": "", "price": { "amount": 999, "currency": "EUR" }, "category": "desks",
            "attributes": { "watts": 7, "dimmable": true },
        }),
    );
    assert_eq!(body(&response), expected);
    assert_eq!(body(&get(&platform, &path(&product))), expected);
    assert_eq!(pointers(&patch(&platform, &product, "*", json!({ "name": "" }))), ["/name"]);
    assert_eq!(pointers(&patch(&platform, &product, "*", json!({ "stock": {} }))), ["/stock"]);
    for change in [
        json!({ "name": null }),
        json!({ "status": null }),
        json!({ "status": 1 }),
        json!({ "status": { "archived": null } }),
        json!({ "status": "sold" }),
    ] {
        let field = change.as_object().unwrap().keys().next().unwrap();
        assert_eq!(pointers(&patch(&platform, &product, "*", change.clone())), [format!("/{field}")], "{change}");
    }
    assert_eq!(pointers(&patch(&platform, &product, "*", json!({ "price": { "amount": null } }))), ["/price/amount"]);
    assert_eq!(body(&get(&platform, &path(&product))), expected);
}

#[test]
fn a_change_needs_the_current_version() {
    let platform = platform();
    let product = create(&platform, product_input("A"));
    let name = json!({ "name": "B" });
    assert_eq!(patch(&platform, &product, "\"v2\"", name.clone()).status(), StatusCode::PRECONDITION_FAILED);
    for method in [Method::PATCH, Method::DELETE] {
        let response = send(&platform, method, &path(&product), &[], Some(name.clone()));
        assert_eq!(response.status(), StatusCode::PRECONDITION_REQUIRED);
    }
    assert_eq!(body(&get(&platform, &path(&product))), product);
}

#[test]
fn a_client_with_the_current_version_gets_304_without_a_body() {
    let platform = platform();
    let product = create(&platform, product_input("A"));
    for target in [path(&product), "/v1/products".to_owned(), "/v1/categories".to_owned()] {
        let first = get(&platform, &target);
        let tag = first.headers()["etag"].to_str().unwrap();
        let request = || super::send_as_is(&platform, Method::GET, &target, &[("if-none-match", tag)], Body::empty());
        let second = request();
        assert_eq!((second.status(), second.body().len()), (StatusCode::NOT_MODIFIED, 0), "{target}");
        assert_eq!(second.headers()["etag"], tag);
        assert_eq!(second.headers()["cache-control"], first.headers()["cache-control"]);
        assert_eq!(
            patch(&platform, &product, "*", json!({ "category": target.len().to_string() })).status(),
            StatusCode::OK
        );
        assert_eq!(request().status(), StatusCode::OK, "{target}");
    }
}

#[test]
fn an_archived_product_is_in_no_list_but_readable() {
    let platform = platform();
    let product = create(&platform, product_input("A"));
    let delete = || send(&platform, Method::DELETE, &path(&product), &[("if-match", "*")], None);
    assert_eq!(delete().status(), StatusCode::NO_CONTENT);
    assert_eq!(delete().status(), StatusCode::NO_CONTENT);
    assert_eq!(skus(&get(&platform, "/v1/products")), [""; 0]);
    assert_eq!(body(&get(&platform, "/v1/categories")), json!({ "items": [] }));
    let read = get(&platform, &path(&product));
    assert_eq!(
        (body(&read), &read.headers()["etag"]),
        (with(product.clone(), json!({ "status": "archived" })), &"\"v2\"".parse().unwrap())
    );
    assert_eq!(patch(&platform, &product, "\"v2\"", json!({ "status": "active" })).status(), StatusCode::OK);
    assert_eq!(skus(&get(&platform, "/v1/products")), ["A"]);
}

#[test]
fn the_stock_is_set_to_the_new_quantity() {
    let platform = platform();
    let product = create(&platform, product_input("A"));
    let set = |body: Value| send(&platform, Method::PUT, &format!("{}/stock", path(&product)), &[], Some(body));
    let response = set(json!({ "quantity": 3 }));
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(body(&response), with(product.clone(), json!({ "stock": { "available": 3 } })));
    assert_eq!(response.headers()["etag"], "\"v2\"");
    assert_eq!(pointers(&set(json!({ "quantity": "3" }))), ["/quantity"]);
    assert_eq!(pointers(&set(json!({}))), ["/quantity"]);
}

#[test]
fn categories_count_active_products() {
    let platform = platform();
    for (sku, category) in [("A", "garden-tools"), ("B", "garden-tools"), ("C", "books")] {
        create(&platform, with(product_input(sku), json!({ "category": category })));
    }
    let moved = create(&platform, product_input("D"));
    patch(&platform, &moved, "*", json!({ "category": "books" }));
    let expected = json!({ "items": [
        { "slug": "books", "name": "Books", "products": 2 },
        { "slug": "garden-tools", "name": "Garden tools", "products": 2 },
    ] });
    assert_eq!(body(&get(&platform, "/v1/categories")), expected);
}

#[test]
fn only_operators_write() {
    let platform = platform();
    let product = create(&platform, product_input("A"));
    let operations = [
        (Method::POST, "/v1/products".to_owned()),
        (Method::PATCH, path(&product)),
        (Method::DELETE, path(&product)),
        (Method::PUT, format!("{}/stock", path(&product))),
    ];
    let customer = token(&platform, Role::Customer);
    for (method, target) in operations {
        let request = |headers: &[(&str, &str)]| {
            super::send_as_is(&platform, method.clone(), &target, headers, Body::empty()).status()
        };
        assert_eq!(request(&[]), StatusCode::UNAUTHORIZED, "{method} {target}");
        assert_eq!(request(&[("authorization", &customer)]), StatusCode::FORBIDDEN, "{method} {target}");
    }
}

#[test]
fn an_unknown_product_is_not_found() {
    let platform = platform();
    for target in ["/v1/products/018bcfe5-6800-7000-8000-000000000099", "/v1/products/A", "/v1/categories/lamps"] {
        assert_eq!(get(&platform, target).status(), StatusCode::NOT_FOUND, "{target}");
    }
}
