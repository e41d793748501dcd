//! Checks of the resources of every call so far: memory, CPU time, duration, and the length of references.

use std::time::Duration;

use super::{CheckedCall, Suite};
use crate::check::{Check, Interface};
use crate::provider::{CPU, CallFailure};
use crate::provider_response::ResponseClass;
use crate::report::Verdict;
use crate::state::MEMORY;
use crate::stub_server::Reply;

/// The longest allowed reference, in characters.
const REFERENCE: usize = 255;

/// The delay from which a customer notices the wait.
const NOTICED: Duration = Duration::from_secs(1);

impl Suite<'_> {
    /// Returns the time within which a call must return.
    fn patience(&self) -> Duration {
        Duration::from_secs(if self.interface == Interface::Pricing { 5 } else { 10 })
    }

    pub(super) fn memory(&self) -> Verdict {
        let peak = self.figures().peak_memory;
        self.no_call(format!("at most {:.1} MiB", peak as f64 / f64::from(1 << 20)), |checked| {
            checked.call.memory_refused.then(|| format!("more than {} MiB", MEMORY >> 20))
        })
    }

    pub(super) fn cpu(&self) -> Verdict {
        self.no_call(format!("at most {} ms", self.figures().peak_cpu.as_millis()), |checked| {
            let is_long = checked.call.response == Err(CallFailure::Cpu) || checked.call.cpu > CPU;
            is_long.then(|| format!("more than {} s", CPU.as_secs()))
        })
    }

    pub(super) async fn time(&mut self) -> Verdict {
        for test_call in self.test_calls_to_service("a byte a second", &Reply::SlowBody) {
            self.call(Check::Time, test_call).await;
        }
        let patience = self.patience();
        let longest = self.calls.iter().map(|checked| checked.call.took).max().unwrap_or_default();
        let mut seen = format!("at most {:.1} s", longest.as_secs_f64());
        let is_slow = |checked: &CheckedCall| checked.check == Check::Answers && checked.call.took > NOTICED;
        if self.interface == Interface::Pricing && self.calls.iter().any(is_slow) {
            seen.push_str("; a good cart takes more than a second, and a customer waits for it");
        }
        self.no_call(seen, |checked| {
            if checked.call.response == Err(CallFailure::Stuck) {
                return Some("it waits forever".to_owned());
            }
            (checked.call.took > patience).then(|| format!("{:.1} s", checked.call.took.as_secs_f64()))
        })
    }

    pub(super) fn texts(&self) -> Verdict {
        let is_done = |checked: &&CheckedCall| {
            checked.call.response.as_ref().is_ok_and(|response| response.class == ResponseClass::Success)
        };
        let lengths = self.calls.iter().filter(is_done).filter_map(|checked| checked.call.response.as_ref().ok());
        let longest = lengths.map(|response| response.text.chars().count()).max().unwrap_or_default();
        self.no_call(format!("at most {longest} characters"), |checked| {
            let response =
                checked.call.response.as_ref().ok().filter(|response| response.class == ResponseClass::Success)?;
            let length = response.text.chars().count();
            if length > REFERENCE {
                return Some(format!("a reference of {length} characters"));
            }
            // Requests that settle a payment return no reference.
            (length == 0 && matches!(response.word, "authorized" | "pending")).then(|| "no reference".to_owned())
        })
    }
}
