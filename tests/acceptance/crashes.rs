//! Check 1: the host is killed at random moments while orders come in. No order that was acknowledged is lost, none is there twice, and
//! every database is whole.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use spindle_tests::Instance;
use spindle_tests::acceptance::{figures, scale};

use crate::fixture::{OrderFixture, OrderRequest, SHORT_TIMEOUTS, order_id, try_tick};
use crate::invariants::assert_intact;

/// How many buy at the same time.
const BUYERS: usize = 6;

/// The latest moment at which the host is killed.
const LATEST: u64 = 1500;

/// What is bought with, in turn.
const TOKENS: [&str; 4] = ["pm_ok", "pm_declined", "pm_ok", "pm_flaky"];

/// What a buyer has: a request, and the order if it was acknowledged.
struct Bought {
    buyer: usize,
    request: OrderRequest,
    order: Option<Value>,
}

#[test]
fn no_acknowledged_order_is_lost_or_there_twice_when_the_host_is_killed() {
    let kills: u64 = scale(3, 50);
    let mut fixture = OrderFixture::new(BUYERS);
    let instance = Instance::with(fixture.state.path(), &SHORT_TIMEOUTS);
    let product = fixture.stock(&instance, 1_000_000);
    instance.kill();

    let (mut acknowledged, mut unanswered) = (0, 0);
    for round in 0..kills {
        let bought = buy_until_killed(&fixture, &product, moment(round));
        assert_intact(fixture.state.path());
        let instance = Instance::with(fixture.state.path(), &SHORT_TIMEOUTS);
        for Bought { buyer, request, order } in bought {
            let customer = fixture.customer(&instance.client(), buyer);
            let answer = request.send(&customer).expect("nobody kills it now").expect_status(201);
            match order {
                Some(order) => {
                    assert_eq!(answer.header("idempotency-replayed"), Some("true"));
                    assert_eq!(answer.json(), order, "acknowledged, and now another one");
                    acknowledged += 1;
                }
                None => unanswered += 1,
            }
            customer.get(&format!("/v1/orders/{}", order_id(&answer))).expect_status(200);
        }
        fixture.settle(&instance).expect("nobody kills it now");
        instance.kill();
        fixture.check();
        let orders = fixture.databases().count("SELECT count(*) FROM orders");
        assert_eq!(orders, acknowledged + unanswered, "one for each key");
    }
    figures(
        "crashes: the host killed while orders come in",
        &[
            ("kills, every database whole", &kills),
            ("acknowledged orders, all there once", &acknowledged),
            ("unanswered ones, there once after the next try", &unanswered),
        ],
    );
}

/// Some moment, another one each time.
fn moment(round: u64) -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is past 1970").subsec_nanos();
    Duration::from_millis((u64::from(now) / 1000 + round * 37) % LATEST)
}

/// Lets many buy one thing after the other, and kills the host at `moment`.
fn buy_until_killed(fixture: &OrderFixture, product: &str, moment: Duration) -> Vec<Bought> {
    let instance = Instance::with(fixture.state.path(), &SHORT_TIMEOUTS);
    let bought = Mutex::new(Vec::new());
    let (clients, ticked): (Vec<_>, _) =
        ((0..BUYERS).map(|buyer| fixture.customer(&instance.client(), buyer)).collect(), instance.client());
    thread::scope(|scope| {
        for (buyer, client) in clients.iter().enumerate() {
            let bought = &bought;
            scope.spawn(move || {
                for token in TOKENS.into_iter().cycle() {
                    let request = OrderRequest::new(product, 1, token);
                    let order = request.send(client).map(|answer| answer.expect_status(201).json());
                    let is_gone = order.is_none();
                    bought.lock().expect("no buyer panics").push(Bought { buyer, request, order });
                    if is_gone {
                        return;
                    }
                }
            });
        }
        scope.spawn(|| while try_tick(&ticked).is_some() {});
        thread::sleep(moment);
        instance.kill();
    });
    bought.into_inner().expect("no buyer panics")
}
