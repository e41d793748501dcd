//! The stock reservations of orders.

use super::{builder, client, create, product_input, with};
use crate::SERVICE;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::{Role, Timestamp};
use spindle_edge::Service;
use spindle_edge::testing::{TestClient, TestResponse};
use spindle_platform::Scope;
use std::thread;

const RESERVATIONS: &str = "/internal/catalog/reservations";

pub(super) fn order(number: u32) -> String {
    format!("018bcfe5-6800-7000-9000-{number:012}")
}

pub(super) fn reserve(client: &TestClient, order: &str, lines: &[(&Value, u32)]) -> TestResponse {
    let line = |(product, quantity): &(&Value, u32)| json!({ "product_id": product["id"], "quantity": quantity });
    let lines: Vec<Value> = lines.iter().map(line).collect();
    let request = json!({ "order_id": order, "lines": lines });
    client.post(RESERVATIONS).as_service("orders").json(&request).send()
}

pub(super) fn transition(client: &TestClient, order: &str, name: &str) -> (StatusCode, Value) {
    let response = client.post(&format!("{RESERVATIONS}/{order}/{name}")).as_service("orders").send();
    let state = response.json()["state"].clone();
    (response.status(), state)
}

fn tick(client: &TestClient) -> Value {
    client.post("/internal/catalog/tick").as_service("gateway").send().json()
}

fn available(client: &TestClient, product: &Value) -> i64 {
    let product = client.get(&format!("/v1/products/{}", product["id"].as_str().unwrap())).send().json();
    product["stock"]["available"].as_i64().unwrap()
}

#[test]
fn a_reservation_has_the_name_and_the_price_of_each_line() {
    let client = client();
    let (lamp, desk) =
        (create(&client, product_input("L")), create(&client, with(product_input("D"), json!({ "name": "Desk" }))));
    let response = reserve(&client, &order(1), &[(&lamp, 2), (&desk, 1)]);
    let price = json!({ "amount": 1299, "currency": "EUR" });
    let expected = json!({
        "order_id": order(1),
        "state": "held",
        "expires_at": "2023-11-14T22:33:20.000Z",
        "lines": [
            { "product_id": lamp["id"], "quantity": 2, "sku": "L", "name": "Lamp L", "unit_price": price },
            { "product_id": desk["id"], "quantity": 1, "sku": "D", "name": "Desk", "unit_price": price },
        ],
    });
    assert_eq!((response.status(), response.json()), (StatusCode::CREATED, expected));
    assert_eq!((available(&client, &lamp), available(&client, &desk)), (8, 9));
}

#[test]
fn a_repeated_request_reserves_once_and_gets_the_same_response() {
    let client = client();
    let product = create(&client, product_input("A"));
    let first = reserve(&client, &order(1), &[(&product, 2)]);
    let change = json!({ "name": "Renamed", "price": { "amount": 1 } });
    let path = format!("/v1/products/{}", product["id"].as_str().unwrap());
    client.patch(&path).as_role(Role::Operator).header("if-match", "*").json(&change).send();
    let second = reserve(&client, &order(1), &[(&product, 2)]);
    assert_eq!((second.status(), second.json()), (StatusCode::OK, first.json()));
    assert_eq!(reserve(&client, &order(1), &[(&product, 3)]).status(), StatusCode::CONFLICT);
    assert_eq!(available(&client, &product), 8);
}

#[test]
fn if_one_line_exceeds_the_stock_nothing_is_reserved() {
    let client = client();
    let (lamp, desk) = (create(&client, product_input("L")), create(&client, product_input("D")));
    let gone = json!({ "id": "018bcfe5-6800-7000-8000-999999999999" });
    let response = reserve(&client, &order(1), &[(&lamp, 10), (&desk, 11), (&gone, 1)]);
    let expected = json!([
        { "pointer": "/lines/1/quantity", "detail": "must be at most 10, the available stock" },
        { "pointer": "/lines/2/product_id", "detail": "must be a product that is for sale" },
    ]);
    assert_eq!((response.status(), &response.json()["errors"]), (StatusCode::CONFLICT, &expected));
    assert_eq!((available(&client, &lamp), available(&client, &desk)), (10, 10));
    assert_eq!(reserve(&client, &order(1), &[(&lamp, 10)]).status(), StatusCode::CREATED, "the order may try again");
}

#[test]
fn products_in_several_currencies_are_refused_and_nothing_is_reserved() {
    let client = client();
    let price = |currency: &str| json!({ "price": { "amount": 100, "currency": currency } });
    let (euro, dollar) = (
        create(&client, with(product_input("E"), price("EUR"))),
        create(&client, with(product_input("D"), price("USD"))),
    );
    // The stock is not checked then.
    let response = reserve(&client, &order(1), &[(&euro, 1), (&dollar, 999)]);
    let expected = json!([
        { "pointer": "/lines/1/product_id", "detail": "has a price in USD, but the first line has one in EUR: place one order for each currency" },
    ]);
    assert_eq!((response.status(), &response.json()["errors"]), (StatusCode::UNPROCESSABLE_ENTITY, &expected));
    assert_eq!((available(&client, &euro), available(&client, &dollar)), (10, 10));
}

#[test]
fn the_tick_removes_old_events() {
    let client = client();
    let product = create(&client, product_input("A"));
    reserve(&client, &order(1), &[(&product, 1)]);
    client.platform().set_now(Timestamp::from_millis(1_700_000_000_000 + 604_800_000));
    // Expiry publishes the stock of the first reservation again; the events before are exactly a week old.
    assert_eq!(tick(&client), json!({ "expired": 1, "pruned": 0 }));
    client.platform().set_now(Timestamp::from_millis(1_700_000_000_000 + 604_800_001));
    assert_eq!(tick(&client), json!({ "expired": 0, "pruned": 2 }));
}

#[test]
fn an_invalid_reservation_is_refused() {
    let client = client();
    let product = create(&client, product_input("A"));
    for (lines, pointer) in [
        (&[][..], "/lines"),
        (&[(&product, 0)], "/lines/0/quantity"),
        (&[(&product, 1), (&product, 2)], "/lines/1/product_id"),
    ] {
        let response = reserve(&client, &order(1), lines);
        assert_eq!(
            (response.status(), &response.json()["errors"][0]["pointer"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(pointer))
        );
    }
}

#[test]
fn committed_units_are_sold_and_released_units_are_available_again() {
    let client = client();
    let product = create(&client, product_input("A"));
    for number in 1..=3 {
        reserve(&client, &order(number), &[(&product, 2)]);
    }
    for _ in 0..2 {
        assert_eq!(transition(&client, &order(1), "commit"), (StatusCode::OK, json!("allocated")));
        assert_eq!(transition(&client, &order(2), "release"), (StatusCode::OK, json!("released")));
        assert_eq!(available(&client, &product), 6);
    }
    assert_eq!(transition(&client, &order(2), "commit").0, StatusCode::CONFLICT);
    assert_eq!(
        reserve(&client, &order(2), &[(&product, 2)]).status(),
        StatusCode::CONFLICT,
        "a released reservation is final"
    );
    assert_eq!(transition(&client, &order(1), "release"), (StatusCode::OK, json!("released")));
    assert_eq!(
        available(&client, &product),
        8,
        "the units of the cancelled order are back, those of the third are reserved"
    );
}

#[test]
fn an_order_that_was_released_before_it_reserved_cannot_reserve_later() {
    let client = client();
    let product = create(&client, product_input("A"));
    assert_eq!(transition(&client, &order(1), "commit").0, StatusCode::NOT_FOUND);
    assert_eq!(transition(&client, &order(1), "release"), (StatusCode::OK, json!("released")));
    assert_eq!(reserve(&client, &order(1), &[(&product, 2)]).status(), StatusCode::CONFLICT);
    assert_eq!(available(&client, &product), 10);
}

#[test]
fn the_tick_expires_reservations_that_were_not_committed() {
    let client = client();
    let product = create(&client, product_input("A"));
    reserve(&client, &order(1), &[(&product, 2)]);
    reserve(&client, &order(2), &[(&product, 3)]);
    transition(&client, &order(2), "commit");
    client.platform().set_now(Timestamp::from_millis(1_700_000_000_000 + 1_200_000 - 1));
    assert_eq!(tick(&client), json!({ "expired": 0, "pruned": 0 }));
    client.platform().set_now(Timestamp::from_millis(1_700_000_000_000 + 1_200_000));
    assert_eq!(tick(&client), json!({ "expired": 1, "pruned": 0 }));
    assert_eq!(tick(&client), json!({ "expired": 0, "pruned": 0 }));
    assert_eq!(available(&client, &product), 7);
    assert_eq!(transition(&client, &order(1), "commit").0, StatusCode::CONFLICT);
    assert_eq!(transition(&client, &order(1), "release"), (StatusCode::OK, json!("expired")));
}

#[test]
fn the_stock_cannot_be_set_below_the_reserved_units() {
    let client = client();
    let product = create(&client, product_input("A"));
    reserve(&client, &order(1), &[(&product, 4)]);
    let path = format!("/v1/products/{}/stock", product["id"].as_str().unwrap());
    let set = |on_hand: u32| client.put(&path).as_role(Role::Operator).json(&json!({ "on_hand": on_hand })).send();
    assert_eq!(set(3).status(), StatusCode::CONFLICT);
    assert_eq!(set(4).status(), StatusCode::OK);
    assert_eq!(available(&client, &product), 0);
}

/// Returns the stock as an operator sees it: on hand, reserved, allocated and available.
fn stock(client: &TestClient, product: &Value) -> [i64; 4] {
    let path = format!("/v1/products/{}/stock", product["id"].as_str().unwrap());
    let stock = client.get(&path).as_role(Role::Operator).send().expect(StatusCode::OK).json();
    ["on_hand", "reserved", "allocated", "available"].map(|name| stock[name].as_i64().unwrap())
}

fn count(client: &TestClient, product: &Value, on_hand: i64) -> TestResponse {
    let path = format!("/v1/products/{}/stock", product["id"].as_str().unwrap());
    client.put(&path).as_role(Role::Operator).json(&json!({ "on_hand": on_hand })).send()
}

#[test]
fn a_count_of_the_shelf_sells_no_sold_unit_again() {
    let client = client();
    let product = create(&client, product_input("A"));
    reserve(&client, &order(1), &[(&product, 4)]);
    reserve(&client, &order(2), &[(&product, 1)]);
    transition(&client, &order(1), "commit");
    assert_eq!(stock(&client, &product), [10, 1, 4, 5]);
    // The four sold units are still on the shelf, and are counted.
    count(&client, &product, 10).expect(StatusCode::OK);
    assert_eq!(stock(&client, &product), [10, 1, 4, 5]);
    assert_eq!(reserve(&client, &order(3), &[(&product, 6)]).status(), StatusCode::CONFLICT);
    for _ in 0..2 {
        assert_eq!(transition(&client, &order(1), "ship"), (StatusCode::OK, json!("shipped")));
        assert_eq!(stock(&client, &product), [6, 1, 0, 5]);
    }
    count(&client, &product, 6).expect(StatusCode::OK);
    assert_eq!(stock(&client, &product), [6, 1, 0, 5]);
    // A late repetition of the commit, and a release, change nothing.
    assert_eq!(transition(&client, &order(1), "commit"), (StatusCode::OK, json!("shipped")));
    assert_eq!(transition(&client, &order(1), "release").0, StatusCode::CONFLICT);
    assert_eq!(stock(&client, &product), [6, 1, 0, 5]);
}

#[test]
fn the_units_of_an_order_that_is_cancelled_after_its_payment_can_be_sold_again() {
    let client = client();
    let product = create(&client, product_input("A"));
    reserve(&client, &order(1), &[(&product, 4)]);
    transition(&client, &order(1), "commit");
    assert_eq!(transition(&client, &order(1), "release"), (StatusCode::OK, json!("released")));
    assert_eq!(stock(&client, &product), [10, 0, 0, 10]);
    assert_eq!(transition(&client, &order(1), "ship").0, StatusCode::CONFLICT);
    assert_eq!(stock(&client, &product), [10, 0, 0, 10]);
}

#[test]
fn only_committed_units_are_shipped() {
    let client = client();
    let product = create(&client, product_input("A"));
    assert_eq!(transition(&client, &order(1), "ship").0, StatusCode::NOT_FOUND);
    reserve(&client, &order(1), &[(&product, 4)]);
    assert_eq!(transition(&client, &order(1), "ship").0, StatusCode::CONFLICT);
    assert_eq!(stock(&client, &product), [10, 4, 0, 6]);
}

#[test]
fn a_count_below_the_units_that_belong_to_orders_is_refused() {
    let client = client();
    let product = create(&client, product_input("A"));
    reserve(&client, &order(1), &[(&product, 4)]);
    reserve(&client, &order(2), &[(&product, 3)]);
    transition(&client, &order(1), "commit");
    let refused = count(&client, &product, 6);
    let detail = "on_hand must be at least 7: 3 units are reserved for orders, and 4 are sold and not shipped yet.";
    assert_eq!((refused.status(), &refused.json()["detail"]), (StatusCode::CONFLICT, &json!(detail)));
    count(&client, &product, 7).expect(StatusCode::OK);
    assert_eq!(stock(&client, &product), [7, 3, 4, 0]);
    assert_eq!(
        client.get("/v1/products?in_stock=true").send().json()["items"],
        json!([]),
        "sold units on the shelf are not for sale"
    );
}

#[test]
fn each_transition_publishes_the_stock_and_is_audited() {
    let client = client();
    let product = create(&client, product_input("A"));
    reserve(&client, &order(1), &[(&product, 4)]);
    for step in ["commit", "ship", "ship"] {
        transition(&client, &order(1), step);
    }
    let published: Vec<(i64, i64, i64, i64)> = client.rows(
        "SELECT data ->> 'on_hand', data ->> 'reserved', data ->> 'allocated', data ->> 'available' FROM outbox
         WHERE type = 'StockChanged' ORDER BY seq",
    );
    assert_eq!(published, [(10, 4, 0, 6), (10, 0, 4, 6), (6, 0, 0, 6)]);
    let audited: Vec<(String,)> = client.rows("SELECT action FROM audit_log WHERE action LIKE 'stock.%' ORDER BY seq");
    assert_eq!(audited, ["stock.reserved", "stock.committed", "stock.shipped"].map(|action| (action.to_owned(),)));
}

#[test]
fn stock_that_the_release_before_took_at_the_payment_is_on_hand_again_once_its_order_commits_it() {
    let scope = Scope { service: "catalog", migrations: &SERVICE.scope.migrations[..6] };
    let before = TestClient::new(
        Box::leak(Box::new(Service {
            scope,
            routes: &[],
            shared: &[],
            stores: &[],
            calls: spindle_edge::Calls::NONE,
            check: None,
        })),
        &builder().build(),
    );
    // Of 20 units, orders 1 to 3 have taken 2 each, and order 4 has reserved 5.
    let insert = |statement: &str| drop(before.rows::<(String,)>(statement));
    insert(
        "INSERT INTO products (id, sku, sku_key, name, name_key, description, price_amount, currency, category, attributes, on_hand,
             reserved, status, version, created_at, updated_at)
         VALUES ('018bcfe5-6800-7000-8000-000000000001', 'A', 'a', 'A', 'a', '', 1, 'EUR', 'a', '{}', 14, 5, 'active', 9, 1, 1)
         RETURNING id",
    );
    for (number, state, quantity) in [(1, "committed", 2), (2, "committed", 2), (3, "committed", 2), (4, "held", 5)] {
        insert(&format!(
            "INSERT INTO reservations VALUES ('{}', '{state}', 2e12, 1, 1) RETURNING order_id",
            order(number)
        ));
        insert(&format!(
            "INSERT INTO reservation_lines VALUES ('{}', 0, '018bcfe5-6800-7000-8000-000000000001', {quantity}, 'A', 'A', 1, 'EUR')
             RETURNING order_id",
            order(number)
        ));
    }
    let database = before.platform().database("catalog").unwrap();
    let client = TestClient::new(&SERVICE, &builder().with_database("catalog", &database).build());
    let product = json!({ "id": "018bcfe5-6800-7000-8000-000000000001" });
    assert_eq!(stock(&client, &product), [14, 5, 0, 9]);
    for _ in 0..2 {
        assert_eq!(transition(&client, &order(1), "commit"), (StatusCode::OK, json!("allocated")));
        assert_eq!(stock(&client, &product), [16, 5, 2, 9]);
    }
    transition(&client, &order(1), "ship");
    assert_eq!(stock(&client, &product), [14, 5, 0, 9]);
    // One that is shipped, and one that is cancelled, before the order commits it again.
    assert_eq!(transition(&client, &order(2), "ship"), (StatusCode::OK, json!("shipped")));
    assert_eq!(stock(&client, &product), [14, 5, 0, 9]);
    assert_eq!(transition(&client, &order(3), "release"), (StatusCode::OK, json!("released")));
    assert_eq!(transition(&client, &order(3), "commit").0, StatusCode::CONFLICT);
    assert_eq!(stock(&client, &product), [16, 5, 0, 11]);
    transition(&client, &order(4), "commit");
    assert_eq!(stock(&client, &product), [16, 0, 5, 11]);
}

#[test]
fn only_services_may_reserve() {
    let client = client();
    let path = format!("{RESERVATIONS}/{}/release", order(1));
    for path in [RESERVATIONS, &path, "/internal/catalog/tick"] {
        let response = client.post(path).as_role(Role::Operator).json(&json!({})).send();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[test]
fn concurrent_orders_reserve_no_more_than_the_stock() {
    let client = client();
    let product = create(&client, with(product_input("A"), json!({ "stock": { "on_hand": 25 } })));
    let database = client.platform().database("catalog").unwrap();
    let orders: Vec<_> = (0..8)
        .map(|thread| {
            let (database, product) = (database.clone(), product.clone());
            thread::spawn(move || {
                let client = TestClient::new(&SERVICE, &builder().with_database("catalog", &database).build());
                let statuses =
                    (0..10).map(|number| reserve(&client, &order(thread * 100 + number), &[(&product, 1)]).status());
                statuses.filter(|status| *status == StatusCode::CREATED).count()
            })
        })
        .collect();
    let reserved: usize = orders.into_iter().map(|thread| thread.join().unwrap()).sum();
    assert_eq!((reserved, available(&client, &product)), (25, 0));
}
