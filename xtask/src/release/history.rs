//! One revision in the history of a checkout, read with `git`. Nothing of the checkout changes, and nothing is left in `.git`.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

/// The number of digits of a commit's id.
const DIGITS: usize = 40;

/// A commit of the repository of a checkout.
#[derive(Clone, Debug)]
pub struct Revision {
    root: PathBuf,
    id: String,
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}

impl Revision {
    /// Returns the commit with this id of the checkout in `root`.
    pub fn new(root: &Path, id: &str) -> Self {
        Self { root: root.to_owned(), id: id.to_owned() }
    }

    /// Returns whether the id is a whole one: a short one may mean another commit one day, and a branch does.
    pub(super) fn is_whole(&self) -> bool {
        self.id.len() == DIGITS && self.id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }

    /// Returns whether the repository has it: a shallow clone does not, nor a folder that is no checkout.
    pub fn is_here(&self) -> bool {
        let mut git = self.git();
        git.args(["cat-file", "-e", &format!("{}^{{commit}}", self.id)]).stdout(Stdio::null()).stderr(Stdio::null());
        self.is_whole() && git.status().is_ok_and(|status| status.success())
    }

    /// Returns whether it is part of the history of the checkout.
    ///
    /// # Errors
    ///
    /// If `git` cannot find out.
    pub(super) fn is_ancestor_of_head(&self) -> Result<bool> {
        let status = self.git().args(["merge-base", "--is-ancestor", &self.id, "HEAD"]).status();
        match status.context("cannot run git")?.code() {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => anyhow::bail!("git cannot compare {self} with HEAD"),
        }
    }

    /// Writes all of its files into `folder`.
    ///
    /// # Errors
    ///
    /// If the repository does not have it, or the folder cannot be written to.
    pub fn check_out(&self, folder: &Path) -> Result<()> {
        // An index of its own: the one of the checkout stays as it is.
        let own = tempfile::tempdir().context("cannot make a folder for an index")?;
        let index = own.path().join("index");
        let mut prefix = std::path::absolute(folder)?.into_os_string();
        prefix.push("/");
        let mut option = std::ffi::OsString::from("--prefix=");
        option.push(prefix);
        self.run(self.git().args(["read-tree", &self.id]).env("GIT_INDEX_FILE", &index))?;
        self.run(self.git().args(["checkout-index", "--all", "--quiet"]).arg(option).env("GIT_INDEX_FILE", &index))
    }

    fn git(&self) -> Command {
        let mut git = Command::new("git");
        // A hook that runs this sets them for its own repository.
        git.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_INDEX_FILE");
        git.arg("-C").arg(&self.root).stdin(Stdio::null());
        git
    }

    fn run(&self, git: &mut Command) -> Result<()> {
        let output = git.output().context("cannot run git")?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "git cannot check out {self}: {}", stderr.trim());
        Ok(())
    }
}
