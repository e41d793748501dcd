//! The number of SQL statements of each operation: an accidental increase fails here.

use super::reservations::{order, reserve, transition};
use super::{client, create, import, product_input};
use http::StatusCode;
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
fn a_transition_of_a_reservation_needs_five_statements() {
    let client = client();
    let (lamp, desk) = (create(&client, product_input("L")), create(&client, product_input("D")));
    let id = order(1);
    let statements = |act: &dyn Fn() -> StatusCode| {
        let before = client.platform().statements("catalog").len();
        let status = act();
        (status, client.platform().statements("catalog").len() - before)
    };
    // Begin, schema, reservation with lines and stock, events with audit row, commit.
    let made = statements(&|| reserve(&client, &id, &[(&lamp, 2), (&desk, 1)]).status());
    assert_eq!(made, (StatusCode::CREATED, 5));
    for name in ["commit", "ship"] {
        assert_eq!(statements(&|| transition(&client, &id, name).0), (StatusCode::OK, 5), "{name}");
    }
}

#[test]
fn a_write_and_a_batch_of_an_import_need_six_statements_each() {
    let client = client();
    let product = create(&client, product_input("A"));
    let path = format!("/v1/products/{}", product["id"].as_str().unwrap());
    let before = client.platform().statements("catalog").len();
    client.patch(&path).as_role(Role::Operator).header("if-match", "*").json(&json!({ "name": "Other" })).send();
    assert_eq!(client.platform().statements("catalog").len() - before, 6);
    let before = client.platform().statements("catalog").len();
    let lines: Vec<Value> = (0..400).map(|number| product_input(&format!("S-{number}"))).collect();
    import::import(&client, import::lines(&lines));
    assert_eq!(client.platform().statements("catalog").len() - before, 6);
}
