//! The measured operations. Successive requests of one have different products, filters or words.

use std::sync::Arc;

use anyhow::{Result, ensure};
use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};

use crate::accounts;
use crate::data::{self, Data};
use crate::load::Operation;

/// The number of words of each kind that are searched.
const WORDS: usize = 12;

/// A read, of which all servers give the same response.
pub(crate) struct Read {
    pub(crate) operation: Operation,
    /// Some of its paths, whose responses are compared.
    pub(crate) samples: Vec<String>,
    pub(crate) has_token: bool,
}

/// Returns the reads of `data` with `products` products.
///
/// # Errors
///
/// If the databases cannot be read.
pub(crate) fn reads(data: &Data, products: u32) -> Result<Vec<Read>> {
    let words = data::words(products);
    let common: Vec<String> = words.iter().take(WORDS).map(|(word, _)| search(word)).collect();
    // Few enough products to fit on one page.
    let rare = words.iter().filter(|(_, count)| (4..=15).contains(count)).take(WORDS);
    let rare: Vec<String> = rare.map(|(word, _)| search(word)).collect();
    // Prefixes of words that are not words themselves.
    let made_up = words.iter().filter(|(word, _)| word.len() == 6);
    let prefixes: Vec<String> = made_up.take(WORDS).map(|(word, _)| search(&word[..3])).collect();
    ensure!(![&common, &rare, &prefixes].iter().any(|paths| paths.is_empty()), "the products have too few words");
    let ids = data.products()?;
    // Prime, and no factor of a number of products, so that neighbours are far apart and every id is read.
    let scattered = (0..ids.len()).map(|index| format!("/v1/products/{}", ids[index * 7_919 % ids.len()])).collect();
    Ok(vec![
        read("read one user", vec![format!("/v1/users/{}", data.user()?)], true),
        read("read one product", scattered, false),
        read("list, first page", vec!["/v1/products".to_owned()], false),
        read("list, filters", filtered(), false),
        read("search, common word", common, false),
        read("search, rare word", rare, false),
        read("search, prefix", prefixes, false),
    ])
}

/// Returns lists of the products of a category in a price range that are in stock, by ascending price.
fn filtered() -> Vec<String> {
    let sections = ["lamps", "chairs", "tables", "rugs", "knives", "tools", "plants", "books", "toys", "tents"];
    let category = |section: &str, department: &str| {
        format!(
            "/v1/products?category={department}-{section}&min_price=1000&max_price=20000&currency=EUR&in_stock=true&sort=price"
        )
    };
    sections.iter().flat_map(|section| ["new", "vintage"].map(|department| category(section, department))).collect()
}

fn search(word: &str) -> String {
    format!("/v1/products?q={word}")
}

fn read(name: &'static str, paths: Vec<String>, has_token: bool) -> Read {
    let samples = paths.iter().take(WORDS).cloned().collect();
    let next = move |number: u64, token: &str| {
        let path = &paths[usize::try_from(number % paths.len() as u64).expect("the remainder is an index")];
        request(Method::GET, path, Some(token).filter(|_| has_token), None, None)
    };
    Read { operation: Operation { name, expected: StatusCode::OK, request: Arc::new(next) }, samples, has_token }
}

/// Returns a GET of `path` that gets `expected`.
pub(crate) fn get(name: &'static str, path: String, expected: StatusCode) -> Operation {
    Operation { name, expected, request: Arc::new(move |_, _| request(Method::GET, &path, None, None, None)) }
}

/// Returns a log-in, each time of the next customer.
pub(crate) fn log_in() -> Operation {
    let request = move |number, _: &str| {
        let body = json!({"email": accounts::customer(number), "password": accounts::PASSWORD});
        request(Method::POST, "/v1/auth/login", None, None, Some(&body))
    };
    Operation { name: "log-in", expected: StatusCode::OK, request: Arc::new(request) }
}

/// Returns an order of one unit of `product` each time with a new idempotency key.
pub(crate) fn order(product: &str) -> Operation {
    let body = json!({
        "items": [{"product_id": product, "quantity": 1}],
        "shipping_address": {
            "name": "Ada Lovelace", "lines": ["12 St James's Square"], "city": "London", "postal_code": "SW1Y 4JH", "country": "GB",
        },
        "payment_method": {"token": "pm_ok"},
    });
    let request = move |number, token: &str| {
        // Another run on the same databases must not repeat a key.
        let key = format!("bench-{}-{number}", std::process::id());
        request(Method::POST, "/v1/orders", Some(token), Some(&key), Some(&body))
    };
    Operation { name: "order, answered", expected: StatusCode::CREATED, request: Arc::new(request) }
}

/// Returns a request for an e-mail to `user`.
pub(crate) fn notification(user: &str) -> Operation {
    let body = json!({
        "user_id": user,
        "template": "message",
        "channel": "email",
        "data": {"subject": "Closed on Monday", "text": "We are closed on Monday. Orders are shipped on Tuesday."},
    });
    let request = move |_, token: &str| request(Method::POST, "/v1/notifications", Some(token), None, Some(&body));
    Operation { name: "notification, accepted", expected: StatusCode::ACCEPTED, request: Arc::new(request) }
}

fn request(
    method: Method,
    path: &str,
    token: Option<&str>,
    idempotency_key: Option<&str>,
    body: Option<&Value>,
) -> Request<Full<Bytes>> {
    let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
    let authorization = token.map(|token| format!("Bearer {token}"));
    let headers = [("authorization", authorization.as_deref()), ("idempotency-key", idempotency_key)];
    let headers = headers.into_iter().chain([("content-type", body.map(|_| "application/json"))]);
    for (name, value) in headers {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    let body = body.map(Value::to_string).unwrap_or_default();
    request.body(Full::new(Bytes::from(body))).expect("a valid request")
}
