//! The databases and key-value stores of an application, shared by all its requests.
//!
//! Spin 4.1 is the reference; the README lists the differences, and [`sqlite`] and [`key_value`] give the reasons. In short: a
//! few operations that Spin accepts or panics at are errors, and operations that Spin cannot do on Redis are refused by name.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::app::{RuntimeConfig, SqliteDatabase};
use crate::counters::Counts;

mod blocking;
mod database;
pub(crate) mod key_value;
mod libsql;
mod private;
#[cfg(test)]
pub(crate) mod redis_server;
pub(crate) mod sqlite;

pub(crate) use database::Database;
#[expect(unreachable_pub, reason = "the generated bindings export it again")]
pub use database::Session;
use key_value::KeyValueStore;
pub(crate) use private::{folder_of, restrict_folders};

/// The size above which Spin refuses the result of a statement.
const MAX_RESULT_BYTES: usize = 128 << 20;

/// The location of an SQLite database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// In memory: the data ends with the connection.
    InMemory,
    /// In this file, created at the first use.
    File(PathBuf),
}

impl Location {
    /// Creates the folder of the file, as Spin does at start, but for this user alone; so is a file that exists from now on.
    fn prepare(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Ok(Self::InMemory) };
        if let Some(folder) = path.parent() {
            private::create_folder(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        private::restrict_database(path);
        Ok(Self::File(path.to_owned()))
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// SQLite's error, if the file cannot be opened or created.
    fn connect(&self) -> rusqlite::Result<rusqlite::Connection> {
        match self {
            Self::InMemory => rusqlite::Connection::open_in_memory(),
            Self::File(path) => {
                create(path);
                rusqlite::Connection::open(path)
            }
        }
    }
}

/// Creates the file of a database, for this user alone, if there is none: SQLite would let everyone read it. The files beside it (`-wal`,
/// `-shm`, `-journal`) get its mode from SQLite. SQLite reports a file that cannot be created.
fn create(path: &Path) {
    /// Closing a file releases the locks that this process has on it (fcntl), and SQLite's are such locks. So no thread may connect to the
    /// new file before it is closed here.
    static CREATING: Mutex<()> = Mutex::new(());
    let _creating = CREATING.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = OpenOptions::new().write(true).create_new(true).mode(private::FILE_MODE).open(path);
}

/// The databases and the key-value stores by label.
#[derive(Debug)]
pub(crate) struct Stores {
    databases: BTreeMap<String, Database>,
    key_value: BTreeMap<String, Arc<KeyValueStore>>,
}

impl Stores {
    /// Prepares the stores that the runtime config defines, in folders for this user alone; each is opened at its first use. An SQL statement of a guest may run
    /// for `statement_limit`.
    ///
    /// # Errors
    /// A folder that cannot be created, an invalid Redis URL, or an invalid token.
    pub(crate) fn open(config: &RuntimeConfig, statement_limit: Duration) -> Result<Self> {
        let mut databases = BTreeMap::new();
        for (label, database) in &config.sqlite_databases {
            let database = match database {
                SqliteDatabase::Spin { path } => {
                    let location = Location::prepare(path.as_deref())?;
                    Database::Sqlite(Arc::new(sqlite::Database::new(location, statement_limit)))
                }
                SqliteDatabase::Libsql { url, token } => {
                    Database::Libsql(Arc::new(libsql::Server::new(url, token, statement_limit)?))
                }
            };
            databases.insert(label.clone(), database);
        }
        let mut key_value = BTreeMap::new();
        for (label, store) in &config.key_value_stores {
            key_value.insert(label.clone(), Arc::new(KeyValueStore::new(label, store)?));
        }
        Ok(Self { databases, key_value })
    }

    /// Returns the database with this label, if the runtime config defines it.
    pub(crate) fn database(&self, label: &str) -> Option<Database> {
        self.databases.get(label).cloned()
    }

    fn files(&self) -> impl Iterator<Item = &sqlite::Database> {
        self.databases.values().filter_map(|database| match database {
            Database::Sqlite(database) => Some(&**database),
            Database::Libsql(_) => None,
        })
    }

    /// Adds the waits for the locks of all databases to `counts`. Those of a server are waited for there.
    pub(crate) fn count(&self, counts: &mut Counts) {
        self.files().for_each(|database| database.waits.add_to(counts));
    }

    /// Returns the connections to all files that are in use, and those that are idle.
    pub(crate) fn connections(&self) -> (u64, u64) {
        self.files().map(sqlite::Database::connections).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    }

    /// Returns the key-value store with this label, if the runtime config defines it.
    pub(crate) fn key_value(&self, label: &str) -> Option<Arc<KeyValueStore>> {
        self.key_value.get(label).cloned()
    }
}
