//! The delivery of notifications, from the request of an operator until the provider has accepted it; and the cost of a provider.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use xtask::http::Client;
use xtask::tick::Ticker;

use crate::accounts;
use crate::environment::Environment;
use crate::instance::{SERVICE_TOKEN_SECRET, Server};
use crate::load::{Latency, Operation, empty_histogram, load};
use crate::providers::{self, Provider};
use crate::report::{Quantiles, publish};

/// The numbers of operators who request notifications in sequence.
const SENDERS: [usize; 2] = [1, 16];

/// The longest time until all requested notifications are delivered.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(300);

const COUNT_QUEUED: &str = "SELECT count(*) FROM notifications WHERE status = 'queued'";
const SELECT_LAST: &str = "SELECT coalesce(max(id), '') FROM notifications";
const SELECT_DURATIONS: &str = "SELECT max(sent_at - created_at, 0) FROM notifications WHERE id > ?1";

/// The durations of the measurements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) warm_up: Duration,
    pub(crate) run: Duration,
    /// Of each provider.
    pub(crate) provider: Duration,
}

/// Everything that was measured.
#[derive(Debug, Serialize)]
struct Report {
    environment: Environment,
    deliveries: Vec<Deliveries>,
    providers: Vec<Provider>,
}

/// Notifications in a closed loop.
#[derive(Debug, Serialize)]
struct Deliveries {
    senders: usize,
    accepted_per_second: f64,
    response: Quantiles,
    /// Until the last notification was delivered.
    delivered_per_second: f64,
    /// The time from the request to the provider's result.
    delivered: Quantiles,
}

/// Measures everything, prints it, and writes it to `json` if given.
///
/// # Errors
///
/// If the application does not start or sends an unexpected response.
pub(crate) fn run(effort: Effort, json: Option<&Path>) -> Result<()> {
    let runtime = Runtime::new()?;
    let folder = TempDir::new()?;
    let fixture = Fixture::start(&folder.path().join("state"))?;
    fixture.send_notifications(&runtime, 1, effort.warm_up)?;
    let mut deliveries = Vec::new();
    for senders in SENDERS {
        eprintln!("measuring notifications of {senders} at a time");
        deliveries.push(fixture.send_notifications(&runtime, senders, effort.run)?);
    }
    drop(fixture);
    let providers = providers::measure(&runtime, folder.path(), effort.provider)?;
    let report = Report { environment: Environment::detect(), deliveries, providers };
    publish(&report, &report.text(), json)
}

/// An instance, and the notification that is requested repeatedly.
struct Fixture {
    server: Server,
    ticker: Ticker,
    message: Operation,
    database: Connection,
}

impl Fixture {
    /// Starts an instance with its state in `state`.
    fn start(state: &Path) -> Result<Self> {
        let server = Server::application(state, xtask::workspace::Workspace::locate().cache_dir())?;
        let client = Client::new(&server.url);
        let token = accounts::log_in_admin(&client)?;
        let user = accounts::create_user(&client.as_user(&token))?;
        let ticker = Ticker::new(&client, SERVICE_TOKEN_SECRET.to_owned());
        let database = Connection::open_with_flags(state.join("notifications.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        database.busy_timeout(Duration::from_secs(5))?;
        Ok(Self { ticker, message: message(&token, &user), database, server })
    }

    /// Requests notifications from `senders` connections for `time`, and waits until all are delivered.
    fn send_notifications(&self, runtime: &Runtime, senders: usize, time: Duration) -> Result<Deliveries> {
        let last: String = self.database.query_row(SELECT_LAST, [], |row| row.get(0))?;
        let start = Instant::now();
        let result = runtime.block_on(load(self.server.address, &self.message, senders, time))?;
        self.tick_until_delivered()?;
        let seconds = start.elapsed().as_secs_f64();
        let delivered = self.delivery_latency_since(&last)?;
        #[expect(clippy::cast_precision_loss, reason = "no run sends 2^53 notifications")]
        let count = delivered.len() as f64;
        Ok(Deliveries {
            senders,
            accepted_per_second: result.requests_per_second,
            response: Quantiles::of(&result.latency),
            delivered_per_second: count / seconds,
            delivered: Quantiles::of(&delivered),
        })
    }

    /// Ticks until every notification is delivered.
    fn tick_until_delivered(&self) -> Result<()> {
        let start = Instant::now();
        loop {
            let queued: u32 = self.database.query_row(COUNT_QUEUED, [], |row| row.get(0))?;
            if queued == 0 {
                return Ok(());
            }
            if start.elapsed() > DELIVERY_TIMEOUT {
                bail!("{queued} notifications are not delivered after {DELIVERY_TIMEOUT:?}");
            }
            self.ticker.tick()?;
        }
    }

    /// Returns the times from the request to the delivery of the notifications after `last`.
    fn delivery_latency_since(&self, last: &str) -> Result<Latency> {
        let mut statement = self.database.prepare(SELECT_DURATIONS)?;
        let mut latency = empty_histogram();
        for millis in statement.query_map([last], |row| row.get::<_, u32>(0))? {
            latency.record(u64::from(millis?) * 1_000_000)?;
        }
        Ok(latency)
    }
}

/// Returns an operation that requests an e-mail to `user`.
fn message(token: &str, user: &str) -> Operation {
    let body = json!({
        "user_id": user,
        "template": "message",
        "channel": "email",
        "data": {"subject": "Closed on Monday", "text": "We are closed on Monday. Orders are shipped on Tuesday."},
    });
    let (authorization, body) = (format!("Bearer {token}"), Bytes::from(body.to_string()));
    let request = move |_| {
        let request = Request::post("/v1/notifications").header("host", "localhost");
        let request = request.header("content-type", "application/json").header("authorization", &authorization);
        request.body(Full::new(body.clone())).expect("a valid request")
    };
    Operation { name: "notification", expected: StatusCode::ACCEPTED, request: Arc::new(request) }
}

impl Report {
    fn text(&self) -> String {
        let mut text = format!("\n{}\n\n", self.environment.text());
        // Writing to a String never fails.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "senders  accepted/s   response: p50     p95   delivered/s   delivered: p50     p95     p99")?;
        for Deliveries { senders, accepted_per_second, response, delivered_per_second, delivered } in &self.deliveries {
            write!(text, "{senders:>7} {accepted_per_second:>11.0}        ")?;
            write!(text, "{:>8.2}{:>8.2} {delivered_per_second:>13.0}", response.p50_ms, response.p95_ms)?;
            writeln!(text, "        {:>8.0}{:>8.0}{:>8.0}", delivered.p50_ms, delivered.p95_ms, delivered.p99_ms)?;
        }
        providers::write(text, &self.providers)
    }
}
