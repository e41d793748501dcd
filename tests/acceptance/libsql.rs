//! The databases are servers of libSQL, which are killed, lose answers and take locks away in the middle of orders. No order is lost or doubled.

mod distance;
mod limits;
mod tokens;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::acceptance::{figures, is_full, scale};
use spindle_tests::libsql::Servers;
use spindle_tests::libsql::double::Fault;
use xtask::store::LibsqlServer;

use crate::fixture::{OrderFixture, OrderRequest, SHORT_TIMEOUTS, order_id, try_tick};

const BUYERS: usize = 4;

/// More than the customers buy.
const PIECES: i64 = 1_000_000;

/// The databases that an order changes.
const DATABASES: [&str; 3] = ["orders", "payments", "catalog"];

/// Ends the orders when it is dropped: also when the test fails, which would wait for its buyers.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn no_order_is_lost_or_doubled_when_the_servers_of_its_databases_are_killed() {
    let kind = if is_full() { LibsqlServer::find().expect("a server") } else { LibsqlServer::Double };
    let kills: usize = scale(DATABASES.len(), 30);
    let (pause, outage) = (Duration::from_millis(scale(200, 2_000)), Duration::from_millis(scale(200, 1_000)));
    let state = tempfile::tempdir().expect("a temp folder");
    let servers = Servers::start(&kind, state.path());
    let mut fixture = OrderFixture::in_folder(state, BUYERS);
    let instance = fixture.start(&SHORT_TIMEOUTS);
    let product = fixture.stock(&instance, PIECES);

    let (placed, over) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    thread::scope(|scope| {
        for buyer in 0..BUYERS {
            let client = fixture.customer(&instance.client(), buyer);
            let (product, placed, over) = (&product, &placed, &over);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let request = OrderRequest::new(product, 1, "pm_ok");
                    let order = request.send(&client).expect("the host is not killed").expect_status(201);
                    placed.lock().expect("no buyer panics").push(order_id(&order));
                }
            });
        }
        let ticked = instance.client();
        let is_over = &over;
        scope.spawn(move || while !is_over.load(Ordering::Relaxed) && try_tick(&ticked).is_some() {});
        let _over = Over(&over);
        for label in DATABASES.into_iter().cycle().take(kills) {
            thread::sleep(pause);
            servers.get(label).kill();
            thread::sleep(outage);
            servers.get(label).restart();
            wait_for_order(&placed);
        }
    });
    fixture.settle(&instance).expect("the host is not killed");
    instance.kill();
    let placed = fixture.check_placed(placed.into_inner().expect("no buyer panics"));
    // The others were not paid within their time: `check` has held their money and stock against that.
    let paid = fixture.databases().count("SELECT count(*) FROM orders WHERE status = 'paid'");
    figures(
        "libsql: servers killed while orders are placed",
        &[("servers", &kind), ("kills", &kills), ("orders, each there once", &placed), ("of these paid", &paid)],
    );
}

/// Waits until another order is acknowledged.
fn wait_for_order(placed: &Mutex<Vec<String>>) {
    let count = || placed.lock().expect("no buyer panics").len();
    let (before, begin) = (count(), Instant::now());
    while count() == before {
        assert!(begin.elapsed() < crate::fixture::TIMEOUT, "no order after the restart");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn an_order_is_placed_and_paid_once_whatever_its_servers_do() {
    let faults = [
        (Fault::LostAnswer, "COMMIT"),
        (Fault::LostRequest, "COMMIT"),
        (Fault::StolenLock, "COMMIT"),
        (Fault::ExpiredStream, "COMMIT"),
        (Fault::LostAnswer, "BEGIN IMMEDIATE"),
        (Fault::StolenLock, "INSERT INTO"),
        (Fault::Interrupted, "INSERT INTO"),
        (Fault::Interrupted, "SELECT"),
        (Fault::CutAnswer, "SELECT"),
        (Fault::Status(429), "BEGIN IMMEDIATE"),
        (Fault::Status(503), "SELECT"),
    ];
    let state = tempfile::tempdir().expect("a temp folder");
    let servers = Servers::start(&LibsqlServer::Double, state.path());
    let mut fixture = OrderFixture::in_folder(state, 1);
    let instance = fixture.start(&SHORT_TIMEOUTS);
    let product = fixture.stock(&instance, PIECES);
    let customer = fixture.customer(&instance.client(), 0);
    for (fault, sql) in faults {
        DATABASES.into_iter().for_each(|label| servers.double(label).arm(fault, sql));
        let request = OrderRequest::new(&product, 1, "pm_ok");
        request.send(&customer).expect("the host is not killed").expect_status(201);
        fixture.settle(&instance).expect("the host is not killed");
        assert_eq!(fixture.status(&request).as_deref(), Some("paid"), "{fault:?} at {sql}");
        for label in DATABASES {
            assert_eq!(servers.double(label).armed(), 0, "{label} never came to {fault:?} at {sql}");
        }
    }
    instance.kill();
    fixture.check();
    assert_eq!(fixture.databases().count("SELECT count(*) FROM orders"), faults.len());
}
