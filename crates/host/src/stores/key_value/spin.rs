//! Spin's own key-value store: one table of an SQLite file, the same as Spin's, so that either can open the other's file.
//!
//! All requests share one connection, as in Spin; waiting for it does not block a thread.

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};
use tokio::sync::Mutex;

use crate::stores::Location;
use crate::stores::blocking::{self, Wait, is_busy};

const CREATE: &str = "CREATE TABLE IF NOT EXISTS spin_key_value (
    store TEXT NOT NULL,
    key   TEXT NOT NULL,
    value BLOB NOT NULL,

    PRIMARY KEY (store, key)
)";
const GET: &str = "SELECT value FROM spin_key_value WHERE store = ?1 AND key = ?2";
const EXISTS: &str = "SELECT EXISTS (SELECT 1 FROM spin_key_value WHERE store = ?1 AND key = ?2)";
const KEYS: &str = "SELECT key FROM spin_key_value WHERE store = ?1";
const SET: &str = "INSERT INTO spin_key_value (store, key, value) VALUES (?1, ?2, ?3)
    ON CONFLICT (store, key) DO UPDATE SET value = ?3";
const DELETE: &str = "DELETE FROM spin_key_value WHERE store = ?1 AND key = ?2";
const REPLACE: &str = "UPDATE spin_key_value SET value = ?3 WHERE store = ?1 AND key = ?2 AND value = ?4";

/// The part of an SQLite file that belongs to one label.
#[derive(Debug)]
pub(crate) struct Spin {
    label: String,
    location: Location,
    connection: Mutex<Option<Connection>>,
}

/// The kind of an operation: only writes wait for the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

impl Spin {
    pub(super) fn new(label: &str, location: Location) -> Self {
        Self { label: label.to_owned(), location, connection: Mutex::new(None) }
    }

    /// Opens the file and creates the table, once.
    pub(super) async fn connect(&self) -> Result<(), String> {
        self.with(Access::Read, |_| Ok(())).await
    }

    pub(super) async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, String> {
        self.with(Access::Read, |connection| get(connection, &self.label, key)).await
    }

    pub(super) async fn set(&self, key: &str, value: &[u8]) -> Result<(), String> {
        self.with(Access::Write, |connection| {
            connection.prepare_cached(SET)?.execute(params![self.label, key, value]).map(drop)
        })
        .await
    }

    pub(super) async fn delete(&self, key: &str) -> Result<(), String> {
        self.with(Access::Write, |connection| connection.prepare_cached(DELETE)?.execute([&*self.label, key]).map(drop))
            .await
    }

    pub(super) async fn exists(&self, key: &str) -> Result<bool, String> {
        self.with(Access::Read, |connection| {
            connection.prepare_cached(EXISTS)?.query_row([&*self.label, key], |row| row.get(0))
        })
        .await
    }

    pub(super) async fn keys(&self) -> Result<Vec<String>, String> {
        self.with(Access::Read, |connection| {
            connection.prepare_cached(KEYS)?.query_map([&self.label], |row| row.get(0))?.collect()
        })
        .await
    }

    /// Returns the existing keys with their values like Spin's `IN`: each key once, sorted.
    pub(super) async fn get_many(&self, mut keys: Vec<String>) -> Result<Vec<(String, Option<Vec<u8>>)>, String> {
        keys.sort_unstable();
        keys.dedup();
        self.with(Access::Read, |connection| {
            // One transaction: all values are of the same moment.
            let transaction = connection.transaction()?;
            let mut pairs = Vec::new();
            for key in &keys {
                if let Some(value) = get(&transaction, &self.label, key)? {
                    pairs.push((key.clone(), Some(value)));
                }
            }
            transaction.commit()?;
            Ok(pairs)
        })
        .await
    }

    pub(super) async fn set_many(&self, pairs: Vec<(String, Vec<u8>)>) -> Result<(), String> {
        self.with(Access::Write, |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for (key, value) in &pairs {
                transaction.prepare_cached(SET)?.execute(params![self.label, key, value])?;
            }
            transaction.commit()
        })
        .await
    }

    pub(super) async fn delete_many(&self, keys: Vec<String>) -> Result<(), String> {
        self.with(Access::Write, |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for key in &keys {
                transaction.prepare_cached(DELETE)?.execute([&self.label, key])?;
            }
            transaction.commit()
        })
        .await
    }

    pub(super) async fn increment(&self, key: &str, delta: i64) -> Result<i64, String> {
        self.with(Access::Write, |connection| {
            // Immediate: no other process may write between the read and the write.
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let number = match number(get(&transaction, &self.label, key)?.as_deref()) {
                Ok(number) => number,
                Err(message) => return Ok(Err(message)),
            };
            let sum = number.wrapping_add(delta);
            transaction.prepare_cached(SET)?.execute(params![self.label, key, sum_bytes(sum)])?;
            transaction.commit()?;
            Ok(Ok(sum))
        })
        .await?
    }

    /// Replaces `seen` by `value`. Returns false if the value is another one.
    pub(super) async fn replace(&self, key: &str, seen: &[u8], value: &[u8]) -> Result<bool, String> {
        self.with(Access::Write, |connection| {
            let changed = connection.prepare_cached(REPLACE)?.execute(params![self.label, key, value, seen])?;
            Ok(changed == 1)
        })
        .await
    }

    /// Runs `work`, and retries it while another process has the file locked. Errors become Spin's text.
    async fn with<R>(
        &self,
        access: Access,
        mut work: impl FnMut(&mut Connection) -> rusqlite::Result<R>,
    ) -> Result<R, String> {
        let may_block = access == Access::Write;
        if may_block {
            tokio::task::yield_now().await;
        }
        let mut wait = Wait::new(Wait::DEFAULT_TIMEOUT);
        loop {
            let mut connection = self.connection.lock().await;
            let (result, must_wait) = blocking::run(may_block, || {
                blocking::begin();
                let result = self.opened(&mut connection).and_then(&mut work);
                let must_wait = blocking::must_wait() && result.as_ref().is_err_and(is_busy);
                (result, must_wait)
            });
            drop(connection);
            if !(must_wait && wait.again().await) {
                return result.map_err(|error| {
                    tracing::warn!("key-value error: {error:?}");
                    format!("{error:?}")
                });
            }
        }
    }

    fn opened<'a>(&self, connection: &'a mut Option<Connection>) -> rusqlite::Result<&'a mut Connection> {
        if let Some(connection) = connection {
            return Ok(connection);
        }
        let mut new = self.location.connect()?;
        blocking::install(&mut new)?;
        new.execute(CREATE, [])?;
        Ok(connection.insert(new))
    }
}

/// Returns the number that `increment` adds to: eight bytes, little endian, or 0 for a missing value.
pub(super) fn number(value: Option<&[u8]>) -> Result<i64, String> {
    let Some(value) = value else { return Ok(0) };
    let bytes = value.try_into().map_err(|_| format!("increment: a value of {} bytes is no number", value.len()))?;
    Ok(i64::from_le_bytes(bytes))
}

/// Returns the value that `increment` stores.
pub(super) fn sum_bytes(sum: i64) -> Vec<u8> {
    sum.to_le_bytes().to_vec()
}

fn get(connection: &Connection, label: &str, key: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    connection.prepare_cached(GET)?.query_row([label, key], |row| row.get(0)).optional()
}
