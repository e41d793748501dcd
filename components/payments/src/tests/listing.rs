//! Who sees which payments.

use super::{OWNER, Shop, body};
use http::{Method, StatusCode};
use serde_json::Value;
use spindle_contracts::Role;
use uuid::Uuid;

const STRANGER: u128 = 77;

/// The orders whose payments are in the answer to `target`, and the cursor of the next page.
fn page(shop: &Shop, user: u128, role: Role, target: &str) -> (Vec<u128>, Option<String>) {
    let response = shop.get_as(user, role, target);
    assert_eq!(response.status(), StatusCode::OK, "{:?}", response.body());
    let page = body(&response);
    let order = |item: &Value| item["order_id"].as_str().unwrap().parse::<Uuid>().unwrap().as_u128();
    let orders = page["items"].as_array().unwrap().iter().map(order).collect();
    (orders, page["next_cursor"].as_str().map(str::to_owned))
}

#[test]
fn a_customer_sees_the_own_payments_and_an_operator_all_the_latest_first() {
    let mut shop = Shop::new();
    for order in 1..=3 {
        shop.tick_after(1);
        shop.tell("PaymentRequested", order);
    }
    for (user, role, expected) in [
        (OWNER, Role::Customer, vec![3, 2, 1]),
        (STRANGER, Role::Customer, vec![]),
        (STRANGER, Role::Operator, vec![3, 2, 1]),
    ] {
        assert_eq!(page(&shop, user, role, "/v1/payments"), (expected, None), "{user} {role:?}");
        let first = page(&shop, user, role, "/v1/payments?limit=2");
        if let (orders, Some(cursor)) = first {
            assert_eq!(orders, [3, 2]);
            let next = page(&shop, user, role, &format!("/v1/payments?limit=2&cursor={cursor}"));
            assert_eq!(next, (vec![1], None));
        } else {
            assert_eq!(first, (vec![], None));
        }
    }
}

#[test]
fn the_payment_of_an_order_is_found_by_who_may_see_it() {
    let mut shop = Shop::new();
    shop.tell("PaymentRequested", 5);
    let target = format!("/v1/payments?order_id={}", Uuid::from_u128(5));
    assert_eq!(page(&shop, OWNER, Role::Customer, &target).0, [5]);
    assert_eq!(page(&shop, STRANGER, Role::Customer, &target).0, [0; 0]);
    assert_eq!(page(&shop, STRANGER, Role::Operator, &target).0, [5]);
    let other = format!("/v1/payments?order_id={}", Uuid::from_u128(6));
    assert_eq!(page(&shop, OWNER, Role::Customer, &other).0, [0; 0]);
    for target in ["/v1/payments?order_id=x", "/v1/payments?user_id=x", "/v1/payments?cursor=x"] {
        assert_eq!(shop.get_as(OWNER, Role::Customer, target).status(), StatusCode::BAD_REQUEST, "{target}");
    }
}

#[test]
fn a_payment_that_is_not_yours_is_not_there() {
    let mut shop = Shop::new();
    shop.tell("PaymentRequested", 5);
    let payment = shop.payment(5);
    let target = format!("/v1/payments/{}", payment["id"].as_str().unwrap());
    let own = shop.get_as(OWNER, Role::Customer, &target);
    assert_eq!((own.status(), body(&own)), (StatusCode::OK, payment));
    assert_eq!(shop.get_as(STRANGER, Role::Operator, &target).status(), StatusCode::OK);
    let theirs = shop.get_as(STRANGER, Role::Customer, &target);
    let absent = shop.get_as(STRANGER, Role::Customer, &format!("/v1/payments/{}", Uuid::from_u128(1)));
    for response in [theirs, absent] {
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(body(&response)["detail"], "There is no such payment.");
    }
}

#[test]
fn a_payment_has_a_version_that_each_change_raises() {
    let mut shop = Shop::new();
    shop.tell("PaymentRequested", 5);
    let target = format!("/v1/payments/{}", shop.payment(5)["id"].as_str().unwrap());
    let read = |shop: &Shop, tag: &str| {
        let headers = [("authorization", &*shop.token(OWNER, Role::Customer)), ("if-none-match", tag)];
        let response = shop.send(Method::GET, &target, &headers, b"");
        (response.status(), response.headers()["etag"].to_str().unwrap().to_owned())
    };
    let (status, tag) = read(&shop, "");
    assert_eq!((status, read(&shop, &tag)), (StatusCode::OK, (StatusCode::NOT_MODIFIED, tag.clone())));
    shop.tell("OrderPaid", 5);
    let (status, later) = read(&shop, &tag);
    assert_eq!(status, StatusCode::OK);
    assert_ne!(later, tag);
}
