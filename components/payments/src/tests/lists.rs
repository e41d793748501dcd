//! Which payments each caller can read.

use super::{Fixture, OWNER};
use http::StatusCode;
use serde_json::Value;
use spindle_contracts::Role;
use spindle_edge::testing::user_id;
use uuid::Uuid;

const STRANGER: u128 = 77;

/// Returns the orders whose payments are in the response to `target`, and the cursor of the next page.
fn page(fixture: &Fixture, user: u128, role: Role, target: &str) -> (Vec<u128>, Option<String>) {
    let response = fixture.client.get(target).as_user(user_id(user), role).send();
    let page = response.expect(StatusCode::OK).json();
    let order = |item: &Value| item["order_id"].as_str().unwrap().parse::<Uuid>().unwrap().as_u128();
    let orders = page["items"].as_array().unwrap().iter().map(order).collect();
    (orders, page["next_cursor"].as_str().map(str::to_owned))
}

#[test]
fn a_customer_lists_their_payments_and_an_operator_all_the_latest_first() {
    let mut fixture = Fixture::new();
    for order in 1..=3 {
        fixture.tick_after(1);
        fixture.publish("PaymentRequested", order);
    }
    for (user, role, expected) in [
        (OWNER, Role::Customer, vec![3, 2, 1]),
        (STRANGER, Role::Customer, vec![]),
        (STRANGER, Role::Operator, vec![3, 2, 1]),
    ] {
        assert_eq!(page(&fixture, user, role, "/v1/payments"), (expected, None), "{user} {role:?}");
        let first = page(&fixture, user, role, "/v1/payments?limit=2");
        if let (orders, Some(cursor)) = first {
            assert_eq!(orders, [3, 2]);
            let next = page(&fixture, user, role, &format!("/v1/payments?limit=2&cursor={cursor}"));
            assert_eq!(next, (vec![1], None));
        } else {
            assert_eq!(first, (vec![], None));
        }
    }
}

#[test]
fn the_payment_of_an_order_is_listed_for_its_owner_and_operators() {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    let target = format!("/v1/payments?order_id={}", Uuid::from_u128(5));
    assert_eq!(page(&fixture, OWNER, Role::Customer, &target).0, [5]);
    assert_eq!(page(&fixture, STRANGER, Role::Customer, &target).0, [0; 0]);
    assert_eq!(page(&fixture, STRANGER, Role::Operator, &target).0, [5]);
    let other = format!("/v1/payments?order_id={}", Uuid::from_u128(6));
    assert_eq!(page(&fixture, OWNER, Role::Customer, &other).0, [0; 0]);
    for target in [
        "/v1/payments?order_id=x",
        "/v1/payments?order_id=",
        "/v1/payments?user_id=x",
        "/v1/payments?cursor=x",
        "/v1/payments?cursor=",
        "/v1/payments?limit=",
    ] {
        assert_eq!(
            fixture.client.get(target).as_user(user_id(OWNER), Role::Customer).send().status(),
            StatusCode::BAD_REQUEST,
            "{target}"
        );
    }
}

#[test]
fn the_payment_of_another_user_is_not_found() {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    let payment = fixture.payment(5);
    let target = format!("/v1/payments/{}", payment["id"].as_str().unwrap());
    let allowed = fixture.client.get(&target).as_user(user_id(OWNER), Role::Customer).send();
    assert_eq!((allowed.status(), allowed.json()), (StatusCode::OK, payment));
    assert_eq!(fixture.client.get(&target).as_user(user_id(STRANGER), Role::Operator).send().status(), StatusCode::OK);
    let theirs = fixture.client.get(&target).as_user(user_id(STRANGER), Role::Customer).send();
    let absent = fixture
        .client
        .get(&format!("/v1/payments/{}", Uuid::from_u128(1)))
        .as_user(user_id(STRANGER), Role::Customer)
        .send();
    for response in [theirs, absent] {
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(response.json()["detail"], "No payment has this id.");
    }
}

#[test]
fn each_change_of_a_payment_changes_its_etag() {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    let target = format!("/v1/payments/{}", fixture.payment(5)["id"].as_str().unwrap());
    let read = |fixture: &Fixture, tag: &str| {
        let request = fixture.client.get(&target).as_user(user_id(OWNER), Role::Customer);
        let response = request.header("if-none-match", tag).send();
        (response.status(), response.header("etag").unwrap().to_owned())
    };
    let (status, tag) = read(&fixture, "");
    assert_eq!((status, read(&fixture, &tag)), (StatusCode::OK, (StatusCode::NOT_MODIFIED, tag.clone())));
    fixture.publish("OrderPaid", 5);
    let (status, later) = read(&fixture, &tag);
    assert_eq!(status, StatusCode::OK);
    assert_ne!(later, tag);
}
