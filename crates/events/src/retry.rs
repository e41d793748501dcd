//! When what failed is tried again: exponential backoff with full jitter, `random(0, min(cap, base * 2^n))`, so that many who failed
//! together do not come back together.

use spindle_platform::{Context, config};

/// The variables.
const BASE: &str = "event_retry_base_ms";
const CAP: &str = "event_retry_cap_ms";
const MAX_ATTEMPTS: &str = "event_max_attempts";

/// How often, and how soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The longest wait after the first failure, in milliseconds.
    pub base_ms: u64,
    /// The longest wait at all, in milliseconds.
    pub cap_ms: u64,
    /// After how many attempts an event is dead.
    pub max_attempts: u32,
}

impl Policy {
    /// What the variables `event_retry_base_ms`, `event_retry_cap_ms` and `event_max_attempts` say.
    ///
    /// # Errors
    ///
    /// If one is missing or no whole number.
    pub fn of(context: &Context) -> Result<Self, config::Error> {
        let config = context.config();
        let millis = |name| config.parse(name, "a whole number of milliseconds");
        let max_attempts: u32 = config.parse(MAX_ATTEMPTS, "a whole number")?;
        Ok(Self { base_ms: millis(BASE)?, cap_ms: millis(CAP)?, max_attempts: max_attempts.max(1) })
    }

    /// The longest wait after attempt number `attempt`, which counts from 1, in milliseconds.
    pub fn ceiling(&self, attempt: u32) -> u64 {
        let factor = 1_u64.checked_shl(attempt.saturating_sub(1)).unwrap_or(u64::MAX);
        self.base_ms.saturating_mul(factor).min(self.cap_ms)
    }

    /// How long to wait after attempt number `attempt`, in milliseconds, with `random` evenly spread.
    pub fn delay(&self, attempt: u32, random: u64) -> u64 {
        // The upper half of the product: even enough, and no modulo.
        let wide = u128::from(random) * (u128::from(self.ceiling(attempt)) + 1);
        u64::try_from(wide >> 64).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::Policy;

    const POLICY: Policy = Policy { base_ms: 100, cap_ms: 5_000, max_attempts: 5 };

    #[test]
    fn the_ceiling_doubles_up_to_the_cap() {
        let ceilings: Vec<u64> = (1..=8).map(|attempt| POLICY.ceiling(attempt)).collect();
        assert_eq!(ceilings, [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
        assert_eq!(POLICY.ceiling(200), 5_000);
        assert_eq!(Policy { base_ms: 0, ..POLICY }.delay(3, u64::MAX), 0);
    }

    #[test]
    fn every_delay_from_nothing_to_the_ceiling_comes_equally_often() {
        for attempt in 1..=8 {
            let ceiling = POLICY.ceiling(attempt);
            assert_eq!((POLICY.delay(attempt, 0), POLICY.delay(attempt, u64::MAX)), (0, ceiling));
            // Evenly spread numbers in, so exactly as evenly spread delays out.
            let mut tenths = [0_u32; 10];
            for step in 0..1_000_u64 {
                let delay = POLICY.delay(attempt, step * (u64::MAX / 1_000));
                tenths[usize::try_from((delay * 10 / (ceiling + 1)).min(9)).unwrap()] += 1;
            }
            assert!(tenths.iter().all(|count| (90..=110).contains(count)), "{attempt}: {tenths:?}");
        }
    }
}
