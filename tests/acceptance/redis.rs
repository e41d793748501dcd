//! Check 8: events travel over Redis, Redis is down for a minute, and the relay is killed twenty times. No event is lost, none takes effect
//! twice, and the delayed ones are handled soon after.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::Instance;
use spindle_tests::acceptance::{figures, is_full, scale};
use spindle_tests::instance::SERVICE_SECRET;
use spindle_tests::redis::RedisServer;
use xtask::build::Mode;
use xtask::http;
use xtask::relay::Relay;
use xtask::tick::{self, Ticker};
use xtask::workspace::Workspace;

use crate::fixture::{OrderFixture, OrderRequest, SHORT_TIMEOUTS, TIMEOUT};

const BUYERS: usize = 4;

/// More than the customers buy.
const PIECES: i64 = 1_000_000;

/// The time between two looks at the relay.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// The time limit for draining, which only the full form checks.
const DRAINED: Duration = Duration::from_secs(30);

/// The number of events of orders that were consumed.
const CONSUMED: &str = "
    SELECT (SELECT count(*) FROM inbox WHERE state = 'done') + (SELECT count(*) FROM payments.inbox WHERE state = 'done')";

/// Ends the orders when it is dropped: also when the test fails, which would wait for its buyers.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Watches over `relay` until `done` holds.
fn watch_until(relay: &mut Relay, mut done: impl FnMut(&Relay) -> bool) {
    let begin = Instant::now();
    while !done(relay) {
        relay.watch(|_| ()).expect("the relay can be started");
        assert!(begin.elapsed() < 2 * TIMEOUT, "stuck: {}", relay.log());
        thread::sleep(POLL_INTERVAL);
    }
}

/// Returns the number of batches that the gateway has received over Redis.
fn relayed(instance: &Instance) -> usize {
    let is_accepted =
        |line: &&str| line.contains("\"/internal/events\"") && line.contains("\"http.response.status_code\":202,");
    instance.log().lines().filter(is_accepted).count()
}

#[test]
fn losing_redis_and_the_relay_loses_no_event() {
    let Some(mut redis) = RedisServer::start("losing_redis_and_the_relay_loses_no_event") else { return };
    let (orders, kills) = (scale(20, 2_500), scale(2, 20));
    let outage = Duration::from_millis(scale(500, 60_000));
    // Between two orders of a buyer: some 30 a second, and 10,000 events by the time that Redis is back.
    let pause = Duration::from_millis(scale(0, 120));
    let url = redis.url();
    let over_redis = [("event_transport", "redis"), ("redis_address", url.as_str())];
    let mut fixture = OrderFixture::new(BUYERS);
    let instance = Instance::with(fixture.state.path(), &[&SHORT_TIMEOUTS[..], &over_redis].concat());
    let product = fixture.stock(&instance, PIECES);
    let (state, env_file) = (fixture.state.path(), instance.env_file());
    let relay = Relay::new(&Workspace::locate(), Mode::Release, state, &env_file, &url, instance.url());
    let mut relay = relay.expect("the relay can be started");
    watch_until(&mut relay, Relay::is_subscribed);

    let ticker = Ticker::new(&http::Client::new(instance.url()), SERVICE_SECRET.to_owned());
    let ticking = ticker.spawn(tick::EVERY, |_| ());
    let (placed, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        for buyer in 0..BUYERS {
            let client = fixture.customer(&instance.client(), buyer);
            let (product, placed, over) = (&product, &placed, &over);
            scope.spawn(move || {
                while placed.load(Ordering::Relaxed) < orders || !over.load(Ordering::Relaxed) {
                    let response =
                        OrderRequest::new(product, 1, "pm_ok").send(&client).expect("the host is not killed");
                    response.expect_status(201);
                    placed.fetch_add(1, Ordering::Relaxed);
                    thread::sleep(pause);
                }
            });
        }
        let _over = Over(&over);
        for kill in 0..kills {
            let before = relayed(&instance);
            watch_until(&mut relay, |relay| relay.is_subscribed() && relayed(&instance) > before);
            relay.kill().expect("the relay can be killed");
            if kill == kills / 2 {
                redis.kill();
                let begin = Instant::now();
                watch_until(&mut relay, |_| begin.elapsed() >= outage);
                redis.restart();
            }
        }
    });
    let begin = Instant::now();
    fixture.settle(&instance).expect("the host is not killed");
    let drained = begin.elapsed();
    assert!(!is_full() || drained <= DRAINED, "not drained after {drained:?}");
    drop(ticking);

    let batches = relayed(&instance);
    instance.kill();
    fixture.check();
    let (placed, consumed) = (placed.into_inner(), fixture.databases().count(CONSUMED));
    assert_eq!(fixture.databases().count("SELECT count(*) FROM orders WHERE status = 'paid'"), placed);
    assert_eq!(consumed, 4 * placed, "of each order two events for payments and two for orders");
    figures(
        "redis: events while Redis and the relay fail",
        &[
            ("orders placed and paid", &placed),
            ("events consumed, each once", &consumed),
            ("events missing", &0),
            ("batches received over Redis", &batches),
            ("relay killed", &kills),
            ("Redis down (ms)", &outage.as_millis()),
            ("drained after (ms)", &drained.as_millis()),
        ],
    );
}
