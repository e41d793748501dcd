//! The timing of attempts: how long one may take, how many there are, and how long to wait between them. The wait is an exponential backoff
//! with full jitter, `random(0, min(cap, base * 2^n))`, so that many events that failed together are not retried together.

use crate::worker::Consumer;
use spindle_platform::{Context, config};
use std::time::Duration;

/// The variables.
const LEASE: &str = "event_lease_seconds";
const BASE: &str = "event_retry_base_ms";
const CAP: &str = "event_retry_cap_ms";
const MAX_ATTEMPTS: &str = "event_max_attempts";
const RETRY_SECONDS: &str = "event_retry_seconds";

/// Returns for how long an attempt has its event to itself: longer than `longest_call`, the time that the calls of a provider in one attempt
/// may take.
///
/// # Errors
///
/// If the variable `event_lease_seconds` is missing, no whole number, or too small.
pub fn lease(context: &Context, longest_call: Duration) -> Result<Duration, config::Error> {
    let lease = Duration::from_secs(context.config().parse(LEASE, "a whole number of seconds")?);
    if lease <= longest_call && !longest_call.is_zero() {
        let expected = "longer than the calls of a provider in one attempt may take";
        return Err(config::Error::Invalid { name: LEASE.to_owned(), expected });
    }
    Ok(lease)
}

/// Checks the variables of the consumer of a service, for [`Service::check`](spindle_edge::Service::check).
///
/// # Errors
///
/// If one is missing or no whole number, or the lease is too short for the consumer's calls.
pub fn check(context: &Context, consumer: &Consumer) -> Result<(), config::Error> {
    DeliveryPolicy::of(context, consumer).map(drop)
}

/// The timing of attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryPolicy {
    /// For how long an attempt has its event to itself.
    pub lease: Duration,
    /// The time after the begin of a lease in which an attempt may begin: after it, the rest of the lease may not suffice.
    pub time_to_begin: Duration,
    /// The number of attempts after which an event is a dead letter, once it is old enough.
    pub max_attempts: u32,
    /// The age below which no event is a dead letter because of the number of its attempts: full jitter makes the time that a number of
    /// attempts takes a matter of luck.
    pub retry_for: Duration,
    /// The longest wait after the first failure, in milliseconds.
    pub base_ms: u64,
    /// The longest wait after any failure, in milliseconds.
    pub cap_ms: u64,
}

impl DeliveryPolicy {
    /// Reads the variables `event_lease_seconds`, `event_max_attempts`, `event_retry_seconds`, `event_retry_base_ms` and `event_retry_cap_ms`.
    ///
    /// # Errors
    ///
    /// If one is missing or no whole number, or the lease is too short for the `consumer`.
    pub fn of(context: &Context, consumer: &Consumer) -> Result<Self, config::Error> {
        let config = context.config();
        let millis = |name| config.parse(name, "a whole number of milliseconds");
        let max_attempts: u32 = config.parse(MAX_ATTEMPTS, "a whole number")?;
        let retry_for = Duration::from_secs(config.parse(RETRY_SECONDS, "a whole number of seconds")?);
        let (base_ms, cap_ms) = (millis(BASE)?, millis(CAP)?);
        let longest_call = (consumer.longest_call)(context)?;
        let lease = lease(context, longest_call)?;
        let time_to_begin = (lease / 2).min(lease.saturating_sub(longest_call));
        Ok(Self { lease, time_to_begin, max_attempts: max_attempts.max(1), retry_for, base_ms, cap_ms })
    }

    /// Returns whether attempt number `attempt` at an event of this age was the last one.
    pub fn is_last(&self, attempt: u32, age: Duration) -> bool {
        attempt >= self.max_attempts && age >= self.retry_for
    }

    /// Returns the longest wait after attempt number `attempt`, which counts from 1, in milliseconds.
    pub fn ceiling(&self, attempt: u32) -> u64 {
        let factor = 1_u64.checked_shl(attempt.saturating_sub(1)).unwrap_or(u64::MAX);
        self.base_ms.saturating_mul(factor).min(self.cap_ms)
    }

    /// Returns the wait after attempt number `attempt`, in milliseconds, for a `random` number that is evenly distributed.
    pub fn delay(&self, attempt: u32, random: u64) -> u64 {
        // The upper half of the product: even enough, and no modulo.
        let wide = u128::from(random) * (u128::from(self.ceiling(attempt)) + 1);
        u64::try_from(wide >> 64).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::DeliveryPolicy;
    use std::time::Duration;

    const POLICY: DeliveryPolicy = DeliveryPolicy {
        lease: Duration::from_secs(20),
        time_to_begin: Duration::from_secs(10),
        max_attempts: 5,
        retry_for: RETRY_FOR,
        base_ms: 100,
        cap_ms: 5_000,
    };

    const RETRY_FOR: Duration = Duration::from_secs(900);

    #[test]
    fn an_attempt_is_the_last_one_only_at_an_age() {
        for (attempt, seconds, is_last) in
            [(4, 900, false), (5, 899, false), (5, 900, true), (40, 899, false), (40, 901, true)]
        {
            assert_eq!(POLICY.is_last(attempt, Duration::from_secs(seconds)), is_last, "{attempt} at {seconds}");
        }
        let without = DeliveryPolicy { retry_for: Duration::ZERO, ..POLICY };
        assert!(without.is_last(5, Duration::ZERO) && !without.is_last(4, RETRY_FOR));
    }

    #[test]
    fn the_ceiling_doubles_up_to_the_cap() {
        let ceilings: Vec<u64> = (1..=8).map(|attempt| POLICY.ceiling(attempt)).collect();
        assert_eq!(ceilings, [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
        assert_eq!(POLICY.ceiling(200), 5_000);
        assert_eq!(DeliveryPolicy { base_ms: 0, ..POLICY }.delay(3, u64::MAX), 0);
    }

    #[test]
    fn delays_are_evenly_distributed_from_zero_to_the_ceiling() {
        for attempt in 1..=8 {
            let ceiling = POLICY.ceiling(attempt);
            assert_eq!((POLICY.delay(attempt, 0), POLICY.delay(attempt, u64::MAX)), (0, ceiling));
            // Evenly distributed numbers in, so exactly as evenly distributed delays out.
            let mut tenths = [0_u32; 10];
            for step in 0..1_000_u64 {
                let delay = POLICY.delay(attempt, step * (u64::MAX / 1_000));
                tenths[usize::try_from((delay * 10 / (ceiling + 1)).min(9)).unwrap()] += 1;
            }
            assert!(tenths.iter().all(|count| (90..=110).contains(count)), "{attempt}: {tenths:?}");
        }
    }
}
