//! Changes of products: fields, stock and status; and the counts of categories, which follow them.

use std::thread;

use serde_json::{Value, json};
use spindle_tests::Client;
use spindle_tests::accounts::operator;
use spindle_tests::problem::expect_problem;
use spindle_tests::products::{Product, create_product, skus, unique_word};

/// Sends `PUT .../stock` with `body`.
fn put_stock(client: &Client, product: &Product, body: &Value) -> spindle_tests::Response {
    let headers = [("content-type", "application/json")];
    client.send("PUT", &format!("{}/stock", product.path), &headers, Some(body.to_string().as_bytes()))
}

/// Returns the entry of the category `slug`, or null.
fn category(client: &Client, slug: &str) -> Value {
    let body = client.get("/v1/categories").expect_status(200).json();
    let items = body["items"].as_array().unwrap_or_else(|| panic!("items are a list: {body}"));
    items.iter().find(|category| category["slug"] == slug).cloned().unwrap_or_default()
}

#[test]
fn a_patch_changes_only_the_fields_in_it() {
    let client = &operator().client;
    let attributes = json!({"colour": "red", "watts": 11});
    let product =
        create_product(client, &json!({"description": "Old", "attributes": attributes, "stock": {"on_hand": 2}}));
    let change = json!({
        "name": "Lantern",
        "description": null,
        "price": {"amount": 999},
        "attributes": {"colour": null, "height_cm": 40},
    });
    let changed = Product::from_response(&client.patch(&product.path, &product.etag, &change).expect_status(200));
    assert_ne!(changed.etag, product.etag);
    let mut expected = product.body.clone();
    expected["name"] = json!("Lantern");
    expected["description"] = json!("");
    expected["price"]["amount"] = json!(999);
    expected["attributes"] = json!({"watts": 11, "height_cm": 40});
    expected["updated_at"] = changed.body["updated_at"].clone();
    assert_eq!(changed.body, expected);
    assert!(changed.body["updated_at"].as_str() >= product.body["updated_at"].as_str());
    let read = client.get(&product.path).expect_status(200);
    assert_eq!((read.json(), read.etag()), (expected, changed.etag));
}

#[test]
fn a_patch_that_breaks_a_rule_changes_nothing() {
    let client = &operator().client;
    let product = create_product(client, &json!({"attributes": {"colour": "red"}}));
    for change in [
        json!({"name": " ", "category": "No Slug"}),
        json!({"name": null}),
        json!({"sku": null}),
        json!({"category": null}),
        json!({"status": null}),
        json!({"status": "sold"}),
        json!({"status": 1}),
        json!({"status": {"archived": null}}),
        json!({"price": null}),
        json!({"price": {"amount": null}}),
        json!({"price": {"amount": -1}}),
        json!({"price": {"currency": "eur"}}),
        json!({"attributes": {"colour": ["red"]}}),
        json!({"attributes": "none"}),
        json!({"stock": {"available": 1}}),
        json!({"id": product.id}),
        json!([]),
    ] {
        let response = client.patch(&product.path, &product.etag, &change);
        assert_eq!(response.status, 422, "{change}: {}", response.text());
        expect_problem(&response, 422, "validation-failed");
    }
    let read = client.get(&product.path).expect_status(200);
    assert_eq!((read.json(), read.etag()), (product.body, product.etag));
}

#[test]
fn a_patch_or_a_delete_needs_the_current_version() {
    let client = &operator().client;
    let old = create_product(client, &json!({}));
    let now = Product::from_response(&client.patch(&old.path, &old.etag, &json!({"name": "Two"})).expect_status(200));
    let change = json!({"name": "Three"}).to_string();
    let json = ("content-type", "application/json");
    expect_problem(&client.send("PATCH", &old.path, &[json], Some(change.as_bytes())), 428, "precondition-required");
    expect_problem(&client.send("DELETE", &old.path, &[], None), 428, "precondition-required");
    for etag in [old.etag.as_str(), "\"made up\"", &format!("W/{}", now.etag)] {
        let patched = client.send("PATCH", &old.path, &[json, ("if-match", etag)], Some(change.as_bytes()));
        expect_problem(&patched, 412, "precondition-failed");
        expect_problem(&client.delete(&old.path, etag), 412, "precondition-failed");
    }
    assert_eq!(client.get(&old.path).json(), now.body);
    let unknown = "/v1/products/0190a5c0-0000-7000-8000-000000000000";
    expect_problem(&client.patch(unknown, "*", &json!({"name": "X"})), 404, "not-found");
    expect_problem(&client.delete(unknown, "*"), 404, "not-found");
}

#[test]
fn one_of_fifty_concurrent_writes_to_the_same_version_succeeds() {
    let client = &operator().client;
    let product = create_product(client, &json!({}));
    let mut statuses: Vec<u16> = thread::scope(|scope| {
        let write = |number: usize| {
            let product = &product;
            scope.spawn(move || {
                client.patch(&product.path, &product.etag, &json!({"name": format!("Lamp {number}")})).status
            })
        };
        let writers: Vec<_> = (0..50).map(write).collect();
        writers.into_iter().map(|writer| writer.join().expect("every writer gets a response")).collect()
    });
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (200, &[412; 49][..]));
}

#[test]
fn an_archived_product_is_in_no_list_and_can_be_read_and_restored() {
    let client = &operator().client;
    let (slug, word) = (unique_word("archive"), unique_word("gone"));
    let product = create_product(client, &json!({"category": slug, "name": word}));
    let lists = || {
        let in_category = skus(&client.get(&format!("/v1/products?category={slug}")));
        (in_category.len(), skus(&client.get(&format!("/v1/products?q={word}"))).len())
    };
    assert_eq!(lists(), (1, 1));
    let archived = client.delete(&product.path, &product.etag).expect_status(204);
    assert!(archived.body.is_empty());
    assert_eq!(lists(), (0, 0));
    let read = Product::from_response(&client.anonymous().get(&product.path).expect_status(200));
    let mut expected = product.body.clone();
    expected["status"] = json!("archived");
    expected["updated_at"] = read.body["updated_at"].clone();
    assert_eq!(read.body, expected);
    assert_ne!(read.etag, product.etag);
    // A repeated delete changes nothing.
    client.delete(&product.path, &read.etag).expect_status(204);
    assert_eq!(client.get(&product.path).etag(), read.etag);

    client.patch(&product.path, &read.etag, &json!({"status": "active"})).expect_status(200);
    assert_eq!(lists(), (1, 1));
}

#[test]
fn the_stock_is_the_count_that_was_sent_last() {
    let client = &operator().client;
    let product = create_product(client, &json!({}));
    let path = format!("{}/stock", product.path);
    for on_hand in [5, 0, 4_294_967_295_u32] {
        let set = put_stock(client, &product, &json!({"on_hand": on_hand})).expect_status(200);
        assert_eq!(set.json(), json!({"on_hand": on_hand, "reserved": 0, "allocated": 0, "available": on_hand}));
        let stock = client.get(&path).expect_status(200);
        assert_eq!((stock.json(), stock.etag()), (set.json(), set.etag()));
        assert_eq!(client.get(&product.path).expect_status(200).json()["stock"], json!({"available": on_hand}));
    }
    for body in [
        json!({"on_hand": -1}),
        json!({"on_hand": 1.5}),
        json!({"on_hand": "1"}),
        json!({"on_hand": 4_294_967_296_u64}),
        json!({"on_hand": 1, "available": 1}),
        json!({"quantity": 1}),
        json!({}),
    ] {
        expect_problem(&put_stock(client, &product, &body), 422, "validation-failed");
    }
    let read = client.get(&product.path).expect_status(200);
    for tag in [product.etag.as_str(), "\"a,*,b\""] {
        let headers = [("content-type", "application/json"), ("if-match", tag)];
        expect_problem(&client.send("PUT", &path, &headers, Some(b"{\"on_hand\":1}")), 412, "precondition-failed");
    }
    assert_eq!(client.get(&product.path).expect_status(200).etag(), read.etag());
    let etag = read.etag();
    let current = [("content-type", "application/json"), ("if-match", etag.as_str())];
    client.send("PUT", &path, &current, Some(b"{\"on_hand\":1}")).expect_status(200);
    let unknown = Product { path: "/v1/products/0190a5c0-0000-7000-8000-000000000000".to_owned(), ..product };
    expect_problem(&put_stock(client, &unknown, &json!({"on_hand": 1})), 404, "not-found");
}

#[test]
fn the_counts_of_categories_follow_every_change() {
    let client = &operator().client;
    // The prefix makes it one of the first categories, so that the limit of the list does not cut it off.
    let slug = format!("0-{}", unique_word("count"));
    let other = format!("{slug}-other");
    let name = slug.replace('-', " ");
    let count = |slug: &str| category(client, slug)["products"].clone();
    assert_eq!(category(client, &slug), Value::Null);
    let one = create_product(client, &json!({"category": slug}));
    let two = create_product(client, &json!({"category": slug}));
    assert_eq!(category(client, &slug), json!({"slug": slug, "name": name, "products": 2}));

    client.delete(&one.path, "*").expect_status(204);
    assert_eq!(count(&slug), 1);
    client.delete(&one.path, "*").expect_status(204);
    assert_eq!(count(&slug), 1, "a repeated delete is not counted");
    // An archived product is not counted when its category changes.
    client.patch(&one.path, "*", &json!({"category": other})).expect_status(200);
    assert_eq!((count(&slug), category(client, &other)), (json!(1), Value::Null));
    client.patch(&one.path, "*", &json!({"status": "active"})).expect_status(200);
    assert_eq!((count(&slug), count(&other)), (json!(1), json!(1)));
    client.patch(&two.path, "*", &json!({"category": other})).expect_status(200);
    assert_eq!((category(client, &slug), count(&other)), (Value::Null, json!(2)));

    for product in [one, two] {
        client.delete(&product.path, "*").expect_status(204);
    }
    assert_eq!(category(client, &other), Value::Null);
}
