//! The clock of an application: service tokens for its periodic job trigger (`POST /internal/tick` at the gateway), the reports that it answers with,
//! and the loop that ticks. The program `spindle-ticker` ticks an application in a cluster.

mod certificates;
mod report;
mod token;

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use anyhow::Result;

pub use certificates::authorities;
pub use report::{reports, unavailable};
pub use token::service_token;

/// The path of a tick.
pub const TICK: &str = "/internal/tick";

/// The path at which the gateway has the state of every service and its parts.
pub const HEALTH: &str = "/v1/admin/health";

/// The longest time that a tick may take. The gateway gives up on a service well before.
pub const TIMEOUT: Duration = Duration::from_secs(25);

/// Calls `tick` at once and then `every` so often, counted from the end of the tick before, until `stop` has a message or its sender is gone. Calls
/// `report` when a tick fails after one that succeeded, and when one succeeds again.
pub fn run<T>(every: Duration, stop: &Receiver<()>, mut tick: impl FnMut() -> Result<T>, mut report: impl FnMut(&str)) {
    let mut fails = false;
    loop {
        let result = tick();
        // A tick that fails because everything stops is not reported.
        if wait(stop, Duration::ZERO).is_break() {
            return;
        }
        match &result {
            Err(error) if !fails => report(&format!("ticks fail: {error:#}")),
            Ok(_) if fails => report("ticks succeed again"),
            _ => {}
        }
        fails = result.is_err();
        if wait(stop, every).is_break() {
            return;
        }
    }
}

/// Waits for `time`, or until `stop` ends the wait.
fn wait(stop: &Receiver<()>, time: Duration) -> ControlFlow<()> {
    match stop.recv_timeout(time) {
        Err(RecvTimeoutError::Timeout) => ControlFlow::Continue(()),
        Ok(()) | Err(RecvTimeoutError::Disconnected) => ControlFlow::Break(()),
    }
}
