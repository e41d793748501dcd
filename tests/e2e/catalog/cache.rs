//! The cache of the catalog. An instance may have it on or off; either way, no read returns an old representation after a write.
//! tests/faults/catalog_cache.rs tests instances in each cache mode.

use serde_json::{Value, json};
use spindle_tests::accounts::operator;
use spindle_tests::products::{Product, create_product, import, unique_word};
use spindle_tests::{Client, Response, target};

const HIT: &str = "spindle; hit";
const STORED: &str = "spindle; fwd=miss; stored";
const BYPASSED: &str = "spindle; fwd=bypass";

#[track_caller]
fn status(response: &Response) -> &str {
    assert_eq!(response.status, 200, "{}", response.text());
    response.header("cache-status").unwrap_or_else(|| panic!("a read has a cache-status: {response:?}"))
}

#[test]
fn a_second_read_is_a_hit_if_the_cache_is_on() {
    let client = target().client();
    let product = create_product(&operator().client, &json!({}));
    // Another test may write a product with the same slot in between.
    let has_hit = (0..20).any(|_| {
        let (first, second) = (client.get(&product.path), client.get(&product.path));
        assert_eq!(first.body, second.body);
        match (status(&first), status(&second)) {
            (BYPASSED, BYPASSED) => true,
            (HIT | STORED, HIT) => true,
            (HIT | STORED, STORED) => false,
            other => panic!("unexpected values of cache-status: {other:?}"),
        }
    });
    assert!(has_hit, "twenty reads without a hit");
    for query in ["q=lamp", "q=lamp&sort=price&currency=EUR"] {
        assert_eq!(
            status(&client.get(&format!("/v1/products?{query}"))),
            BYPASSED,
            "a search is never cached: {query}"
        );
    }
}

/// Reads the product, the list of its category, and that category's count.
fn read_all(client: &Client, product: &Product, slug: &str) -> [Value; 3] {
    let categories = client.get("/v1/categories").expect_status(200).json();
    let items = categories["items"].as_array().expect("items are a list");
    let count = items.iter().find(|category| category["slug"] == slug).map(|category| category["products"].clone());
    [
        client.get(&product.path).expect_status(200).json(),
        client.get(&format!("/v1/products?category={slug}")).expect_status(200).json()["items"].clone(),
        count.unwrap_or(json!(0)),
    ]
}

#[test]
fn a_write_is_visible_to_the_next_read() {
    let (writer, reader) = (&operator().client, target().client());
    let slug = format!("0-{}", unique_word("fresh"));
    let product = create_product(writer, &json!({"category": slug}));
    let path = product.path.as_str();
    let json_body = ("content-type", "application/json");
    assert_eq!(read_all(reader, &product, &slug), [product.body.clone(), json!([product.body]), json!(1)]);
    for round in 0..10 {
        let body = writer.patch(path, "*", &json!({"name": format!("Lamp {round}")})).expect_status(200).json();
        assert_eq!(read_all(reader, &product, &slug), [body.clone(), json!([body]), json!(1)]);

        let stock = json!({"on_hand": round}).to_string();
        writer.send("PUT", &format!("{path}/stock"), &[json_body], Some(stock.as_bytes())).expect_status(200);
        let mut counted = body;
        counted["stock"] = json!({"available": round});
        assert_eq!(read_all(reader, &product, &slug), [counted.clone(), json!([counted]), json!(1)]);

        writer.delete(path, "*").expect_status(204);
        let [archived, list, count] = read_all(reader, &product, &slug);
        assert_eq!((&archived["status"], list, count), (&json!("archived"), json!([]), json!(0)));

        let body = writer.patch(path, "*", &json!({"status": "active"})).expect_status(200).json();
        assert_eq!(read_all(reader, &product, &slug), [body.clone(), json!([body]), json!(1)]);

        let line = json!({
            "sku": product.body["sku"],
            "name": format!("Imported {round}"),
            "price": product.body["price"],
            "category": slug,
        });
        import(writer, &[line]).expect_status(200);
        let [imported, list, _] = read_all(reader, &product, &slug);
        assert_eq!((&imported["name"], &list), (&json!(format!("Imported {round}")), &json!([imported])));
    }
    let [_, list, _] = read_all(reader, &product, &slug);
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    let second = create_product(writer, &json!({"category": slug}));
    let [_, list, count] = read_all(reader, &product, &slug);
    assert_eq!((&list[0], count), (&second.body, json!(2)));
    for product in [&product, &second] {
        writer.delete(&product.path, "*").expect_status(204);
    }
}
