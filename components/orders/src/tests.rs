//! Orders as a whole, on the native platform, with a catalog that is made for it and payments played by the tests.

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
mod catalog;
mod keys;
mod paying;
mod placing;
mod pricing;
mod reconciling;

use catalog::Catalog;
use pricing::Adjuster;

const START: i64 = 1_700_000_000_000;

/// Orders and its surroundings.
struct Shop {
    platform: Platform,
    catalog: Rc<RefCell<Catalog>>,
    adjuster: Rc<RefCell<Adjuster>>,
    /// What payments was told, in the order in which it was told.
    pushed: Rc<RefCell<Vec<CloudEvent>>>,
}

/// A lamp and a desk for euros, and one for dollars.
const LAMP: &str = "018bcfe5-6800-7000-8000-00000000000a";
const DESK: &str = "018bcfe5-6800-7000-8000-00000000000b";
const IMPORT: &str = "018bcfe5-6800-7000-8000-00000000000c";

impl Shop {
    fn open() -> Self {
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
        let (catalog, adjuster) = (Catalog::serve(&platform), Adjuster::serve(&platform));
        let pushed: Rc<RefCell<Vec<CloudEvent>>> = Rc::default();
        let told = Rc::clone(&pushed);
        platform.serve("payments.spin.internal", move |mut request| {
            let told = Rc::clone(&told);
            Box::pin(async move {
                if request.method() == Method::GET {
                    return spindle_platform::http::json(StatusCode::OK, &json!({ "events": [], "next": 0 }));
                }
                request = request.on_route(spindle_platform::http::Params::default(), 1 << 20);
                let events: Vec<CloudEvent> = request.json().await.unwrap();
                told.borrow_mut().extend(events);
                spindle_platform::http::empty(StatusCode::ACCEPTED)
            })
        });
        Self { platform, catalog, adjuster, pushed }
    }

    fn set_seconds(&self, seconds: i64) {
        self.platform.set_now(Timestamp::from_millis(START + seconds * 1000));
    }

    /// Sends a request as `user` with `role`, and lets everything happen that follows from it.
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

    /// Asks as the service `caller` does.
    fn ask(&self, caller: &str, method: Method, path: &str, body: Option<&Value>) -> Response {
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

    /// Places `draft` with `key` as the first user.
    fn place_with(&self, key: &str, draft: &Value) -> Response {
        let key = [("idempotency-key", key)];
        self.send_as(1, Role::Customer, Method::POST, "/v1/orders", &key, Some(draft))
    }

    /// A new order of two lamps: its path.
    fn order(&self) -> String {
        let key = Uuid::from_u128(u128::from_le_bytes(self.platform.random())).to_string();
        let response = self.place_with(&key, &draft());
        assert_eq!(response.status(), StatusCode::CREATED, "{:?}", response.body());
        response.headers()["location"].to_str().unwrap().to_owned()
    }

    fn fulfil(&self, path: &str) -> Response {
        self.send_as(9, Role::Operator, Method::POST, &format!("{path}/fulfil"), &[], None)
    }

    fn status(&self, path: &str) -> String {
        body(&self.get(path))["status"].as_str().unwrap().to_owned()
    }

    /// The kinds of the entries in the timeline.
    fn kinds(&self, path: &str) -> Vec<String> {
        let timeline = body(&self.get(&format!("{path}/timeline")));
        let items = timeline["items"].as_array().unwrap();
        items.iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
    }

    /// What the order waits for, in a few words.
    fn awaits(&self, path: &str) -> Value {
        body(&self.get(&format!("{path}/timeline")))["awaiting"]["what"].clone()
    }

    fn tick(&self) -> Value {
        let response = self.ask("gateway", Method::POST, "/internal/orders/tick", None);
        assert_eq!(response.status(), StatusCode::OK, "{:?}", response.body());
        body(&response)["reconciled"].clone()
    }

    /// Payments tells `T` of the order at `path`, with `extra` beside what each such event has; the event.
    fn tell<T: EventData>(&self, path: &str, extra: Value) -> CloudEvent {
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
        let response = self.ask("payments", Method::POST, "/internal/orders/events", Some(&json!([event])));
        assert_eq!(response.status(), StatusCode::ACCEPTED, "{:?}", response.body());
    }

    /// The names of the events that payments was told, and forgets them.
    fn pushed(&self) -> Vec<String> {
        self.pushed.borrow_mut().drain(..).map(|event| event.kind).collect()
    }

    /// Rows of the database.
    fn rows<T: FromRow>(&self, statement: &str) -> Vec<T> {
        let trace = TraceContext::start(self.platform.random());
        let context = Context::new(self.platform.clone(), SERVICE.scope, "test".to_owned(), trace);
        block_on(async { context.sql().await.unwrap().query_all(statement, &[]).await.unwrap() })
    }

    /// How many events wait to be handled, and how many are dead.
    fn inbox(&self) -> (i64, i64) {
        let statement = "SELECT coalesce(sum(state = 'pending'), 0), coalesce(sum(state = 'dead'), 0) FROM inbox";
        self.rows(statement)[0]
    }
}

/// Two lamps for somebody in Berlin.
fn draft() -> Value {
    draft_of(&[(LAMP, 2)])
}

fn draft_of(items: &[(&str, u32)]) -> Value {
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
