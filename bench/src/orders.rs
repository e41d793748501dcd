//! Orders and notifications until their work is done: the databases of a server are read, and an application is ticked, until nothing is open.

use std::fmt;
use std::fs;
use std::path::Path;
use std::str::FromStr;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use rusqlite::{Connection, OpenFlags};
use toml::Table;
use xtask::http::Client;
use xtask::tick::Ticker;
use xtask::workspace::Workspace;

use crate::load::{Latency, empty_histogram};
use crate::server::{Kind, SERVICE_TOKEN_SECRET, Server};

/// The longest time until all work is done.
const TIMEOUT: Duration = Duration::from_secs(300);

/// The time between two looks at a database. On Spin, a reader delays the writers.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// The number of events that an order takes until it is captured: `PaymentRequested`, `PaymentAuthorized`, `OrderPaid` (to two consumers) and
/// `PaymentCaptured`.
pub(crate) const EVENTS_PER_ORDER: f64 = 5.0;

/// Work that continues after its response, and the statements that show its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deferred {
    database: &'static str,
    count_open: &'static str,
    last: &'static str,
    /// The milliseconds from the request to the end of each after ?1.
    durations: &'static str,
}

/// Orders, until their payments are captured. The tables of the baselines have these columns too.
pub(crate) const ORDERS: Deferred = Deferred {
    database: "orders.db",
    count_open: "SELECT count(*) FROM orders WHERE captured_at IS NULL",
    last: "SELECT coalesce(max(created_at), 0) FROM orders",
    durations: "SELECT max(captured_at - created_at, 0) FROM orders WHERE created_at > ?1",
};

/// Notifications, until the provider has accepted them.
pub(crate) const NOTIFICATIONS: Deferred = Deferred {
    database: "notifications.db",
    count_open: "SELECT count(*) FROM notifications WHERE status = 'queued'",
    last: "SELECT coalesce(max(created_at), 0) FROM notifications",
    durations: "SELECT max(sent_at - created_at, 0) FROM notifications WHERE created_at > ?1",
};

/// The work of one kind on one server, from a point in time on.
pub(crate) struct Watch<'s> {
    server: &'s Server,
    work: Deferred,
    database: Connection,
    since: i64,
    begin: Instant,
}

/// The end of all work.
#[derive(Debug)]
pub(crate) struct Done {
    /// From the request to the end.
    pub(crate) latency: Latency,
    pub(crate) per_second: f64,
}

impl<'s> Watch<'s> {
    /// Begins to watch.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub(crate) fn begin(server: &'s Server, work: Deferred) -> Result<Self> {
        let file = server.orders.join(work.database);
        let database = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        database.busy_timeout(Duration::from_secs(5))?;
        let since = database.query_row(work.last, [], |row| row.get(0))?;
        Ok(Self { server, work, database, since, begin: Instant::now() })
    }

    /// Waits until all work is done. An application is ticked: events whose push was refused wait for it.
    ///
    /// # Errors
    ///
    /// If it is not done in time.
    pub(crate) fn end(self) -> Result<Done> {
        let ticker = Ticker::new(&Client::new(&self.server.url), SERVICE_TOKEN_SECRET.to_owned());
        let open = || self.database.query_row(self.work.count_open, [], |row| row.get::<_, i64>(0));
        while open()? > 0 {
            ensure!(self.begin.elapsed() < TIMEOUT, "{} are still open after {TIMEOUT:?}", open()?);
            if self.server.kind == Kind::Spindle {
                ticker.tick()?;
            }
            thread::sleep(POLL_INTERVAL);
        }
        let seconds = self.begin.elapsed().as_secs_f64();
        let mut latency = empty_histogram();
        let mut statement = self.database.prepare(self.work.durations)?;
        for millis in statement.query_map([self.since], |row| row.get::<_, u32>(0))? {
            latency.record(u64::from(millis?) * 1_000_000)?;
        }
        #[expect(clippy::cast_precision_loss, reason = "no run has 2^53 orders")]
        let per_second = latency.len() as f64 / seconds;
        Ok(Done { latency, per_second })
    }
}

/// The durable commits of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Commits {
    /// Those before its response.
    pub(crate) before: u32,
    /// All until it is captured and the buyer notified.
    pub(crate) all: u32,
}

impl Commits {
    /// Returns those of the application: the baselines make as many.
    ///
    /// # Errors
    ///
    /// If they are not in `tests/budget/budgets.toml`.
    pub(crate) fn of_application() -> Result<Self> {
        Self::read(&Workspace::locate().root().join("tests/budget/budgets.toml"))
    }

    fn read(file: &Path) -> Result<Self> {
        let table: Table = toml::from_str(&fs::read_to_string(file)?)?;
        let commits = |operation: &str| {
            let commits = table["counted"].get(operation).and_then(|counts| counts.get("commits")?.as_integer());
            let commits = commits.with_context(|| format!("{} has no commits of {operation}", file.display()))?;
            anyhow::Ok(u32::try_from(commits)?)
        };
        let (before, all) = ("order, until the response", "order, until it is captured and the buyer notified");
        Ok(Self { before: commits(before)?, all: commits(all)? })
    }
}

impl fmt::Display for Commits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.before, self.all)
    }
}

impl FromStr for Commits {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (before, all) = text.split_once(',').context("two numbers with a comma")?;
        let commits = Self { before: before.parse()?, all: all.parse()? };
        ensure!(
            0 < commits.before && commits.before < commits.all,
            "an order commits before its response and after it"
        );
        Ok(commits)
    }
}
