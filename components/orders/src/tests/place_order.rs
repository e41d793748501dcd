//! Placing orders.

use super::{DESK, Fixture, IMPORT, LAMP, euro, request, request_of};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_edge::testing::user_id;

#[test]
fn a_placed_order_is_returned_in_full_and_reads_the_same() {
    let fixture = Fixture::new();
    let response = fixture.place_with("k-1", &request_of(&[(LAMP, 2), (DESK, 1)]));
    assert_eq!(response.status(), StatusCode::CREATED, "{:?}", response.body());
    let shown = response.json();
    let (id, number) = (shown["id"].as_str().unwrap(), shown["number"].as_str().unwrap());
    assert_eq!((number.len(), number.as_bytes()[4]), (9, b'-'));
    let item = |product_id: &str, sku: &str, quantity: u32, line_total: i64| {
        json!({
            "product_id": product_id, "sku": sku, "name": "Lamp", "unit_price": euro(1299), "quantity": quantity,
            "line_total": euro(line_total),
        })
    };
    let expected = json!({
        "id": id,
        "number": number,
        "user_id": user_id(1),
        "status": "pending_payment",
        "items": [item(LAMP, "S-a", 2, 2598), item(DESK, "S-b", 1, 1299)],
        "adjustments": [],
        "total": euro(3897),
        "shipping_address": request()["shipping_address"],
        "cancel_reason": null,
        "decline": null,
        "created_at": "2023-11-14T22:13:20.000Z",
        "updated_at": "2023-11-14T22:13:20.000Z",
    });
    assert_eq!(shown, expected);
    let path = format!("/v1/orders/{id}");
    assert_eq!(response.headers()["location"], path);
    assert_eq!(response.headers()["etag"], "\"v1\"");
    let read = fixture.client.get(&path).send();
    assert_eq!(
        (read.status(), read.json(), &read.headers()["etag"]),
        (StatusCode::OK, shown, &"\"v1\"".parse().unwrap())
    );
    assert_eq!(fixture.catalog.borrow().available[LAMP], 8);
}

#[test]
fn a_placed_order_publishes_its_creation_and_its_payment_request() {
    let fixture = Fixture::new();
    let path = fixture.order();
    let order = fixture.client.get(&path).send().json();
    let (id, user) = (&order["id"], "00000000-0000-0000-0000-000000000001");
    let total = json!({ "amount": 2598, "currency": "EUR" });
    let line = json!({
        "product_id": LAMP, "sku": "S-a", "name": "Lamp", "quantity": 2, "unit_price": { "amount": 1299, "currency": "EUR" },
    });
    let stored: Vec<(String, String)> = fixture.client.rows("SELECT type, data FROM outbox ORDER BY seq");
    let published: Vec<(String, Value)> =
        stored.into_iter().map(|(kind, data)| (kind, serde_json::from_str(&data).unwrap())).collect();
    let expected = [
        (
            "OrderCreated".to_owned(),
            json!({
                "order_id": id, "user_id": user, "number": order["number"], "lines": [line], "adjustments": [],
                "total": total,
            }),
        ),
        (
            "PaymentRequested".to_owned(),
            json!({ "order_id": id, "user_id": user, "amount": total, "payment_token": "pm_ok" }),
        ),
    ];
    assert_eq!(published, expected);
    assert_eq!(fixture.pushed(), ["PaymentRequested"]);
    let audited: Vec<(String, String, String)> = fixture.client.rows("SELECT actor, action, subject FROM audit_log");
    assert_eq!(audited, [(user.to_owned(), "order.placed".to_owned(), id.as_str().unwrap().to_owned())]);
}

#[test]
fn each_broken_rule_has_its_pointer_and_the_key_can_be_used_again() {
    let fixture = Fixture::new();
    let pointers = |request: &Value| {
        let mut pointers = fixture.place_with("k", request).error_pointers();
        pointers.sort();
        pointers
    };
    let many: Vec<(&str, u32)> = vec![(LAMP, 1); 101];
    assert_eq!(pointers(&request_of(&[])), ["/items"]);
    assert_eq!(pointers(&request_of(&many)).first().map(String::as_str), Some("/items"));
    let wrong = request_of(&[(LAMP, 0), (LAMP, 1), (DESK, 10_001)]);
    assert_eq!(pointers(&wrong), ["/items/0/quantity", "/items/2/quantity"]);
    let repeated = request_of(&[(LAMP, 1), (DESK, 1), (LAMP, 1), (DESK, 1)]);
    assert_eq!(pointers(&repeated), ["/items/2/product_id", "/items/3/product_id"]);
    let mut odd = request();
    odd["shipping_address"] = json!({ "name": "", "lines": [], "city": " ", "postal_code": "1", "country": "Germany" });
    odd["payment_method"]["token"] = "two words".into();
    odd["items"][0] =
        json!({ "product_id": "lamp", "expected_unit_price": { "amount": 1.5, "currency": "eur" }, "colour": "red" });
    let expected = [
        "/items/0/colour",
        "/items/0/expected_unit_price/amount",
        "/items/0/expected_unit_price/currency",
        "/items/0/product_id",
        "/items/0/quantity",
        "/payment_method/token",
        "/shipping_address/city",
        "/shipping_address/country",
        "/shipping_address/lines",
        "/shipping_address/name",
    ];
    assert_eq!(pointers(&odd), expected, "all of them at once");
    for (pointer, value) in [("/items", Value::Null), ("/payment_method", json!({})), ("/colour", json!("red"))] {
        let mut odd = request();
        odd[&pointer[1..]] = value;
        assert!(pointers(&odd)[0].starts_with(pointer), "{pointer}");
    }
    assert_eq!(fixture.catalog.borrow().calls, 0);
    assert_eq!(fixture.place_with("k", &request()).status(), StatusCode::CREATED, "the key is not claimed");
}

#[test]
fn an_order_to_a_country_without_postal_codes_needs_none() {
    let fixture = Fixture::new();
    let to = |address: Value| {
        let mut request = request();
        request["shipping_address"] = address;
        request
    };
    let lines = json!(["1 Nathan Road"]);
    let hong_kong = to(json!({ "name": "Ada", "lines": lines, "city": "Kowloon", "country": "HK" }));
    let placed = fixture.place_with("hk", &hong_kong);
    assert_eq!(placed.status(), StatusCode::CREATED);
    let expected = json!({ "name": "Ada", "lines": lines, "city": "Kowloon", "postal_code": "", "country": "HK" });
    assert_eq!(placed.json()["shipping_address"], expected);
    let path = placed.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(fixture.client.get(&path).send().json()["shipping_address"], expected);
    let carts = fixture.adjuster.borrow().carts.clone();
    assert_eq!((&carts[0]["country"], &carts[0]["postal_code"]), (&json!("HK"), &json!("")));

    let germany = to(json!({ "name": "Ada", "lines": lines, "city": "Berlin", "country": "DE" }));
    assert_eq!(fixture.place_with("de", &germany).error_pointers(), ["/shipping_address/postal_code"]);
    let nowhere = to(json!({ "name": "Ada", "lines": lines, "city": "A", "postal_code": "1", "country": "QQ" }));
    assert_eq!(fixture.place_with("qq", &nowhere).error_pointers(), ["/shipping_address/country"]);
}

#[test]
fn a_label_that_would_turn_round_is_refused() {
    let fixture = Fixture::new();
    let mut odd = request();
    odd["shipping_address"]["name"] = json!("Ada \u{202e}ecalevoL");
    odd["shipping_address"]["lines"][0] = json!("1 Main St\u{2067}");
    let mut pointers = fixture.place_with("k", &odd).error_pointers();
    pointers.sort();
    assert_eq!(pointers, ["/shipping_address/lines/0", "/shipping_address/name"]);
    odd["shipping_address"]["name"] = json!("Claim: http://evil.example");
    odd["shipping_address"]["lines"] = json!(["1 Main St"]);
    assert_eq!(fixture.place_with("k", &odd).error_pointers(), ["/shipping_address/name"]);
}

#[test]
fn an_order_out_of_stock_is_refused_by_item_and_stays_refused_for_its_key() {
    let fixture = Fixture::new();
    let request = request_of(&[(DESK, 1), (LAMP, 11)]);
    let first = fixture.place_with("k", &request);
    let errors = json!([{ "pointer": "/items/1/quantity", "detail": "is more than there is" }]);
    assert_eq!((first.status(), &first.json()["errors"]), (StatusCode::CONFLICT, &errors));
    assert_eq!(first.headers()["content-type"], "application/problem+json");
    assert_eq!(fixture.catalog.borrow().available[DESK], 5, "nothing is reserved");
    fixture.catalog.borrow_mut().available.insert(LAMP, 99);
    let again = fixture.place_with("k", &request);
    assert_eq!((again.status(), again.body()), (first.status(), first.body()));
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(fixture.place_with("other", &request).status(), StatusCode::CREATED);
}

#[test]
fn an_order_in_two_currencies_is_refused_and_its_key_can_be_used_again() {
    let fixture = Fixture::new();
    let response = fixture.place_with("k", &request_of(&[(LAMP, 1), (IMPORT, 1)]));
    let errors = json!([{ "pointer": "/items/1/product_id", "detail": "costs USD" }]);
    assert_eq!((response.status(), &response.json()["errors"]), (StatusCode::UNPROCESSABLE_ENTITY, &errors));
    let alone = fixture.place_with("k", &request_of(&[(IMPORT, 1)])).json();
    assert_eq!(alone["total"], json!({ "amount": 1299, "currency": "USD" }));
}

#[test]
fn an_operator_places_orders_like_a_customer() {
    let fixture = Fixture::new();
    let post = fixture.client.post("/v1/orders").as_user(user_id(9), Role::Operator);
    let response = post.header("idempotency-key", "k").json(&request()).send();
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(fixture.client.get("/v1/orders").send().json()["items"], json!([]), "the order belongs to the operator");
}

#[test]
fn placing_an_order_takes_seven_statements_and_a_replay_three() {
    let fixture = Fixture::new();
    fixture.order();
    let statements = |fixture: &Fixture, key: &str| {
        let before = fixture.client.platform().statements("orders").len();
        assert_eq!(fixture.place_with(key, &request()).status(), StatusCode::CREATED);
        fixture.client.platform().statements("orders").len() - before
    };
    // Schema; claim, with the customer and the gate of the price adjuster; begin, order with timeline, response, events with audit row,
    // commit.
    assert_eq!(statements(&fixture, "k"), 7);
    // Schema; claim; response.
    assert_eq!(statements(&fixture, "k"), 3);
}
