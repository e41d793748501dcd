//! The circuit breaker before the provider of a channel. Pure.
//!
//! The breaker is closed until the provider has failed a number of times in a row. Then it is open: no delivery calls the provider for a while.
//! After that the breaker is half-open: one delivery makes a probe call, and the others wait for its result, which closes the breaker or opens
//! it for another while.

use spindle_contracts::Timestamp;
use std::time::Duration;

/// The policy of a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BreakerPolicy {
    /// The number of failures in a row after which the breaker opens.
    pub(crate) failures: u32,
    /// The time for which it stays open.
    pub(crate) pause: Duration,
}

/// The state of a breaker. The default is the closed breaker of a provider whose last call succeeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Breaker {
    /// The number of failures in a row.
    pub(crate) failures: u32,
    /// The end of the time in which the provider is not called; `None` while the breaker is closed.
    pub(crate) open_until: Option<Timestamp>,
    /// The end of the lease of the probe call.
    pub(crate) probing_until: Option<Timestamp>,
}

/// The breaker's answer to a delivery that wants to call the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permit {
    /// The breaker is closed: call the provider.
    Call,
    /// The breaker is open: do not call before this time.
    WaitUntil(Timestamp),
    /// The breaker is half-open: make the probe call, unless another delivery has begun it.
    Probe,
    /// Another delivery makes the probe call.
    ProbeInProgress,
}

impl Breaker {
    /// Returns whether the provider may be called at `now`.
    pub(crate) fn permit(&self, now: Timestamp) -> Permit {
        match (self.open_until, self.probing_until) {
            (None, _) => Permit::Call,
            (Some(until), _) if now < until => Permit::WaitUntil(until),
            (_, Some(until)) if now < until => Permit::ProbeInProgress,
            _ => Permit::Probe,
        }
    }

    /// Returns the state after the provider has failed at `now`.
    pub(crate) fn after_failure(self, now: Timestamp, policy: BreakerPolicy) -> Self {
        let failures = self.failures.saturating_add(1);
        let opens = self.open_until.is_some() || failures >= policy.failures;
        Self { failures, open_until: opens.then(|| now.plus(policy.pause)), probing_until: None }
    }
}

#[cfg(test)]
mod tests {
    use super::{Breaker, BreakerPolicy, Permit};
    use spindle_contracts::Timestamp;
    use std::time::Duration;

    const POLICY: BreakerPolicy = BreakerPolicy { failures: 3, pause: Duration::from_secs(30) };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn after_failures(times: i64) -> Breaker {
        (0..times).fold(Breaker::default(), |breaker, second| breaker.after_failure(at(second), POLICY))
    }

    #[test]
    fn it_opens_after_the_configured_number_of_failures_in_a_row() {
        for times in 0..3 {
            assert_eq!(after_failures(times).permit(at(times)), Permit::Call);
        }
        let open = after_failures(3);
        assert_eq!(open.permit(at(2)), Permit::WaitUntil(at(32)));
        assert_eq!(open.permit(Timestamp::from_millis(31_999)), Permit::WaitUntil(at(32)));
    }

    #[test]
    fn one_delivery_probes_and_the_others_wait() {
        let open = after_failures(3);
        assert_eq!(open.permit(at(32)), Permit::Probe);
        let probed = Breaker { probing_until: Some(at(52)), ..open };
        assert_eq!(probed.permit(at(33)), Permit::ProbeInProgress);
        // The lease of the probe has ended.
        assert_eq!(probed.permit(at(52)), Permit::Probe);
    }

    #[test]
    fn a_failed_probe_keeps_it_open() {
        let probed = Breaker { probing_until: Some(at(52)), ..after_failures(3) };
        let open = probed.after_failure(at(40), POLICY);
        assert_eq!((open.permit(at(40)), open.permit(at(70))), (Permit::WaitUntil(at(70)), Permit::Probe));
    }
}
