//! The stock of a product: how operators count and read it.

use super::products::{patch, path};
use super::reservations::{order, reserve, transition};
use super::{client, create, product_input, with};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Role;

#[test]
fn a_count_sets_the_units_on_hand_and_returns_the_stock() {
    let client = client();
    let product = create(&client, product_input("A"));
    let stock = format!("{}/stock", path(&product));
    let set = |body: Value| client.put(&stock).as_role(Role::Operator).json(&body).send();
    let response = set(json!({ "on_hand": 3 })).expect(StatusCode::OK);
    let read = client.get(&stock).as_role(Role::Operator).send().expect(StatusCode::OK);
    assert_eq!(response.json(), json!({ "on_hand": 3, "reserved": 0, "allocated": 0, "available": 3 }));
    assert_eq!((response.json(), response.header("etag")), (read.json(), read.header("etag")));
    assert_eq!(client.get(&path(&product)).send().json(), with(product, json!({ "stock": { "available": 3 } })));
    assert_eq!(set(json!({ "on_hand": "3" })).error_pointers(), ["/on_hand"]);
    assert_eq!(set(json!({})).error_pointers(), ["/on_hand"]);
    // The stock as it is read has numbers that are derived.
    let refused = set(read.json());
    assert_eq!(refused.error_pointers(), ["/allocated", "/available", "/reserved"]);
    let details = refused.json()["errors"].as_array().unwrap().clone();
    let says_so = |error: &Value| error["detail"].as_str().unwrap().contains("derived");
    assert!(
        details.iter().all(says_so)
            && details.iter().all(|error| error["detail"].as_str().unwrap().contains("on_hand"))
    );
}

#[test]
fn a_count_in_a_change_sets_the_units_on_hand_and_leaves_the_version() {
    let client = client();
    let product = create(&client, product_input("A"));
    reserve(&client, &order(1), &[(&product, 3)]);
    let counted = patch(&client, &product, "\"v1\"", json!({ "stock": { "on_hand": 8 } })).expect(StatusCode::OK);
    assert_eq!(counted.json(), with(product.clone(), json!({ "stock": { "available": 5 } })));
    assert_eq!(counted.header("etag"), Some("\"v1.5\""));
    let both = json!({ "name": "Lantern", "stock": { "on_hand": 4 } });
    let changed = patch(&client, &product, "\"v1\"", both).expect(StatusCode::OK);
    let expected = with(product.clone(), json!({ "name": "Lantern", "stock": { "available": 1 } }));
    assert_eq!((changed.json(), changed.header("etag")), (expected.clone(), Some("\"v2.1\"")));
    assert_eq!(client.get(&path(&product)).send().json(), expected);
    let below = patch(&client, &product, "*", json!({ "name": "Lost", "stock": { "on_hand": 2 } }));
    assert_eq!(below.problem(), "409 conflict");
    assert_eq!(below.json()["errors"][0]["pointer"], "/stock/on_hand");
    assert_eq!(client.get(&path(&product)).send().json(), expected);
}

#[test]
fn a_stock_count_obeys_the_preconditions_that_are_sent() {
    let client = client();
    let product = create(&client, product_input("A"));
    let set = |name, value: &str| {
        let request = client.put(&format!("{}/stock", path(&product))).as_role(Role::Operator);
        request.header(name, value).json(&json!({ "on_hand": 3 })).send()
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
    set("if-match", "\"v0\", \"v1.10\"").expect(StatusCode::OK);
    assert_eq!(client.get(&path(&product)).send().header("etag"), Some("\"v1.3\""));
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
    count.json(&json!({ "on_hand": 8 })).send().expect(StatusCode::OK);
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
