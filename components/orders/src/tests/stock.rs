//! The stock of a shipped order, which the catalog takes off the shelf.

use super::Fixture;
use crate::SERVICE;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::event::{PaymentAuthorized, PaymentCaptured};
use spindle_edge::Service;
use spindle_edge::testing::{TestClient, user_id, with_edge_variables};
use spindle_platform::{Platform, Scope};

/// Places an order that is ready to ship, and returns its path.
fn captured(fixture: &Fixture) -> String {
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    path
}

fn due(client: &TestClient) -> Vec<(String, String)> {
    client.rows("SELECT order_id, call FROM stock_calls ORDER BY order_id")
}

#[test]
fn the_stock_of_a_shipped_order_leaves_the_shelf_once() {
    let fixture = Fixture::new();
    let path = captured(&fixture);
    let calls = fixture.catalog.borrow().calls;
    fixture.fulfil(&path).expect(StatusCode::OK);
    assert_eq!(fixture.catalog.borrow().states(), ["shipped"]);
    assert_eq!((fixture.catalog.borrow().calls, due(&fixture.client)), (calls + 1, vec![]));
    // A repeated request, and a tick, call the catalog no more.
    fixture.fulfil(&path).expect(StatusCode::OK);
    assert_eq!((fixture.tick()["stock_calls"].clone(), fixture.catalog.borrow().calls), (json!(0), calls + 1));
}

#[test]
fn stock_is_shipped_later_if_the_catalog_was_down() {
    let fixture = Fixture::new();
    let path = captured(&fixture);
    fixture.catalog.borrow_mut().is_down = true;
    let fulfilled = fixture.fulfil(&path).expect(StatusCode::OK);
    assert_eq!(fulfilled.json()["status"], "fulfilled");
    assert_eq!((fixture.tick()["stock_calls"].clone(), due(&fixture.client).len()), (json!(0), 1));
    fixture.catalog.borrow_mut().is_down = false;
    assert_eq!((fixture.tick()["stock_calls"].clone(), due(&fixture.client)), (json!(1), vec![]));
    assert_eq!(fixture.catalog.borrow().states(), ["shipped"]);
    assert_eq!(fixture.tick()["stock_calls"], 0);
}

#[test]
fn a_shipment_with_a_lost_response_is_repeated() {
    let fixture = Fixture::new();
    let path = captured(&fixture);
    fixture.catalog.borrow_mut().loses_responses = true;
    fixture.fulfil(&path).expect(StatusCode::OK);
    assert_eq!((fixture.catalog.borrow().states(), due(&fixture.client).len()), (vec!["shipped"], 1));
    fixture.catalog.borrow_mut().loses_responses = false;
    assert_eq!((fixture.tick()["stock_calls"].clone(), due(&fixture.client)), (json!(1), vec![]));
}

#[test]
fn stock_is_shipped_on_the_tick_if_the_process_dies_after_the_response() {
    let fixture = Fixture::new();
    let path = captured(&fixture);
    let request = fixture.client.post(&format!("{path}/fulfil")).as_user(user_id(9), spindle_contracts::Role::Operator);
    let fulfilled = request.send_without_deferred_work().expect(StatusCode::OK);
    assert_eq!((fixture.catalog.borrow().states(), due(&fixture.client).len()), (vec!["committed"], 1));
    fixture.tick();
    assert_eq!((fixture.catalog.borrow().states(), due(&fixture.client)), (vec!["shipped"], vec![]));
    assert_eq!(fixture.client.get(&path).send().json(), fulfilled.json(), "the order is the same");
}

#[test]
fn a_cancelled_order_ships_nothing() {
    let fixture = Fixture::new();
    let path = captured(&fixture);
    fixture.client.post(&format!("{path}/cancel")).send().expect(StatusCode::OK);
    assert_eq!(fixture.fulfil(&path).status(), StatusCode::CONFLICT);
    assert_eq!((fixture.catalog.borrow().states(), due(&fixture.client)), (vec!["released"], vec![]));
}

#[test]
fn orders_that_were_paid_and_not_shipped_before_the_migration_commit_their_stock_again() {
    let variables = || with_edge_variables(Platform::native());
    let scope = Scope { service: "orders", migrations: &SERVICE.scope.migrations[..7] };
    let before = TestClient::new(
        Box::leak(Box::new(Service {
            scope,
            routes: &[],
            shared: &[],
            stores: &[],
            calls: spindle_edge::Calls::NONE,
            check: None,
        })),
        &variables().build(),
    );
    for (id, status) in [("a", "pending_payment"), ("b", "paid"), ("c", "fulfilled"), ("d", "cancelled")] {
        let reason = if status == "cancelled" { "'requested'" } else { "NULL" };
        let _: Vec<(String,)> = before.rows(&format!(
            "INSERT INTO orders (id, number, user_id, status, cancel_reason, items, total, currency, shipping_address, payment_due_at,
                 version, created_at, updated_at)
             VALUES ('{id}', '{id}', 'u', '{status}', {reason}, '[]', 0, 'EUR', '{{}}', 1, 1, 1, 1) RETURNING id"
        ));
    }
    let database = before.platform().database("orders").unwrap();
    let after = TestClient::new(&SERVICE, &variables().with_database("orders", &database).build());
    assert_eq!(due(&after), [("b".to_owned(), "commit".to_owned())]);
}

#[test]
fn a_tick_commits_the_stock_of_such_an_order_again_once() {
    let fixture = Fixture::new();
    let path = captured(&fixture);
    let id = path.rsplit('/').next().unwrap();
    let insert = || -> Vec<(String,)> {
        fixture.client.rows(&format!("INSERT INTO stock_calls VALUES ('{id}', 'commit') RETURNING order_id"))
    };
    insert();
    // An earlier release of the catalog, during a rolling update, changes nothing: the call stays.
    fixture.catalog.borrow_mut().is_of_earlier_release = true;
    assert_eq!((fixture.tick()["stock_calls"].clone(), due(&fixture.client).len()), (json!(0), 1));
    fixture.catalog.borrow_mut().is_of_earlier_release = false;
    assert_eq!((fixture.tick()["stock_calls"].clone(), due(&fixture.client)), (json!(1), vec![]));
    // If the order is shipped first, or cancelled, there is nothing to commit.
    insert();
    fixture.fulfil(&path).expect(StatusCode::OK);
    assert_eq!((fixture.catalog.borrow().states(), due(&fixture.client)), (vec!["shipped"], vec![]));
}
