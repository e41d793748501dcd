//! The list against a naive model: all products in a vector, filtered, ranked and sorted in the most obvious way.

use super::{body, draft, get, imports, platform, send, skus, with};
use http::{Method, StatusCode};
use proptest::prelude::*;
use serde_json::{Value, json};
use spindle_platform::Platform;

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
    quantity: u32,
}

#[derive(Clone, Debug)]
struct Question {
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
        |((name, description), amount, currency, category, quantity)| Product {
            sku: String::new(),
            name,
            description,
            amount,
            currency,
            category,
            quantity,
        },
    )
}

fn products() -> impl Strategy<Value = Vec<Product>> {
    prop::collection::vec(product(), 0..25).prop_map(|mut products| {
        products.iter_mut().enumerate().for_each(|(index, product)| product.sku = format!("S{index}"));
        products
    })
}

fn question() -> impl Strategy<Value = Question> {
    let price = || prop::option::of(0..6_i64);
    let sorts = prop::sample::select(&["relevance", "price", "-price", "name", "newest"][..]);
    let category = prop::option::of(prop::sample::select(&CATEGORIES[..]));
    let currency = prop::option::of(prop::sample::select(&["EUR", "USD"][..]));
    let filters = (category, price(), price(), currency, prop::option::of(any::<bool>()));
    (words(0..3), filters, prop::option::of(sorts), 1..8_usize).prop_map(|(words, filters, sort, limit)| {
        let (category, min_price, max_price, currency, in_stock) = filters;
        Question { words, category, min_price, max_price, currency, in_stock, sort, limit }
    })
}

impl Product {
    fn line(&self) -> Value {
        let changes = json!({
            "name": self.name.join(" "),
            "description": self.description.join(" "),
            "price": { "amount": self.amount, "currency": self.currency },
            "category": self.category,
            "stock": { "quantity": self.quantity },
        });
        with(draft(&self.sku), changes)
    }

    /// How well the words fit, less is better; none if they do not.
    fn tier(&self, words: &[&str]) -> Option<u8> {
        let folded = |words: &[&str]| words.iter().map(|word| fold(word)).collect::<Vec<_>>();
        let name = folded(&self.name);
        let category = self.category.split('-').map(fold);
        let text: Vec<String> = name.iter().cloned().chain(folded(&self.description)).chain(category).collect();
        let (last, others) = folded(words).split_last().map(|(last, others)| (last.clone(), others.to_vec()))?;
        let whole = |text: &[String]| others.iter().chain([&last]).all(|word| text.contains(word));
        let begun = |text: &[String]| {
            others.iter().all(|word| text.contains(word)) && text.iter().any(|word| word.starts_with(&last))
        };
        let tiers = [whole(&name), whole(&text), begun(&name), begun(&text)];
        (0..).zip(tiers).find(|(_, fits)| *fits).map(|(tier, _)| tier)
    }
}

/// Without case and accents, as far as [`WORDS`] have any.
fn fold(word: &str) -> String {
    word.to_lowercase().replace('á', "a").replace('ê', "e")
}

impl Question {
    fn query(&self) -> String {
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

    /// The SKUs that answer it, in order.
    fn answer(&self, products: &[Product]) -> Vec<String> {
        let fits = |product: &Product| {
            (self.words.is_empty() || product.tier(&self.words).is_some())
                && self.category.is_none_or(|category| category == product.category)
                && self.min_price.is_none_or(|price| product.amount >= price)
                && self.max_price.is_none_or(|price| product.amount <= price)
                && self.currency.is_none_or(|currency| currency == product.currency)
                && self.in_stock.is_none_or(|in_stock| in_stock == (product.quantity > 0))
        };
        let mut found: Vec<(usize, &Product)> =
            products.iter().enumerate().filter(|(_, product)| fits(product)).collect();
        match self.sort {
            Some("price") => found.sort_by_key(|(index, product)| (product.amount, *index)),
            Some("-price") => found.sort_by_key(|(index, product)| std::cmp::Reverse((product.amount, *index))),
            Some("name") => found.sort_by_key(|(index, product)| (fold(&product.name.join(" ")), *index)),
            Some("newest") => found.reverse(),
            _ => found.sort_by_key(|(index, product)| (product.tier(&self.words), std::cmp::Reverse(*index))),
        }
        found.into_iter().map(|(_, product)| product.sku.clone()).collect()
    }
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

fn shop(products: &[Product]) -> Platform {
    let platform = platform();
    let lines: Vec<Value> = products.iter().map(Product::line).collect();
    let report = body(&imports::import(&platform, imports::lines(&lines)));
    assert_eq!(report, json!({ "created": products.len(), "updated": 0, "failed": [] }));
    platform
}

/// All pages of `query`, with something done between two of them.
fn read_all(platform: &Platform, query: &str, mut between: impl FnMut()) -> Vec<String> {
    let (mut target, mut found) = (format!("/v1/products?{query}"), Vec::new());
    loop {
        let page = get(platform, &target);
        found.extend(skus(&page));
        let Some(cursor) = body(&page)["next_cursor"].as_str().map(str::to_owned) else { return found };
        target = format!("/v1/products?{query}&cursor={cursor}");
        between();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_question_is_answered_as_the_model_does(products in products(), question in question()) {
        let platform = shop(&products);
        prop_assert_eq!(read_all(&platform, &question.query(), || {}), question.answer(&products));
    }

    #[test]
    fn what_was_there_all_the_time_is_shown_once_and_in_order_while_others_come_and_go(
        products in products(),
        question in question(),
        newcomers in prop::collection::vec((product(), any::<bool>()), 1..4),
    ) {
        let platform = shop(&products);
        // So many and no more: a list whose end they always come after would never end.
        let mut come = newcomers.iter().cycle().take(40).enumerate();
        let found = read_all(&platform, &question.query(), || {
            let Some((number, (product, goes))) = come.next() else { return };
            let product = Product { sku: format!("N{number}"), ..product.clone() };
            let created = send(&platform, Method::POST, "/v1/products", &[], Some(product.line()));
            assert_eq!(created.status(), StatusCode::CREATED);
            if *goes {
                let path = format!("/v1/products/{}", body(&created)["id"].as_str().unwrap());
                send(&platform, Method::DELETE, &path, &[("if-match", "*")], None);
            }
        });
        let old: Vec<String> = found.into_iter().filter(|sku| sku.starts_with('S')).collect();
        prop_assert_eq!(old, question.answer(&products));
    }

    #[test]
    fn whatever_is_typed_is_answered(text in any::<String>(), sort in prop::sample::select(&["relevance", "price", "newest"][..])) {
        let platform = shop(&[]);
        let target = format!("/v1/products?q={}&sort={sort}&category=lamps", percent(&text));
        prop_assert_eq!(get(&platform, &target).status(), StatusCode::OK);
        let any_operator = format!("/v1/products?q={}", percent(&format!("{text}\" OR * ( {text} NOT ^:{{}} AND \"{text}")));
        prop_assert_eq!(get(&platform, &any_operator).status(), StatusCode::OK);
    }

    #[test]
    fn a_cursor_that_was_tampered_with_is_refused(at in any::<prop::sample::Index>(), letter in "[A-Za-z0-9_-]") {
        let product = |sku: &str| Product {
            sku: sku.to_owned(), name: vec!["lamp"], description: vec![], amount: 1, currency: "EUR", category: "lamps", quantity: 1,
        };
        let platform = shop(&[product("S0"), product("S1")]);
        let cursor = body(&get(&platform, "/v1/products?limit=1"))["next_cursor"].as_str().unwrap().to_owned();
        let at = at.index(cursor.len());
        let tampered = format!("{}{letter}{}", &cursor[..at], &cursor[at + 1..]);
        prop_assume!(tampered != cursor);
        let answer = get(&platform, &format!("/v1/products?limit=1&cursor={tampered}"));
        prop_assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    }
}
