//! A provider that computes without end, called until its circuit opens: other requests continue, and hardly slower.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use spindle_tests::acceptance::{figures, is_full, millis, quantile, read_until, scale};
use spindle_tests::instance::provider;
use spindle_tests::notifications::{self, create_user_at, has_status};
use spindle_tests::orders::place_order;
use spindle_tests::products::{Product, create_product};
use spindle_tests::{Client, Instance};

/// More mails than it takes to open the circuit of a provider, and no more than are sent at once.
const MAILS: usize = 8;

/// The largest factor by which a read may be slower while the provider computes.
const MAX_SLOWDOWN: f64 = 1.5;

/// The time limit for 95 of 100 orders meanwhile. They wait for the disk, which is slow on a virtual machine whose cores are all busy: an endless
/// loop in another process, also with the lowest priority, slows them down as much.
const MAX_ORDER_P95: Duration = Duration::from_millis(500);

/// The time limit until the circuit opens. Each call ends after 15 seconds.
const TIMEOUT: Duration = Duration::from_secs(90);

/// The time between two ticks.
const TICK_INTERVAL: Duration = Duration::from_millis(500);

/// A part of the log line of an open circuit.
const CIRCUIT_OPEN: &str = "circuit breaker opened";

/// Places orders of `product` one after another until `over` holds, and returns the time that each took.
fn order_until(client: &Client, product: &Product, over: impl Fn() -> bool) -> Vec<Duration> {
    let mut times = Vec::new();
    while !over() {
        let start = Instant::now();
        place_order(client, product, 1, "pm_ok");
        times.push(start.elapsed());
        thread::sleep(Duration::from_millis(50));
    }
    times
}

/// Reads and places orders concurrently, in an instance that is ticked, until `over` holds. Returns the times of reads and orders.
fn place_and_read(
    instance: &Instance,
    clients: &[Client; 2],
    product: &Product,
    over: impl Fn() -> bool + Sync,
) -> [Vec<Duration>; 2] {
    thread::scope(|scope| {
        scope.spawn(|| {
            while !over() {
                instance.tick();
                thread::sleep(TICK_INTERVAL);
            }
        });
        let reads = scope.spawn(|| read_until(&clients[0], &product.path, &over));
        let orders = order_until(&clients[1], product, &over);
        [reads.join().expect("every read has a response"), orders]
    })
}

#[test]
fn a_provider_that_computes_without_end_slows_no_other_request_down() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start(state.path());
    let admin = instance.admin().client;
    let lamp = create_product(&admin, &json!({"stock": {"on_hand": 100_000}}));
    let (buyer, recipient) = (instance.accounts().customer("buyer"), create_user_at(&admin, "example.com", &json!({})));
    // The buyer gets notifications of orders by push only: the channel whose provider works.
    let profile = admin.get(&buyer.path()).expect_status(200);
    let preferences = json!({"notification_preferences": {"email": false, "sms": false, "push": true}});
    admin.patch(&buyer.path(), &profile.etag(), &preferences).expect_status(200);
    let operator = instance.accounts().operator();
    for user in [&buyer.id, &recipient.id, &operator.id] {
        notifications::wait_until(&operator.client, user, has_status("welcome", "sent"), || drop(instance.tick()));
    }
    let clients = |instance: &Instance| [instance.client(), instance.client().as_user(&buyer.access_token)];
    let (begin, alone_for) = (Instant::now(), scale(Duration::from_secs(1), Duration::from_secs(15)));
    let [mut reads_alone, mut orders_alone] =
        place_and_read(&instance, &clients(&instance), &lamp, || begin.elapsed() > alone_for);
    drop(instance);

    let variables = [("notify_email_key", "loops"), ("notify_breaker_seconds", "3600"), ("event_retry_cap_ms", "10")];
    let instance = Instance::with_providers(state.path(), &variables, &[("notify-email", &provider("faulty"))]);
    let (clients, operator) = (clients(&instance), instance.client().as_user(&operator.access_token));
    let request = json!({
        "user_id": recipient.id, "template": "message", "channel": "email", "data": {"subject": "s", "text": "t"},
    });
    for _ in 0..MAILS {
        notifications::request(&operator, &request).expect_status(202);
    }
    let (begin, over) = (Instant::now(), AtomicBool::new(false));
    let [mut reads, mut orders] = thread::scope(|scope| {
        let load = scope.spawn(|| place_and_read(&instance, &clients, &lamp, || over.load(Ordering::Relaxed)));
        while !instance.log().contains(CIRCUIT_OPEN) {
            assert!(begin.elapsed() < TIMEOUT, "the circuit does not open\n{}", instance.log());
            thread::sleep(Duration::from_millis(100));
        }
        over.store(true, Ordering::Relaxed);
        load.join().expect("the orders are placed")
    });
    let opened_after = begin.elapsed();

    // The buyer is notified of the orders, on the channel that works.
    notifications::wait_until(&operator, &buyer.id, has_status("order-paid", "sent"), || drop(instance.tick()));

    let read_slowdown = quantile(&mut reads, 0.5).as_secs_f64() / quantile(&mut reads_alone, 0.5).as_secs_f64();
    figures(
        "isolation: a provider of e-mail that computes without end",
        &[
            ("circuit open after (s)", &format!("{:.1}", opened_after.as_secs_f64())),
            ("read p50, alone (ms)", &millis(quantile(&mut reads_alone, 0.5))),
            ("read p50, meanwhile (ms)", &millis(quantile(&mut reads, 0.5))),
            ("read p95, alone (ms)", &millis(quantile(&mut reads_alone, 0.95))),
            ("read p95, meanwhile (ms)", &millis(quantile(&mut reads, 0.95))),
            ("order p50, alone (ms)", &millis(quantile(&mut orders_alone, 0.5))),
            ("order p50, meanwhile (ms)", &millis(quantile(&mut orders, 0.5))),
            ("order p95, alone (ms)", &millis(quantile(&mut orders_alone, 0.95))),
            ("order p95, meanwhile (ms)", &millis(quantile(&mut orders, 0.95))),
            ("reads are times as slow", &format!("{read_slowdown:.2}")),
        ],
    );
    assert!(!is_full() || read_slowdown <= MAX_SLOWDOWN, "reads were {read_slowdown:.2} times as slow");
    assert!(!is_full() || quantile(&mut orders, 0.95) <= MAX_ORDER_P95, "an order in twenty took longer");
}
