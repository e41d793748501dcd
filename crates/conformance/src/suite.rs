//! Runs every check of one interface in order, and records each call.

mod errors;
mod input;
mod limits;
mod prices;
mod requests;
mod rights;

use std::collections::BTreeSet;
use std::time::Duration;

use crate::check::{Check, Interface};
use crate::provider::{Call, Provider};
use crate::provider_response::ProviderResponse;
use crate::report::{Figures, Finding, Report, Verdict};
use crate::request::Request;
use crate::stub_server::Reply;

/// The number of failures that a verdict lists.
const NAMED: usize = 3;

/// Runs every check that applies to `interface`.
pub(crate) async fn examine(provider: &Provider, interface: Interface) -> Report {
    let mut suite = Suite { provider, interface, callable: false, accepted: Vec::new(), calls: Vec::new(), number: 0 };
    let mut findings = Vec::new();
    for check in Check::ALL.iter().copied().filter(|check| check.concerns(interface)) {
        findings.push(Finding { check, verdict: suite.verdict(check).await });
    }
    Report { interface, findings, figures: suite.figures() }
}

/// The run of the checks of one interface.
struct Suite<'a> {
    provider: &'a Provider,
    interface: Interface,
    /// Whether the component exports the interface.
    callable: bool,
    /// The good requests that succeeded.
    accepted: Vec<AcceptedRequest>,
    /// Every call so far.
    calls: Vec<CheckedCall>,
    /// The number of keys handed out.
    number: u64,
}

/// A good request that succeeded.
#[derive(Clone)]
struct AcceptedRequest {
    request: Request,
    /// Whether the provider calls its service for it.
    calls_service: bool,
}

/// A call with the facts about its request that later checks need.
struct CheckedCall {
    check: Check,
    label: String,
    /// The secret of this request, which the provider must not reveal; the key of the provider is another one.
    secret: Option<String>,
    /// The price of the cart before the adjustments.
    price: Option<i128>,
    call: Call,
}

/// The request of a call, and the behaviour of the service.
struct TestCall {
    label: String,
    request: Request,
    reply: Reply,
}

impl TestCall {
    fn new(detail: impl std::fmt::Display, request: Request, reply: Reply) -> Self {
        Self { label: format!("{} ({detail})", request.name()), request, reply }
    }
}

impl Suite<'_> {
    async fn verdict(&mut self, check: Check) -> Verdict {
        match check {
            Check::Exports => return self.exports(),
            Check::Imports => return self.imports(),
            _ if !self.callable => return Verdict::NotApplicable("the provider cannot be called".to_owned()),
            Check::Answers => return self.answers().await,
            // These checks look at all calls so far, and need no successful one.
            _ if self.accepted.is_empty() && (check < Check::Signs || check == Check::Redirects) => {
                return Verdict::NotApplicable("no good request succeeds".to_owned());
            }
            _ => {}
        }
        let silent = self.requests_to_service().is_empty();
        match check {
            Check::Repeat => self.repeat().await,
            Check::Keys => self.keys().await,
            Check::ClientError
            | Check::TooMany
            | Check::ServerError
            | Check::Connection
            | Check::Silence
            | Check::EndlessBody
            | Check::Redirect
            | Check::Garbage
            | Check::Redirects
                if silent =>
            {
                Verdict::NotApplicable("the provider makes no HTTP request".to_owned())
            }
            Check::Redirects => self.redirects().await,
            Check::LineBreaks => self.line_breaks().await,
            Check::Empty
            | Check::Long
            | Check::Unicode
            | Check::Amounts
            | Check::Currency
            | Check::KeyLengths
            | Check::Attempts => self.input(check).await,
            Check::Signs | Check::Labels | Check::Count | Check::Total => self.prices(check),
            Check::Memory => self.memory(),
            Check::Cpu => self.cpu(),
            Check::Time => self.time().await,
            Check::Texts => self.texts(),
            Check::Hosts => self.hosts(),
            Check::Sockets => self.sockets(),
            Check::Secrets => self.secrets(),
            error => self.error(error).await,
        }
    }

    /// Returns the successful requests for which the provider calls its service.
    fn requests_to_service(&self) -> Vec<Request> {
        self.accepted
            .iter()
            .filter(|accepted| accepted.calls_service)
            .map(|accepted| accepted.request.clone())
            .collect()
    }

    /// Returns the request under a key that no other request has.
    fn fresh(&mut self, request: &Request) -> Request {
        self.number += 1;
        request.clone().numbered(self.number)
    }

    /// Makes a call and records it.
    async fn call(&mut self, check: Check, test_call: TestCall) -> &CheckedCall {
        let TestCall { label, request, reply } = test_call;
        let secret = request.secret().map(str::to_owned);
        let price = match &request {
            Request::Adjust(cart) => Some(prices::price(cart)),
            _ => None,
        };
        let call = self.provider.call(request, reply).await;
        self.calls.push(CheckedCall { check, label, secret, price, call });
        &self.calls[self.calls.len() - 1]
    }

    /// Makes all `test_calls`; each must return a response, and `judge` must accept it.
    async fn call_all(
        &mut self,
        check: Check,
        test_calls: Vec<TestCall>,
        judge: impl Fn(&Reply, &ProviderResponse) -> Result<(), &'static str>,
    ) -> Verdict {
        let (mut wrong, mut words, count) = (Vec::new(), BTreeSet::new(), test_calls.len());
        for test_call in test_calls {
            let reply = test_call.reply.clone();
            let CheckedCall { label, call, .. } = self.call(check, test_call).await;
            match &call.response {
                Err(failure) => wrong.push(format!("{label}: {failure}")),
                Ok(response) => {
                    words.insert(response.word);
                    if let Err(why) = judge(&reply, response) {
                        wrong.push(format!("{label}: {}, {why}", summary(response)));
                    }
                }
            }
        }
        let words = words.into_iter().collect::<Vec<_>>().join(", ");
        verdict(wrong, format!("{words} ({count} calls)"))
    }

    /// Passes if `violation` finds nothing in any call so far.
    fn no_call(&self, seen: String, violation: impl Fn(&CheckedCall) -> Option<String>) -> Verdict {
        verdict(
            self.calls
                .iter()
                .filter_map(|checked| Some(format!("{}: {}", checked.label, violation(checked)?)))
                .collect(),
            seen,
        )
    }

    fn figures(&self) -> Figures {
        let good = self.calls.iter().filter(|checked| checked.check == Check::Answers);
        Figures {
            bytes: 0,
            calls: self.calls.len(),
            start: median(self.calls.iter().map(|checked| checked.call.start).collect()),
            call_cpu: median(good.map(|checked| checked.call.cpu).collect()),
            peak_cpu: self.calls.iter().map(|checked| checked.call.cpu).max().unwrap_or_default(),
            peak_memory: self.calls.iter().map(|checked| checked.call.memory).max().unwrap_or_default(),
        }
    }
}

/// Fails if `wrong` has an entry.
fn verdict(wrong: Vec<String>, seen: String) -> Verdict {
    if wrong.is_empty() {
        return Verdict::Passed(seen);
    }
    let more = wrong.len().saturating_sub(NAMED);
    let named = wrong.into_iter().take(NAMED).collect::<Vec<_>>().join("; ");
    Verdict::Failed(if more > 0 { format!("{named}; and {more} more") } else { named })
}

/// Summarises a response in a few words. A provider's text is shown here; that it holds no secret is another check.
fn summary(response: &ProviderResponse) -> String {
    let text: String = response.text.chars().take(80).collect();
    if text.is_empty() { response.word.to_owned() } else { format!("{} {text:?}", response.word) }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
