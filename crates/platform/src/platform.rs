//! The handle on the backend, before a request's context exists.

use crate::backend::current;
use crate::http::{BodyWork, Response, Streamed};
use crate::{kv, sql};
use spindle_contracts::Timestamp;
use std::cell::RefCell;
use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;
use uuid::Uuid;

#[cfg(not(target_family = "wasm"))]
pub use crate::backend::native::{Builder, SharedDatabase};

/// Work to run after the response.
type Deferred = Pin<Box<dyn Future<Output = ()>>>;

/// A cheap handle on the backend. On wasm it represents Spin's interfaces; natively a separate set of stores (see [`Platform::native`]), which
/// all its clones share.
#[derive(Clone)]
pub struct Platform {
    pub(crate) backend: current::Backend,
    deferred: Rc<RefCell<Vec<Deferred>>>,
    body_work: Rc<RefCell<Option<BodyWork>>>,
}

impl Platform {
    pub(crate) fn new(backend: current::Backend) -> Self {
        Self { backend, deferred: Rc::default(), body_work: Rc::default() }
    }

    pub(crate) async fn sql(&self, label: &str) -> Result<sql::Session, sql::Error> {
        self.backend.sql(label).await.map(sql::Session::new)
    }

    pub(crate) async fn kv(&self, label: &str, prefix: &str, failure: kv::Failure) -> Result<kv::Store, kv::Error> {
        kv::Store::open(self.backend.kv(label), prefix, failure).await
    }

    /// Returns the current time. It advances while a request waits (for a database, a store or another service), not while it only computes, and
    /// not between the statements of one transaction: a reading is a host call, and is repeated only where someone can observe a difference.
    pub fn now(&self) -> Timestamp {
        self.backend.now()
    }

    /// Returns the time since the Unix epoch, as [`now`](Self::now) does, with all its digits: for durations that are logged.
    pub fn unix_time(&self) -> Duration {
        self.backend.unix_time()
    }

    /// Has the next reading of the time ask the clock, although the request has only computed.
    pub fn refresh_time(&self) {
        self.backend.refresh_time();
    }

    /// Returns `N` bytes from the system's random generator.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.backend.fill_random(&mut bytes);
        bytes
    }

    /// Returns a new UUIDv7 (RFC 9562, section 5.7).
    pub fn new_id(&self) -> Uuid {
        let millis = u64::try_from(self.now().as_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.random()).into_uuid()
    }

    pub(crate) fn write_log(&self, line: &str) {
        self.backend.write_log(line);
    }

    pub(crate) fn defer(&self, work: Deferred) {
        self.deferred.borrow_mut().push(work);
    }

    /// Marks `response` as one whose body `work` writes.
    pub(crate) fn stream(&self, mut response: Response, work: BodyWork) -> Response {
        response.extensions_mut().insert(Streamed);
        *self.body_work.borrow_mut() = Some(work);
        response
    }

    /// Takes the work that writes the body of `response`, if it is a streamed one.
    pub(crate) fn take_body_work(&self, response: &mut Response) -> Option<BodyWork> {
        let work = self.body_work.borrow_mut().take();
        response.extensions_mut().remove::<Streamed>().and(work)
    }

    /// Runs the work that handlers deferred until after the response, in order.
    pub async fn run_deferred(&self) {
        loop {
            let batch = std::mem::take(&mut *self.deferred.borrow_mut());
            if batch.is_empty() {
                return;
            }
            for work in batch {
                work.await;
            }
        }
    }
}

impl fmt::Debug for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Platform").finish_non_exhaustive()
    }
}
