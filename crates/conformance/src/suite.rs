//! Every check of one interface, one after the other, and what each call showed beside its answer.

mod errors;
mod input;
mod limits;
mod prices;
mod requests;
mod rights;

use std::collections::BTreeSet;
use std::time::Duration;

use crate::answer::Answer;
use crate::check::{Check, Interface};
use crate::peer::Reply;
use crate::report::{Figures, Finding, Report, Verdict};
use crate::request::Request;
use crate::subject::{Call, Subject};

/// How many of many failures a verdict names.
const NAMED: usize = 3;

/// Makes every check that concerns `interface`.
pub(crate) async fn examine(subject: &Subject, interface: Interface) -> Report {
    let mut suite = Suite { subject, interface, callable: false, served: Vec::new(), asked: Vec::new(), number: 0 };
    let mut findings = Vec::new();
    for check in Check::ALL.iter().copied().filter(|check| check.concerns(interface)) {
        findings.push(Finding { check, verdict: suite.verdict(check).await });
    }
    Report { interface, findings, figures: suite.figures() }
}

/// The examination of one interface.
struct Suite<'a> {
    subject: &'a Subject,
    interface: Interface,
    /// Whether it exports what it should.
    callable: bool,
    /// The good requests that it answers well.
    served: Vec<Served>,
    /// Every call so far.
    asked: Vec<Asked>,
    /// How many keys were given.
    number: u64,
}

/// A good request that is answered well.
#[derive(Clone)]
struct Served {
    request: Request,
    /// Whether the provider asks its peer about it.
    asks_peer: bool,
}

/// One call, and what is to be known of its request afterwards.
struct Asked {
    check: Check,
    label: String,
    /// What the provider must not tell, beside what it always must not.
    secret: Option<String>,
    /// What the cart costs before it is adjusted.
    price: Option<i128>,
    call: Call,
}

/// What one call is to show.
struct Trial {
    label: String,
    request: Request,
    reply: Reply,
}

impl Trial {
    fn new(detail: impl std::fmt::Display, request: Request, reply: Reply) -> Self {
        Self { label: format!("{} ({detail})", request.name()), request, reply }
    }
}

impl Suite<'_> {
    async fn verdict(&mut self, check: Check) -> Verdict {
        match check {
            Check::Exports => return self.exports(),
            Check::Imports => return self.imports(),
            _ if !self.callable => return Verdict::NotApplicable("it cannot be called".to_owned()),
            Check::Answers => return self.answers().await,
            // What all calls so far say can be said of any.
            _ if self.served.is_empty() && (check < Check::Signs || check == Check::Redirects) => {
                return Verdict::NotApplicable("it answers no good request".to_owned());
            }
            _ => {}
        }
        let silent = self.asking().is_empty();
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
                Verdict::NotApplicable("it makes no HTTP request".to_owned())
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

    /// The served requests about which the peer is asked.
    fn asking(&self) -> Vec<Request> {
        self.served.iter().filter(|served| served.asks_peer).map(|served| served.request.clone()).collect()
    }

    /// The same request under a key that no other has.
    fn fresh(&mut self, request: &Request) -> Request {
        self.number += 1;
        request.clone().numbered(self.number)
    }

    /// Asks, and keeps what was seen.
    async fn ask(&mut self, check: Check, trial: Trial) -> &Asked {
        let Trial { label, request, reply } = trial;
        let secret = request.secret().map(str::to_owned);
        let price = match &request {
            Request::Adjust(cart) => Some(prices::price(cart)),
            _ => None,
        };
        let call = self.subject.ask(request, reply).await;
        self.asked.push(Asked { check, label, secret, price, call });
        &self.asked[self.asked.len() - 1]
    }

    /// Asks all of `trials`; each must be answered, and `judge` must find nothing wrong with the answer.
    async fn all(
        &mut self,
        check: Check,
        trials: Vec<Trial>,
        judge: impl Fn(&Reply, &Answer) -> Result<(), &'static str>,
    ) -> Verdict {
        let (mut wrong, mut words, count) = (Vec::new(), BTreeSet::new(), trials.len());
        for trial in trials {
            let reply = trial.reply.clone();
            let Asked { label, call, .. } = self.ask(check, trial).await;
            match &call.answer {
                Err(failure) => wrong.push(format!("{label}: {failure}")),
                Ok(answer) => {
                    words.insert(answer.word);
                    if let Err(why) = judge(&reply, answer) {
                        wrong.push(format!("{label}: {}, {why}", said(answer)));
                    }
                }
            }
        }
        let words = words.into_iter().collect::<Vec<_>>().join(", ");
        verdict(wrong, format!("{words} ({count} calls)"))
    }

    /// What all calls say about what none may do.
    fn never(&self, seen: String, what: impl Fn(&Asked) -> Option<String>) -> Verdict {
        verdict(
            self.asked.iter().filter_map(|asked| Some(format!("{}: {}", asked.label, what(asked)?))).collect(),
            seen,
        )
    }

    fn figures(&self) -> Figures {
        let good = self.asked.iter().filter(|asked| asked.check == Check::Answers);
        Figures {
            bytes: 0,
            calls: self.asked.len(),
            start: middle(self.asked.iter().map(|asked| asked.call.start).collect()),
            call_cpu: middle(good.map(|asked| asked.call.cpu).collect()),
            peak_cpu: self.asked.iter().map(|asked| asked.call.cpu).max().unwrap_or_default(),
            peak_memory: self.asked.iter().map(|asked| asked.call.memory).max().unwrap_or_default(),
        }
    }
}

/// Failed if anything is wrong.
fn verdict(wrong: Vec<String>, seen: String) -> Verdict {
    if wrong.is_empty() {
        return Verdict::Passed(seen);
    }
    let more = wrong.len().saturating_sub(NAMED);
    let named = wrong.into_iter().take(NAMED).collect::<Vec<_>>().join("; ");
    Verdict::Failed(if more > 0 { format!("{named}; and {more} more") } else { named })
}

/// An answer in a few words. What a provider says is no secret; whether it tells one is another check.
fn said(answer: &Answer) -> String {
    let text: String = answer.text.chars().take(80).collect();
    if text.is_empty() { answer.word.to_owned() } else { format!("{} {text:?}", answer.word) }
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
