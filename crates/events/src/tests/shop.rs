//! Two services on one native platform whose clock stands still, and what a test does with them.

use crate::{
    Consumer, Delivery, Event, HandlerError, PendingEvents, append, dead_letters, outbox, receive, tick::Report,
};
use bytes::Bytes;
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::event::{CloudEvent, PaymentAuthorized, PaymentRequested};
use spindle_contracts::{Money, OrderId, PaymentId, Timestamp, UserId};
use spindle_edge::testing::{service_token, with_edge_variables};
use spindle_edge::{Callers, HandlerResult, Route, Service, ServiceCaller, handler, serve};
use spindle_platform::http::{Body, Request};
use spindle_platform::migrate::Migration;
use spindle_platform::sql::{Connection, FromRow};
use spindle_platform::token::service::Operation;
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform, Scope, params};
use std::sync::LazyLock;
use uuid::Uuid;

/// When the clock stands still.
pub(super) const NOW: i64 = 1_700_000_000_000;

/// For how long an event is its taker's, in milliseconds.
pub(super) const LEASE: i64 = 20_000;

/// What payments does with an event; see [`handle`].
pub(super) static CONSUMER: Consumer =
    Consumer { handle: |context, delivery| Box::pin(handle(context, delivery)), concurrency: 1 };

const PAYERS: Callers = Callers::Only(&["payments"]);
const GATEWAY: Callers = Callers::Only(&["gateway"]);
const PRODUCERS: Callers = Callers::Only(&["gateway", "orders"]);

static ORDERS_ROUTES: [Route; 1] =
    [Route::service(Method::GET, "/internal/orders/events", PAYERS, handler!(outbox::list))];

static PAYMENTS_ROUTES: [Route; 6] = [
    Route::service(Method::POST, "/internal/payments/events", PRODUCERS, handler!(keep)).with_body_limit(1024 * 1024),
    Route::service(Method::GET, "/internal/payments/dead-letters", GATEWAY, handler!(dead_letters::list)),
    Route::service(Method::GET, "/internal/payments/dead-letters/{id}", GATEWAY, handler!(dead_letters::get)),
    Route::service(
        Method::POST,
        "/internal/payments/dead-letters/{id}/replay",
        GATEWAY,
        handler!(dead_letters::replay),
    ),
    Route::service(
        Method::POST,
        "/internal/payments/dead-letters/replay",
        GATEWAY,
        handler!(dead_letters::replay_some),
    ),
    Route::service(Method::DELETE, "/internal/payments/dead-letters/{id}", GATEWAY, handler!(dead_letters::discard)),
];

static ORDERS: LazyLock<Service> = LazyLock::new(|| Service {
    scope: Scope { service: "orders", migrations: migrations("") },
    routes: &ORDERS_ROUTES,
});

static PAYMENTS: LazyLock<Service> = LazyLock::new(|| Service {
    scope: Scope {
        service: "payments",
        migrations: migrations(
            "CREATE TABLE effects (seq INTEGER PRIMARY KEY, order_id TEXT, trace TEXT, request_id TEXT);\n",
        ),
    },
    routes: &PAYMENTS_ROUTES,
});

/// Every table that this crate writes to, and `own`.
fn migrations(own: &'static str) -> &'static [Migration] {
    let audit = include_str!("../../../platform/src/audit/schema.sql").split("\n\n");
    let events = [include_str!("../outbox/schema.sql"), include_str!("../inbox/schema.sql"), own];
    let events = events.into_iter().flat_map(|schema| schema.split_inclusive(";\n"));
    let statements: Vec<&str> = audit.chain(events).filter(|statement| !statement.trim().is_empty()).collect();
    vec![Migration { version: 1, name: "all", checksum: "c", fingerprint: "f", statements: statements.leak() }].leak()
}

async fn keep(context: &Context, peer: ServiceCaller, request: Request) -> HandlerResult {
    receive(context, peer, request, &CONSUMER).await
}

/// Leaves a row of `effects`. What else it does, the means of payment says: `crash` ends the guest, `overtaken` lets another one take the
/// event meanwhile, `busy` is somebody else's while it is `broken`, `closed` waits for a minute, `tells` tells of it, `never` fails for good; and the one that the variable `broken` names fails for now.
async fn handle(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let PaymentRequested { order_id, user_id, amount, payment_token } = delivery.data()?;
    match payment_token.as_str() {
        "crash" => panic!("as a guest that traps"),
        "busy" if context.config().get("broken")? == "busy" => {
            return Err(HandlerError::Busy("somebody is at it".to_owned()));
        }
        "closed" => {
            let time = Timestamp::from_millis(NOW + 60_000);
            if context.now() < time {
                return Err(HandlerError::NotBefore { time, why: "nobody is there before ten".to_owned() });
            }
        }
        "never" => return Err(HandlerError::Permanent("there is no such card".to_owned())),
        "overtaken" if delivery.attempt() == 1 => {
            let later = context.now().as_millis() + LEASE;
            let [later, end] = [later, later + LEASE].map(Timestamp::from_millis);
            let taken = crate::inbox::take(delivery.db(), crate::inbox::Which::Due(1), later, end).await?;
            assert_eq!(taken[0].event, *delivery.event());
        }
        _ => {}
    }
    if context.config().get("broken")? == payment_token {
        return Err(HandlerError::Retry("the provider is away".to_owned()));
    }
    let transaction = delivery.transaction().await?;
    let effect = "INSERT INTO effects (order_id, trace, request_id) VALUES (?1, ?2, ?3)";
    transaction.execute(effect, params![order_id, context.trace().to_string(), context.request_id()]).await?;
    let mut told = PendingEvents::default();
    if payment_token == "tells" {
        let authorized = PaymentAuthorized { payment_id: PaymentId(context.new_id()), order_id, user_id, amount };
        told = append(&transaction, context, &[Event::new(order_id, &authorized)]).await?;
    }
    delivery.complete(context, transaction).await?;
    drop(told);
    Ok(())
}

/// The two services.
pub(super) struct Shop {
    pub(super) platform: Platform,
}

impl Shop {
    pub(super) fn new() -> Self {
        Self::with(&[])
    }

    /// With these variables changed.
    pub(super) fn with(variables: &[(&str, &str)]) -> Self {
        let mut platform = with_edge_variables(Platform::native()).at(Timestamp::from_millis(NOW));
        let usual = [
            ("orders_url", "http://orders.spin.internal"),
            ("payments_url", "http://payments.spin.internal"),
            ("event_max_attempts", "5"),
            ("event_retry_base_ms", "500"),
            ("event_retry_cap_ms", "60000"),
            ("event_lease_seconds", "20"),
            ("event_retention_seconds", "604800"),
            ("event_transport", "http"),
            ("broken", ""),
        ];
        for (name, value) in usual.iter().chain(variables) {
            platform = platform.with_variable(name, value);
        }
        let shop = Self { platform: platform.build() };
        shop.answers(&ORDERS);
        shop.answers(&PAYMENTS);
        shop
    }

    fn answers(&self, service: &'static Service) {
        let platform = self.platform.clone();
        self.platform.serve(&format!("{}.spin.internal", service.scope.service), move |request| {
            let platform = platform.clone();
            Box::pin(async move { serve(service, platform, request).await })
        });
    }

    fn context(&self, service: &'static Service) -> Context {
        let trace = TraceContext::start(self.platform.random());
        Context::new(self.platform.clone(), service.scope, "r-1".to_owned(), trace)
    }

    /// A request that orders serves.
    pub(super) fn orders(&self) -> Context {
        self.context(&ORDERS)
    }

    /// A request that payments serves.
    pub(super) fn payments(&self) -> Context {
        self.context(&PAYMENTS)
    }

    /// Lets orders ask for a payment with each of these means, and gives the orders. No push has happened yet.
    pub(super) fn request_payments(&self, means: &[&str]) -> (Vec<OrderId>, PendingEvents) {
        let requests: Vec<PaymentRequested> = means.iter().map(|token| self.request(token)).collect();
        let events: Vec<Event> = requests.iter().map(|data| Event::new(data.order_id, data)).collect();
        (requests.iter().map(|data| data.order_id).collect(), self.tell(&self.orders(), &events))
    }

    pub(super) fn request(&self, token: &str) -> PaymentRequested {
        PaymentRequested {
            order_id: OrderId(self.platform.new_id()),
            user_id: UserId(Uuid::from_u128(1)),
            amount: Money::new(1_299, "EUR".parse().unwrap()),
            payment_token: token.to_owned(),
        }
    }

    /// Lets orders tell `events`.
    pub(super) fn tell(&self, context: &Context, events: &[Event]) -> PendingEvents {
        block_on(async {
            let db = context.sql().await.unwrap();
            let transaction = db.transaction().await.unwrap();
            let told = append(&transaction, context, events).await.unwrap();
            transaction.commit().await.unwrap();
            told
        })
    }

    /// Pushes what was told, and lets everyone do what they left for later.
    pub(super) fn push(&self, told: PendingEvents) {
        told.push(&self.orders());
        self.run();
    }

    /// Lets everyone do what they left for later.
    pub(super) fn run(&self) {
        block_on(self.platform.run_deferred());
    }

    /// The tick of payments.
    pub(super) fn tick(&self) -> Report {
        let report = block_on(crate::tick(&self.payments(), Some(&CONSUMER))).unwrap();
        self.run();
        report
    }

    pub(super) fn now(&self) -> i64 {
        self.platform.now().as_millis()
    }

    pub(super) fn advance(&self, millis: i64) {
        self.platform.set_now(Timestamp::from_millis(self.now() + millis));
    }

    /// Asks payments as `caller`.
    pub(super) fn ask(
        &self,
        caller: &str,
        method: Method,
        target: &str,
        content: Option<(&str, &Value)>,
    ) -> (StatusCode, Value) {
        let path = target.split_once('?').map_or(target, |(path, _)| path);
        let operation = Operation { service: "payments", method: &method, path };
        let token = service_token(&self.platform, caller, &operation);
        let mut request =
            http::Request::builder().method(&method).uri(target).header("authorization", format!("Bearer {token}"));
        let mut body = Body::empty();
        if let Some((media_type, value)) = content {
            request = request.header("content-type", media_type);
            body = Body::from(Bytes::from(value.to_string()));
        }
        let request = Request::new(request.body(body).unwrap());
        let response = block_on(serve(&PAYMENTS, self.platform.clone(), request));
        (response.status(), serde_json::from_slice(response.body()).unwrap_or_default())
    }

    /// Sends `events` to payments as `caller`.
    pub(super) fn send(&self, caller: &str, events: &[CloudEvent]) -> StatusCode {
        let status =
            self.ask(caller, Method::POST, "/internal/payments/events", Some((CloudEvent::BATCH, &json!(events)))).0;
        self.run();
        status
    }

    /// The rows that `statement` finds in payments' database.
    pub(super) fn rows<T: FromRow>(&self, statement: &str) -> Vec<T> {
        block_on(async { self.db().await.query_all(statement, &[]).await.unwrap() })
    }

    pub(super) async fn db(&self) -> Connection {
        self.payments().sql().await.unwrap()
    }

    /// The orders for which payments has done something, in that order.
    pub(super) fn effects(&self) -> Vec<OrderId> {
        self.rows("SELECT order_id FROM effects ORDER BY seq").into_iter().map(|(id,)| id).collect()
    }

    /// How each event stands: its state, and how often it was taken.
    pub(super) fn inbox(&self) -> Vec<(String, u32)> {
        self.rows("SELECT state, attempts FROM inbox ORDER BY seq")
    }

    /// The failures of the only event.
    pub(super) fn failures(&self) -> Value {
        let rows: Vec<(String,)> = self.rows("SELECT failures FROM inbox");
        let [(failures,)] = rows.as_slice() else { panic!("one event: {rows:?}") };
        serde_json::from_str(failures).unwrap()
    }
}

/// `state`, taken so often.
pub(super) fn stands(state: &str, attempts: u32) -> (String, u32) {
    (state.to_owned(), attempts)
}

/// An event as orders would send it.
pub(super) fn event(number: u128, data: Value) -> CloudEvent {
    CloudEvent {
        specversion: CloudEvent::VERSION.to_owned(),
        id: Uuid::from_u128(number).to_string(),
        source: CloudEvent::source_of("orders"),
        kind: "PaymentRequested".to_owned(),
        subject: "o-1".to_owned(),
        time: Timestamp::from_millis(NOW),
        datacontenttype: CloudEvent::DATA_TYPE.to_owned(),
        sequence: number.to_string(),
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
        requestid: "r-7".to_owned(),
        data,
    }
}
