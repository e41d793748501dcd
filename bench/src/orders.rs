//! The figures of orders: the time until the response, the time until the payment, and the space in the databases; and the throughput of events
//! between services, pushed and pulled.

mod databases;
mod report;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use xtask::http::Client;
use xtask::tick::Ticker;
use xtask::workspace::Workspace;

use self::databases::Databases;
use self::report::{Backlog, ClosedLoop, Report};
use crate::accounts;
use crate::calls;
use crate::environment::Environment;
use crate::instance::{SERVICE_TOKEN_SECRET, Server};
use crate::load::{LoadResult, Operation, load, paced};
use crate::report::{Quantiles, publish};

/// The numbers of buyers who place orders in sequence.
const BUYERS: [usize; 2] = [1, 16];

/// The fixed rate at which responses and payments are timed, in orders a second, and the connections that share it.
const RATE: u32 = 50;
const RATE_CONNECTIONS: u32 = 16;

/// The longest time until all orders are paid and captured.
const CAPTURE_TIMEOUT: Duration = Duration::from_secs(300);

/// Variables that prevent events from being pushed: the address of a Redis server that does not exist.
const WITHOUT_PUSH: [(&str, &str); 2] = [("event_transport", "redis"), ("redis_address", "redis://127.0.0.1:1")];

/// The durations and counts of the measurements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) warm_up: Duration,
    pub(crate) run: Duration,
    /// Of the orders at the fixed rate.
    pub(crate) paced: Duration,
    /// The number of orders whose events are not pushed.
    pub(crate) backlog: u32,
}

/// Measures everything, prints it, and writes it to `json` if given.
///
/// # Errors
///
/// If the application does not start or sends an unexpected response.
pub(crate) fn run(effort: Effort, json: Option<&Path>) -> Result<()> {
    let runtime = Runtime::new()?;
    let folder = TempDir::new()?;
    let state = folder.path().join("state");
    let fixture = Fixture::start(&state, &[])?;

    fixture.place_orders(&runtime, 1, effort.warm_up)?;
    fixture.tick_until_captured()?;
    let before = fixture.databases.size_in_bytes()?;
    let first = fixture.databases.last_order()?;
    let mut closed_loop = Vec::new();
    for buyers in BUYERS {
        eprintln!("measuring orders of {buyers} at a time");
        let since = fixture.databases.last_order()?;
        let start = Instant::now();
        let result = fixture.place_orders(&runtime, buyers, effort.run)?;
        fixture.tick_until_captured()?;
        let events = fixture.databases.count_events_since(since)?;
        let seconds = start.elapsed().as_secs_f64();
        let paid = Quantiles::of(&fixture.databases.payment_latency_since(since)?);
        closed_loop.push(ClosedLoop {
            buyers,
            orders_per_second: result.requests_per_second,
            response: Quantiles::of(&result.latency),
            paid,
            events_per_second: f64::from(events) / seconds,
        });
    }
    eprintln!("measuring {RATE} orders a second");
    let since = fixture.databases.last_order()?;
    let latency =
        runtime.block_on(paced(fixture.server.address, &fixture.order, RATE_CONNECTIONS, RATE, effort.paced))?;
    fixture.tick_until_captured()?;
    let paid = Quantiles::of(&fixture.databases.payment_latency_since(since)?);
    let orders = i64::from(fixture.databases.last_order()? - first);
    let bytes_per_order = (fixture.databases.size_in_bytes()? - before) / orders.max(1);
    drop(fixture);

    let report = Report {
        environment: Environment::detect(),
        rate: RATE,
        closed_loop,
        response: Quantiles::of(&latency),
        paid,
        bytes_per_order,
        calls: count_calls(&runtime, &state, folder.path())?,
        backlog: measure_backlog(&runtime, folder.path(), effort.backlog)?,
    };
    publish(&report, &report.text(), json)
}

/// An instance with one product, whose stock is sufficient.
struct Fixture {
    server: Server,
    ticker: Ticker,
    order: Operation,
    databases: Databases,
}

impl Fixture {
    /// Starts an instance with its databases in `state` and with `variables`.
    fn start(state: &Path, variables: &[(&str, &str)]) -> Result<Self> {
        let server = Server::application_with(state, state, Workspace::locate().cache_dir(), variables)?;
        Self::prepare(server, state)
    }

    /// Logs in to `server`, whose databases are in `state`, and imports the product.
    fn prepare(server: Server, state: &Path) -> Result<Self> {
        let client = Client::new(&server.url);
        let token = accounts::log_in_admin(&client)?;
        let product = import_product(&client.as_user(&token))?;
        let ticker = Ticker::new(&client, SERVICE_TOKEN_SECRET.to_owned());
        Ok(Self { ticker, order: order(&token, &product), databases: Databases::open(state)?, server })
    }

    /// Places orders of `buyers` in a closed loop for `time`.
    fn place_orders(&self, runtime: &Runtime, buyers: usize, time: Duration) -> Result<LoadResult> {
        runtime.block_on(load(self.server.address, &self.order, buyers, time))
    }

    /// Ticks until every order is paid and captured.
    fn tick_until_captured(&self) -> Result<()> {
        let start = Instant::now();
        while self.databases.count_uncaptured()? > 0 {
            if start.elapsed() > CAPTURE_TIMEOUT {
                bail!("{} orders are not paid after {CAPTURE_TIMEOUT:?}", self.databases.count_uncaptured()?);
            }
            self.ticker.tick()?;
        }
        Ok(())
    }
}

/// Places at least `orders` orders whose events are not pushed, and measures the time from the first tick until all are captured.
fn measure_backlog(runtime: &Runtime, folder: &Path, orders: u32) -> Result<Backlog> {
    eprintln!("placing {orders} orders whose events are not pushed");
    let state = folder.join("backlog");
    let fixture = Fixture::start(&state, &WITHOUT_PUSH)?;
    while fixture.databases.count_uncaptured()? < orders {
        fixture.place_orders(runtime, 16, Duration::from_millis(500))?;
    }
    let (orders, since) = (fixture.databases.count_uncaptured()?, 0);
    eprintln!("processing their events");
    let start = Instant::now();
    fixture.tick_until_captured()?;
    let seconds = start.elapsed().as_secs_f64();
    Ok(Backlog { orders, events: fixture.databases.count_events_since(since)?, seconds })
}

/// Counts the host calls of one order until its payment is captured, in all services together.
fn count_calls(runtime: &Runtime, state: &Path, folder: &Path) -> Result<calls::Calls> {
    eprintln!("counting calls");
    let server = Server::traced(&folder.join("traced"), state, &[])?;
    let fixture = Fixture::prepare(server, state)?;
    let mut connection =
        runtime.block_on(crate::load::open(fixture.server.address, 1))?.pop().context("no connection")?;
    let mut place = |count: u32| -> Result<()> {
        for _ in 0..count {
            runtime.block_on(connection.measure(&fixture.order))?;
            // No ticks: their calls do not belong to the order.
            let start = Instant::now();
            while fixture.databases.count_uncaptured()? > 0 {
                ensure!(start.elapsed() < CAPTURE_TIMEOUT, "an order is not paid after {CAPTURE_TIMEOUT:?}");
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        Ok(())
    };
    place(2)?;
    let before = fixture.server.process.printed().len();
    place(calls::REQUESTS)?;
    Ok(calls::per_request(&fixture.server.process.printed()[before..]))
}

/// Imports the product, and returns its id.
fn import_product(admin: &Client) -> Result<String> {
    let line = json!({
        "sku": "BENCH-1", "name": "A lamp", "price": {"amount": 4_999, "currency": "EUR"}, "category": "lamps", "stock": {"on_hand": 1_000_000},
    });
    let imported = admin.post_lines("/v1/products/import", &format!("{line}\n"))?;
    ensure!(imported.body["failed"] == json!([]), "the import returned {}: {}", imported.status, imported.body);
    let found = admin.get("/v1/products?q=BENCH-1&limit=1")?;
    Ok(found.body["items"][0]["id"].as_str().context("the imported product is not found")?.to_owned())
}

/// Returns an operation that orders one unit of `product`, each time with a new idempotency key.
fn order(token: &str, product: &str) -> Operation {
    let body = json!({
        "items": [{"product_id": product, "quantity": 1}],
        "shipping_address": {
            "name": "Ada Lovelace", "lines": ["12 St James's Square"], "city": "London", "postal_code": "SW1Y 4JH", "country": "GB",
        },
        "payment_method": {"token": "pm_ok"},
    });
    let (authorization, body) = (format!("Bearer {token}"), Bytes::from(body.to_string()));
    let request = move |number: u64| {
        let request =
            Request::post("/v1/orders").header("host", "localhost").header("content-type", "application/json");
        // Another run on the same databases must not repeat a key.
        let key = format!("bench-{}-{number}", std::process::id());
        let request = request.header("authorization", &authorization).header("idempotency-key", key);
        request.body(Full::new(body.clone())).expect("a valid request")
    };
    Operation { name: "order", expected: StatusCode::CREATED, request: Arc::new(request) }
}
