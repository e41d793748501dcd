//! The list of products: filters, orders and pages.

use super::{body, create, get, platform, product_input, send, skus, with};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_platform::Platform;

/// Returns a platform with a product for each row: SKU, name, price, currency, category, stock.
fn platform_with_products() -> Platform {
    let platform = platform();
    for (sku, name, amount, currency, category, quantity) in [
        ("A", "Étagère", 500, "EUR", "furniture", 0),
        ("B", "bulb", 100, "EUR", "lamps", 5),
        ("C", "Chair", 300, "USD", "furniture", 1),
        ("D", "Desk lamp", 300, "EUR", "lamps", 2),
        ("E", "Easel", 300, "EUR", "art", 0),
    ] {
        let price = json!({ "amount": amount, "currency": currency });
        let stock = json!({ "quantity": quantity });
        create(
            &platform,
            with(product_input(sku), json!({ "name": name, "price": price, "category": category, "stock": stock })),
        );
    }
    platform
}

#[test]
fn every_order_is_total() {
    let platform = platform_with_products();
    for (query, expected) in [
        ("", "EDCBA"),
        ("?sort=newest", "EDCBA"),
        ("?sort=relevance", "EDCBA"),
        ("?sort=price", "BCDEA"),
        ("?sort=-price", "AEDCB"),
        ("?sort=name", "BCDEA"),
    ] {
        assert_eq!(skus(&get(&platform, &format!("/v1/products{query}"))).concat(), expected, "{query}");
    }
}

#[test]
fn filters_combine_with_each_other_and_with_a_text() {
    let platform = platform_with_products();
    // Each description has a word with the prefix L.
    for (query, expected) in [
        ("category=lamps", "DB"),
        ("currency=USD", "C"),
        ("min_price=300", "EDCA"),
        ("max_price=300", "EDCB"),
        ("min_price=101&max_price=499&currency=EUR", "ED"),
        ("min_price=400&max_price=200", ""),
        ("in_stock=true", "DCB"),
        ("in_stock=false", "EA"),
        ("in_stock=true&category=lamps&sort=price", "BD"),
        ("min_price=200&sort=-price", "AEDC"),
        ("q=desk", "D"),
        ("q=lamp", "DB"),
        ("q=l&sort=price", "BCDEA"),
        ("q=l&sort=-price&in_stock=true", "DCB"),
        ("q=l&sort=name&category=furniture", "CA"),
        ("q=l&sort=newest&max_price=300&currency=EUR", "EDB"),
        ("q=d&category=lamps", "D"),
    ] {
        assert_eq!(skus(&get(&platform, &format!("/v1/products?{query}"))).concat(), expected, "{query}");
    }
}

#[test]
fn an_invalid_parameter_is_refused_with_its_name_and_the_allowed_values() {
    let platform = platform();
    let amount = "must be a whole number of minor units, such as 1299 for 12.99.";
    for (query, detail) in [
        ("min_price=x", format!("The query parameter min_price {amount}")),
        ("min_price=", format!("The query parameter min_price {amount}")),
        ("max_price=1.5", format!("The query parameter max_price {amount}")),
        ("currency=eur", "The query parameter currency must be a currency code of ISO 4217 such as EUR.".to_owned()),
        ("in_stock=yes", "The query parameter in_stock must be true or false.".to_owned()),
        ("sort=size", "The query parameter sort must be relevance, newest, price, -price or name.".to_owned()),
    ] {
        let response = get(&platform, &format!("/v1/products?{query}"));
        assert_eq!(
            (response.status(), &body(&response)["detail"]),
            (StatusCode::BAD_REQUEST, &json!(detail)),
            "{query}"
        );
    }
    for query in ["colour=red", "limit=0", "limit=101", "cursor=x", "category=a&category=b"] {
        let response = get(&platform, &format!("/v1/products?{query}"));
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}

#[test]
fn an_unknown_category_is_refused_with_a_reference_to_the_list_of_categories() {
    let platform = platform_with_products();
    for query in ["category=nosuch", "category=nosuch&q=lamp", "category=nosuch&sort=price&in_stock=true"] {
        let response = get(&platform, &format!("/v1/products?{query}"));
        let detail =
            r#"The query parameter category is "nosuch", which is no category. GET /v1/categories lists them."#;
        assert_eq!(
            (response.status(), &body(&response)["detail"]),
            (StatusCode::BAD_REQUEST, &json!(detail)),
            "{query}"
        );
    }
}

#[test]
fn a_category_without_matching_products_is_an_empty_list() {
    let platform = platform_with_products();
    for query in ["category=art&q=lamp", "category=art&in_stock=true", "category=lamps&min_price=1000"] {
        assert_eq!(skus(&get(&platform, &format!("/v1/products?{query}"))), [""; 0], "{query}");
    }
    let easel = body(&get(&platform, "/v1/products?category=art"))["items"][0]["id"].as_str().unwrap().to_owned();
    send(&platform, Method::DELETE, &format!("/v1/products/{easel}"), &[("if-match", "*")], None);
    assert_eq!(skus(&get(&platform, "/v1/products?category=art")), [""; 0], "all its products are archived");
}

#[test]
fn pages_in_every_order_have_no_gaps() {
    let platform = platform_with_products();
    for query in ["sort=newest", "sort=price", "sort=-price", "sort=name", "q=l", "q=l&sort=price", "q=l&sort=name"] {
        let whole = skus(&get(&platform, &format!("/v1/products?{query}")));
        assert_eq!(whole.len(), 5, "{query}");
        let (mut target, mut found) = (format!("/v1/products?{query}&limit=2"), Vec::new());
        loop {
            let response = get(&platform, &target);
            found.extend(skus(&response));
            let Some(cursor) = body(&response)["next_cursor"].as_str().map(str::to_owned) else { break };
            target = format!("/v1/products?{query}&limit=2&cursor={cursor}");
            assert_eq!(response.headers()["link"], format!("<{target}>; rel=\"next\""));
        }
        assert_eq!(found, whole, "{query}");
    }
}

#[test]
fn a_cursor_is_valid_for_its_own_list_only() {
    let platform = platform_with_products();
    let cursor = |query: &str| {
        let page = body(&get(&platform, &format!("/v1/products?{query}&limit=1")));
        page["next_cursor"].as_str().unwrap().to_owned()
    };
    let lamps = cursor("category=lamps");
    let status = |query: &str| get(&platform, &format!("/v1/products?{query}&cursor={lamps}")).status();
    assert_eq!(status("category=lamps&limit=3"), StatusCode::OK);
    for query in
        ["category=art", "limit=1", "category=lamps&sort=price", "category=lamps&q=l", "category=lamps&in_stock=true"]
    {
        assert_eq!(status(query), StatusCode::BAD_REQUEST, "{query}");
    }
}

#[test]
fn paging_skips_and_repeats_nothing_while_others_write() {
    let platform = platform();
    let add = |number: usize| {
        let price = json!({ "amount": number * 37 % 11, "currency": "EUR" });
        let name = format!("Lamp {}", number * 53 % 17);
        create(&platform, with(product_input(&format!("S-{number}")), json!({ "price": price, "name": name })))
    };
    let products: Vec<Value> = (0..30).map(add).collect();
    for (round, query) in
        ["sort=newest", "sort=price", "sort=-price", "sort=name", "q=lamp", "q=lamp&sort=price"].iter().enumerate()
    {
        let (mut target, mut found, mut page) = (format!("/v1/products?{query}&limit=7"), Vec::new(), 0);
        loop {
            let response = get(&platform, &target);
            found.extend(skus(&response));
            let Some(cursor) = body(&response)["next_cursor"].as_str().map(str::to_owned) else { break };
            target = format!("/v1/products?{query}&limit=7&cursor={cursor}");
            // Another client adds a product, changes one and archives the added one.
            page += 1;
            let added = add(1000 * (round + 1) + page);
            let path = |product: &Value| format!("/v1/products/{}", product["id"].as_str().unwrap());
            let change = json!({ "description": format!("Page {page}") });
            send(&platform, Method::PATCH, &path(&products[page * 3]), &[("if-match", "*")], Some(change));
            send(&platform, Method::DELETE, &path(&added), &[("if-match", "*")], None);
        }
        let (mut expected, seen) =
            (products.iter().map(|product| product["sku"].as_str().unwrap()).collect::<Vec<_>>(), found.len());
        found.sort();
        found.dedup();
        assert_eq!(found.len(), seen, "{query} repeats");
        expected.sort_unstable();
        assert_eq!(found, expected, "{query} skips");
    }
}

#[test]
fn a_cursor_of_an_earlier_version_is_valid() {
    let platform = platform_with_products();
    for (query, cursor) in [
        ("sort=price&limit=2", "X98qbTSO4Z1bMzAwLDNd"),
        ("sort=-price&limit=2", "PwU-gakaCdhbMzAwLDVd"),
        ("q=l&limit=2", "XP6I6iZoPpZbNCw1XQ"),
    ] {
        let page = body(&get(&platform, &format!("/v1/products?{query}")));
        assert_eq!(page["next_cursor"], cursor, "{query}");
    }
}
