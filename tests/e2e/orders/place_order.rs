//! Placing orders.

use serde_json::{Value, json};
use spindle_tests::accounts::{customer, operator};
use spindle_tests::orders::{Order, order_body, place_order, try_place_order, unique_key};
use spindle_tests::problem::{expect_invalid, expect_problem};
use spindle_tests::products::create_product;
use spindle_tests::target;

use super::{available, product};

#[test]
fn a_price_that_was_raised_since_the_customer_saw_it_is_a_conflict_with_the_new_one() {
    let (client, product) = (customer("buyer").client, product(10));
    let seen = product.body["price"].clone();
    let mut wish = order_body(&[(&product.id, 2)], "pm_timeout");
    wish["items"][0]["expected_unit_price"] = seen.clone();
    wish["expected_total"] = json!({"amount": 2 * 1299, "currency": "EUR"});
    operator()
        .client
        .patch(&product.path, &product.etag, &json!({"price": {"amount": 9900, "currency": "EUR"}}))
        .expect_status(200);
    let problem = expect_problem(&try_place_order(&client, &unique_key(), &wish), 409, "price-changed");
    let raised = json!({"amount": 9900, "currency": "EUR"});
    assert_eq!(problem["items"], json!([{"product_id": product.id, "unit_price": raised}]));
    assert_eq!(problem["total"], json!({"amount": 19_800, "currency": "EUR"}));
    assert_eq!(available(&product), json!(10), "nothing is reserved");
    wish["items"][0]["expected_unit_price"] = problem["items"][0]["unit_price"].clone();
    wish["expected_total"] = problem["total"].clone();
    let placed = try_place_order(&client, &unique_key(), &wish).expect_status(201);
    assert_eq!(placed.json()["total"], json!({"amount": 19_800, "currency": "EUR"}));
}

#[test]
fn a_placed_order_is_returned_in_full_and_reserves_its_stock() {
    let buyer = customer("buyer");
    let client = &buyer.client;
    let (lamp, desk) = (product(10), product(10));
    let wish = order_body(&[(&lamp.id, 2), (&desk.id, 1)], "pm_timeout");
    let placed = try_place_order(client, &unique_key(), &wish).expect_status(201);
    let order = Order::from_response(&placed);
    assert_eq!(placed.header("location"), Some(order.path.as_str()));
    let number = order.body["number"].as_str().expect("an order has a number");
    let is_digit = |(at, letter): (usize, char)| (letter == '-') == (at == 4) && !"ILOU".contains(letter);
    assert!(number.len() == 9 && number.chars().enumerate().all(is_digit), "{number}");
    let euro = |amount: i64| json!({"amount": amount, "currency": "EUR"});
    let item = |product: &spindle_tests::products::Product, quantity: i64| {
        json!({
            "product_id": product.id, "sku": product.body["sku"], "name": "Lamp", "unit_price": euro(1299), "quantity": quantity,
            "line_total": euro(1299 * quantity),
        })
    };
    let expected = json!({
        "id": order.id,
        "number": number,
        "user_id": buyer.id,
        "status": "pending_payment",
        "items": [item(&lamp, 2), item(&desk, 1)],
        "adjustments": [],
        "total": euro(3897),
        "shipping_address": wish["shipping_address"],
        "cancel_reason": null,
        "decline": null,
        "created_at": order.body["created_at"],
        "updated_at": order.body["created_at"],
    });
    assert_eq!(order.body, expected);
    assert_eq!((available(&lamp), available(&desk)), (json!(8), json!(9)));
}

#[test]
fn an_order_keeps_the_names_and_prices_of_its_placing() {
    let client = customer("buyer").client;
    let product = product(10);
    let order = place_order(&client, &product, 1, "pm_timeout");
    let change = json!({"name": "Lantern", "price": {"amount": 1, "currency": "EUR"}});
    operator().client.patch(&product.path, "*", &change).expect_status(200);
    let read = client.get(&order.path).expect_status(200).json();
    let total = json!({"amount": 1299, "currency": "EUR"});
    assert_eq!((&read["items"], &read["total"]), (&order.body["items"], &total));
}

#[test]
fn an_order_out_of_stock_is_refused_by_item_and_reserves_nothing() {
    let client = customer("buyer").client;
    let (plenty, scarce, gone) = (product(10), product(1), product(10));
    operator().client.delete(&gone.path, "*").expect_status(204);
    let wish = order_body(&[(&plenty.id, 2), (&scarce.id, 2), (&gone.id, 1)], "pm_ok");
    let problem = expect_problem(&try_place_order(&client, &unique_key(), &wish), 409, "conflict");
    let pointers: Vec<_> =
        problem["errors"].as_array().expect("errors per item").iter().map(|e| &e["pointer"]).collect();
    assert_eq!(pointers, ["/items/1/quantity", "/items/2/product_id"]);
    assert_eq!((available(&plenty), available(&scarce)), (json!(10), json!(1)));
    assert_eq!(client.get("/v1/orders").expect_status(200).json()["items"], json!([]));
}

#[test]
fn an_order_in_two_currencies_is_refused() {
    let client = customer("buyer").client;
    let euro = product(10);
    let price = json!({"price": {"amount": 999, "currency": "USD"}, "stock": {"on_hand": 10}});
    let dollar = create_product(&operator().client, &price);
    let wish = order_body(&[(&euro.id, 1), (&dollar.id, 1)], "pm_ok");
    let key = unique_key();
    expect_invalid(&try_place_order(&client, &key, &wish), &["/items/1/product_id"]);
    assert_eq!((available(&euro), available(&dollar)), (json!(10), json!(10)));
    // A request that breaks a rule claims no key.
    let order = try_place_order(&client, &key, &order_body(&[(&dollar.id, 2)], "pm_timeout")).expect_status(201).json();
    assert_eq!(order["total"], json!({"amount": 1998, "currency": "USD"}));
}

#[test]
fn each_broken_rule_has_its_pointer() {
    let client = customer("buyer").client;
    let product = product(10);
    let refuse = |pointer: &str, value: Value, expected: &[&str]| {
        let mut wish = order_body(&[(&product.id, 1)], "pm_ok");
        *wish.pointer_mut(pointer).expect("it is in the draft") = value;
        expect_invalid(&try_place_order(&client, &unique_key(), &wish), expected);
    };
    refuse("/items", json!([]), &["/items"]);
    refuse("/items/0/quantity", json!(0), &["/items/0/quantity"]);
    refuse("/items/0/quantity", json!(-1), &["/items/0/quantity"]);
    refuse("/items/0/quantity", json!(1.5), &["/items/0/quantity"]);
    refuse("/items/0/product_id", json!("lamp"), &["/items/0/product_id"]);
    let item = json!({"product_id": product.id, "quantity": 1});
    refuse("/items", json!([item, item]), &["/items/1/product_id"]);
    refuse("/shipping_address/name", json!(" "), &["/shipping_address/name"]);
    refuse("/shipping_address/lines", json!([]), &["/shipping_address/lines"]);
    refuse("/shipping_address/lines/0", json!("a\nb"), &["/shipping_address/lines/0"]);
    refuse("/shipping_address/country", json!("Germany"), &["/shipping_address/country"]);
    refuse("/payment_method/token", json!(""), &["/payment_method/token"]);
    refuse("/payment_method/token", json!("pm ok"), &["/payment_method/token"]);
    refuse("/payment_method", json!({}), &["/payment_method/token"]);
    assert_eq!(available(&product), json!(10));
}

#[test]
fn an_anonymous_client_cannot_place_an_order() {
    let product = product(1);
    let response = try_place_order(target().client(), &unique_key(), &order_body(&[(&product.id, 1)], "pm_ok"));
    expect_problem(&response, 401, "unauthorized");
    assert_eq!(available(&product), json!(1));
}

#[test]
fn an_address_has_the_fields_that_its_country_requires() {
    let lamp = create_product(&operator().client, &json!({"stock": {"on_hand": 10}}));
    let buyer = customer("abroad");
    let place = |address: Value| {
        let mut body = order_body(&[(&lamp.id, 1)], "pm_ok");
        body["shipping_address"] = address;
        try_place_order(&buyer.client, &unique_key(), &body)
    };
    let address = |city: &str, country: &str| json!({"name": "Ada", "lines": ["1 Nathan Road"], "city": city, "country": country});
    let order = place(address("Kowloon", "HK")).expect_status(201).json();
    assert_eq!(order["shipping_address"]["postal_code"], "");
    expect_invalid(&place(address("Berlin", "DE")), &["/shipping_address/postal_code"]);
    expect_invalid(&place(address("Anywhere", "QQ")), &["/shipping_address/country"]);
    place(address("Pristina", "XK")).expect_status(201);
}
