//! The query of the list of products and the cursors of its pages, as in the catalog (components/catalog/src/product_query.rs and
//! crates/contracts/src/cursor.rs).

use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::search::TextQuery;
use super::store::ListItem;

/// The parameters of a page of a list.
pub(super) struct PageRequest {
    pub(super) query: ProductQuery,
    pub(super) limit: usize,
    pub(super) cursor: Option<String>,
}

/// A query of the list of products.
pub(super) struct ProductQuery {
    pub(super) text: Option<TextQuery>,
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

/// The order of a list. The serialised names are part of the checksum of cursors.
#[derive(Clone, Copy, Serialize)]
pub(super) enum Sort {
    Relevance,
    Newest,
    #[serde(rename = "Cheapest")]
    PriceAscending,
    #[serde(rename = "Dearest")]
    PriceDescending,
    Name,
}

/// The sort key and the number of the last product of a page.
#[derive(Serialize, Deserialize)]
pub(super) struct Position(pub(super) SortKey, pub(super) i64);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum SortKey {
    Number(i64),
    Name(String),
}

impl PageRequest {
    /// Parses a query string; `None` if it is invalid.
    pub(super) fn parse(query: &str) -> Option<Self> {
        let (mut filters, mut text, mut sort, mut limit, mut cursor) = (Filters::default(), None, None, None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "q" => set_once(&mut text, value.into_owned())?,
                "category" => set_once(&mut filters.category, value.into_owned())?,
                "min_price" => set_once(&mut filters.min_price, parse(&value)?)?,
                "max_price" => set_once(&mut filters.max_price, parse(&value)?)?,
                "currency" => set_once(&mut filters.currency, currency(&value)?)?,
                "in_stock" => set_once(&mut filters.in_stock, parse(&value)?)?,
                "sort" => set_once(&mut sort, value.into_owned())?,
                "limit" => set_once(&mut limit, parse(&value).filter(|limit| (1..=100).contains(limit))?)?,
                "cursor" => set_once(&mut cursor, value.into_owned())?,
                _ => return None,
            }
        }
        let text = text.and_then(|text: String| TextQuery::parse(&text));
        let sort = match sort.as_deref() {
            Some("relevance") | None if text.is_some() => Sort::Relevance,
            Some("relevance" | "newest") | None => Sort::Newest,
            Some("price") => Sort::PriceAscending,
            Some("-price") => Sort::PriceDescending,
            Some("name") => Sort::Name,
            Some(_) => return None,
        };
        Some(Self { query: ProductQuery { text, filters, sort }, limit: limit.unwrap_or(20), cursor })
    }
}

/// Sets `slot` to `value`; `None` if it already has a value.
fn set_once<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    slot.replace(value).is_none().then_some(())
}

fn parse<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn currency(text: &str) -> Option<String> {
    (text.len() == 3 && text.bytes().all(|letter| letter.is_ascii_uppercase())).then(|| text.to_owned())
}

impl ProductQuery {
    /// Returns the name of the list in cursors.
    pub(super) fn list_name(&self) -> String {
        format!("products {}", json!((&self.text, &self.filters, self.sort)))
    }

    pub(super) fn start(&self) -> Position {
        match self.sort {
            Sort::Relevance | Sort::Newest => Position(SortKey::Number(0), i64::MAX),
            Sort::PriceAscending => Position(SortKey::Number(self.filters.lowest()), 0),
            Sort::PriceDescending => Position(SortKey::Number(self.filters.highest()), i64::MAX),
            Sort::Name => Position(SortKey::Name(String::new()), 0),
        }
    }

    pub(super) fn position(&self, item: &ListItem) -> Position {
        let key = match self.sort {
            Sort::Relevance => SortKey::Number(item.tier.into()),
            Sort::Newest => SortKey::Number(0),
            Sort::PriceAscending | Sort::PriceDescending => SortKey::Number(item.product.price.amount),
            Sort::Name => SortKey::Name(name_key(&item.product.name)),
        };
        Position(key, item.number)
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
