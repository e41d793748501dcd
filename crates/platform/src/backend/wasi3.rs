//! The backend of WASI 0.3: Spin's interfaces through `spin-sdk` 7, WASI HTTP through its `wasip3`.
//!
//! An instance serves many requests, some of them at once. The [`Backend`] belongs to one of them; what an instance keeps between requests is in
//! [`kept`] and nowhere else.
//!
//! Calls on databases, key-value and variables are those that block the instance, as in WASI 0.2: a transaction is then never interrupted by
//! another request of its own instance, which would wait for its lock, and a host that finds an instance blocked starts another one.

pub(crate) mod bus;
pub(crate) mod entry;
pub(crate) mod http;
mod kept;
pub(crate) mod kv;
pub(crate) mod sql;

use super::clock::Clock;
use crate::config;
use spin_sdk_wasi_0_3::experimental::wasi::config::store;
use spin_sdk_wasi_0_3::wasip3::clocks::system_clock;
use spin_sdk_wasi_0_3::wasip3::random::random::get_random_bytes;
use spindle_contracts::Timestamp;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;
use wasi::io::streams::OutputStream;

/// The maximum size of one blocking write in WASI 0.2, in bytes.
const MAX_WRITE: usize = 4096;

/// The number of random bytes that are read at once: a request makes a trace, a request id and some ids of ten bytes each.
const RANDOM_READ: usize = 256;

/// The backend of one request. Spin's interfaces are free functions; what they have returned is kept where asking again would cost a host call.
#[derive(Clone, Default)]
pub(crate) struct Backend(Rc<State>);

#[derive(Default)]
struct State {
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
        let published = bus::publish(address, channel, message).await;
        self.0.clock.waited();
        published
    }

    /// Returns the value of a variable, which the instance keeps: a changed one is seen by the next instance.
    pub(crate) fn variable(&self, name: &str) -> Result<String, config::Error> {
        let read_one = || match store::get(name) {
            Ok(value) => value.ok_or_else(|| config::Error::Undefined(name.to_owned())),
            Err(store::Error::Upstream(cause) | store::Error::Io(cause)) => {
                Err(config::Error::Provider { name: name.to_owned(), cause })
            }
        };
        kept::variable(name, || store::get_all().ok(), read_one)
    }

    /// Returns the time since the Unix epoch.
    pub(crate) fn unix_time(&self) -> Duration {
        self.0.clock.now(|| {
            let now = system_clock::now();
            Duration::new(u64::try_from(now.seconds).unwrap_or_default(), now.nanoseconds)
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
        while unused.len() < bytes.len() {
            // A host may return fewer bytes than it is asked for, but never none.
            unused.extend(get_random_bytes(bytes.len().max(RANDOM_READ) as u64));
        }
        let rest = unused.len() - bytes.len();
        bytes.copy_from_slice(&unused[rest..]);
        unused.truncate(rest);
    }

    pub(crate) fn write_log(&self, line: &str) {
        // WASI 0.3 writes through a stream of the whole instance, and asynchronously. A line that is written when this returns is neither lost with a
        // trap nor mixed with another one. A log that cannot be written must not fail a request.
        let stdout = self.0.stdout.get_or_init(wasi::cli::stdout::get_stdout);
        for chunk in format!("{line}\n").as_bytes().chunks(MAX_WRITE) {
            if stdout.blocking_write_and_flush(chunk).is_err() {
                break;
            }
        }
    }
}
