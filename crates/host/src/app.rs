//! The checked model of an application: the content of `spin.toml`, the runtime config and the environment, with every decision made
//! that is possible before the first request. Nothing here depends on wasmtime.
//!
//! Spin 4.1 is the reference. The differences, which the README lists as well:
//!
//! - An unknown or unsupported key is refused with one line that names it; Spin ignores some (in the runtime config's tables).
//! - Only HTTP or Redis triggers run, not both in one application. Sources and dependencies are local components; a core module is refused.
//! - `.env` is read beside the manifest, and relative paths of the runtime config (databases, stores, `dotenv_path`) are relative to that
//!   file's folder. Spin takes `.env`, databases and `dotenv_path` from the working directory, which is the same folder when
//!   `spin up` is run there.
//! - A malformed `.env` is refused at start; Spin fails each look-up.
//! - A route that can never match (a wildcard that is not last, characters outside ASCII) is refused.
//! - `files`: a plain folder as a pattern is refused (Spin nests it in itself), and so is a path outside the application's
//!   folder or a destination outside the mount.
//! - In an address, `#` and `?` before an `@` end the host, as for the clients that connect; Spin takes them for a password.
//! - A denied dependency gets a stub for every denied interface that it imports, at any version; see [`composition`].

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Result;

mod blocked_networks;
pub mod composition;
mod dependency;
mod document;
mod files;
mod headers;
mod host_pattern;
mod loader;
mod manifest;
mod names;
mod outbound;
mod providers;
mod route;
mod runtime_config;
mod template;
mod variables;

pub use blocked_networks::BlockedNetworks;
pub use dependency::{Capability, Dependency, DependencyName, Inherit};
pub use files::FileMount;
pub use headers::{request_headers, strip_transport_headers};
pub(crate) use outbound::is_service_chaining_host;
pub use outbound::{AllowedHosts, service_chaining_target};
pub use route::{Match, Router};
pub use runtime_config::{KeyValueStore, OutboundHttp, RuntimeConfig, SqliteDatabase};
pub use template::{Template, UnmatchedBraces};
pub use variables::{VariableError, Variables};

/// The locations of the inputs of an application besides its manifest.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// The runtime config. Without one, databases and stores have the label `default` only.
    pub runtime_config: Option<PathBuf>,
    /// The folder of the `default` database and store.
    pub state_dir: PathBuf,
    /// The file of `SPIN_VARIABLE_*` lines for variables that the environment lacks. Default: `.env` beside the manifest. A
    /// missing file is no error.
    pub env_file: Option<PathBuf>,
    /// The ids of the components to run (`spin up -c`); empty means all.
    pub only: Vec<String>,
}

/// An application that passed every check of `spin up`.
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
    /// The allowed but probably unintended: shadowed and reserved routes, deprecated keys. One line each.
    pub warnings: Vec<String>,
}

impl App {
    /// Reads and checks an application.
    ///
    /// # Errors
    /// One line that names the file, the line where there is one, and the key.
    pub fn load(manifest: &Path, options: &LoadOptions) -> Result<Self> {
        loader::load(manifest, options)
    }

    /// Returns the component with this id, if a trigger names it.
    pub fn component(&self, id: &str) -> Option<&Component> {
        self.components.iter().find(|component| component.id == id)
    }

    /// Returns the trigger that receives chained requests to a component: its last one. `None`: chaining to it is an error.
    pub fn chaining_trigger(&self, component: &str) -> Option<usize> {
        self.http.iter().rposition(|trigger| matches!(&trigger.target, Target::Component(id) if id == component))
    }
}

/// A component: its parts and its rights.
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
    /// Reads the component and composes it with its dependencies.
    ///
    /// # Errors
    /// A file that cannot be read or is no component, or a dependency that does not fit.
    pub fn wasm(&self) -> Result<Vec<u8>> {
        composition::compose(self)
    }
}

/// One `[[trigger.http]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpTrigger {
    /// Its id, given or generated as Spin generates it.
    pub id: String,
    /// Its route.
    pub route: Route,
    /// The target of its requests.
    pub target: Target,
}

/// One `[[trigger.redis]]`.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisTrigger {
    /// The URL of the server. May contain a password.
    pub address: String,
    /// The channel.
    pub channel: String,
    /// The id of the component that consumes its messages.
    pub component: String,
}

impl fmt::Debug for RedisTrigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { channel, component, .. } = self;
        f.debug_struct("RedisTrigger").field("channel", channel).field("component", component).finish_non_exhaustive()
    }
}

/// The route of an HTTP trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// A pattern as written in the manifest: exact, with `:name` segments, or ending in `/...`.
    Public(String),
    /// `{ private = true }`: reachable by service chaining only.
    Private,
}

/// The target of an HTTP trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The component with this id.
    Component(String),
    /// The host itself, with a fixed response.
    Static(StaticResponse),
}

/// The response of a trigger without a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticResponse {
    /// The status, 200 by default.
    pub status: http::StatusCode,
    /// The headers in the manifest's order.
    pub headers: http::HeaderMap,
    /// The body, empty by default.
    pub body: bytes::Bytes,
}
