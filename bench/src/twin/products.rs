//! The reads of the catalog, for anybody.

mod listing;
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

use self::listing::Asked;
use super::access::{Client, Left};
use super::{Found, Twin};

/// What the catalog says of how long its answers may be kept.
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
    State(twin): State<Arc<Twin>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(id): Path<String>,
    request: HeaderMap,
) -> Response {
    let start = Instant::now();
    let answer = counted(&twin, peer, || product(&twin, &id));
    twin.respond(start, &request, format!("/v1/products/{id}"), answer)
}

/// `GET /v1/products`
pub(super) async fn list(
    State(twin): State<Arc<Twin>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    RawQuery(query): RawQuery,
    request: HeaderMap,
) -> Response {
    let start = Instant::now();
    let answer = counted(&twin, peer, || page(&twin, query.as_deref().unwrap_or_default()));
    twin.respond(start, &request, "/v1/products".to_owned(), answer)
}

/// What `read` finds, if `peer` has not asked too often, and how often they may ask still.
fn counted(
    twin: &Twin,
    peer: SocketAddr,
    read: impl FnOnce() -> Result<Found, StatusCode>,
) -> (Result<Found, StatusCode>, Option<Left>) {
    match twin.access.count(Client::Address(peer.ip())) {
        Ok(left) => (read(), Some(left)),
        Err(status) => (Err(status), None),
    }
}

fn product(twin: &Twin, id: &str) -> Result<Found, StatusCode> {
    let id: Uuid = id.parse().map_err(|_| StatusCode::NOT_FOUND)?;
    let product = twin.catalog.read(|connection| store::get(connection, id)).map_err(internal)?;
    let product = product.ok_or(StatusCode::NOT_FOUND)?;
    let etag = format!("\"v{}\"", product.version);
    let body = serde_json::to_string(&product).expect("a product is plain data");
    Ok(Found { etag, cache_control: CACHE_CONTROL, link: None, body })
}

#[derive(Serialize)]
struct Page<'a> {
    items: Vec<&'a Product>,
    next_cursor: Option<&'a str>,
}

fn page(twin: &Twin, query: &str) -> Result<Found, StatusCode> {
    let Asked { listing, limit, cursor } = Asked::parse(query).ok_or(StatusCode::BAD_REQUEST)?;
    let name = listing.name();
    let position = match cursor {
        None => listing.start(),
        Some(cursor) => listing::decode_cursor(&name, &cursor).ok_or(StatusCode::BAD_REQUEST)?,
    };
    let rows = i64::try_from(limit + 1).expect("a page is small");
    let found = twin.catalog.read(|connection| store::page(connection, &listing, &position, rows)).map_err(internal)?;
    let last = found.get(limit - 1).filter(|_| found.len() > limit);
    let next = last.map(|listed| listing::encode_cursor(&name, &listing.position(listed)));
    let items = found.iter().take(limit).map(|listed| &listed.product).collect();
    let page = Page { items, next_cursor: next.as_deref() };
    let body = serde_json::to_string(&page).expect("a page is plain data");
    let etag = format!("\"{}\"", base16ct::lower::encode_string(&Sha256::digest(&body)[..16]));
    let link = next.map(|cursor| link(query, &cursor));
    Ok(Found { etag, cache_control: CACHE_CONTROL, link, body })
}

/// The `Link` to the page after `cursor` of the list that `query` asks for.
fn link(query: &str, cursor: &str) -> String {
    let mut next = form_urlencoded::Serializer::new(String::new());
    next.extend_pairs(form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "cursor"));
    next.append_pair("cursor", cursor);
    format!("</v1/products?{}>; rel=\"next\"", next.finish())
}

fn internal(error: rusqlite::Error) -> StatusCode {
    eprintln!("{error}");
    StatusCode::INTERNAL_SERVER_ERROR
}
