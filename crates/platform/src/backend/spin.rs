//! The Spin backend: Spin's interfaces through `spin-sdk`, WASI HTTP through `wasi`.

pub(crate) mod bus;
pub(crate) mod entry;
pub(crate) mod http;
pub(crate) mod kv;
pub(crate) mod message;
pub(crate) mod sql;

use super::clock::Clock;
use super::variables::Variables;
use crate::config;
use spin_sdk::variables;
use spin_sdk::wit::wasi::config::store;
use spindle_contracts::Timestamp;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;
use wasi::io::streams::OutputStream;

/// The maximum size of one blocking write in WASI, in bytes.
const MAX_WRITE: usize = 4096;

/// The number of random bytes that are read at once: a request makes a trace, a request id and some ids of ten bytes each.
const RANDOM_READ: usize = 256;

/// The backend of one request. Spin's interfaces are free functions; what they have returned is kept where asking again would cost a host call.
#[derive(Clone, Default)]
pub(crate) struct Backend(Rc<State>);

#[derive(Default)]
struct State {
    variables: Variables,
    /// The key-value stores that were opened.
    stores: RefCell<BTreeMap<String, kv::Backend>>,
    /// Random bytes that were read and not used.
    random: RefCell<Vec<u8>>,
    clock: Rc<Clock>,
    stdout: OnceCell<OutputStream>,
}

impl Backend {
    pub(crate) async fn sql(&self, label: &str) -> Result<sql::Connection, crate::sql::Error> {
        sql::Connection::open(label, Rc::clone(&self.0.clock))
    }

    pub(crate) async fn kv(&self, label: &str) -> Result<kv::Backend, crate::kv::Error> {
        if let Some(store) = self.0.stores.borrow().get(label) {
            return Ok(store.clone());
        }
        let store = kv::Backend::open(label, Rc::clone(&self.0.clock))?;
        self.0.stores.borrow_mut().insert(label.to_owned(), store.clone());
        Ok(store)
    }

    pub(crate) async fn publish(&self, address: &str, channel: &str, message: &[u8]) -> Result<(), crate::bus::Error> {
        let published = bus::publish(address, channel, message);
        self.0.clock.waited();
        published
    }

    pub(crate) fn variable(&self, name: &str) -> Result<String, config::Error> {
        let read_one = || {
            variables::get(name).map_err(|error| match error {
                variables::Error::Undefined(_) => config::Error::Undefined(name.to_owned()),
                variables::Error::InvalidName(cause)
                | variables::Error::Provider(cause)
                | variables::Error::Other(cause) => config::Error::Provider { name: name.to_owned(), cause },
            })
        };
        self.0.variables.get(name, || store::get_all().ok(), read_one)
    }

    /// Returns the time since the Unix epoch.
    pub(crate) fn unix_time(&self) -> Duration {
        self.0.clock.now(|| {
            let now = wasi::clocks::wall_clock::now();
            Duration::new(now.seconds, now.nanoseconds)
        })
    }

    /// Has the next reading of the time ask the host, although the host has not waited.
    pub(crate) fn refresh_time(&self) {
        self.0.clock.waited();
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millis(i64::try_from(self.unix_time().as_millis()).unwrap_or(i64::MAX))
    }

    pub(crate) fn fill_random(&self, bytes: &mut [u8]) {
        let mut unused = self.0.random.borrow_mut();
        if unused.len() < bytes.len() {
            unused.extend(wasi::random::random::get_random_bytes(bytes.len().max(RANDOM_READ) as u64));
        }
        let rest = unused.len() - bytes.len();
        bytes.copy_from_slice(&unused[rest..]);
        unused.truncate(rest);
    }

    /// Writes `line` to stdout before it returns: a trap or a kill loses no line that was logged before.
    pub(crate) fn write_log(&self, line: &str) {
        // std would make five host calls per line. A log that cannot be written must not fail a request.
        let stdout = self.0.stdout.get_or_init(wasi::cli::stdout::get_stdout);
        for chunk in format!("{line}\n").as_bytes().chunks(MAX_WRITE) {
            if stdout.blocking_write_and_flush(chunk).is_err() {
                break;
            }
        }
    }
}
