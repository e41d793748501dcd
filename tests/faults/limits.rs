//! What one customer can hold without paying, also with many requests at once.

use std::thread;

use serde_json::json;
use spindle_tests::orders::{order_body, try_place_order, unique_key};
use spindle_tests::problem::expect_problem;
use spindle_tests::products::create_product;
use spindle_tests::{Client, Instance, Response};

/// Sends `count` orders of `pieces` of the product `id` at once, with payments that stay pending.
fn place_concurrently(client: &Client, count: usize, id: &str, pieces: u32) -> Vec<Response> {
    let place = || try_place_order(client, &unique_key(), &order_body(&[(id, pieces)], "pm_timeout"));
    thread::scope(|scope| {
        let requests: Vec<_> = (0..count).map(|_| scope.spawn(place)).collect();
        requests.into_iter().map(|request| request.join().expect("no request panics")).collect()
    })
}

#[test]
fn a_customer_holds_no_more_than_the_limits_without_paying() {
    let state = tempfile::tempdir().expect("a temp folder");
    let limits = [("customer_max_unpaid_orders", "3"), ("customer_max_unpaid_pieces", "20")];
    let instance = Instance::with(state.path(), &limits);
    // Requests, pieces of each, and the orders that the limits allow: by number, by pieces, and none.
    for (requests, pieces, allowed) in [(10, 1, 3), (5, 8, 2), (2, 21, 0)] {
        let product = create_product(&instance.admin().client, &json!({"stock": {"on_hand": 100}}));
        let client = instance.accounts().customer("buyer").client;
        let responses = place_concurrently(&client, requests, &product.id, pieces);
        let (placed, refused): (Vec<_>, Vec<_>) = responses.iter().partition(|response| response.status == 201);
        assert_eq!(placed.len(), allowed, "{requests} orders of {pieces} pieces");
        for response in refused {
            let problem = expect_problem(response, 409, "too-much-unpaid");
            assert_eq!((&problem["max_unpaid_orders"], &problem["max_unpaid_pieces"]), (&json!(3), &json!(20)));
        }
        let stock = instance.client().get(&product.path).expect_status(200).json()["stock"]["available"].clone();
        assert_eq!(stock, json!(100 - allowed * pieces as usize), "no refused order holds any");
    }
}
