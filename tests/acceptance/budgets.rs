//! What an order costs: the commits, each of which waits for the disk, and the requests between components. They are counted, so that they are
//! the same on every machine; a cost that grows by accident fails here.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::Instance;
use spindle_tests::acceptance::figures;
use spindle_tests::instance::Failpoints;

use crate::fixture::{OrderFixture, OrderRequest, SHORT_TIMEOUTS, TIMEOUT, order_id, try_action};

/// The most that an operation may cost, in all components and until no work is left.
#[derive(Debug, PartialEq, Eq)]
struct Cost {
    commits: usize,
    requests: usize,
}

/// From `POST /v1/orders` until the order is paid, its payment captured and the buyer notified.
const ORDER: Cost = Cost { commits: 12, requests: 12 };

/// `POST /v1/orders/{id}/fulfil`.
const FULFILMENT: Cost = Cost { commits: 5, requests: 4 };

/// `POST /v1/orders/{id}/cancel` of a paid order.
const CANCELLATION: Cost = Cost { commits: 10, requests: 10 };

impl Cost {
    /// Counts the operations at `failpoints`.
    fn of(failpoints: &[String]) -> Self {
        let begun = failpoints.iter().filter_map(|failpoint| failpoint.split_once(" before "));
        let (requests, commits): (Vec<_>, Vec<_>) = begun.partition(|(_, operation)| operation.contains("://"));
        Self { commits: commits.len(), requests: requests.len() }
    }
}

/// Waits until each of `mails` was sent once more, and no work is left; without a tick, whose cost belongs to no operation. Returns the number of
/// mails that were sent of each kind.
fn settle(fixture: &OrderFixture, sent: &mut BTreeMap<&'static str, i64>, mails: &[&'static str]) {
    for mail in mails {
        *sent.entry(mail).or_default() += 1;
    }
    let notifications =
        rusqlite::Connection::open(fixture.state.path().join("notifications.db")).expect("the notifications");
    let count = "SELECT count(*) FROM notifications WHERE template = ?1 AND status = 'sent'";
    let number = |mail: &str| notifications.query_row(count, [mail], |row| row.get::<_, i64>(0)).expect("a number");
    let (databases, begin) = (fixture.databases(), Instant::now());
    loop {
        let unsettled = databases.unsettled();
        let missing: Vec<_> = sent.iter().filter(|(mail, count)| number(mail) < **count).collect();
        if unsettled.is_empty() && missing.is_empty() {
            return;
        }
        assert!(begin.elapsed() < TIMEOUT, "stuck: {missing:?}, {unsettled:#?}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn an_order_costs_these_commits_and_requests() {
    let mut fixture = OrderFixture::new(1);
    let instance = Instance::with_failpoints(fixture.state.path(), &SHORT_TIMEOUTS, Failpoints::Listed, |_| ());
    let product = fixture.stock(&instance, 100);
    let (customer, admin) = (fixture.customer(&instance.client(), 0), fixture.admin(&instance.client()));
    let place =
        || order_id(&OrderRequest::new(&product, 1, "pm_ok").send(&customer).expect("it responds").expect_status(201));
    let act = |id: &str, action: &str| try_action(&admin, id, action).expect("it responds").expect_status(200);
    let mut sent = BTreeMap::new();
    // The first orders fill the caches.
    let (shipped, cancelled) = (place(), place());
    settle(&fixture, &mut sent, &["order-paid", "order-paid"]);
    act(&shipped, "fulfil");
    act(&cancelled, "cancel");
    settle(&fixture, &mut sent, &["order-fulfilled", "order-cancelled", "payment-refunded"]);
    instance.arm_failpoints();

    let mut passed = 0;
    let mut since = || {
        let failpoints = instance.failpoints().split_off(passed);
        passed += failpoints.len();
        failpoints
    };
    let (shipped, cancelled) = (place(), place());
    settle(&fixture, &mut sent, &["order-paid", "order-paid"]);
    let orders = since();
    act(&shipped, "fulfil");
    settle(&fixture, &mut sent, &["order-fulfilled"]);
    let fulfilment = since();
    act(&cancelled, "cancel");
    settle(&fixture, &mut sent, &["order-cancelled", "payment-refunded"]);
    let cancellation = since();
    for (name, failpoints, times, limit) in [
        ("an order", orders, 2, ORDER),
        ("a fulfilment", fulfilment, 1, FULFILMENT),
        ("a cancellation", cancellation, 1, CANCELLATION),
    ] {
        let Cost { commits, requests } = Cost::of(&failpoints);
        figures(name, &[("commits", &(commits / times)), ("requests", &(requests / times))]);
        assert!(commits <= limit.commits * times && requests <= limit.requests * times, "{name}: {failpoints:#?}");
    }
}
