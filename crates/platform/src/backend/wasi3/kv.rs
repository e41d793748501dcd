//! Key-value through `wasi:keyvalue@0.2.0-draft2`, the only one of Spin's interfaces that also has atomic operations. The bindings are
//! `spin-sdk`'s, which has no wrapper for them.

use spin_sdk_wasi_0_3::experimental::wasi::keyvalue::{atomics, store};

use crate::backend::clock::Clock;
use crate::kv::Error;
use std::rc::Rc;

/// A store of the host. Each call may wait for a server.
#[derive(Clone)]
pub(crate) struct Backend {
    bucket: Rc<store::Bucket>,
    clock: Rc<Clock>,
}

impl Backend {
    /// Opens the store that the manifest grants as `label`.
    ///
    /// # Errors
    ///
    /// [`Error::AccessDenied`] if the manifest does not grant it; [`Error::NoSuchStore`] if the runtime configuration does not define it.
    pub(crate) fn open(label: &str, clock: Rc<Clock>) -> Result<Self, Error> {
        let bucket = store::open(label).map_err(error);
        clock.waited();
        Ok(Self { bucket: Rc::new(bucket?), clock })
    }

    /// Returns the bucket for a call that may wait.
    fn bucket(&self) -> &store::Bucket {
        self.clock.waited();
        &self.bucket
    }

    pub(crate) fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        self.bucket().get(key).map_err(error)
    }

    pub(crate) fn set(&self, key: &str, value: &[u8]) -> Result<(), Error> {
        self.bucket().set(key, value).map_err(error)
    }

    pub(crate) fn delete(&self, key: &str) -> Result<(), Error> {
        self.bucket().delete(key).map_err(error)
    }

    pub(crate) fn exists(&self, key: &str) -> Result<bool, Error> {
        self.bucket().exists(key).map_err(error)
    }

    pub(crate) fn increment(&self, key: &str, delta: i64) -> Result<i64, Error> {
        atomics::increment(self.bucket(), key, delta).map_err(error)
    }

    pub(crate) fn compare_and_swap(&self, key: &str, expected: &[u8], value: &[u8]) -> Result<bool, Error> {
        let cas = atomics::Cas::new(self.bucket(), key).map_err(error)?;
        if cas.current().map_err(error)?.as_deref() != Some(expected) {
            return Ok(false);
        }
        match atomics::swap(cas, value) {
            Ok(()) => Ok(true),
            Err(atomics::CasError::CasFailed(_)) => Ok(false),
            Err(atomics::CasError::StoreError(cause)) => Err(error(cause)),
        }
    }
}

fn error(error: store::Error) -> Error {
    match error {
        store::Error::NoSuchStore => Error::NoSuchStore,
        store::Error::AccessDenied => Error::AccessDenied,
        store::Error::Other(text) => Error::Other(text),
    }
}
