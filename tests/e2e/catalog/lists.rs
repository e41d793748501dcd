//! The list of products: every filter and every order, alone and combined.

use serde_json::json;
use spindle_tests::accounts::operator;
use spindle_tests::problem::expect_problem;
use spindle_tests::products::{create_product, unique_word};
use spindle_tests::target;

/// Creates five products in a category, and returns that and a word in all descriptions. Their SKUs end in A to E, in the order of creation.
fn create_five_products() -> (String, String) {
    let client = &operator().client;
    let (slug, word) = (unique_word("shelf"), unique_word("word"));
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
            "description": format!("{word} on the shelf"),
            "price": {"amount": amount, "currency": currency},
            "category": slug,
            "stock": {"quantity": quantity},
        });
        create_product(client, &product);
    }
    (slug, word)
}

/// Returns the last letters of the SKUs that `query` finds.
#[track_caller]
fn letters(query: &str) -> String {
    let page = target().client().get(&format!("/v1/products?{query}"));
    let skus = spindle_tests::products::skus(&page);
    skus.iter().filter_map(|sku| sku.chars().last()).collect()
}

#[test]
fn each_filter_and_each_order_selects_and_sorts_as_documented() {
    let (slug, word) = create_five_products();
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
        // A word in all descriptions finds the same, with the category and without.
        assert_eq!(letters(&format!("q={word}&{query}")), expected, "{query}");
        assert_eq!(letters(&format!("q={word}&category={slug}&{query}")), expected, "{query}");
    }
}

#[test]
fn an_unknown_category_is_refused_and_one_without_active_products_is_an_empty_list() {
    let client = target().client();
    let slug = unique_word("category");
    for category in [slug.clone(), format!("{slug}%20"), "No%20Slug".to_owned()] {
        for query in [format!("category={category}"), format!("category={category}&q=lamp&sort=price")] {
            let problem = expect_problem(&client.get(&format!("/v1/products?{query}")), 400, "malformed-request");
            let detail = problem["detail"].as_str().unwrap_or_default();
            assert!(detail.contains("category") && detail.contains("GET /v1/categories"), "{query}: {detail}");
        }
    }
    let product = create_product(&operator().client, &json!({"category": slug}));
    operator().client.delete(&product.path, "*").expect_status(204);
    assert_eq!(letters(&format!("category={slug}")), "");
}

#[test]
fn a_page_has_caching_headers_and_can_be_revalidated() {
    let (slug, _) = create_five_products();
    let client = target().client();
    let path = format!("/v1/products?category={slug}&limit=5");
    let page = client.get(&path).expect_status(200);
    let body = page.json();
    assert_eq!(body["next_cursor"], json!(null));
    assert_eq!(page.header("link"), None);
    for item in body["items"].as_array().expect("items are a list") {
        let path = format!("/v1/products/{}", item["id"].as_str().expect("a product has an id"));
        assert_eq!(client.get(&path).json(), *item, "a list has the whole products");
    }
    assert!(page.header("cache-control").is_some_and(|value| value.contains("stale-while-revalidate")), "{page:?}");
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
fn an_invalid_query_is_refused() {
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
        "limit=",
        "cursor=x",
        "cursor=",
        "q=",
        "category=",
        "category",
        "currency=",
        "in_stock=",
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
