//! What an operation costs in statements: a figure that grows by accident fails here.

use super::{create, draft, get, imports, platform, send};
use http::Method;
use serde_json::{Value, json};

#[test]
fn reads_take_few_statements() {
    let platform = platform();
    let product = create(&platform, draft("A"));
    (0..3).for_each(|number| drop(create(&platform, draft(&format!("B-{number}")))));
    let path = format!("/v1/products/{}", product["id"].as_str().unwrap());
    // One of them compares the schema.
    for (target, expected) in [
        (path.as_str(), 2),
        ("/v1/categories", 2),
        ("/v1/products", 2),
        ("/v1/products?category=lamps&in_stock=true&sort=price&min_price=1", 2),
        ("/v1/products?min_price=1", 3),
        // A page that the first tier after the SKU fills.
        ("/v1/products?q=lamp&limit=2", 3),
        // One that takes all five tiers.
        ("/v1/products?q=lam", 6),
        ("/v1/products?q=lamp&sort=newest", 2),
        ("/v1/products?q=lamp&sort=price", 3),
    ] {
        let before = platform.statements("catalog").len();
        get(&platform, target);
        assert_eq!(platform.statements("catalog").len() - before, expected, "{target}");
    }
}

#[test]
fn a_write_takes_eight_statements_and_an_import_no_more_per_batch() {
    let platform = platform();
    let product = create(&platform, draft("A"));
    let path = format!("/v1/products/{}", product["id"].as_str().unwrap());
    let before = platform.statements("catalog").len();
    send(&platform, Method::PATCH, &path, &[("if-match", "*")], Some(json!({ "name": "Other" })));
    assert_eq!(platform.statements("catalog").len() - before, 8);
    let before = platform.statements("catalog").len();
    let lines: Vec<Value> = (0..400).map(|number| draft(&format!("S-{number}"))).collect();
    imports::import(&platform, imports::lines(&lines));
    assert_eq!(platform.statements("catalog").len() - before, 8);
}
