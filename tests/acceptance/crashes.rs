//! Check 1: the host is killed at random moments under load. No acknowledged order is lost or duplicated, and every database is intact.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use spindle_tests::acceptance::{figures, scale};

use crate::fixture::{OrderFixture, OrderRequest, SHORT_TIMEOUTS, order_id, try_tick};
use crate::invariants::assert_intact;

/// The number of concurrent buyers.
const BUYERS: usize = 6;

/// The latest moment at which the host is killed, in milliseconds.
const LATEST: u64 = 1500;

/// The payment tokens, in turn.
const TOKENS: [&str; 4] = ["pm_ok", "pm_declined", "pm_ok", "pm_flaky"];

/// A request of a buyer, and the order if it was acknowledged.
struct Bought {
    buyer: usize,
    request: OrderRequest,
    order: Option<Value>,
}

#[test]
fn no_acknowledged_order_is_lost_or_duplicated_when_the_host_is_killed() {
    let kills: u64 = scale(3, 50);
    let mut fixture = OrderFixture::new(BUYERS);
    let instance = fixture.start(&SHORT_TIMEOUTS);
    let product = fixture.stock(&instance, 1_000_000);
    instance.kill();

    let (mut acknowledged, mut without_response) = (0, 0);
    // Some answers of the payment service are lost as well.
    fixture.service.lose_every(11);
    for round in 0..kills {
        let bought = buy_until_killed(&fixture, &product, moment(round));
        assert_intact(fixture.state.path());
        let instance = fixture.start(&SHORT_TIMEOUTS);
        for Bought { buyer, request, order } in bought {
            let customer = fixture.customer(&instance.client(), buyer);
            let response = request.send(&customer).expect("the host is not killed now").expect_status(201);
            match order {
                Some(order) => {
                    assert_eq!(response.header("idempotency-replayed"), Some("true"));
                    assert_eq!(response.json(), order, "the acknowledged order has changed");
                    acknowledged += 1;
                }
                None => without_response += 1,
            }
            customer.get(&format!("/v1/orders/{}", order_id(&response))).expect_status(200);
        }
        fixture.settle(&instance).expect("the host is not killed now");
        instance.kill();
        fixture.check();
        let orders = fixture.databases().count("SELECT count(*) FROM orders");
        assert_eq!(orders, acknowledged + without_response, "one for each key");
    }
    figures(
        "crashes: the host killed while orders are placed",
        &[
            ("kills, every database intact", &kills),
            ("acknowledged orders, each exists once", &acknowledged),
            ("orders without a response, each exists once after a retry", &without_response),
        ],
    );
}

/// Returns a random moment.
fn moment(round: u64) -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is past 1970").subsec_nanos();
    Duration::from_millis((u64::from(now) / 1000 + round * 37) % LATEST)
}

/// Lets all buyers place one order after another, and kills the host at `moment`.
fn buy_until_killed(fixture: &OrderFixture, product: &str, moment: Duration) -> Vec<Bought> {
    let instance = fixture.start(&SHORT_TIMEOUTS);
    let bought = Mutex::new(Vec::new());
    let (clients, ticked): (Vec<_>, _) =
        ((0..BUYERS).map(|buyer| fixture.customer(&instance.client(), buyer)).collect(), instance.client());
    thread::scope(|scope| {
        for (buyer, client) in clients.iter().enumerate() {
            let bought = &bought;
            scope.spawn(move || {
                for token in TOKENS.into_iter().cycle() {
                    let request = OrderRequest::new(product, 1, token);
                    let order = request.send(client).map(|response| response.expect_status(201).json());
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
