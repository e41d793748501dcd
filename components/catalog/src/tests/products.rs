//! Products one by one.

use super::{body, create, draft, get, platform, send, skus, token, with};
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

/// The pointers of the rules that `response` says are broken.
fn pointers(response: &Response) -> Vec<String> {
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{:?}", response.body());
    let errors = body(response)["errors"].as_array().unwrap().clone();
    errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_created_product_is_shown_whole_to_anybody() {
    let platform = platform();
    let response = send(&platform, Method::POST, "/v1/products", &[], Some(draft("L-1")));
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
    let shown = get(&platform, &path(&product));
    assert_eq!((shown.status(), body(&shown)), (StatusCode::OK, expected));
    assert_eq!(shown.headers()["etag"], "\"v1\"");
    assert_eq!(shown.headers()["cache-control"], "public, max-age=5, stale-while-revalidate=30");
    assert_eq!(shown.headers()["vary"], "origin");
}

#[test]
fn what_is_not_given_is_empty() {
    let minimal = json!({ "sku": "A", "name": "A", "price": { "amount": 0, "currency": "EUR" }, "category": "a" });
    let product = create(&platform(), minimal);
    let empty = (&json!(""), &json!({}), &json!({ "available": 0 }));
    assert_eq!((&product["description"], &product["attributes"], &product["stock"]), empty);
}

#[test]
fn every_broken_rule_is_told_at_its_place() {
    let platform = platform();
    let ask = |changes: Value| send(&platform, Method::POST, "/v1/products", &[], Some(with(draft("A"), changes)));
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
    let mut found = pointers(&ask(bad));
    found[5..].sort();
    assert_eq!(found, expected);
    assert_eq!(pointers(&ask(json!({ "price": { "amount": 1, "currency": "eur" } }))), ["/price/currency"]);
    assert_eq!(pointers(&ask(json!({ "price": { "amount": 1.5, "currency": "EUR" } }))), ["/price/amount"]);
    assert_eq!(pointers(&ask(json!({ "stock": { "quantity": -1 } }))), ["/stock/quantity"]);
    assert_eq!(pointers(&ask(json!({ "status": "active" }))), ["/status"]);
}

#[test]
fn a_sku_is_given_once_in_whatever_case() {
    let platform = platform();
    create(&platform, draft("ab-1"));
    let response = send(&platform, Method::POST, "/v1/products", &[], Some(draft("AB-1")));
    assert_eq!((response.status(), &body(&response)["errors"][0]["pointer"]), (StatusCode::CONFLICT, &json!("/sku")));
    let other = create(&platform, draft("ab-2"));
    assert_eq!(patch(&platform, &other, "*", json!({ "sku": "Ab-1" })).status(), StatusCode::CONFLICT);
    assert_eq!(patch(&platform, &other, "*", json!({ "sku": "AB-2" })).status(), StatusCode::OK);
}

#[test]
fn a_change_merges_and_raises_the_version() {
    let platform = platform();
    let product = create(&platform, draft("A"));
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
fn a_change_needs_the_version_that_was_read() {
    let platform = platform();
    let product = create(&platform, draft("A"));
    let name = json!({ "name": "B" });
    assert_eq!(patch(&platform, &product, "\"v2\"", name.clone()).status(), StatusCode::PRECONDITION_FAILED);
    for method in [Method::PATCH, Method::DELETE] {
        let response = send(&platform, method, &path(&product), &[], Some(name.clone()));
        assert_eq!(response.status(), StatusCode::PRECONDITION_REQUIRED);
    }
    assert_eq!(body(&get(&platform, &path(&product))), product);
}

#[test]
fn who_has_the_current_version_is_told_so_and_sent_nothing() {
    let platform = platform();
    let product = create(&platform, draft("A"));
    for target in [path(&product), "/v1/products".to_owned(), "/v1/categories".to_owned()] {
        let first = get(&platform, &target);
        let tag = first.headers()["etag"].to_str().unwrap();
        let ask = || super::send_as_is(&platform, Method::GET, &target, &[("if-none-match", tag)], Body::empty());
        let second = ask();
        assert_eq!((second.status(), second.body().len()), (StatusCode::NOT_MODIFIED, 0), "{target}");
        assert_eq!(second.headers()["etag"], tag);
        assert_eq!(second.headers()["cache-control"], first.headers()["cache-control"]);
        assert_eq!(
            patch(&platform, &product, "*", json!({ "category": target.len().to_string() })).status(),
            StatusCode::OK
        );
        assert_eq!(ask().status(), StatusCode::OK, "{target}");
    }
}

#[test]
fn an_archived_product_is_in_no_list_but_still_there() {
    let platform = platform();
    let product = create(&platform, draft("A"));
    let delete = || send(&platform, Method::DELETE, &path(&product), &[("if-match", "*")], None);
    assert_eq!(delete().status(), StatusCode::NO_CONTENT);
    assert_eq!(delete().status(), StatusCode::NO_CONTENT);
    assert_eq!(skus(&get(&platform, "/v1/products")), [""; 0]);
    assert_eq!(body(&get(&platform, "/v1/categories")), json!({ "items": [] }));
    let shown = get(&platform, &path(&product));
    assert_eq!(
        (body(&shown), &shown.headers()["etag"]),
        (with(product.clone(), json!({ "status": "archived" })), &"\"v2\"".parse().unwrap())
    );
    assert_eq!(patch(&platform, &product, "\"v2\"", json!({ "status": "active" })).status(), StatusCode::OK);
    assert_eq!(skus(&get(&platform, "/v1/products")), ["A"]);
}

#[test]
fn stock_is_set_to_what_was_counted() {
    let platform = platform();
    let product = create(&platform, draft("A"));
    let set = |body: Value| send(&platform, Method::PUT, &format!("{}/stock", path(&product)), &[], Some(body));
    let response = set(json!({ "quantity": 3 }));
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(body(&response), with(product.clone(), json!({ "stock": { "available": 3 } })));
    assert_eq!(response.headers()["etag"], "\"v2\"");
    assert_eq!(pointers(&set(json!({ "quantity": "3" }))), ["/quantity"]);
    assert_eq!(pointers(&set(json!({}))), ["/quantity"]);
}

#[test]
fn categories_count_what_is_for_sale() {
    let platform = platform();
    for (sku, category) in [("A", "garden-tools"), ("B", "garden-tools"), ("C", "books")] {
        create(&platform, with(draft(sku), json!({ "category": category })));
    }
    let moved = create(&platform, draft("D"));
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
    let product = create(&platform, draft("A"));
    let operations = [
        (Method::POST, "/v1/products".to_owned()),
        (Method::PATCH, path(&product)),
        (Method::DELETE, path(&product)),
        (Method::PUT, format!("{}/stock", path(&product))),
    ];
    let customer = token(&platform, Role::Customer);
    for (method, target) in operations {
        let ask = |headers: &[(&str, &str)]| {
            super::send_as_is(&platform, method.clone(), &target, headers, Body::empty()).status()
        };
        assert_eq!(ask(&[]), StatusCode::UNAUTHORIZED, "{method} {target}");
        assert_eq!(ask(&[("authorization", &customer)]), StatusCode::FORBIDDEN, "{method} {target}");
    }
}

#[test]
fn what_is_not_there_is_not_found() {
    let platform = platform();
    for target in ["/v1/products/018bcfe5-6800-7000-8000-000000000099", "/v1/products/A", "/v1/categories/lamps"] {
        assert_eq!(get(&platform, target).status(), StatusCode::NOT_FOUND, "{target}");
    }
}
