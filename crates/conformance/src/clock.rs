//! The provider's clock. It runs while the provider computes, so that the load of the machine does not matter, and jumps while the provider
//! waits: a wait takes a thousandth of its time, and then the clock shows the time that was waited for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use rustix::time::{ClockId, clock_gettime};
use wasmtime::component::{HasData, Resource, ResourceTable};
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock::Host;
use wasmtime_wasi::p2::{DynPollable, Pollable, subscribe};
use wasmtime_wasi::{HostMonotonicClock, HostWallClock};

/// The end of time: a longer wait never ends, and [`Clock::longest_wait`] bounds it in real time.
pub(crate) const END: Duration = Duration::from_secs(60);

/// Noon of some day, in seconds since the Unix epoch: providers that sign or date their requests get a plausible time.
const NOON: Duration = Duration::from_secs(1_767_268_800);

/// Returns the CPU time of this thread.
pub(crate) fn thread_cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

/// The clock of one call, which runs on one thread.
#[derive(Clone, Debug)]
pub(crate) struct Clock(Arc<Time>);

#[derive(Debug)]
struct Time {
    started: Duration,
    skipped: Mutex<Duration>,
}

impl Clock {
    /// Starts a clock.
    pub(crate) fn start() -> Self {
        Self(Arc::new(Time { started: thread_cpu_time(), skipped: Mutex::default() }))
    }

    /// Returns the time since the start.
    pub(crate) fn now(&self) -> Duration {
        self.elapsed() + *self.0.skipped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `time`. Never returns for a time after [`END`].
    pub(crate) async fn wait_until(&self, time: Duration) {
        if time > END {
            std::future::pending::<()>().await;
        }
        let left = time.saturating_sub(self.now());
        if left.is_zero() {
            // A guest that polls in a loop must let other tasks run in between.
            return tokio::task::yield_now().await;
        }
        tokio::time::sleep(shortened(left)).await;
        let mut skipped = self.0.skipped.lock().unwrap_or_else(PoisonError::into_inner);
        let late = time.saturating_sub(self.elapsed() + *skipped);
        *skipped += late;
    }

    fn elapsed(&self) -> Duration {
        thread_cpu_time().saturating_sub(self.0.started)
    }

    /// Returns the longest real time after which a wait that can end has ended.
    pub(crate) fn longest_wait() -> Duration {
        shortened(END)
    }
}

/// Returns the real time that a wait for `time` takes.
fn shortened(time: Duration) -> Duration {
    time.min(Duration::from_millis(1) + time / 1_000)
}

impl HostMonotonicClock for Clock {
    fn resolution(&self) -> u64 {
        1_000
    }

    fn now(&self) -> u64 {
        u64::try_from(Clock::now(self).as_nanos()).unwrap_or(u64::MAX)
    }
}

impl HostWallClock for Clock {
    fn resolution(&self) -> Duration {
        Duration::from_micros(1)
    }

    fn now(&self) -> Duration {
        NOON + Clock::now(self)
    }
}

/// Marks `wasi:clocks/monotonic-clock` over a [`Clock`]: the stock implementation reads the given clock, but waits by the real one.
pub(crate) struct Monotonic;

impl HasData for Monotonic {
    type Data<'a> = MonotonicView<'a>;
}

/// The parts of a store that the interface needs.
pub(crate) struct MonotonicView<'a> {
    pub(crate) clock: &'a Clock,
    pub(crate) table: &'a mut ResourceTable,
}

impl Host for MonotonicView<'_> {
    fn now(&mut self) -> wasmtime::Result<u64> {
        Ok(HostMonotonicClock::now(self.clock))
    }

    fn resolution(&mut self) -> wasmtime::Result<u64> {
        Ok(HostMonotonicClock::resolution(self.clock))
    }

    fn subscribe_instant(&mut self, when: u64) -> wasmtime::Result<Resource<DynPollable>> {
        let timer = self.table.push(Timer { clock: self.clock.clone(), time: Duration::from_nanos(when) })?;
        subscribe(self.table, timer)
    }

    fn subscribe_duration(&mut self, duration: u64) -> wasmtime::Result<Resource<DynPollable>> {
        self.subscribe_instant(HostMonotonicClock::now(self.clock).saturating_add(duration))
    }
}

struct Timer {
    clock: Clock,
    time: Duration,
}

#[async_trait]
impl Pollable for Timer {
    async fn ready(&mut self) {
        self.clock.wait_until(self.time).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "current_thread")]
    async fn waits_end_at_once_and_in_order() {
        let clock = Clock::start();
        let (late, early) = (clock.wait_until(Duration::from_secs(20)), clock.wait_until(Duration::from_secs(10)));
        tokio::select! {
            () = late => panic!("the later of two comes later"),
            () = early => {}
        }
        assert!((10..20).contains(&clock.now().as_secs()), "{:?}", clock.now());
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_wait_beyond_the_end_never_returns() {
        let clock = Clock::start();
        let never = clock.wait_until(END + Duration::from_nanos(1));
        assert!(tokio::time::timeout(2 * Clock::longest_wait(), never).await.is_err());
    }
}
