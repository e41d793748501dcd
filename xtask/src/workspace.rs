//! The paths of this repository: its root, the manifests, and the products of the builds.

use std::path::{Path, PathBuf};

/// The checkout this crate was built from.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Returns the checkout that holds this crate's sources, wherever the command was started.
    pub fn locate() -> Self {
        let crate_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = crate_dir.parent().expect("xtask is a folder in the workspace").to_path_buf();
        Self { root }
    }

    /// The folder of the root Cargo.toml.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The application's manifest.
    pub fn manifest(&self) -> PathBuf {
        self.root.join("spin.toml")
    }

    /// The manifest of the event relay, which is an application of its own.
    pub fn relay_manifest(&self) -> PathBuf {
        self.root.join("components/event-relay/spin.toml")
    }

    /// The runtime configuration for this machine.
    pub fn runtime_config(&self) -> PathBuf {
        self.root.join("runtime-config.toml")
    }

    /// The development secrets.
    pub fn env_file(&self) -> PathBuf {
        self.root.join(".env")
    }

    /// The default folder of local databases; runtime-config.toml names the same one.
    pub fn default_state_dir(&self) -> PathBuf {
        self.root.join(state_folder())
    }

    /// The folder of every build: `CARGO_TARGET_DIR`, relative to the current folder as cargo takes it, or `target` in the root. Given to cargo
    /// explicitly, so that tests and the bench find what they run wherever they are started.
    pub fn target_dir(&self) -> PathBuf {
        match std::env::var_os("CARGO_TARGET_DIR").filter(|dir| !dir.is_empty()) {
            Some(dir) => std::path::absolute(&dir).unwrap_or_else(|_| dir.into()),
            None => self.manifest_target_dir(),
        }
    }

    /// The folder that spin.toml's sources begin with.
    pub fn manifest_target_dir(&self) -> PathBuf {
        self.root.join("target")
    }

    /// The embedded host, once it is built.
    pub fn host_binary(&self) -> PathBuf {
        self.target_dir().join("host").join("spindle-host")
    }

    /// The conformance kit, once it is built.
    pub fn kit_binary(&self) -> PathBuf {
        self.target_dir().join("host").join("spindle-conformance")
    }

    /// The folder of compiled components, kept between starts. It may be deleted at any time.
    pub fn cache_dir(&self) -> PathBuf {
        self.target_dir().join("wasm-cache")
    }
}

/// The folder that runtime-config.toml's paths begin with.
pub(crate) fn state_folder() -> &'static str {
    ".spindle"
}
