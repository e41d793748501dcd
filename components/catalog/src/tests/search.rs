//! Search: the matches and their order.

use super::{client, create, product_input, skus, with};
use http::StatusCode;
use serde_json::json;
use spindle_contracts::Role;
use spindle_edge::testing::TestClient;

fn add(client: &TestClient, sku: &str, name: &str, description: &str) {
    create(client, with(product_input(sku), json!({ "name": name, "description": description, "category": "home" })));
}

pub(super) fn search(client: &TestClient, query: &str) -> Vec<String> {
    let encoded: String = query.bytes().map(|byte| format!("%{byte:02x}")).collect();
    skus(&client.get(&format!("/v1/products?q={encoded}")).send())
}

#[test]
fn better_matches_come_first() {
    let client = client();
    add(&client, "A-1", "Pencil", "For drawing");
    add(&client, "A-2", "Case", "Holds a penny or a pen");
    add(&client, "A-3", "Pen", "Blue");
    add(&client, "A-4", "Fountain pen", "Black");
    add(&client, "A-5", "Notebook", "For your pencils");
    add(&client, "pen", "Something else", "A product whose SKU is the word");
    assert_eq!(search(&client, "pen"), ["pen", "A-4", "A-3", "A-2", "A-1", "A-5"]);
    assert_eq!(search(&client, "\"pen\""), ["pen", "A-4", "A-3", "A-2"]);
    assert_eq!(search(&client, "pen fountain"), ["A-4"]);
    assert_eq!(search(&client, "\"pen fountain\""), [""; 0]);
}

#[test]
fn name_description_sku_and_category_are_searched() {
    let client = client();
    add(&client, "XY-17/b", "Desk", "Of oak");
    for query in ["desk", "oak", "xy-17/B", "XY 17", "home", "desk oak xy home", "DESK", "des"] {
        assert_eq!(search(&client, query), ["XY-17/b"], "{query}");
    }
    for query in ["garden", "desk garden", "esk"] {
        assert_eq!(search(&client, query), [""; 0], "{query}");
    }
}

#[test]
fn accents_are_ignored_in_the_query_and_in_the_product() {
    let client = client();
    add(&client, "A", "Étagère élégante", "");
    add(&client, "B", "Etagere", "");
    assert_eq!(search(&client, "etagere"), ["B", "A"]);
    assert_eq!(search(&client, "ÉTAGÈRE"), ["B", "A"]);
    assert_eq!(search(&client, "e\u{301}lég"), ["A"]);
}

#[test]
fn every_text_is_searched_as_words_and_never_fails() {
    let client = client();
    add(&client, "A", "AND gate", "NOT NEAR(the moon)");
    assert_eq!(search(&client, "AND"), ["A"]);
    assert_eq!(search(&client, "not near"), ["A"]);
    let long = "x".repeat(10_000);
    for query in [
        "\"",
        "'",
        "(",
        "a AND",
        "* OR *",
        "name:and",
        "{name}:gate",
        "^gate",
        "-gate +",
        "🎉",
        "!?",
        "\0",
        "\u{24b6}",
        &long,
    ] {
        search(&client, query);
    }
    assert_eq!(search(&client, "!?"), [""; 0]);
    assert_eq!(search(&client, "  "), ["A"], "a blank text does not search");
}

#[test]
fn an_archived_product_is_not_found_and_a_renamed_one_by_its_new_name() {
    let client = client();
    add(&client, "A", "Old lamp", "");
    add(&client, "B", "Old desk", "");
    for (sku, change) in [("A", json!({ "name": "New lamp" })), ("B", json!({ "status": "archived" }))] {
        let id =
            client.get(&format!("/v1/products?q={sku}")).send().json()["items"][0]["id"].as_str().unwrap().to_owned();
        let response = client
            .patch(&format!("/v1/products/{id}"))
            .as_role(Role::Operator)
            .header("if-match", "*")
            .json(&change)
            .send();
        assert_eq!(response.status(), StatusCode::OK);
    }
    assert_eq!(search(&client, "old"), [""; 0]);
    assert_eq!(search(&client, "new"), ["A"]);
    assert_eq!(search(&client, "lamp"), ["A"]);
}
