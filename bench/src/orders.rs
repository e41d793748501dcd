//! What an order takes: until its buyer has an answer, until it is paid, and what is left of it in the databases; and how fast events go
//! from service to service, pushed and pulled.

mod ledger;
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

use self::ledger::Ledger;
use self::report::{Backlog, Placed, Report};
use crate::calls;
use crate::instance::{SERVICE_TOKEN_SECRET, Server};
use crate::load::{Operation, Outcome, load, paced};
use crate::machine::Machine;
use crate::people;
use crate::report::{Quantiles, publish};

/// The numbers of buyers who order one thing after the other.
const BUYERS: [usize; 2] = [1, 16];

/// The fixed rate at which answers and payments are timed: orders a second, and the connections that share them.
const RATE: u32 = 50;
const RATE_CONNECTIONS: u32 = 16;

/// How long what was ordered may take to be paid and captured, all of it.
const PATIENCE: Duration = Duration::from_secs(300);

/// Events that nobody is told of: Redis, where there is none.
const UNPUSHED: [(&str, &str); 2] = [("event_transport", "redis"), ("redis_address", "redis://127.0.0.1:1")];

/// How much time the figures may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) warm_up: Duration,
    pub(crate) run: Duration,
    /// At the fixed rate.
    pub(crate) paced: Duration,
    /// How many orders nobody was told of.
    pub(crate) backlog: u32,
}

/// Measures everything, prints it, and writes it to `json` if given.
///
/// # Errors
///
/// If the application does not start, or answers what it should not.
pub(crate) fn run(effort: Effort, json: Option<&Path>) -> Result<()> {
    let runtime = Runtime::new()?;
    let folder = TempDir::new()?;
    let state = folder.path().join("state");
    let shop = Shop::open(&state, &[])?;

    shop.place_for(&runtime, 1, effort.warm_up)?;
    shop.settle()?;
    let before = shop.ledger.bytes()?;
    let first = shop.ledger.last_order()?;
    let mut closed = Vec::new();
    for buyers in BUYERS {
        eprintln!("measuring orders of {buyers} at a time");
        let since = shop.ledger.last_order()?;
        let start = Instant::now();
        let outcome = shop.place_for(&runtime, buyers, effort.run)?;
        shop.settle()?;
        let events = shop.ledger.events_since(since)?;
        let seconds = start.elapsed().as_secs_f64();
        let paid = Quantiles::of(&shop.ledger.paid_since(since)?);
        closed.push(Placed {
            buyers,
            orders_per_second: outcome.requests_per_second,
            answer: Quantiles::of(&outcome.latency),
            paid,
            events_per_second: f64::from(events) / seconds,
        });
    }
    eprintln!("measuring {RATE} orders a second");
    let since = shop.ledger.last_order()?;
    let answer = runtime.block_on(paced(shop.server.address, &shop.order, RATE_CONNECTIONS, RATE, effort.paced))?;
    shop.settle()?;
    let paid = Quantiles::of(&shop.ledger.paid_since(since)?);
    let orders = i64::from(shop.ledger.last_order()? - first);
    let bytes_per_order = (shop.ledger.bytes()? - before) / orders.max(1);
    drop(shop);

    let report = Report {
        machine: Machine::this(),
        rate: RATE,
        closed,
        answer: Quantiles::of(&answer),
        paid,
        bytes_per_order,
        calls: count_calls(&runtime, &state, folder.path())?,
        backlog: backlog(&runtime, folder.path(), effort.backlog)?,
    };
    publish(&report, &report.text(), json)
}

/// An instance with one thing for sale, of which there is enough.
struct Shop {
    server: Server,
    ticker: Ticker,
    order: Operation,
    ledger: Ledger,
}

impl Shop {
    /// Opens one with its databases in `state` and with `variables`.
    fn open(state: &Path, variables: &[(&str, &str)]) -> Result<Self> {
        let server = Server::application_with(state, state, Workspace::locate().cache_dir(), variables)?;
        Self::furnish(server, state)
    }

    fn furnish(server: Server, state: &Path) -> Result<Self> {
        let client = Client::new(&server.url);
        let token = people::log_in_admin(&client)?;
        let product = stock_up(&client.as_user(&token))?;
        let ticker = Ticker::new(&client, SERVICE_TOKEN_SECRET.to_owned());
        Ok(Self { ticker, order: order(&token, &product), ledger: Ledger::open(state)?, server })
    }

    fn place_for(&self, runtime: &Runtime, buyers: usize, time: Duration) -> Result<Outcome> {
        runtime.block_on(load(self.server.address, &self.order, buyers, time))
    }

    /// Ticks until every order is paid and captured.
    fn settle(&self) -> Result<()> {
        let start = Instant::now();
        while self.ledger.unsettled()? > 0 {
            if start.elapsed() > PATIENCE {
                bail!("{} orders are not paid after {PATIENCE:?}", self.ledger.unsettled()?);
            }
            self.ticker.tick()?;
        }
        Ok(())
    }
}

/// How long it takes to pay `orders` orders that nobody was told of, from the first tick on.
fn backlog(runtime: &Runtime, folder: &Path, orders: u32) -> Result<Backlog> {
    eprintln!("placing {orders} orders that nobody is told of");
    let state = folder.join("backlog");
    let shop = Shop::open(&state, &UNPUSHED)?;
    while shop.ledger.unsettled()? < orders {
        shop.place_for(runtime, 16, Duration::from_millis(500))?;
    }
    let (orders, since) = (shop.ledger.unsettled()?, 0);
    eprintln!("draining them");
    let start = Instant::now();
    shop.settle()?;
    let seconds = start.elapsed().as_secs_f64();
    Ok(Backlog { orders, events: shop.ledger.events_since(since)?, seconds })
}

/// What one order asks of the host until its payment is captured, in all services together.
fn count_calls(runtime: &Runtime, state: &Path, folder: &Path) -> Result<calls::Calls> {
    eprintln!("counting calls");
    let server = Server::traced(&folder.join("traced"), state, &[])?;
    let shop = Shop::furnish(server, state)?;
    let mut connection = runtime.block_on(crate::load::open(shop.server.address, 1))?.pop().context("no connection")?;
    let mut place = |count: u32| -> Result<()> {
        for _ in 0..count {
            runtime.block_on(connection.ask(&shop.order))?;
            // Without a tick, whose calls are not an order's.
            let start = Instant::now();
            while shop.ledger.unsettled()? > 0 {
                ensure!(start.elapsed() < PATIENCE, "an order is not paid after {PATIENCE:?}");
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        Ok(())
    };
    place(2)?;
    let before = shop.server.process.printed().len();
    place(calls::REQUESTS)?;
    Ok(calls::in_log(&shop.server.process.printed()[before..]))
}

/// The id of the one thing for sale.
fn stock_up(admin: &Client) -> Result<String> {
    let line = json!({
        "sku": "BENCH-1", "name": "A lamp", "price": {"amount": 4_999, "currency": "EUR"}, "category": "lamps", "stock": {"quantity": 1_000_000},
    });
    let imported = admin.post_lines("/v1/products/import", &format!("{line}\n"))?;
    ensure!(imported.body["failed"] == json!([]), "the import answered {}: {}", imported.status, imported.body);
    let found = admin.get("/v1/products?q=BENCH-1&limit=1")?;
    Ok(found.body["items"][0]["id"].as_str().context("the product is not there")?.to_owned())
}

/// Orders one of `product`, each time under another key.
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
        // Another run on the same databases must not find its keys taken.
        let key = format!("bench-{}-{number}", std::process::id());
        let request = request.header("authorization", &authorization).header("idempotency-key", key);
        request.body(Full::new(body.clone())).expect("a valid request")
    };
    Operation { name: "order", expected: StatusCode::CREATED, request: Arc::new(request) }
}
