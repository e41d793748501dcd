//! Key-value storage of a service: values by key, without expiry, and two atomic operations. The same on Spin and natively.
//!
//! Stores are shared more often than their labels suggest (Spin's Redis provider ignores the label), so every key is prefixed with
//! the service's name. Keys cannot be listed: that is unusable on large stores (`KEYS *` on Redis).

mod error;

pub use error::Error;

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::OnceCell;
use std::rc::Rc;

use crate::backend::current::kv::Backend;

/// The longest key in bytes, with the service's prefix: Spin's limit.
pub const MAX_KEY_BYTES: usize = 255;
/// The largest value in bytes: Spin's limit.
pub const MAX_VALUE_BYTES: usize = 1_000_000;

/// The part of a key-value store that belongs to one service.
///
/// A store that hangs blocks the whole instance, and no guest can end a call that blocks. So once a call of a request has failed, every further
/// one on any store returns the same error and calls nothing: a request waits for a broken store once.
pub struct Store {
    backend: Backend,
    prefix: String,
    failure: Failure,
}

/// The first failure of a store in a request, which ends the request's use of key-value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failure(Rc<OnceCell<Error>>);

impl Failure {
    /// Makes a call, unless one has failed before.
    async fn guard<T>(&self, call: impl AsyncFnOnce() -> Result<T, Error>) -> Result<T, Error> {
        if let Some(error) = self.0.get() {
            return Err(error.clone());
        }
        let result = call().await;
        // Other errors are about this call alone.
        if let Err(error @ Error::Other(_)) = &result {
            self.0.get_or_init(|| error.clone());
        }
        result
    }
}

impl Store {
    /// Opens the store that `open` opens, for the keys under `<service>:`.
    pub(crate) async fn open(
        open: impl Future<Output = Result<Backend, Error>>,
        service: &str,
        failure: Failure,
    ) -> Result<Self, Error> {
        let backend = failure.guard(async || open.await).await?;
        Ok(Self { backend, prefix: format!("{service}:"), failure })
    }

    /// Returns the value of `key`, if it has one.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] if the key is empty or too long; [`Error::Other`] if the store fails.
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        let key = self.full_key(key)?;
        self.failure.guard(async || self.backend.get(&key)).await
    }

    /// Sets the value of `key`, whether or not it has one.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get), and [`Error::ValueTooLarge`].
    pub async fn set(&self, key: &str, value: &[u8]) -> Result<(), Error> {
        let (key, value) = (self.full_key(key)?, within_limit(value)?);
        self.failure.guard(async || self.backend.set(&key, value)).await
    }

    /// Deletes the value of `key`, if it has one.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        let key = self.full_key(key)?;
        self.failure.guard(async || self.backend.delete(&key)).await
    }

    /// Returns whether `key` has a value.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    pub async fn exists(&self, key: &str) -> Result<bool, Error> {
        let key = self.full_key(key)?;
        self.failure.guard(async || self.backend.exists(&key)).await
    }

    /// Returns the value of `key`, parsed as JSON.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get), and [`Error::Json`] if it is not a `T`.
    pub async fn get_json<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Error> {
        let Some(value) = self.get(key).await? else { return Ok(None) };
        serde_json::from_slice(&value).map(Some).map_err(|error| Error::json(key, &error))
    }

    /// Sets the value of `key` to the JSON of `value`.
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set), and [`Error::Json`] if `value` cannot be written as JSON.
    pub async fn set_json<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<(), Error> {
        let value = serde_json::to_vec(value).map_err(|error| Error::json(key, &error))?;
        self.set(key, &value).await
    }

    /// Adds `delta` to the counter at `key` atomically, and returns its new value; a key without a value counts as 0.
    ///
    /// The first of several concurrent callers is the one that receives `delta`. A counter must never be accessed with
    /// [`get`](Self::get) or [`set`](Self::set): providers store it differently (text on Redis, 8 bytes on disk), and Spin's file
    /// provider stops working altogether if it finds another format. Read it by adding 0.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get); [`Error::Other`] also if the sum overflows.
    pub async fn increment(&self, key: &str, delta: i64) -> Result<i64, Error> {
        let key = self.full_key(key)?;
        self.failure.guard(async || self.backend.increment(&key, delta)).await
    }

    /// Replaces the value of `key` atomically if it is `expected`, and returns whether it did. A key without a value never matches: Spin's file
    /// provider would let two callers create it at the same time; use [`increment`](Self::increment) to find the first.
    ///
    /// Do not rely on this if the store is Redis: there Spin (up to 4.1 at least) reports each swap as failed, whether or not it was made.
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set).
    pub async fn compare_and_swap(&self, key: &str, expected: &[u8], value: &[u8]) -> Result<bool, Error> {
        let (key, value) = (self.full_key(key)?, within_limit(value)?);
        self.failure.guard(async || self.backend.compare_and_swap(&key, expected, value)).await
    }

    /// Returns the key with the prefix.
    fn full_key(&self, key: &str) -> Result<String, Error> {
        let full = format!("{}{key}", self.prefix);
        if key.is_empty() || full.len() > MAX_KEY_BYTES {
            return Err(Error::Key { length: full.len() });
        }
        Ok(full)
    }
}

/// Returns `value` if it is within the size limit.
fn within_limit(value: &[u8]) -> Result<&[u8], Error> {
    if value.len() > MAX_VALUE_BYTES {
        return Err(Error::ValueTooLarge { length: value.len() });
    }
    Ok(value)
}

#[cfg(test)]
mod tests;
