//! The search: its matches and their order; and no text makes it fail.

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
fn better_matches_come_first() {
    let word = unique_word("pen");
    let prefix_elsewhere = add("Notebook", &format!("For your {word}cils"));
    let in_name = add(&format!("Fountain {word}"), "Black");
    let prefix_in_name = add(&format!("{word}cil"), "For drawing");
    let newer_in_name = add(&format!("{word} that is newer"), "Blue");
    let elsewhere = add("Case", &format!("Holds a penny or a {word}"));
    create_product(&operator().client, &json!({"sku": word.to_uppercase(), "name": "Something else"}));
    let by_sku = word.to_uppercase();
    let all = [&by_sku, &newer_in_name, &in_name, &elsewhere, &prefix_in_name, &prefix_elsewhere];
    assert_eq!(skus(&search(&word)).iter().collect::<Vec<_>>(), all);
    // A word in quotes is not a prefix.
    assert_eq!(skus(&search(&format!("\"{word}\""))).iter().collect::<Vec<_>>(), all[..4]);
    // All words must match, in any order; the last one may be a prefix.
    assert_eq!(skus(&search(&format!("{word} fount"))), [in_name.as_str()]);
    assert!(skus(&search(&format!("fount {word}"))).is_empty(), "only the last word may be a prefix");
}

#[test]
fn words_in_quotes_are_a_phrase() {
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
fn accents_and_case_are_ignored_in_the_query_and_in_the_product() {
    let word = unique_word("x");
    let accented = add(&format!("Étagère{word} élégante"), "");
    let plain = add(&format!("Etagere{word}"), "");
    for query in ["etagere", "ÉTAGÈRE", "e\u{301}tage\u{300}re", "Étagere"] {
        assert_eq!(skus(&search(&format!("{query}{word}"))), [plain.as_str(), &accented], "{query}");
    }
    assert_eq!(skus(&search(&format!("etagere{word} elegan"))), [accented]);
}

#[test]
fn every_spelling_of_a_word_and_every_part_of_a_text_without_spaces_is_found() {
    let word = unique_word("x");
    for (name, queries) in [
        ("Straßenlaterne", &["strassenlaterne", "STRAẞENLATERNE", "Straßen"][..]),
        ("Łódź", &["lodz", "ŁÓDŹ"]),
        ("红色羊毛围巾", &["围巾", "羊毛", "巾"]),
        ("น้ำตาลทราย", &["ทราย", "น้ำตาล"]),
    ] {
        let sku = add(&format!("{name} {word}"), "");
        for query in queries {
            assert_eq!(skus(&search(&format!("\"{word}\" {query}"))), [sku.as_str()], "{query} in {name}");
        }
    }
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
    // The old name no longer matches.
    let (client, new) = (&operator().client, unique_word("new"));
    client.patch(&product.path, "*", &json!({"name": new})).expect_status(200);
    assert_eq!((skus(&search(&new)), skus(&search(&name))), (vec![sku], vec![]));
}

#[test]
fn every_text_is_searched_as_words_and_never_fails() {
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
            let path = format!("/v1/products?q={}&sort={sort}&currency=EUR", encode(query));
            target().client().get(&path).expect_status(200);
        }
    }
}

#[test]
fn a_blank_text_does_not_search() {
    let category = unique_word("blank");
    let product = create_product(&operator().client, &json!({"category": category}));
    let blank = target().client().get(&format!("/v1/products?category={category}&q=%20%20"));
    assert_eq!(blank.expect_status(200).json()["items"], json!([product.body]));
}

#[test]
fn a_text_of_ten_thousand_characters_never_fails() {
    for text in ["x", "x ", "\"", "(", "AND ", "\u{1f4a1}", "\"a\" "] {
        let query = text.repeat(10_000 / text.len());
        let response = search(&query);
        // A server may refuse a request line of this length; if it accepts it, the search succeeds.
        assert!(matches!(response.status, 200 | 414 | 431), "{text:?}: {} {}", response.status, response.text());
    }
    let response = target().client().get("/v1/products?q=%ff%fe");
    assert!(matches!(response.status, 200 | 400), "{}", response.text());
}
