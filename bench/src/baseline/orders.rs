//! Orders that are as durable as those of the application: the same number of commits before the response and after it, each of which waits for the
//! disk, in as many databases. Each commit stores a row of the size of an event.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::access::Client;
use super::{Baseline, Resource, new_id, products};
use crate::orders::Commits;

/// The databases, as many as an order has in the application. Orders are in the first.
const DATABASES: [&str; 4] = ["orders.db", "catalog.db", "payments.db", "notifications.db"];

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, body TEXT NOT NULL, created_at INTEGER NOT NULL, captured_at INTEGER);
    CREATE TABLE IF NOT EXISTS steps (order_id TEXT NOT NULL, step INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (order_id, step));";
const INSERT_ORDER: &str = "INSERT INTO orders (id, body, created_at) VALUES (?1, ?2, ?3)";
const INSERT_STEP: &str = "INSERT INTO steps (order_id, step, body) VALUES (?1, ?2, ?3)";
const SET_CAPTURED: &str = "UPDATE orders SET captured_at = ?2 WHERE id = ?1";

/// The databases of the orders.
pub(super) struct Orders {
    databases: [Mutex<Connection>; DATABASES.len()],
    commits: Commits,
}

#[derive(Deserialize)]
struct PlaceOrderRequest {
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    product_id: Uuid,
    quantity: i64,
}

impl Orders {
    /// Opens the databases in `folder`.
    ///
    /// # Errors
    ///
    /// If they cannot be created.
    pub(super) fn open(folder: &Path, commits: Commits) -> rusqlite::Result<Self> {
        let open = |name: &str| -> rusqlite::Result<_> {
            let connection = Connection::open(folder.join(name))?;
            connection.execute_batch(SCHEMA)?;
            Ok(Mutex::new(connection))
        };
        let [orders, catalog, payments, notifications] = DATABASES;
        let databases = [open(orders)?, open(catalog)?, open(payments)?, open(notifications)?];
        Ok(Self { databases, commits })
    }

    /// Makes the commits until the response.
    fn place(&self, id: &str, body: &str) -> rusqlite::Result<()> {
        for step in 1..self.commits.before {
            self.commit(id, step, body)?;
        }
        self.database(0).prepare_cached(INSERT_ORDER)?.execute(params![id, body, now()]).map(drop)
    }

    /// Makes the commits after the response.
    fn complete(&self, id: &str, body: &str) -> rusqlite::Result<()> {
        for step in self.commits.before + 1..self.commits.all {
            self.commit(id, step, body)?;
        }
        self.database(0).prepare_cached(SET_CAPTURED)?.execute(params![id, now()]).map(drop)
    }

    fn commit(&self, id: &str, step: u32, body: &str) -> rusqlite::Result<()> {
        self.database(step).prepare_cached(INSERT_STEP)?.execute(params![id, step, body]).map(drop)
    }

    fn database(&self, step: u32) -> MutexGuard<'_, Connection> {
        self.databases[step as usize % DATABASES.len()].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `POST /v1/orders`
pub(super) async fn place(State(baseline): State<Arc<Baseline>>, request: HeaderMap, body: Bytes) -> Response {
    let start = Instant::now();
    let (headers, shared) = (request.clone(), Arc::clone(&baseline));
    let placed = tokio::task::spawn_blocking(move || new_order(&shared, &headers, &body)).await;
    let placed = placed.unwrap_or(Err(StatusCode::INTERNAL_SERVER_ERROR));
    let resource = placed.map(|(id, body)| {
        let resource =
            Resource { etag: "\"v1\"".to_owned(), cache_control: "private, no-cache", link: None, body: body.clone() };
        let shared = Arc::clone(&baseline);
        tokio::task::spawn_blocking(move || shared.orders.complete(&id, &body).map_err(|error| eprintln!("{error}")));
        resource
    });
    let mut response = baseline.respond(start, &request, "/v1/orders".to_owned(), (resource, None));
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::CREATED;
    }
    response
}

/// Checks and places an order, and returns its id and representation.
fn new_order(baseline: &Baseline, headers: &HeaderMap, body: &[u8]) -> Result<(String, String), StatusCode> {
    let claims = baseline.access.authenticate(headers)?;
    baseline.access.count(Client::User(claims.user))?;
    let request: PlaceOrderRequest = serde_json::from_slice(body).map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)?;
    let internal = |error: rusqlite::Error| {
        eprintln!("{error}");
        StatusCode::INTERNAL_SERVER_ERROR
    };
    let mut total = 0;
    for Item { product_id, quantity } in &request.items {
        let product = baseline.catalog.read(|connection| products::find(connection, *product_id)).map_err(internal)?;
        total += product.ok_or(StatusCode::CONFLICT)?.price.amount * quantity;
    }
    let id = new_id().to_string();
    let body = String::from_utf8_lossy(body);
    let order = json!({"id": id, "user_id": claims.user, "status": "pending_payment", "total": total, "request": body})
        .to_string();
    baseline.orders.place(&id, &order).map_err(internal)?;
    Ok((id, order))
}

fn now() -> i64 {
    Timestamp::now().as_millisecond()
}
