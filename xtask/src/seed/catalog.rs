//! The demo catalog: some two hundred products, imported into an empty catalog.

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::import;
use crate::http::Client;

/// The product lines of the demo catalog.
const DEMO: &str = include_str!("demo.toml");

/// The catalog of the running instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoCatalog {
    /// Active products.
    pub products: u64,
    /// Categories with active products.
    pub categories: usize,
}

/// Imports the demo catalog as `admin`, unless there are products. Returns the resulting catalog.
///
/// # Errors
///
/// If a response is not one of the API, or a product is refused.
pub fn demo_catalog(client: &Client, admin: &Client) -> Result<DemoCatalog> {
    let first = client.get("/v1/products?limit=1")?;
    ensure!(first.status == 200, "GET /v1/products returned {}: {}", first.status, first.body);
    if first.body["items"].as_array().context("a list has no items")?.is_empty() {
        let lines: Vec<String> = products().iter().map(Value::to_string).collect();
        import::import(admin, &lines.join("\n"))?;
    }
    let categories = client.get("/v1/categories")?;
    ensure!(categories.status == 200, "GET /v1/categories returned {}: {}", categories.status, categories.body);
    let categories = categories.body["items"].as_array().context("a list has no items")?;
    let products = categories.iter().filter_map(|category| category["products"].as_u64()).sum();
    Ok(DemoCatalog { products, categories: categories.len() })
}

/// A product in several variants.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    category: String,
    sku: String,
    name: String,
    text: String,
    attributes: Map<String, Value>,
    /// The attribute in which the variants differ.
    vary: String,
    /// The value, the end of the SKU, the stock, and the price in cents.
    variants: Vec<(String, String, u32, i64)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Demo {
    line: Vec<Line>,
}

/// Returns the products in the form of the import.
fn products() -> Vec<Value> {
    let demo: Demo = toml::from_str(DEMO).expect("demo.toml is checked by a test");
    let variants = |line: Line| {
        let Line { category, sku, name, text, attributes, vary, variants } = line;
        variants.into_iter().map(move |(value, code, on_hand, amount)| {
            let mut attributes = attributes.clone();
            attributes.insert(vary.clone(), Value::from(value.as_str()));
            json!({
                "sku": format!("{sku}-{code}"),
                "name": format!("{name}, {value}"),
                "description": text,
                "price": {"amount": amount, "currency": "EUR"},
                "category": category,
                "attributes": attributes,
                "stock": {"on_hand": on_hand},
            })
        })
    };
    demo.line.into_iter().flat_map(variants).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_demo_catalog_has_the_variety_of_a_real_one() {
        let products = products();
        let mut categories = BTreeMap::<&str, usize>::new();
        let mut skus = BTreeMap::<&str, usize>::new();
        for product in &products {
            *categories.entry(product["category"].as_str().unwrap()).or_default() += 1;
            *skus.entry(product["sku"].as_str().unwrap()).or_default() += 1;
            assert_eq!(product["description"].as_str().unwrap().matches(". ").count(), 1, "two sentences: {product}");
            assert!(product["price"]["amount"].as_i64().unwrap() >= 100, "{product}");
        }
        assert!((190..=210).contains(&products.len()), "{}", products.len());
        assert_eq!((categories.len(), skus.len()), (12, products.len()));
        assert!(categories.values().all(|count| *count > 10), "{categories:?}");
        let sold_out = products.iter().filter(|product| product["stock"]["on_hand"] == 0).count();
        assert!((5..=20).contains(&sold_out), "{sold_out}");
        assert!(products.iter().filter(|product| !product["name"].as_str().unwrap().is_ascii()).count() > 20);
    }
}
