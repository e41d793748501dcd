//! The instance that a suite talks to: the one at `SPINDLE_URL`, or one that is started for the suite, once.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use xtask::suite::{CORS_ORIGIN, URL};
use xtask::workspace::Workspace;

use crate::{Client, Instance, instance};

/// An instance, and what is known of its configuration.
#[derive(Debug)]
pub struct Target {
    client: Client,
    cors_origin: Option<String>,
    own: Option<Instance>,
}

/// The instance of this test process. The first caller waits until it is ready.
///
/// # Panics
///
/// If it has to be started and cannot be.
pub fn target() -> &'static Target {
    static TARGET: OnceLock<Target> = OnceLock::new();
    TARGET.get_or_init(|| match std::env::var(URL) {
        Ok(url) => Target { client: Client::new(&url), cors_origin: std::env::var(CORS_ORIGIN).ok(), own: None },
        Err(_) => {
            // A static is never dropped: the host ends with this process, and its folder goes with the next run.
            let own = Instance::start(&process_dir());
            Target { client: own.client(), cors_origin: Some(instance::ORIGIN.to_owned()), own: Some(own) }
        }
    })
}

impl Target {
    /// A client for it.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// An origin that browsers may call it from, if one is known.
    pub fn cors_origin(&self) -> Option<&str> {
        self.cors_origin.as_deref()
    }

    /// What it has printed, if it was started here.
    pub fn log(&self) -> Option<String> {
        self.own.as_ref().map(Instance::log)
    }
}

/// A new folder that is named after this process. Those of processes that are gone are removed.
fn process_dir() -> PathBuf {
    let parent = Workspace::locate().target_dir().join("e2e");
    let gone = |name: &str| !Path::new("/proc").join(name).exists();
    for old in fs::read_dir(&parent).into_iter().flatten().flatten() {
        if old.file_name().to_str().is_some_and(gone) {
            // Another run may be at it too.
            let _ = fs::remove_dir_all(old.path());
        }
    }
    let own = parent.join(std::process::id().to_string());
    let _ = fs::remove_dir_all(&own);
    fs::create_dir_all(&own).expect("the target folder can be written to");
    own
}
