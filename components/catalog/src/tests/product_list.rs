//! The list of products: filters, orders and pages.

use super::{client, create, product_input, skus, with};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_edge::testing::TestClient;

/// Returns a client of a catalog with a product for each row: SKU, name, price, currency, category, stock.
fn client_with_products() -> TestClient {
    let client = client();
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
            &client,
            with(product_input(sku), json!({ "name": name, "price": price, "category": category, "stock": stock })),
        );
    }
    client
}

#[test]
fn every_order_is_total() {
    let client = client_with_products();
    for (query, expected) in [
        ("", "EDCBA"),
        ("?sort=newest", "EDCBA"),
        ("?sort=relevance", "EDCBA"),
        ("?sort=price", "BCDEA"),
        ("?sort=-price", "AEDCB"),
        ("?sort=name", "BCDEA"),
    ] {
        assert_eq!(skus(&client.get(&format!("/v1/products{query}")).send()).concat(), expected, "{query}");
    }
}

#[test]
fn filters_combine_with_each_other_and_with_a_text() {
    let client = client_with_products();
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
        assert_eq!(skus(&client.get(&format!("/v1/products?{query}")).send()).concat(), expected, "{query}");
    }
}

#[test]
fn an_invalid_parameter_is_refused_with_its_name_and_the_allowed_values() {
    let client = client();
    let amount = "must be a whole number of minor units, such as 1299 for 12.99.";
    for (query, detail) in [
        ("min_price=x", format!("The query parameter min_price {amount}")),
        ("min_price=", format!("The query parameter min_price {amount}")),
        ("max_price=1.5", format!("The query parameter max_price {amount}")),
        ("currency=eur", "The query parameter currency must be a currency code of ISO 4217 such as EUR.".to_owned()),
        ("in_stock=yes", "The query parameter in_stock must be true or false.".to_owned()),
        ("sort=", "The query parameter sort is empty. Give it a value, or leave it out.".to_owned()),
        ("q=", "The query parameter q is empty. Give it a value, or leave it out.".to_owned()),
        ("category=", "The query parameter category is empty. Give it a value, or leave it out.".to_owned()),
        ("sort=size", "The query parameter sort must be relevance, newest, price, -price or name.".to_owned()),
    ] {
        let response = client.get(&format!("/v1/products?{query}")).send();
        assert_eq!(
            (response.status(), &response.json()["detail"]),
            (StatusCode::BAD_REQUEST, &json!(detail)),
            "{query}"
        );
    }
    for query in [
        "colour=red",
        "limit=0",
        "limit=101",
        "limit=",
        "cursor=x",
        "cursor=",
        "category=a&category=b",
        "max_price=",
        "currency=",
        "in_stock=",
    ] {
        let response = client.get(&format!("/v1/products?{query}")).send();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}

#[test]
fn an_unknown_category_is_refused_with_a_reference_to_the_list_of_categories() {
    let client = client_with_products();
    for query in ["category=nosuch", "category=nosuch&q=lamp", "category=nosuch&sort=price&in_stock=true"] {
        let response = client.get(&format!("/v1/products?{query}")).send();
        let detail =
            r#"The query parameter category is "nosuch", which is no category. GET /v1/categories lists them."#;
        assert_eq!(
            (response.status(), &response.json()["detail"]),
            (StatusCode::BAD_REQUEST, &json!(detail)),
            "{query}"
        );
    }
}

#[test]
fn a_category_without_matching_products_is_an_empty_list() {
    let client = client_with_products();
    for query in ["category=art&q=lamp", "category=art&in_stock=true", "category=lamps&min_price=1000"] {
        assert_eq!(skus(&client.get(&format!("/v1/products?{query}")).send()), [""; 0], "{query}");
    }
    let easel = client.get("/v1/products?category=art").send().json()["items"][0]["id"].as_str().unwrap().to_owned();
    client.delete(&format!("/v1/products/{easel}")).as_role(Role::Operator).header("if-match", "*").send();
    assert_eq!(skus(&client.get("/v1/products?category=art").send()), [""; 0], "all its products are archived");
}

#[test]
fn pages_in_every_order_have_no_gaps() {
    let client = client_with_products();
    for query in ["sort=newest", "sort=price", "sort=-price", "sort=name", "q=l", "q=l&sort=price", "q=l&sort=name"] {
        let whole = skus(&client.get(&format!("/v1/products?{query}")).send());
        assert_eq!(whole.len(), 5, "{query}");
        let (mut target, mut found) = (format!("/v1/products?{query}&limit=2"), Vec::new());
        loop {
            let response = client.get(&target).send();
            found.extend(skus(&response));
            let Some(cursor) = response.json()["next_cursor"].as_str().map(str::to_owned) else { break };
            target = format!("/v1/products?{query}&limit=2&cursor={cursor}");
            assert_eq!(response.headers()["link"], format!("<{target}>; rel=\"next\""));
        }
        assert_eq!(found, whole, "{query}");
    }
}

#[test]
fn a_cursor_is_valid_for_its_own_list_only() {
    let client = client_with_products();
    let cursor = |query: &str| {
        let page = client.get(&format!("/v1/products?{query}&limit=1")).send().json();
        page["next_cursor"].as_str().unwrap().to_owned()
    };
    let lamps = cursor("category=lamps");
    let status = |query: &str| client.get(&format!("/v1/products?{query}&cursor={lamps}")).send().status();
    assert_eq!(status("category=lamps&limit=3"), StatusCode::OK);
    for query in
        ["category=art", "limit=1", "category=lamps&sort=price", "category=lamps&q=l", "category=lamps&in_stock=true"]
    {
        assert_eq!(status(query), StatusCode::BAD_REQUEST, "{query}");
    }
}

#[test]
fn paging_skips_and_repeats_nothing_while_others_write() {
    let client = client();
    let add = |number: usize| {
        let price = json!({ "amount": number * 37 % 11, "currency": "EUR" });
        let name = format!("Lamp {}", number * 53 % 17);
        create(&client, with(product_input(&format!("S-{number}")), json!({ "price": price, "name": name })))
    };
    let products: Vec<Value> = (0..30).map(add).collect();
    for (round, query) in
        ["sort=newest", "sort=price", "sort=-price", "sort=name", "q=lamp", "q=lamp&sort=price"].iter().enumerate()
    {
        let (mut target, mut found, mut page) = (format!("/v1/products?{query}&limit=7"), Vec::new(), 0);
        loop {
            let response = client.get(&target).send();
            found.extend(skus(&response));
            let Some(cursor) = response.json()["next_cursor"].as_str().map(str::to_owned) else { break };
            target = format!("/v1/products?{query}&limit=7&cursor={cursor}");
            // Another client adds a product, changes one and archives the added one.
            page += 1;
            let added = add(1000 * (round + 1) + page);
            let path = |product: &Value| format!("/v1/products/{}", product["id"].as_str().unwrap());
            let change = json!({ "description": format!("Page {page}") });
            client
                .patch(&path(&products[page * 3]))
                .as_role(Role::Operator)
                .header("if-match", "*")
                .json(&change)
                .send();
            client.delete(&path(&added)).as_role(Role::Operator).header("if-match", "*").send();
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
    let client = client_with_products();
    for (query, cursor) in [
        ("sort=price&limit=2", "X98qbTSO4Z1bMzAwLDNd"),
        ("sort=-price&limit=2", "PwU-gakaCdhbMzAwLDVd"),
        ("q=l&limit=2", "XP6I6iZoPpZbNCw1XQ"),
    ] {
        let page = client.get(&format!("/v1/products?{query}")).send().json();
        assert_eq!(page["next_cursor"], cursor, "{query}");
    }
}
