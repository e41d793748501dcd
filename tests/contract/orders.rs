//! Examples of orders: placed, refused, read, cancelled and shipped.

use serde_json::{Value, json};
use spindle_tests::orders::{self, Order, cancel, fulfil, order_body};
use spindle_tests::{skip, target};

use crate::example::Call;
use crate::scenario::{MAX_UNPAID_PIECES, Scenario};

#[test]
fn place_an_order() {
    let mut scenario = Scenario::new();
    let (product, (_, customer)) = (scenario.product(), scenario.customer());
    let mut body = order_body(&[(&product.id, 2)], "pm_ok");
    body["items"][0]["expected_unit_price"] = json!({"amount": 1299, "currency": "EUR"});
    let key = scenario.key("6f1c0a52-order-of-ada");
    let place = |body: &Value| customer.post("/v1/orders").idempotency_key(&key).json(body.clone());
    let sent = std::time::SystemTime::now();
    let call = place(&body);
    let placed = call.send().expect_status(201);
    scenario.name_order(&Order::from_response(&placed));
    scenario.check_response("placeOrder/placed", &call, &placed, sent);
    scenario.check("placeOrder/repeated", &place(&body));
    scenario.check("placeOrder/key-reused", &place(&order_body(&[(&product.id, 1)], "pm_ok")));
    scenario.check("placeOrder/key-missing", &customer.post("/v1/orders").json(body));
}

#[test]
fn be_refused_an_order() {
    let mut scenario = Scenario::new();
    let (product, (_, customer)) = (scenario.product(), scenario.customer());
    let refuse = |scenario: &mut Scenario, name: &str, body: Value| {
        let key = scenario.key("6f1c0a52-order-of-ada");
        scenario.check(name, &customer.post("/v1/orders").idempotency_key(&key).json(body))
    };
    refuse(&mut scenario, "placeOrder/out-of-stock", order_body(&[(&product.id, 11)], "pm_ok"));
    let mut changed = order_body(&[(&product.id, 1)], "pm_ok");
    changed["items"][0]["expected_unit_price"] = json!({"amount": 999, "currency": "EUR"});
    refuse(&mut scenario, "placeOrder/price-changed", changed);
    let mut wrong = order_body(&[(&product.id, 0)], "pm_ok");
    wrong["shipping_address"]["country"] = "QQ".into();
    refuse(&mut scenario, "placeOrder/invalid", wrong);

    let key = scenario.key("6f1c0a52-order-of-ada");
    let body = order_body(&[(&product.id, MAX_UNPAID_PIECES + 1)], "pm_ok");
    let call = customer.post("/v1/orders").idempotency_key(&key).json(body);
    let sent = std::time::SystemTime::now();
    let response = call.send().expect_status(409);
    if response.json()["max_unpaid_pieces"] == MAX_UNPAID_PIECES {
        scenario.check_response("placeOrder/too-much-unpaid", &call, &response, sent);
    } else {
        skip("placeOrder/too-much-unpaid", "an instance with the default of customer_max_unpaid_pieces");
    }
}

#[test]
fn order_with_a_saved_address() {
    let mut scenario = Scenario::new();
    let (product, (_, customer)) = (scenario.product(), scenario.customer());
    let address = json!({
        "label": "Home", "name": "Ada Lovelace", "lines": ["1 Main St"], "city": "Berlin", "postal_code": "10115", "country": "DE",
    });
    let changed =
        customer.client.patch("/v1/users/me", "*", &json!({"addresses": [address]})).expect_status(200).json();
    let id = changed["addresses"][0]["id"].as_str().expect("an address has an id").to_owned();
    scenario.placeholders.name_id(&id, crate::scenario::ids::ADDRESS);
    let mut body = order_body(&[(&product.id, 1)], "pm_timeout");
    body.as_object_mut().expect("an object").remove("shipping_address");
    body["shipping_address_id"] = id.into();
    let key = scenario.key("6f1c0a52-order-of-ada");
    let call = customer.post("/v1/orders").idempotency_key(&key).json(body);
    let sent = std::time::SystemTime::now();
    let placed = call.send().expect_status(201);
    scenario.name_order(&Order::from_response(&placed));
    scenario.check_response("placeOrder/saved-address", &call, &placed, sent);
}

#[test]
fn read_cancel_and_ship_orders() {
    let mut scenario = Scenario::new();
    let (product, (_, customer)) = (scenario.product(), scenario.customer());
    let (operator, stranger) = (scenario.operator(), scenario.customer().1);
    let order = scenario.order(&customer, &order_body(&[(&product.id, 2)], "pm_ok"));
    orders::wait_until(&customer.client, &order.path, "payment_captured", || target().tick());
    scenario.check("listOrders/own", &customer.get("/v1/orders?status=paid&limit=1"));
    scenario.check("listOrders/unknown-status", &customer.get("/v1/orders?status=lost&sort=colour"));
    let read = scenario.check("getOrder/paid", &customer.get(&order.path));
    scenario.check("getOrder/unchanged", &customer.get(&order.path).header("if-none-match", &read.etag()));
    scenario.check("getOrder/not-found", &stranger.get(&order.path));
    scenario.check("getOrderTimeline/paid", &customer.get(format!("{}/timeline", order.path)));
    let call = |caller: &crate::example::Caller, order: &Order, step: &str| -> Call {
        caller.post(format!("{}/{step}", order.path))
    };
    scenario.check("fulfilOrder/forbidden", &call(&customer, &order, "fulfil"));
    scenario.check("fulfilOrder/fulfilled", &call(&operator, &order, "fulfil"));
    scenario.check("cancelOrder/fulfilled", &call(&customer, &order, "cancel"));

    let declined = scenario.order(&customer, &order_body(&[(&product.id, 1)], "pm_declined"));
    orders::wait_until(&customer.client, &declined.path, "cancelled", || target().tick());
    scenario.check("getOrder/payment-declined", &customer.get(&declined.path));

    let unpaid = scenario.order(&customer, &order_body(&[(&product.id, 1)], "pm_timeout"));
    scenario.check("getOrderTimeline/waiting-for-payment", &customer.get(format!("{}/timeline", unpaid.path)));
    scenario.check("cancelOrder/cancelled", &call(&customer, &unpaid, "cancel"));
    scenario.check("fulfilOrder/cancelled", &call(&operator, &unpaid, "fulfil"));
    // Both are repeated without a second effect.
    cancel(&customer.client, &unpaid.path).expect_status(200);
    fulfil(&operator.client, &order.path).expect_status(200);
}
