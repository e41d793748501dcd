//! Single products.

use super::reservations::{order, reserve, transition};
use super::{client, create, product_input, skus, with};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::{Role, Timestamp};
use spindle_edge::testing::{TestClient, TestResponse};

pub(super) fn patch(client: &TestClient, product: &Value, version: &str, change: Value) -> TestResponse {
    client.patch(&path(product)).as_role(Role::Operator).header("if-match", version).json(&change).send()
}

pub(super) fn path(product: &Value) -> String {
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
    let expected = ["/attributes/colour", "/attributes/siz\u{200f}e", "/category", "/description", "/name"];
    assert_eq!(response.error_pointers(), expected);
    let detail = "must not have U+202E, its character 6: it is not printable there";
    assert_eq!(response.json()["errors"][4]["detail"], detail);
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
        "sku": "a b", "name": " ", "description": "\u{0}", "price": { "amount": -1, "currency": "eur" }, "category": "No Slug",
        "attributes": { "a/b": [], "c": null, " ": 1 }, "status": "sold", "stock": {}, "weight": 7,
    });
    let expected = [
        "/attributes/ ",
        "/attributes/a~1b",
        "/attributes/c",
        "/category",
        "/description",
        "/name",
        "/price/amount",
        "/price/currency",
        "/sku",
        "/status",
        "/stock/on_hand",
        "/weight",
    ];
    assert_eq!(request(bad).error_pointers(), expected);
    assert_eq!(request(json!({ "price": { "amount": 1, "currency": "eur" } })).error_pointers(), ["/price/currency"]);
    assert_eq!(request(json!({ "price": { "amount": 1.5, "currency": "EUR" } })).error_pointers(), ["/price/amount"]);
    assert_eq!(request(json!({ "stock": { "on_hand": -1 } })).error_pointers(), ["/stock/on_hand"]);
    assert_eq!(request(json!({ "status": "sold" })).error_pointers(), ["/status"]);
}

#[test]
fn integers_may_be_written_as_json_has_them() {
    let client = client();
    let body = product_input("A").to_string().replace(":1299", ":1.299e3").replace(":10}", ":1e1}");
    assert!(body.contains("1.299e3") && body.contains("1e1"), "{body}");
    let body = serde_json::value::RawValue::from_string(body).unwrap();
    let created = client.post("/v1/products").as_role(Role::Operator).json(&body).send().expect(StatusCode::CREATED);
    assert_eq!(created.json()["price"]["amount"], 1299);
    assert_eq!(created.json()["stock"], json!({ "available": 10 }));
}

#[test]
fn what_the_server_sets_or_derives_is_refused_with_an_error_that_says_so() {
    let client = client();
    let product = create(&client, product_input("A"));
    // As a client reads it, and sends it back.
    let refused = patch(&client, &product, "*", product.clone());
    let by_server = "is set by the server: leave it out";
    let expected = json!([
        { "pointer": "/created_at", "detail": by_server },
        { "pointer": "/id", "detail": by_server },
        { "pointer": "/stock/available", "detail": "is derived: on_hand without the units that belong to orders. Write on_hand" },
        { "pointer": "/stock/on_hand", "detail": "is required" },
        { "pointer": "/updated_at", "detail": by_server },
    ]);
    assert_eq!((refused.problem().as_str(), &refused.json()["errors"]), ("422 validation-failed", &expected));
    let posted = client.post("/v1/products").as_role(Role::Operator).json(&product).send();
    assert_eq!(posted.json()["errors"], expected);
    let mut writable = product.as_object().unwrap().clone();
    for name in ["id", "created_at", "updated_at", "stock"] {
        writable.remove(name);
    }
    let unchanged = patch(&client, &product, "*", writable.into()).expect(StatusCode::OK);
    assert_eq!(unchanged.json(), product);
}

#[test]
fn a_sku_is_unique_without_regard_to_case() {
    let client = client();
    create(&client, product_input("ab-1"));
    let post = |sku: &str| client.post("/v1/products").as_role(Role::Operator).json(&product_input(sku)).send();
    let response = post("AB-1");
    assert_eq!((response.status(), &response.json()["errors"][0]["pointer"]), (StatusCode::CONFLICT, &json!("/sku")));
    let other = create(&client, product_input("ab-2"));
    assert_eq!(patch(&client, &other, "*", json!({ "sku": "Ab-1" })).status(), StatusCode::CONFLICT);
    assert_eq!(patch(&client, &other, "*", json!({ "sku": "AB-2" })).status(), StatusCode::OK);
}

#[test]
fn the_conflict_of_a_sku_names_the_product_that_has_it_and_whether_it_is_archived() {
    let client = client();
    let first = create(&client, product_input("A"));
    let id = first["id"].as_str().unwrap();
    let other = create(&client, product_input("B"));
    let conflicts = || {
        let posted = client.post("/v1/products").as_role(Role::Operator).json(&product_input("a")).send();
        [posted, patch(&client, &other, "*", json!({ "sku": "a" }))].map(|response| {
            assert_eq!(response.problem(), "409 conflict");
            let body = response.json();
            (body["product_id"].clone(), body["detail"].as_str().unwrap().to_owned(), body["errors"].clone())
        })
    };
    for (product_id, detail, errors) in conflicts() {
        assert_eq!((product_id, detail), (json!(id), format!("The product {id} has this SKU.")));
        assert_eq!(errors, json!([{ "pointer": "/sku", "detail": "is the SKU of another product" }]));
    }
    client.delete(&path(&first)).as_role(Role::Operator).header("if-match", "*").send();
    for (product_id, detail, errors) in conflicts() {
        assert_eq!(product_id, json!(id));
        assert!(detail.starts_with(&format!("The archived product {id} has this SKU.")), "{detail}");
        assert_eq!(errors, json!([{ "pointer": "/sku", "detail": "is the SKU of an archived product" }]));
    }
    // The remedy that the detail names.
    let restored = patch(&client, &first, "*", json!({ "status": "active" })).expect(StatusCode::OK);
    assert_eq!(restored.json(), first);
}

#[test]
fn a_product_can_be_created_archived() {
    let client = client();
    let product = create(&client, with(product_input("A"), json!({ "status": "archived" })));
    assert_eq!(product["status"], "archived");
    assert_eq!(skus(&client.get("/v1/products").send()), [""; 0]);
    assert_eq!(client.get(&path(&product)).send().json(), product);
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
    assert_eq!(patch(&client, &product, "*", json!({ "stock": {} })).error_pointers(), ["/stock/on_hand"]);
    assert_eq!(patch(&client, &product, "*", json!({ "stock": null })).error_pointers(), ["/stock"]);
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
    stock.json(&json!({ "on_hand": 6 })).send().expect(StatusCode::OK);
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
