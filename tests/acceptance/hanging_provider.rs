//! Check 22: a payment provider that hangs slows down payments only. Orders are placed at half the rate that was measured with a provider that
//! answers; reads stay about as fast as they are at that rate, and every order comes to its end once the provider answers again.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::Client;
use spindle_tests::acceptance::{figures, is_full, scale};

use crate::fixture::{OrderFixture, OrderRequest, SHORT_TIMEOUTS, try_tick};

/// The number of buyers who place orders without a pause, and of senders who keep a rate.
const BUYERS: usize = 8;
const SENDERS: usize = 16;

/// The wait of the provider: as long as payments waits for it.
const HANGS: Duration = Duration::from_secs(15);

/// The time limit for the orders to end once the provider answers again.
const DRAIN: Duration = Duration::from_secs(300);

/// A read that is faster than this is not slow, whatever twice its usual time is.
const FAST: Duration = Duration::from_millis(20);

/// The load of a phase: the orders that were placed, and how long the reads took meanwhile.
struct Load {
    orders: Vec<OrderRequest>,
    reads: Vec<Duration>,
}

impl Load {
    fn p95(&self) -> Duration {
        let mut sorted = self.reads.clone();
        sorted.sort_unstable();
        sorted[sorted.len() * 95 / 100]
    }
}

/// Places orders of `product` at `rate` a second for `time`, or without a pause if there is no rate, while a reader reads the product and
/// ticks arrive once a second.
fn load(fixture: &OrderFixture, client: &Client, product: &str, rate: Option<f64>, time: Duration) -> Load {
    let (orders, reads) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let (next, is_over, start) = (AtomicUsize::new(0), AtomicBool::new(false), Instant::now());
    let senders = if rate.is_some() { SENDERS } else { BUYERS };
    thread::scope(|scope| {
        let sending: Vec<_> = (0..senders)
            .map(|sender| {
                let customer = fixture.customer(&Client::new(client.base()), sender);
                let (orders, next) = (&orders, &next);
                scope.spawn(move || {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        let due = rate.map_or(Duration::ZERO, |rate| Duration::from_secs_f64(number as f64 / rate));
                        if start.elapsed().max(due) >= time {
                            return;
                        }
                        thread::sleep(due.saturating_sub(start.elapsed()));
                        let request = OrderRequest::new(product, 1, "pm_ok");
                        request.send(&customer).expect("the host does not crash").expect_status(201);
                        orders.lock().expect("no sender panics").push(request);
                    }
                })
            })
            .collect();
        let (reads, is_over) = (&reads, &is_over);
        let reader = Client::new(client.base());
        scope.spawn(move || {
            while !is_over.load(Ordering::Relaxed) {
                let begin = Instant::now();
                reader.get(&format!("/v1/products/{product}")).expect_status(200);
                reads.lock().expect("the reader does not panic").push(begin.elapsed());
                thread::sleep(Duration::from_millis(10));
            }
        });
        let ticked = Client::new(client.base());
        scope.spawn(move || {
            while !is_over.load(Ordering::Relaxed) {
                try_tick(&ticked).expect("the host does not crash");
                thread::sleep(Duration::from_secs(1));
            }
        });
        let results: Vec<_> = sending.into_iter().map(thread::ScopedJoinHandle::join).collect();
        is_over.store(true, Ordering::Relaxed);
        assert!(results.iter().all(Result::is_ok), "every order is placed");
    });
    Load {
        orders: orders.into_inner().expect("no sender panics"),
        reads: reads.into_inner().expect("the reader does not panic"),
    }
}

/// Ticks until no work is left.
fn drain(fixture: &OrderFixture, client: &Client) -> Duration {
    let (databases, begin) = (fixture.databases(), Instant::now());
    loop {
        try_tick(client).expect("the host does not crash");
        let unsettled = databases.unsettled();
        if unsettled.is_empty() {
            return begin.elapsed();
        }
        assert!(
            begin.elapsed() < DRAIN,
            "{} left: {:#?}",
            unsettled.len(),
            unsettled.iter().take(5).collect::<Vec<_>>()
        );
    }
}

#[test]
fn a_payment_provider_that_hangs_slows_down_payments_only() {
    let mut fixture = OrderFixture::new(SENDERS);
    // The provider is tried again soon, and no order ends because its time is over.
    let variables: Vec<_> = SHORT_TIMEOUTS
        .into_iter()
        .filter(|(name, _)| !matches!(*name, "event_lease_seconds" | "payment_timeout_seconds"))
        .chain([("provider_breaker_seconds", "5"), ("payment_timeout_seconds", "900")])
        .collect();
    let instance = fixture.start(&variables);
    let client = instance.client();
    let product = fixture.stock(&instance, 1_000_000);

    let measured = Duration::from_secs(scale(3, 10));
    let orders = load(&fixture, &client, &product, None, measured).orders.len();
    let rate = orders as f64 / measured.as_secs_f64() / 2.0;
    drain(&fixture, &client);
    let usual = load(&fixture, &client, &product, Some(rate), measured);
    drain(&fixture, &client);

    fixture.service.delay(HANGS);
    let hanging = load(&fixture, &client, &product, Some(rate), Duration::from_secs(scale(5, 30)));
    fixture.service.delay(Duration::ZERO);
    let (usual_p95, hanging_p95) = (usual.p95(), hanging.p95());
    let drained = drain(&fixture, &client);
    let statuses = "SELECT count(*) FROM orders WHERE status <> 'paid' OR captured_at IS NULL";
    assert_eq!(fixture.databases().count(statuses), 0, "each order is paid in the end");
    instance.kill();
    fixture.check();
    figures(
        "a payment provider that hangs",
        &[
            ("orders a second", &rate),
            ("orders while it hung, each answered 201 and paid in the end", &hanging.orders.len()),
            ("reads, 95th percentile, usual (us)", &usual_p95.as_micros()),
            ("reads, 95th percentile, while it hung (us)", &hanging_p95.as_micros()),
            ("until all were paid once it answered again (s)", &drained.as_secs()),
        ],
    );
    // A few seconds on a busy machine say nothing about times.
    if is_full() {
        assert!(hanging_p95 < (usual_p95 * 2).max(FAST), "{hanging_p95:?}, not twice {usual_p95:?}");
    }
}
