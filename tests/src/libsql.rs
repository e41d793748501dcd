//! The servers of libSQL behind an instance: one for each of its databases, so that each can be killed, restarted and limited alone. They are
//! `sqld`, if there is one on this machine, or the double of the tests.

pub mod client;
pub mod double;
pub mod sqld;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;
use serde_json::json;
use toml::{Table, Value};
use xtask::store::{LibsqlServer, Store};
use xtask::workspace::Workspace;

use self::double::{Counters, Double, Limits};
use self::sqld::Sqld;
use crate::jwt::Jwt;

/// The keys that sign the tokens for the servers of tests, in the order of the file with their public keys.
const KEYS: [Key; 2] = [Key::Current, Key::Next];

/// A key that signs tokens for the servers of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The one of [`token`].
    Current,
    /// The one that follows it. The servers know both.
    Next,
    /// One that the servers do not know.
    Unknown,
}

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
    /// Starts servers of this kind for the instances in `state_dir`, unless they have some, with their data where the databases of a host would be. They
    /// end with the test process, or once servers start when the folder is gone.
    ///
    /// # Panics
    ///
    /// If a server does not start.
    pub fn start(kind: &LibsqlServer, state_dir: &Path) -> Arc<Self> {
        Self::start_with(kind, state_dir, Limits::default())
    }

    /// Starts them as [`start`](Self::start) does, each with these limits.
    ///
    /// # Panics
    ///
    /// If a server does not start.
    pub fn start_with(kind: &LibsqlServer, state_dir: &Path, limits: Limits) -> Arc<Self> {
        // To the end, because several instances may start in the folder at once.
        let mut all = all();
        all.retain(|folder, _| folder.exists());
        let start = || {
            let server = |label: String| (label.clone(), Server::start(kind, state_dir, &label, limits));
            Arc::new(Self(labels().map(server).collect()))
        };
        all.entry(state_dir.to_owned()).or_insert_with(start).clone()
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

    /// Returns the work of each double so far, by the label of its database.
    ///
    /// # Panics
    ///
    /// If a server is a real one.
    pub fn counters(&self) -> BTreeMap<String, Counters> {
        self.0.keys().map(|label| (label.clone(), self.double(label).counters())).collect()
    }

    /// Lets each answer every request from now on after `delay`.
    ///
    /// # Panics
    ///
    /// If a server is a real one.
    pub fn delay(&self, delay: Duration) {
        self.0.keys().for_each(|label| self.double(label).delay(delay));
    }
}

impl Server {
    fn start(kind: &LibsqlServer, state_dir: &Path, label: &str, limits: Limits) -> Self {
        let file = state_dir.join(format!("{label}.db"));
        match kind {
            LibsqlServer::Sqld { program, .. } => {
                Self::Sqld(Sqld::start(program, &state_dir.join("sqld").join(label), &file, limits))
            }
            LibsqlServer::Double => Self::Double(Double::start(&file, &KEYS.map(token_of), limits)),
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

/// Returns the token with which a client may read and write, signed with [`Key::Current`].
pub fn token() -> String {
    token_of(Key::Current)
}

/// Returns the token that `key` has signed.
pub fn token_of(key: Key) -> String {
    let unsigned = Jwt::new(json!({"alg": "EdDSA", "typ": "JWT"}), json!({"a": "rw"}));
    unsigned.signed(&key.signing_key()).text()
}

impl Key {
    fn signing_key(self) -> SigningKey {
        SigningKey::from_bytes(&[7 + self as u8; 32])
    }
}

/// Returns the keys that verify tokens, in the form of the option `--auth-jwt-key-file`: PEM, which alone may have several.
fn public_keys() -> String {
    /// The bytes before an Ed25519 key in SPKI (RFC 8410).
    const PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    let pem = |key: Key| {
        let der = [&PREFIX[..], key.signing_key().verifying_key().as_bytes()].concat();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(der))
    };
    KEYS.map(pem).concat()
}
