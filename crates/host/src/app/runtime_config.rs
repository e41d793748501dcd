//! The runtime config: the locations of databases and stores, the providers of variables, and the limits on outbound traffic.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::LoadOptions;
use super::blocked_networks::BlockedNetworks;
use super::document::{Document, Table, Value};
use super::providers::Provider;

/// The label of the database and the store that exist without a definition.
const DEFAULT_LABEL: &str = "default";

/// The configuration of an application in one deployment.
#[derive(Debug)]
pub struct RuntimeConfig {
    /// Databases by label; `default` always exists.
    pub sqlite_databases: BTreeMap<String, SqliteDatabase>,
    /// Key-value stores by label; `default` always exists.
    pub key_value_stores: BTreeMap<String, KeyValueStore>,
    /// Limits on outbound HTTP.
    pub outbound_http: OutboundHttp,
    /// Networks that no component may reach.
    pub blocked_networks: BlockedNetworks,
}

/// A database. `Debug` hides the token of a server.
#[derive(Clone, PartialEq, Eq)]
pub enum SqliteDatabase {
    /// `type = "spin"`: SQLite.
    Spin {
        /// Its file, absolute; `None`: in memory, new with each connection.
        path: Option<PathBuf>,
    },
    /// `type = "libsql"`: a database on a libSQL server.
    Libsql {
        /// `http://`, `https://` or `libsql://`.
        url: String,
        /// Shown to the server with each statement.
        token: String,
    },
}

impl fmt::Debug for SqliteDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spin { path } => f.debug_struct("Spin").field("path", path).finish(),
            Self::Libsql { url, .. } => f.debug_struct("Libsql").field("url", url).finish_non_exhaustive(),
        }
    }
}

/// A key-value store. `Debug` hides the URL, which may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub enum KeyValueStore {
    /// `type = "spin"`: SQLite.
    Spin {
        /// Its file, absolute; `None`: in memory as long as the process runs.
        path: Option<PathBuf>,
    },
    /// `type = "redis"`.
    Redis {
        /// `redis://` or `rediss://`.
        url: String,
    },
}

impl fmt::Debug for KeyValueStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spin { path } => f.debug_struct("Spin").field("path", path).finish(),
            Self::Redis { .. } => f.debug_struct("Redis").finish_non_exhaustive(),
        }
    }
}

/// `[outbound_http]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboundHttp {
    /// Whether connections are kept for the next call. True without the table, and false with a table that does not set it, as in Spin.
    pub connection_pooling: bool,
    /// The limit of open connections; `None`: any number, 0: none.
    pub max_connections: Option<usize>,
}

impl Default for OutboundHttp {
    fn default() -> Self {
        Self { connection_pooling: true, max_connections: None }
    }
}

/// Reads the runtime config, or returns the default one, with the providers of variables in their order.
///
/// # Errors
/// One line that names the key.
pub(crate) fn load(options: &LoadOptions, env_file: &Path) -> Result<(RuntimeConfig, Vec<Provider>)> {
    let mut config = RuntimeConfig {
        sqlite_databases: BTreeMap::new(),
        key_value_stores: BTreeMap::new(),
        outbound_http: OutboundHttp::default(),
        blocked_networks: BlockedNetworks::default(),
    };
    let mut providers = Vec::new();
    if let Some(path) = &options.runtime_config {
        let folder = std::path::absolute(path)?;
        let folder = folder.parent().context("the runtime config has no folder")?;
        read(&Document::read(path)?, folder, &mut config, &mut providers)?;
    }
    let state_dir = std::path::absolute(&options.state_dir)
        .with_context(|| format!("{}: no state folder", options.state_dir.display()))?;
    config
        .sqlite_databases
        .entry(DEFAULT_LABEL.to_owned())
        .or_insert_with(|| SqliteDatabase::Spin { path: Some(state_dir.join("sqlite_db.db")) });
    config
        .key_value_stores
        .entry(DEFAULT_LABEL.to_owned())
        .or_insert_with(|| KeyValueStore::Spin { path: Some(state_dir.join("sqlite_key_value.db")) });
    providers.push(Provider::environment(None, Some(env_file))?);
    Ok((config, providers))
}

fn read(document: &Document, folder: &Path, config: &mut RuntimeConfig, providers: &mut Vec<Provider>) -> Result<()> {
    let mut root = document.root()?;
    for (label, value) in optional_table(&mut root, "sqlite_database")? {
        config.sqlite_databases.insert(label, sqlite_database(value, folder)?);
    }
    for (label, value) in optional_table(&mut root, "key_value_store")? {
        config.key_value_stores.insert(label, key_value_store(value, folder)?);
    }
    // Spin's older name applies only where the newer one is absent.
    let current = root.take("variables_provider");
    let older = root.take("config_provider");
    if let Some(value) = current.or(older) {
        for value in value.array()? {
            providers.push(variables_provider(value, folder)?);
        }
    }
    if let Some(value) = root.take("outbound_http") {
        config.outbound_http = outbound_http(value)?;
    }
    if let Some(value) = root.take("outbound_networking") {
        config.blocked_networks = blocked_networks(value)?;
    }
    for key in UNSUPPORTED {
        root.refuse(key)?;
    }
    root.finish()
}

/// Spin's keys that this host refuses by name instead of as unknown.
const UNSUPPORTED: [&str; 9] = [
    "client_tls",
    "llm_compute",
    "log_dir",
    "max_instance_memory",
    "outbound_mqtt",
    "outbound_mysql",
    "outbound_pg",
    "outbound_redis",
    "state_dir",
];

fn optional_table<'a>(root: &mut Table<'a>, key: &str) -> Result<Vec<(String, Value<'a>)>> {
    root.take(key).map_or_else(|| Ok(Vec::new()), |value| Ok(value.table()?.into_entries().collect()))
}

fn sqlite_database(value: Value<'_>, folder: &Path) -> Result<SqliteDatabase> {
    let mut table = value.table()?;
    let kind = table.require("type")?;
    let position = kind.position();
    match kind.string()?.as_str() {
        "spin" => {}
        "libsql" => {
            let url = table.require("url")?;
            let position = url.position();
            let url = url.string()?;
            let valid = url::Url::parse(&url)
                .is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "libsql") && url.has_host());
            if !valid {
                return Err(position.error("expected https://<host>, http://<host>:<port> or libsql://<host>"));
            }
            let token = table.require("token")?.string()?;
            table.finish()?;
            return Ok(SqliteDatabase::Libsql { url, token });
        }
        other => return Err(position.error(format_args!("unknown type of database {other:?}"))),
    }
    let path = optional_path(&mut table, "path", folder)?;
    if let Some(value) = table.take("allow_attach_file") {
        let position = value.position();
        if value.boolean()? {
            return Err(position.error("not supported by this host"));
        }
    }
    table.finish()?;
    Ok(SqliteDatabase::Spin { path })
}

fn key_value_store(value: Value<'_>, folder: &Path) -> Result<KeyValueStore> {
    let mut table = value.table()?;
    let kind = table.require("type")?;
    let position = kind.position();
    let store = match kind.string()?.as_str() {
        "spin" => KeyValueStore::Spin { path: optional_path(&mut table, "path", folder)? },
        "redis" => {
            let value = table.require("url")?;
            let position = value.position();
            let url = value.string()?;
            // The error does not quote the URL: it may contain a password.
            let valid =
                url::Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "redis" | "rediss") && url.has_host());
            if !valid {
                return Err(position.error("expected redis://<host>[:<port>] or rediss://..."));
            }
            KeyValueStore::Redis { url }
        }
        other @ ("azure_cosmos" | "aws_dynamo") => {
            return Err(position.error(format_args!("{other:?} is not supported by this host")));
        }
        other => return Err(position.error(format_args!("unknown type of key-value store {other:?}"))),
    };
    table.finish()?;
    Ok(store)
}

fn variables_provider(value: Value<'_>, folder: &Path) -> Result<Provider> {
    let mut table = value.table()?;
    let kind = table.require("type")?;
    let position = kind.position();
    let provider = match kind.string()?.as_str() {
        "static" => {
            let values = table.require("values")?.table()?.into_entries();
            Provider::fixed(values.map(|(name, value)| Ok((name, value.string()?))).collect::<Result<_>>()?)
        }
        "env" => {
            let prefix = table.take("prefix").map(Value::string).transpose()?;
            let file = optional_path(&mut table, "dotenv_path", folder)?;
            Provider::environment(prefix, file.as_deref())?
        }
        other @ ("vault" | "azure_key_vault") => {
            return Err(position.error(format_args!("{other:?} is not supported by this host")));
        }
        other => return Err(position.error(format_args!("unknown type of variables provider {other:?}"))),
    };
    table.finish()?;
    Ok(provider)
}

fn outbound_http(value: Value<'_>) -> Result<OutboundHttp> {
    let mut table = value.table()?;
    let connection_pooling = table.flag("connection_pooling")?;
    let current = table.take("max_connections").map(Value::integer::<usize>).transpose()?;
    let older = table.take("max_concurrent_requests");
    let max_connections = match (current, older) {
        (Some(_), Some(older)) => return Err(older.error("cannot be set beside max_connections")),
        // Spin's meaning of the deprecated key: 0 allowed one connection.
        (None, Some(older)) => Some(older.integer::<usize>()?.saturating_add(1)),
        (current, None) => current,
    };
    table.finish()?;
    Ok(OutboundHttp { connection_pooling, max_connections })
}

fn blocked_networks(value: Value<'_>) -> Result<BlockedNetworks> {
    let mut table = value.table()?;
    let mut blocked = BlockedNetworks::default();
    if let Some(value) = table.take("block_networks") {
        for value in value.array()? {
            let position = value.position();
            let network = value.string()?;
            blocked.add(&network).ok_or_else(|| {
                position.error(format_args!("{network:?} is neither an IP network in CIDR notation nor \"private\""))
            })?;
        }
    }
    table.refuse("max_socket_connections")?;
    table.refuse("max_total_connections")?;
    table.finish()?;
    Ok(blocked)
}

fn optional_path(table: &mut Table<'_>, key: &str, folder: &Path) -> Result<Option<PathBuf>> {
    Ok(table.take(key).map(Value::string).transpose()?.map(|path| folder.join(path)))
}

#[cfg(test)]
#[path = "runtime_config_tests.rs"]
mod tests;
