//! Checks with good requests: they can be made, they succeed, and a repeated one returns the same response.

use super::{AcceptedRequest, Suite, TestCall, summary, verdict};
use crate::check::{Check, Interface};
use crate::imports;
use crate::provider_response::ResponseClass;
use crate::report::Verdict;
use crate::request::Request;
use crate::stub_server::Reply;

impl Suite<'_> {
    pub(super) fn exports(&mut self) -> Verdict {
        match self.provider.check_exports(self.interface) {
            Ok(()) => {
                self.callable = true;
                Verdict::Passed(self.interface.name().to_owned())
            }
            Err(why) => Verdict::Failed(format!("{} differs from the one in wit/: {why}", self.interface.name())),
        }
    }

    pub(super) fn imports(&self) -> Verdict {
        let imports = self.provider.imports();
        let count = imports.len();
        let wrong = imports.into_iter().filter(|import| !imports::is_allowed(import)).collect();
        verdict(wrong, format!("{count} interfaces of WASI and for settings"))
    }

    pub(super) async fn answers(&mut self) -> Verdict {
        let (interface, token) = (self.interface, self.provider.settings().token.clone());
        let (mut wrong, mut seen, mut reference) = (Vec::new(), Vec::new(), String::new());
        for at in 0..Request::good(interface, &token, "").len() {
            let request = Request::good(interface, &token, &reference).swap_remove(at);
            let (name, fresh) = (request.name(), self.fresh(&request));
            let call = &self.call(Check::Answers, TestCall::new("good request", fresh, Reply::Success)).await.call;
            let calls_service = !call.requests.is_empty();
            let response = match &call.response {
                Ok(response) => response.clone(),
                Err(failure) => {
                    wrong.push(format!("{name}: {failure}"));
                    continue;
                }
            };
            seen.push(format!("{name}: {}", response.word));
            let is_accepted = match (interface, response.class) {
                (_, ResponseClass::Success) | (Interface::Pricing, ResponseClass::Permanent) => true,
                // The provider does not serve this channel.
                (Interface::Notify, ResponseClass::Permanent) => false,
                (Interface::Notify | Interface::Payments, _) | (Interface::Pricing, ResponseClass::Retryable) => {
                    wrong.push(format!("{name}: {}", summary(&response)));
                    false
                }
            };
            if matches!(request, Request::Authorize(_)) {
                reference = response.text;
            }
            if is_accepted {
                self.accepted.push(AcceptedRequest { request, calls_service });
            }
        }
        if self.accepted.is_empty() && wrong.is_empty() {
            wrong.push(format!("no channel is served: {}", seen.join(", ")));
        }
        if self.accepted.is_empty() {
            wrong.push("--variable, --token and --response set the provider up".to_owned());
        }
        verdict(wrong, seen.join(", "))
    }

    pub(super) async fn repeat(&mut self) -> Verdict {
        let mut wrong = Vec::new();
        for AcceptedRequest { request, calls_service } in self.accepted.clone() {
            wrong.extend(if calls_service { self.repeat_after_a_lost_response(&request).await } else { None });
            let (name, request) = (request.name(), self.fresh(&request));
            let mut responses = Vec::new();
            for attempt in 1..=2 {
                let test_call =
                    TestCall::new(format!("attempt {attempt}"), request.clone().attempt(attempt), Reply::Success);
                responses.push(self.call(Check::Repeat, test_call).await.call.response.clone());
            }
            match responses.as_slice() {
                [Ok(first), Ok(again)] if first == again => {}
                [Ok(first), Ok(again)] => {
                    wrong.push(format!("{name}: first {}, then {}", summary(first), summary(again)))
                }
                responses => wrong.extend(
                    responses.iter().filter_map(|response| Some(format!("{name}: {}", response.as_ref().err()?))),
                ),
            }
        }
        verdict(wrong, "two attempts return the same response".to_owned())
    }

    /// Makes a request whose response is lost, and makes it again: the service may have carried it out, and says so under the same key. Returns
    /// what is wrong. The response to the first one is the matter of another check.
    async fn repeat_after_a_lost_response(&mut self, request: &Request) -> Option<String> {
        let (name, mut request) = (request.name(), self.fresh(request));
        // Nothing is carried out that has no key.
        request.key()?;
        for (attempt, reply) in [(1, Reply::NoResponse), (2, Reply::Success)] {
            let detail = format!("attempt {attempt}, the first without a response");
            let test_call = TestCall::new(detail, request.clone().attempt(attempt), reply);
            let call = &self.call(Check::Repeat, test_call).await.call;
            if attempt == 1 {
                continue;
            }
            match &call.response {
                Ok(response) if response.class != ResponseClass::Success => {
                    return Some(format!("{name}: {} after a lost response", summary(response)));
                }
                Ok(_) if call.requests.is_empty() => {
                    return Some(format!("{name}: the service is not asked again after a lost response"));
                }
                Ok(_) => {}
                Err(failure) => return Some(format!("{name}: {failure} after a lost response")),
            }
        }
        None
    }

    pub(super) async fn keys(&mut self) -> Verdict {
        let mut wrong = Vec::new();
        for AcceptedRequest { request, calls_service } in self.accepted.clone() {
            let (name, mut references) = (request.name(), Vec::new());
            for _ in 0..2 {
                let mut request = self.fresh(&request);
                let key = request.key().cloned().unwrap_or_default();
                let call = &self.call(Check::Keys, TestCall::new("another key", request, Reply::Success)).await.call;
                if calls_service && !call.requests.iter().any(|seen| seen.mentions(&key)) {
                    wrong.push(format!("{name}: the key is not in any request to the service"));
                }
                references.extend(call.response.as_ref().ok().map(|response| response.text.clone()));
            }
            match references.as_slice() {
                [one, other] if !one.is_empty() && one == other => {
                    wrong.push(format!("{name}: two requests have one reference, {one:?}"));
                }
                _ => {}
            }
        }
        wrong.dedup();
        let seen = if self.requests_to_service().is_empty() {
            "two keys have two references"
        } else {
            "each request to the service contains the key"
        };
        verdict(wrong, seen.to_owned())
    }
}
