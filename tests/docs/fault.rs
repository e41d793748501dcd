//! The faults that runbooks are about.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spindle_tests::accounts::Account;
use spindle_tests::dead_letters::dead_letters;
use spindle_tests::instance::place_stores;
use spindle_tests::libsql::Servers;
use spindle_tests::orders::{Order, place_order};
use spindle_tests::products::create_product;
use spindle_tests::redis::RedisServer;
use spindle_tests::{Instance, erasure_fault, payment_fault};
use xtask::store::LibsqlServer;

/// How long a fault may take until it shows.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The token of monitoring.
const METRICS_TOKEN: &str = "a-token-of-monitoring-for-the-runbooks-0123456789";

/// The database that is away.
const AWAY: &str = "payments";

/// The orders whose events wait in a growing outbox.
const WAITING: usize = 3;

/// A fault: the database of payments refuses payments, that of notifications refuses erasures, or a server is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// An event became a dead letter.
    DeadLetter,
    /// Events wait in the inbox and are retried.
    GrowingOutbox,
    /// The libSQL server of a database, a double, was killed.
    LibsqlDown,
    /// Redis, which has both key-value stores, was killed.
    RedisDown,
    /// The erasure of a user became a dead letter; `USER_ID` names the user.
    StuckErasure,
    /// The same as a dead letter; `ORDER` names the order.
    StuckOrder,
}

impl Fault {
    /// Returns the fault that a page names.
    ///
    /// # Panics
    ///
    /// If there is none of that name.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "dead-letter" => Self::DeadLetter,
            "growing-outbox" => Self::GrowingOutbox,
            "libsql-down" => Self::LibsqlDown,
            "redis-down" => Self::RedisDown,
            "stuck-erasure" => Self::StuckErasure,
            "stuck-order" => Self::StuckOrder,
            other => panic!(
                "{other} is no fault: dead-letter, growing-outbox, libsql-down, redis-down, stuck-erasure, stuck-order"
            ),
        }
    }

    /// Returns the variables of an instance in which the fault shows soon.
    pub(crate) fn variables(self) -> [(&'static str, &'static str); 6] {
        let attempts = if self == Self::GrowingOutbox { "1000" } else { "2" };
        [
            ("payment_max_attempts", attempts),
            ("payment_retry_seconds", "0"),
            ("notification_max_attempts", "2"),
            ("event_retry_base_ms", "50"),
            ("event_retry_cap_ms", "500"),
            ("metrics_token", METRICS_TOKEN),
        ]
    }

    /// Starts the servers that the fault is about. They are what the instance in `state` uses.
    ///
    /// # Panics
    ///
    /// If they do not start.
    pub(crate) fn servers(self, state: &Path) -> Option<Shared> {
        match self {
            Self::LibsqlDown => Some(Shared::Libsql(Servers::start(&LibsqlServer::Double, state))),
            Self::RedisDown => RedisServer::start("docs").map(Shared::Redis),
            _ => None,
        }
    }

    /// Causes the fault, and waits until it shows. Returns the variables that the page may use.
    ///
    /// # Panics
    ///
    /// If the fault does not show.
    pub(crate) fn seed(self, instance: &Instance, state: &Path, customer: &Account) -> Vec<(&'static str, String)> {
        if matches!(self, Self::LibsqlDown | Self::RedisDown) {
            return Vec::new();
        }
        if self == Self::StuckErasure {
            return seed_stuck_erasure(instance, state, customer);
        }
        payment_fault::inject(state, "1");
        let admin = instance.admin().client;
        let product = create_product(&admin, &json!({"stock": {"on_hand": 10}}));
        let count = if self == Self::GrowingOutbox { WAITING } else { 1 };
        let orders: Vec<Order> = (0..count).map(|_| place_order(&customer.client, &product, 1, "pm_ok")).collect();
        let begin = Instant::now();
        let shows = || match self {
            Self::GrowingOutbox => instance.log().contains(payment_fault::CAUSE),
            _ => dead_letters(&admin, "payments").len() == count,
        };
        while !shows() {
            assert!(begin.elapsed() < TIMEOUT, "the fault does not show\n{}", instance.log());
            instance.tick();
        }
        if self == Self::StuckOrder { vec![("ORDER", orders[0].id.clone())] } else { Vec::new() }
    }

    /// Removes the cause of the fault.
    pub(crate) fn repair(self, state: &Path) {
        match self {
            Self::StuckErasure => erasure_fault::remove(state),
            Self::DeadLetter | Self::GrowingOutbox | Self::StuckOrder => payment_fault::remove(state),
            Self::LibsqlDown | Self::RedisDown => unreachable!("the servers are repaired"),
        }
    }
}

/// The servers of an instance that a fault is about.
pub(crate) enum Shared {
    /// The databases.
    Libsql(Arc<Servers>),
    /// The key-value stores.
    Redis(RedisServer),
}

impl Shared {
    /// Starts an instance on them.
    pub(crate) fn instance(&self, state: &Path, variables: &[(&str, &str)]) -> Instance {
        match self {
            // An instance finds the servers of its folder.
            Self::Libsql(_) => Instance::with(state, variables),
            Self::Redis(redis) => Instance::with_runtime_config(state, variables, |config| place_stores(config, redis)),
        }
    }

    /// Ends the one that is to be away.
    pub(crate) fn kill(&mut self) {
        match self {
            Self::Libsql(servers) => servers.get(AWAY).kill(),
            Self::Redis(redis) => redis.kill(),
        }
    }

    /// Starts it again.
    pub(crate) fn restart(&mut self) {
        match self {
            Self::Libsql(servers) => servers.get(AWAY).restart(),
            Self::Redis(redis) => redis.restart(),
        }
    }
}

/// Erases `customer`, and waits until the event is a dead letter of notifications.
fn seed_stuck_erasure(instance: &Instance, state: &Path, customer: &Account) -> Vec<(&'static str, String)> {
    erasure_fault::inject(state);
    let admin = instance.admin().client;
    customer.client.delete("/v1/users/me", "*").expect_status(204);
    let begin = Instant::now();
    let is_dead = |letter: &Value| letter["type"] == "UserErased";
    while !dead_letters(&admin, "notifications").iter().any(is_dead) {
        assert!(begin.elapsed() < TIMEOUT, "the fault does not show\n{}", instance.log());
        instance.tick();
    }
    vec![("USER_ID", customer.id.clone())]
}
