//! The number of SQL statements of each operation: an accidental increase fails here.

use super::{client, create, import, product_input};
use serde_json::{Value, json};
use spindle_contracts::Role;

#[test]
fn reads_need_few_statements() {
    let client = client();
    let product = create(&client, product_input("A"));
    (0..3).for_each(|number| drop(create(&client, product_input(&format!("B-{number}")))));
    let path = format!("/v1/products/{}", product["id"].as_str().unwrap());
    // One of the statements compares the schema version.
    for (target, expected) in [
        (path.as_str(), 2),
        ("/v1/categories", 2),
        ("/v1/products", 2),
        ("/v1/products?category=lamps&in_stock=true&sort=price&min_price=1&currency=EUR", 2),
        // An empty list of a category: the last statement checks that the category exists.
        ("/v1/products?category=lamps&currency=USD", 3),
        ("/v1/products?min_price=1&currency=EUR", 3),
        ("/v1/products?sku=A", 2),
        // The first tier after the SKU fills the page.
        ("/v1/products?q=lamp&limit=2", 3),
        // The page needs all five tiers.
        ("/v1/products?q=lam", 6),
        ("/v1/products?q=lamp&sort=newest", 2),
        ("/v1/products?q=lamp&sort=price&currency=EUR", 3),
    ] {
        let before = client.platform().statements("catalog").len();
        client.get(target).send();
        assert_eq!(client.platform().statements("catalog").len() - before, expected, "{target}");
    }
}

#[test]
fn a_write_and_a_batch_of_an_import_need_eight_statements_each() {
    let client = client();
    let product = create(&client, product_input("A"));
    let path = format!("/v1/products/{}", product["id"].as_str().unwrap());
    let before = client.platform().statements("catalog").len();
    client.patch(&path).as_role(Role::Operator).header("if-match", "*").json(&json!({ "name": "Other" })).send();
    assert_eq!(client.platform().statements("catalog").len() - before, 8);
    let before = client.platform().statements("catalog").len();
    let lines: Vec<Value> = (0..400).map(|number| product_input(&format!("S-{number}"))).collect();
    import::import(&client, import::lines(&lines));
    assert_eq!(client.platform().statements("catalog").len() - before, 8);
}
