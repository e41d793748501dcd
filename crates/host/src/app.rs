//! The checked model of an application: what `spin.toml`, the runtime config and the environment say, with every question that
//! can be settled before the first request already settled. Nothing here knows wasmtime.
//!
//! Spin 4.1 is the reference. What differs, and is listed in the README as well:
//!
//! - An unknown or unsupported key is refused with one line that names it; Spin ignores some (in the runtime config's tables).
//! - Only HTTP or Redis triggers run, not both in one application. Sources and dependencies are local components; a core module is refused.
//! - `.env` is read beside the manifest and relative paths of the runtime config (databases, stores, `dotenv_path`) start at that
//!   file's folder. Spin takes `.env`, databases and `dotenv_path` from the working directory, which is the same folder when
//!   `spin up` is run there.
//! - A malformed `.env` is refused at start; Spin fails each look-up.
//! - A route that can never be matched (a wildcard that is not last, characters outside ASCII) is refused.
//! - `files`: a plain folder as a pattern is refused (Spin nests it in itself), and so is whatever lies outside the application's
//!   folder or would land outside the mount.
//! - In an address, `#` and `?` before an `@` end the host, as for the clients that connect; Spin takes them for a password.
//! - A denied dependency gets every denied interface it imports stubbed, at whatever version; see [`compose`].

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Result;

mod blocked;
pub mod compose;
mod dependency;
mod document;
mod files;
mod headers;
mod host_pattern;
mod load;
mod manifest;
mod names;
mod outbound;
mod providers;
mod route;
mod runtime_config;
mod template;
mod variables;

pub use blocked::BlockedNetworks;
pub use dependency::{Capability, Dependency, DependencyName, Inherit};
pub use files::FileMount;
pub use headers::{request_headers, strip_transport_headers};
pub use outbound::{AllowedHosts, service_chaining_target};
pub use route::{Match, Router};
pub use runtime_config::{KeyValueStore, OutboundHttp, RuntimeConfig, SqliteDatabase};
pub use template::Template;
pub use variables::{VariableError, Variables};

/// Where the inputs of an application are, beside its manifest.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// The runtime config. Without one only the label `default` of databases and stores exists.
    pub runtime_config: Option<PathBuf>,
    /// The folder of the `default` database and store.
    pub state_dir: PathBuf,
    /// The file that `SPIN_VARIABLE_*` are read from when the environment lacks them. Default: `.env` beside the manifest. A
    /// missing file is no error.
    pub env_file: Option<PathBuf>,
    /// The ids of the components to run (`spin up -c`); empty means all.
    pub only: Vec<String>,
}

/// An application that passed every check `spin up` makes before it listens.
#[derive(Debug)]
pub struct App {
    /// `application.name`.
    pub name: String,
    /// `application.version`, empty if there is none.
    pub version: String,
    /// The folder of the manifest, absolute.
    pub base_dir: PathBuf,
    /// The components that a trigger names, in the manifest's order of triggers.
    pub components: Vec<Component>,
    /// The HTTP triggers in the manifest's order.
    pub http: Vec<HttpTrigger>,
    /// The Redis triggers in the manifest's order. An application has triggers of one kind only.
    pub redis: Vec<RedisTrigger>,
    /// Variables, resolved at each look-up.
    pub variables: Variables,
    /// Databases, stores and the limits on outbound traffic.
    pub runtime: RuntimeConfig,
    /// What is allowed but probably not meant: shadowed and reserved routes, deprecated keys. One line each.
    pub warnings: Vec<String>,
}

impl App {
    /// Reads and checks an application.
    ///
    /// # Errors
    /// One line that names the file, the line where there is one, and the key.
    pub fn load(manifest: &Path, options: &LoadOptions) -> Result<Self> {
        load::load(manifest, options)
    }

    /// The component with this id, if a trigger names it.
    pub fn component(&self, id: &str) -> Option<&Component> {
        self.components.iter().find(|component| component.id == id)
    }

    /// The trigger that answers service chaining to a component: its last one. `None`: chaining to it is an error.
    pub fn chaining_trigger(&self, component: &str) -> Option<usize> {
        self.http.iter().rposition(|trigger| matches!(&trigger.target, Target::Component(id) if id == component))
    }
}

/// What one component is made of and may touch.
#[derive(Clone, Debug)]
pub struct Component {
    /// Its id, kebab-case.
    pub id: String,
    /// The `.wasm` file, absolute; it existed when the application was loaded.
    pub source: PathBuf,
    /// Environment variables of the guest.
    pub environment: BTreeMap<String, String>,
    /// The files of its read-only root folder, patterns expanded; see [`FileMount::stage`].
    pub files: Vec<FileMount>,
    /// Labels of the key-value stores it may open; each is in [`RuntimeConfig::key_value_stores`].
    pub key_value_stores: Vec<String>,
    /// Labels of the databases it may open; each is in [`RuntimeConfig::sqlite_databases`].
    pub sqlite_databases: Vec<String>,
    /// The hosts it may call.
    pub allowed_outbound_hosts: AllowedHosts,
    /// The components that satisfy some of its imports.
    pub dependencies: Vec<Dependency>,
}

impl Component {
    /// Reads the component and composes its dependencies in.
    ///
    /// # Errors
    /// A file that cannot be read or is no component, or a dependency that does not fit.
    pub fn wasm(&self) -> Result<Vec<u8>> {
        compose::compose(self)
    }
}

/// One `[[trigger.http]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpTrigger {
    /// Its id, given or made as Spin makes it.
    pub id: String,
    /// What it listens to.
    pub route: Route,
    /// Who answers.
    pub target: Target,
}

/// One `[[trigger.redis]]`.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisTrigger {
    /// The URL of the server. May hold a password.
    pub address: String,
    /// The channel.
    pub channel: String,
    /// The id of the component that hears it.
    pub component: String,
}

impl fmt::Debug for RedisTrigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { channel, component, .. } = self;
        f.debug_struct("RedisTrigger").field("channel", channel).field("component", component).finish_non_exhaustive()
    }
}

/// What an HTTP trigger listens to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// A pattern as written in the manifest: exact, with `:name` segments, or ending in `/...`.
    Public(String),
    /// `{ private = true }`: reached by service chaining only.
    Private,
}

/// Who answers the requests of an HTTP trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The component with this id.
    Component(String),
    /// The host itself.
    Static(StaticResponse),
}

/// The answer of a trigger without a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticResponse {
    /// The status, 200 by default.
    pub status: http::StatusCode,
    /// The headers in the manifest's order.
    pub headers: http::HeaderMap,
    /// The body, empty by default.
    pub body: bytes::Bytes,
}
