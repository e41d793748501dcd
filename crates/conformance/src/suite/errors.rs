//! What a provider makes of a peer that fails, in each of the ways there are.

use super::{Suite, Trial};
use crate::answer::{Answer, Outcome};
use crate::check::{Check, Interface};
use crate::peer::Reply;
use crate::report::Verdict;

/// A body longer than anything that a service calls a message.
const LONG: usize = 1 << 20;

/// How the peer fails for `check`, and what a report calls it.
fn replies(check: Check) -> Vec<(&'static str, Reply)> {
    match check {
        Check::ClientError => vec![("400", Reply::Status(400))],
        Check::TooMany => vec![("429", Reply::Status(429))],
        Check::ServerError => vec![("500", Reply::Status(500)), ("503", Reply::Status(503))],
        Check::Connection => vec![("no connection", Reply::Refused)],
        Check::Silence => vec![("no answer", Reply::Silence), ("half an answer", Reply::HalfSilence)],
        Check::EndlessBody => vec![("an answer without an end", Reply::Endless)],
        Check::Redirect => vec![("302", Reply::Redirect(302)), ("308", Reply::Redirect(308))],
        Check::Garbage => {
            let bodies: [(&'static str, &[u8]); 7] = [
                ("an empty answer", b""),
                ("no JSON", b"<html>welcome</html>"),
                ("JSON that is cut", br#"{"id":"#),
                ("null", b"null"),
                ("a list", b"[]"),
                ("an id that is a number", br#"{"id":5}"#),
                ("no UTF-8", b"\xff\xfe{}"),
            ];
            let long = format!(r#"{{"id":"{}"}}"#, "x".repeat(LONG)).into_bytes();
            let bodies = bodies.map(|(name, body)| (name, Reply::Body(body.to_vec())));
            let rest = [("an id of 1 MiB", Reply::Body(long)), ("an answer that breaks off", Reply::BrokenOff)];
            bodies.into_iter().chain(rest).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether an answer fits what the peer did. Whatever an answer that makes no sense is taken for, it must only be taken for something.
fn judge(interface: Interface, check: Check, reply: &Reply, answer: &Answer) -> Result<(), &'static str> {
    let (is_pricing, outcome) = (interface == Interface::Pricing, answer.outcome);
    match check {
        Check::ClientError if outcome != Outcome::Never => Err("though it will never work"),
        // An adjuster may have prices of its own for when its peer is away.
        Check::TooMany | Check::ServerError | Check::Connection | Check::Silence if is_pricing => {
            if outcome == Outcome::Never { Err("though it may work later") } else { Ok(()) }
        }
        Check::Silence if *reply == Reply::HalfSilence => {
            if outcome == Outcome::Never {
                Err("though it was done")
            } else {
                Ok(())
            }
        }
        Check::TooMany | Check::ServerError | Check::Connection | Check::Silence if outcome != Outcome::Later => {
            Err("though it may work later")
        }
        Check::Redirect if outcome == Outcome::Done => Err("though nothing was done"),
        _ => Ok(()),
    }
}

impl Suite<'_> {
    pub(super) async fn error(&mut self, check: Check) -> Verdict {
        let interface = self.interface;
        let trials = replies(check).into_iter().flat_map(|(name, reply)| self.each_asking(name, &reply)).collect();
        self.all(check, trials, |reply, answer| judge(interface, check, reply, answer)).await
    }

    /// One trial for each request about which the peer is asked.
    pub(super) fn each_asking(&mut self, name: &str, reply: &Reply) -> Vec<Trial> {
        let requests = self.asking();
        requests.iter().map(|request| Trial::new(name, self.fresh(request), reply.clone())).collect()
    }
}
