//! The native backend, for tests: SQLite in temporary files, key-value in memory, services called directly.

pub(crate) mod http;
pub(crate) mod kv;
pub(crate) mod sql;

use crate::http::{Request, Response};
use crate::{Platform, config};
use spindle_contracts::Timestamp;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// A service that is called in this process.
pub(crate) type Service = Rc<dyn Fn(Request) -> Pin<Box<dyn Future<Output = Response>>>>;

#[derive(Clone)]
pub(crate) struct Backend(Rc<State>);

/// The state of a native platform. It starts empty; clock and random generator are the system's unless a test fixes them.
#[derive(Default)]
struct State {
    variables: RefCell<BTreeMap<String, String>>,
    services: RefCell<BTreeMap<String, Service>>,
    databases: RefCell<BTreeMap<String, sql::Database>>,
    stores: RefCell<BTreeMap<String, kv::Backend>>,
    clock: Arc<sql::Clock>,
    next_random: Cell<Option<u64>>,
    log: RefCell<Vec<String>>,
    stores_fail: Cell<bool>,
    store_calls: kv::Calls,
    published: RefCell<Vec<(String, Vec<u8>)>>,
    open_transactions: sql::OpenTransactions,
}

/// A database of one native platform that another platform can open, also in another thread, as two instances of a service share one.
#[derive(Clone, Debug)]
pub struct SharedDatabase(sql::Database);

/// A builder of a native platform; see [`Platform::native`].
#[derive(Default)]
pub struct Builder(State);

impl Builder {
    /// Sets the variable `name`.
    #[must_use]
    pub fn with_variable(self, name: &str, value: &str) -> Self {
        self.0.variables.borrow_mut().insert(name.to_owned(), value.to_owned());
        self
    }

    /// Shares under `label` a database of another platform, which keeps the clock of that one.
    #[must_use]
    pub fn with_database(self, label: &str, database: &SharedDatabase) -> Self {
        self.0.databases.borrow_mut().insert(label.to_owned(), database.0.clone());
        self
    }

    /// Stops the clock at `now`.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        self.0.clock.set(now);
        self
    }

    /// Makes random bytes, and therefore ids, the same in every run.
    #[must_use]
    pub fn with_fixed_randomness(self) -> Self {
        self.0.next_random.set(Some(1));
        self
    }

    /// Builds the platform.
    pub fn build(self) -> Platform {
        Platform::new(Backend(Rc::new(self.0)))
    }
}

impl Platform {
    /// Returns a builder of an isolated platform for a test, with fresh stores.
    pub fn native() -> Builder {
        Builder::default()
    }

    /// Registers `service` for calls to `authority` (for example `users.spin.internal`).
    pub fn serve(
        &self,
        authority: &str,
        service: impl Fn(Request) -> Pin<Box<dyn Future<Output = Response>>> + 'static,
    ) {
        self.backend.0.services.borrow_mut().insert(authority.to_owned(), Rc::new(service));
    }

    /// Sets the clock.
    pub fn set_now(&self, now: Timestamp) {
        self.backend.0.clock.set(now);
    }

    /// Makes every key-value store fail, or work again.
    pub fn fail_stores(&self, fail: bool) {
        self.backend.0.stores_fail.set(fail);
    }

    /// Makes the connection to key-value be lost, or work again: every open and every call fails.
    pub fn lose_stores(&self, lose: bool) {
        self.backend.0.store_calls.fail(lose);
    }

    /// Returns the key-value calls since the last call of this function, for tests that count them: `open edge`, `get shared:jwks`.
    pub fn take_store_calls(&self) -> Vec<String> {
        self.backend.0.store_calls.take()
    }

    /// Sets a value in the part of the key-value store `label` that all services share, as another process would: it is not among the calls,
    /// and it succeeds while the stores fail.
    pub fn set_shared_value(&self, label: &str, key: &str, value: &[u8]) {
        let store = self.backend.0.stores.borrow_mut().entry(label.to_owned()).or_default().clone();
        store.set_from_outside(&format!("{}:{key}", crate::context::SHARED), value);
    }

    /// Changes the variable `name`, as a restart would.
    pub fn set_variable(&self, name: &str, value: &str) {
        self.backend.0.variables.borrow_mut().insert(name.to_owned(), value.to_owned());
    }

    /// Returns the statements run so far on the database `label`, for tests that count statements.
    pub fn statements(&self, label: &str) -> Vec<String> {
        self.backend.0.databases.borrow().get(label).map(sql::Database::statements).unwrap_or_default()
    }

    /// Returns the database `label` for another platform, if a statement has been run on it.
    pub fn database(&self, label: &str) -> Option<SharedDatabase> {
        self.backend.0.databases.borrow().get(label).cloned().map(SharedDatabase)
    }

    /// Returns the messages published so far, each with its channel.
    pub fn published(&self) -> Vec<(String, Vec<u8>)> {
        self.backend.0.published.borrow().clone()
    }

    /// Returns the lines logged so far.
    pub fn logged(&self) -> Vec<String> {
        self.backend.0.log.borrow().clone()
    }
}

impl Backend {
    pub(crate) async fn sql(&self, label: &str) -> Result<sql::Connection, crate::sql::Error> {
        let database = match self.0.databases.borrow_mut().entry(label.to_owned()) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.get().clone(),
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(sql::Database::temporary()?.with_clock(self.0.clock.clone())).clone()
            }
        };
        Ok(database.open()?.counted_in(&self.0.open_transactions))
    }

    pub(crate) async fn kv(&self, label: &str) -> Result<kv::Backend, crate::kv::Error> {
        self.0.store_calls.record("open", label)?;
        if self.0.stores_fail.get() {
            return Err(crate::kv::Error::Other("the store is down".to_owned()));
        }
        let mut store = self.0.stores.borrow_mut().entry(label.to_owned()).or_default().clone();
        store.calls = self.0.store_calls.clone();
        Ok(store)
    }

    pub(crate) async fn publish(&self, _address: &str, channel: &str, message: &[u8]) -> Result<(), crate::bus::Error> {
        self.0.published.borrow_mut().push((channel.to_owned(), message.to_vec()));
        Ok(())
    }

    pub(crate) fn variable(&self, name: &str) -> Result<String, config::Error> {
        self.0.variables.borrow().get(name).cloned().ok_or_else(|| config::Error::Undefined(name.to_owned()))
    }

    pub(crate) fn service(&self, authority: &str) -> Option<Service> {
        self.0.services.borrow().get(authority).cloned()
    }

    /// Returns the number of transactions that are open.
    pub(crate) fn open_transactions(&self) -> usize {
        self.0.open_transactions.get()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(crate) fn unix_time(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.now().as_millis()).unwrap_or(0))
    }

    /// Does nothing: each reading of the time asks the clock.
    pub(crate) fn refresh_time(&self) {}

    pub(crate) fn fill_random(&self, bytes: &mut [u8]) {
        match self.0.next_random.get() {
            None => getrandom::fill(bytes).expect("the system has a random generator"),
            Some(next) => {
                self.0.next_random.set(Some(next + 1));
                for (byte, value) in
                    bytes.iter_mut().rev().zip(next.to_le_bytes().into_iter().chain(std::iter::repeat(0)))
                {
                    *byte = value;
                }
            }
        }
    }

    pub(crate) fn write_log(&self, line: &str) {
        self.0.log.borrow_mut().push(line.to_owned());
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").finish_non_exhaustive()
    }
}
