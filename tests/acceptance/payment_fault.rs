//! Payments whose database refuses what a drill says, until the cause is gone; and orders that ask it for payments.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::json;
use spindle_tests::orders::{Order, place_order};
use spindle_tests::products::{Product, create_product};
use spindle_tests::{Client, Instance};

/// How often an event is tried, and the longest waits after the first failure and at all, in milliseconds.
pub(crate) const ATTEMPTS: usize = 5;
pub(crate) const BASE: i64 = 100;
pub(crate) const CAP: i64 = 300;

/// What its database says to what it refuses.
pub(crate) const CAUSE: &str = "refused by the drill";

/// How many buy at the same time: this is not about how many can.
const BUYERS: usize = 2;

/// How long anything may take that nobody waits for in person.
const PATIENCE: Duration = Duration::from_secs(120);

/// An instance that retries as the constants say, with its databases in `state`.
pub(crate) fn start(state: &Path) -> Instance {
    let (attempts, base, cap) = (ATTEMPTS.to_string(), BASE.to_string(), CAP.to_string());
    Instance::with(
        state,
        &[
            ("payment_max_attempts", attempts.as_str()),
            ("event_retry_base_ms", base.as_str()),
            ("event_retry_cap_ms", cap.as_str()),
            ("event_lease_seconds", "2"),
            ("access_token_seconds", "86400"),
        ],
    )
}

/// Lets the database of payments refuse every payment of which `condition` holds.
pub(crate) fn refuse(state: &Path, condition: &str) {
    let trigger = format!(
        "CREATE TRIGGER refusal BEFORE INSERT ON payments WHEN {condition} BEGIN SELECT RAISE(ABORT, '{CAUSE}'); END"
    );
    payments(state).execute_batch(&trigger).expect("the database takes a trigger");
}

/// Takes the refusal away.
pub(crate) fn mend(state: &Path) {
    payments(state).execute_batch("DROP TRIGGER refusal").expect("there is a trigger");
}

fn payments(state: &Path) -> Connection {
    let db = Connection::open(state.join("payments.db")).expect("payments has a database");
    db.busy_timeout(Duration::from_secs(10)).expect("a timeout can be set");
    db
}

/// Something to sell, of which there is enough.
pub(crate) fn product(instance: &Instance) -> Product {
    create_product(&instance.admin().client, &json!({"stock": {"quantity": 1_000_000}}))
}

/// Places `count` orders, order `number` of `quantity(number)` of `product`; the buyer, and the orders in this order.
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

/// Ticks `instance` until `holds`; how long that took.
pub(crate) fn tick_until(instance: &Instance, what: &str, holds: impl Fn() -> bool) -> Duration {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < PATIENCE, "not in time: {what}\n{}", instance.log());
        instance.tick();
    }
    begin.elapsed()
}
