//! The steps of a history: each is sent to the instance and recorded in the model. The host ends at a random failpoint; a request that it
//! leaves without a response is repeated in a later step.

use serde_json::{Value, json};
use spindle_tests::instance::{Failpoints, SERVICE_SECRET};
use spindle_tests::jwt::{service_claims, service_token};
use spindle_tests::{Client, Instance, Response};
use toml::Table;

use super::model::{Effect, OrderModel, TOKENS};
use super::provider;
use super::rng::Rng;
use crate::fixture::{
    OrderFixture, SHORT_TIMEOUTS, expire_claims, expire_payment_deadline, now, order_id, try_action, try_tick,
};
use crate::invariants::assert_intact;

/// The stock of the product of a history: not always enough.
const PIECES: i64 = 14;

/// The host ends at this failpoint at the latest.
const LIFE: usize = 400;

/// The number of the latest events of which some are pushed again.
const LATEST: usize = 30;

/// The totals of all histories so far.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) orders: usize,
    pub(super) refused: usize,
    pub(super) cancelled: usize,
    pub(super) crashes: usize,
    pub(super) events: usize,
}

/// A fixture in which histories run, one after another.
pub(super) struct History {
    fixture: OrderFixture,
    /// `None` while no instance runs.
    instance: Option<Instance>,
    rng: Rng,
    product: String,
    orders: Vec<OrderModel>,
    counts: Counts,
}

impl History {
    /// Creates the fixture.
    pub(super) fn new() -> Self {
        let (fixture, rng, counts) = (OrderFixture::new(3), Rng::new(0), Counts::default());
        Self { fixture, instance: None, rng, product: String::new(), orders: Vec::new(), counts }
    }

    /// Returns the totals.
    pub(super) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Runs the history of `seed`, and compares its result with the model.
    pub(super) fn run(&mut self, seed: u64, steps: usize) {
        self.rng = Rng::new(seed);
        // Some answers of the payment service are lost, never those of whole histories.
        self.fixture.service.lose_every([0, 3, 7][self.rng.below(3)]);
        self.orders.clear();
        let instance = self.fixture.start(&SHORT_TIMEOUTS);
        self.product = self.fixture.stock(&instance, PIECES);
        instance.kill();
        for _ in 0..steps {
            self.step();
        }
        self.finish(seed);
    }

    fn step(&mut self) {
        let step = if self.orders.is_empty() { 0 } else { self.rng.below(20) };
        let some = self.rng.below(self.orders.len().max(1));
        match step {
            0..=4 => {
                let (quantity, token) = (1 + self.rng.below(3) as u32, *self.rng.pick(&TOKENS));
                self.orders.push(OrderModel::new(&self.product, quantity, token));
                self.place(self.orders.len() - 1);
            }
            5..=6 => self.place(some),
            7..=8 => self.act(some, "cancel"),
            9..=10 => self.act(some, "fulfil"),
            11..=12 => self.authorize(some),
            13 => self.time_out(some),
            14 | 15 => self.push_events("orders", "payments"),
            16 | 17 => self.push_events("payments", "orders"),
            _ => self.tick(),
        }
    }

    /// Returns the running instance, or starts one that ends at a random failpoint and whose pushes are lost at random.
    fn instance(&mut self) -> &Instance {
        let (fixture, rng) = (&self.fixture, &mut self.rng);
        self.instance.get_or_insert_with(|| {
            let lost = [("event_transport", *rng.pick(&["http", "redis"])), ("redis_address", "redis://127.0.0.1:1")];
            let variables: Vec<_> = SHORT_TIMEOUTS.into_iter().chain(lost).collect();
            let failpoints = Failpoints::CrashAt(1 + rng.below(LIFE));
            let instance = fixture.start_with_failpoints(&variables, failpoints, add_internal_routes);
            instance.arm_failpoints();
            instance
        })
    }

    fn customer(&mut self, number: usize) -> Client {
        let anonymous = self.instance().client();
        self.fixture.customer(&anonymous, number)
    }

    fn admin(&mut self) -> Client {
        let anonymous = self.instance().client();
        self.fixture.admin(&anonymous)
    }

    /// Ends the instance if it has not ended.
    fn end_instance(&mut self) {
        if let Some(instance) = self.instance.take() {
            self.counts.crashes += 1;
            instance.kill();
            assert_intact(self.fixture.state.path());
        }
    }

    /// Passes on the result of a request. If there is none, the instance has ended; the next step starts another one.
    fn or_end<T>(&mut self, done: Option<T>) -> Option<T> {
        if done.is_none() {
            self.end_instance();
        }
        done
    }

    /// Sends the order `number`, for the first time or as a repetition.
    fn place(&mut self, number: usize) {
        let customer = self.customer(number);
        let response = self.orders[number].request.try_send(&customer);
        if let Some(response) = self.or_end(response) {
            self.placed(number, &response);
        }
    }

    fn placed(&mut self, number: usize, response: &Response) {
        let wanted: i64 = self.orders.iter().map(|order| i64::from(order.quantity)).sum();
        let order = &mut self.orders[number];
        match response.status {
            201 => {
                let id = order_id(response);
                assert!(!order.is_refused && order.id.as_ref().is_none_or(|known| *known == id), "{id}: {order:?}");
                order.id = Some(id);
            }
            409 if response.header("retry-after").is_none() => {
                assert!(order.id.is_none() && wanted > PIECES, "refused: {order:?}");
                order.is_refused = true;
            }
            409 | 503 => {}
            other => panic!("{other}: {}", response.text()),
        }
    }

    /// Sends the action `action` on the order `number`.
    fn act(&mut self, number: usize, action: &str) {
        let Some(id) = self.orders[number].id.clone() else { return };
        let caller = if action == "cancel" { self.customer(number) } else { self.admin() };
        let status = try_action(&caller, &id, action).map(|response| response.status);
        let status = self.or_end(status);
        let order = &mut self.orders[number];
        match action {
            "cancel" => order.cancel(status),
            _ => order.fulfil(status),
        }
    }

    /// Lets the provider authorise a payment that it left pending.
    fn authorize(&mut self, number: usize) {
        let Some(id) = self.orders[number].id.clone().filter(|_| self.orders[number].awaits_timeout()) else { return };
        let Some(payment) = self.fixture.databases().pending_payment(&id) else { return };
        if !self.fixture.service.authorize_pending(payment["id"].as_str().expect("an id")) {
            return;
        }
        let done = provider::try_authorize(&self.instance().client(), &payment);
        let done = self.or_end(done).map_or(Effect::Maybe, |()| Effect::Yes);
        self.orders[number].authorize(done);
    }

    /// Expires the payment deadline of the order `number`.
    fn time_out(&mut self, number: usize) {
        let Some(id) = self.orders[number].id.clone() else { return };
        self.end_instance();
        expire_payment_deadline(self.fixture.state.path(), &id);
        self.orders[number].time_out();
    }

    /// Pushes some of the latest events of `producer` to `consumer`, in random order, whether or not they were pushed before.
    fn push_events(&mut self, producer: &'static str, consumer: &'static str) {
        let after = self.fixture.databases().last_event(producer).saturating_sub(1 + self.rng.below(LATEST));
        let client = self.instance().client();
        let path = format!("/internal/{producer}/events");
        let page = call(&client, consumer, producer, "GET", &path, &format!("?after={after}"), None);
        let Some(page) = self.or_end(page) else { return };
        let mut events = page.expect_status(200).json()["events"].as_array().cloned().unwrap_or_default();
        self.rng.shuffle(&mut events);
        events.truncate(1 + self.rng.below(LATEST));
        self.counts.events += events.len();
        let path = format!("/internal/{consumer}/events");
        let response = call(&client, producer, consumer, "POST", &path, "", Some(&Value::Array(events)));
        if let Some(response) = self.or_end(response) {
            response.expect_status(202);
        }
    }

    fn tick(&mut self) {
        let ticked = try_tick(&self.instance().client());
        self.or_end(ticked);
    }

    /// Repeats the requests without a response, expires the deadlines of the orders that wait for nothing else, and compares with the model.
    fn finish(&mut self, seed: u64) {
        self.end_instance();
        expire_claims(self.fixture.state.path());
        let instance = self.fixture.start(&SHORT_TIMEOUTS);
        for number in 0..self.orders.len() {
            let customer = self.fixture.customer(&instance.client(), number);
            let response = self.orders[number].request.send(&customer).expect("it does not crash again");
            self.placed(number, &response);
        }
        instance.kill();
        for order in self.orders.iter().filter(|order| order.awaits_timeout()) {
            if let Some(id) = &order.id {
                expire_payment_deadline(self.fixture.state.path(), id);
            }
        }
        let instance = self.fixture.start(&SHORT_TIMEOUTS);
        self.fixture.settle(&instance).expect("it does not crash again");
        instance.kill();
        self.fixture.check();
        for order in &self.orders {
            let status = self.fixture.status(&order.request);
            let is_expected = match &status {
                Some(status) => !order.is_refused && order.ends().contains(status.as_str()),
                None => order.is_refused,
            };
            assert!(is_expected, "seed {seed}: {status:?}, not {:?}: {order:?}", order.ends());
            self.counts.orders += 1;
            self.counts.refused += usize::from(order.is_refused);
            self.counts.cancelled += usize::from(status.as_deref() == Some("cancelled"));
        }
    }
}

/// Adds routes, so that a test with the secret of the services can send their internal operations.
fn add_internal_routes(manifest: &mut Table) {
    let triggers = manifest["trigger"]["http"].as_array_mut().expect("a list of routes");
    for service in ["orders", "payments"] {
        let route = format!("/internal/{service}/...");
        let entries = [("component", service), ("route", &route)];
        triggers.push(entries.map(|(key, value)| (key.to_owned(), value.into())).into_iter().collect::<Table>().into());
    }
}

/// Sends an internal operation of `callee` as `caller`; `None` if there is no response.
fn call(
    client: &Client,
    caller: &str,
    callee: &str,
    method: &str,
    path: &str,
    query: &str,
    body: Option<&Value>,
) -> Option<Response> {
    let token = service_token(SERVICE_SECRET, service_claims(caller, callee, &format!("{method} {path}"), now()));
    let headers =
        [("content-type", "application/cloudevents-batch+json"), ("authorization", &format!("Bearer {token}"))];
    let body = body.map(|body| json!(body).to_string());
    client.try_send(method, &format!("{path}{query}"), &headers, body.as_deref().map(str::as_bytes)).ok()
}
