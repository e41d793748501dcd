//! The native baseline: the measured reads and orders with axum and rusqlite, with the function of the services as far as a measurement shows it: the
//! same tokens and rate limits; the same rows, items and headers; one access line; pooled connections; and orders with as many commits.

mod access;
mod orders;
mod pool;
mod products;
mod users;

use std::io::{BufWriter, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Instant;

use anyhow::{Result, ensure};
use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;
use xtask::http::Client;

use self::access::{Access, Quota};
use self::orders::Orders;
use self::pool::Pool;
use crate::jwt::Verifier;
use crate::orders::Commits;

/// Serves the databases in `databases` until the process is killed, and stores orders in the folder `orders`, with `commits`. Accepts the tokens of
/// the instance at `auth`.
///
/// # Errors
///
/// If the address is taken, or the instance has no keys.
pub(crate) fn serve(databases: &Path, orders: &Path, auth: &str, commits: Commits, listen: SocketAddr) -> Result<()> {
    let keys = Client::new(auth).get("/.well-known/jwks.json")?;
    ensure!(keys.status == 200, "GET /.well-known/jwks.json of {auth} returned {}", keys.status);
    let (log, lines) = mpsc::channel();
    thread::spawn(move || write_lines(&lines));
    let baseline = Baseline {
        users: Pool::new(databases.join("users.db")),
        catalog: Pool::new(databases.join("catalog.db")),
        orders: Orders::open(orders, commits)?,
        log,
        access: Access::new(Verifier::new(&keys.body)?),
    };
    serve_baseline(baseline, listen)
}

#[tokio::main]
async fn serve_baseline(baseline: Baseline, listen: SocketAddr) -> Result<()> {
    let router = Router::new()
        .route("/v1/users/{id}", get(users::read))
        .route("/v1/products", get(products::list))
        .route("/v1/products/{id}", get(products::read))
        .route("/v1/orders", post(orders::place))
        .with_state(Arc::new(baseline))
        .into_make_service_with_connect_info::<SocketAddr>();
    let listener = tokio::net::TcpListener::bind(listen).await?;
    println!("Serving http://{}", listener.local_addr()?);
    axum::serve(axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true))), router).await?;
    Ok(())
}

/// The state of the server.
struct Baseline {
    users: Pool,
    catalog: Pool,
    orders: Orders,
    log: Sender<String>,
    access: Access,
}

/// The resource of a response.
struct Resource {
    etag: String,
    cache_control: &'static str,
    /// The `Link` of a page to the next page.
    link: Option<String>,
    body: String,
}

impl Baseline {
    /// Returns the response to a request that arrived at `start`: the resource or the status of the error, with the remaining quota of the rate
    /// limit. Writes the access line.
    fn respond(
        &self,
        start: Instant,
        request: &HeaderMap,
        path: String,
        (result, quota): (Result<Resource, StatusCode>, Option<Quota>),
    ) -> Response {
        let request_id = match request.get("x-request-id").and_then(|id| id.to_str().ok()) {
            Some(id) => id.to_owned(),
            None => new_id().to_string(),
        };
        let (status, resource) = match result {
            Ok(resource) if is_current(request, &resource.etag) => {
                (StatusCode::NOT_MODIFIED, Resource { body: String::new(), ..resource })
            }
            Ok(resource) => (StatusCode::OK, resource),
            Err(status) => {
                let (etag, body) = (String::new(), String::new());
                (status, Resource { etag, cache_control: "no-store", link: None, body })
            }
        };
        let Resource { etag, cache_control, link, body } = resource;
        let line = json!({
            "ts": timestamp(Timestamp::now()),
            "level": "info",
            "service": "baseline",
            "message": "request",
            "request_id": request_id,
            "trace_id": new_id().simple().to_string(),
            "http.request.method": "GET",
            "url.path": path,
            "http.response.status_code": status.as_u16(),
            "http.response.body.size": body.len(),
            "http.server.request.duration": start.elapsed().as_secs_f64(),
        });
        // The writer runs as long as the process.
        let _ = self.log.send(line.to_string());
        let headers = [
            (header::CONTENT_TYPE, "application/json"),
            (header::ETAG, &etag),
            (header::CACHE_CONTROL, cache_control),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::VARY, "origin"),
            (header::HeaderName::from_static("x-request-id"), &request_id),
        ];
        let link = link.map(|link| AppendHeaders([(header::LINK, link)]));
        let quota =
            quota.map(|Quota { policy, state }| AppendHeaders([("ratelimit-policy", policy), ("ratelimit", state)]));
        (status, headers, link, quota, body).into_response()
    }
}

/// Returns whether the client has the version with `etag`.
fn is_current(request: &HeaderMap, etag: &str) -> bool {
    let tags = request.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    let mut tags = tags.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// Formats a stored time for a response.
fn format_millis(millis: i64) -> String {
    timestamp(Timestamp::from_millisecond(millis).unwrap_or_default())
}

fn timestamp(time: Timestamp) -> String {
    format!("{time:.3}")
}

/// Returns a new UUIDv7.
fn new_id() -> Uuid {
    let mut random = [0; 10];
    getrandom::fill(&mut random).expect("the system has randomness");
    let now = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(now, &random).into_uuid()
}

/// Writes the lines that are waiting in one write, as the host does.
fn write_lines(lines: &Receiver<String>) {
    let mut out = BufWriter::new(std::io::stdout());
    while let Ok(first) = lines.recv() {
        for line in std::iter::once(first).chain(lines.try_iter()) {
            if writeln!(out, "{line}").is_err() {
                return;
            }
        }
        if out.flush().is_err() {
            return;
        }
    }
}
