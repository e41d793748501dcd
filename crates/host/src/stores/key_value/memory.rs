//! A store of type `spin` without a path: it lives as long as the host. Spin keeps it in an SQLite database in memory, which no other
//! process can see, so here it is a map, whose operations take a tenth of the time.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::spin::{number, sum_bytes};

/// The values by key.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<BTreeMap<String, Vec<u8>>>);

impl Memory {
    pub(super) fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.lock().get(key).cloned()
    }

    pub(super) fn exists(&self, key: &str) -> bool {
        self.lock().contains_key(key)
    }

    pub(super) fn keys(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }

    /// Returns the existing keys with their values like SQL's `IN`: each key once, sorted.
    pub(super) fn get_many(&self, mut keys: Vec<String>) -> Vec<(String, Option<Vec<u8>>)> {
        keys.sort_unstable();
        keys.dedup();
        let values = self.lock();
        keys.into_iter().filter_map(|key| values.get(&key).cloned().map(|value| (key, Some(value)))).collect()
    }

    pub(super) fn set_many(&self, pairs: impl IntoIterator<Item = (String, Vec<u8>)>) {
        self.lock().extend(pairs);
    }

    pub(super) fn delete_many(&self, keys: &[String]) {
        let mut values = self.lock();
        for key in keys {
            values.remove(key);
        }
    }

    pub(super) fn increment(&self, key: &str, delta: i64) -> Result<i64, String> {
        let mut values = self.lock();
        let sum = number(values.get(key).map(Vec::as_slice))?.wrapping_add(delta);
        values.insert(key.to_owned(), sum_bytes(sum));
        Ok(sum)
    }

    /// Replaces `seen` by `value`. Returns false if the value is another one.
    pub(super) fn replace(&self, key: &str, seen: &[u8], value: &[u8]) -> bool {
        match self.lock().get_mut(key) {
            Some(there) if there == seen => {
                *there = value.to_vec();
                true
            }
            _ => false,
        }
    }

    /// Locks the map. No operation leaves a change incomplete, so a panic under the lock spoils nothing.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
