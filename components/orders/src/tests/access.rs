//! The orders that a caller may read, in lists and by id.

use super::{Fixture, request};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::Role::{Customer, Operator};
use spindle_contracts::event::{PaymentAuthorized, PaymentCaptured};
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

    /// Returns the actions in the audit log.
    fn audited(&self) -> Vec<(String,)> {
        self.client.rows("SELECT action FROM audit_log ORDER BY seq")
    }

    fn place_as(&self, user: u128, key: &str) -> Value {
        let post = self.client.post("/v1/orders").as_user(user_id(user), Customer);
        post.header("idempotency-key", key).json(&request()).send().expect(StatusCode::CREATED).json()
    }
}

fn number(order: &Value) -> String {
    order["number"].as_str().unwrap().to_owned()
}

#[test]
fn a_customer_lists_their_own_orders_and_an_operator_lists_all_the_latest_first() {
    let fixture = Fixture::new();
    let [a, b, c, d] = [(1, "a"), (2, "b"), (1, "c"), (1, "d")].map(|(user, key)| {
        fixture.set_seconds(fixture.catalog.borrow().calls.try_into().unwrap());
        fixture.place_as(user, key)
    });
    let path = |order: &Value| format!("/v1/orders/{}", order["id"].as_str().unwrap());
    fixture.client.post(&format!("{}/cancel", path(&c))).send();
    let [a, b, c, d] = [a, b, c, d].map(|order| number(&order));
    let (first, second) = (Uuid::from_u128(1), Uuid::from_u128(2));
    for (user, target, expected) in [
        (1, "/v1/orders".to_owned(), vec![&d, &c, &a]),
        (1, "/v1/orders?limit=1".to_owned(), vec![&d, &c, &a]),
        (1, "/v1/orders?status=pending_payment&limit=1".to_owned(), vec![&d, &a]),
        (1, format!("/v1/orders?user_id={first}&status=cancelled"), vec![&c]),
        (2, "/v1/orders".to_owned(), vec![&b]),
        (3, "/v1/orders".to_owned(), vec![]),
        (9, "/v1/orders?limit=3".to_owned(), vec![&d, &c, &b, &a]),
        (9, "/v1/orders?limit=2&status=pending_payment".to_owned(), vec![&d, &b, &a]),
        (9, format!("/v1/orders?user_id={second}"), vec![&b]),
        (9, format!("/v1/orders?user_id={first}&status=paid"), vec![]),
    ] {
        assert_eq!(fixture.list(user, &target), expected.into_iter().cloned().collect::<Vec<_>>(), "{user}: {target}");
    }
}

#[test]
fn an_unknown_filter_or_value_is_refused() {
    let fixture = Fixture::new();
    for key in ["a", "b"] {
        fixture.place_as(1, key);
    }
    let other = format!("/v1/orders?user_id={}", Uuid::from_u128(2));
    for (target, status) in [
        ("/v1/orders?status=lost", 400),
        ("/v1/orders?user_id=me", 400),
        ("/v1/orders?user=1", 400),
        ("/v1/orders?limit=0", 400),
        ("/v1/orders?cursor=abc", 400),
        ("/v1/orders?status=", 400),
        ("/v1/orders?user_id=", 400),
        ("/v1/orders?limit=", 400),
        ("/v1/orders?cursor=", 400),
        (&other, 403),
    ] {
        assert_eq!(fixture.client.get(target).send().status(), status, "{target}");
    }
    let cursor = fixture.client.get("/v1/orders?limit=1").send().json()["next_cursor"].as_str().unwrap().to_owned();
    assert_eq!(fixture.client.get(&format!("/v1/orders?cursor={cursor}")).send().status(), StatusCode::OK);
    assert_eq!(
        fixture.client.get(&format!("/v1/orders?status=paid&cursor={cursor}")).send().status(),
        StatusCode::BAD_REQUEST
    );
}

#[test]
fn the_order_of_another_customer_is_not_found() {
    let fixture = Fixture::new();
    let path = fixture.order();
    for (method, target) in [
        (Method::GET, path.clone()),
        (Method::GET, format!("{path}/timeline")),
        (Method::POST, format!("{path}/cancel")),
    ] {
        let status =
            |user, role| fixture.client.request(method.clone(), &target).as_user(user_id(user), role).send().status();
        assert_eq!(status(2, Customer), StatusCode::NOT_FOUND, "{target}");
        assert_eq!((status(1, Customer), status(9, Operator)), (StatusCode::OK, StatusCode::OK), "{target}");
    }
    let fulfil =
        |user, role| fixture.client.post(&format!("{path}/fulfil")).as_user(user_id(user), role).send().status();
    assert_eq!((fulfil(1, Customer), fulfil(2, Customer)), (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN));
    let nowhere = "/v1/orders/018bcfe5-6800-7000-8000-ffffffffffff";
    for target in [nowhere.to_owned(), format!("{nowhere}/timeline"), "/v1/orders/1".to_owned()] {
        assert_eq!(fixture.client.get(&target).send().status(), StatusCode::NOT_FOUND, "{target}");
    }
    assert_eq!(fixture.fulfil(nowhere).status(), StatusCode::NOT_FOUND);
}

#[test]
fn an_unchanged_order_is_not_sent_again() {
    let fixture = Fixture::new();
    let path = fixture.order();
    let read = |tag: &str| fixture.client.get(&path).header("if-none-match", tag).send();
    let unchanged = read("\"v1\"");
    assert_eq!((unchanged.status(), unchanged.body().len()), (StatusCode::NOT_MODIFIED, 0));
    let cancelled = fixture.client.post(&format!("{path}/cancel")).send();
    assert_eq!(cancelled.headers()["etag"], "\"v2\"");
    // The release of the stock raised the version once more.
    assert_eq!(
        (read("\"v1\"").status(), &read("\"v1\"").headers()["etag"]),
        (StatusCode::OK, &"\"v3\"".parse().unwrap())
    );
}

#[test]
fn a_stale_precondition_changes_nothing() {
    let fixture = Fixture::new();
    let path = fixture.order();
    let stale = [
        ("if-match", "\"v9\""),
        ("if-match", "W/\"v1\""),
        ("if-match", "\"a,*,b\""),
        ("if-none-match", "*"),
        ("if-none-match", "\"v1\""),
    ];
    let state = || (fixture.client.get(&path).send().json(), fixture.kinds(&path), fixture.audited());
    let before = state();
    for (name, value) in stale {
        let cancel = fixture.client.post(&format!("{path}/cancel")).header(name, value);
        assert_eq!(cancel.send().problem(), "412 precondition-failed", "{name}: {value}");
    }
    let malformed = fixture.client.post(&format!("{path}/cancel")).header("if-match", "\"v1\", *").send();
    assert_eq!(malformed.problem(), "400 malformed-request");
    assert_eq!((state(), fixture.pushed()), (before, vec!["PaymentRequested".to_owned()]));
    let read = |name, value| fixture.client.get(&path).header(name, value).send().status();
    assert_eq!(
        (read("if-match", "\"v9\""), read("if-match", "\"v1\"")),
        (StatusCode::PRECONDITION_FAILED, StatusCode::OK)
    );

    // A phase that does not allow the event is refused for that, whatever the precondition (RFC 9110, section 13.2.1).
    let fulfil = |value| {
        let request = fixture.client.post(&format!("{path}/fulfil")).as_user(user_id(9), Operator);
        request.header("if-match", value).send()
    };
    assert_eq!(fulfil("\"v9\"").problem(), "409 conflict");
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.receive::<PaymentCaptured>(&path, json!({}));
    let captured = fixture.client.get(&path).send();
    assert_eq!(fulfil("\"v1\"").problem(), "412 precondition-failed");
    assert_eq!(fixture.status(&path), "paid");
    assert_eq!(fulfil(captured.header("etag").unwrap()).expect(StatusCode::OK).json()["status"], "fulfilled");

    let other = fixture.order();
    let cancelled = fixture.client.post(&format!("{other}/cancel")).header("if-match", "\"v0\", \"v1\"").send();
    assert_eq!(cancelled.expect(StatusCode::OK).json()["status"], "cancelled");
}

#[test]
fn only_services_deliver_events_and_ticks() {
    let fixture = Fixture::new();
    for path in ["/internal/orders/events", "/internal/orders/tick", "/internal/orders/dead-letters/replay"] {
        let response = fixture.client.post(path).as_user(user_id(9), Operator).json(&json!([])).send();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(
            fixture.client.post(path).as_service("catalog").json(&json!([])).send().status(),
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
}

#[test]
fn a_problem_names_the_parameter_and_its_values() {
    let fixture = Fixture::new();
    let detail = |target: &str| fixture.client.get(target).send().json()["detail"].as_str().unwrap().to_owned();
    assert_eq!(detail("/v1/orders?status=lost"), "status must be one of pending_payment, paid, fulfilled, cancelled.");
    assert_eq!(detail("/v1/orders?user_id=me"), "user_id must be the id of a user, which is a UUID.");
}

#[test]
fn cancel_and_fulfil_take_no_body() {
    let fixture = Fixture::new();
    let path = fixture.order();
    for operation in ["cancel", "fulfil"] {
        let target = format!("{path}/{operation}");
        let send = |body: &Value| fixture.client.post(&target).as_user(user_id(9), Operator).json(body).send();
        for refused in [json!({ "reason": "too late" }), json!([]), json!("no"), Value::Null] {
            let response = send(&refused);
            assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{operation} {refused}");
            let detail = format!("{operation} takes no body: send the request without one, or with {{}}.");
            assert_eq!(response.json()["detail"], detail.as_str());
        }
    }
    assert_eq!(fixture.status(&path), "pending_payment");
    let cancelled = fixture.client.post(&format!("{path}/cancel")).json(&json!({})).send();
    assert_eq!((cancelled.status(), &cancelled.json()["status"]), (StatusCode::OK, &json!("cancelled")));
}
