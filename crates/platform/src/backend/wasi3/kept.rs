//! What an instance keeps from one request to the next. It is the only state of a component that outlives a request, and nothing of a user is in it
//! (docs/adr/0057-wasi-0-3-from-the-same-sources.md). `tests/tidy/statics.rs` fails if there is another place.

use crate::backend::variables::Variables;
use crate::config;
use spin_sdk_wasi_0_3::sqlite::wit::sqlite::Connection;
use spin_sdk_wasi_0_3::wasip3::clocks::monotonic_clock;
use std::cell::RefCell;

/// The most connections that are kept: as many requests of one instance rarely use a database in the same moment.
const MAX_CONNECTIONS: usize = 2;

/// The longest time in nanoseconds that a connection is kept without use. A libSQL server closes an idle one after 10 seconds.
const MAX_IDLE: u64 = 5_000_000_000;

/// The state of an instance.
#[derive(Default)]
struct InstanceState {
    /// The variables of the component.
    variables: Variables,
    /// Idle connections, the last used one at the end.
    connections: RefCell<Vec<Idle>>,
}

/// A connection without a transaction or any other trace of the request that used it.
struct Idle {
    label: String,
    connection: Connection,
    /// The time of its last use.
    since: monotonic_clock::Mark,
}

thread_local! {
    static STATE: InstanceState = InstanceState::default();
}

/// Returns the value of the variable `name`, see [`Variables::get`].
pub(super) fn variable(
    name: &str,
    read_all: impl FnOnce() -> Option<Vec<(String, String)>>,
    read_one: impl FnOnce() -> Result<String, config::Error>,
) -> Result<String, config::Error> {
    STATE.with(|state| state.variables.get(name, read_all, read_one))
}

/// Takes an idle connection to the database `label`, and closes those that were idle for too long.
pub(super) fn take_connection(label: &str) -> Option<Connection> {
    STATE.with(|state| {
        let mut connections = state.connections.borrow_mut();
        if connections.is_empty() {
            return None;
        }
        let now = monotonic_clock::now();
        connections.retain(|idle| now.saturating_sub(idle.since) < MAX_IDLE);
        let last = connections.iter().rposition(|idle| idle.label == label)?;
        Some(connections.remove(last).connection)
    })
}

/// Keeps an idle connection to the database `label`, or closes it if there are enough.
pub(super) fn keep_connection(label: String, connection: Connection) {
    STATE.with(|state| {
        let mut connections = state.connections.borrow_mut();
        if connections.len() < MAX_CONNECTIONS {
            connections.push(Idle { label, connection, since: monotonic_clock::now() });
        }
    });
}
