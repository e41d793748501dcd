//! Search and order by the one folding: spellings of a word, scripts without spaces, and products whose texts an earlier release stored.

use super::{builder, client, create, product_input, search, skus, with};
use crate::SERVICE;
use futures::executor::block_on;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_edge::Service;
use spindle_edge::testing::TestClient;
use spindle_platform::{Platform, Scope};

/// The number of migrations of the release before, which folds no texts.
const MIGRATIONS_BEFORE: usize = 6;

fn add(client: &TestClient, sku: &str, name: &str, description: &str) -> Value {
    create(client, with(product_input(sku), json!({ "name": name, "description": description })))
}

fn patch(client: &TestClient, product: &Value, changes: &Value) {
    let path = format!("/v1/products/{}", product["id"].as_str().unwrap());
    let request = client.patch(&path).as_role(Role::Operator).header("if-match", "*");
    assert_eq!(request.json(changes).send().status(), StatusCode::OK);
}

fn execute(client: &TestClient, statement: &str) {
    block_on(async { client.context().sql().await.unwrap().execute(statement, &[]).await.unwrap() });
}

fn count(client: &TestClient, query: &str) -> i64 {
    let rows: Vec<(i64,)> = client.rows(query);
    rows[0].0
}

fn tick(client: &TestClient) {
    assert_eq!(client.post("/internal/catalog/tick").as_service("gateway").send().status(), StatusCode::OK);
}

/// Returns the catalog as it was before texts were folded, as far as its database is concerned.
fn client_before(platform: &Platform) -> TestClient {
    let scope = Scope { migrations: &SERVICE.scope.migrations[..MIGRATIONS_BEFORE], ..SERVICE.scope };
    TestClient::new(
        Box::leak(Box::new(Service {
            scope,
            routes: SERVICE.routes,
            shared: SERVICE.shared,
            stores: SERVICE.stores,
            calls: spindle_edge::Calls::NONE,
            check: None,
        })),
        platform,
    )
}

/// Inserts a product as the release before did.
fn insert_as_before(client: &TestClient, sku: &str, name: &str) {
    execute(
        client,
        &format!(
            "INSERT INTO products (id, sku, sku_key, name, name_key, description, price_amount, currency, category, attributes, on_hand, \
             reserved, status, version, created_at, updated_at) VALUES ('018bcfe5-6800-7000-9000-{sku:0>12}', '{sku}', '{sku}', '{name}', \
             '{name}', 'Made by hand.', 1, 'EUR', 'lamps', '{{}}', 1, 0, 'active', 1, 0, 0)"
        ),
    );
}

#[test]
fn a_product_is_found_by_every_spelling_of_its_words() {
    let client = client();
    for (sku, name, queries) in [
        (
            "S",
            "Straßenlaterne",
            &["strassenlaterne", "STRASSENLATERNE", "straßenlaterne", "STRAẞENLATERNE", "Straße", "strass"][..],
        ),
        ("L", "Łódź Ærø", &["lodz", "ŁÓDŹ", "aero", "ÆRØ", "Łódź aero", "\"lodz ærø\""]),
        ("T", "DİYARBAKIR Kıyafet", &["diyarbakir", "diyarbakır", "kiyafet", "KIYAFET"]),
        ("F", "ﬁne Ｍｕｇ 2 ㎏", &["fine", "mug", "ＭＵＧ", "kg", "㎏"]),
        ("M", "Lamp™ 5 m²", &["lamp 5 m2", "\"lamp\" m²", "\"Lamp™\" 5"]),
        ("H", "Schreibtisch", &["schreibtisch", "Schreib\u{ad}tisch"]),
        ("R", "Ёлка Йод", &["елка", "ЁЛКА", "йод"]),
        ("G", "Οδός", &["οδοσ", "ΟΔΟΣ"]),
        ("A", "مُدَرِّس", &["مدرس"]),
        ("N", "हिन्दी किताब", &["हिन्दी", "किताब", "किता"]),
        ("V", "Đèn Ngủ", &["den ngu", "đèn"]),
    ] {
        add(&client, sku, name, "");
        for query in queries {
            assert_eq!(search::search(&client, query), [sku], "{query} in {name}");
        }
    }
    // A vowel sign makes another word.
    assert_eq!(search::search(&client, "\"हनद\""), [""; 0]);
}

#[test]
fn a_part_of_a_text_without_spaces_is_found() {
    let client = client();
    for (sku, name, found, not_found) in [
        (
            "C",
            "红色羊毛围巾",
            &["围巾", "羊毛", "红色羊毛围巾", "围", "巾", "红色 围巾", "\"羊毛围\""][..],
            &["毛红", "围红", "围巾红"][..],
        ),
        (
            "P",
            "苹果iPhone手机壳",
            &["iphone", "手机", "iPhone手机", "果iphone", "手机壳", "iPhone手"],
            &["机iphone", "手壳"],
        ),
        ("J", "コーヒーメーカー", &["メーカー", "ｺｰﾋｰ", "コーヒー", "ー"], &["メーコ"]),
        ("K", "たべもの図鑑", &["もの図", "図鑑"], &["だべ"]),
        ("T", "น้ำตาลทรายแดง", &["น้ำตาล", "ทราย", "แดง", "ทรายแดง"], &["นำตาล", "ตาลแดง"]),
        ("L", "ເສື້ອຜ້າ", &["ຜ້າ", "ເສື້ອ"], &["ຜາ"]),
        ("B", "ភាសាខ្មែរ", &["ខ្មែរ", "ភាសា"], &["ខមែរ"]),
        ("M", "မြန်မာဘာသာ", &["ဘာသာ", "မြန်မာ"], &["မနမာ"]),
    ] {
        add(&client, sku, name, "");
        for query in found {
            assert_eq!(search::search(&client, query), [sku], "{query} in {name}");
        }
        for query in not_found {
            assert_eq!(search::search(&client, query), [""; 0], "{query} in {name}");
        }
    }
}

#[test]
fn a_name_ranks_above_a_description_in_a_script_without_spaces() {
    let client = client();
    add(&client, "A", "手套", "配围巾");
    add(&client, "B", "羊毛围巾", "");
    add(&client, "C", "丝绸围巾", "");
    assert_eq!(search::search(&client, "围巾"), ["C", "B", "A"]);
    let first = client.get("/v1/products?q=%E5%9B%B4%E5%B7%BE&limit=1").send().json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = client.get(&format!("/v1/products?q=%E5%9B%B4%E5%B7%BE&limit=2&cursor={cursor}")).send();
    assert_eq!(skus(&second), ["B", "A"]);
}

#[test]
fn names_are_sorted_by_their_folded_form() {
    let client = client();
    for (sku, name) in [("1", "Zange"), ("2", "Øre"), ("3", "Strasse 2"), ("4", "Straße"), ("5", "Ａpfel")] {
        add(&client, sku, name, "");
    }
    assert_eq!(skus(&client.get("/v1/products?sort=name").send()), ["5", "2", "4", "3", "1"]);
}

#[test]
fn an_archived_or_renamed_product_leaves_no_folded_word_in_the_index() {
    let client = client();
    let product = add(&client, "A", "Straße 围巾", "กิน Łódź");
    let plain = add(&client, "B", "Étagère", "");
    for changes in [
        json!({ "name": "STRASSE 围巾" }),
        json!({ "description": "plain" }),
        json!({ "name": "plain", "description": "Łódź" }),
        json!({ "name": "Straße", "category": "other" }),
        json!({ "status": "archived" }),
        json!({ "name": "围巾" }),
        json!({ "status": "active" }),
        json!({ "status": "archived" }),
    ] {
        patch(&client, &product, &changes);
    }
    patch(&client, &plain, &json!({ "name": "Étage" }));
    execute(&client, "CREATE VIRTUAL TABLE words USING fts5vocab(products_fts, row)");
    let words: Vec<(String,)> = client.rows("SELECT term FROM words ORDER BY term");
    assert_eq!(words.iter().map(|(word,)| word.as_str()).collect::<Vec<_>>(), ["b", "etage", "lamps"]);
    assert_eq!(count(&client, "SELECT count(*) FROM products_to_fold"), 0);
}

#[test]
fn stored_products_are_found_as_before_until_the_tick_folds_them() {
    let platform = builder().build();
    let before = client_before(&platform);
    insert_as_before(&before, "1", "Straßenlaterne");
    insert_as_before(&before, "2", "红色羊毛围巾");
    insert_as_before(&before, "3", "Lamp");
    let client = TestClient::new(&SERVICE, &platform);
    let as_before =
        [("Straßenlaterne", "1"), ("straßen", "1"), ("红色羊毛围巾", "2"), ("红色", "2"), ("\"lamp\"", "3")];
    let folded = [("strassenlaterne", "1"), ("围巾", "2")];
    for (query, sku) in as_before {
        assert_eq!(search::search(&client, query), [sku], "{query}");
    }
    for (query, _) in folded {
        assert_eq!(search::search(&client, query), [""; 0], "{query}");
    }
    assert_eq!(count(&client, "SELECT count(*) FROM products_to_fold"), 2, "ASCII needs no folding");
    tick(&client);
    for (query, sku) in as_before.into_iter().chain(folded) {
        assert_eq!(search::search(&client, query), [sku], "{query}");
    }
    assert_eq!(skus(&client.get("/v1/products?sort=name").send()), ["3", "1", "2"]);
    assert_eq!(count(&client, "SELECT count(*) FROM products_to_fold"), 0);
    assert_eq!(count(&client, "SELECT sum(version) FROM products"), 3, "the representation does not change");
}

#[test]
fn a_tick_folds_a_bounded_number_of_products_and_the_next_one_continues() {
    let platform = builder().build();
    let before = client_before(&platform);
    execute(
        &before,
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 450)
         INSERT INTO products (id, sku, sku_key, name, name_key, description, price_amount, currency, category, attributes, on_hand, reserved,
            status, version, created_at, updated_at)
         SELECT n, n, n, 'Straße ' || n, 'straße', '', 1, 'EUR', 'lamps', '{}', 1, 0, 'active', 1, 0, 0 FROM n",
    );
    let client = TestClient::new(&SERVICE, &platform);
    for left in [450, 250, 50, 0, 0] {
        assert_eq!(count(&client, "SELECT count(*) FROM products_to_fold"), left);
        let folded = count(&client, "SELECT count(*) FROM products_fts WHERE products_fts MATCH 'strasse'");
        assert_eq!(folded + left, 450);
        tick(&client);
    }
}

#[test]
fn texts_that_the_release_before_writes_after_the_migration_are_folded_on_the_tick() {
    let client = client();
    let product = add(&client, "A", "Straße", "");
    insert_as_before(&client, "1", "围巾");
    let id = product["id"].as_str().unwrap();
    execute(&client, &format!("UPDATE products SET name = 'Große Łódź', version = version + 1 WHERE id = '{id}'"));
    tick(&client);
    for (query, skus) in [("strasse", &[][..]), ("grosse", &["A"]), ("lodz", &["A"]), ("巾", &["1"])] {
        assert_eq!(search::search(&client, query), skus, "{query}");
    }
    // Stock changes the version as well, and no text.
    execute(&client, &format!("UPDATE products SET on_hand = 7, version = version + 1 WHERE id = '{id}'"));
    assert_eq!(count(&client, "SELECT count(*) FROM products_to_fold"), 0);
}
