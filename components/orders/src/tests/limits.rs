//! What one customer can hold without paying.

use super::{DESK, Fixture, LAMP, request, request_of};
use http::StatusCode;
use serde_json::json;
use spindle_contracts::Role;
use spindle_contracts::event::PaymentAuthorized;
use spindle_edge::testing::{TestResponse, user_id};

/// Returns a fixture with enough lamps and desks.
fn stocked() -> Fixture {
    let fixture = Fixture::new();
    fixture.catalog.borrow_mut().available.extend([(LAMP, 1_000), (DESK, 1_000)]);
    fixture
}

fn place(fixture: &Fixture, number: usize, pieces: u32) -> TestResponse {
    fixture.place_with(&format!("k-{number}"), &request_of(&[(LAMP, pieces)]))
}

#[test]
fn a_customer_has_at_most_ten_unpaid_orders() {
    let fixture = stocked();
    let paths: Vec<String> = (0..10).map(|_| fixture.order()).collect();
    let calls = fixture.catalog.borrow().calls;
    let refused = fixture.place_with("more", &request());
    assert_eq!(refused.problem(), "409 too-much-unpaid");
    let problem = refused.json();
    let members = ["unpaid_orders", "max_unpaid_orders", "unpaid_pieces", "max_unpaid_pieces"];
    assert_eq!(members.map(|member| problem[member].clone()), [10, 10, 20, 100].map(|number| json!(number)));
    assert_eq!(fixture.catalog.borrow().calls, calls, "nothing is reserved, not even for a moment");
    let again = fixture.place_with("more", &request());
    assert_eq!((again.status(), again.body()), (refused.status(), refused.body()), "the response is stored");

    let other = fixture.client.post("/v1/orders").as_user(user_id(2), Role::Customer);
    let other = other.header("idempotency-key", "k").json(&request()).send();
    assert_eq!(other.status(), StatusCode::CREATED, "another customer has limits of their own");

    fixture.receive::<PaymentAuthorized>(&paths[0], json!({}));
    assert_eq!(fixture.place_with("paid", &request()).status(), StatusCode::CREATED);
    assert_eq!(fixture.place_with("full", &request()).status(), StatusCode::CONFLICT);
    fixture.client.post(&format!("{}/cancel", paths[1])).send();
    assert_eq!(fixture.place_with("cancelled", &request()).status(), StatusCode::CREATED);
}

#[test]
fn a_customer_holds_at_most_a_hundred_pieces() {
    let fixture = stocked();
    let both = |pieces| request_of(&[(LAMP, 40), (DESK, pieces)]);
    assert_eq!(fixture.place_with("alone", &both(61)).problem(), "409 too-much-unpaid");
    assert_eq!(fixture.place_with("k", &both(59)).status(), StatusCode::CREATED);
    assert_eq!(place(&fixture, 1, 2).problem(), "409 too-much-unpaid");
    assert_eq!(place(&fixture, 2, 1).status(), StatusCode::CREATED);
    assert_eq!((fixture.catalog.borrow().available[LAMP], fixture.catalog.borrow().available[DESK]), (959, 941));
}

#[test]
fn a_request_without_a_response_counts_as_an_order() {
    let fixture = stocked();
    fixture.catalog.borrow_mut().loses_responses = true;
    for number in 0..10 {
        assert_eq!(place(&fixture, number, 1).status(), StatusCode::SERVICE_UNAVAILABLE);
    }
    fixture.catalog.borrow_mut().loses_responses = false;
    assert_eq!(place(&fixture, 10, 1).problem(), "409 too-much-unpaid");
    // A repetition of one of them counts once.
    assert_eq!(place(&fixture, 0, 1).status(), StatusCode::CREATED);
    assert_eq!(fixture.catalog.borrow().available[LAMP], 990);
}

#[test]
fn an_order_that_exceeds_a_limit_when_it_is_written_is_refused_and_its_stock_released() {
    let fixture = stocked();
    fixture.catalog.borrow_mut().loses_responses = true;
    let first = place(&fixture, 1, 99);
    assert_eq!(first.status(), StatusCode::SERVICE_UNAVAILABLE);
    fixture.catalog.borrow_mut().loses_responses = false;
    // Meanwhile the customer places another one.
    fixture.order();
    let refused = place(&fixture, 1, 99);
    assert_eq!(refused.problem(), "409 too-much-unpaid");
    assert_eq!(fixture.catalog.borrow().available[LAMP], 998);
    assert_eq!(fixture.client.rows::<(i64,)>("SELECT count(*) FROM orders"), [(1,)]);
}

#[test]
fn the_limits_cost_no_statement() {
    let fixture = stocked();
    (0..10).for_each(|_| drop(fixture.order()));
    let before = fixture.client.platform().statements("orders").len();
    assert_eq!(fixture.place_with("more", &request()).status(), StatusCode::CONFLICT);
    // Schema; claim with the counts; response.
    assert_eq!(fixture.client.platform().statements("orders").len() - before, 3);
}
