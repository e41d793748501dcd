//! What a search finds, in which order, and that nothing that can be typed is a failure.

use serde_json::json;
use spindle_tests::accounts::operator;
use spindle_tests::products::{create_product, encode, skus, unique_word};
use spindle_tests::{Response, target};

fn search(query: &str) -> Response {
    target().client().get(&format!("/v1/products?q={}", encode(query)))
}

/// Creates a product and returns its SKU.
fn add(name: &str, description: &str) -> String {
    let sku = unique_word("sku");
    create_product(&operator().client, &json!({"sku": sku, "name": name, "description": description}));
    sku
}

#[test]
fn the_better_a_product_fits_the_earlier_it_comes() {
    let word = unique_word("pen");
    let begun_elsewhere = add("Notebook", &format!("For your {word}cils"));
    let in_name = add(&format!("Fountain {word}"), "Black");
    let begun_in_name = add(&format!("{word}cil"), "For drawing");
    let newer_in_name = add(&format!("{word} that is newer"), "Blue");
    let elsewhere = add("Case", &format!("Holds a penny or a {word}"));
    create_product(&operator().client, &json!({"sku": word.to_uppercase(), "name": "Something else"}));
    let by_sku = word.to_uppercase();
    let all = [&by_sku, &newer_in_name, &in_name, &elsewhere, &begun_in_name, &begun_elsewhere];
    assert_eq!(skus(&search(&word)).iter().collect::<Vec<_>>(), all);
    // In quotes it is that word and no other.
    assert_eq!(skus(&search(&format!("\"{word}\""))).iter().collect::<Vec<_>>(), all[..4]);
    // All words have to be there, in any order, the last one perhaps begun.
    assert_eq!(skus(&search(&format!("{word} fount"))), [in_name.as_str()]);
    assert!(skus(&search(&format!("fount {word}"))).is_empty(), "only the last word may be begun");
}

#[test]
fn words_in_quotes_stand_side_by_side() {
    let word = unique_word("brass");
    let sku = add(&format!("{word} desk lamp"), "");
    for (query, is_found) in [
        (format!("\"{word} desk\""), true),
        (format!("\"{word} desk\" lamp"), true),
        (format!("lamp \"{word}\""), true),
        (format!("\"desk {word}\""), false),
        (format!("\"{word} lamp\""), false),
        (format!("\"{word} des\""), false),
    ] {
        assert_eq!(skus(&search(&query)), if is_found { vec![sku.clone()] } else { vec![] }, "{query}");
    }
}

#[test]
fn accents_and_case_do_not_matter_on_either_side() {
    let word = unique_word("x");
    let accented = add(&format!("Étagère{word} élégante"), "");
    let plain = add(&format!("Etagere{word}"), "");
    for query in ["etagere", "ÉTAGÈRE", "e\u{301}tage\u{300}re", "Étagere"] {
        assert_eq!(skus(&search(&format!("{query}{word}"))), [plain.as_str(), &accented], "{query}");
    }
    assert_eq!(skus(&search(&format!("etagere{word} elegan"))), [accented]);
}

#[test]
fn name_description_sku_and_category_are_searched() {
    let [name, description, sku, category] = ["n", "d", "s", "c"].map(unique_word);
    let sku = format!("{sku}/b-1");
    let product = json!({"sku": sku, "name": name, "description": description, "category": category});
    let product = create_product(&operator().client, &product);
    let all = format!("{category} {name} {description}");
    for query in [&name, &description, &sku, &sku.to_uppercase(), &category, &all, &all.to_uppercase()] {
        assert_eq!(skus(&search(query)), [sku.as_str()], "{query}");
    }
    // What it was called is not found any more.
    let (client, new) = (&operator().client, unique_word("new"));
    client.patch(&product.path, "*", &json!({"name": new})).expect_status(200);
    assert_eq!((skus(&search(&new)), skus(&search(&name))), (vec![sku], vec![]));
}

#[test]
fn whatever_is_typed_is_words_and_never_a_failure() {
    let word = unique_word("gate");
    let sku = add(&format!("AND OR {word}"), "NOT NEAR(the moon) * ^ col:umn");
    for query in [
        format!("AND {word}"),
        format!("{word} OR"),
        format!("NOT {word}"),
        format!("NEAR (moon {word})"),
        format!("({word})"),
        format!("{word})(*^-+:~"),
        format!("\"{word}"),
        format!("'{word}'"),
        format!("{{name}} : {word}").replace("{name}", "{moon}"),
        format!("\u{1f4a1} {word} \u{1f469}\u{200d}\u{1f680}"),
    ] {
        assert_eq!(skus(&search(&query)), [sku.as_str()], "{query}");
    }
    for query in
        ["\"", "\"\"", "*", "()", "'; DROP TABLE products; --", "\u{1f4a1}", "^", "a:b", "-", "NOT", "\u{0}", "%", "\\"]
    {
        search(query).expect_status(200);
        for sort in ["price", "-price", "name", "newest"] {
            let path = format!("/v1/products?q={}&sort={sort}", encode(query));
            target().client().get(&path).expect_status(200);
        }
    }
}

#[test]
fn nothing_but_blanks_asks_for_nothing() {
    let category = unique_word("blank");
    let product = create_product(&operator().client, &json!({"category": category}));
    let blank = target().client().get(&format!("/v1/products?category={category}&q=%20%20"));
    assert_eq!(blank.expect_status(200).json()["items"], json!([product.body]));
}

#[test]
fn a_query_of_ten_thousand_characters_is_never_a_failure() {
    for piece in ["x", "x ", "\"", "(", "AND ", "\u{1f4a1}", "\"a\" "] {
        let query = piece.repeat(10_000 / piece.len());
        let response = search(&query);
        // A server may have no room for so long a line; what it takes finds something or nothing.
        assert!(matches!(response.status, 200 | 414 | 431), "{piece:?}: {} {}", response.status, response.text());
    }
    let response = target().client().get("/v1/products?q=%ff%fe");
    assert!(matches!(response.status, 200 | 400), "{}", response.text());
}
