//! The service on the native platform, with a fake catalog and a fake price adjuster. The tests send the events of payments.

use crate::SERVICE;
use http::{Method, StatusCode};
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use spindle_contracts::event::{CloudEvent, EventData};
use spindle_contracts::{Role, Timestamp};
use spindle_edge::testing::{TestClient, TestResponse, user_id, with_edge_variables};
use spindle_platform::Platform;
use spindle_platform::trace::TraceContext;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use uuid::Uuid;

mod access;
mod addresses;
mod erasure;
mod export;
mod fake_catalog;
mod idempotency;
mod limits;
mod lists;
mod metrics;
mod payment;
mod payment_token;
mod place_order;
mod prices;
mod pricing;
mod reconciliation;
mod refunds;
mod stock;
mod undelivered_events;

use addresses::FakeUsers;
use fake_catalog::FakeCatalog;
use pricing::FakeAdjuster;

const START: i64 = 1_700_000_000_000;

/// The service and the services that it calls.
struct Fixture {
    /// A client whose requests the first user sends, a customer.
    client: TestClient,
    catalog: Rc<RefCell<FakeCatalog>>,
    catalog_clock: Rc<Cell<Timestamp>>,
    adjuster: Rc<RefCell<FakeAdjuster>>,
    /// The events that were pushed to payments, the first one first.
    pushed: Rc<RefCell<Vec<CloudEvent>>>,
    /// The types of the dead letters of payments about any order; `None` while payments does not respond.
    dead_in_payments: Rc<RefCell<Option<Vec<&'static str>>>>,
    users: Rc<RefCell<FakeUsers>>,
}

/// A lamp and a desk with prices in euros, and an import with a price in dollars.
const LAMP: &str = "018bcfe5-6800-7000-8000-00000000000a";
const DESK: &str = "018bcfe5-6800-7000-8000-00000000000b";
const IMPORT: &str = "018bcfe5-6800-7000-8000-00000000000c";

impl Fixture {
    fn new() -> Self {
        let platform = with_edge_variables(Platform::native())
            .with_variable("catalog_url", "http://catalog.spin.internal")
            .with_variable("payments_url", "http://payments.spin.internal")
            .with_variable("users_url", "http://users.spin.internal")
            .with_variable("order_retention_days", "3650")
            .with_variable("pricing_url", "http://pricing.spin.internal")
            .with_variable("provider_token_secret", "0123456789abcdef0123456789abcdef")
            .with_variable("event_transport", "http")
            .with_variable("event_max_attempts", "2")
            .with_variable("event_retry_seconds", "0")
            .with_variable("pricing_concurrency", "64")
            .with_variable("provider_breaker_failures", "20")
            .with_variable("provider_breaker_seconds", "30")
            .with_variable("event_retry_base_ms", "0")
            .with_variable("event_retry_cap_ms", "0")
            .with_variable("event_lease_seconds", "20")
            .with_variable("event_retention_seconds", "604800")
            .with_variable("payment_timeout_seconds", "900")
            .with_variable("idempotency_lease_seconds", "30")
            .with_variable("customer_max_unpaid_orders", "10")
            .with_variable("customer_max_unpaid_pieces", "100")
            .at(Timestamp::from_millis(START))
            .with_fixed_randomness()
            .build();
        let client = TestClient::new(&SERVICE, &platform).with_caller(user_id(1), Role::Customer);
        let (catalog, adjuster) = (FakeCatalog::serve(&platform), FakeAdjuster::serve(&platform));
        let catalog_clock = Rc::clone(&catalog.borrow().now);
        let pushed: Rc<RefCell<Vec<CloudEvent>>> = Rc::default();
        let dead_in_payments = Rc::new(RefCell::new(Some(Vec::new())));
        let (received, dead) = (Rc::clone(&pushed), Rc::clone(&dead_in_payments));
        platform.serve("payments.spin.internal", move |mut request| {
            let (received, dead) = (Rc::clone(&received), Rc::clone(&dead));
            Box::pin(async move {
                if request.path().ends_with("/dead-letters") {
                    return match &*dead.borrow() {
                        Some(types) => spindle_platform::http::json(StatusCode::OK, &json!({ "types": types })),
                        None => spindle_platform::http::empty(StatusCode::SERVICE_UNAVAILABLE),
                    };
                }
                if request.method() == Method::GET {
                    return spindle_platform::http::json(StatusCode::OK, &json!({ "events": [], "next": 0 }));
                }
                request = request.on_route(spindle_platform::http::Params::default(), 1 << 20);
                let events: Vec<CloudEvent> = request.internal_json().await.unwrap();
                received.borrow_mut().extend(events);
                spindle_platform::http::empty(StatusCode::ACCEPTED)
            })
        });
        let users = FakeUsers::serve(&platform);
        Self { client, catalog, catalog_clock, adjuster, pushed, dead_in_payments, users }
    }

    fn set_seconds(&self, seconds: i64) {
        let now = Timestamp::from_millis(START + seconds * 1000);
        self.client.platform().set_now(now);
        self.catalog_clock.set(now);
    }

    /// Places the order of `request` with `key` as the first user.
    fn place_with(&self, key: &str, request: &Value) -> TestResponse {
        self.client.post("/v1/orders").header("idempotency-key", key).json(request).send()
    }

    /// Places an order of two lamps, and returns its path.
    fn order(&self) -> String {
        let key = Uuid::from_u128(u128::from_le_bytes(self.client.platform().random())).to_string();
        let response = self.place_with(&key, &request()).expect(StatusCode::CREATED);
        response.header("location").unwrap().to_owned()
    }

    fn fulfil(&self, path: &str) -> TestResponse {
        self.client.post(&format!("{path}/fulfil")).as_user(user_id(9), Role::Operator).send()
    }

    fn status(&self, path: &str) -> String {
        self.client.get(path).send().json()["status"].as_str().unwrap().to_owned()
    }

    /// Returns the kinds of the entries in the timeline.
    fn kinds(&self, path: &str) -> Vec<String> {
        let timeline = self.client.get(&format!("{path}/timeline")).send().json();
        let items = timeline["items"].as_array().unwrap();
        items.iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
    }

    /// Returns the sentence of the event that the order waits for.
    fn awaiting(&self, path: &str) -> Value {
        self.client.get(&format!("{path}/timeline")).send().json()["awaiting"]["what"].clone()
    }

    fn tick(&self) -> Value {
        let response = self.client.post("/internal/orders/tick").as_service("gateway").send();
        response.expect(StatusCode::OK).json()["reconciled"].clone()
    }

    /// Delivers the event `T` of payments about the order at `path`, with `extra` in its data, and returns it.
    fn receive<T: EventData>(&self, path: &str, extra: Value) -> CloudEvent {
        let order_id = path.rsplit('/').next().unwrap();
        let mut data = json!({
            "payment_id": Uuid::from_u128(77), "order_id": order_id, "user_id": Uuid::from_u128(1),
            "amount": { "amount": 2598, "currency": "EUR" },
        });
        data.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let event = CloudEvent {
            specversion: CloudEvent::VERSION.to_owned(),
            id: self.client.platform().new_id().to_string(),
            source: CloudEvent::source_of("payments"),
            kind: T::NAME.to_owned(),
            subject: order_id.to_owned(),
            time: self.client.platform().now(),
            datacontenttype: CloudEvent::DATA_TYPE.to_owned(),
            sequence: "1".to_owned(),
            traceparent: TraceContext::start(self.client.platform().random()).to_string(),
            requestid: "r-1".to_owned(),
            data: to_raw_value(&data).unwrap(),
        };
        self.deliver(&event);
        event
    }

    fn deliver(&self, event: &CloudEvent) {
        let request = self.client.post("/internal/orders/events").as_service("payments");
        request.json(&json!([event])).send().expect(StatusCode::ACCEPTED);
    }

    /// Takes the types of the events that were pushed to payments.
    fn pushed(&self) -> Vec<String> {
        self.pushed.borrow_mut().drain(..).map(|event| event.kind).collect()
    }

    /// Returns the number of pending events, and of dead letters.
    fn inbox(&self) -> (i64, i64) {
        let statement = "SELECT coalesce(sum(state = 'pending'), 0), coalesce(sum(state = 'dead'), 0) FROM inbox";
        self.client.rows(statement)[0]
    }
}

/// Returns a sum in euros.
fn euro(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "EUR" })
}

/// Returns a request for two lamps, to be shipped to Berlin.
fn request() -> Value {
    request_of(&[(LAMP, 2)])
}

fn request_of(items: &[(&str, u32)]) -> Value {
    let item = |(product_id, quantity): &(&str, u32)| json!({ "product_id": product_id, "quantity": quantity });
    json!({
        "items": items.iter().map(item).collect::<Vec<_>>(),
        "shipping_address": {
            "name": "Ada Lovelace", "lines": ["1 Main St"], "city": "Berlin", "postal_code": "10115", "country": "DE",
        },
        "payment_method": { "token": "pm_ok" },
    })
}

#[test]
fn its_operations_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}
