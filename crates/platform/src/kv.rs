//! Key-value storage of a service: values by key without expiry, and two atomic operations, the same on Spin and natively.
//!
//! Stores are shared more often than their labels suggest (Spin's Redis provider ignores the label), so every key is prefixed with
//! the service's name. There is no listing of keys: it is unusable where it matters (`KEYS *` on Redis).

mod error;

pub use error::Error;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::backend::current::kv::Backend;

/// The longest key in bytes, with the service's prefix: Spin's limit.
pub const MAX_KEY_BYTES: usize = 255;
/// The largest value in bytes: Spin's limit.
pub const MAX_VALUE_BYTES: usize = 1_000_000;

/// The part of a key-value store that belongs to one service.
pub struct Store {
    backend: Backend,
    prefix: String,
}

impl Store {
    /// The keys under `<service>:` of an open store.
    pub(crate) fn new(backend: Backend, service: &str) -> Self {
        Self { backend, prefix: format!("{service}:") }
    }

    /// The value of `key`, if it has one.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] if the key is empty or too long; [`Error::Other`] if the store does not answer.
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        self.backend.get(&self.full(key)?)
    }

    /// Gives `key` a value, whether or not it has one.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get), and [`Error::ValueTooLarge`].
    pub async fn set(&self, key: &str, value: &[u8]) -> Result<(), Error> {
        self.backend.set(&self.full(key)?, fitting(value)?)
    }

    /// Takes away the value of `key`, if it has one.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        self.backend.delete(&self.full(key)?)
    }

    /// Whether `key` has a value.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    pub async fn exists(&self, key: &str) -> Result<bool, Error> {
        self.backend.exists(&self.full(key)?)
    }

    /// The value of `key` read as JSON.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get), and [`Error::Json`] if it is not a `T`.
    pub async fn get_json<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Error> {
        let Some(value) = self.get(key).await? else { return Ok(None) };
        serde_json::from_slice(&value).map(Some).map_err(|error| Error::json(key, &error))
    }

    /// Gives `key` the JSON of `value`.
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set), and [`Error::Json`] if it has no JSON form.
    pub async fn set_json<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<(), Error> {
        let value = serde_json::to_vec(value).map_err(|error| Error::json(key, &error))?;
        self.set(key, &value).await
    }

    /// Adds `delta` to the counter at `key`, atomically, and gives its new value; a key without a value counts as 0.
    ///
    /// The first of several callers to create something is the one that gets `delta` back. A counter must never be touched with
    /// [`get`](Self::get) or [`set`](Self::set): providers store it differently (text on Redis, 8 bytes on disk), and Spin's file
    /// provider stops working altogether when it finds something else. Read it by adding 0.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get); [`Error::Other`] also if the sum overflows.
    pub async fn increment(&self, key: &str, delta: i64) -> Result<i64, Error> {
        self.backend.increment(&self.full(key)?, delta)
    }

    /// Replaces the value of `key` if it is `expected`, atomically, and says whether it did. A key without a value never matches:
    /// Spin's file provider would let two callers create it at once; use [`increment`](Self::increment) to find the first.
    ///
    /// Do not build on this where the store is Redis: there Spin (up to 4.1 at least) reports each swap as lost, made or not.
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set).
    pub async fn compare_and_swap(&self, key: &str, expected: &[u8], value: &[u8]) -> Result<bool, Error> {
        self.backend.compare_and_swap(&self.full(key)?, expected, fitting(value)?)
    }

    /// The key as the store has it.
    fn full(&self, key: &str) -> Result<String, Error> {
        let full = format!("{}{key}", self.prefix);
        if key.is_empty() || full.len() > MAX_KEY_BYTES {
            return Err(Error::Key { length: full.len() });
        }
        Ok(full)
    }
}

/// The value, if a store would take it.
fn fitting(value: &[u8]) -> Result<&[u8], Error> {
    if value.len() > MAX_VALUE_BYTES {
        return Err(Error::ValueTooLarge { length: value.len() });
    }
    Ok(value)
}

#[cfg(test)]
mod tests;
