//! Tests of the whole service on the native platform, with fakes of users and of the providers, which record the messages that they receive.

use crate::SERVICE;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::provider::notify::{Content, Message};
use spindle_contracts::{Role, Timestamp};
use spindle_edge::testing::{Issuer, TestClient, TestResponse, user_id, with_edge_variables};
use spindle_platform::Platform;
use spindle_platform::http::{Params, Request, Response, empty, json as json_response};
use spindle_platform::token::jwks::JwkSet;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use uuid::Uuid;

mod account_notices;
mod circuit_breaker;
mod crashes;
mod deliveries;
mod erasure;
mod export;
mod lists;
mod metrics;
mod requests;
mod statement_counts;

const START: i64 = 1_700_000_000_000;
const SECRET: &str = "0123456789abcdef0123456789abcdef";
/// The lease of a delivery, in seconds.
const LEASE: i64 = 40;
/// A user with a phone number who has turned every channel on.
const ADA: u128 = 1;
/// A user with the default preferences.
const EVE: u128 = 2;
/// An id that users does not know.
const UNKNOWN_USER: u128 = 3;

/// The id of the change of an e-mail address.
const CHANGE: u128 = 9;

type Provider = Rc<RefCell<Box<dyn FnMut(&Message) -> Response>>>;

/// The service with the services around it.
struct Fixture {
    /// A client whose requests an operator sends.
    client: TestClient,
    /// The messages that the providers received.
    received: Rc<RefCell<Vec<Message>>>,
    contacts: Rc<RefCell<BTreeMap<Uuid, Value>>>,
    provider: Provider,
    now: i64,
}

fn sent(reference: &str) -> Response {
    json_response(StatusCode::OK, &json!({ "ok": reference }))
}

fn failed(kind: &str) -> Response {
    json_response(StatusCode::OK, &json!({ "error": { "kind": kind, "detail": "ada@example.com: no" } }))
}

impl Fixture {
    /// Returns a fixture whose providers send everything.
    fn new() -> Self {
        Self::with(&[])
    }

    fn with(variables: &[(&str, &str)]) -> Self {
        let mut builder = with_edge_variables(Platform::native()).at(Timestamp::from_millis(START));
        let usual = [
            ("provider_token_secret", SECRET),
            ("orders_url", "http://orders.spin.internal"),
            ("payments_url", "http://payments.spin.internal"),
            ("auth_url", "http://auth.spin.internal"),
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
            ("event_retry_seconds", "0"),
            ("notify_concurrency", "64"),
            ("event_retry_base_ms", "1000"),
            ("event_retry_cap_ms", "1000"),
            ("event_lease_seconds", "40"),
            ("provider_timeout_seconds", "15"),
            ("event_retention_seconds", "3600"),
        ];
        for (name, value) in usual.iter().chain(variables) {
            builder = builder.with_variable(name, value);
        }
        // Ids sort in the order of their creation.
        let platform = builder.with_fixed_randomness().build();
        let client = TestClient::new(&SERVICE, &platform).with_caller(user_id(9), Role::Operator);
        let provider: Provider = Rc::new(RefCell::new(Box::new(|_: &Message| sent("m-1"))));
        let fixture = Self { client, received: Rc::default(), contacts: Rc::default(), provider, now: START };
        let all = json!({ "email": true, "sms": true, "push": true });
        fixture.set_contact(
            ADA,
            json!({ "email": "ada@example.com", "phone": "+4930123456", "locale": "en",
            "notification_preferences": all }),
        );
        fixture.set_contact(
            EVE,
            json!({ "email": "eve@example.com", "phone": null, "locale": "de-CH",
            "notification_preferences": { "email": true, "sms": false, "push": false } }),
        );
        fixture.serve_others();
        fixture
    }

    fn serve_others(&self) {
        let keys = JwkSet { keys: vec![Issuer::with_key(self.client.platform(), 7).jwk(None)] };
        self.client.platform().serve("auth.spin.internal", move |request| {
            let is_outbox = request.path() == "/internal/auth/events";
            let response = if is_outbox { empty_outbox() } else { json_response(StatusCode::OK, &keys) };
            Box::pin(async { response })
        });
        for producer in ["orders", "payments"] {
            self.client.platform().serve(&format!("{producer}.spin.internal"), |_| Box::pin(async { empty_outbox() }));
        }
        let contacts = Rc::clone(&self.contacts);
        self.client.platform().serve("users.spin.internal", move |request| {
            let response = users(&request, &contacts.borrow());
            Box::pin(async { response })
        });
        for channel in ["email", "sms", "push"] {
            let (received, provider) = (Rc::clone(&self.received), Rc::clone(&self.provider));
            self.client.platform().serve(&format!("notify-{channel}.spin.internal"), move |request: Request| {
                let (received, provider) = (Rc::clone(&received), Rc::clone(&provider));
                Box::pin(async move {
                    let mut request = request.on_route(Params::default(), 1 << 20);
                    assert_eq!((request.method(), request.path()), (&Method::POST, "/internal/notify/send"));
                    let message: Message = request.internal_json().await.unwrap();
                    assert_eq!(channel_of(&message), channel);
                    received.borrow_mut().push(message.clone());
                    let mut provider = provider.borrow_mut();
                    provider(&message)
                })
            });
        }
    }

    /// Makes users respond with `contact` for `user` from now on.
    fn set_contact(&self, user: u128, contact: Value) {
        self.contacts.borrow_mut().insert(Uuid::from_u128(user), contact);
    }

    /// Makes users respond that `user` does not exist from now on.
    fn remove_contact(&self, user: u128) {
        self.contacts.borrow_mut().remove(&Uuid::from_u128(user));
    }

    /// Makes the providers respond with `provider` from now on.
    fn respond_with(&self, provider: impl FnMut(&Message) -> Response + 'static) {
        *self.provider.borrow_mut() = Box::new(provider);
    }

    /// Publishes an event of users, orders or payments about `user`, with the id `event`, and runs the deferred work.
    fn publish(&self, event: u128, kind: &str, user: u128) {
        let producer = match kind {
            "UserRegistered" | "UserErased" => "users",
            "EmailChanged" => "users",
            "PasswordChanged" => "auth",
            "PaymentRefunded" => "payments",
            _ => "orders",
        };
        let batch = json!([cloud_event(event, producer, kind, user)]);
        // auth pushes no events: the gateway may deliver those of every producer.
        let sender = if producer == "auth" { "gateway" } else { producer };
        let request = self.client.post("/internal/notifications/events").as_service(sender);
        request.json(&batch).send().expect(StatusCode::ACCEPTED);
    }

    /// Advances the clock by `millis`, and triggers a tick.
    fn tick_after(&mut self, millis: i64) -> Value {
        self.now += millis;
        self.client.platform().set_now(Timestamp::from_millis(self.now));
        let response = self.client.post("/internal/notifications/tick").as_service("gateway").send();
        response.expect(StatusCode::OK).json()
    }

    /// Requests a notification as an operator.
    fn request(&self, body: &Value) -> TestResponse {
        self.client.post("/v1/notifications").json(body).send()
    }

    /// Returns the notifications that an operator lists with `query`.
    fn list(&self, query: &str) -> Vec<Value> {
        let target = format!("/v1/notifications{query}");
        let page = self.client.get(&target).send().json();
        page["items"].as_array().unwrap().clone()
    }

    /// Returns the only notification, as an operator reads it.
    fn only_notification(&self) -> Value {
        let all = self.list("");
        let [one] = all.as_slice() else { panic!("one notification: {all:?}") };
        let target = format!("/v1/notifications/{}", one["id"].as_str().unwrap());
        self.client.get(&target).send().json()
    }

    /// Returns channel and status of each notification, in the order in which they were enqueued.
    fn statuses(&self) -> Vec<(String, String)> {
        self.client.rows("SELECT channel, status FROM notifications ORDER BY id")
    }

    /// Returns idempotency key and attempt of each message that the providers received since the last call of this function.
    fn calls(&self) -> Vec<(String, u32)> {
        self.messages().into_iter().map(|message| (message.idempotency_key, message.attempt)).collect()
    }

    /// Returns the messages that the providers received since the last call of this function.
    fn messages(&self) -> Vec<Message> {
        std::mem::take(&mut *self.received.borrow_mut())
    }

    fn dead_letters(&self) -> Vec<Value> {
        let letters = self.client.get("/internal/notifications/dead-letters").as_service("gateway").send();
        letters.json()["items"].as_array().unwrap().clone()
    }
}

fn empty_outbox() -> Response {
    json_response(StatusCode::OK, &json!({ "events": [], "next": 0 }))
}

fn users(request: &Request, contacts: &BTreeMap<Uuid, Value>) -> Response {
    if request.path() == "/internal/users/events" {
        return empty_outbox();
    }
    let id = request.path().split('/').nth(3).and_then(|id| id.parse().ok());
    let Some(mut contact) = id.and_then(|id: Uuid| contacts.get(&id)).cloned() else {
        return empty(StatusCode::NOT_FOUND);
    };
    // The previous address is that before the change that is asked for.
    let change = request.query_parameter("email_change").unwrap();
    contact["previous_email"] = change.map_or(Value::Null, |change| contact["before"][&*change].clone());
    json_response(StatusCode::OK, &contact)
}

fn channel_of(message: &Message) -> &'static str {
    match message.content {
        Content::Email(_) => "email",
        Content::Sms(_) => "sms",
        Content::Push(_) => "push",
    }
}

fn cloud_event(event: u128, producer: &str, kind: &str, user: u128) -> Value {
    let (id, user_id) = (Uuid::from_u128(event), Uuid::from_u128(user));
    let (order_id, payment_id) = (Uuid::from_u128(7), Uuid::from_u128(8));
    let money = json!({ "amount": 1299, "currency": "EUR" });
    let data = match kind {
        "OrderPaid" => json!({ "order_id": order_id, "user_id": user_id, "number": "S-1", "total": money }),
        "OrderFulfilled" => json!({ "order_id": order_id, "user_id": user_id, "number": "S-1" }),
        "OrderCancelled" => {
            json!({ "order_id": order_id, "user_id": user_id, "number": "S-1", "total": money, "reason": "requested" })
        }
        "PaymentRefunded" => {
            json!({ "payment_id": payment_id, "order_id": order_id, "user_id": user_id, "amount": money })
        }
        "EmailChanged" => json!({ "user_id": user_id, "change_id": Uuid::from_u128(CHANGE) }),
        _ => json!({ "user_id": user_id }),
    };
    json!({
        "specversion": "1.0", "id": id, "source": format!("/{producer}"), "type": kind, "subject": user_id,
        "time": "2023-11-14T22:13:20.000Z", "datacontenttype": "application/json", "sequence": event.to_string(),
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "requestid": "r-1", "data": data,
    })
}

fn pair(channel: &str, status: &str) -> (String, String) {
    (channel.to_owned(), status.to_owned())
}

#[test]
fn the_operations_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}
