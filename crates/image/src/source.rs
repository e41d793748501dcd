//! The revision of the sources that an image is built from.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use jiff::Timestamp;

/// A commit of this repository.
#[derive(Clone, Debug)]
pub(crate) struct Revision {
    /// The URL of the repository, from Cargo.toml.
    pub(crate) repository: String,
    pub(crate) commit: String,
    /// Whether files differ from the commit.
    pub(crate) modified: bool,
    /// The time of the commit.
    pub(crate) time: Timestamp,
}

impl Revision {
    /// Reads the revision that is checked out in `root`.
    ///
    /// # Errors
    ///
    /// If git is missing, or `root` is in no repository.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let head = git(root, &["log", "-1", "--format=%H %ct"])?;
        let (commit, seconds) = head.split_once(' ').context("git printed no commit")?;
        Ok(Self {
            repository: env!("CARGO_PKG_REPOSITORY").to_owned(),
            commit: commit.to_owned(),
            modified: !git(root, &["status", "--porcelain", "--untracked-files=no"])?.is_empty(),
            time: Timestamp::from_second(seconds.parse()?)?,
        })
    }

    /// Returns the commit, and says so if files differ from it.
    pub(crate) fn name(&self) -> String {
        if self.modified { format!("{}-modified", self.commit) } else { self.commit.clone() }
    }
}

fn git(root: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output().context("cannot run git")?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the revision of the sources is unknown: {}", error.trim());
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
