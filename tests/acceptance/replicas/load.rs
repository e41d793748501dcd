//! Clients that read and order through the balancer, and the requests of theirs that failed.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use spindle_tests::acceptance::scale;
use spindle_tests::{Client, Response};

use crate::fixture::{OrderRequest, TIMEOUT, order_id};

/// The wait before a request that failed is sent again.
const RETRY_INTERVAL: Duration = Duration::from_millis(20);

/// Returns the pause of a client between two requests, unless throughput is measured. The short form leaves the cores to the tests beside it.
pub(super) fn pause() -> Duration {
    Duration::from_millis(scale(200, 20))
}

/// The time between two looks at the clients.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// The first response to a request that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    /// The connection ended without one.
    Broken,
    /// It says when to try again.
    Retry(u16),
    /// It is final.
    Final(u16),
}

/// A request that failed: a read that got no product, or an order that was not accepted at once.
#[derive(Clone, Copy, Debug)]
struct Failure {
    client: usize,
    is_read: bool,
    refusal: Refusal,
}

impl Failure {
    /// Returns whether it is an order whose response says when to try again.
    fn is_delayed_order(&self) -> bool {
        !self.is_read && matches!(self.refusal, Refusal::Retry(_))
    }
}

#[derive(Debug, Default)]
struct State {
    is_over: AtomicBool,
    placed: Mutex<Vec<String>>,
    failures: Mutex<Vec<Failure>>,
}

/// The clients. They end with this value.
#[derive(Debug)]
pub(super) struct Load {
    state: Arc<State>,
    /// The numbers of requests that succeeded: of readers first, then of buyers.
    done: Vec<Arc<AtomicUsize>>,
    readers: usize,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    /// Starts clients that read `product`, and clients that order it, each with a pause between two requests.
    pub(super) fn start(readers: Vec<Client>, buyers: Vec<Client>, product: &str, pause: Duration) -> Self {
        let mut load = Self { state: Arc::default(), done: Vec::new(), readers: readers.len(), threads: Vec::new() };
        let path = format!("/v1/products/{product}");
        for client in readers {
            let path = path.clone();
            load.add(true, pause, move |_| refusal(client.try_send("GET", &path, &[], None).ok().as_ref(), 200));
        }
        for client in buyers {
            let product = product.to_owned();
            load.add(false, pause, move |state| order(&client, &product, state));
        }
        load
    }

    /// Adds a client that calls `send` until the load is over.
    fn add(&mut self, is_read: bool, pause: Duration, send: impl Fn(&State) -> Option<Refusal> + Send + 'static) {
        let (state, done, client) = (self.state.clone(), Arc::new(AtomicUsize::new(0)), self.done.len());
        self.done.push(done.clone());
        self.threads.push(thread::spawn(move || {
            while !state.is_over.load(Ordering::Relaxed) {
                match send(&state) {
                    None => drop(done.fetch_add(1, Ordering::Relaxed)),
                    Some(refusal) => {
                        state.failures.lock().expect("no client panics").push(Failure { client, is_read, refusal });
                        // An order that failed at first is placed by now.
                        done.fetch_add(usize::from(!is_read), Ordering::Relaxed);
                    }
                }
                thread::sleep(pause);
            }
        }));
    }

    /// Returns the numbers of reads and of orders that succeeded.
    pub(super) fn done(&self) -> [usize; 2] {
        let (readers, buyers) = self.done.split_at(self.readers);
        [readers, buyers].map(|clients| clients.iter().map(|done| done.load(Ordering::Relaxed)).sum())
    }

    /// Waits until each client has `requests` more that succeeded.
    pub(super) fn go_on(&self, requests: usize) {
        self.wait(&self.done, requests);
    }

    /// Waits until each reader has `requests` more that succeeded.
    pub(super) fn read_on(&self, requests: usize) {
        self.wait(&self.done[..self.readers], requests);
    }

    fn wait(&self, clients: &[Arc<AtomicUsize>], requests: usize) {
        let begin = Instant::now();
        for done in clients {
            let before = done.load(Ordering::Relaxed);
            while done.load(Ordering::Relaxed) < before + requests {
                assert!(begin.elapsed() < TIMEOUT, "a client does not get on: {:?}", self.take_failures());
                assert!(self.threads.iter().all(|thread| !thread.is_finished()), "a client has panicked");
                thread::sleep(POLL_INTERVAL);
            }
        }
    }

    /// Returns the requests that failed since the last call.
    fn take_failures(&self) -> Vec<Failure> {
        std::mem::take(&mut *self.state.failures.lock().expect("no client panics"))
    }

    /// Checks that no client had more than one request that failed since the last call: the one in flight. Returns their number.
    pub(super) fn expect_only_in_flight(&self, phase: &str) -> usize {
        let failures = self.take_failures();
        let clients: BTreeSet<usize> = failures.iter().map(|failure| failure.client).collect();
        let is_final = |failure: &Failure| matches!(failure.refusal, Refusal::Final(_));
        assert!(clients.len() == failures.len() && !failures.iter().any(is_final), "{phase}: {failures:?}");
        failures.len()
    }

    /// Checks that no request failed since the last call.
    pub(super) fn expect_none(&self, phase: &str) {
        let failures = self.take_failures();
        assert!(failures.is_empty(), "{phase}: {failures:?}");
    }

    /// Checks that no read failed since the last call, and that the responses to orders which failed say when to try again. Returns their number.
    fn expect_delayed_orders(&self, phase: &str) -> usize {
        let failures = self.take_failures();
        assert!(failures.iter().all(Failure::is_delayed_order), "{phase}: {failures:?}");
        failures.len()
    }

    /// Waits until each client has some more requests that succeeded, and none that failed at first. Returns the number of orders that failed at first
    /// before. No read may fail.
    pub(super) fn calm(&self, requests: usize, phase: &str) -> usize {
        let (begin, mut delayed) = (Instant::now(), 0);
        loop {
            self.go_on(requests);
            match self.expect_delayed_orders(phase) {
                0 => return delayed,
                more => delayed += more,
            }
            assert!(begin.elapsed() < TIMEOUT, "{phase}: orders still fail");
        }
    }

    /// Ends the load, and returns the ids of the orders that were accepted.
    pub(super) fn end(mut self) -> Vec<String> {
        self.state.is_over.store(true, Ordering::Relaxed);
        self.threads.drain(..).for_each(|thread| thread.join().expect("no client panics"));
        std::mem::take(&mut *self.state.placed.lock().expect("no client panics"))
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.state.is_over.store(true, Ordering::Relaxed);
    }
}

/// Orders a piece until the order is placed. Returns the first response, if that was a refusal.
fn order(client: &Client, product: &str, state: &State) -> Option<Refusal> {
    let (request, begin, mut first) = (OrderRequest::new(product, 1, "pm_ok"), Instant::now(), None);
    loop {
        let response = request.try_send(client);
        let refused = refusal(response.as_ref(), 201);
        match response.filter(|response| response.status == 201) {
            Some(placed) => {
                state.placed.lock().expect("no client panics").push(order_id(&placed));
                return first;
            }
            None => first = first.or(refused),
        }
        if let Some(Refusal::Final(_)) = refused {
            return refused;
        }
        assert!(begin.elapsed() < TIMEOUT, "an order is not placed: {first:?}, {refused:?}");
        thread::sleep(RETRY_INTERVAL);
    }
}

/// Returns the refusal in a response whose status is to be `expected`.
fn refusal(response: Option<&Response>, expected: u16) -> Option<Refusal> {
    match response {
        None => Some(Refusal::Broken),
        Some(response) if response.status == expected => None,
        Some(response) if response.header("retry-after").is_some() => Some(Refusal::Retry(response.status)),
        Some(response) => Some(Refusal::Final(response.status)),
    }
}
