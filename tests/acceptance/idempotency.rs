//! Checks 2 and 3: a request that is repeated under its key, concurrently or later, places one order; and a key that is missing, reused for
//! another request, in flight or of another user gets the response of the specification.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use spindle_tests::acceptance::{figures, scale};
use spindle_tests::database::WriteLock;
use spindle_tests::problem::expect_problem;
use spindle_tests::{Client, Instance, Response};

use crate::fixture::{OrderFixture, OrderRequest, SHORT_TIMEOUTS, TIMEOUT, concurrently, order_id};

/// The header field that the response to a repeated request has.
const REPLAYED: &str = "idempotency-replayed";

/// Starts an instance with the default lease of idempotency keys.
fn start(fixture: &OrderFixture) -> Instance {
    let variables: Vec<_> = SHORT_TIMEOUTS.into_iter().chain([("idempotency_lease_seconds", "30")]).collect();
    Instance::with(fixture.state.path(), &variables)
}

#[test]
fn concurrent_requests_with_one_key_place_one_order() {
    let (keys, senders) = scale((5, 20), (100, 50));
    let mut fixture = OrderFixture::new(1);
    let instance = start(&fixture);
    let product = fixture.stock(&instance, 1_000);
    let clients: Vec<Client> = (0..senders).map(|_| fixture.customer(&instance.client(), 0)).collect();

    let begin = Instant::now();
    let (mut replayed, mut in_flight) = (0, 0);
    for _ in 0..keys {
        let request = OrderRequest::new(&product, 1, "pm_ok");
        let responses =
            concurrently(senders, |sender| request.try_send(&clients[sender]).expect("the host is not killed"));
        let (first, others) = the_first(responses);
        for response in others {
            if response.status == 201 {
                assert_same(&first, &response);
                replayed += 1;
            } else {
                expect_problem(&response, 409, "idempotency-key-in-flight");
                assert!(response.header("retry-after").is_some(), "{response:?}");
                in_flight += 1;
            }
        }
        assert_same(&first, &request.send(&clients[0]).expect("the host is not killed"));
    }
    let took = begin.elapsed();
    fixture.settle(&instance).expect("the host is not killed");
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
            ("the same response again", &replayed),
            ("refused as in flight", &in_flight),
            ("requests a second", &((keys * senders) as f64 / took.as_secs_f64()).round()),
        ],
    );
}

#[test]
fn a_key_that_is_missing_reused_or_in_flight_places_no_order() {
    let mut fixture = OrderFixture::new(1);
    let instance = start(&fixture);
    let product = fixture.stock(&instance, 10);
    let customer = fixture.customer(&instance.client(), 0);
    let request = OrderRequest::new(&product, 1, "pm_ok");

    expect_problem(&customer.post("/v1/orders", &request.body), 400, "idempotency-key-missing");
    let first = request.try_send(&customer).expect("the host is not killed").expect_status(201);
    let mut changed = request.clone();
    changed.body["items"][0]["quantity"] = json!(2);
    let refused = changed.try_send(&customer).expect("the host is not killed");
    expect_problem(&refused, 422, "idempotency-key-reused");
    assert_same(&first, &request.try_send(&customer).expect("the host is not killed"));

    // An invalid request does not use up its key.
    let fixed = OrderRequest::new(&product, 3, "pm_ok");
    let mut broken = fixed.clone();
    broken.body["items"][0]["quantity"] = json!(0);
    expect_problem(&broken.try_send(&customer).expect("the host is not killed"), 422, "validation-failed");
    fixed.try_send(&customer).expect("the host is not killed").expect_status(201);

    // While the catalog's database is locked, the request cannot finish.
    let slow = OrderRequest::new(&product, 1, "pm_ok");
    let catalog = WriteLock::take(fixture.state.path(), "catalog");
    thread::scope(|scope| {
        let under_way = scope.spawn(|| slow.try_send(&customer).expect("the host is not killed"));
        let claimed = format!("SELECT count(*) FROM idempotency_keys WHERE key = '{}'", slow.key);
        wait_until(|| fixture.databases().count(&claimed) == 1);
        let response = slow.try_send(&customer).expect("the host is not killed");
        expect_problem(&response, 409, "idempotency-key-in-flight");
        assert!(response.header("retry-after").is_some(), "{response:?}");
        catalog.release();
        let first = under_way.join().expect("it gets a response").expect_status(201);
        assert_same(&first, &slow.try_send(&customer).expect("the host is not killed"));
    });
    fixture.settle(&instance).expect("the host is not killed");
    instance.kill();
    fixture.check();
    assert_eq!(fixture.databases().count("SELECT count(*) FROM orders"), 3);
}

#[test]
fn a_key_of_another_user_never_replays() {
    const KEYS: usize = 10;
    let tries = scale(50, 1_000);
    let mut fixture = OrderFixture::new(2);
    let instance = start(&fixture);
    let product = fixture.stock(&instance, 10_000);
    let (one, other) = (fixture.customer(&instance.client(), 0), fixture.customer(&instance.client(), 1));
    let mut requests: Vec<OrderRequest> = (0..KEYS).map(|_| OrderRequest::new(&product, 1, "pm_ok")).collect();
    let place = |client: &Client, request: &OrderRequest| {
        request.try_send(client).expect("the host is not killed").expect_status(201)
    };
    let known: BTreeSet<String> = requests.iter().map(|request| order_id(&place(&one, request))).collect();

    let mut own = BTreeSet::new();
    for number in 0..tries {
        // The other user's key, then the same key in quotes, which are not part of the key.
        let request = &mut requests[number % KEYS];
        if number == KEYS {
            request.key = format!("\"{}\"", request.key);
        }
        let response = place(&other, request);
        let id = order_id(&response);
        assert!(!known.contains(&id), "the order of another user: {}", response.text());
        assert_eq!(response.header(REPLAYED).is_some(), !own.insert(id), "{response:?}");
    }
    assert_eq!(own.len(), KEYS);
    let ids = format!("/v1/orders/{}", known.first().expect("an order"));
    expect_problem(&other.get(&ids), 404, "not-found");
    figures("idempotency: keys of another user", &[("tries", &tries), ("that revealed an order", &0)]);
}

/// Returns the response of the request that placed the order, and the other responses.
fn the_first(responses: Vec<Response>) -> (Response, Vec<Response>) {
    let (mut first, others): (Vec<_>, Vec<_>) =
        responses.into_iter().partition(|response| response.status == 201 && response.header(REPLAYED).is_none());
    assert_eq!(first.len(), 1, "one request places the order");
    (first.remove(0), others)
}

/// Checks that `response` repeats `first`.
#[track_caller]
fn assert_same(first: &Response, response: &Response) {
    assert_eq!((response.status, response.text()), (201, first.text()));
    assert_eq!(response.header(REPLAYED), Some("true"));
    for header in ["location", "etag", "content-type"] {
        assert_eq!(response.header(header), first.header(header), "{header}");
    }
}

fn wait_until(holds: impl Fn() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < TIMEOUT, "it never holds");
        thread::sleep(Duration::from_millis(2));
    }
}
