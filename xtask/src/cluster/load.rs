//! Customers of the application on the node, while something happens to its pods: readers and buyers, and the count of requests that failed.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use ureq::Agent;

/// The number of readers.
const READERS: usize = 2;

/// The pause of a reader, and that of a buyer.
const PAUSES: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(400)];

/// The load goes on for so long after the event.
const AFTER: Duration = Duration::from_secs(5);

/// The longest time until an order that was accepted is paid.
const PAID: Duration = Duration::from_secs(90);

/// The longest time until a response.
const RESPONSE: Duration = Duration::from_secs(15);

/// A client that opens a connection for each request, so that every request is one decision of the Service.
#[derive(Clone, Debug)]
pub struct Visitor {
    agent: Agent,
    base: String,
    token: Option<String>,
}

impl Visitor {
    /// Returns an anonymous client of the application at `base`.
    pub fn new(base: &str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).proxy(None).timeout_global(Some(RESPONSE));
        Self { agent: config.max_idle_connections(0).build().new_agent(), base: base.to_owned(), token: None }
    }

    /// Registers a new customer, and returns its client.
    ///
    /// # Errors
    ///
    /// If the application refuses it.
    pub fn register(&self, name: &str) -> Result<Self> {
        let (email, password) = (format!("{name}@example.com"), "correct horse battery staple");
        let body = json!({ "email": email, "display_name": name, "password": password });
        let (status, text) = self.post("/v1/auth/register", None, &body)?;
        ensure!(status == 201, "the registration returned {status}: {text}");
        let (status, body) = self.post("/v1/auth/login", None, &json!({ "email": email, "password": password }))?;
        let token = body["access_token"].as_str().with_context(|| format!("the login returned {status}"))?;
        Ok(Self { token: Some(token.to_owned()), ..self.clone() })
    }

    /// Sends a GET.
    ///
    /// # Errors
    ///
    /// If there is no response.
    pub fn get(&self, path: &str) -> Result<(u16, Value)> {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        read(request.call())
    }

    /// Sends a POST, with an Idempotency-Key if there is one.
    ///
    /// # Errors
    ///
    /// If there is no response.
    pub fn post(&self, path: &str, key: Option<&str>, body: &Value) -> Result<(u16, Value)> {
        let mut request = self.agent.post(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        read(request.send_json(body))
    }

    /// Sends the order of one piece of `product` with `key`.
    fn order(&self, product: &str, key: &str) -> Result<(u16, Value)> {
        let body = json!({
            "items": [{ "product_id": product, "quantity": 1 }],
            "shipping_address": {
                "name": "Ada Lovelace", "lines": ["1 Main St"], "city": "Berlin", "postal_code": "10115", "country": "DE",
            },
            "payment_method": { "token": "pm_ok" },
        });
        self.post("/v1/orders", Some(key), &body)
    }

    /// Places an order, and waits until it is paid. Returns the time that this took.
    ///
    /// # Errors
    ///
    /// If it is refused or not paid in time.
    pub fn buy(&self, product: &str, key: &str) -> Result<Duration> {
        let start = Instant::now();
        let (status, order) = self.order(product, key)?;
        ensure!(status == 201, "the order returned {status}: {order}");
        self.wait_until_paid(order["id"].as_str().context("an order has no id")?)?;
        Ok(start.elapsed())
    }

    fn wait_until_paid(&self, id: &str) -> Result<()> {
        super::process::wait_for(&format!("the payment of order {id}"), PAID, || {
            let (_, order) = self.get(&format!("/v1/orders/{id}"))?;
            ensure!(order["status"] == "paid", "its status is {}", order["status"]);
            Ok(())
        })
    }

    /// Returns the ids of all orders of the customer.
    fn orders(&self) -> Result<BTreeSet<String>> {
        let (mut ids, mut path) = (BTreeSet::new(), "/v1/orders?limit=100".to_owned());
        loop {
            let (status, list) = self.get(&path)?;
            ensure!(status == 200, "GET {path} returned {status}");
            let items = list["items"].as_array().context("a list has no items")?;
            ids.extend(items.iter().filter_map(|order| order["id"].as_str().map(str::to_owned)));
            match list["next_cursor"].as_str() {
                Some(cursor) => path = format!("/v1/orders?limit=100&cursor={cursor}"),
                None => return Ok(ids),
            }
        }
    }
}

fn read(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<(u16, Value)> {
    let mut response = result?;
    let text = response.body_mut().read_to_string()?;
    Ok((response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null)))
}

/// The requests of a load, and those that failed: without a response, or with a status from 500.
#[derive(Debug, Default)]
pub struct Counts {
    sent: AtomicU64,
    failed: AtomicU64,
}

impl Counts {
    fn add(&self, result: &Result<(u16, Value)>) {
        self.sent.fetch_add(1, Ordering::Relaxed);
        if !matches!(result, Ok((status, _)) if *status < 500) {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Returns the number of failed requests.
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// Returns the counts as text.
    pub fn text(&self) -> String {
        format!("{} of {} requests failed", self.failed(), self.sent.load(Ordering::Relaxed))
    }
}

/// Lets readers and `buyers` send requests while `event` runs and a few seconds after it. A buyer repeats a request that failed under the same key.
/// Then checks that each order that was accepted is there once and paid. Returns the counts and the number of orders.
///
/// # Errors
///
/// If `event` fails, an order is lost, doubled or not paid.
pub fn during(
    base: &str,
    buyers: &[Visitor],
    product: &str,
    event: impl FnOnce() -> Result<()>,
) -> Result<(Counts, usize)> {
    let (counts, stop) = (Counts::default(), AtomicBool::new(false));
    let placed = thread::scope(|scope| {
        for _ in 0..READERS {
            scope.spawn(|| read_products(&Visitor::new(base), &counts, &stop));
        }
        let buying: Vec<_> =
            buyers.iter().map(|buyer| scope.spawn(|| place_orders(buyer, product, &counts, &stop))).collect();
        let result = event();
        if result.is_ok() {
            thread::sleep(AFTER);
        }
        stop.store(true, Ordering::Relaxed);
        let placed: Result<Vec<_>> =
            buying.into_iter().map(|buyer| buyer.join().map_err(|_| anyhow::anyhow!("a buyer panicked"))?).collect();
        result.and(placed)
    })?;
    for (buyer, placed) in buyers.iter().zip(&placed) {
        for id in placed {
            buyer.wait_until_paid(id)?;
        }
        let found = buyer.orders()?;
        let lost: Vec<_> = placed.difference(&found).collect();
        ensure!(lost.is_empty(), "orders that were accepted and are lost: {lost:?}");
    }
    Ok((counts, placed.iter().map(BTreeSet::len).sum()))
}

fn read_products(visitor: &Visitor, counts: &Counts, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        counts.add(&visitor.get("/v1/products?limit=5"));
        thread::sleep(PAUSES[0]);
    }
}

/// Places orders one after the other, and returns their ids.
fn place_orders(buyer: &Visitor, product: &str, counts: &Counts, stop: &AtomicBool) -> Result<BTreeSet<String>> {
    let mut placed = BTreeSet::new();
    let before = buyer.orders()?.len();
    while !stop.load(Ordering::Relaxed) {
        let mut random = [0; 8];
        getrandom::fill(&mut random).context("the system gives no random bytes")?;
        let key = base16ct::lower::encode_string(&random);
        let deadline = Instant::now() + PAID;
        loop {
            let result = buyer.order(product, &key);
            counts.add(&result);
            match result {
                Ok((201, order)) => {
                    placed.insert(order["id"].as_str().context("an order has no id")?.to_owned());
                    break;
                }
                // 409: the request before is still in progress, or its process is gone and its lease is not over.
                Ok((status, problem)) if status < 500 && status != 409 => {
                    bail!("an order returned {status}: {problem}")
                }
                result => ensure!(Instant::now() < deadline, "an order is not accepted: {result:?}"),
            }
            thread::sleep(PAUSES[1]);
        }
        thread::sleep(PAUSES[1]);
    }
    let after = buyer.orders()?.len();
    ensure!(after == before + placed.len(), "{} orders were accepted, and {} are there", placed.len(), after - before);
    Ok(placed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_response_and_a_server_error_count_as_failures() {
        let counts = Counts::default();
        for result in
            [Ok((200, Value::Null)), Ok((409, Value::Null)), Ok((503, Value::Null)), Err(anyhow::anyhow!("reset"))]
        {
            counts.add(&result);
        }
        assert_eq!(counts.text(), "2 of 4 requests failed");
    }
}
