//! The orders that a caller may read and change, by id.

use super::{Fixture, request};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::Role::{Customer, Operator};
use spindle_contracts::event::{PaymentAuthorized, PaymentCaptured};
use spindle_edge::testing::user_id;

impl Fixture {
    /// Returns the actions in the audit log.
    fn audited(&self) -> Vec<(String,)> {
        self.client.rows("SELECT action FROM audit_log ORDER BY seq")
    }

    pub(super) fn place_as(&self, user: u128, key: &str) -> Value {
        let post = self.client.post("/v1/orders").as_user(user_id(user), Customer);
        post.header("idempotency-key", key).json(&request()).send().expect(StatusCode::CREATED).json()
    }
}

#[test]
fn the_timeline_names_the_request_that_placed_the_order() {
    let fixture = Fixture::new();
    let placed = fixture.place_with("k", &request()).expect(StatusCode::CREATED);
    let path = placed.header("location").unwrap();
    fixture.client.post(&format!("{path}/cancel")).send().expect(StatusCode::OK);
    let timeline = fixture.client.get(&format!("{path}/timeline")).send().expect(StatusCode::OK).json();
    assert_eq!(timeline["request_id"].as_str(), placed.header("x-request-id"));
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
fn an_operation_without_parameters_refuses_them() {
    let fixture = Fixture::new();
    let path = fixture.order();
    let state =
        || (fixture.client.get(&path).send().json(), fixture.client.rows::<(i64,)>("SELECT count(*) FROM orders"));
    let before = state();
    for (method, target) in [
        (Method::GET, path.clone()),
        (Method::GET, format!("{path}/timeline")),
        (Method::POST, format!("{path}/cancel")),
        (Method::POST, format!("{path}/fulfil")),
        (Method::POST, "/v1/orders".to_owned()),
    ] {
        let post = fixture.client.request(method, &format!("{target}?expand=items&x=1")).as_user(user_id(9), Operator);
        let refused = post.header("idempotency-key", "k").json(&request()).send();
        let error = |name: &str| json!({ "parameter": name, "detail": "is not known; the known parameters are: none" });
        let expected = json!([error("expand"), error("x")]);
        assert_eq!(
            (refused.problem().as_str(), &refused.json()["errors"]),
            ("400 malformed-request", &expected),
            "{target}"
        );
    }
    assert_eq!(state(), before);
}

#[test]
fn cancel_and_fulfil_take_no_body() {
    let fixture = Fixture::new();
    let path = fixture.order();
    for operation in ["cancel", "fulfil"] {
        let target = format!("{path}/{operation}");
        let send = |body: &Value| fixture.client.post(&target).as_user(user_id(9), Operator).json(body).send();
        for (refused, pointers) in [
            (json!({ "reason": "too late", "by": 1 }), vec!["/reason", "/by"]),
            (json!([]), vec![""]),
            (json!("no"), vec![""]),
            (Value::Null, vec![""]),
        ] {
            let response = send(&refused);
            let mut found = response.error_pointers();
            found.sort_by(|one, other| other.cmp(one));
            assert_eq!(
                (response.problem().as_str(), found),
                ("422 validation-failed", pointers.into_iter().map(str::to_owned).collect())
            );
        }
        let detail = "/reason is not a known field; the object has no fields.";
        assert_eq!(send(&json!({ "reason": "too late" })).json()["detail"], detail, "{operation}");
        let text = fixture.client.post(&target).as_user(user_id(9), Operator).header("content-type", "text/plain");
        assert_eq!(text.body(bytes::Bytes::from_static(b"{}")).send().problem(), "415 unsupported-media-type");
    }
    assert_eq!(fixture.status(&path), "pending_payment");
    let cancelled = fixture.client.post(&format!("{path}/cancel")).json(&json!({})).send();
    assert_eq!((cancelled.status(), &cancelled.json()["status"]), (StatusCode::OK, &json!("cancelled")));
}
