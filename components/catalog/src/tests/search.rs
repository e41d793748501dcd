//! Search: the matches and their order.

use super::{create, get, platform, product_input, send, skus, with};
use http::{Method, StatusCode};
use serde_json::json;
use spindle_platform::Platform;

fn add(platform: &Platform, sku: &str, name: &str, description: &str) {
    create(platform, with(product_input(sku), json!({ "name": name, "description": description, "category": "home" })));
}

fn search(platform: &Platform, query: &str) -> Vec<String> {
    let encoded: String = query.bytes().map(|byte| format!("%{byte:02x}")).collect();
    skus(&get(platform, &format!("/v1/products?q={encoded}")))
}

#[test]
fn better_matches_come_first() {
    let platform = platform();
    add(&platform, "A-1", "Pencil", "For drawing");
    add(&platform, "A-2", "Case", "Holds a penny or a pen");
    add(&platform, "A-3", "Pen", "Blue");
    add(&platform, "A-4", "Fountain pen", "Black");
    add(&platform, "A-5", "Notebook", "For your pencils");
    add(&platform, "pen", "Something else", "A product whose SKU is the word");
    assert_eq!(search(&platform, "pen"), ["pen", "A-4", "A-3", "A-2", "A-1", "A-5"]);
    assert_eq!(search(&platform, "\"pen\""), ["pen", "A-4", "A-3", "A-2"]);
    assert_eq!(search(&platform, "pen fountain"), ["A-4"]);
    assert_eq!(search(&platform, "\"pen fountain\""), [""; 0]);
}

#[test]
fn name_description_sku_and_category_are_searched() {
    let platform = platform();
    add(&platform, "XY-17/b", "Desk", "Of oak");
    for query in ["desk", "oak", "xy-17/B", "XY 17", "home", "desk oak xy home", "DESK", "des"] {
        assert_eq!(search(&platform, query), ["XY-17/b"], "{query}");
    }
    for query in ["garden", "desk garden", "esk"] {
        assert_eq!(search(&platform, query), [""; 0], "{query}");
    }
}

#[test]
fn accents_are_ignored_in_the_query_and_in_the_product() {
    let platform = platform();
    add(&platform, "A", "Étagère élégante", "");
    add(&platform, "B", "Etagere", "");
    assert_eq!(search(&platform, "etagere"), ["B", "A"]);
    assert_eq!(search(&platform, "ÉTAGÈRE"), ["B", "A"]);
    assert_eq!(search(&platform, "e\u{301}lég"), ["A"]);
}

#[test]
fn every_text_is_searched_as_words_and_never_fails() {
    let platform = platform();
    add(&platform, "A", "AND gate", "NOT NEAR(the moon)");
    assert_eq!(search(&platform, "AND"), ["A"]);
    assert_eq!(search(&platform, "not near"), ["A"]);
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
        search(&platform, query);
    }
    assert_eq!(search(&platform, "!?"), [""; 0]);
    assert_eq!(search(&platform, "  "), ["A"], "a blank text does not search");
}

#[test]
fn an_archived_product_is_not_found_and_a_renamed_one_by_its_new_name() {
    let platform = platform();
    add(&platform, "A", "Old lamp", "");
    add(&platform, "B", "Old desk", "");
    for (sku, change) in [("A", json!({ "name": "New lamp" })), ("B", json!({ "status": "archived" }))] {
        let id = super::body(&get(&platform, &format!("/v1/products?q={sku}")))["items"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let response =
            send(&platform, Method::PATCH, &format!("/v1/products/{id}"), &[("if-match", "*")], Some(change));
        assert_eq!(response.status(), StatusCode::OK);
    }
    assert_eq!(search(&platform, "old"), [""; 0]);
    assert_eq!(search(&platform, "new"), ["A"]);
    assert_eq!(search(&platform, "lamp"), ["A"]);
}
