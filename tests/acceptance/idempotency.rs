//! Checks 2 and 3: however often a request is sent under its key, at once or later, one order comes of it; and a key that is missing, used
//! for something else, under way or somebody else's gets what the specification says.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::json;
use spindle_tests::acceptance::{figures, scale};
use spindle_tests::problem::expect_problem;
use spindle_tests::{Client, Instance, Response};

use crate::fixture::{OrderFixture, OrderRequest, PATIENCE, SHORT_TIMEOUTS, concurrently, order_id};

/// What is not there in a request that is carried out for the first time.
const REPLAYED: &str = "idempotency-replayed";

/// An instance whose requests keep their keys to themselves for as long as usual.
fn start(fixture: &OrderFixture) -> Instance {
    let variables: Vec<_> = SHORT_TIMEOUTS.into_iter().chain([("idempotency_lease_seconds", "30")]).collect();
    Instance::with(fixture.state.path(), &variables)
}

#[test]
fn of_many_who_send_the_same_request_at_once_one_places_the_order() {
    let (keys, senders) = scale((5, 20), (100, 50));
    let mut fixture = OrderFixture::new(1);
    let instance = start(&fixture);
    let product = fixture.stock(&instance, 1_000);
    let clients: Vec<Client> = (0..senders).map(|_| fixture.customer(&instance.client(), 0)).collect();

    let begin = Instant::now();
    let (mut replayed, mut in_flight) = (0, 0);
    for _ in 0..keys {
        let request = OrderRequest::new(&product, 1, "pm_ok");
        let answers = concurrently(senders, |sender| request.try_send(&clients[sender]).expect("nobody kills it"));
        let (first, others) = the_first(answers);
        for answer in others {
            if answer.status == 201 {
                assert_same(&first, &answer);
                replayed += 1;
            } else {
                expect_problem(&answer, 409, "idempotency-key-in-flight");
                assert!(answer.header("retry-after").is_some(), "{answer:?}");
                in_flight += 1;
            }
        }
        assert_same(&first, &request.send(&clients[0]).expect("nobody kills it"));
    }
    let took = begin.elapsed();
    fixture.settle(&instance).expect("nobody kills it");
    instance.kill();
    fixture.check();
    let databases = fixture.databases();
    let events = |kind: &str| databases.count(&format!("SELECT count(*) FROM outbox WHERE type = '{kind}'"));
    let found = [databases.count("SELECT count(*) FROM orders"), events("OrderCreated"), events("PaymentRequested")];
    assert_eq!(found, [keys; 3], "orders and events of each kind");
    figures(
        "idempotency: the same request, many times at once",
        &[
            ("keys, one order and one event of each kind for each", &keys),
            ("requests for each at once", &senders),
            ("the same answer again", &replayed),
            ("told that the first is under way", &in_flight),
            ("requests a second", &((keys * senders) as f64 / took.as_secs_f64()).round()),
        ],
    );
}

#[test]
fn a_key_that_is_missing_changed_or_under_way_places_no_order() {
    let mut fixture = OrderFixture::new(1);
    let instance = start(&fixture);
    let product = fixture.stock(&instance, 10);
    let customer = fixture.customer(&instance.client(), 0);
    let request = OrderRequest::new(&product, 1, "pm_ok");

    expect_problem(&customer.post("/v1/orders", &request.body), 400, "idempotency-key-missing");
    let first = request.try_send(&customer).expect("nobody kills it").expect_status(201);
    let mut changed = request.clone();
    changed.body["items"][0]["quantity"] = json!(2);
    let refused = changed.try_send(&customer).expect("nobody kills it");
    expect_problem(&refused, 422, "idempotency-key-reused");
    assert_same(&first, &request.try_send(&customer).expect("nobody kills it"));

    // What was not valid has used up no key.
    let fixed = OrderRequest::new(&product, 3, "pm_ok");
    let mut broken = fixed.clone();
    broken.body["items"][0]["quantity"] = json!(0);
    expect_problem(&broken.try_send(&customer).expect("nobody kills it"), 422, "validation-failed");
    fixed.try_send(&customer).expect("nobody kills it").expect_status(201);

    // While the catalog's database is locked, the request cannot get on.
    let slow = OrderRequest::new(&product, 1, "pm_ok");
    let catalog = Connection::open(fixture.state.path().join("catalog.db")).expect("the catalog's database");
    catalog.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
    thread::scope(|scope| {
        let under_way = scope.spawn(|| slow.try_send(&customer).expect("nobody kills it"));
        let claimed = format!("SELECT count(*) FROM idempotency_keys WHERE key = '{}'", slow.key);
        wait_until(|| fixture.databases().count(&claimed) == 1);
        let answer = slow.try_send(&customer).expect("nobody kills it");
        expect_problem(&answer, 409, "idempotency-key-in-flight");
        assert!(answer.header("retry-after").is_some(), "{answer:?}");
        catalog.execute_batch("ROLLBACK").expect("the other lets go");
        let first = under_way.join().expect("it is answered").expect_status(201);
        assert_same(&first, &slow.try_send(&customer).expect("nobody kills it"));
    });
    fixture.settle(&instance).expect("nobody kills it");
    instance.kill();
    fixture.check();
    assert_eq!(fixture.databases().count("SELECT count(*) FROM orders"), 3);
}

#[test]
fn a_key_of_somebody_else_never_replays() {
    const KEYS: usize = 10;
    let tries = scale(50, 1_000);
    let mut fixture = OrderFixture::new(2);
    let instance = start(&fixture);
    let product = fixture.stock(&instance, 10_000);
    let (one, other) = (fixture.customer(&instance.client(), 0), fixture.customer(&instance.client(), 1));
    let mut requests: Vec<OrderRequest> = (0..KEYS).map(|_| OrderRequest::new(&product, 1, "pm_ok")).collect();
    let place =
        |client: &Client, request: &OrderRequest| request.try_send(client).expect("nobody kills it").expect_status(201);
    let known: BTreeSet<String> = requests.iter().map(|request| order_id(&place(&one, request))).collect();

    let mut own = BTreeSet::new();
    for number in 0..tries {
        // The other's key, then the same in another spelling: in quotes, which are none of the key.
        let request = &mut requests[number % KEYS];
        if number == KEYS {
            request.key = format!("\"{}\"", request.key);
        }
        let answer = place(&other, request);
        let id = order_id(&answer);
        assert!(!known.contains(&id), "the order of somebody else: {}", answer.text());
        assert_eq!(answer.header(REPLAYED).is_some(), !own.insert(id), "{answer:?}");
    }
    assert_eq!(own.len(), KEYS);
    let ids = format!("/v1/orders/{}", known.first().expect("an order"));
    expect_problem(&other.get(&ids), 404, "not-found");
    figures("idempotency: keys of somebody else", &[("tries", &tries), ("that gave away an order", &0)]);
}

/// The answer of the request that was carried out, and the others.
fn the_first(answers: Vec<Response>) -> (Response, Vec<Response>) {
    let (mut first, others): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 201 && answer.header(REPLAYED).is_none());
    assert_eq!(first.len(), 1, "so many were carried out");
    (first.remove(0), others)
}

/// Checks that `answer` is `first` again.
#[track_caller]
fn assert_same(first: &Response, answer: &Response) {
    assert_eq!((answer.status, answer.text()), (201, first.text()));
    assert_eq!(answer.header(REPLAYED), Some("true"));
    for header in ["location", "etag", "content-type"] {
        assert_eq!(answer.header(header), first.header(header), "{header}");
    }
}

fn wait_until(holds: impl Fn() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < PATIENCE, "it never holds");
        thread::sleep(Duration::from_millis(2));
    }
}
