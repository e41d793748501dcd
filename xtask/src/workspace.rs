//! The paths of this repository: its root, the manifests, and the products of the builds.

use std::path::{Path, PathBuf};

/// The checkout of this repository.
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

    /// Returns the folder of the root Cargo.toml.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the path of the application's manifest.
    pub fn manifest(&self) -> PathBuf {
        self.root.join("spin.toml")
    }

    /// Returns the path of the manifest of the event relay, which is a separate application.
    pub fn relay_manifest(&self) -> PathBuf {
        self.root.join("components/event-relay/spin.toml")
    }

    /// Returns the path of the runtime configuration for one machine.
    pub fn runtime_config(&self) -> PathBuf {
        self.root.join("runtime-config.toml")
    }

    /// Returns the path of the development secrets.
    pub fn env_file(&self) -> PathBuf {
        self.root.join(".env")
    }

    /// Returns the default folder of local databases; runtime-config.toml names the same one.
    pub fn default_state_dir(&self) -> PathBuf {
        self.root.join(state_folder())
    }

    /// Returns the folder of every build: `CARGO_TARGET_DIR`, relative to the current folder as in cargo, or `target` in the root. Cargo receives it
    /// explicitly, so that tests and the bench find their programs from every folder.
    pub fn target_dir(&self) -> PathBuf {
        match std::env::var_os("CARGO_TARGET_DIR").filter(|dir| !dir.is_empty()) {
            Some(dir) => std::path::absolute(&dir).unwrap_or_else(|_| dir.into()),
            None => self.manifest_target_dir(),
        }
    }

    /// Returns the folder of the sources in spin.toml.
    pub fn manifest_target_dir(&self) -> PathBuf {
        self.root.join("target")
    }

    /// Returns the path of the embedded host after a build.
    pub fn host_binary(&self) -> PathBuf {
        self.target_dir().join("host").join("spindle-host")
    }

    /// Returns the path of the conformance kit after a build.
    pub fn kit_binary(&self) -> PathBuf {
        self.target_dir().join("host").join("spindle-conformance")
    }

    /// Returns the folder of compiled components, which is kept between starts. It may be deleted at any time.
    pub fn cache_dir(&self) -> PathBuf {
        self.target_dir().join("wasm-cache")
    }
}

/// Returns the first folder of the paths in runtime-config.toml.
pub(crate) fn state_folder() -> &'static str {
    ".spindle"
}
