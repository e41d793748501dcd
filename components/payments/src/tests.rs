//! Payments as a whole, on the native platform: orders tells, a stand-in for the provider answers, and what payments tells is gathered.

use self::provider::{Asked, Calls, obliging};
use crate::SERVICE;
use crate::provider::Answer;
use bytes::Bytes;
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::event::CloudEvent;
use spindle_contracts::{Role, Timestamp, UserId};
use spindle_edge::testing::{Issuer, service_token, with_edge_variables};
use spindle_platform::http::{Body, Request, Response, empty, json as answer};
use spindle_platform::platform::{Builder, SharedDatabase};
use spindle_platform::token::service::Operation as Route;
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform};
use std::cell::RefCell;
use std::rc::Rc;
use uuid::Uuid;

mod driving;
mod figures;
mod listing;
mod provider;
mod refunding;
mod webhooks;

const START: i64 = 1_700_000_000_000;
const SECRET: &str = "0123456789abcdef0123456789abcdef";
const OWNER: u128 = 1;

/// Payments, with those around it.
struct Shop {
    platform: Platform,
    /// What the provider was asked for.
    calls: Calls,
    /// The types of the events that orders was told.
    told: Rc<RefCell<Vec<String>>>,
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

impl Shop {
    fn new() -> Self {
        Self::with(obliging)
    }

    fn with(provider: impl FnMut(&Asked) -> Answer + 'static) -> Self {
        let shop = Self::on(builder());
        shop.answer_with(provider);
        shop
    }

    /// Another instance of the shop whose database this is. It has no provider.
    fn beside(database: &SharedDatabase) -> Self {
        Self::on(builder().with_database("payments", database))
    }

    fn on(builder: Builder) -> Self {
        let platform = builder.build();
        Issuer::new(&platform);
        let told: Rc<RefCell<Vec<String>>> = Rc::default();
        let heard = Rc::clone(&told);
        platform.serve("orders.spin.internal", move |request| {
            let heard = Rc::clone(&heard);
            Box::pin(async move { orders(request, &heard).await })
        });
        Self { platform, calls: Rc::default(), told, now: START, events: 0 }
    }

    /// Lets the provider answer with `provider` from now on.
    fn answer_with(&self, provider: impl FnMut(&Asked) -> Answer + 'static) {
        provider::answer_with(&self.platform, &self.calls, provider);
    }

    /// Sends a request, and lets happen what happens after its response.
    fn send(&self, method: Method, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let response = self.send_only(method, target, headers, body);
        block_on(self.platform.run_deferred());
        response
    }

    /// Sends a request, after which the instance dies.
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

    /// Lets orders tell something about the order `order`.
    fn tell(&mut self, kind: &str, order: u128) {
        self.events += 1;
        self.tell_as(self.events, kind, order);
    }

    fn tell_as(&self, id: u128, kind: &str, order: u128) {
        let batch = json!([event(id, kind, order)]);
        let response = self.as_service("orders", Method::POST, "/internal/payments/events", &batch);
        assert_eq!(response.status(), StatusCode::ACCEPTED, "{:?}", response.body());
    }

    /// Ticks `seconds` later.
    fn tick_after(&mut self, seconds: i64) -> Value {
        self.now += seconds * 1_000;
        self.platform.set_now(Timestamp::from_millis(self.now));
        let response = self.as_service("gateway", Method::POST, "/internal/payments/tick", &Value::Null);
        assert_eq!(response.status(), StatusCode::OK, "{:?}", response.body());
        body(&response)
    }

    /// The payment of the order `order`, as an operator sees it.
    fn payment(&self, order: u128) -> Value {
        let target = format!("/v1/payments?order_id={}", Uuid::from_u128(order));
        let items = body(&self.get_as(9, Role::Operator, &target))["items"].clone();
        items[0].clone()
    }

    fn status(&self, order: u128) -> String {
        self.payment(order)["status"].as_str().unwrap_or("none").to_owned()
    }

    /// What the provider was asked since this was last asked for.
    fn calls(&self) -> Vec<(&'static str, u32)> {
        std::mem::take(&mut *self.calls.borrow_mut())
    }

    /// What orders was told since this was last asked for.
    fn told(&self) -> Vec<String> {
        std::mem::take(&mut *self.told.borrow_mut())
    }

    /// The errors of the dead letters.
    fn dead_letters(&self) -> Vec<String> {
        let letters = self.as_service("gateway", Method::GET, "/internal/payments/dead-letters", &Value::Null);
        let items = body(&letters)["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["error"].as_str().unwrap().to_owned()).collect()
    }

    /// The rows of `statement`, which has two texts in each.
    fn rows(&self, statement: &str) -> Vec<(String, Option<String>)> {
        let trace = TraceContext::start(self.platform.random());
        let context = Context::new(self.platform.clone(), SERVICE.scope, "test".to_owned(), trace);
        block_on(async { context.sql().await.unwrap().query_all(statement, &[]).await.unwrap() })
    }

    /// The actions in the audit log, with who did them.
    fn audited(&self) -> Vec<(String, Option<String>)> {
        self.rows("SELECT action, actor FROM audit_log ORDER BY seq")
    }
}

/// Orders: has nothing to tell that it has not told, and hears everything.
async fn orders(mut request: Request, heard: &RefCell<Vec<String>>) -> Response {
    if request.method() == Method::GET {
        return answer(StatusCode::OK, &json!({ "events": [], "next": 0 }));
    }
    request = request.on_route(spindle_platform::http::Params::default(), 1 << 20);
    let events: Vec<CloudEvent> = serde_json::from_slice(&request.bytes().await.unwrap()).unwrap();
    heard.borrow_mut().extend(events.into_iter().map(|event| event.kind));
    empty(StatusCode::ACCEPTED)
}

/// An event of orders about an order of 12.99 EUR whose owner is [`OWNER`].
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
        other => panic!("orders does not tell {other}"),
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
fn its_operations_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}
