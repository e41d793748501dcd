//! The fixture of the acceptance tests on retries: an instance with short delays, and many orders whose payments can be made to fail.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use spindle_tests::orders::{Order, place_order};
use spindle_tests::products::{Product, create_product};
use spindle_tests::{Client, Instance};

/// The number of attempts of an event, and the largest delays after the first failure and after any failure, in milliseconds.
pub(crate) const ATTEMPTS: usize = 5;
pub(crate) const BASE: i64 = 100;
pub(crate) const CAP: i64 = 300;

/// The number of concurrent buyers. These tests do not measure throughput.
const BUYERS: usize = 2;

/// The time limit for background work.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Starts an instance with these attempts and delays and its databases in `state`.
pub(crate) fn start(state: &Path) -> Instance {
    let (attempts, base, cap) = (ATTEMPTS.to_string(), BASE.to_string(), CAP.to_string());
    Instance::with(
        state,
        &[
            ("payment_max_attempts", attempts.as_str()),
            ("payment_retry_seconds", "0"),
            ("event_retry_base_ms", base.as_str()),
            ("event_retry_cap_ms", cap.as_str()),
            ("event_lease_seconds", "3"),
            ("provider_timeout_seconds", "2"),
            ("access_token_seconds", "86400"),
        ],
    )
}

/// Creates a product with enough stock.
pub(crate) fn product(instance: &Instance) -> Product {
    create_product(&instance.admin().client, &json!({"stock": {"on_hand": 1_000_000}}))
}

/// Places `count` orders of `product`, with the quantity `quantity(number)` each. Returns the client of the buyer and the orders.
pub(crate) fn place_orders(
    instance: &Instance,
    product: &Product,
    count: usize,
    quantity: impl Fn(usize) -> u32 + Sync,
) -> (Client, Vec<Order>) {
    let buyer = instance.accounts().customer("buyer").client;
    let per_buyer = count.div_ceil(BUYERS);
    let orders = thread::scope(|scope| {
        let (buyer, quantity) = (&buyer, &quantity);
        let share = move |first: usize| {
            let numbers = first..count.min(first + per_buyer);
            numbers.map(|number| place_order(buyer, product, quantity(number), "pm_ok")).collect::<Vec<_>>()
        };
        let shares: Vec<_> = (0..count).step_by(per_buyer).map(|first| scope.spawn(move || share(first))).collect();
        shares.into_iter().flat_map(|share| share.join().expect("every order is placed")).collect()
    });
    (buyer, orders)
}

/// Ticks `instance` until `holds`, and returns the time that it took.
pub(crate) fn tick_until(instance: &Instance, what: &str, holds: impl Fn() -> bool) -> Duration {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < TIMEOUT, "not in time: {what}\n{}", instance.log());
        instance.tick();
    }
    begin.elapsed()
}
