//! Orders that are placed, and those that are not.

use super::{DESK, IMPORT, LAMP, Shop, body, draft, draft_of};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Role;

#[test]
fn a_placed_order_is_answered_whole_and_read_back_the_same() {
    let shop = Shop::open();
    let response = shop.place_with("k-1", &draft_of(&[(LAMP, 2), (DESK, 1)]));
    assert_eq!(response.status(), StatusCode::CREATED, "{:?}", response.body());
    let shown = body(&response);
    let (id, number) = (shown["id"].as_str().unwrap(), shown["number"].as_str().unwrap());
    assert_eq!((number.len(), number.as_bytes()[4]), (9, b'-'));
    let item = |product_id: &str, sku: &str, quantity: u32, line_total: i64| {
        json!({
            "product_id": product_id, "sku": sku, "name": "Lamp", "unit_price": 1299, "quantity": quantity, "line_total": line_total,
        })
    };
    let expected = json!({
        "id": id,
        "number": number,
        "status": "pending_payment",
        "items": [item(LAMP, "S-a", 2, 2598), item(DESK, "S-b", 1, 1299)],
        "adjustments": [],
        "total": 3897,
        "currency": "EUR",
        "shipping_address": draft()["shipping_address"],
        "created_at": "2023-11-14T22:13:20.000Z",
        "updated_at": "2023-11-14T22:13:20.000Z",
    });
    assert_eq!(shown, expected);
    let path = format!("/v1/orders/{id}");
    assert_eq!(response.headers()["location"], path);
    assert_eq!(response.headers()["etag"], "\"v1\"");
    let read = shop.get(&path);
    assert_eq!(
        (read.status(), body(&read), &read.headers()["etag"]),
        (StatusCode::OK, shown, &"\"v1\"".parse().unwrap())
    );
    assert_eq!(shop.catalog.borrow().available[LAMP], 8);
}

#[test]
fn an_order_is_told_with_its_lines_and_its_payment_asked_for() {
    let shop = Shop::open();
    let path = shop.order();
    let order = body(&shop.get(&path));
    let (id, user) = (&order["id"], "00000000-0000-0000-0000-000000000001");
    let total = json!({ "amount": 2598, "currency": "EUR" });
    let line = json!({
        "product_id": LAMP, "sku": "S-a", "name": "Lamp", "quantity": 2, "unit_price": { "amount": 1299, "currency": "EUR" },
    });
    let stored: Vec<(String, String)> = shop.rows("SELECT type, data FROM outbox ORDER BY seq");
    let told: Vec<(String, Value)> =
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
    assert_eq!(told, expected);
    assert_eq!(shop.pushed(), ["PaymentRequested"]);
    let audited: Vec<(String, String, String)> = shop.rows("SELECT actor, action, subject FROM audit_log");
    assert_eq!(audited, [(user.to_owned(), "order.placed".to_owned(), id.as_str().unwrap().to_owned())]);
}

#[test]
fn every_broken_rule_is_told_at_its_place_and_nothing_is_kept_of_the_request() {
    let shop = Shop::open();
    let pointers = |draft: &Value| {
        let response = shop.place_with("k", draft);
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{:?}", response.body());
        let errors = body(&response)["errors"].as_array().unwrap().clone();
        errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let many: Vec<(&str, u32)> = vec![(LAMP, 1); 101];
    assert_eq!(pointers(&draft_of(&[])), ["/items"]);
    assert_eq!(pointers(&draft_of(&many)).first().map(String::as_str), Some("/items"));
    assert_eq!(
        pointers(&draft_of(&[(LAMP, 0), (LAMP, 1), (DESK, 10_001)])),
        ["/items/0/quantity", "/items/1/product_id", "/items/2/quantity"]
    );
    let mut odd = draft();
    odd["shipping_address"] = json!({ "name": "", "lines": [], "city": " ", "postal_code": "1", "country": "Germany" });
    odd["payment_method"]["token"] = "two words".into();
    let expected = ["name", "lines", "city", "country"].map(|field| format!("/shipping_address/{field}"));
    assert_eq!(pointers(&odd), [&expected[..], &["/payment_method/token".to_owned()]].concat());
    for (pointer, value) in [("/items", Value::Null), ("/payment_method", json!({})), ("/colour", json!("red"))] {
        let mut odd = draft();
        odd[&pointer[1..]] = value;
        assert!(pointers(&odd)[0].starts_with(pointer), "{pointer}");
    }
    assert_eq!(shop.catalog.borrow().asked, 0);
    assert_eq!(shop.place_with("k", &draft()).status(), StatusCode::CREATED, "the key is as good as new");
}

#[test]
fn what_is_short_is_told_by_item_and_that_is_the_answer_to_this_key() {
    let shop = Shop::open();
    let wish = draft_of(&[(DESK, 1), (LAMP, 11)]);
    let first = shop.place_with("k", &wish);
    let errors = json!([{ "pointer": "/items/1/quantity", "detail": "is too much" }]);
    assert_eq!((first.status(), &body(&first)["errors"]), (StatusCode::CONFLICT, &errors));
    assert_eq!(first.headers()["content-type"], "application/problem+json");
    assert_eq!(shop.catalog.borrow().available[DESK], 5, "nothing is held");
    shop.catalog.borrow_mut().available.insert(LAMP, 99);
    let again = shop.place_with("k", &wish);
    assert_eq!((again.status(), again.body()), (first.status(), first.body()));
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(shop.place_with("other", &wish).status(), StatusCode::CREATED);
}

#[test]
fn several_currencies_are_no_order_and_the_key_may_be_used_again() {
    let shop = Shop::open();
    let response = shop.place_with("k", &draft_of(&[(LAMP, 1), (IMPORT, 1)]));
    let errors = json!([{ "pointer": "/items/1/product_id", "detail": "costs USD" }]);
    assert_eq!((response.status(), &body(&response)["errors"]), (StatusCode::UNPROCESSABLE_ENTITY, &errors));
    let alone = body(&shop.place_with("k", &draft_of(&[(IMPORT, 1)])));
    assert_eq!((&alone["total"], &alone["currency"]), (&json!(1299), &json!("USD")));
}

#[test]
fn an_operator_orders_like_everybody() {
    let shop = Shop::open();
    let key = [("idempotency-key", "k")];
    let response = shop.send_as(9, Role::Operator, http::Method::POST, "/v1/orders", &key, Some(&draft()));
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(body(&shop.get("/v1/orders"))["items"], json!([]), "it is the operator's own");
}

#[test]
fn an_order_costs_few_statements() {
    let shop = Shop::open();
    shop.order();
    let statements = |shop: &Shop, key: &str| {
        let before = shop.platform.statements("orders").len();
        assert_eq!(shop.place_with(key, &draft()).status(), StatusCode::CREATED);
        shop.platform.statements("orders").len() - before
    };
    // Schema; claim; begin, order, timeline, events, audit row (2), answer, commit.
    assert_eq!(statements(&shop, "k"), 10);
    // Schema; claim; answer.
    assert_eq!(statements(&shop, "k"), 3);
}
