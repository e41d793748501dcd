//! The list of products against a naive model: all products in a vector, filtered, ranked and sorted in the most obvious way.

use super::{client, import, product_input, skus, with};
use http::StatusCode;
use proptest::prelude::*;
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_edge::testing::TestClient;

const WORDS: [&str; 6] = ["red", "redder", "lamp", "lámpara", "desk", "Rêd"];
const CATEGORIES: [&str; 3] = ["lamps", "desks", "red-things"];

#[derive(Clone, Debug)]
struct Product {
    sku: String,
    name: Vec<&'static str>,
    description: Vec<&'static str>,
    amount: i64,
    currency: &'static str,
    category: &'static str,
    on_hand: u32,
}

#[derive(Clone, Debug)]
struct ListQuery {
    words: Vec<&'static str>,
    category: Option<&'static str>,
    min_price: Option<i64>,
    max_price: Option<i64>,
    currency: Option<&'static str>,
    in_stock: Option<bool>,
    sort: Option<&'static str>,
    limit: usize,
}

fn words(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), count)
}

fn product() -> impl Strategy<Value = Product> {
    let texts = (words(1..3), words(0..3));
    let currency = prop::sample::select(&["EUR", "USD"][..]);
    (texts, 0..6_i64, currency, prop::sample::select(&CATEGORIES[..]), 0..2_u32).prop_map(
        |((name, description), amount, currency, category, on_hand)| Product {
            sku: String::new(),
            name,
            description,
            amount,
            currency,
            category,
            on_hand,
        },
    )
}

fn products() -> impl Strategy<Value = Vec<Product>> {
    prop::collection::vec(product(), 0..25).prop_map(|mut products| {
        products.iter_mut().enumerate().for_each(|(index, product)| product.sku = format!("S{index}"));
        products
    })
}

fn list_query() -> impl Strategy<Value = ListQuery> {
    let price = || prop::option::of(0..6_i64);
    let sorts = prop::sample::select(&["relevance", "price", "-price", "name", "newest"][..]);
    let category = prop::option::of(prop::sample::select(&CATEGORIES[..]));
    let currency = prop::option::of(prop::sample::select(&["EUR", "USD"][..]));
    let filters = (category, price(), price(), currency, prop::option::of(any::<bool>()));
    (words(0..3), filters, prop::option::of(sorts), 1..8_usize).prop_map(|(words, filters, sort, limit)| {
        let (category, min_price, max_price, currency, in_stock) = filters;
        // Prices are compared within a currency only.
        let is_by_price = min_price.or(max_price).is_some() || sort.is_some_and(|sort| sort.ends_with("price"));
        let currency = currency.or(is_by_price.then_some("EUR"));
        ListQuery { words, category, min_price, max_price, currency, in_stock, sort, limit }
    })
}

impl Product {
    fn line(&self) -> Value {
        let changes = json!({
            "name": self.name.join(" "),
            "description": self.description.join(" "),
            "price": { "amount": self.amount, "currency": self.currency },
            "category": self.category,
            "stock": { "on_hand": self.on_hand },
        });
        with(product_input(&self.sku), changes)
    }

    /// Returns the tier of the match, of which the lowest is the best; `None` without a match.
    fn tier(&self, words: &[&str]) -> Option<u8> {
        let folded = |words: &[&str]| words.iter().map(|word| fold(word)).collect::<Vec<_>>();
        let name = folded(&self.name);
        let category = self.category.split('-').map(fold);
        let text: Vec<String> = name.iter().cloned().chain(folded(&self.description)).chain(category).collect();
        let (last, others) = folded(words).split_last().map(|(last, others)| (last.clone(), others.to_vec()))?;
        let whole = |text: &[String]| others.iter().chain([&last]).all(|word| text.contains(word));
        let with_prefix = |text: &[String]| {
            others.iter().all(|word| text.contains(word)) && text.iter().any(|word| word.starts_with(&last))
        };
        let tiers = [whole(&name), whole(&text), with_prefix(&name), with_prefix(&text)];
        (0..).zip(tiers).find(|(_, matches)| *matches).map(|(tier, _)| tier)
    }
}

/// Returns `word` without case and the accents that occur in [`WORDS`].
fn fold(word: &str) -> String {
    word.to_lowercase().replace('á', "a").replace('ê', "e")
}

impl ListQuery {
    fn to_query_string(&self) -> String {
        let mut query = format!("limit={}", self.limit);
        let mut add = |name: &str, value: Option<String>| {
            query.extend(value.map(|value| format!("&{name}={}", percent(&value))));
        };
        add("q", (!self.words.is_empty()).then(|| self.words.join(" ")));
        add("category", self.category.map(str::to_owned));
        add("min_price", self.min_price.map(|price| price.to_string()));
        add("max_price", self.max_price.map(|price| price.to_string()));
        add("currency", self.currency.map(str::to_owned));
        add("in_stock", self.in_stock.map(|in_stock| in_stock.to_string()));
        add("sort", self.sort.map(str::to_owned));
        query
    }

    /// Returns the SKUs of the products that match, in order; `None` if the category is unknown, which is refused.
    fn expected(&self, products: &[Product]) -> Option<Vec<String>> {
        if let Some(category) = self.category
            && products.iter().all(|product| product.category != category)
        {
            return None;
        }
        let matches = |product: &Product| {
            (self.words.is_empty() || product.tier(&self.words).is_some())
                && self.category.is_none_or(|category| category == product.category)
                && self.min_price.is_none_or(|price| product.amount >= price)
                && self.max_price.is_none_or(|price| product.amount <= price)
                && self.currency.is_none_or(|currency| currency == product.currency)
                && self.in_stock.is_none_or(|in_stock| in_stock == (product.on_hand > 0))
        };
        let mut found: Vec<(usize, &Product)> =
            products.iter().enumerate().filter(|(_, product)| matches(product)).collect();
        match self.sort {
            Some("price") => found.sort_by_key(|(index, product)| (product.amount, *index)),
            Some("-price") => found.sort_by_key(|(index, product)| std::cmp::Reverse((product.amount, *index))),
            Some("name") => found.sort_by_key(|(index, product)| (fold(&product.name.join(" ")), *index)),
            Some("newest") => found.reverse(),
            _ => found.sort_by_key(|(index, product)| (product.tier(&self.words), std::cmp::Reverse(*index))),
        }
        Some(found.into_iter().map(|(_, product)| product.sku.clone()).collect())
    }
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

fn client_with(products: &[Product]) -> TestClient {
    let client = client();
    let lines: Vec<Value> = products.iter().map(Product::line).collect();
    let report = import::import(&client, import::lines(&lines)).json();
    assert_eq!(report, json!({ "created": products.len(), "updated": 0, "failed": [] }));
    client
}

/// Returns the SKUs of all pages of `query`, and calls `between` after each page but the last; `None` if the list is refused.
fn read_all(client: &TestClient, query: &str, mut between: impl FnMut()) -> Option<Vec<String>> {
    let (mut target, mut found) = (format!("/v1/products?{query}"), Vec::new());
    loop {
        let page = client.get(&target).send();
        if page.status() == StatusCode::BAD_REQUEST && found.is_empty() {
            return None;
        }
        found.extend(skus(&page));
        let Some(cursor) = page.json()["next_cursor"].as_str().map(str::to_owned) else { return Some(found) };
        target = format!("/v1/products?{query}&cursor={cursor}");
        between();
    }
}

fn lamp(sku: &str) -> Product {
    let (name, description) = (vec!["lamp"], vec![]);
    Product { sku: sku.to_owned(), name, description, amount: 1, currency: "EUR", category: "lamps", on_hand: 1 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_list_is_that_of_the_model(products in products(), query in list_query()) {
        let client = client_with(&products);
        prop_assert_eq!(read_all(&client, &query.to_query_string(), || {}), query.expected(&products));
    }

    #[test]
    fn existing_products_are_listed_once_and_in_order_while_others_are_added_and_archived(
        products in products(),
        query in list_query(),
        added in prop::collection::vec((product(), any::<bool>()), 1..4),
    ) {
        let client = client_with(&products);
        // A limited number: a list to whose end products are always added would never end.
        let mut additions = added.iter().cycle().take(40).enumerate();
        let found = read_all(&client, &query.to_query_string(), || {
            let Some((number, (product, is_archived))) = additions.next() else { return };
            let product = Product { sku: format!("N{number}"), ..product.clone() };
            let created = client.post("/v1/products").as_role(Role::Operator).json(&product.line()).send();
            assert_eq!(created.status(), StatusCode::CREATED);
            if *is_archived {
                let path = format!("/v1/products/{}", created.json()["id"].as_str().unwrap());
                client.delete(&path).as_role(Role::Operator).header("if-match", "*").send();
            }
        });
        let existing = found.map(|skus| skus.into_iter().filter(|sku| sku.starts_with('S')).collect());
        prop_assert_eq!(existing, query.expected(&products));
    }

    #[test]
    fn no_search_text_fails(text in any::<String>(), sort in prop::sample::select(&["relevance", "price", "newest"][..])) {
        prop_assume!(!text.is_empty());
        let client = client_with(&[lamp("S0")]);
        let target = format!("/v1/products?q={}&sort={sort}&currency=EUR&category=lamps", percent(&text));
        prop_assert_eq!(client.get(&target).send().status(), StatusCode::OK);
        let any_operator = format!("/v1/products?q={}", percent(&format!("{text}\" OR * ( {text} NOT ^:{{}} AND \"{text}")));
        prop_assert_eq!(client.get(&any_operator).send().status(), StatusCode::OK);
    }

    #[test]
    fn a_cursor_that_was_tampered_with_is_refused(at in any::<prop::sample::Index>(), letter in "[A-Za-z0-9_-]") {
        let client = client_with(&[lamp("S0"), lamp("S1")]);
        let cursor = client.get("/v1/products?limit=1").send().json()["next_cursor"].as_str().unwrap().to_owned();
        let at = at.index(cursor.len());
        let tampered = format!("{}{letter}{}", &cursor[..at], &cursor[at + 1..]);
        prop_assume!(tampered != cursor);
        let response = client.get(&format!("/v1/products?limit=1&cursor={tampered}")).send();
        prop_assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    }
}
