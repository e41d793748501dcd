//! More clients than the servers of the databases take. What is refused is a 503 that says when to come back, and nothing is half done.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::acceptance::{figures, is_full, scale};
use spindle_tests::libsql::Servers;
use spindle_tests::libsql::double::Limits;
use spindle_tests::{Client, Response};
use xtask::store::LibsqlServer;

use super::PIECES;
use crate::fixture::{OrderFixture, OrderRequest, SHORT_TIMEOUTS, TIMEOUT, order_id};

/// Fewer than the clients need at once: 6 in the short form, 24 in the full one. The double lets them wait for a shorter time than `sqld` does.
fn limits() -> Limits {
    let connections = scale(3, 12);
    Limits { connections, requests: connections, opening: Duration::from_millis(100), ..Limits::default() }
}

/// The time after which a client comes back: far less than `Retry-After`, so that the servers stay at their limits.
const PAUSE: Duration = Duration::from_millis(20);

/// The responses so far.
#[derive(Debug, Default)]
struct Responses {
    accepted: AtomicUsize,
    refused: AtomicUsize,
}

impl Responses {
    /// Sends `request` until it is accepted.
    fn accepted(&self, request: impl Fn() -> Option<Response>) -> Response {
        let begin = Instant::now();
        loop {
            let response = request().expect("the host is not killed");
            if response.status < 300 {
                self.accepted.fetch_add(1, Ordering::Relaxed);
                return response;
            }
            // The key of a request that was refused in its middle may be in use until its lease ends.
            assert!([409, 503].contains(&response.status), "{}: {}", response.status, response.text());
            assert!(response.header("retry-after").is_some(), "{}: {}", response.status, response.text());
            self.refused.fetch_add(1, Ordering::Relaxed);
            assert!(begin.elapsed() < TIMEOUT, "it is never accepted");
            thread::sleep(PAUSE);
        }
    }
}

#[test]
fn more_clients_than_the_servers_take_are_refused_or_served_and_nothing_is_half_done() {
    let kind = if is_full() { LibsqlServer::find().expect("a server") } else { LibsqlServer::Double };
    let (buyers, orders_each): (usize, usize) = (scale(6, 24), scale(2, 15));
    let state = tempfile::tempdir().expect("a temp folder");
    let servers = Servers::start_with(&kind, state.path(), limits());
    let mut fixture = OrderFixture::in_folder(state, buyers);
    let instance = fixture.start(&SHORT_TIMEOUTS);
    let product = fixture.stock(&instance, PIECES);

    let (responses, placed) = (Responses::default(), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for buyer in 0..buyers {
            let client = fixture.customer(&instance.client(), buyer);
            let (product, placed, responses) = (&product, &placed, &responses);
            scope.spawn(move || {
                for _ in 0..orders_each {
                    let request = OrderRequest::new(product, 1, "pm_ok");
                    let order = order_id(&responses.accepted(|| request.try_send(&client)));
                    responses.accepted(|| read(&client, &format!("/v1/orders/{order}")));
                    responses.accepted(|| read(&client, &format!("/v1/products/{product}")));
                    placed.lock().expect("no buyer panics").push(order);
                }
            });
        }
    });
    fixture.settle(&instance).expect("the host is not killed");
    instance.kill();
    let placed = fixture.check_placed(placed.into_inner().expect("no buyer panics"));
    let count = |count: &AtomicUsize| count.load(Ordering::Relaxed);
    let refused = count(&responses.refused);
    assert!(refused > 0, "the servers never had too many clients");
    figures(
        "libsql: more clients than the servers take",
        &[
            ("servers", &kind),
            ("connections that each takes", &limits().connections),
            ("clients", &buyers),
            ("requests accepted", &count(&responses.accepted)),
            ("refused before, with Retry-After", &refused),
            ("orders, each there once", &placed),
        ],
    );
    drop(servers);
}

fn read(client: &Client, path: &str) -> Option<Response> {
    client.try_send("GET", path, &[], None).ok()
}
