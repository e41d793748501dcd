//! Products of the tests. Each test has its own SKUs, categories and words, so that it does not find those of another test.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::{Client, Response};

/// A product as it was created or changed: its body and entity tag.
#[derive(Clone, Debug)]
pub struct Product {
    /// Its id.
    pub id: String,
    /// Its path.
    pub path: String,
    /// Its representation.
    pub body: Value,
    /// The entity tag of that representation.
    pub etag: String,
}

impl Product {
    /// Returns the product in a 201 or 200.
    ///
    /// # Panics
    ///
    /// If the response has no id or entity tag.
    pub fn from_response(response: &Response) -> Self {
        let body = response.json();
        let id = body["id"].as_str().unwrap_or_else(|| panic!("a product has an id: {body}")).to_owned();
        Self { path: format!("/v1/products/{id}"), id, etag: response.etag(), body }
    }
}

/// Returns a word that begins with `name` and that no other test, and no earlier run against the same instance, has used: one for a search, a SKU
/// and the slug of a category.
pub fn unique_word(name: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970").as_nanos();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    // The letter between the numbers keeps any two of them apart.
    format!("{name}{now:x}p{:x}n{count:x}z", std::process::id())
}

/// Returns the body of a request that creates a product in a new category, with the members of `changes` replaced or added.
///
/// # Panics
///
/// If `changes` is no object.
#[track_caller]
pub fn product_body(changes: &Value) -> Value {
    let mut draft = json!({
        "sku": unique_word("sku"),
        "name": "Lamp",
        "price": {"amount": 1299, "currency": "EUR"},
        "category": unique_word("category"),
    });
    for (name, value) in changes.as_object().expect("changes are an object") {
        draft[name] = value.clone();
    }
    draft
}

/// Creates a product of [`draft`]. `operator` is the client of an operator.
///
/// # Panics
///
/// If it is not created.
#[track_caller]
pub fn create_product(operator: &Client, changes: &Value) -> Product {
    Product::from_response(&operator.post("/v1/products", &product_body(changes)).expect_status(201))
}

/// Imports a product per item of `lines`, and returns the response.
pub fn import(operator: &Client, lines: &[Value]) -> Response {
    let body: String = lines.iter().map(|line| format!("{line}\n")).collect();
    operator.send("POST", "/v1/products/import", &[("content-type", "application/x-ndjson")], Some(body.as_bytes()))
}

/// Returns the SKUs on a page of the list, in order.
///
/// # Panics
///
/// If it is no such page.
#[track_caller]
pub fn skus(page: &Response) -> Vec<String> {
    assert_eq!(page.status, 200, "{}", page.text());
    let body = page.json();
    let items = body["items"].as_array().unwrap_or_else(|| panic!("items are a list: {body}"));
    items.iter().map(|item| item["sku"].as_str().expect("a product has a SKU").to_owned()).collect()
}

/// Encodes `text` for the query of a URL.
pub fn encode(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}
