//! Acts of a history: each is done to the shop and told to the model. The host ends at some failpoint all by itself; what it leaves
//! unanswered stays so until somebody asks again.

use serde_json::{Value, json};
use spindle_tests::instance::{Failpoints, SERVICE_SECRET};
use spindle_tests::jwt::{service_claims, service_token};
use spindle_tests::{Client, Instance, Response};
use toml::Table;

use super::model::{Done, Known, TOKENS};
use super::provider;
use super::rng::Rng;
use crate::fixture::{
    OrderFixture, SHORT_TIMEOUTS, expire_claims, expire_payment_deadline, now, order_id, try_step, try_tick,
};
use crate::invariants::assert_intact;

/// How many pieces there are of the product of a history: not always enough.
const PIECES: i64 = 14;

/// After how many failpoints the host ends at the latest.
const LIFE: usize = 400;

/// How many of the latest events are looked at when some are pushed again.
const LATEST: usize = 30;

/// What happened in the histories so far.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) orders: usize,
    pub(super) refused: usize,
    pub(super) cancelled: usize,
    pub(super) crashes: usize,
    pub(super) events: usize,
}

/// A shop in which histories happen, one after the other.
pub(super) struct History {
    fixture: OrderFixture,
    /// None while the shop is closed.
    instance: Option<Instance>,
    rng: Rng,
    product: String,
    orders: Vec<Known>,
    counts: Counts,
}

impl History {
    /// A shop in which nothing has happened.
    pub(super) fn begin() -> Self {
        let (fixture, rng, counts) = (OrderFixture::new(3), Rng::new(0), Counts::default());
        Self { fixture, instance: None, rng, product: String::new(), orders: Vec::new(), counts }
    }

    /// What has happened.
    pub(super) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Plays the history of `seed`, and compares what came of it with the model.
    pub(super) fn play(&mut self, seed: u64, acts: usize) {
        self.rng = Rng::new(seed);
        self.orders.clear();
        let instance = Instance::with(self.fixture.state.path(), &SHORT_TIMEOUTS);
        self.product = self.fixture.stock(&instance, PIECES);
        instance.kill();
        for _ in 0..acts {
            self.act();
        }
        self.end(seed);
    }

    fn act(&mut self) {
        let act = if self.orders.is_empty() { 0 } else { self.rng.below(20) };
        let some = self.rng.below(self.orders.len().max(1));
        match act {
            0..=4 => {
                let (quantity, token) = (1 + self.rng.below(3) as u32, *self.rng.pick(&TOKENS));
                self.orders.push(Known::new(&self.product, quantity, token));
                self.place(self.orders.len() - 1);
            }
            5..=6 => self.place(some),
            7..=8 => self.step(some, "cancel"),
            9..=10 => self.step(some, "fulfil"),
            11..=12 => self.authorize(some),
            13 => self.time_out(some),
            14 | 15 => self.push_events("orders", "payments"),
            16 | 17 => self.push_events("payments", "orders"),
            _ => self.tick(),
        }
    }

    /// The instance: one that ends after a while, and in which pushes reach nobody if the dice say so.
    fn instance(&mut self) -> &Instance {
        let (fixture, rng) = (&self.fixture, &mut self.rng);
        self.instance.get_or_insert_with(|| {
            let lost = [("event_transport", *rng.pick(&["http", "redis"])), ("redis_address", "redis://127.0.0.1:1")];
            let variables: Vec<_> = SHORT_TIMEOUTS.into_iter().chain(lost).collect();
            let failpoints = Failpoints::CrashAt(1 + rng.below(LIFE));
            let instance = Instance::with_failpoints(fixture.state.path(), &variables, failpoints, open_doors);
            instance.arm_failpoints();
            instance
        })
    }

    fn customer(&mut self, number: usize) -> Client {
        let nobody = self.instance().client();
        self.fixture.customer(&nobody, number)
    }

    fn admin(&mut self) -> Client {
        let nobody = self.instance().client();
        self.fixture.admin(&nobody)
    }

    /// The instance has ended, or is ended now.
    fn close(&mut self) {
        if let Some(instance) = self.instance.take() {
            self.counts.crashes += 1;
            instance.kill();
            assert_intact(self.fixture.state.path());
        }
    }

    /// What is done in an instance that may end meanwhile. If it does, the next act opens another one.
    fn or_close<T>(&mut self, done: Option<T>) -> Option<T> {
        if done.is_none() {
            self.close();
        }
        done
    }

    /// Sends the order `number`, for the first time or again.
    fn place(&mut self, number: usize) {
        let customer = self.customer(number);
        let answer = self.orders[number].request.try_send(&customer);
        if let Some(answer) = self.or_close(answer) {
            self.placed(number, &answer);
        }
    }

    fn placed(&mut self, number: usize, answer: &Response) {
        let wanted: i64 = self.orders.iter().map(|order| i64::from(order.quantity)).sum();
        let order = &mut self.orders[number];
        match answer.status {
            201 => {
                let id = order_id(answer);
                assert!(!order.is_refused && order.id.as_ref().is_none_or(|known| *known == id), "{id}: {order:?}");
                order.id = Some(id);
            }
            409 if answer.header("retry-after").is_none() => {
                assert!(order.id.is_none() && wanted > PIECES, "refused: {order:?}");
                order.is_refused = true;
            }
            409 | 503 => {}
            other => panic!("{other}: {}", answer.text()),
        }
    }

    /// Cancels the order `number`, or sends it off.
    fn step(&mut self, number: usize, step: &str) {
        let Some(id) = self.orders[number].id.clone() else { return };
        let who = if step == "cancel" { self.customer(number) } else { self.admin() };
        let status = try_step(&who, &id, step).map(|answer| answer.status);
        let status = self.or_close(status);
        let order = &mut self.orders[number];
        match step {
            "cancel" => order.cancel(status),
            _ => order.fulfil(status),
        }
    }

    /// Has the provider authorise a payment that it said nothing about.
    fn authorize(&mut self, number: usize) {
        let Some(id) = self.orders[number].id.clone().filter(|_| self.orders[number].is_left_waiting()) else { return };
        let Some(payment) = self.fixture.databases().pending_payment(&id) else { return };
        let done = provider::try_authorize(&self.instance().client(), &payment);
        let done = self.or_close(done).map_or(Done::Perhaps, |()| Done::Yes);
        self.orders[number].authorize(done);
    }

    /// Lets the time of the order `number` be over.
    fn time_out(&mut self, number: usize) {
        let Some(id) = self.orders[number].id.clone() else { return };
        self.close();
        expire_payment_deadline(self.fixture.state.path(), &id);
        self.orders[number].time_out();
    }

    /// Pushes some of the latest events of `producer` to `consumer`, in any order, whether or not they were pushed before.
    fn push_events(&mut self, producer: &'static str, consumer: &'static str) {
        let after = self.fixture.databases().last_event(producer).saturating_sub(1 + self.rng.below(LATEST));
        let client = self.instance().client();
        let path = format!("/internal/{producer}/events");
        let page = call(&client, consumer, producer, "GET", &path, &format!("?after={after}"), None);
        let Some(page) = self.or_close(page) else { return };
        let mut events = page.expect_status(200).json()["events"].as_array().cloned().unwrap_or_default();
        self.rng.shuffle(&mut events);
        events.truncate(1 + self.rng.below(LATEST));
        self.counts.events += events.len();
        let path = format!("/internal/{consumer}/events");
        let answer = call(&client, producer, consumer, "POST", &path, "", Some(&Value::Array(events)));
        if let Some(answer) = self.or_close(answer) {
            answer.expect_status(202);
        }
    }

    fn tick(&mut self) {
        let ticked = try_tick(&self.instance().client());
        self.or_close(ticked);
    }

    /// Asks again for what was not answered, lets the time of those be over who wait for nothing else, and compares.
    fn end(&mut self, seed: u64) {
        self.close();
        expire_claims(self.fixture.state.path());
        let instance = Instance::with(self.fixture.state.path(), &SHORT_TIMEOUTS);
        for number in 0..self.orders.len() {
            let customer = self.fixture.customer(&instance.client(), number);
            let answer = self.orders[number].request.send(&customer).expect("it does not end any more");
            self.placed(number, &answer);
        }
        instance.kill();
        for order in self.orders.iter().filter(|order| order.is_left_waiting()) {
            if let Some(id) = &order.id {
                expire_payment_deadline(self.fixture.state.path(), id);
            }
        }
        let instance = Instance::with(self.fixture.state.path(), &SHORT_TIMEOUTS);
        self.fixture.settle(&instance).expect("it does not end any more");
        instance.kill();
        self.fixture.check();
        for order in &self.orders {
            let status = self.fixture.status(&order.request);
            let is_as_told = match &status {
                Some(status) => !order.is_refused && order.ends().contains(status.as_str()),
                None => order.is_refused,
            };
            assert!(is_as_told, "seed {seed}: {status:?}, not {:?}: {order:?}", order.ends());
            self.counts.orders += 1;
            self.counts.refused += usize::from(order.is_refused);
            self.counts.cancelled += usize::from(status.as_deref() == Some("cancelled"));
        }
    }
}

/// Lets a test call what services ask of each other, with their secret.
fn open_doors(manifest: &mut Table) {
    let triggers = manifest["trigger"]["http"].as_array_mut().expect("a list of routes");
    for service in ["orders", "payments"] {
        let route = format!("/internal/{service}/...");
        let entries = [("component", service), ("route", &route)];
        triggers.push(entries.map(|(key, value)| (key.to_owned(), value.into())).into_iter().collect::<Table>().into());
    }
}

/// What `callee` answers to `caller`; nothing if there is no answer.
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
