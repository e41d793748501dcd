//! The Spin backend: Spin's interfaces through `spin-sdk`, WASI HTTP through `wasi`.

pub(crate) mod bus;
pub(crate) mod entry;
pub(crate) mod http;
pub(crate) mod kv;
pub(crate) mod message;
pub(crate) mod sql;

use crate::config;
use spin_sdk::variables;
use spindle_contracts::Timestamp;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The maximum size of one blocking write in WASI, in bytes.
const MAX_WRITE: usize = 4096;

/// The number of random bytes that are read at once: a request makes a few ids of ten bytes each.
const RANDOM_READ: usize = 64;

/// The backend of one request. Spin's interfaces are free functions; what they have returned is kept where asking again would cost a host call.
#[derive(Clone, Default)]
pub(crate) struct Backend {
    /// The variables that were read.
    variables: Rc<RefCell<BTreeMap<String, String>>>,
    /// Random bytes that were read and not used.
    random: Rc<RefCell<Vec<u8>>>,
}

impl Backend {
    pub(crate) async fn sql(&self, label: &str) -> Result<sql::Connection, crate::sql::Error> {
        sql::Connection::open(label)
    }

    pub(crate) async fn kv(&self, label: &str) -> Result<kv::Backend, crate::kv::Error> {
        kv::Backend::open(label)
    }

    pub(crate) async fn publish(&self, address: &str, channel: &str, message: &[u8]) -> Result<(), crate::bus::Error> {
        bus::publish(address, channel, message)
    }

    pub(crate) fn variable(&self, name: &str) -> Result<String, config::Error> {
        if let Some(value) = self.variables.borrow().get(name) {
            return Ok(value.clone());
        }
        let value = variables::get(name).map_err(|error| match error {
            variables::Error::Undefined(_) => config::Error::Undefined(name.to_owned()),
            variables::Error::InvalidName(cause)
            | variables::Error::Provider(cause)
            | variables::Error::Other(cause) => config::Error::Provider { name: name.to_owned(), cause },
        })?;
        self.variables.borrow_mut().insert(name.to_owned(), value.clone());
        Ok(value)
    }

    pub(crate) fn now(&self) -> Timestamp {
        let now = wasi::clocks::wall_clock::now();
        let millis = now.seconds.saturating_mul(1000).saturating_add(u64::from(now.nanoseconds / 1_000_000));
        Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }

    pub(crate) fn fill_random(&self, bytes: &mut [u8]) {
        let mut unused = self.random.borrow_mut();
        if unused.len() < bytes.len() {
            unused.extend(wasi::random::random::get_random_bytes(bytes.len().max(RANDOM_READ) as u64));
        }
        let rest = unused.len() - bytes.len();
        bytes.copy_from_slice(&unused[rest..]);
        unused.truncate(rest);
    }

    pub(crate) fn write_log(&self, line: &str) {
        // std would make five host calls per line. A log that cannot be written must not fail a request.
        let stdout = wasi::cli::stdout::get_stdout();
        for chunk in format!("{line}\n").as_bytes().chunks(MAX_WRITE) {
            if stdout.blocking_write_and_flush(chunk).is_err() {
                break;
            }
        }
    }
}
