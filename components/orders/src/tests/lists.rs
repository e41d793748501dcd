//! Lists of orders: their filters, their order and their pages.

use super::{Fixture, START};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Role::{Customer, Operator};
use spindle_contracts::Timestamp;
use spindle_edge::testing::user_id;
use uuid::Uuid;

impl Fixture {
    /// Returns the numbers of the orders in the list at `target`, as `user` reads it page by page.
    fn list(&self, user: u128, target: &str) -> Vec<String> {
        let role = if user == 9 { Operator } else { Customer };
        let (mut seen, mut next) = (Vec::new(), target.to_owned());
        loop {
            let response = self.client.get(&next).as_user(user_id(user), role).send();
            assert_eq!(response.status(), StatusCode::OK, "{next}: {:?}", response.body());
            let page = response.json();
            let items = page["items"].as_array().unwrap();
            seen.extend(items.iter().map(|item| item["number"].as_str().unwrap().to_owned()));
            let Some(target) = response.next_page() else { return seen };
            next = target;
        }
    }

    /// Places an order of `user` `seconds` after the start, and returns it.
    fn place_at(&self, seconds: i64, user: u128) -> Value {
        self.set_seconds(seconds);
        self.place_as(user, &format!("k-{seconds}"))
    }

    fn detail(&self, target: &str) -> String {
        let response = self.client.get(target).send();
        assert_eq!(response.problem(), "400 malformed-request", "{target}");
        response.json()["detail"].as_str().unwrap().to_owned()
    }
}

fn number(order: &Value) -> String {
    order["number"].as_str().unwrap().to_owned()
}

/// Returns the time `seconds` after the start, as it is in a query.
fn time(seconds: i64) -> String {
    Timestamp::from_millis(START + seconds * 1_000).to_string()
}

#[test]
fn a_customer_lists_their_own_orders_and_an_operator_lists_all_the_latest_first() {
    let fixture = Fixture::new();
    let [a, b, c, d] = [(0, 1), (1, 2), (2, 1), (3, 1)].map(|(seconds, user)| fixture.place_at(seconds, user));
    fixture.client.post(&format!("/v1/orders/{}/cancel", c["id"].as_str().unwrap())).send();
    let [a, b, c, d] = [a, b, c, d].map(|order| number(&order));
    let (first, second) = (Uuid::from_u128(1), Uuid::from_u128(2));
    for (user, target, expected) in [
        (1, "/v1/orders".to_owned(), vec![&d, &c, &a]),
        (1, "/v1/orders?limit=1".to_owned(), vec![&d, &c, &a]),
        (1, "/v1/orders?limit=1&sort=-created_at".to_owned(), vec![&d, &c, &a]),
        (1, "/v1/orders?limit=1&sort=created_at".to_owned(), vec![&a, &c, &d]),
        (1, "/v1/orders?status=pending_payment&limit=1".to_owned(), vec![&d, &a]),
        (1, "/v1/orders?status=pending_payment&limit=1&sort=created_at".to_owned(), vec![&a, &d]),
        (1, format!("/v1/orders?user_id={first}&status=cancelled"), vec![&c]),
        (2, "/v1/orders".to_owned(), vec![&b]),
        (3, "/v1/orders".to_owned(), vec![]),
        (9, "/v1/orders?limit=3".to_owned(), vec![&d, &c, &b, &a]),
        (9, "/v1/orders?limit=1&sort=created_at".to_owned(), vec![&a, &b, &c, &d]),
        (9, "/v1/orders?limit=2&status=pending_payment".to_owned(), vec![&d, &b, &a]),
        (9, "/v1/orders?limit=2&status=pending_payment&sort=created_at".to_owned(), vec![&a, &b, &d]),
        (9, format!("/v1/orders?user_id={second}"), vec![&b]),
        (9, format!("/v1/orders?user_id={first}&status=paid"), vec![]),
    ] {
        assert_eq!(fixture.list(user, &target), expected.into_iter().cloned().collect::<Vec<_>>(), "{user}: {target}");
    }
}

#[test]
fn a_range_of_time_excludes_both_of_its_ends() {
    let fixture = Fixture::new();
    let [a, b, c, d] =
        [(0, 1), (10, 2), (20, 1), (30, 1)].map(|(seconds, user)| number(&fixture.place_at(seconds, user)));
    for sort in ["-created_at", "created_at"] {
        for (user, query, expected) in [
            (9, format!("created_after={}", time(10)), vec![&d, &c]),
            (9, format!("created_before={}", time(10)), vec![&a]),
            (9, format!("created_after={}&created_before={}", time(0), time(30)), vec![&c, &b]),
            (9, format!("created_after={}&created_before={}", time(10), time(10)), vec![]),
            (9, format!("created_after={}&created_before={}", time(30), time(0)), vec![]),
            (9, format!("created_after={}&status=pending_payment", time(0)), vec![&d, &c, &b]),
            (1, format!("created_before={}", time(30)), vec![&c, &a]),
            (1, format!("created_before={}&status=pending_payment", time(30)), vec![&c, &a]),
            // A millisecond earlier, in another time zone.
            (9, "created_after=2023-11-14T23:13:29.999%2B01:00".to_owned(), vec![&d, &c, &b]),
        ] {
            let mut expected: Vec<String> = expected.into_iter().cloned().collect();
            if sort == "created_at" {
                expected.reverse();
            }
            for limit in [1, 2, 100] {
                let target = format!("/v1/orders?limit={limit}&sort={sort}&{query}");
                assert_eq!(fixture.list(user, &target), expected, "{user}: {target}");
            }
        }
    }
}

#[test]
fn orders_of_one_millisecond_are_on_one_page_each() {
    let fixture = Fixture::new();
    let placed: Vec<Value> = (0..5).map(|index| fixture.place_as(1, &format!("k-{index}"))).collect();
    let mut expected: Vec<(String, String)> =
        placed.iter().map(|order| (order["id"].as_str().unwrap().to_owned(), number(order))).collect();
    expected.sort();
    let mut expected: Vec<String> = expected.into_iter().map(|(_, number)| number).collect();
    for user in [1, 9] {
        assert_eq!(fixture.list(user, "/v1/orders?limit=2&sort=created_at"), expected);
    }
    expected.reverse();
    for user in [1, 9] {
        assert_eq!(fixture.list(user, "/v1/orders?limit=2"), expected);
    }
}

#[test]
fn an_order_is_found_by_its_number_within_the_other_filters() {
    let fixture = Fixture::new();
    let [a, b] = [(0, 1), (10, 2)].map(|(seconds, user)| number(&fixture.place_at(seconds, user)));
    let found = |user, query: &str| fixture.list(user, &format!("/v1/orders?{query}"));
    assert_eq!(found(1, &format!("number={a}")), [a.as_str()]);
    assert_eq!(found(1, &format!("number={b}")), [""; 0], "the order of another customer");
    assert_eq!(found(9, &format!("number={b}&sort=created_at&limit=1")), [b.as_str()]);
    assert_eq!(found(9, &format!("number={b}&user_id={}", Uuid::from_u128(1))), [""; 0]);
    assert_eq!(found(9, &format!("number={b}&status=pending_payment&created_after={}", time(9))), [b.as_str()]);
    for other in
        ["status=paid".to_owned(), format!("created_after={}", time(10)), format!("created_before={}", time(10))]
    {
        assert_eq!(found(9, &format!("number={b}&{other}")), [""; 0], "{other}");
    }
    assert_eq!(found(9, "number=0000-0000"), [""; 0]);
}

#[test]
fn an_unknown_parameter_or_value_is_refused() {
    let fixture = Fixture::new();
    for name in ["number", "status", "user_id", "created_after", "created_before", "sort", "limit", "cursor"] {
        let empty = fixture.detail(&format!("/v1/orders?{name}="));
        assert!(empty.contains(name), "{empty}");
        let twice = fixture.detail(&format!("/v1/orders?{name}=1&{name}=1"));
        assert!(twice.contains(name), "{twice}");
    }
    for (query, expected) in [
        (
            "user=1",
            "The query parameter user is not known; the known parameters are: number, status, user_id, created_after, created_before, sort, limit, cursor.",
        ),
        ("number=7kq2-9m4t", "The query parameter number must be an order number such as 7KQ2-9M4T."),
        ("status=lost", "The query parameter status must be one of pending_payment, paid, fulfilled, cancelled."),
        ("user_id=me", "The query parameter user_id must be a UUID."),
        (
            "created_after=yesterday",
            "The query parameter created_after must be a time such as 2026-11-22T09:30:00.000Z (RFC 3339).",
        ),
        (
            "created_before=2026-11-22",
            "The query parameter created_before must be a time such as 2026-11-22T09:30:00.000Z (RFC 3339).",
        ),
        ("sort=total", "The query parameter sort must be one of -created_at, created_at."),
        ("limit=0", "The query parameter limit must be an integer from 1 to 100."),
        ("cursor=abc", "The query parameter cursor must be a next_cursor of this list."),
    ] {
        assert_eq!(fixture.detail(&format!("/v1/orders?{query}")), expected);
    }
    let other = format!("/v1/orders?user_id={}", Uuid::from_u128(2));
    assert_eq!(fixture.client.get(&other).send().problem(), "403 forbidden");
}

#[test]
fn a_cursor_belongs_to_one_set_of_filters() {
    let fixture = Fixture::new();
    (0..2).for_each(|seconds| drop(fixture.place_at(seconds, 1)));
    let cursor = fixture.client.get("/v1/orders?limit=1").send().json()["next_cursor"].as_str().unwrap().to_owned();
    let read = |query: &str| fixture.client.get(&format!("/v1/orders?{query}cursor={cursor}")).send();
    assert_eq!(read("").expect(StatusCode::OK).json()["next_cursor"], json!(null));
    // The default, and the caller's own id, are no other filters.
    read("sort=-created_at&limit=5&").expect(StatusCode::OK);
    read(&format!("user_id={}&", Uuid::from_u128(1))).expect(StatusCode::OK);
    for other in ["status=paid", "sort=created_at", "number=0000-0000", "created_after=2020-01-01T00:00:00Z"] {
        assert_eq!(read(&format!("{other}&")).problem(), "400 malformed-request", "{other}");
    }
}
