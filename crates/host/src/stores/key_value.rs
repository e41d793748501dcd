//! Key-value stores, for `fermyon:spin/key-value` and `wasi:keyvalue`. Spin's `spin` and `redis` stores are the reference.
//!
//! Errors are texts, with the content of Spin's error `other`. Spin 4.1 limits neither keys nor values, only results (128 MiB), and
//! caches nothing between guest and store; neither does this.
//!
//! Behaviour of Spin that may surprise, kept because an application must not work here and fail there:
//!
//! - `increment` keeps eight bytes, little endian, in a `spin` store and decimal digits in a `redis` one; it wraps around.
//! - `swap` without `current` before it, or after `current` found nothing, overwrites any value (`spin`).
//! - A `redis` store ignores its label, lists keys with `KEYS *`, and can neither `get-many` nor `swap`. Spin sends commands that
//!   Redis refuses (`KEYS` with several patterns, `UNWATCH` with a key); its `swap` even writes the value and then reports a
//!   conflict, each time. Here both are refused with an error that says so, and nothing is written.
//!
//! Differences: `increment` of a value that is not a number is an error, where Spin panics.

mod memory;
mod redis;
mod spin;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use anyhow::Result;

use self::memory::Memory;
use self::redis::Redis;
use self::spin::Spin;
use super::Location;
use crate::app;

/// The size above which Spin refuses a result.
const MAX_RESULT_BYTES: usize = 128 << 20;

/// A store of the application, opened at its first use.
#[derive(Debug)]
pub(crate) enum KeyValueStore {
    Memory(Arc<Memory>),
    Spin(Arc<Spin>),
    Redis(Box<Redis>),
}

impl KeyValueStore {
    /// Returns the store that the runtime config defines for `label`.
    ///
    /// # Errors
    /// A folder that cannot be created, or an invalid Redis URL.
    pub(crate) fn new(label: &str, config: &app::KeyValueStore) -> Result<Self> {
        Ok(match config {
            app::KeyValueStore::Spin { path: None } => Self::Memory(Arc::default()),
            app::KeyValueStore::Spin { path } => {
                Self::Spin(Arc::new(Spin::new(label, Location::prepare(path.as_deref())?)))
            }
            app::KeyValueStore::Redis { url } => Self::Redis(Box::new(Redis::new(url)?)),
        })
    }

    /// Opens the store for a guest; connects at the first call.
    ///
    /// # Errors
    /// The file or the server cannot be reached.
    pub(crate) async fn open(&self) -> Result<Store, String> {
        Ok(match self {
            Self::Memory(store) => Store::Memory(Arc::clone(store)),
            Self::Spin(store) => {
                store.connect().await?;
                Store::Spin(Arc::clone(store))
            }
            Self::Redis(store) => Store::Redis(store.connect().await?),
        })
    }
}

/// A store that a guest has opened.
#[derive(Clone, Debug)]
#[expect(unreachable_pub, reason = "the generated bindings export it again")]
pub enum Store {
    Memory(Arc<Memory>),
    Spin(Arc<Spin>),
    Redis(redis::Connection),
}

impl Store {
    /// Returns the value of a key.
    pub(crate) async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, String> {
        let value = match self {
            Self::Memory(store) => store.get(key),
            Self::Spin(store) => store.get(key).await?,
            Self::Redis(store) => store.get(key).await?,
        };
        limited(value, |value| size_of::<Option<Vec<u8>>>() + value.as_ref().map_or(0, Vec::len))
    }

    /// Writes a key, new or existing.
    pub(crate) async fn set(&self, key: &str, value: &[u8]) -> Result<(), String> {
        match self {
            Self::Memory(store) => {
                store.set_many([(key.to_owned(), value.to_vec())]);
                Ok(())
            }
            Self::Spin(store) => store.set(key, value).await,
            Self::Redis(store) => store.set(key, value).await,
        }
    }

    /// Removes a key if it exists.
    pub(crate) async fn delete(&self, key: &str) -> Result<(), String> {
        match self {
            Self::Memory(store) => {
                store.delete_many(&[key.to_owned()]);
                Ok(())
            }
            Self::Spin(store) => store.delete(key).await,
            Self::Redis(store) => store.delete(key).await,
        }
    }

    /// Returns whether a key exists.
    pub(crate) async fn exists(&self, key: &str) -> Result<bool, String> {
        match self {
            Self::Memory(store) => Ok(store.exists(key)),
            Self::Spin(store) => store.exists(key).await,
            Self::Redis(store) => store.exists(key).await,
        }
    }

    /// Returns all keys.
    pub(crate) async fn keys(&self) -> Result<Vec<String>, String> {
        let keys = match self {
            Self::Memory(store) => store.keys(),
            Self::Spin(store) => store.keys().await?,
            Self::Redis(store) => store.keys().await?,
        };
        limited(keys, |keys| {
            size_of::<Vec<String>>() + keys.iter().map(|key| size_of::<String>() + key.len()).sum::<usize>()
        })
    }

    /// Returns the existing keys among `keys` with their values, in the order of the keys.
    pub(crate) async fn get_many(&self, keys: Vec<String>) -> Result<Vec<(String, Option<Vec<u8>>)>, String> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let pairs = match self {
            Self::Memory(store) => store.get_many(keys),
            Self::Spin(store) => store.get_many(keys).await?,
            Self::Redis(_) => return Err("get-many: not supported on Redis".to_owned()),
        };
        limited(pairs, |pairs| {
            let size = |(key, value): &(String, Option<Vec<u8>>)| {
                size_of::<(String, Option<Vec<u8>>)>() + key.len() + value.as_ref().map_or(0, Vec::len)
            };
            size_of::<Vec<String>>() + pairs.iter().map(size).sum::<usize>()
        })
    }

    /// Writes several keys, all or none.
    pub(crate) async fn set_many(&self, pairs: Vec<(String, Vec<u8>)>) -> Result<(), String> {
        match self {
            _ if pairs.is_empty() => Ok(()),
            Self::Memory(store) => {
                store.set_many(pairs);
                Ok(())
            }
            Self::Spin(store) => store.set_many(pairs).await,
            Self::Redis(store) => store.set_many(&pairs).await,
        }
    }

    /// Removes several keys.
    pub(crate) async fn delete_many(&self, keys: Vec<String>) -> Result<(), String> {
        match self {
            _ if keys.is_empty() => Ok(()),
            Self::Memory(store) => {
                store.delete_many(&keys);
                Ok(())
            }
            Self::Spin(store) => store.delete_many(keys).await,
            Self::Redis(store) => store.delete_many(keys).await,
        }
    }

    /// Adds to the number of a key, which is 0 for a missing key, and returns the sum.
    pub(crate) async fn increment(&self, key: &str, delta: i64) -> Result<i64, String> {
        match self {
            Self::Memory(store) => store.increment(key, delta),
            Self::Spin(store) => store.increment(key, delta).await,
            Self::Redis(store) => store.increment(key, delta).await,
        }
    }

    /// Starts a swap, which replaces the value of a key only if it is unchanged.
    pub(crate) fn compare_and_swap(&self, key: String) -> CompareAndSwap {
        CompareAndSwap { store: self.clone(), key, seen: None }
    }
}

/// A swap that was started.
#[derive(Debug)]
#[expect(unreachable_pub, reason = "the generated bindings export it again")]
pub struct CompareAndSwap {
    store: Store,
    key: String,
    seen: Option<Vec<u8>>,
}

/// The reason why a swap failed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SwapError {
    /// The value has changed.
    Conflict,
    /// The store failed.
    Failed(String),
}

impl CompareAndSwap {
    /// Returns the present value, which the swap compares with.
    pub(crate) async fn current(&mut self) -> Result<Option<Vec<u8>>, String> {
        self.seen = self.store.get(&self.key).await?;
        Ok(self.seen.clone())
    }

    /// Replaces the value that [`CompareAndSwap::current`] read.
    pub(crate) async fn swap(&self, value: Vec<u8>) -> Result<(), SwapError> {
        match (&self.store, &self.seen) {
            (Store::Spin(store), Some(seen)) => match store.replace(&self.key, seen, &value).await {
                Ok(true) => Ok(()),
                Ok(false) => Err(SwapError::Conflict),
                Err(message) => Err(SwapError::Failed(message)),
            },
            (Store::Memory(store), Some(seen)) if store.replace(&self.key, seen, &value) => Ok(()),
            (Store::Memory(_), Some(_)) => Err(SwapError::Conflict),
            (Store::Memory(store), None) => {
                store.set_many([(self.key.clone(), value)]);
                Ok(())
            }
            (Store::Spin(store), None) => store.set(&self.key, &value).await.map_err(SwapError::Failed),
            (Store::Redis(_), _) => Err(SwapError::Failed("swap: not supported on Redis".to_owned())),
        }
    }
}

fn limited<T>(result: T, size: impl FnOnce(&T) -> usize) -> Result<T, String> {
    if size(&result) > MAX_RESULT_BYTES {
        return Err(format!("query result exceeds limit of {MAX_RESULT_BYTES} bytes"));
    }
    Ok(result)
}
