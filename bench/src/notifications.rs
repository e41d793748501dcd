//! How fast notifications are delivered: from an operator's request for one until the provider has it. And what a provider costs.

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

use crate::instance::{SERVICE_TOKEN_SECRET, Server};
use crate::load::{Latency, Operation, latency, load};
use crate::machine::Machine;
use crate::people;
use crate::providers::{self, Provider};
use crate::report::{Quantiles, publish};

/// The numbers of operators who ask for one notification after the other.
const SENDERS: [usize; 2] = [1, 16];

/// How long what was asked for may take to be delivered, all of it.
const PATIENCE: Duration = Duration::from_secs(300);

const COUNT_QUEUED: &str = "SELECT count(*) FROM notifications WHERE status = 'queued'";
const SELECT_LAST: &str = "SELECT coalesce(max(id), '') FROM notifications";
const SELECT_TAKEN: &str = "SELECT max(sent_at - created_at, 0) FROM notifications WHERE id > ?1";

/// How much time the figures may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) warm_up: Duration,
    pub(crate) run: Duration,
    /// For each provider.
    pub(crate) provider: Duration,
}

/// Everything that was measured.
#[derive(Debug, Serialize)]
struct Report {
    machine: Machine,
    deliveries: Vec<Deliveries>,
    providers: Vec<Provider>,
}

/// Notifications in a closed loop.
#[derive(Debug, Serialize)]
struct Deliveries {
    senders: usize,
    accepted_per_second: f64,
    answer: Quantiles,
    /// Until the last one was delivered.
    delivered_per_second: f64,
    /// From the request to the provider's answer.
    delivered: Quantiles,
}

/// Measures everything, prints it, and writes it to `json` if given.
///
/// # Errors
///
/// If the application does not start, or answers what it should not.
pub(crate) fn run(effort: Effort, json: Option<&Path>) -> Result<()> {
    let runtime = Runtime::new()?;
    let folder = TempDir::new()?;
    let office = Office::open(&folder.path().join("state"))?;
    office.send_for(&runtime, 1, effort.warm_up)?;
    let mut deliveries = Vec::new();
    for senders in SENDERS {
        eprintln!("measuring notifications of {senders} at a time");
        deliveries.push(office.send_for(&runtime, senders, effort.run)?);
    }
    drop(office);
    let providers = providers::measure(&runtime, folder.path(), effort.provider)?;
    let report = Report { machine: Machine::this(), deliveries, providers };
    publish(&report, &report.text(), json)
}

/// An instance, and what an operator sends again and again.
struct Office {
    server: Server,
    ticker: Ticker,
    message: Operation,
    database: Connection,
}

impl Office {
    fn open(state: &Path) -> Result<Self> {
        let server = Server::application(state, xtask::workspace::Workspace::locate().cache_dir())?;
        let client = Client::new(&server.url);
        let token = people::log_in_admin(&client)?;
        let user = people::create_ada(&client.as_user(&token))?;
        let ticker = Ticker::new(&client, SERVICE_TOKEN_SECRET.to_owned());
        let database = Connection::open_with_flags(state.join("notifications.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        database.busy_timeout(Duration::from_secs(5))?;
        Ok(Self { ticker, message: message(&token, &user), database, server })
    }

    /// Has `senders` send for `time`, and everything delivered.
    fn send_for(&self, runtime: &Runtime, senders: usize, time: Duration) -> Result<Deliveries> {
        let first: String = self.database.query_row(SELECT_LAST, [], |row| row.get(0))?;
        let start = Instant::now();
        let outcome = runtime.block_on(load(self.server.address, &self.message, senders, time))?;
        self.settle()?;
        let seconds = start.elapsed().as_secs_f64();
        let delivered = self.taken_since(&first)?;
        #[expect(clippy::cast_precision_loss, reason = "nobody sends 2^53 notifications")]
        let count = delivered.len() as f64;
        Ok(Deliveries {
            senders,
            accepted_per_second: outcome.requests_per_second,
            answer: Quantiles::of(&outcome.latency),
            delivered_per_second: count / seconds,
            delivered: Quantiles::of(&delivered),
        })
    }

    /// Ticks until every notification is delivered.
    fn settle(&self) -> Result<()> {
        let start = Instant::now();
        loop {
            let queued: u32 = self.database.query_row(COUNT_QUEUED, [], |row| row.get(0))?;
            if queued == 0 {
                return Ok(());
            }
            if start.elapsed() > PATIENCE {
                bail!("{queued} notifications are not delivered after {PATIENCE:?}");
            }
            self.ticker.tick()?;
        }
    }

    /// How long each notification after `first` took.
    fn taken_since(&self, first: &str) -> Result<Latency> {
        let mut statement = self.database.prepare(SELECT_TAKEN)?;
        let mut taken = latency();
        for millis in statement.query_map([first], |row| row.get::<_, u32>(0))? {
            taken.record(u64::from(millis?) * 1_000_000)?;
        }
        Ok(taken)
    }
}

/// Tells the user `user` something by e-mail.
fn message(token: &str, user: &str) -> Operation {
    let body = json!({
        "user_id": user,
        "template": "message",
        "channel": "email",
        "data": {"subject": "Closed on Monday", "text": "We are closed on Monday. Orders are sent off on Tuesday."},
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
        let mut text = format!("\n{}\n\n", self.machine.text());
        // Writing to a String never fails.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "senders  accepted/s   answered: p50     p95   delivered/s   delivered: p50     p95     p99")?;
        for Deliveries { senders, accepted_per_second, answer, delivered_per_second, delivered } in &self.deliveries {
            write!(text, "{senders:>7} {accepted_per_second:>11.0}        ")?;
            write!(text, "{:>8.2}{:>8.2} {delivered_per_second:>13.0}", answer.p50_ms, answer.p95_ms)?;
            writeln!(text, "        {:>8.0}{:>8.0}{:>8.0}", delivered.p50_ms, delivered.p95_ms, delivered.p99_ms)?;
        }
        providers::write(text, &self.providers)
    }
}
