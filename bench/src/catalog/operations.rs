//! The measured reads. Successive requests of a read have different products, filters or words.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, ensure};
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;

use super::data;
use crate::load::Operation;

/// The number of products that are requested repeatedly.
const HOT: usize = 20;

/// The number of words of each kind that are searched.
const WORDS: usize = 12;

/// The kind of a read, as far as it matters to caches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Product,
    List,
    Other,
}

/// A read.
pub(super) struct Read {
    pub(super) kind: Kind,
    pub(super) load: Operation,
    /// Some of its paths, whose responses are compared.
    pub(super) samples: Vec<String>,
    /// Paths spread over all of its paths, to sample the caches.
    pub(super) spread: Vec<String>,
    /// The token of its requests, if they have one.
    pub(super) token: Option<String>,
}

/// Returns all reads of the catalog with `products` products in `state`, and one of a user with `token`.
///
/// # Errors
///
/// If the databases cannot be read.
pub(super) fn all(state: &Path, products: u32, token: &str) -> Result<Vec<Read>> {
    let ids = data::ids(state)?;
    ensure!(ids.len() == products as usize, "{} products instead of {products}", ids.len());
    let hot: Vec<String> = scattered(&ids).take(HOT).map(product).collect();
    let words = data::words(products);
    let mut common: Vec<&(String, u32)> = words.iter().take(WORDS).collect();
    common.sort();
    // Few enough products to fit on one page, at both sizes.
    let mut rare: Vec<&(String, u32)> = words.iter().filter(|(_, count)| (8..=15).contains(count)).collect();
    rare.truncate(WORDS);
    ensure!(!rare.is_empty(), "there is no rare word");
    // Prefixes of words that are not words themselves.
    let made_up = words.iter().filter(|(word, _)| word.len() == 6).map(|(word, _)| &word[..3]);
    let mut prefixes: Vec<String> = made_up.take(WORDS).map(search).collect();
    prefixes.dedup();
    let searches = |words: &[&(String, u32)]| words.iter().map(|(word, _)| search(word)).collect();
    Ok(vec![
        read(Kind::Product, "get, hot", hot.clone()),
        read(Kind::Product, "get, any", scattered(&ids).map(product).collect()),
        unchanged("get, 304", hot),
        read(Kind::List, "first page", vec!["/v1/products".to_owned()]),
        read(Kind::List, "list, filters", filtered()),
        read(Kind::Other, "search, rare", searches(&rare)),
        read(Kind::Other, "search, common", searches(&common)),
        read(Kind::Other, "search, prefix", prefixes),
        authenticated("user, token", format!("/v1/users/{}", data::user(state)?), token),
    ])
}

/// Returns `ids` in an order in which neighbours are far apart.
fn scattered(ids: &[String]) -> impl Iterator<Item = &String> {
    // Prime, and not a factor of either size, so that every id is returned once.
    const STEP: usize = 7_919;
    (0..ids.len()).map(|index| &ids[(index * STEP) % ids.len()])
}

fn product(id: &String) -> String {
    format!("/v1/products/{id}")
}

fn search(words: impl AsRef<str>) -> String {
    format!("/v1/products?q={}", words.as_ref())
}

/// Returns lists of the products of a category in a price range that are in stock, by ascending price.
fn filtered() -> Vec<String> {
    let departments = ["new", "vintage"];
    let sections = ["lamps", "chairs", "tables", "rugs", "knives", "tools", "plants", "books", "toys", "tents"];
    let each = |section: &str, department: &str| {
        let category = format!("{department}-{section}");
        format!("/v1/products?category={category}&min_price=1000&max_price=20000&currency=EUR&in_stock=true&sort=price")
    };
    sections.iter().flat_map(|section| departments.map(|department| each(section, department))).collect()
}

/// Returns a read without a token.
fn read(kind: Kind, name: &'static str, paths: Vec<String>) -> Read {
    operation(kind, name, StatusCode::OK, paths, None, &[])
}

/// Returns a read of a client that has the first version.
fn unchanged(name: &'static str, paths: Vec<String>) -> Read {
    operation(Kind::Product, name, StatusCode::NOT_MODIFIED, paths, None, &[("if-none-match", "\"v1\"")])
}

fn authenticated(name: &'static str, path: String, token: &str) -> Read {
    operation(
        Kind::Other,
        name,
        StatusCode::OK,
        vec![path],
        Some(token),
        &[("authorization", &format!("Bearer {token}"))],
    )
}

fn operation(
    kind: Kind,
    name: &'static str,
    expected: StatusCode,
    paths: Vec<String>,
    token: Option<&str>,
    headers: &[(&'static str, &str)],
) -> Read {
    let samples = paths.iter().take(WORDS).cloned().collect();
    let spread = (0..100).map(|index| paths[index * 97 % paths.len()].clone()).collect();
    let headers: Vec<(&'static str, String)> =
        headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let request = move |number: u64| {
        let path = &paths[usize::try_from(number % paths.len() as u64).expect("the remainder is an index")];
        let mut request = Request::get(path).header("host", "localhost");
        for (name, value) in &headers {
            request = request.header(*name, value);
        }
        request.body(Full::new(Bytes::new())).expect("a valid request")
    };
    let (load, token) = (Operation { name, expected, request: Arc::new(request) }, token.map(str::to_owned));
    Read { kind, load, samples, spread, token }
}
