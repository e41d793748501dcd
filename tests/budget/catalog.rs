//! The budgets of the catalog.

use std::cell::Cell;

use serde_json::json;
use spindle_tests::products::{create_product, unique_word};

use crate::fixture::Fixture;
use crate::table::check;

#[test]
fn reads_of_the_catalog() {
    measure(&Fixture::new());
}

/// Checks the budgets on this instance.
pub(crate) fn measure(fixture: &Fixture) {
    let (client, admin) = (fixture.client(), fixture.instance.admin().client);
    let (word, category) = (unique_word("lamp"), unique_word("lamps"));
    let changes = json!({"name": word, "category": category});
    let [.., product] = [(); 3].map(|()| create_product(&admin, &changes));
    fixture.settle();
    let get = |path: &str| {
        let page = client.get(path).expect_status(200).json();
        assert!(page["id"] == product.id.as_str() || page["items"].as_array().is_some_and(|items| items.len() == 3));
    };
    // Another number is another list, which is not cached.
    let limit = Cell::new(20);
    let next = |query: String| {
        limit.set(limit.get() + 1);
        get(&format!("/v1/products?{query}&limit={}", limit.get()));
    };
    let read = fixture.work(|| get(&product.path));
    let cached = fixture.work(|| get(&format!("/v1/products?category={category}")));
    let list = fixture.work(|| next(format!("category={category}")));
    let search = fixture.work(|| next(format!("q={word}")));
    check(&[
        ("read of one product", &read),
        ("list of products, cached", &cached),
        ("list of products", &list),
        ("search of products", &search),
    ]);
}
