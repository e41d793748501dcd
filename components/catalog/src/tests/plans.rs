//! The query plans of all reads, as SQLite explains them: a statement that becomes slower with the size of the catalog fails here before it shows
//! in a benchmark.

use super::{client, create, product_input, with};
use futures::executor::block_on;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::Role;
use spindle_edge::testing::TestClient;
use spindle_platform::sql::Value;

/// Returns the steps of SQLite's plan for `statement`.
fn plan(client: &TestClient, statement: &str) -> Vec<String> {
    let parameters = (1..=10).rev().find(|number| statement.contains(&format!("?{number}"))).unwrap_or(0);
    block_on(async {
        let db = client.context().sql().await.unwrap();
        let explain = format!("EXPLAIN QUERY PLAN {statement}");
        let steps: Vec<(i64, i64, i64, String)> = db.query_all(&explain, &vec![Value::Null; parameters]).await.unwrap();
        steps.into_iter().map(|(_, _, _, step)| step).collect()
    })
}

/// Returns a client of a catalog with one product, which passes all filters of these tests.
fn client_with_product() -> TestClient {
    let client = client();
    let fields = json!({ "category": "a", "price": { "amount": 5, "currency": "EUR" } });
    create(&client, with(product_input("A"), fields));
    client
}

/// Returns the plans of the statements on products for `target`.
fn plans(client: &TestClient, target: &str) -> Vec<Vec<String>> {
    let before = client.platform().statements("catalog").len();
    assert_eq!(client.get(target).as_role(Role::Operator).send().status(), StatusCode::OK, "{target}");
    let statements = client.platform().statements("catalog").split_off(before);
    let statements: Vec<&String> =
        statements.iter().filter(|statement| !statement.contains("schema_migrations")).collect();
    statements.into_iter().map(|statement| plan(client, statement)).collect()
}

#[test]
fn a_list_walks_the_index_of_its_order_and_sorts_nothing() {
    let client = client_with_product();
    for (query, expected) in [
        ("", "SEARCH p USING INTEGER PRIMARY KEY (rowid<?)"),
        ("?sort=price&currency=EUR", "SEARCH p USING INDEX products_by_price (price_amount>? AND price_amount<?)"),
        ("?sort=-price&currency=EUR", "SEARCH p USING INDEX products_by_price (price_amount>? AND price_amount<?)"),
        ("?sort=name", "SEARCH p USING INDEX products_by_name (name_key>?)"),
        ("?category=a", "SEARCH p USING INDEX products_by_category (category=? AND rowid<?)"),
        (
            "?category=a&sort=price&min_price=5&currency=EUR",
            "SEARCH p USING INDEX products_by_category_and_price (category=? AND price_amount>? AND price_amount<?)",
        ),
        (
            "?category=a&sort=-price&currency=EUR",
            "SEARCH p USING INDEX products_by_category_and_price (category=? AND price_amount>? AND price_amount<?)",
        ),
        ("?category=a&sort=name", "SEARCH p USING INDEX products_by_category_and_name (category=? AND name_key>?)"),
    ] {
        assert_eq!(plans(&client, &format!("/v1/products{query}")), [[expected]], "{query}");
    }
}

#[test]
fn a_narrow_price_range_is_read_whole_and_sorted() {
    let range = "SEARCH p USING INDEX products_by_price (price_amount>? AND price_amount<?)";
    let count = "SEARCH p USING COVERING INDEX products_by_price (price_amount>? AND price_amount<?)";
    for query in [
        "?min_price=5&currency=EUR",
        "?max_price=5&sort=name&currency=EUR",
        "?min_price=1&max_price=5&category=a&currency=EUR",
    ] {
        let [counted, sorted] = plans(&client_with_product(), &format!("/v1/products{query}")).try_into().unwrap();
        assert_eq!(counted[1], count, "{query}");
        assert_eq!(sorted, [range, "USE TEMP B-TREE FOR ORDER BY"], "{query}");
    }
}

#[test]
fn a_search_reads_the_text_index_in_its_own_order() {
    let client = client_with_product();
    for (target, sku) in [("/v1/products?q=lamp", true), ("/v1/products?q=lamp&sort=newest", false)] {
        let plans = plans(&client, target);
        let (by_sku, by_text) = plans.split_at(usize::from(sku));
        assert_eq!(by_sku.len(), usize::from(sku), "{target}");
        for plan in by_text {
            assert!(plan[0].starts_with("SCAN f VIRTUAL TABLE INDEX"), "{plan:?}");
            assert_eq!(plan[1..], ["SEARCH p USING INTEGER PRIMARY KEY (rowid=?)"], "{target}");
        }
    }
}

#[test]
fn few_matches_are_sorted_and_many_are_found_by_walking_the_order() {
    let client = client_with_product();
    let begins = |plan: &[String], expected: &[&str]| {
        assert!(plan.iter().zip(expected).all(|(step, expected)| step.starts_with(expected)), "{plan:?}");
        assert_eq!(plan.len(), expected.len(), "{plan:?}");
    };
    let orders = [
        ("price", "products_by_price (price_amount>? AND price_amount<?)"),
        ("-price", "products_by_price (price_amount>? AND price_amount<?)"),
        ("name", "products_by_name (name_key>?)"),
    ];
    let few = ["SCAN f VIRTUAL TABLE", "SEARCH p USING INTEGER PRIMARY KEY (rowid=?)", "USE TEMP B-TREE FOR ORDER BY"];
    for (sort, _) in orders {
        let [_, sorted] = plans(&client, &format!("/v1/products?q=lamp&currency=EUR&sort={sort}")).try_into().unwrap();
        begins(&sorted, &few);
    }
    for number in 0..6 {
        create(&client, product_input(&format!("S-{number}")));
    }
    for (sort, order) in orders {
        let [_, walked] = plans(&client, &format!("/v1/products?q=lamp&currency=EUR&sort={sort}")).try_into().unwrap();
        let order = format!("SEARCH p USING INDEX {order}");
        begins(&walked, &[&order, "LIST SUBQUERY", "SCAN products_fts VIRTUAL TABLE", "CREATE BLOOM FILTER"]);
    }
}

#[test]
fn archived_products_are_listed_by_an_index_of_their_own() {
    let client = client_with_product();
    let product = client.get("/v1/products").send().json()["items"][0]["id"].as_str().unwrap().to_owned();
    client.delete(&format!("/v1/products/{product}")).as_role(Role::Operator).header("if-match", "*").send();
    for (query, expected) in [
        ("", "SEARCH p USING INDEX products_archived (status=? AND rowid<?)"),
        ("&category=a", "SEARCH p USING INDEX products_archived_by_category (category=? AND rowid<?)"),
        ("&currency=EUR&min_price=1", "SEARCH p USING INDEX products_archived (status=? AND rowid<?)"),
        ("&sku=A", "SEARCH p USING INDEX sqlite_autoindex_products_2 (sku_key=?)"),
    ] {
        assert_eq!(plans(&client, &format!("/v1/products?status=archived{query}")), [[expected]], "{query}");
    }
}

#[test]
fn a_product_is_found_by_its_sku_in_an_index() {
    let expected = "SEARCH p USING INDEX sqlite_autoindex_products_2 (sku_key=?)";
    for query in ["sku=a", "sku=A&category=a&currency=EUR&min_price=1&sort=price"] {
        assert_eq!(plans(&client_with_product(), &format!("/v1/products?{query}")), [[expected]], "{query}");
    }
}

#[test]
fn a_product_is_found_by_its_id_in_an_index() {
    let client = client();
    let product = create(&client, product_input("A"));
    let target = format!("/v1/products/{}", product["id"].as_str().unwrap());
    assert_eq!(plans(&client, &target), [["SEARCH p USING INDEX sqlite_autoindex_products_1 (id=?)"]]);
}
