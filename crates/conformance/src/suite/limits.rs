//! What every call so far took: memory, computation, time, and room for an answer.

use std::time::Duration;

use super::{Asked, Suite};
use crate::answer::Outcome;
use crate::check::{Check, Interface};
use crate::peer::Reply;
use crate::report::Verdict;
use crate::state::MEMORY;
use crate::subject::{CPU, Failure};

/// How long a reference may be.
const REFERENCE: usize = 255;

/// How long a customer waits without noticing.
const NOTICED: Duration = Duration::from_secs(1);

impl Suite<'_> {
    /// Within which time there has to be an answer.
    fn patience(&self) -> Duration {
        Duration::from_secs(if self.interface == Interface::Pricing { 5 } else { 10 })
    }

    pub(super) fn memory(&self) -> Verdict {
        let peak = self.figures().peak_memory;
        self.never(format!("at most {:.1} MiB", peak as f64 / f64::from(1 << 20)), |asked| {
            asked.call.memory_refused.then(|| format!("more than {} MiB", MEMORY >> 20))
        })
    }

    pub(super) fn cpu(&self) -> Verdict {
        self.never(format!("at most {} ms", self.figures().peak_cpu.as_millis()), |asked| {
            let is_long = asked.call.answer == Err(Failure::Cpu) || asked.call.cpu > CPU;
            is_long.then(|| format!("more than {} s", CPU.as_secs()))
        })
    }

    pub(super) async fn time(&mut self) -> Verdict {
        for trial in self.each_asking("a byte a second", &Reply::Drip) {
            self.ask(Check::Time, trial).await;
        }
        let patience = self.patience();
        let longest = self.asked.iter().map(|asked| asked.call.took).max().unwrap_or_default();
        let mut seen = format!("at most {:.1} s", longest.as_secs_f64());
        let is_slow = |asked: &Asked| asked.check == Check::Answers && asked.call.took > NOTICED;
        if self.interface == Interface::Pricing && self.asked.iter().any(is_slow) {
            seen.push_str("; a good cart takes more than a second, and a customer waits for it");
        }
        self.never(seen, |asked| {
            if asked.call.answer == Err(Failure::Stuck) {
                return Some("it waits for ever".to_owned());
            }
            (asked.call.took > patience).then(|| format!("{:.1} s", asked.call.took.as_secs_f64()))
        })
    }

    pub(super) fn texts(&self) -> Verdict {
        let is_done = |asked: &&Asked| asked.call.answer.as_ref().is_ok_and(|answer| answer.outcome == Outcome::Done);
        let lengths = self.asked.iter().filter(is_done).filter_map(|asked| asked.call.answer.as_ref().ok());
        let longest = lengths.map(|answer| answer.text.chars().count()).max().unwrap_or_default();
        self.never(format!("at most {longest} characters"), |asked| {
            let answer = asked.call.answer.as_ref().ok().filter(|answer| answer.outcome == Outcome::Done)?;
            let length = answer.text.chars().count();
            if length > REFERENCE {
                return Some(format!("a reference of {length} characters"));
            }
            // What settles a payment answers without one.
            (length == 0 && matches!(answer.word, "authorized" | "pending")).then(|| "no reference".to_owned())
        })
    }
}
