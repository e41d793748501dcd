//! The token of the servers of the databases is changed while orders are placed: replicas with the token of the next key take the place of those with
//! the current one, and no request is refused. A token that no key has signed is.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, RwLock};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use spindle_tests::acceptance::{figures, is_full, scale};
use spindle_tests::libsql::{Key, Servers, token_of};
use spindle_tests::log::lines_of;
use spindle_tests::payment_service::PaymentService;
use spindle_tests::problem::expect_problem;
use spindle_tests::{Client, Instance};
use xtask::store::LibsqlServer;

use super::{Over, PIECES};
use crate::fixture::{OrderFixture, OrderRequest, SHORT_TIMEOUTS, order_id};

const BUYERS: usize = 3;

/// Starts a replica with the token of `key`.
fn start(fixture: &OrderFixture, key: Key) -> Instance {
    let variables: Vec<_> = fixture.service.variables().into_iter().chain(SHORT_TIMEOUTS).collect();
    let provider = PaymentService::provider();
    let state = fixture.state.path();
    Instance::with_providers_and_config(state, &variables, &[("payment-provider", &provider)], |config| {
        let databases = config["sqlite_database"].as_table_mut().expect("a table of databases");
        databases.iter_mut().for_each(|(_, database)| database["token"] = token_of(key).into());
    })
}

#[test]
fn the_token_of_the_servers_is_changed_without_a_refused_request() {
    let kind = if is_full() { LibsqlServer::find().expect("a server") } else { LibsqlServer::Double };
    let pause = Duration::from_millis(scale(300, 10_000));
    let state = tempfile::tempdir().expect("a temp folder");
    let servers = Servers::start(&kind, state.path());
    let mut fixture = OrderFixture::in_folder(state, BUYERS);
    let current = start(&fixture, Key::Current);
    let product = fixture.stock(&current, PIECES);

    // The balancer: a request goes to the URL in it, and holds it until its response.
    let first = current.url().to_owned();
    let (target, over) = (RwLock::new(first.clone()), AtomicBool::new(false));
    let (placed, at_next) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    let next = thread::scope(|scope| {
        for buyer in 0..BUYERS {
            let (fixture, product, target, over) = (&fixture, &product, &target, &over);
            let (placed, at_next, first) = (&placed, &at_next, &first);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let url = target.read().expect("no buyer panics");
                    let client = fixture.customer(&Client::new(&url), buyer);
                    let order = OrderRequest::new(product, 1, "pm_ok").try_send(&client).expect("a response");
                    client.get(&format!("/v1/products/{product}")).expect_status(200);
                    placed.lock().expect("no buyer panics").push(order_id(&order.expect_status(201)));
                    at_next.fetch_add(usize::from(*url != *first), Ordering::Relaxed);
                }
            });
        }
        let _over = Over(&over);
        thread::sleep(pause);
        let next = start(&fixture, Key::Next);
        next.url().clone_into(&mut target.write().expect("no buyer panics"));
        // Its clients have their responses. It completes what it does after them: killed, it would leave the lock of a transaction to the server.
        current.stop();
        thread::sleep(pause);
        next
    });
    let placed = placed.into_inner().expect("no buyer panics");
    let at_next = at_next.into_inner();
    assert!(0 < at_next && at_next < placed.len(), "{at_next} of {} orders at the next replica", placed.len());
    fixture.settle(&next).expect("the host is not killed");
    next.kill();
    fixture.check();
    assert_eq!(fixture.databases().count("SELECT count(*) FROM orders"), placed.len());
    figures(
        "libsql: the token of the servers is changed",
        &[("servers", &kind), ("orders, none refused", &placed.len()), ("of these with the next token", &at_next)],
    );
    drop(servers);
}

#[test]
fn a_token_that_no_key_has_signed_is_a_503_and_one_clear_line_in_the_log() {
    let kind = if is_full() { LibsqlServer::find().expect("a server") } else { LibsqlServer::Double };
    let state = tempfile::tempdir().expect("a temp folder");
    let _servers = Servers::start(&kind, state.path());
    let instance = Instance::start_unready(state.path(), &[], |config| {
        config["sqlite_database"]["catalog"]["token"] = token_of(Key::Unknown).into();
    });
    let refused = instance.client().get("/v1/products/01a22ec2-c78a-7f93-aeaf-92cc8c538f09");
    expect_problem(&refused, 503, "unavailable");
    assert!(refused.header("retry-after").is_some());
    let id = refused.header("x-request-id").expect("an id");
    let lines = lines_of(|| instance.log(), id, "catalog");
    let causes: Vec<&Value> = lines.iter().map(|line| &line["cause"]).filter(|cause| !cause.is_null()).collect();
    assert_eq!(causes, [r#"the database does not respond: {"error":"Unauthorized: `The JWT is invalid`"}"#]);
}
