//! Good requests: whether they can be made at all, are answered, and have the same answer twice.

use super::{Served, Suite, Trial, said, verdict};
use crate::answer::Outcome;
use crate::check::{Check, Interface};
use crate::imports;
use crate::peer::Reply;
use crate::report::Verdict;
use crate::request::Request;

impl Suite<'_> {
    pub(super) fn exports(&mut self) -> Verdict {
        match self.subject.check_exports(self.interface) {
            Ok(()) => {
                self.callable = true;
                Verdict::Passed(self.interface.name().to_owned())
            }
            Err(why) => Verdict::Failed(format!("{} differs from the one in wit/: {why}", self.interface.name())),
        }
    }

    pub(super) fn imports(&self) -> Verdict {
        let imports = self.subject.imports();
        let count = imports.len();
        let wrong = imports.into_iter().filter(|import| !imports::is_allowed(import)).collect();
        verdict(wrong, format!("{count} interfaces of WASI and for settings"))
    }

    pub(super) async fn answers(&mut self) -> Verdict {
        let (interface, token) = (self.interface, self.subject.settings().token.clone());
        let (mut wrong, mut seen, mut reference) = (Vec::new(), Vec::new(), String::new());
        for at in 0..Request::good(interface, &token, "").len() {
            let request = Request::good(interface, &token, &reference).swap_remove(at);
            let (name, fresh) = (request.name(), self.fresh(&request));
            let call = &self.ask(Check::Answers, Trial::new("a good one", fresh, Reply::Good)).await.call;
            let asks_peer = !call.seen.is_empty();
            let answer = match &call.answer {
                Ok(answer) => answer.clone(),
                Err(failure) => {
                    wrong.push(format!("{name}: {failure}"));
                    continue;
                }
            };
            seen.push(format!("{name}: {}", answer.word));
            let is_served = match (interface, answer.outcome) {
                (_, Outcome::Done) | (Interface::Pricing, Outcome::Never) => true,
                // A channel that it does not have.
                (Interface::Notify, Outcome::Never) => false,
                (Interface::Notify | Interface::Payments, _) | (Interface::Pricing, Outcome::Later) => {
                    wrong.push(format!("{name}: {}", said(&answer)));
                    false
                }
            };
            if matches!(request, Request::Authorize(_)) {
                reference = answer.text;
            }
            if is_served {
                self.served.push(Served { request, asks_peer });
            }
        }
        if self.served.is_empty() && wrong.is_empty() {
            wrong.push(format!("it serves no channel: {}", seen.join(", ")));
        }
        if self.served.is_empty() {
            wrong.push("what it needs to be set up is given with --variable, --token and --answer".to_owned());
        }
        verdict(wrong, seen.join(", "))
    }

    pub(super) async fn repeat(&mut self) -> Verdict {
        let mut wrong = Vec::new();
        for Served { request, .. } in self.served.clone() {
            let (name, request) = (request.name(), self.fresh(&request));
            let mut answers = Vec::new();
            for attempt in 1..=2 {
                let trial = Trial::new(format!("attempt {attempt}"), request.clone().attempt(attempt), Reply::Good);
                answers.push(self.ask(Check::Repeat, trial).await.call.answer.clone());
            }
            match answers.as_slice() {
                [Ok(first), Ok(again)] if first == again => {}
                [Ok(first), Ok(again)] => wrong.push(format!("{name}: first {}, then {}", said(first), said(again))),
                answers => wrong
                    .extend(answers.iter().filter_map(|answer| Some(format!("{name}: {}", answer.as_ref().err()?)))),
            }
        }
        verdict(wrong, "the same answer twice".to_owned())
    }

    pub(super) async fn keys(&mut self) -> Verdict {
        let mut wrong = Vec::new();
        for Served { request, asks_peer } in self.served.clone() {
            let (name, mut references) = (request.name(), Vec::new());
            for _ in 0..2 {
                let mut request = self.fresh(&request);
                let key = request.key().cloned().unwrap_or_default();
                let call = &self.ask(Check::Keys, Trial::new("another key", request, Reply::Good)).await.call;
                if asks_peer && !call.seen.iter().any(|seen| seen.mentions(&key)) {
                    wrong.push(format!("{name}: the key is nowhere in what the peer is asked"));
                }
                references.extend(call.answer.as_ref().ok().map(|answer| answer.text.clone()));
            }
            match references.as_slice() {
                [one, other] if !one.is_empty() && one == other => {
                    wrong.push(format!("{name}: two requests have one reference, {one:?}"));
                }
                _ => {}
            }
        }
        wrong.dedup();
        let seen = if self.asking().is_empty() {
            "another key, another reference"
        } else {
            "the key travels with the request"
        };
        verdict(wrong, seen.to_owned())
    }
}
