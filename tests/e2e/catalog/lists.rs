//! The list of products: every filter and every order, alone and together.

use serde_json::json;
use spindle_tests::accounts::operator;
use spindle_tests::problem::expect_problem;
use spindle_tests::products::{create_product, unique_word};
use spindle_tests::target;

/// Makes five products in a category and says which it is. Their SKUs end in A to E, in the order in which they are created.
fn shop() -> (String, String) {
    let client = &operator().client;
    let (slug, word) = (unique_word("shop"), unique_word("word"));
    for (letter, name, amount, currency, quantity) in [
        ("A", "Zebra rug", 500, "EUR", 1),
        ("B", "Écru lamp", 300, "EUR", 0),
        ("C", "apple bowl", 300, "USD", 2),
        ("D", "Ebony desk", 100, "EUR", 5),
        ("E", "earthen jug", 0, "EUR", 0),
    ] {
        let product = json!({
            "sku": format!("{}-{letter}", unique_word("sku")),
            "name": name,
            "description": format!("{word} of the shop"),
            "price": {"amount": amount, "currency": currency},
            "category": slug,
            "stock": {"quantity": quantity},
        });
        create_product(client, &product);
    }
    (slug, word)
}

/// The last letters of the SKUs that `query` finds.
#[track_caller]
fn letters(query: &str) -> String {
    let page = target().client().get(&format!("/v1/products?{query}"));
    let skus = spindle_tests::products::skus(&page);
    skus.iter().filter_map(|sku| sku.chars().last()).collect()
}

#[test]
fn each_filter_and_each_order_does_what_it_says() {
    let (slug, word) = shop();
    for (query, expected) in [
        ("", "EDCBA"),
        ("sort=newest", "EDCBA"),
        ("sort=relevance", "EDCBA"),
        ("sort=price", "EDBCA"),
        ("sort=-price", "ACBDE"),
        ("sort=name", "CEDBA"),
        ("min_price=300", "CBA"),
        ("max_price=300", "EDCB"),
        ("min_price=100&max_price=300", "DCB"),
        ("min_price=301&max_price=300", ""),
        ("min_price=0&max_price=9223372036854775807", "EDCBA"),
        ("currency=EUR", "EDBA"),
        ("currency=USD", "C"),
        ("currency=SEK", ""),
        ("in_stock=true", "DCA"),
        ("in_stock=false", "EB"),
        ("min_price=100&max_price=400&currency=EUR&in_stock=true&sort=name", "D"),
        ("max_price=300&sort=-price", "CBDE"),
        ("min_price=100&sort=price&limit=2", "DB"),
        ("in_stock=true&sort=name", "CDA"),
    ] {
        assert_eq!(letters(&format!("category={slug}&{query}")), expected, "{query}");
        // The same by a word that all of them have, with the category and without.
        assert_eq!(letters(&format!("q={word}&{query}")), expected, "{query}");
        assert_eq!(letters(&format!("q={word}&category={slug}&{query}")), expected, "{query}");
    }
    assert_eq!(letters(&format!("category={}", unique_word("empty"))), "");
    assert_eq!(letters(&format!("category={}%20", slug)), "", "no slug, and so of no category");
}

#[test]
fn a_page_says_what_it_is_and_can_be_asked_about_again() {
    let (slug, _) = shop();
    let client = target().client();
    let path = format!("/v1/products?category={slug}&limit=5");
    let page = client.get(&path).expect_status(200);
    let body = page.json();
    assert_eq!(body["next_cursor"], json!(null));
    assert_eq!(page.header("link"), None);
    for item in body["items"].as_array().expect("items are a list") {
        let path = format!("/v1/products/{}", item["id"].as_str().expect("a product has an id"));
        assert_eq!(client.get(&path).json(), *item, "a list shows products whole");
    }
    assert!(page.header("cache-control").is_some_and(|told| told.contains("stale-while-revalidate")), "{page:?}");
    assert_eq!(page.header("vary"), Some("origin"));
    assert!(page.header("cache-status").is_some_and(|status| status.starts_with("spindle; ")), "{page:?}");
    let etag = page.etag();
    let unchanged = client.send("GET", &path, &[("if-none-match", &etag)], None).expect_status(304);
    assert!(unchanged.body.is_empty());

    create_product(&operator().client, &json!({"category": slug}));
    let changed = client.send("GET", &path, &[("if-none-match", &etag)], None).expect_status(200);
    assert_ne!(changed.etag(), etag);
    assert!(changed.header("link").is_some_and(|link| link.contains("rel=\"next\"")), "{changed:?}");
}

#[test]
fn what_makes_no_sense_is_refused() {
    for query in [
        "min_price=x",
        "min_price=",
        "max_price=1.5",
        "max_price=99999999999999999999",
        "currency=eur",
        "currency=EURO",
        "in_stock=yes",
        "sort=size",
        "sort=",
        "limit=0",
        "limit=101",
        "limit=x",
        "cursor=x",
        "colour=red",
        "category=a&category=b",
        "q=a&q=b",
    ] {
        let response = target().client().get(&format!("/v1/products?{query}"));
        assert_eq!(response.status, 400, "{query}: {}", response.text());
        expect_problem(&response, 400, "malformed-request");
    }
    let response = target().client().get("/v1/categories?limit=1");
    expect_problem(&response, 400, "malformed-request");
}
