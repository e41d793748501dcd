//! The public reads of the catalog.

mod product_query;
mod search;
mod sql;
mod store;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use self::product_query::PageRequest;
use super::access::{Client, Quota};
use super::{Baseline, Resource};

/// The `Cache-Control` of the catalog's responses.
const CACHE_CONTROL: &str = "public, max-age=5, stale-while-revalidate=30";

#[derive(Serialize)]
struct Product {
    id: String,
    sku: String,
    name: String,
    description: String,
    price: Money,
    category: String,
    attributes: Map<String, Value>,
    stock: Stock,
    status: String,
    created_at: String,
    updated_at: String,
    #[serde(skip)]
    version: i64,
}

#[derive(Serialize)]
struct Money {
    amount: i64,
    currency: String,
}

#[derive(Serialize)]
struct Stock {
    available: i64,
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
    RawQuery(query): RawQuery,
    request: HeaderMap,
) -> Response {
    let start = Instant::now();
    let result = with_rate_limit(&baseline, peer, || page(&baseline, query.as_deref().unwrap_or_default()));
    baseline.respond(start, &request, "/v1/products".to_owned(), result)
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
    let product = baseline.catalog.read(|connection| store::get(connection, id)).map_err(internal)?;
    let product = product.ok_or(StatusCode::NOT_FOUND)?;
    let etag = format!("\"v{}.{}\"", product.version, product.stock.available);
    let body = serde_json::to_string(&product).expect("a product is plain data");
    Ok(Resource { etag, cache_control: CACHE_CONTROL, link: None, body })
}

#[derive(Serialize)]
struct Page<'a> {
    items: Vec<&'a Product>,
    next_cursor: Option<&'a str>,
}

fn page(baseline: &Baseline, query_string: &str) -> Result<Resource, StatusCode> {
    let PageRequest { query, limit, cursor } = PageRequest::parse(query_string).ok_or(StatusCode::BAD_REQUEST)?;
    let name = query.list_name();
    let position = match cursor {
        None => query.start(),
        Some(cursor) => product_query::decode_cursor(&name, &cursor).ok_or(StatusCode::BAD_REQUEST)?,
    };
    let rows = i64::try_from(limit + 1).expect("a page is small");
    let items =
        baseline.catalog.read(|connection| store::page(connection, &query, &position, rows)).map_err(internal)?;
    let last = items.get(limit - 1).filter(|_| items.len() > limit);
    let next = last.map(|item| product_query::encode_cursor(&name, &query.position(item)));
    let products = items.iter().take(limit).map(|item| &item.product).collect();
    let page = Page { items: products, next_cursor: next.as_deref() };
    let body = serde_json::to_string(&page).expect("a page is plain data");
    let etag = format!("\"{}\"", base16ct::lower::encode_string(&Sha256::digest(&body)[..16]));
    let link = next.map(|cursor| link(query_string, &cursor));
    Ok(Resource { etag, cache_control: CACHE_CONTROL, link, body })
}

/// Returns the `Link` to the page after `cursor` of the list with the parameters in `query_string`.
fn link(query_string: &str, cursor: &str) -> String {
    let mut next = form_urlencoded::Serializer::new(String::new());
    next.extend_pairs(form_urlencoded::parse(query_string.as_bytes()).filter(|(name, _)| name != "cursor"));
    next.append_pair("cursor", cursor);
    format!("</v1/products?{}>; rel=\"next\"", next.finish())
}

fn internal(error: rusqlite::Error) -> StatusCode {
    eprintln!("{error}");
    StatusCode::INTERNAL_SERVER_ERROR
}
