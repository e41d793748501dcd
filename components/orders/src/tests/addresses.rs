//! The address of an order: a saved one as it was read, or by its id.

use super::{Fixture, LAMP, request};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_edge::testing::{TestResponse, user_id};
use spindle_platform::Platform;
use spindle_platform::http::{Response, empty, json as json_response};
use std::cell::RefCell;
use std::rc::Rc;

/// The id of the saved address.
const HOME: &str = "018bcfe5-6800-7000-8000-0000000000ad";

/// A fake of users: the first user has one saved address, and no event is to be fetched.
pub(super) struct FakeUsers {
    /// The response to a request for the saved address; without one, users does not respond.
    address: Option<Response>,
    /// The number of requests for an address.
    calls: usize,
}

impl FakeUsers {
    pub(super) fn serve(platform: &Platform) -> Rc<RefCell<Self>> {
        let users = Self { address: Some(json_response(StatusCode::OK, &home())), calls: 0 };
        let users = Rc::new(RefCell::new(users));
        let shared = Rc::clone(&users);
        platform.serve("users.spin.internal", move |request| {
            let shared = Rc::clone(&shared);
            Box::pin(async move {
                if !request.path().contains("/addresses/") {
                    return json_response(StatusCode::OK, &json!({ "events": [], "next": 0 }));
                }
                let mut users = shared.borrow_mut();
                users.calls += 1;
                let Some(response) = &users.address else { return empty(StatusCode::SERVICE_UNAVAILABLE) };
                let path = format!("/internal/users/{}/addresses/{HOME}", user_id(1));
                if request.path() == path { response.clone() } else { empty(StatusCode::NOT_FOUND) }
            })
        });
        users
    }
}

impl Fixture {
    fn set_saved_address(&self, address: &Value) {
        self.users.borrow_mut().address = Some(json_response(StatusCode::OK, address));
    }

    fn place_to(&self, key: &str, address_id: &str) -> TestResponse {
        self.place_with(key, &request_to(address_id))
    }
}

/// Returns the saved address as users responds with it.
fn home() -> Value {
    let mut address = request()["shipping_address"].clone();
    address["id"] = json!(HOME);
    address["label"] = json!("Home");
    address
}

fn request_to(address_id: &str) -> Value {
    let mut request = request();
    request.as_object_mut().unwrap().remove("shipping_address");
    request["shipping_address_id"] = json!(address_id);
    request
}

#[test]
fn a_saved_address_is_accepted_as_it_was_read() {
    let fixture = Fixture::new();
    let mut saved = request();
    saved["shipping_address"] = home();
    let placed = fixture.place_with("k", &saved).expect(StatusCode::CREATED);
    assert_eq!(placed.json()["shipping_address"], request()["shipping_address"], "without id and label");
    // They do not count for the key either.
    assert_eq!(fixture.place_with("k", &request()).header("idempotency-replayed"), Some("true"));
    saved["shipping_address"]["label"] = Value::Null;
    assert_eq!(fixture.place_with("k", &saved).header("idempotency-replayed"), Some("true"));
    saved["shipping_address"]["name"] = Value::Null;
    assert_eq!(fixture.place_with("k-2", &saved).error_pointers(), ["/shipping_address/name"]);
    saved["shipping_address"]["colour"] = json!("red");
    assert_eq!(fixture.place_with("k-2", &saved).status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(fixture.users.borrow().calls, 0, "users is not called for an address in the request");
}

#[test]
fn a_saved_address_is_read_by_its_id_and_kept_as_it_was() {
    let fixture = Fixture::new();
    let placed = fixture.place_to("k", HOME).expect(StatusCode::CREATED);
    assert_eq!(placed.json()["shipping_address"], request()["shipping_address"]);
    let carts = fixture.adjuster.borrow().carts.clone();
    assert_eq!((&carts[0]["country"], &carts[0]["postal_code"]), (&json!("DE"), &json!("10115")));

    // The replay is exact, and needs no call, also when the address has changed or users is away.
    let mut moved = home();
    moved["city"] = json!("Potsdam");
    fixture.set_saved_address(&moved);
    let replay = fixture.place_to("k", HOME);
    assert_eq!((replay.status(), replay.body()), (placed.status(), placed.body()));
    fixture.users.borrow_mut().address = None;
    assert_eq!(fixture.place_to("k", HOME).body(), placed.body());
    assert_eq!(fixture.users.borrow().calls, 1);
    let path = placed.header("location").unwrap();
    assert_eq!(fixture.client.get(path).send().json()["shipping_address"]["city"], "Berlin");
    // Another id is another request.
    assert_eq!(fixture.place_to("k", LAMP).problem(), "422 idempotency-key-reused");
}

#[test]
fn an_id_of_no_saved_address_is_refused_and_reserves_nothing() {
    let fixture = Fixture::new();
    let refused = fixture.place_to("k", LAMP);
    assert_eq!(
        (refused.problem().as_str(), refused.error_pointers()),
        ("422 validation-failed", vec!["/shipping_address_id".to_owned()])
    );
    assert_eq!((fixture.catalog.borrow().calls, fixture.adjuster.borrow().carts.len()), (0, 0));
    assert_eq!(fixture.place_to("k", "home").error_pointers(), ["/shipping_address_id"]);
    fixture.place_to("k", HOME).expect(StatusCode::CREATED);
}

#[test]
fn a_saved_address_without_what_an_order_needs_is_refused() {
    let fixture = Fixture::new();
    let mut old = home();
    old["name"] = json!("");
    old["postal_code"] = json!("");
    fixture.set_saved_address(&old);
    let refused = fixture.place_to("k", HOME);
    let details = [
        "is an address whose name must have 1 to 100 printable characters",
        "is an address whose postal_code is required in this country",
    ];
    let expected = details.map(|detail| json!({ "pointer": "/shipping_address_id", "detail": detail }));
    assert_eq!((refused.problem(), &refused.json()["errors"]), ("422 validation-failed".to_owned(), &json!(expected)));
    assert_eq!(fixture.catalog.borrow().calls, 0);
}

#[test]
fn while_users_is_away_only_orders_to_a_saved_address_are_refused() {
    let fixture = Fixture::new();
    for address in [None, Some(json_response(StatusCode::OK, &json!({}))), Some(empty(StatusCode::FORBIDDEN))] {
        fixture.users.borrow_mut().address = address;
        let refused = fixture.place_to("k", HOME);
        assert_eq!((refused.problem().as_str(), refused.header("retry-after")), ("503 unavailable", Some("1")));
    }
    assert_eq!(fixture.client.rows::<(i64,)>("SELECT count(*) FROM idempotency_keys"), [(0,)], "it counts as no order");
    fixture.place_with("k-2", &request()).expect(StatusCode::CREATED);
    fixture.set_saved_address(&home());
    fixture.place_to("k", HOME).expect(StatusCode::CREATED);
}

#[test]
fn an_order_has_one_address() {
    let fixture = Fixture::new();
    let mut both = request();
    both["shipping_address_id"] = json!(HOME);
    assert_eq!(fixture.place_with("k", &both).error_pointers(), ["/shipping_address_id"]);
    let mut none = request();
    none.as_object_mut().unwrap().remove("shipping_address");
    assert_eq!(fixture.place_with("k", &none).error_pointers(), ["/shipping_address"]);
    assert_eq!((fixture.users.borrow().calls, fixture.catalog.borrow().calls), (0, 0));
}

#[test]
fn an_address_that_was_deleted_after_an_attempt_releases_the_stock_of_that_attempt() {
    let fixture = Fixture::new();
    fixture.catalog.borrow_mut().loses_responses = true;
    assert_eq!(fixture.place_to("k", HOME).status(), StatusCode::SERVICE_UNAVAILABLE);
    fixture.catalog.borrow_mut().loses_responses = false;
    assert_eq!(fixture.catalog.borrow().states(), ["held"]);
    fixture.users.borrow_mut().address = Some(empty(StatusCode::NOT_FOUND));
    assert_eq!(fixture.place_to("k", HOME).problem(), "422 validation-failed");
    assert_eq!((fixture.catalog.borrow().states(), fixture.catalog.borrow().available[LAMP]), (vec!["released"], 10));
    assert_eq!(fixture.client.rows::<(i64,)>("SELECT count(*) FROM idempotency_keys"), [(0,)]);
}

#[test]
fn only_an_order_to_a_saved_address_costs_a_request_more() {
    let fixture = Fixture::new();
    let statements = |key: &str, request: &Value| {
        let before = fixture.client.platform().statements("orders").len();
        fixture.place_with(key, request).expect(StatusCode::CREATED);
        fixture.client.platform().statements("orders").len() - before
    };
    fixture.order();
    assert_eq!(statements("k-1", &request()), statements("k-2", &request_to(HOME)));
    assert_eq!(fixture.users.borrow().calls, 1);
}
