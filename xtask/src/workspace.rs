//! Where things are in this repository: its root, the manifest, and what the builds leave behind.

use std::path::{Path, PathBuf};

/// The checkout this crate was built from.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The checkout that holds this crate's sources, wherever the command was started.
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

    /// Where local databases live unless told otherwise; runtime-config.toml names the same folder.
    pub fn default_state_dir(&self) -> PathBuf {
        self.root.join(state_folder())
    }

    /// Where every build goes. It is given to cargo explicitly, because spin.toml names this folder: a `CARGO_TARGET_DIR`
    /// in somebody's environment must not part the two.
    pub fn target_dir(&self) -> PathBuf {
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

    /// Compiled components are kept here between starts. It may be deleted at any time.
    pub fn cache_dir(&self) -> PathBuf {
        self.target_dir().join("wasm-cache")
    }
}

/// The folder that runtime-config.toml's paths begin with.
pub(crate) fn state_folder() -> &'static str {
    ".spindle"
}
