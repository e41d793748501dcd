//! The public reads of the catalog that are measured: a product, the first page of a list, of filters, and of a search for one word.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use const_format::formatcp;
use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::access::{Client, Quota};
use super::{Baseline, Resource, format_millis};

/// The `Cache-Control` of the catalog's responses.
const CACHE_CONTROL: &str = "public, max-age=5, stale-while-revalidate=30";

/// The products of a page.
const PAGE: usize = 20;

/// The columns of a product, in the order in which they are read.
const COLUMNS: &str = "p.id, p.sku, p.name, p.description, p.price_amount, p.currency, p.category, p.attributes, \
     p.on_hand - p.reserved - p.allocated, p.status, p.created_at, p.updated_at, p.version, p.number";
const SELECT: &str = formatcp!("SELECT {COLUMNS} FROM products AS p WHERE p.id = ?1");
const NEWEST: &str =
    formatcp!("SELECT {COLUMNS} FROM products AS p WHERE p.status = 'active' ORDER BY p.number DESC LIMIT ?1");
const FILTERED: &str = formatcp!(
    "SELECT {COLUMNS} FROM products AS p WHERE p.status = 'active' AND p.category = ?2 AND p.currency = ?3 \
     AND p.price_amount BETWEEN ?4 AND ?5 AND (p.on_hand > p.reserved + p.allocated) = ?6 \
     ORDER BY p.price_amount, p.number LIMIT ?1"
);
const BY_SKU: &str =
    formatcp!("SELECT {COLUMNS} FROM products AS p WHERE p.sku_key = ?2 AND p.status = 'active' LIMIT ?1");
const MATCHES: &str = formatcp!(
    "SELECT {COLUMNS} FROM products_fts AS f CROSS JOIN products AS p ON p.number = f.rowid \
     WHERE products_fts MATCH ?2 AND p.sku_key <> ?3 AND p.status = 'active' ORDER BY f.rowid DESC LIMIT ?1"
);

#[derive(Serialize)]
pub(super) struct Product {
    id: String,
    sku: String,
    name: String,
    description: String,
    pub(super) price: Money,
    category: String,
    attributes: Map<String, Value>,
    stock: Stock,
    status: String,
    created_at: String,
    updated_at: String,
    #[serde(skip)]
    version: i64,
    #[serde(skip)]
    number: i64,
}

#[derive(Serialize)]
pub(super) struct Money {
    pub(super) amount: i64,
    pub(super) currency: String,
}

#[derive(Serialize)]
struct Stock {
    available: i64,
}

/// The parameters of a list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    q: Option<String>,
    category: Option<String>,
    currency: Option<String>,
    min_price: Option<i64>,
    max_price: Option<i64>,
    in_stock: Option<bool>,
    sort: Option<String>,
}

/// `GET /v1/products/{id}`
pub(super) async fn read(
    State(baseline): State<Arc<Baseline>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(id): Path<String>,
    request: HeaderMap,
) -> Response {
    let start = Instant::now();
    let result = with_rate_limit(&baseline, peer, || product(&baseline, &id));
    baseline.respond(start, &request, format!("/v1/products/{id}"), result)
}

/// `GET /v1/products`
pub(super) async fn list(
    State(baseline): State<Arc<Baseline>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Query(query): Query<ListQuery>,
    request: HeaderMap,
) -> Response {
    let start = Instant::now();
    let result = with_rate_limit(&baseline, peer, || page(&baseline, &query));
    baseline.respond(start, &request, "/v1/products".to_owned(), result)
}

/// Returns the product with `id`.
pub(super) fn find(connection: &Connection, id: Uuid) -> rusqlite::Result<Option<Product>> {
    connection.prepare_cached(SELECT)?.query_row([id.to_string()], row).optional()
}

/// Returns the result of `read` with the remaining quota of `peer`, or 429 if there is none.
fn with_rate_limit(
    baseline: &Baseline,
    peer: SocketAddr,
    read: impl FnOnce() -> Result<Resource, StatusCode>,
) -> (Result<Resource, StatusCode>, Option<Quota>) {
    match baseline.access.count(Client::Address(peer.ip())) {
        Ok(quota) => (read(), Some(quota)),
        Err(status) => (Err(status), None),
    }
}

fn product(baseline: &Baseline, id: &str) -> Result<Resource, StatusCode> {
    let id: Uuid = id.parse().map_err(|_| StatusCode::NOT_FOUND)?;
    let product = baseline.catalog.read(|connection| find(connection, id)).map_err(internal)?;
    let product = product.ok_or(StatusCode::NOT_FOUND)?;
    let etag = format!("\"v{}.{}\"", product.version, product.stock.available);
    let body = serde_json::to_string(&product).expect("a product is plain data");
    Ok(Resource { etag, cache_control: CACHE_CONTROL, link: None, body })
}

#[derive(Serialize)]
struct Page<'a> {
    items: &'a [Product],
    next_cursor: Option<String>,
}

fn page(baseline: &Baseline, query: &ListQuery) -> Result<Resource, StatusCode> {
    let products = baseline.catalog.read(|connection| select(connection, query)).map_err(internal)?;
    let items = products.get(..PAGE).unwrap_or(&products);
    let last = items.last().filter(|_| products.len() > PAGE);
    let next_cursor = last.map(|product| product.number.to_string());
    let link = next_cursor.as_ref().map(|cursor| format!("</v1/products?cursor={cursor}>; rel=\"next\""));
    let body = serde_json::to_string(&Page { items, next_cursor }).expect("a page is plain data");
    let etag = format!("\"{}\"", base16ct::lower::encode_string(&Sha256::digest(&body)[..16]));
    Ok(Resource { etag, cache_control: CACHE_CONTROL, link, body })
}

/// Returns the products of a page, and one more if there is a next page.
fn select(connection: &Connection, query: &ListQuery) -> rusqlite::Result<Vec<Product>> {
    let limit = i64::try_from(PAGE).expect("a page is small") + 1;
    match query {
        ListQuery { q: Some(word), .. } => search(connection, word, limit),
        ListQuery { category: Some(category), currency, min_price, max_price, in_stock, sort: Some(_), .. } => {
            rows(connection, FILTERED, params![limit, category, currency, min_price, max_price, in_stock])
        }
        _ => rows(connection, NEWEST, [limit]),
    }
}

/// Returns the matches of `word` in the order of the catalog: the SKU; the word in the name; elsewhere; as a prefix in the name; elsewhere.
fn search(connection: &Connection, word: &str, limit: i64) -> rusqlite::Result<Vec<Product>> {
    let mut products = rows(connection, BY_SKU, params![limit, word])?;
    let tiers = [
        format!("{{name}} : (\"{word}\")"),
        format!("(\"{word}\") NOT ({{name}} : (\"{word}\"))"),
        format!("({{name}} : (\"{word}\"*)) NOT (\"{word}\")"),
        format!("(\"{word}\"*) NOT ((\"{word}\") OR ({{name}} : (\"{word}\"*)))"),
    ];
    for tier in tiers {
        let missing = limit - i64::try_from(products.len()).expect("a page is small");
        if missing == 0 {
            break;
        }
        products.append(&mut rows(connection, MATCHES, params![missing, tier, word])?);
    }
    Ok(products)
}

fn rows(connection: &Connection, statement: &str, values: impl Params) -> rusqlite::Result<Vec<Product>> {
    connection.prepare_cached(statement)?.query_map(values, row)?.collect()
}

fn row(row: &Row<'_>) -> rusqlite::Result<Product> {
    let attributes: String = row.get(7)?;
    Ok(Product {
        id: row.get(0)?,
        sku: row.get(1)?,
        name: row.get(2)?,
        description: row.get(3)?,
        price: Money { amount: row.get(4)?, currency: row.get(5)? },
        category: row.get(6)?,
        attributes: serde_json::from_str(&attributes).unwrap_or_default(),
        stock: Stock { available: row.get(8)? },
        status: row.get(9)?,
        created_at: format_millis(row.get(10)?),
        updated_at: format_millis(row.get(11)?),
        version: row.get(12)?,
        number: row.get(13)?,
    })
}

fn internal(error: rusqlite::Error) -> StatusCode {
    eprintln!("{error}");
    StatusCode::INTERNAL_SERVER_ERROR
}
