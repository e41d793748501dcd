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
    for (letter, name, amount, currency, on_hand) in [
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
            "stock": {"on_hand": on_hand},
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
        ("sort=price&currency=EUR", "EDBA"),
        ("sort=-price&currency=EUR", "ABDE"),
        ("sort=name", "CEDBA"),
        ("min_price=300&currency=EUR", "BA"),
        ("max_price=300&currency=EUR", "EDB"),
        ("min_price=100&max_price=300&currency=EUR", "DB"),
        ("min_price=301&max_price=300&currency=EUR", ""),
        ("min_price=0&max_price=9223372036854775807&currency=EUR", "EDBA"),
        ("currency=EUR", "EDBA"),
        ("currency=USD", "C"),
        ("currency=SEK", ""),
        ("in_stock=true", "DCA"),
        ("in_stock=false", "EB"),
        ("min_price=100&max_price=400&currency=EUR&in_stock=true&sort=name", "D"),
        ("max_price=300&sort=-price&currency=EUR", "BDE"),
        ("min_price=100&sort=price&currency=EUR&limit=2", "DB"),
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
    for (category, remedy) in [
        (slug.clone(), "GET /v1/categories"),
        (format!("{slug}%20"), "garden-tools"),
        ("No%20Slug".to_owned(), "garden-tools"),
    ] {
        for query in [format!("category={category}"), format!("category={category}&q=lamp&sort=price&currency=EUR")] {
            let problem = expect_problem(&client.get(&format!("/v1/products?{query}")), 400, "malformed-request");
            let detail = problem["detail"].as_str().unwrap_or_default();
            assert!(detail.contains("category") && detail.contains(remedy), "{query}: {detail}");
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
        "sku=",
        "sku=a%20b",
        "sku=a&q=b",
        "status=",
        "status=sold",
        "status=archived&q=b",
        "min_price=-1&currency=EUR",
        // Yen and dinars are not compared.
        "sort=price",
        "sort=-price",
        "min_price=1",
        "max_price=1",
    ] {
        let response = target().client().get(&format!("/v1/products?{query}"));
        assert_eq!(response.status, 400, "{query}: {}", response.text());
        expect_problem(&response, 400, "malformed-request");
    }
    let product = create_product(&operator().client, &json!({}));
    for path in ["/v1/categories?limit=1".to_owned(), format!("{}?fields=sku", product.path)] {
        expect_problem(&target().client().get(&path), 400, "malformed-request");
    }
    expect_problem(&operator().client.get(&format!("{}/stock?limit=1", product.path)), 400, "malformed-request");
}
