//! Tests of the whole service on the native platform, with a fake provider and a fake orders service that records the published events.

use self::fake_provider::{Calls, ReceivedCall, always_succeeds};
use crate::SERVICE;
use crate::provider::ProviderResult;
use bytes::Bytes;
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::event::CloudEvent;
use spindle_contracts::{Role, Timestamp, UserId};
use spindle_edge::testing::{Issuer, service_token, with_edge_variables};
use spindle_platform::http::{Body, Request, Response, empty, json as json_response};
use spindle_platform::platform::{Builder, SharedDatabase};
use spindle_platform::token::service::Operation as Route;
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform};
use std::cell::RefCell;
use std::rc::Rc;
use uuid::Uuid;

mod execution;
mod fake_provider;
mod lists;
mod refunds;
mod statement_counts;
mod webhooks;

const START: i64 = 1_700_000_000_000;
const SECRET: &str = "0123456789abcdef0123456789abcdef";
const OWNER: u128 = 1;

/// The service with the services around it.
struct Fixture {
    platform: Platform,
    /// The calls that the provider received.
    calls: Calls,
    /// The types of the events that orders received.
    published: Rc<RefCell<Vec<String>>>,
    now: i64,
    events: u128,
}

fn builder() -> Builder {
    with_edge_variables(Platform::native())
        .with_variable("payment_provider", "sandbox")
        .with_variable("payment_provider_url", "http://payment-provider.spin.internal")
        .with_variable("provider_token_secret", SECRET)
        .with_variable("payment_webhook_secret", SECRET)
        .with_variable("orders_url", "http://orders.spin.internal")
        .with_variable("event_transport", "http")
        .with_variable("event_max_attempts", "3")
        .with_variable("event_retry_base_ms", "1000")
        .with_variable("event_retry_cap_ms", "1000")
        .with_variable("event_lease_seconds", "20")
        .with_variable("event_retention_seconds", "3600")
        .at(Timestamp::from_millis(START))
}

impl Fixture {
    fn new() -> Self {
        Self::with(always_succeeds)
    }

    fn with(provider: impl FnMut(&ReceivedCall) -> ProviderResult + 'static) -> Self {
        let fixture = Self::on(builder());
        fixture.respond_with(provider);
        fixture
    }

    /// Returns another instance of the service on `database`. It has no provider.
    fn second_instance(database: &SharedDatabase) -> Self {
        Self::on(builder().with_database("payments", database))
    }

    fn on(builder: Builder) -> Self {
        let platform = builder.build();
        Issuer::new(&platform);
        let published: Rc<RefCell<Vec<String>>> = Rc::default();
        let received = Rc::clone(&published);
        platform.serve("orders.spin.internal", move |request| {
            let received = Rc::clone(&received);
            Box::pin(async move { orders(request, &received).await })
        });
        Self { platform, calls: Rc::default(), published, now: START, events: 0 }
    }

    /// Makes the provider respond with `provider` from now on.
    fn respond_with(&self, provider: impl FnMut(&ReceivedCall) -> ProviderResult + 'static) {
        fake_provider::respond_with(&self.platform, &self.calls, provider);
    }

    /// Sends a request, and runs the work that the service deferred until after its response.
    fn send(&self, method: Method, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let response = self.send_only(method, target, headers, body);
        block_on(self.platform.run_deferred());
        response
    }

    /// Sends a request. The instance ends with the response.
    fn send_only(&self, method: Method, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let mut request = http::Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(Bytes::copy_from_slice(body))).unwrap();
        block_on(spindle_edge::serve(&SERVICE, self.platform.clone(), Request::new(request)))
    }

    fn token(&self, user: u128, role: Role) -> String {
        let issuer = Issuer::with_key(&self.platform, 7);
        format!("Bearer {}", issuer.token(UserId(Uuid::from_u128(user)), role))
    }

    fn get_as(&self, user: u128, role: Role, target: &str) -> Response {
        self.send(Method::GET, target, &[("authorization", &self.token(user, role))], b"")
    }

    fn as_service(&self, caller: &str, method: Method, path: &str, body: &Value) -> Response {
        let route = Route { service: "payments", method: &method, path };
        let token = format!("Bearer {}", service_token(&self.platform, caller, &route));
        let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(method, path, &headers, body.as_bytes())
    }

    /// Publishes an event of orders about the order `order`.
    fn publish(&mut self, kind: &str, order: u128) {
        self.events += 1;
        self.publish_as(self.events, kind, order);
    }

    fn publish_as(&self, id: u128, kind: &str, order: u128) {
        let batch = json!([event(id, kind, order)]);
        let response = self.as_service("orders", Method::POST, "/internal/payments/events", &batch);
        assert_eq!(response.status(), StatusCode::ACCEPTED, "{:?}", response.body());
    }

    /// Advances the clock by `seconds`, and triggers a tick.
    fn tick_after(&mut self, seconds: i64) -> Value {
        self.now += seconds * 1_000;
        self.platform.set_now(Timestamp::from_millis(self.now));
        let response = self.as_service("gateway", Method::POST, "/internal/payments/tick", &Value::Null);
        assert_eq!(response.status(), StatusCode::OK, "{:?}", response.body());
        body(&response)
    }

    /// Returns the payment of the order `order` as an operator reads it.
    fn payment(&self, order: u128) -> Value {
        let target = format!("/v1/payments?order_id={}", Uuid::from_u128(order));
        let items = body(&self.get_as(9, Role::Operator, &target))["items"].clone();
        items[0].clone()
    }

    fn status(&self, order: u128) -> String {
        self.payment(order)["status"].as_str().unwrap_or("none").to_owned()
    }

    /// Returns the calls that the provider received since the last call of this function.
    fn calls(&self) -> Vec<(&'static str, u32)> {
        std::mem::take(&mut *self.calls.borrow_mut())
    }

    /// Returns the types of the events that orders received since the last call of this function.
    fn published(&self) -> Vec<String> {
        std::mem::take(&mut *self.published.borrow_mut())
    }

    /// Returns the errors of the dead letters.
    fn dead_letters(&self) -> Vec<String> {
        let letters = self.as_service("gateway", Method::GET, "/internal/payments/dead-letters", &Value::Null);
        let items = body(&letters)["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["error"].as_str().unwrap().to_owned()).collect()
    }

    /// Returns the rows of `statement`, each of two texts.
    fn rows(&self, statement: &str) -> Vec<(String, Option<String>)> {
        let trace = TraceContext::start(self.platform.random());
        let context = Context::new(self.platform.clone(), SERVICE.scope, "test".to_owned(), trace);
        block_on(async { context.sql().await.unwrap().query_all(statement, &[]).await.unwrap() })
    }

    /// Returns the actions in the audit log with their actors.
    fn audited(&self) -> Vec<(String, Option<String>)> {
        self.rows("SELECT action, actor FROM audit_log ORDER BY seq")
    }
}

/// Answers as orders: its outbox is empty, and it records every event that it receives.
async fn orders(mut request: Request, received: &RefCell<Vec<String>>) -> Response {
    if request.method() == Method::GET {
        return json_response(StatusCode::OK, &json!({ "events": [], "next": 0 }));
    }
    request = request.on_route(spindle_platform::http::Params::default(), 1 << 20);
    let events: Vec<CloudEvent> = serde_json::from_slice(&request.bytes().await.unwrap()).unwrap();
    received.borrow_mut().extend(events.into_iter().map(|event| event.kind));
    empty(StatusCode::ACCEPTED)
}

/// Returns an event of orders about an order of 12.99 EUR whose owner is [`OWNER`].
fn event(id: u128, kind: &str, order: u128) -> Value {
    let (order_id, user_id) = (Uuid::from_u128(order), Uuid::from_u128(OWNER));
    let money = json!({ "amount": 1299, "currency": "EUR" });
    let data = match kind {
        "PaymentRequested" => {
            json!({ "order_id": order_id, "user_id": user_id, "amount": money, "payment_token": "pm_secret" })
        }
        "OrderPaid" => json!({ "order_id": order_id, "user_id": user_id, "number": "7KQ2-9M4T", "total": money }),
        "OrderCancelled" => json!({
            "order_id": order_id, "user_id": user_id, "number": "7KQ2-9M4T", "total": money, "reason": "requested",
        }),
        other => panic!("orders does not publish {other}"),
    };
    json!({
        "specversion": "1.0", "id": Uuid::from_u128(id), "source": "/orders", "type": kind, "subject": order_id,
        "time": "2023-11-14T22:13:20.000Z", "datacontenttype": "application/json", "sequence": id.to_string(),
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "requestid": "r-1", "data": data,
    })
}

fn body(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

#[test]
fn the_operations_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}
