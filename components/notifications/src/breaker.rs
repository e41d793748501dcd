//! When a provider is asked and when it is left alone: a circuit breaker, as it is kept for each channel. Pure.
//!
//! It is closed until the provider has failed so many times in a row. Then it is open: nobody asks for a while. After that one delivery tries
//! whether the provider is back, and the others wait for what comes of it: it closes, or stays open for another while.

use spindle_contracts::Timestamp;
use std::time::Duration;

/// After how many failures in a row it opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    pub(crate) failures: u32,
    pub(crate) pause: Duration,
}

/// A breaker. The default is that of a provider that has not failed of late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Breaker {
    /// How often in a row the provider has failed.
    pub(crate) failures: u32,
    /// Until when it is not asked.
    pub(crate) open_until: Option<Timestamp>,
    /// Until when somebody tries whether it is back.
    pub(crate) probing_until: Option<Timestamp>,
}

/// What is to be done with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    /// Ask the provider.
    Pass,
    /// Ask nobody before this time.
    Wait(Timestamp),
    /// Try whether the provider is back, unless somebody else was faster.
    Probe,
    /// Somebody tries just now.
    Probing,
}

impl Breaker {
    /// What is to be done at `now`.
    pub(crate) fn gate(&self, now: Timestamp) -> Gate {
        match (self.open_until, self.probing_until) {
            (None, _) => Gate::Pass,
            (Some(until), _) if now < until => Gate::Wait(until),
            (_, Some(until)) if now < until => Gate::Probing,
            _ => Gate::Probe,
        }
    }

    /// The breaker after the provider has failed at `now`.
    pub(crate) fn failed(self, now: Timestamp, policy: Policy) -> Self {
        let failures = self.failures.saturating_add(1);
        let opens = self.open_until.is_some() || failures >= policy.failures;
        Self { failures, open_until: opens.then(|| now.plus(policy.pause)), probing_until: None }
    }
}

#[cfg(test)]
mod tests {
    use super::{Breaker, Gate, Policy};
    use spindle_contracts::Timestamp;
    use std::time::Duration;

    const POLICY: Policy = Policy { failures: 3, pause: Duration::from_secs(30) };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn failed(times: i64) -> Breaker {
        (0..times).fold(Breaker::default(), |breaker, second| breaker.failed(at(second), POLICY))
    }

    #[test]
    fn it_opens_after_so_many_failures_in_a_row() {
        for times in 0..3 {
            assert_eq!(failed(times).gate(at(times)), Gate::Pass);
        }
        let open = failed(3);
        assert_eq!(open.gate(at(2)), Gate::Wait(at(32)));
        assert_eq!(open.gate(Timestamp::from_millis(31_999)), Gate::Wait(at(32)));
    }

    #[test]
    fn after_a_while_one_tries_and_the_others_wait() {
        let open = failed(3);
        assert_eq!(open.gate(at(32)), Gate::Probe);
        let probed = Breaker { probing_until: Some(at(52)), ..open };
        assert_eq!(probed.gate(at(33)), Gate::Probing);
        // Whoever tried is dead.
        assert_eq!(probed.gate(at(52)), Gate::Probe);
    }

    #[test]
    fn one_failure_is_enough_to_keep_it_open() {
        let probed = Breaker { probing_until: Some(at(52)), ..failed(3) };
        let open = probed.failed(at(40), POLICY);
        assert_eq!((open.gate(at(40)), open.gate(at(70))), (Gate::Wait(at(70)), Gate::Probe));
    }
}
