//! A shop for the drills on orders: people who buy, what they want, and the time that passes until nothing moves any more.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use spindle_tests::instance::SERVICE_SECRET;
use spindle_tests::orders::{order_body, unique_key};
use spindle_tests::products::create_product;
use spindle_tests::{Client, Instance, Response};
use tempfile::TempDir;
use xtask::http;
use xtask::tick::Ticker;

use crate::invariants::Databases;

/// How long anything may take that nobody waits for in person: the acceptance checks give a stuck order a minute.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// How often the instance is ticked while something moves.
const TICK: Duration = Duration::from_millis(200);

/// How often the books are looked at.
const LOOK: Duration = Duration::from_millis(5);

/// With these, what a crash leaves is taken up within seconds.
pub(crate) const SHORT_TIMEOUTS: [(&str, &str); 6] = [
    ("access_token_seconds", "86400"),
    ("event_lease_seconds", "2"),
    ("event_retry_base_ms", "50"),
    ("event_retry_cap_ms", "500"),
    ("idempotency_lease_seconds", "1"),
    ("payment_timeout_seconds", "60"),
];

/// A shop's databases, who acts in it, and what it was stocked with. Instances come and go.
pub(crate) struct OrderFixture {
    pub(crate) state: TempDir,
    admin: String,
    /// The access tokens of those who buy.
    customers: Vec<String>,
    stocked: BTreeMap<String, i64>,
}

impl OrderFixture {
    /// A new shop with so many customers.
    pub(crate) fn new(customers: usize) -> Self {
        let state = tempfile::tempdir().expect("a temp folder");
        let instance = Instance::with(state.path(), &SHORT_TIMEOUTS);
        let customers = (0..customers).map(|_| instance.accounts().customer("buyer").access_token).collect();
        let admin = instance.admin().access_token;
        Self { state, admin, customers, stocked: BTreeMap::new() }
    }

    /// Its customer with this number, as `client`.
    pub(crate) fn customer(&self, client: &Client, number: usize) -> Client {
        client.as_user(&self.customers[number % self.customers.len()])
    }

    /// Its admin, as `client`.
    pub(crate) fn admin(&self, client: &Client) -> Client {
        client.as_user(&self.admin)
    }

    /// A new product, of which there are so many; its id.
    pub(crate) fn stock(&mut self, instance: &Instance, pieces: i64) -> String {
        let product = create_product(&self.admin(&instance.client()), &json!({"stock": {"quantity": pieces}}));
        self.stocked.insert(product.id.clone(), pieces);
        product.id
    }

    /// What is in its databases.
    pub(crate) fn databases(&self) -> Databases {
        Databases::open(self.state.path())
    }

    /// The status of the order that `wish` has become, if it has.
    pub(crate) fn status(&self, request: &OrderRequest) -> Option<String> {
        let sql = "SELECT status FROM orders WHERE id = (SELECT resource_id FROM idempotency_keys WHERE key = '{}')";
        self.databases().all(&sql.replace("{}", &request.key)).pop()
    }

    /// Checks that its books are in order.
    pub(crate) fn check(&self) {
        self.databases().check(&self.stocked);
    }

    /// Ticks `instance` until nothing moves any more; nothing if the instance ends before.
    pub(crate) fn settle(&self, instance: &Instance) -> Option<()> {
        let (databases, client, begin) = (self.databases(), instance.client(), Instant::now());
        let mut ticked = begin;
        loop {
            let unsettled = databases.unsettled();
            // A last look after a tick: what was told in between is heard by then.
            if unsettled.is_empty() && try_tick(&client)? && databases.unsettled().is_empty() {
                return Some(());
            }
            assert!(begin.elapsed() < PATIENCE, "stuck: {unsettled:#?}\n{}", complaints(instance));
            if !is_alive(&client) {
                return None;
            }
            if ticked.elapsed() > TICK {
                try_tick(&client)?;
                ticked = Instant::now();
            }
            thread::sleep(LOOK);
        }
    }
}

/// The last warnings and errors that `instance` has printed.
fn complaints(instance: &Instance) -> String {
    let log = instance.log();
    let is_complaint = |line: &&str| !line.contains("\"level\":\"info\"");
    let lines: Vec<&str> = log.lines().rev().filter(is_complaint).take(20).collect();
    lines.join("\n")
}

/// Whether the host of `client` answers, without asking any component.
pub(crate) fn is_alive(client: &Client) -> bool {
    client.try_send("GET", "/.well-known/spin/health", &[], None).is_ok()
}

/// Ticks the instance of `client`; whether every service has done its part. Nothing if the instance has ended.
pub(crate) fn try_tick(client: &Client) -> Option<bool> {
    let ticker = Ticker::new(&http::Client::new(client.base()), SERVICE_SECRET.to_owned());
    if ticker.tick().is_ok() { Some(true) } else { is_alive(client).then_some(false) }
}

/// Somebody's wish for an order, under a key of its own.
#[derive(Clone, Debug)]
pub(crate) struct OrderRequest {
    pub(crate) key: String,
    pub(crate) body: Value,
}

impl OrderRequest {
    /// So many of a product, paid with `token`.
    pub(crate) fn new(product_id: &str, quantity: u32, token: &str) -> Self {
        Self { key: unique_key(), body: order_body(&[(product_id, quantity)], token) }
    }

    /// Sends it once; nothing if there is no answer.
    pub(crate) fn try_send(&self, client: &Client) -> Option<Response> {
        let headers = [("content-type", "application/json"), ("idempotency-key", self.key.as_str())];
        client.try_send("POST", "/v1/orders", &headers, Some(self.body.to_string().as_bytes())).ok()
    }

    /// Sends it until it is answered for good, as clients should; nothing if the instance ends before.
    pub(crate) fn send(&self, client: &Client) -> Option<Response> {
        let begin = Instant::now();
        loop {
            let answer = self.try_send(client)?;
            let is_for_good = answer.status != 503 && answer.header("retry-after").is_none();
            if is_for_good {
                return Some(answer);
            }
            assert!(begin.elapsed() < PATIENCE, "not answered for good: {}", answer.text());
            thread::sleep(LOOK);
        }
    }
}

/// The id in an order.
pub(crate) fn order_id(order: &Response) -> String {
    let body = order.json();
    body["id"].as_str().unwrap_or_else(|| panic!("an order has an id: {body}")).to_owned()
}

/// Asks for `step` (cancel, fulfil) of the order; nothing if there is no answer.
pub(crate) fn try_step(client: &Client, order_id: &str, step: &str) -> Option<Response> {
    client.try_send("POST", &format!("/v1/orders/{order_id}/{step}"), &[], None).ok()
}

/// The answers to `count` calls at once.
pub(crate) fn concurrently<T: Send>(count: usize, call: impl Fn(usize) -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let call = &call;
        let calls: Vec<_> = (0..count).map(|number| scope.spawn(move || call(number))).collect();
        calls.into_iter().map(|call| call.join().expect("nobody panics")).collect()
    })
}

/// Moves the leases of requests without an answer so far back that whoever sent them is not waited for any more. For a shop that is closed.
pub(crate) fn expire_claims(state: &Path) {
    change_orders(state, "UPDATE idempotency_keys SET lease_until = lease_until - 3600000 WHERE status IS NULL");
}

/// Lets the time be over in which an order waits for its payment, if it does. For a shop that is closed.
pub(crate) fn expire_payment_deadline(state: &Path, order_id: &str) {
    let sql = format!("UPDATE orders SET payment_due_at = 0 WHERE id = '{order_id}' AND status = 'pending_payment'");
    change_orders(state, &sql);
}

fn change_orders(state: &Path, sql: &str) {
    let orders = rusqlite::Connection::open(state.join("orders.db")).expect("the orders");
    orders.execute_batch(sql).expect("nobody else writes");
}

/// The time, in seconds since the Unix epoch.
pub(crate) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is past 1970").as_secs().cast_signed()
}
