//! The servers of the databases are some milliseconds away: an operation takes longer by the round trips of its statements, which the budgets count,
//! and an order stays one order.

use std::fs;
use std::time::{Duration, Instant};

use spindle_tests::acceptance::{figures, is_full, millis, quantile, scale};
use spindle_tests::libsql::Servers;
use toml::Table;
use xtask::store::LibsqlServer;
use xtask::workspace::Workspace;

use crate::fixture::{OrderFixture, OrderRequest, SHORT_TIMEOUTS};

/// The time limit for the answer to an order whose databases are five milliseconds away.
const LIMIT: Duration = Duration::from_secs(1);

/// Returns the number of statements in the budget of an operation.
fn statements(operation: &str) -> u32 {
    let path = Workspace::locate().root().join("tests/budget/budgets.toml");
    let budgets: Table = toml::from_str(&fs::read_to_string(path).expect("there are budgets")).expect("they are TOML");
    let statements = budgets["counted"][operation]["statements"].as_integer().expect("a number");
    statements.try_into().expect("a small number")
}

#[test]
fn an_operation_takes_longer_by_its_round_trips() {
    let (runs, delays): (usize, &[u64]) = scale((2, &[5]), (20, &[0, 1, 5, 20]));
    let state = tempfile::tempdir().expect("a temp folder");
    let servers = Servers::start(&LibsqlServer::Double, state.path());
    let mut fixture = OrderFixture::in_folder(state, 1);
    let instance = fixture.start(&SHORT_TIMEOUTS);
    let product = fixture.stock(&instance, 1_000);
    let buyer = fixture.customer(&instance.client(), 0);
    let operations: [(&str, &str, &dyn Fn()); 2] = [
        ("read of a product", "read of one product", &|| {
            instance.client().get(&format!("/v1/products/{product}")).expect_status(200);
        }),
        ("order, until its answer", "order, until the response", &|| {
            let order = OrderRequest::new(&product, 1, "pm_ok").try_send(&buyer);
            order.expect("the host is not killed").expect_status(201);
        }),
    ];
    for (name, budget, send) in operations {
        let trips = statements(budget);
        let mut near = None;
        for delay in delays {
            let delay = Duration::from_millis(*delay);
            servers.delay(delay);
            let mut times: Vec<Duration> = (0..runs)
                .map(|_| {
                    let begin = Instant::now();
                    send();
                    let took = begin.elapsed();
                    // The work after the answer is not to delay the next request.
                    fixture.settle(&instance).expect("the host is not killed");
                    took
                })
                .collect();
            let took = quantile(&mut times, 0.5);
            let base = *near.get_or_insert(took.saturating_sub(delay * trips));
            figures(
                &format!("libsql: {name}, at {} ms", delay.as_millis()),
                &[
                    ("round trips", &trips),
                    ("predicted (ms)", &millis(base + delay * trips)),
                    ("measured, p50 of all (ms)", &millis(took)),
                ],
            );
            let is_order_at_5_ms = budget.starts_with("order") && delay == Duration::from_millis(5);
            assert!(!(is_full() && is_order_at_5_ms) || took < LIMIT, "an order was answered after {took:?}");
        }
    }
    instance.kill();
    fixture.check();
    let orders = fixture.databases().count("SELECT count(*) FROM orders WHERE status = 'paid'");
    assert_eq!(orders, runs * delays.len());
}
