//! The servers of libSQL behind an instance: one for each of its databases, so that each can be killed, restarted and limited alone. They are
//! `sqld`, if there is one on this machine, or the double of the tests.

pub mod client;
pub mod double;
pub mod sqld;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ed25519_dalek::SigningKey;
use serde_json::json;
use toml::{Table, Value};
use xtask::store::{LibsqlServer, Store};
use xtask::workspace::Workspace;

use self::double::{Double, Limits};
use self::sqld::Sqld;
use crate::jwt::{Jwt, encode};

/// The seed of the key that signs the tokens for the servers of tests.
const SEED: [u8; 32] = [7; 32];

/// The servers that run for instances, by their state folders.
static ALL: Mutex<BTreeMap<PathBuf, Arc<Servers>>> = Mutex::new(BTreeMap::new());

/// The servers of the instances on one state folder, by the labels of their databases.
#[derive(Debug)]
pub struct Servers(BTreeMap<String, Server>);

/// A server of one database.
#[derive(Debug)]
pub enum Server {
    /// The real one.
    Sqld(Sqld),
    /// The double, with faults on demand.
    Double(Double),
}

impl Servers {
    /// Starts servers of this kind for the instances in `state_dir`, with their data where the databases of a host would be. They end with the test
    /// process, or once servers start when the folder is gone.
    ///
    /// # Panics
    ///
    /// If a server does not start.
    pub fn start(kind: &LibsqlServer, state_dir: &Path) -> Arc<Self> {
        let servers =
            Arc::new(Self(labels().map(|label| (label.clone(), Server::start(kind, state_dir, &label))).collect()));
        let mut all = all();
        all.retain(|folder, _| folder.exists());
        all.insert(state_dir.to_owned(), servers.clone());
        servers
    }

    /// Returns the servers of the instances in `state_dir`, which start now if the tests run on libSQL; `None` if the databases are files.
    pub(crate) fn of_instance(state_dir: &Path) -> Option<Arc<Self>> {
        let start = |Store::Libsql| Self::start(&LibsqlServer::find().expect("a server"), state_dir);
        Self::of_folder(state_dir).or_else(|| Store::of_environment().map(start))
    }

    /// Returns the servers of the instances in `state_dir`; `None` if they have files, or none has started yet.
    pub fn of_folder(state_dir: &Path) -> Option<Arc<Self>> {
        all().get(state_dir).cloned()
    }

    /// Lets a runtime configuration name the servers instead of files.
    ///
    /// # Panics
    ///
    /// If it has no databases.
    pub(crate) fn write_to(&self, config: &mut Table) {
        let databases = config["sqlite_database"].as_table_mut().expect("a table of databases");
        for (label, server) in &self.0 {
            let server = [("type", "libsql".to_owned()), ("url", server.url()), ("token", token())];
            databases.insert(
                label.clone(),
                Value::Table(server.map(|(key, value)| (key.to_owned(), value.into())).into_iter().collect()),
            );
        }
    }

    /// Returns the server of a database.
    ///
    /// # Panics
    ///
    /// If there is no database with this label.
    pub fn get(&self, label: &str) -> &Server {
        self.0.get(label).unwrap_or_else(|| panic!("no database has the label {label}"))
    }

    /// Returns the double behind a database.
    ///
    /// # Panics
    ///
    /// If there is no database with this label, or its server is a real one.
    pub fn double(&self, label: &str) -> &Double {
        match self.get(label) {
            Server::Double(double) => double,
            Server::Sqld(_) => panic!("{label} has a real server, which has no faults on demand"),
        }
    }
}

impl Server {
    fn start(kind: &LibsqlServer, state_dir: &Path, label: &str) -> Self {
        let file = state_dir.join(format!("{label}.db"));
        match kind {
            LibsqlServer::Sqld { program, .. } => {
                Self::Sqld(Sqld::start(program, &state_dir.join("sqld").join(label), &file))
            }
            LibsqlServer::Double => Self::Double(Double::start(&file, &token(), Limits::default())),
        }
    }

    /// Returns its URL.
    pub fn url(&self) -> String {
        match self {
            Self::Sqld(sqld) => sqld.url(),
            Self::Double(double) => double.url(),
        }
    }

    /// Kills it as a crash would.
    ///
    /// # Panics
    ///
    /// If it does not run.
    pub fn kill(&self) {
        match self {
            Self::Sqld(sqld) => sqld.kill(),
            Self::Double(double) => double.kill(),
        }
    }

    /// Starts it again after it was killed.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub fn restart(&self) {
        match self {
            Self::Sqld(sqld) => sqld.restart(),
            Self::Double(double) => double.restart(),
        }
    }
}

/// Returns the labels of the databases.
fn labels() -> impl Iterator<Item = String> {
    let text = fs::read_to_string(Workspace::locate().runtime_config()).expect("there is a runtime configuration");
    let mut config: Table = toml::from_str(&text).expect("it is TOML");
    let Some(Value::Table(databases)) = config.remove("sqlite_database") else { panic!("it has no databases") };
    databases.into_iter().map(|(label, _)| label)
}

fn all() -> MutexGuard<'static, BTreeMap<PathBuf, Arc<Servers>>> {
    ALL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the token with which a client may read and write.
pub fn token() -> String {
    let unsigned = Jwt::new(json!({"alg": "EdDSA", "typ": "JWT"}), json!({"a": "rw"}));
    unsigned.signed(&SigningKey::from_bytes(&SEED)).text()
}

/// Returns the key that verifies [`token`], in the form of the option `--auth-jwt-key-file`.
fn public_key() -> String {
    encode(SigningKey::from_bytes(&SEED).verifying_key().as_bytes())
}
