//! What a client asks of the list of products, and the cursors that lead from page to page: as the catalog has them
//! (components/catalog/src/product_query.rs and crates/contracts/src/cursor.rs).

use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::search::Query;
use super::store::Listed;

/// A page of a list.
pub(super) struct Asked {
    pub(super) listing: Listing,
    pub(super) limit: usize,
    pub(super) cursor: Option<String>,
}

pub(super) struct Listing {
    pub(super) query: Option<Query>,
    pub(super) filters: Filters,
    pub(super) sort: Sort,
}

#[derive(Default, Serialize)]
pub(super) struct Filters {
    pub(super) category: Option<String>,
    pub(super) min_price: Option<i64>,
    pub(super) max_price: Option<i64>,
    pub(super) currency: Option<String>,
    pub(super) in_stock: Option<bool>,
}

#[derive(Clone, Copy, Serialize)]
pub(super) enum Sort {
    Relevance,
    Newest,
    Cheapest,
    Dearest,
    Name,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Position(pub(super) Key, pub(super) i64);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Key {
    Number(i64),
    Name(String),
}

impl Asked {
    /// Reads a query string; none if it makes no sense.
    pub(super) fn parse(query: &str) -> Option<Self> {
        let (mut filters, mut words, mut sort, mut limit, mut cursor) = (Filters::default(), None, None, None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "q" => once(&mut words, value.into_owned())?,
                "category" => once(&mut filters.category, value.into_owned())?,
                "min_price" => once(&mut filters.min_price, parse(&value)?)?,
                "max_price" => once(&mut filters.max_price, parse(&value)?)?,
                "currency" => once(&mut filters.currency, currency(&value)?)?,
                "in_stock" => once(&mut filters.in_stock, parse(&value)?)?,
                "sort" => once(&mut sort, value.into_owned())?,
                "limit" => once(&mut limit, parse(&value).filter(|limit| (1..=100).contains(limit))?)?,
                "cursor" => once(&mut cursor, value.into_owned())?,
                _ => return None,
            }
        }
        let query = words.and_then(|text| Query::parse(&text));
        let sort = match sort.as_deref() {
            Some("relevance") | None if query.is_some() => Sort::Relevance,
            Some("relevance" | "newest") | None => Sort::Newest,
            Some("price") => Sort::Cheapest,
            Some("-price") => Sort::Dearest,
            Some("name") => Sort::Name,
            Some(_) => return None,
        };
        Some(Self { listing: Listing { query, filters, sort }, limit: limit.unwrap_or(20), cursor })
    }
}

/// Puts `value` into `place`, unless there is one.
fn once<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

fn parse<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn currency(text: &str) -> Option<String> {
    (text.len() == 3 && text.bytes().all(|letter| letter.is_ascii_uppercase())).then(|| text.to_owned())
}

impl Listing {
    /// The name under which cursors are made.
    pub(super) fn name(&self) -> String {
        format!("products {}", json!((&self.query, &self.filters, self.sort)))
    }

    pub(super) fn start(&self) -> Position {
        match self.sort {
            Sort::Relevance | Sort::Newest => Position(Key::Number(0), i64::MAX),
            Sort::Cheapest => Position(Key::Number(self.filters.lowest()), 0),
            Sort::Dearest => Position(Key::Number(self.filters.highest()), i64::MAX),
            Sort::Name => Position(Key::Name(String::new()), 0),
        }
    }

    pub(super) fn position(&self, listed: &Listed) -> Position {
        let key = match self.sort {
            Sort::Relevance => Key::Number(listed.tier.into()),
            Sort::Newest => Key::Number(0),
            Sort::Cheapest | Sort::Dearest => Key::Number(listed.product.price.amount),
            Sort::Name => Key::Name(name_key(&listed.product.name)),
        };
        Position(key, listed.number)
    }
}

impl Filters {
    pub(super) fn lowest(&self) -> i64 {
        self.min_price.unwrap_or(0)
    }

    pub(super) fn highest(&self) -> i64 {
        self.max_price.unwrap_or(i64::MAX)
    }

    pub(super) fn has_price(&self) -> bool {
        self.min_price.is_some() || self.max_price.is_some()
    }
}

fn name_key(name: &str) -> String {
    let letters = name.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase);
    letters.take(100).collect()
}

pub(super) fn encode_cursor(list: &str, position: &Position) -> String {
    let payload = serde_json::to_vec(position).expect("a position is plain data");
    let mut bytes = checksum(list, &payload);
    bytes.extend_from_slice(&payload);
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn decode_cursor(list: &str, text: &str) -> Option<Position> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (sum, payload) = bytes.split_at_checked(8)?;
    if sum == checksum(list, payload) { serde_json::from_slice(payload).ok() } else { None }
}

fn checksum(list: &str, payload: &[u8]) -> Vec<u8> {
    let digest = Sha256::new().chain_update(list).chain_update([0]).chain_update(payload).finalize();
    digest[..8].to_vec()
}
