//! The service on the native platform, with a fake catalog and a fake price adjuster. The tests send the events of payments.

use crate::SERVICE;
use bytes::Bytes;
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::event::{CloudEvent, EventData};
use spindle_contracts::{Role, Timestamp, UserId};
use spindle_edge::testing::{Issuer, service_token, with_edge_variables};
use spindle_platform::http::{Body, Request, Response};
use spindle_platform::sql::FromRow;
use spindle_platform::token::service::Operation;
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform};
use std::cell::RefCell;
use std::rc::Rc;
use uuid::Uuid;

mod access;
mod fake_catalog;
mod idempotency;
mod payment;
mod place_order;
mod pricing;
mod reconciliation;
mod undelivered_events;

use fake_catalog::FakeCatalog;
use pricing::FakeAdjuster;

const START: i64 = 1_700_000_000_000;

/// The service and the services that it calls.
struct Fixture {
    platform: Platform,
    catalog: Rc<RefCell<FakeCatalog>>,
    adjuster: Rc<RefCell<FakeAdjuster>>,
    /// The events that were pushed to payments, the first one first.
    pushed: Rc<RefCell<Vec<CloudEvent>>>,
    /// The types of the dead letters of payments about any order; `None` while payments does not respond.
    dead_in_payments: Rc<RefCell<Option<Vec<&'static str>>>>,
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
            .with_variable("pricing_url", "http://pricing.spin.internal")
            .with_variable("provider_token_secret", "0123456789abcdef0123456789abcdef")
            .with_variable("event_transport", "http")
            .with_variable("event_max_attempts", "2")
            .with_variable("event_retry_base_ms", "0")
            .with_variable("event_retry_cap_ms", "0")
            .with_variable("event_lease_seconds", "20")
            .with_variable("event_retention_seconds", "604800")
            .with_variable("payment_timeout_seconds", "900")
            .with_variable("idempotency_lease_seconds", "30")
            .at(Timestamp::from_millis(START))
            .with_fixed_randomness()
            .build();
        Issuer::new(&platform);
        let (catalog, adjuster) = (FakeCatalog::serve(&platform), FakeAdjuster::serve(&platform));
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
                let events: Vec<CloudEvent> = request.json().await.unwrap();
                received.borrow_mut().extend(events);
                spindle_platform::http::empty(StatusCode::ACCEPTED)
            })
        });
        Self { platform, catalog, adjuster, pushed, dead_in_payments }
    }

    fn set_seconds(&self, seconds: i64) {
        self.platform.set_now(Timestamp::from_millis(START + seconds * 1000));
    }

    /// Sends a request as `user` with `role`, and runs the work that follows the response.
    fn send_as(
        &self,
        user: u128,
        role: Role,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Response {
        let token =
            format!("Bearer {}", Issuer::with_key(&self.platform, 7).token(UserId(Uuid::from_u128(user)), role));
        let headers = [headers, &[("authorization", token.as_str())]].concat();
        self.send(method, target, &headers, body)
    }

    fn send(&self, method: Method, target: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Response {
        let mut request =
            http::Request::builder().method(method).uri(target).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.map_or_else(Body::empty, |value| Body::from(Bytes::from(value.to_string())));
        block_on(async {
            let request = Request::new(request.body(body).unwrap());
            let response = spindle_edge::serve(&SERVICE, self.platform.clone(), request).await;
            self.platform.run_deferred().await;
            response
        })
    }

    /// Sends a request as the service `caller`.
    fn call_as(&self, caller: &str, method: Method, path: &str, body: Option<&Value>) -> Response {
        let operation = Operation { service: "orders", method: &method, path };
        let token = format!("Bearer {}", service_token(&self.platform, caller, &operation));
        self.send(method.clone(), path, &[("authorization", &token)], body)
    }

    fn get(&self, target: &str) -> Response {
        self.send_as(1, Role::Customer, Method::GET, target, &[], None)
    }

    fn post(&self, target: &str) -> Response {
        self.send_as(1, Role::Customer, Method::POST, target, &[], None)
    }

    /// Places the order of `request` with `key` as the first user.
    fn place_with(&self, key: &str, request: &Value) -> Response {
        let key = [("idempotency-key", key)];
        self.send_as(1, Role::Customer, Method::POST, "/v1/orders", &key, Some(request))
    }

    /// Places an order of two lamps, and returns its path.
    fn order(&self) -> String {
        let key = Uuid::from_u128(u128::from_le_bytes(self.platform.random())).to_string();
        let response = self.place_with(&key, &request());
        assert_eq!(response.status(), StatusCode::CREATED, "{:?}", response.body());
        response.headers()["location"].to_str().unwrap().to_owned()
    }

    fn fulfil(&self, path: &str) -> Response {
        self.send_as(9, Role::Operator, Method::POST, &format!("{path}/fulfil"), &[], None)
    }

    fn status(&self, path: &str) -> String {
        body(&self.get(path))["status"].as_str().unwrap().to_owned()
    }

    /// Returns the kinds of the entries in the timeline.
    fn kinds(&self, path: &str) -> Vec<String> {
        let timeline = body(&self.get(&format!("{path}/timeline")));
        let items = timeline["items"].as_array().unwrap();
        items.iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
    }

    /// Returns the sentence of the event that the order waits for.
    fn awaiting(&self, path: &str) -> Value {
        body(&self.get(&format!("{path}/timeline")))["awaiting"]["what"].clone()
    }

    fn tick(&self) -> Value {
        let response = self.call_as("gateway", Method::POST, "/internal/orders/tick", None);
        assert_eq!(response.status(), StatusCode::OK, "{:?}", response.body());
        body(&response)["reconciled"].clone()
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
            id: self.platform.new_id().to_string(),
            source: CloudEvent::source_of("payments"),
            kind: T::NAME.to_owned(),
            subject: order_id.to_owned(),
            time: self.platform.now(),
            datacontenttype: CloudEvent::DATA_TYPE.to_owned(),
            sequence: "1".to_owned(),
            traceparent: TraceContext::start(self.platform.random()).to_string(),
            requestid: "r-1".to_owned(),
            data,
        };
        self.deliver(&event);
        event
    }

    fn deliver(&self, event: &CloudEvent) {
        let response = self.call_as("payments", Method::POST, "/internal/orders/events", Some(&json!([event])));
        assert_eq!(response.status(), StatusCode::ACCEPTED, "{:?}", response.body());
    }

    /// Takes the types of the events that were pushed to payments.
    fn pushed(&self) -> Vec<String> {
        self.pushed.borrow_mut().drain(..).map(|event| event.kind).collect()
    }

    /// Runs `statement` on the database, and returns its rows.
    fn rows<T: FromRow>(&self, statement: &str) -> Vec<T> {
        let trace = TraceContext::start(self.platform.random());
        let context = Context::new(self.platform.clone(), SERVICE.scope, "test".to_owned(), trace);
        block_on(async { context.sql().await.unwrap().query_all(statement, &[]).await.unwrap() })
    }

    /// Returns the number of pending events, and of dead letters.
    fn inbox(&self) -> (i64, i64) {
        let statement = "SELECT coalesce(sum(state = 'pending'), 0), coalesce(sum(state = 'dead'), 0) FROM inbox";
        self.rows(statement)[0]
    }
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

fn body(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap_or_else(|error| panic!("{error}: {:?}", response.body()))
}

#[test]
fn its_operations_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}
