//! The fixture of the acceptance tests on orders: customers, requests for orders, and the wait until all work is settled.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use spindle_tests::instance::{Failpoints, SERVICE_SECRET, choose};
use spindle_tests::orders::{order_body, unique_key};
use spindle_tests::payment_service::PaymentService;
use spindle_tests::products::create_product;
use spindle_tests::{Client, Instance, Response, database};
use tempfile::TempDir;
use toml::Table;
use xtask::http;
use xtask::tick::Ticker;

use crate::invariants::Databases;

/// The time limit for background work: the acceptance checks give a stuck order a minute.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(60);

/// The time between two ticks while work is unsettled.
const TICK_INTERVAL: Duration = Duration::from_millis(200);

/// The time between two looks at the databases.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// Short leases and delays, so that the work that a crash interrupts is resumed within seconds.
pub(crate) const SHORT_TIMEOUTS: [(&str, &str); 7] = [
    ("access_token_seconds", "86400"),
    ("event_lease_seconds", "3"),
    ("event_retry_base_ms", "50"),
    ("event_retry_cap_ms", "500"),
    ("idempotency_lease_seconds", "1"),
    ("payment_timeout_seconds", "60"),
    ("provider_timeout_seconds", "2"),
];

/// The databases of an application, its admin and customers, and the stock of its products. Instances start and end.
pub(crate) struct OrderFixture {
    pub(crate) state: TempDir,
    admin: String,
    /// The provider of its payments, which survives the instances.
    pub(crate) service: PaymentService,
    /// The access tokens of the customers.
    customers: Vec<String>,
    stocked: BTreeMap<String, i64>,
}

impl OrderFixture {
    /// Creates a fixture with this number of customers.
    pub(crate) fn new(customers: usize) -> Self {
        Self::in_folder(tempfile::tempdir().expect("a temp folder"), customers)
    }

    /// Does the same in the folder `state`.
    pub(crate) fn in_folder(state: TempDir, customers: usize) -> Self {
        let instance = Instance::with(state.path(), &SHORT_TIMEOUTS);
        Self::of_instance(&instance, state, PaymentService::start(), customers)
    }

    /// Does the same with an instance that runs on the databases in `state`, and has its payments from `service` or none.
    pub(crate) fn of_instance(instance: &Instance, state: TempDir, service: PaymentService, customers: usize) -> Self {
        let customers = (0..customers).map(|_| instance.accounts().customer("buyer").access_token).collect();
        Self { state, admin: instance.admin().access_token, service, customers, stocked: BTreeMap::new() }
    }

    /// Starts an instance whose payments are those of the service.
    pub(crate) fn start(&self, variables: &[(&str, &str)]) -> Instance {
        let provider = PaymentService::provider();
        Instance::with_providers(self.state.path(), &self.variables(variables), &[("payment-provider", &provider)])
    }

    /// Does the same with a host that acts at failpoints, and a manifest that `change` has changed.
    pub(crate) fn start_with_failpoints(
        &self,
        variables: &[(&str, &str)],
        failpoints: Failpoints,
        change: impl FnOnce(&mut Table),
    ) -> Instance {
        Instance::with_failpoints(self.state.path(), &self.variables(variables), failpoints, |manifest| {
            choose(manifest, &[("payment-provider", &PaymentService::provider())]);
            change(manifest);
        })
    }

    fn variables<'a>(&'a self, variables: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        self.service.variables().into_iter().chain(variables.iter().copied()).collect()
    }

    /// Returns `client` with the token of the customer with this number.
    pub(crate) fn customer(&self, client: &Client, number: usize) -> Client {
        client.as_user(&self.customers[number % self.customers.len()])
    }

    /// Returns `client` with the token of the admin.
    pub(crate) fn admin(&self, client: &Client) -> Client {
        client.as_user(&self.admin)
    }

    /// Creates a product with a stock of `pieces`, and returns its id.
    pub(crate) fn stock(&mut self, instance: &Instance, pieces: i64) -> String {
        let product = create_product(&self.admin(&instance.client()), &json!({"stock": {"on_hand": pieces}}));
        self.stocked.insert(product.id.clone(), pieces);
        product.id
    }

    /// Opens the databases for reading.
    pub(crate) fn databases(&self) -> Databases {
        Databases::open(self.state.path())
    }

    /// Returns the status of the order that `request` has placed, if it has.
    pub(crate) fn status(&self, request: &OrderRequest) -> Option<String> {
        let sql = "SELECT status FROM orders WHERE id = (SELECT resource_id FROM idempotency_keys WHERE key = '{}')";
        self.databases().all(&sql.replace("{}", &request.key)).pop()
    }

    /// Checks the invariants of the databases, and that the payment service has the money that they say.
    pub(crate) fn check(&self) {
        self.databases().check_invariants(&self.stocked);
        self.databases().check_money(&self.service.ledgers());
    }

    /// Does the same, and checks that each order that was `placed` is there once, and no other. Returns their number.
    pub(crate) fn check_placed(&self, mut placed: Vec<String>) -> usize {
        self.check();
        placed.sort_unstable();
        let found = self.databases().all::<String>("SELECT id FROM orders ORDER BY id");
        assert_eq!(placed, found, "each order that was acknowledged is there once, and no other");
        placed.len()
    }

    /// Ticks `instance` until all work is settled; `None` if the instance ends first.
    pub(crate) fn settle(&self, instance: &Instance) -> Option<()> {
        let (databases, client, begin) = (self.databases(), instance.client(), Instant::now());
        let mut ticked = begin;
        loop {
            let unsettled = databases.unsettled();
            // Looks once more after a tick: by then the events that were published in between are handled.
            if unsettled.is_empty() && try_tick(&client)? && databases.unsettled().is_empty() {
                return Some(());
            }
            assert!(begin.elapsed() < TIMEOUT, "stuck: {unsettled:#?}\n{}", last_warnings(instance));
            if !is_alive(&client) {
                return None;
            }
            if ticked.elapsed() > TICK_INTERVAL {
                try_tick(&client)?;
                ticked = Instant::now();
            }
            thread::sleep(POLL_INTERVAL);
        }
    }
}

/// Returns the last warnings and errors that `instance` has printed.
fn last_warnings(instance: &Instance) -> String {
    let log = instance.log();
    let is_warning = |line: &&str| !line.contains("\"level\":\"info\"");
    let lines: Vec<&str> = log.lines().rev().filter(is_warning).take(20).collect();
    lines.join("\n")
}

/// Returns whether the host of `client` responds, without a call of any component.
pub(crate) fn is_alive(client: &Client) -> bool {
    client.try_send("GET", "/.well-known/spin/health", &[], None).is_ok()
}

/// Ticks the instance of `client`, and returns whether every service has handled the tick; `None` if the instance has ended.
pub(crate) fn try_tick(client: &Client) -> Option<bool> {
    let ticker = Ticker::new(&http::Client::new(client.base()), SERVICE_SECRET.to_owned());
    if ticker.tick().is_ok() { Some(true) } else { is_alive(client).then_some(false) }
}

/// A request for an order, with its idempotency key.
#[derive(Clone, Debug)]
pub(crate) struct OrderRequest {
    pub(crate) key: String,
    pub(crate) body: Value,
}

impl OrderRequest {
    /// Returns a request for `quantity` of a product, paid with `token`.
    pub(crate) fn new(product_id: &str, quantity: u32, token: &str) -> Self {
        Self { key: unique_key(), body: order_body(&[(product_id, quantity)], token) }
    }

    /// Sends it once; `None` if there is no response.
    pub(crate) fn try_send(&self, client: &Client) -> Option<Response> {
        let headers = [("content-type", "application/json"), ("idempotency-key", self.key.as_str())];
        client.try_send("POST", "/v1/orders", &headers, Some(self.body.to_string().as_bytes())).ok()
    }

    /// Sends it until the response is final, as clients should; `None` if the instance ends first.
    pub(crate) fn send(&self, client: &Client) -> Option<Response> {
        let begin = Instant::now();
        loop {
            let response = self.try_send(client)?;
            let is_final = response.status != 503 && response.header("retry-after").is_none();
            if is_final {
                return Some(response);
            }
            assert!(begin.elapsed() < TIMEOUT, "no final response: {}", response.text());
            thread::sleep(POLL_INTERVAL);
        }
    }
}

/// Returns the id in an order.
pub(crate) fn order_id(order: &Response) -> String {
    let body = order.json();
    body["id"].as_str().unwrap_or_else(|| panic!("an order has an id: {body}")).to_owned()
}

/// Sends the action `action` (cancel, fulfil) on the order; `None` if there is no response.
pub(crate) fn try_action(client: &Client, order_id: &str, action: &str) -> Option<Response> {
    client.try_send("POST", &format!("/v1/orders/{order_id}/{action}"), &[], None).ok()
}

/// Requests a refund of the order's payment under `key`; `None` if there is no response.
pub(crate) fn try_refund(client: &Client, order_id: &str, key: &str) -> Option<Response> {
    let page = client.try_send("GET", &format!("/v1/payments?order_id={order_id}"), &[], None).ok()?.expect_status(200);
    let payment = page.json()["items"][0]["id"].as_str().expect("the order has a payment").to_owned();
    client.try_send("POST", &format!("/v1/payments/{payment}/refund"), &[("idempotency-key", key)], None).ok()
}

/// Returns the results of `count` calls at the same time.
pub(crate) fn concurrently<T: Send>(count: usize, call: impl Fn(usize) -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let call = &call;
        let calls: Vec<_> = (0..count).map(|number| scope.spawn(move || call(number))).collect();
        calls.into_iter().map(|call| call.join().expect("no call panics")).collect()
    })
}

/// Expires the leases of requests that have no response, as if their clients had given up long ago. For the state of an instance that has ended.
pub(crate) fn expire_claims(state: &Path) {
    change_orders(state, "UPDATE idempotency_keys SET lease_until = lease_until - 3600000 WHERE status IS NULL");
}

/// Expires the time limit of an order's payment, if the order waits for it. For the state of an instance that has ended.
pub(crate) fn expire_payment_deadline(state: &Path, order_id: &str) {
    let sql = format!("UPDATE orders SET payment_due_at = 0 WHERE id = '{order_id}' AND status = 'pending_payment'");
    change_orders(state, &sql);
}

fn change_orders(state: &Path, sql: &str) {
    database::change(state, "orders", sql);
}

/// Returns the time, in seconds since the Unix epoch.
pub(crate) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is past 1970").as_secs().cast_signed()
}
