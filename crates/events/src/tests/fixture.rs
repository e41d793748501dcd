//! Two services on one native platform whose clock stands still.

use crate::{Consumer, Delivery, Event, HandlerError, PendingEvents, append, receiver, routes, tick::EventCounts};
use bytes::Bytes;
use futures::FutureExt as _;
use futures::executor::block_on;
use http::StatusCode;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use spindle_contracts::event::{CloudEvent, PaymentAuthorized, PaymentRequested};
use spindle_contracts::{Money, OrderId, PaymentId, Timestamp, UserId};
use spindle_edge::testing::{TestClient, with_edge_variables};
use spindle_edge::{Callers, Calls, HandlerResult, Route, Service, ServiceCaller, handler, serve};
use spindle_platform::http::{Request, json as json_response};
use spindle_platform::migrate::Migration;
use spindle_platform::sql::{Connection, FromRow};
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform, Scope, params};
use std::cell::Cell;
use std::rc::Rc;
use std::sync::LazyLock;
use std::time::Duration;
use uuid::Uuid;

/// The time of the clock.
pub(super) const NOW: i64 = 1_700_000_000_000;

/// The length of a lease, in milliseconds.
pub(super) const LEASE: i64 = 20_000;
pub(super) const LEASE_TIME: Duration = Duration::from_millis(20_000);

/// The consumer of payments; see [`handle`].
pub(super) static CONSUMER: Consumer = Consumer {
    handle: |context, delivery| Box::pin(handle(context, delivery)),
    concurrency: 1,
    retakes_dead_letters: false,
    is_paused: None,
    longest_call: |_| Ok(Duration::ZERO),
};

const CONSUMERS: Callers = Callers::Only(&["payments"]);
const PRODUCERS: Callers = Callers::Only(&["gateway", "orders"]);

static ORDERS_ROUTES: &[&[Route]] = &[&[routes::published_events(CONSUMERS), routes::OUTBOX_METRICS]];
static PAYMENTS_ROUTES: &[&[Route]] = &[
    &[routes::consumed_events(PRODUCERS, receiver!(CONSUMER)), routes::metrics(handler!(metrics))],
    routes::DEAD_LETTERS,
];

static ORDERS: LazyLock<Service> = LazyLock::new(|| Service {
    scope: Scope { service: "orders", migrations: migrations("") },
    routes: &[],
    shared: ORDERS_ROUTES,
    stores: &[],
    calls: Calls::NONE,
    check: None,
});

static PAYMENTS: LazyLock<Service> = LazyLock::new(|| Service {
    scope: Scope {
        service: "payments",
        migrations: migrations(
            "CREATE TABLE effects (seq INTEGER PRIMARY KEY, order_id TEXT, trace TEXT, request_id TEXT);\n",
        ),
    },
    routes: &[],
    shared: PAYMENTS_ROUTES,
    stores: &[],
    calls: Calls::NONE,
    check: None,
});

async fn metrics(context: &Context, _: ServiceCaller, _request: Request) -> HandlerResult {
    crate::metrics::respond(context, &context.sql().await?, Vec::new()).await
}

/// Makes migrations with every table that this crate writes to, and `own`.
pub(crate) fn migrations(own: &'static str) -> &'static [Migration] {
    let audit = include_str!("../../../platform/src/audit/schema.sql").split("\n\n");
    let append = include_str!("../../../platform/src/audit/append.sql").split("\n\n");
    let triggers = [include_str!("../outbox/append.sql"), include_str!("../inbox/append.sql")];
    let keys = include_str!("../../../platform/src/audit/pseudonym_keys.sql");
    let events = [keys, include_str!("../outbox/schema.sql"), include_str!("../inbox/schema.sql"), own];
    let events = events.into_iter().flat_map(|schema| schema.split_inclusive(";\n"));
    let statements = audit.chain(append).chain(events).filter(|statement| !statement.trim().is_empty());
    let statements: Vec<&str> = statements.chain(triggers).collect();
    vec![Migration { version: 1, name: "all", checksum: "c", fingerprint: "f", statements: statements.leak() }].leak()
}

/// Inserts a row into `effects`. The payment token says what else happens: `crash` ends the guest, `superseded` lets another attempt lease the
/// event meanwhile, `busy` is in use by another instance while it is `broken`, `closed` waits for a minute, `publishes` publishes an event,
/// `never` fails permanently, `idle` has no effect, `asks` calls users before its transaction, `calls` between that and another one, which has the
/// effect, and `rolls back` fails after its effect; and the token in the variable `broken` fails for now.
async fn handle(context: &Context, delivery: &Delivery<'_>) -> Result<(), HandlerError> {
    let PaymentRequested { order_id, user_id, amount, payment_token } = delivery.data()?;
    match payment_token.as_str() {
        "crash" => panic!("as a guest that traps"),
        "busy" if context.config().get("broken")? == "busy" => {
            return Err(HandlerError::Busy("another instance works on it".to_owned()));
        }
        "closed" => {
            let time = Timestamp::from_millis(NOW + 60_000);
            if context.now() < time {
                return Err(HandlerError::NotBefore { time, why: "the provider opens at ten".to_owned() });
            }
        }
        "never" => return Err(HandlerError::Permanent("there is no such card".to_owned())),
        "superseded" if delivery.attempt() == 1 => {
            delivery.db().execute("UPDATE inbox SET next_attempt_at = 0", &[]).await?;
            let leased = crate::delivery::lease_due(delivery.db(), 1, LEASE_TIME).await?;
            assert_eq!(leased[0].event().id, delivery.event().id);
        }
        "idle" => return Ok(()),
        "asks" => call_users(context).await,
        "calls" => {
            let transaction = delivery.transaction().await?;
            delivery.commit(transaction).await?;
            call_users(context).await;
        }
        _ => {}
    }
    if context.config().get("broken")? == payment_token {
        // As a provider that repeats the token.
        let of_token = if payment_token == "repeated" { " of repeated" } else { "" };
        return Err(HandlerError::Retry(format!("the provider{of_token} is down")));
    }
    let transaction = delivery.transaction().await?;
    let effect = "INSERT INTO effects (order_id, trace, request_id) VALUES (?1, ?2, ?3)";
    transaction.execute(effect, params![order_id, context.trace().to_string(), context.request_id()]).await?;
    if payment_token == "rolls back" {
        return Err(HandlerError::Retry("the second row is missing".to_owned()));
    }
    let mut pending = PendingEvents::default();
    if payment_token == "publishes" {
        let authorized = PaymentAuthorized { payment_id: PaymentId(context.new_id()), order_id, user_id, amount };
        pending = append(&transaction, context, &[Event::new(order_id, &authorized)]).await?;
    }
    delivery.complete(context, transaction).await?;
    drop(pending);
    Ok(())
}

async fn call_users(context: &Context) {
    let request = http::Request::post(CALL).body(Bytes::new()).unwrap();
    context.client().call("users", request, Duration::from_secs(1)).await.unwrap();
}

/// The path of users that the handler calls.
const CALL: &str = "/internal/users/call";

/// The two services, orders and payments.
pub(super) struct Fixture {
    pub(super) platform: Platform,
    /// A client of payments.
    pub(super) client: TestClient,
}

impl Fixture {
    pub(super) fn new() -> Self {
        Self::with(&[])
    }

    /// Makes a fixture with these variables changed.
    pub(super) fn with(variables: &[(&str, &str)]) -> Self {
        let mut platform = with_edge_variables(Platform::native()).at(Timestamp::from_millis(NOW));
        let defaults = [
            ("orders_url", "http://orders.spin.internal"),
            ("payments_url", "http://payments.spin.internal"),
            ("users_url", "http://users.spin.internal"),
            ("event_max_attempts", "5"),
            ("event_retry_seconds", "0"),
            ("event_retry_base_ms", "500"),
            ("event_retry_cap_ms", "60000"),
            ("event_lease_seconds", "20"),
            ("event_retention_seconds", "604800"),
            ("event_transport", "http"),
            ("broken", ""),
        ];
        for (name, value) in defaults.iter().chain(variables) {
            platform = platform.with_variable(name, value);
        }
        let platform = platform.build();
        let client = TestClient::without_issuer(&PAYMENTS, &platform);
        let fixture = Self { platform, client };
        fixture.serve(&ORDERS);
        fixture.serve(&PAYMENTS);
        fixture.on_call(async |_| ());
        fixture
    }

    /// Runs `work`, with the number of the call from 1, whenever the handler calls users. Payments consumes an event of users as well, which publishes
    /// none here.
    pub(super) fn on_call(&self, work: impl AsyncFn(u32) + 'static) {
        let (work, calls) = (Rc::new(work), Rc::new(Cell::new(0)));
        self.platform.serve("users.spin.internal", move |request| {
            let (work, calls) = (Rc::clone(&work), Rc::clone(&calls));
            Box::pin(async move {
                if request.path() == CALL {
                    calls.set(calls.get() + 1);
                    work(calls.get()).await;
                }
                json_response(StatusCode::OK, &json!({ "events": [], "next": 0 }))
            })
        });
    }

    /// Returns the context of a request to payments on another instance of it, whose clock is `millis` ahead.
    pub(super) fn replica(&self, millis: i64) -> Context {
        let database = self.platform.database("payments").expect("payments has handled a request");
        let now = Timestamp::from_millis(self.now() + millis);
        let platform = Platform::native().at(now).with_database("payments", &database).build();
        Context::new(platform, PAYMENTS.scope, "r-2".to_owned(), TraceContext::start([2; 24]))
    }

    fn serve(&self, service: &'static Service) {
        let platform = self.platform.clone();
        self.platform.serve(&format!("{}.spin.internal", service.scope.service), move |request| {
            let platform = platform.clone();
            Box::pin(async move { serve(service, platform, request).await })
        });
    }

    /// Returns a client of orders.
    pub(super) fn orders_client(&self) -> TestClient {
        TestClient::without_issuer(&ORDERS, &self.platform)
    }

    fn context(&self, service: &'static Service) -> Context {
        let trace = TraceContext::start(self.platform.random());
        Context::new(self.platform.clone(), service.scope, "r-1".to_owned(), trace)
    }

    /// Returns the context of a request to orders.
    pub(super) fn orders(&self) -> Context {
        self.context(&ORDERS)
    }

    /// Returns the context of a request to payments.
    pub(super) fn payments(&self) -> Context {
        self.context(&PAYMENTS)
    }

    /// Appends a payment request of orders for each of these tokens, and returns the orders. No push has happened yet.
    pub(super) fn request_payments(&self, tokens: &[&str]) -> (Vec<OrderId>, PendingEvents) {
        let requests: Vec<PaymentRequested> = tokens.iter().map(|token| self.payment_request(token)).collect();
        let events: Vec<Event> = requests.iter().map(|data| Event::new(data.order_id, data)).collect();
        (requests.iter().map(|data| data.order_id).collect(), self.append(&self.orders(), &events))
    }

    /// Makes the payment request of a new order.
    pub(super) fn payment_request(&self, token: &str) -> PaymentRequested {
        PaymentRequested {
            order_id: OrderId(self.platform.new_id()),
            user_id: UserId(Uuid::from_u128(1)),
            amount: Money::new(1_299, "EUR".parse().unwrap()),
            payment_token: token.to_owned(),
        }
    }

    /// Commits `events` to the outbox of orders.
    pub(super) fn append(&self, context: &Context, events: &[Event]) -> PendingEvents {
        block_on(async {
            let db = context.sql().await.unwrap();
            let transaction = db.transaction().await.unwrap();
            let pending = append(&transaction, context, events).await.unwrap();
            transaction.commit().await.unwrap();
            pending
        })
    }

    /// Pushes `pending`, and runs all deferred work.
    pub(super) fn push(&self, pending: PendingEvents) {
        pending.push(&self.orders());
        self.run();
    }

    /// Pushes `pending` to an instance of payments that dies as soon as it waits for another service.
    pub(super) fn push_and_die(&self, pending: PendingEvents) {
        pending.push(&self.orders());
        assert!(self.platform.run_deferred().now_or_never().is_none(), "it waits for another service");
    }

    /// Runs all deferred work.
    pub(super) fn run(&self) {
        block_on(self.platform.run_deferred());
    }

    /// Ticks payments.
    pub(super) fn tick(&self) -> EventCounts {
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

    /// Sends `events` to payments as `caller`.
    pub(super) fn send(&self, caller: &str, events: &[CloudEvent]) -> StatusCode {
        let request = self.client.post("/internal/payments/events").as_service(caller);
        request.header("content-type", CloudEvent::BATCH).json(events).send().status()
    }

    /// Returns the rows that `statement` finds in the database of payments.
    pub(super) fn rows<T: FromRow>(&self, statement: &str) -> Vec<T> {
        self.client.rows(statement)
    }

    pub(super) async fn db(&self) -> Connection {
        self.payments().sql().await.unwrap()
    }

    /// Returns the orders for which payments has had an effect, in that order.
    pub(super) fn effects(&self) -> Vec<OrderId> {
        self.rows("SELECT order_id FROM effects ORDER BY seq").into_iter().map(|(id,)| id).collect()
    }

    /// Returns the state and the number of attempts of each event.
    pub(super) fn inbox(&self) -> Vec<(String, u32)> {
        self.rows("SELECT state, attempts FROM inbox ORDER BY seq")
    }

    /// Returns the failures of the only event.
    pub(super) fn failures(&self) -> Value {
        let rows: Vec<(String,)> = self.rows("SELECT failures FROM inbox");
        let [(failures,)] = rows.as_slice() else { panic!("one event: {rows:?}") };
        serde_json::from_str(failures).unwrap()
    }
}

/// Pairs a state with a number of attempts.
pub(super) fn state(state: &str, attempts: u32) -> (String, u32) {
    (state.to_owned(), attempts)
}

/// Makes an event as orders sends it.
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
        data: to_raw_value(&data).unwrap(),
    }
}
