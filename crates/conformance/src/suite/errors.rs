//! Checks of the provider's reaction to each kind of failure of its service.

use super::{Suite, TestCall};
use crate::check::{Check, Interface};
use crate::provider_response::{ProviderResponse, ResponseClass};
use crate::report::Verdict;
use crate::stub_server::Reply;

/// The length of a body that is longer than any message of a service.
const LONG: usize = 1 << 20;

/// Returns the replies that `check` uses, with their names in a report.
fn replies(check: Check) -> Vec<(&'static str, Reply)> {
    match check {
        Check::ClientError => vec![("400", Reply::Status(400))],
        Check::TooMany => vec![("429", Reply::Status(429))],
        Check::ServerError => vec![("500", Reply::Status(500)), ("503", Reply::Status(503))],
        Check::Connection => vec![("no connection", Reply::ConnectionRefused)],
        Check::Silence => vec![("no response", Reply::NoResponse), ("half a response", Reply::StalledBody)],
        Check::EndlessBody => vec![("a response without an end", Reply::EndlessBody)],
        Check::Redirect => vec![("302", Reply::Redirect(302)), ("308", Reply::Redirect(308))],
        Check::Garbage => {
            let bodies: [(&'static str, &[u8]); 7] = [
                ("an empty response", b""),
                ("no JSON", b"<html>welcome</html>"),
                ("JSON that is cut", br#"{"id":"#),
                ("null", b"null"),
                ("a list", b"[]"),
                ("an id that is a number", br#"{"id":5}"#),
                ("no UTF-8", b"\xff\xfe{}"),
            ];
            let long = format!(r#"{{"id":"{}"}}"#, "x".repeat(LONG)).into_bytes();
            let bodies = bodies.map(|(name, body)| (name, Reply::Body(body.to_vec())));
            let rest = [("an id of 1 MiB", Reply::Body(long)), ("a truncated response", Reply::TruncatedBody)];
            bodies.into_iter().chain(rest).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns whether a response fits the behaviour of the service. A malformed reply may lead to any response, as long as there is one.
fn judge(interface: Interface, check: Check, reply: &Reply, response: &ProviderResponse) -> Result<(), &'static str> {
    let (is_pricing, outcome) = (interface == Interface::Pricing, response.class);
    match check {
        Check::ClientError if outcome != ResponseClass::Permanent => Err("although a retry cannot succeed"),
        // An adjuster may have default prices for an outage of its service.
        Check::TooMany | Check::ServerError | Check::Connection | Check::Silence if is_pricing => {
            if outcome == ResponseClass::Permanent { Err("although a retry may succeed") } else { Ok(()) }
        }
        Check::Silence if *reply == Reply::StalledBody => {
            if outcome == ResponseClass::Permanent {
                Err("although the request may have been carried out")
            } else {
                Ok(())
            }
        }
        Check::TooMany | Check::ServerError | Check::Connection | Check::Silence
            if outcome != ResponseClass::Retryable =>
        {
            Err("although a retry may succeed")
        }
        Check::Redirect if outcome == ResponseClass::Success => Err("although nothing was carried out"),
        _ => Ok(()),
    }
}

impl Suite<'_> {
    pub(super) async fn error(&mut self, check: Check) -> Verdict {
        let interface = self.interface;
        let test_calls =
            replies(check).into_iter().flat_map(|(name, reply)| self.test_calls_to_service(name, &reply)).collect();
        self.call_all(check, test_calls, |reply, response| judge(interface, check, reply, response)).await
    }

    /// Returns a call for each request for which the provider calls its service.
    pub(super) fn test_calls_to_service(&mut self, name: &str, reply: &Reply) -> Vec<TestCall> {
        let requests = self.requests_to_service();
        requests.iter().map(|request| TestCall::new(name, self.fresh(request), reply.clone())).collect()
    }
}
