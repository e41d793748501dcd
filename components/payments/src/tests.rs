//! Tests of the whole service on the native platform, with a fake provider and a fake orders service that records the published events.

use self::fake_provider::{Calls, ReceivedCall, always_succeeds};
use crate::SERVICE;
use crate::provider::ProviderResult;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::event::CloudEvent;
use spindle_contracts::{Role, Timestamp};
use spindle_edge::testing::{TestClient, user_id, with_edge_variables};
use spindle_platform::Platform;
use spindle_platform::http::{Request, Response, empty, json as json_response};
use spindle_platform::platform::{Builder, SharedDatabase};
use std::cell::RefCell;
use std::rc::Rc;
use uuid::Uuid;

mod capture;
mod dead_letters;
mod erasure;
mod execution;
mod export;
mod fake_provider;
mod hanging_provider;
mod lists;
mod metrics;
mod payment_token;
mod refunds;
mod statement_counts;
mod webhooks;

const START: i64 = 1_700_000_000_000;
const SECRET: &str = "0123456789abcdef0123456789abcdef";
const OWNER: u128 = 1;

/// The service with the services around it.
struct Fixture {
    client: TestClient,
    /// The calls that the provider received.
    calls: Calls,
    /// The types of the events that orders received.
    published: Rc<RefCell<Vec<String>>>,
    /// The requests for refunds that orders received, and its response; by default it accepts each, and has cancelled the
    /// order for the first one.
    refund_requests: Rc<RefCell<Vec<Value>>>,
    refund_response: Rc<RefCell<Option<(StatusCode, Value)>>>,
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
        .with_variable("users_url", "http://users.spin.internal")
        .with_variable("event_transport", "http")
        .with_variable("event_max_attempts", "3")
        .with_variable("event_retry_seconds", "0")
        .with_variable("payment_concurrency", "64")
        .with_variable("provider_breaker_failures", "20")
        .with_variable("provider_breaker_seconds", "30")
        .with_variable("event_retry_base_ms", "1000")
        .with_variable("event_retry_cap_ms", "1000")
        .with_variable("event_lease_seconds", "20")
        .with_variable("provider_timeout_seconds", "15")
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

    /// Returns another instance of the service on `database`, whose own clock stands at `millis`. It has no provider.
    fn second_instance(database: &SharedDatabase, millis: i64) -> Self {
        Self::on(builder().at(Timestamp::from_millis(millis)).with_database("payments", database))
    }

    fn on(builder: Builder) -> Self {
        let platform = builder.build();
        let client = TestClient::new(&SERVICE, &platform);
        let published: Rc<RefCell<Vec<String>>> = Rc::default();
        let received = Rc::clone(&published);
        let refund_requests: Rc<RefCell<Vec<Value>>> = Rc::default();
        let refund_response: Rc<RefCell<Option<(StatusCode, Value)>>> = Rc::default();
        let (requests, response) = (Rc::clone(&refund_requests), Rc::clone(&refund_response));
        platform.serve("orders.spin.internal", move |request| {
            let (received, requests, response) = (Rc::clone(&received), Rc::clone(&requests), Rc::clone(&response));
            Box::pin(async move {
                if request.path().ends_with("/refund") {
                    let response = response.borrow().clone();
                    return accept_refund(request, &requests, response.as_ref()).await;
                }
                orders(request, &received).await
            })
        });
        platform.serve("users.spin.internal", |_| {
            let page = json_response(StatusCode::OK, &json!({ "events": [], "next": 0 }));
            Box::pin(async { page })
        });
        let calls = Rc::default();
        Self { client, calls, published, refund_requests, refund_response, now: START, events: 0 }
    }

    /// Makes the provider respond with `provider` from now on.
    fn respond_with(&self, provider: impl FnMut(&ReceivedCall) -> ProviderResult + 'static) {
        fake_provider::respond_with(self.client.platform(), &self.calls, provider);
    }

    /// Publishes an event of orders about the order `order`.
    fn publish(&mut self, kind: &str, order: u128) {
        self.events += 1;
        self.publish_as(self.events, kind, order);
    }

    fn publish_as(&self, id: u128, kind: &str, order: u128) {
        let batch = json!([event(id, kind, order)]);
        let request = self.client.post("/internal/payments/events").as_service("orders");
        request.json(&batch).send().expect(StatusCode::ACCEPTED);
    }

    /// Advances the clock by `seconds`, and triggers a tick.
    fn tick_after(&mut self, seconds: i64) -> Value {
        self.now += seconds * 1_000;
        self.client.platform().set_now(Timestamp::from_millis(self.now));
        let response = self.client.post("/internal/payments/tick").as_service("gateway").send();
        response.expect(StatusCode::OK).json()
    }

    /// Returns the payment of the order `order` as an operator reads it.
    fn payment(&self, order: u128) -> Value {
        let target = format!("/v1/payments?order_id={}", Uuid::from_u128(order));
        let items = self.client.get(&target).as_user(user_id(9), Role::Operator).send().json()["items"].clone();
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
        let letters = self.client.get("/internal/payments/dead-letters").as_service("gateway").send();
        let items = letters.json()["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["last_error"].as_str().unwrap().to_owned()).collect()
    }

    /// Returns the actions in the audit log with their actors.
    fn audited(&self) -> Vec<(String, Option<String>)> {
        self.client.rows("SELECT action, actor FROM audit_log ORDER BY seq")
    }
}

/// Responds as orders: its outbox is empty, and it records every event that it receives.
async fn orders(mut request: Request, received: &RefCell<Vec<String>>) -> Response {
    if request.method() == Method::GET {
        return json_response(StatusCode::OK, &json!({ "events": [], "next": 0 }));
    }
    request = request.on_route(spindle_platform::http::Params::default(), 1 << 20);
    let events: Vec<CloudEvent> = serde_json::from_slice(&request.bytes().await.unwrap()).unwrap();
    received.borrow_mut().extend(events.into_iter().map(|event| event.kind));
    empty(StatusCode::ACCEPTED)
}

/// Responds as orders to a request for a refund.
async fn accept_refund(
    request: Request,
    requests: &RefCell<Vec<Value>>,
    response: Option<&(StatusCode, Value)>,
) -> Response {
    let path = request.path().to_owned();
    let mut request = request.on_route(spindle_platform::http::Params::default(), 1 << 20);
    let body: Value = request.internal_json().await.unwrap();
    requests.borrow_mut().push(json!({ "path": path, "body": body }));
    match response {
        Some((status, body)) => json_response(*status, body),
        None => {
            let requests = requests.borrow();
            let first = requests.iter().find(|request| request["path"] == path).unwrap();
            json_response(StatusCode::OK, &json!({ "refund_id": first["body"]["refund_id"] }))
        }
    }
}

/// Returns an event of orders about an order of 12.99 EUR whose owner is [`OWNER`].
fn event(id: u128, kind: &str, order: u128) -> Value {
    event_of(id, kind, order, &json!({ "amount": 1299, "currency": "EUR" }))
}

/// Returns an event of orders about an order of `money` whose owner is [`OWNER`].
fn event_of(id: u128, kind: &str, order: u128, money: &Value) -> Value {
    let (order_id, user_id) = (Uuid::from_u128(order), Uuid::from_u128(OWNER));
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

#[test]
fn the_operations_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}
