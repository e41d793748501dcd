//! A payment service with a memory: the server behind the test provider `remote-payments`. It knows of each payment what was authorised, captured,
//! voided and refunded, returns the first result again to a request with the same key, and refuses what is impossible: it voids nothing that it
//! has captured. On demand it loses its answers, or hangs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::instance::provider;
use crate::{Recorded, Recorder};

/// The status at which [`Recorder`] closes the connection without a response.
const NO_RESPONSE: u16 = 0;

/// The money of one payment, as the service knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The service has not decided about the payment.
    pub pending: bool,
    /// The money was set aside.
    pub authorized: bool,
    /// The money was taken.
    pub captured: bool,
    /// The authorisation was ended.
    pub voided: bool,
    /// The money was returned.
    pub refunded: bool,
}

impl Ledger {
    /// Returns whether the shop has the money.
    pub fn is_with_the_shop(self) -> bool {
        self.captured && !self.refunded
    }

    /// Returns whether the money is set aside, or may still be.
    pub fn is_open(self) -> bool {
        (self.authorized || self.pending) && !self.captured && !self.voided
    }
}

/// The faults of the service.
#[derive(Clone, Copy, Debug, Default)]
struct Faults {
    /// The number of answers to lose, after the request was carried out.
    lost: usize,
    /// Loses each answer whose number this divides; none if it is zero.
    lost_every: usize,
    /// The wait before an answer.
    delay: Duration,
}

#[derive(Debug, Default)]
struct State {
    /// The payments by their ids in Spindle.
    payments: BTreeMap<String, Ledger>,
    /// The status of the response to each key.
    answers: BTreeMap<String, u16>,
    requests: usize,
    faults: Faults,
}

/// The service. It ends with the test process.
#[derive(Debug)]
pub struct PaymentService {
    server: Recorder,
    state: Arc<Mutex<State>>,
}

impl PaymentService {
    /// Starts the service.
    ///
    /// # Panics
    ///
    /// If there is no free port.
    pub fn start() -> Self {
        let state: Arc<Mutex<State>> = Arc::default();
        let shared = state.clone();
        let server = Recorder::start(move |request| {
            let (answer, delay) = lock(&shared).handle(request);
            thread::sleep(delay);
            answer
        });
        Self { server, state }
    }

    /// Returns the variables of an instance that uses the service through [`provider`](Self::provider).
    pub fn variables(&self) -> [(&'static str, &str); 3] {
        let url = self.server.url();
        [("payment_provider_host", url), ("payment_provider_endpoint", url), ("payment_provider_allow_private", "true")]
    }

    /// Returns the provider that uses the service.
    ///
    /// # Panics
    ///
    /// If it is not built.
    pub fn provider() -> PathBuf {
        provider("remote_payments")
    }

    /// Returns what the service knows of the payment with this id.
    pub fn ledger(&self, payment_id: &str) -> Option<Ledger> {
        lock(&self.state).payments.get(payment_id).copied()
    }

    /// Returns what the service knows of each payment.
    pub fn ledgers(&self) -> BTreeMap<String, Ledger> {
        lock(&self.state).payments.clone()
    }

    /// Authorises a payment that is pending, as its payer does at last. Returns false if it is not pending any more.
    pub fn authorize_pending(&self, payment_id: &str) -> bool {
        let mut state = lock(&self.state);
        let Some(ledger) = state.payments.get_mut(payment_id).filter(|ledger| ledger.is_open()) else { return false };
        (ledger.pending, ledger.authorized) = (false, true);
        true
    }

    /// Carries out the next `count` requests without an answer.
    pub fn lose_answers(&self, count: usize) {
        lock(&self.state).faults.lost = count;
    }

    /// Carries out each request whose number `divisor` divides without an answer; with zero, none.
    pub fn lose_every(&self, divisor: usize) {
        lock(&self.state).faults.lost_every = divisor;
    }

    /// Answers each request from now on after `delay`.
    pub fn delay(&self, delay: Duration) {
        lock(&self.state).faults.delay = delay;
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    /// Carries out `request`, and returns the response and the wait before it.
    fn handle(&mut self, request: &Recorded) -> ((u16, String), Duration) {
        let body = request.json();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let (payment, key) = (text("payment_id"), request.header("idempotency-key").to_owned());
        let operation = key.rsplit(':').next().unwrap_or_default();
        assert!(request.line.contains(&format!("/{operation} ")), "the key is {key}: {}", request.line);

        let known = self.answers.get(&key).copied();
        let ledger = self.payments.entry(payment.clone()).or_default();
        let status = known.unwrap_or_else(|| match operation {
            "authorize" => ledger.authorize(&text("means"), body["attempt"].as_u64().unwrap_or_default()),
            "capture" => status(ledger.authorized && !ledger.voided, &mut ledger.captured),
            "void" => status((ledger.authorized || ledger.pending) && !ledger.captured, &mut ledger.voided),
            "refund" => status(ledger.captured, &mut ledger.refunded),
            _ => 404,
        });
        if status < 500 {
            self.answers.insert(key, status);
        }
        self.requests += 1;
        let faults = &mut self.faults;
        let is_lost = faults.lost > 0 || (faults.lost_every > 0 && self.requests.is_multiple_of(faults.lost_every));
        faults.lost = faults.lost.saturating_sub(1);
        let status = if is_lost { NO_RESPONSE } else { status };
        ((status, format!(r#"{{"id":"ref_{payment}"}}"#)), faults.delay)
    }
}

impl Ledger {
    /// Authorises with the tokens of the sandbox, and returns the status of the response.
    fn authorize(&mut self, token: &str, attempt: u64) -> u16 {
        match token {
            "pm_flaky" if attempt <= 2 => 503,
            "pm_ok" | "pm_flaky" => {
                self.authorized = true;
                200
            }
            "pm_timeout" => {
                self.pending = true;
                202
            }
            _ => 402,
        }
    }
}

/// Sets `done` if that is `possible`, and returns the status of the response.
fn status(possible: bool, done: &mut bool) -> u16 {
    *done |= possible;
    if possible { 200 } else { 409 }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use super::{Ledger, NO_RESPONSE, State};
    use crate::Recorded;

    fn request(operation: &str, means: &str) -> Recorded {
        let headers = BTreeMap::from([("idempotency-key".to_owned(), format!("p:{operation}"))]);
        let body = format!(r#"{{"payment_id":"p","means":"{means}","attempt":1}}"#);
        Recorded { line: format!("POST /{operation} HTTP/1.1"), headers, bytes: body.clone().into_bytes(), body }
    }

    /// Returns the statuses of the responses to requests in their order.
    fn statuses(state: &mut State, requests: &[(&str, &str)]) -> Vec<u16> {
        requests.iter().map(|(operation, means)| state.handle(&request(operation, means)).0.0).collect()
    }

    #[test]
    fn what_was_captured_is_not_voided_and_what_was_voided_is_not_captured() {
        let mut state = State::default();
        let requests = [("authorize", "pm_ok"), ("capture", "r"), ("void", "r"), ("refund", "r"), ("refund", "r")];
        assert_eq!(statuses(&mut state, &requests), [200, 200, 409, 200, 200]);
        let mut state = State::default();
        let requests = [("authorize", "pm_timeout"), ("capture", "r"), ("void", "r"), ("refund", "r")];
        assert_eq!(statuses(&mut state, &requests), [202, 409, 200, 409]);
    }

    #[test]
    fn a_request_whose_answer_is_lost_is_carried_out_and_answered_when_it_comes_again() {
        let mut state = State::default();
        assert_eq!(statuses(&mut state, &[("authorize", "pm_ok")]), [200]);
        state.faults.lost = 1;
        assert_eq!(statuses(&mut state, &[("capture", "r"), ("capture", "r")]), [NO_RESPONSE, 200]);
        let expected = Ledger { authorized: true, captured: true, ..Ledger::default() };
        assert_eq!((state.payments["p"], state.faults.delay), (expected, Duration::ZERO));
    }

    #[test]
    fn tokens_decide_as_those_of_the_sandbox() {
        for (token, status) in
            [("pm_ok", 200), ("pm_timeout", 202), ("pm_flaky", 503), ("pm_declined", 402), ("x", 402)]
        {
            assert_eq!(statuses(&mut State::default(), &[("authorize", token)]), [status], "{token}");
        }
    }
}
