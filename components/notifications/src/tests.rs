//! Notifications as a whole, on the native platform: others tell, stand-ins for users and for the providers answer, and what is sent is
//! gathered.

use crate::SERVICE;
use bytes::Bytes;
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::provider::notify::{Content, Message};
use spindle_contracts::{Role, Timestamp, UserId};
use spindle_edge::testing::{Issuer, service_token, with_edge_variables};
use spindle_platform::http::{Body, Params, Request, Response, empty, json as answer};
use spindle_platform::sql::FromRow;
use spindle_platform::token::service::Operation;
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use uuid::Uuid;

mod breaking;
mod crashing;
mod erasing;
mod figures;
mod listing;
mod requesting;
mod sending;

const START: i64 = 1_700_000_000_000;
const SECRET: &str = "0123456789abcdef0123456789abcdef";
/// For how long a delivery is its taker's, in seconds.
const LEASE: i64 = 40;
/// Someone who has a phone, and wants to be told on every channel.
const ADA: u128 = 1;
/// Someone who has said nothing about it.
const EVE: u128 = 2;
/// Someone whom nobody knows.
const NOBODY: u128 = 3;

type Provider = Rc<RefCell<Box<dyn FnMut(&Message) -> Response>>>;

/// Notifications, with those around it.
struct Desk {
    platform: Platform,
    /// What the providers were asked to send.
    asked: Rc<RefCell<Vec<Message>>>,
    contacts: Rc<RefCell<BTreeMap<Uuid, Value>>>,
    provider: Provider,
    now: i64,
}

fn sent(reference: &str) -> Response {
    answer(StatusCode::OK, &json!({ "ok": reference }))
}

fn failed(kind: &str) -> Response {
    answer(StatusCode::OK, &json!({ "error": { "kind": kind, "detail": "ada@example.com: no" } }))
}

impl Desk {
    /// One whose providers send everything.
    fn new() -> Self {
        Self::with(&[])
    }

    fn with(variables: &[(&str, &str)]) -> Self {
        let mut builder = with_edge_variables(Platform::native()).at(Timestamp::from_millis(START));
        let usual = [
            ("provider_token_secret", SECRET),
            ("orders_url", "http://orders.spin.internal"),
            ("payments_url", "http://payments.spin.internal"),
            ("users_url", "http://users.spin.internal"),
            ("notify_email_url", "http://notify-email.spin.internal"),
            ("notify_sms_url", "http://notify-sms.spin.internal"),
            ("notify_push_url", "http://notify-push.spin.internal"),
            ("notify_breaker_failures", "5"),
            ("notify_breaker_seconds", "30"),
            ("notification_retention_seconds", "7776000"),
            ("shop_name", "Spindle"),
            ("event_transport", "http"),
            ("event_max_attempts", "3"),
            ("event_retry_base_ms", "1000"),
            ("event_retry_cap_ms", "1000"),
            ("event_lease_seconds", "40"),
            ("event_retention_seconds", "3600"),
        ];
        for (name, value) in usual.iter().chain(variables) {
            builder = builder.with_variable(name, value);
        }
        // Ids in the order in which they are made.
        let platform = builder.with_fixed_randomness().build();
        Issuer::new(&platform);
        let provider: Provider = Rc::new(RefCell::new(Box::new(|_: &Message| sent("m-1"))));
        let desk = Self { platform, asked: Rc::default(), contacts: Rc::default(), provider, now: START };
        let all = json!({ "email": true, "sms": true, "push": true });
        desk.knows(
            ADA,
            json!({ "email": "ada@example.com", "phone": "+4930123456", "display_name": "Ada", "locale": "en",
            "notification_preferences": all }),
        );
        desk.knows(
            EVE,
            json!({ "email": "eve@example.com", "phone": null, "display_name": null, "locale": "de-CH",
            "notification_preferences": { "email": true, "sms": false, "push": false } }),
        );
        desk.serve_others();
        desk
    }

    fn serve_others(&self) {
        for producer in ["orders", "payments"] {
            self.platform.serve(&format!("{producer}.spin.internal"), |_| Box::pin(async { nothing_told() }));
        }
        let contacts = Rc::clone(&self.contacts);
        self.platform.serve("users.spin.internal", move |request| {
            let response = users(&request, &contacts.borrow());
            Box::pin(async { response })
        });
        for channel in ["email", "sms", "push"] {
            let (asked, provider) = (Rc::clone(&self.asked), Rc::clone(&self.provider));
            self.platform.serve(&format!("notify-{channel}.spin.internal"), move |request: Request| {
                let (asked, provider) = (Rc::clone(&asked), Rc::clone(&provider));
                Box::pin(async move {
                    let mut request = request.on_route(Params::default(), 1 << 20);
                    assert_eq!((request.method(), request.path()), (&Method::POST, "/internal/notify/send"));
                    let message: Message = request.json().await.unwrap();
                    assert_eq!(channel_of(&message), channel);
                    asked.borrow_mut().push(message.clone());
                    let mut provider = provider.borrow_mut();
                    provider(&message)
                })
            });
        }
    }

    /// Lets users say this of `user` from now on.
    fn knows(&self, user: u128, contact: Value) {
        self.contacts.borrow_mut().insert(Uuid::from_u128(user), contact);
    }

    /// Lets users know nothing of `user` any more.
    fn forgets(&self, user: u128) {
        self.contacts.borrow_mut().remove(&Uuid::from_u128(user));
    }

    /// Lets the providers answer like this from now on.
    fn answer_with(&self, provider: impl FnMut(&Message) -> Response + 'static) {
        *self.provider.borrow_mut() = Box::new(provider);
    }

    /// Lets users, orders or payments tell that `kind` has happened to `user`, under the id `event`.
    fn tell(&self, event: u128, kind: &str, user: u128) {
        self.keep(event, kind, user);
        block_on(self.platform.run_deferred());
    }

    /// Lets that be told to an instance that dies once it has answered.
    fn keep(&self, event: u128, kind: &str, user: u128) {
        let producer = match kind {
            "UserRegistered" | "UserErased" => "users",
            "PaymentRefunded" => "payments",
            _ => "orders",
        };
        let path = "/internal/notifications/events";
        let batch = json!([told(event, producer, kind, user)]);
        let response = self.as_service(producer, Method::POST, path, &batch);
        assert_eq!(response.status(), StatusCode::ACCEPTED, "{:?}", response.body());
    }

    /// Ticks `millis` later.
    fn tick_after(&mut self, millis: i64) -> Value {
        self.now += millis;
        self.platform.set_now(Timestamp::from_millis(self.now));
        let response = self.as_service("gateway", Method::POST, "/internal/notifications/tick", &Value::Null);
        assert_eq!(response.status(), StatusCode::OK, "{:?}", response.body());
        block_on(self.platform.run_deferred());
        body(&response)
    }

    fn as_service(&self, caller: &str, method: Method, path: &str, body: &Value) -> Response {
        let operation = Operation { service: "notifications", method: &method, path };
        let token = service_token(&self.platform, caller, &operation);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(&token, method, path, &[], &body)
    }

    fn as_user(&self, user: u128, role: Role, method: Method, target: &str, body: &Value) -> Response {
        self.as_user_with(user, role, method, target, &[], body)
    }

    fn as_user_with(
        &self,
        user: u128,
        role: Role,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Response {
        let token = Issuer::with_key(&self.platform, 7).token(UserId(Uuid::from_u128(user)), role);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let response = self.send(&token, method, target, headers, &body);
        block_on(self.platform.run_deferred());
        response
    }

    fn send(&self, token: &str, method: Method, target: &str, headers: &[(&str, &str)], body: &str) -> Response {
        let mut request = http::Request::builder().method(method).uri(target);
        request = request.header("authorization", format!("Bearer {token}")).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(Bytes::copy_from_slice(body.as_bytes()))).unwrap();
        block_on(spindle_edge::serve(&SERVICE, self.platform.clone(), Request::new(request)))
    }

    /// What an operator asks for.
    fn wish(&self, body: &Value) -> Response {
        self.as_user(9, Role::Operator, Method::POST, "/v1/notifications", body)
    }

    /// The notifications that an operator finds with `query`.
    fn list(&self, query: &str) -> Vec<Value> {
        let target = format!("/v1/notifications{query}");
        let page = body(&self.as_user(9, Role::Operator, Method::GET, &target, &Value::Null));
        page["items"].as_array().unwrap().clone()
    }

    /// The one there is, as an operator sees it.
    fn only(&self) -> Value {
        let all = self.list("");
        let [one] = all.as_slice() else { panic!("one notification: {all:?}") };
        let target = format!("/v1/notifications/{}", one["id"].as_str().unwrap());
        body(&self.as_user(9, Role::Operator, Method::GET, &target, &Value::Null))
    }

    /// Channel and status of each notification, in the order in which they were queued.
    fn stand(&self) -> Vec<(String, String)> {
        self.rows("SELECT channel, status FROM notifications ORDER BY id")
    }

    /// What the providers were asked since this was last asked for: key and attempt.
    fn asked(&self) -> Vec<(String, u32)> {
        self.messages().into_iter().map(|message| (message.idempotency_key, message.attempt)).collect()
    }

    fn messages(&self) -> Vec<Message> {
        std::mem::take(&mut *self.asked.borrow_mut())
    }

    fn dead_letters(&self) -> Vec<Value> {
        let letters = self.as_service("gateway", Method::GET, "/internal/notifications/dead-letters", &Value::Null);
        body(&letters)["items"].as_array().unwrap().clone()
    }

    /// The rows that `statement` finds.
    fn rows<T: FromRow>(&self, statement: &str) -> Vec<T> {
        let trace = TraceContext::start(self.platform.random());
        let context = Context::new(self.platform.clone(), SERVICE.scope, "test".to_owned(), trace);
        block_on(async { context.sql().await.unwrap().query_all(statement, &[]).await.unwrap() })
    }
}

fn nothing_told() -> Response {
    answer(StatusCode::OK, &json!({ "events": [], "next": 0 }))
}

fn users(request: &Request, contacts: &BTreeMap<Uuid, Value>) -> Response {
    if request.path() == "/internal/users/events" {
        return nothing_told();
    }
    let id = request.path().split('/').nth(3).and_then(|id| id.parse().ok());
    let contact = id.and_then(|id: Uuid| contacts.get(&id));
    contact.map_or_else(|| empty(StatusCode::NOT_FOUND), |contact| answer(StatusCode::OK, contact))
}

fn channel_of(message: &Message) -> &'static str {
    match message.content {
        Content::Email(_) => "email",
        Content::Sms(_) => "sms",
        Content::Push(_) => "push",
    }
}

fn told(event: u128, producer: &str, kind: &str, user: u128) -> Value {
    let (id, user_id) = (Uuid::from_u128(event), Uuid::from_u128(user));
    let (order_id, payment_id) = (Uuid::from_u128(7), Uuid::from_u128(8));
    let money = json!({ "amount": 1299, "currency": "EUR" });
    let data = match kind {
        "OrderPaid" => json!({ "order_id": order_id, "user_id": user_id, "number": "S-1", "total": money }),
        "OrderFulfilled" => json!({ "order_id": order_id, "user_id": user_id, "number": "S-1" }),
        "PaymentRefunded" => {
            json!({ "payment_id": payment_id, "order_id": order_id, "user_id": user_id, "amount": money })
        }
        _ => json!({ "user_id": user_id }),
    };
    json!({
        "specversion": "1.0", "id": id, "source": format!("/{producer}"), "type": kind, "subject": user_id,
        "time": "2023-11-14T22:13:20.000Z", "datacontenttype": "application/json", "sequence": event.to_string(),
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "requestid": "r-1", "data": data,
    })
}

fn body(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap_or_else(|_| panic!("JSON: {response:?}"))
}

fn stands(channel: &str, status: &str) -> (String, String) {
    (channel.to_owned(), status.to_owned())
}

#[test]
fn its_operations_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}
