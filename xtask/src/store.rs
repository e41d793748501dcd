//! The store behind the instances that tests start: files of SQLite, or servers of libSQL; and the copy of an installation from one to the other.

pub mod copy;

use std::fmt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;

/// The variable with the store of the instances that tests start: `libsql`. Unset, it is files of SQLite.
pub const STORE: &str = "SPINDLE_STORE";

/// The variable with the path of `sqld`, if the one on `PATH` is not meant.
pub const SQLD: &str = "SQLD_BIN";

/// A store that a suite can run on, beside files of SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Store {
    /// A server of libSQL for each database
    Libsql,
}

impl Store {
    /// Returns its name on the command line and in the environment.
    pub fn name(self) -> &'static str {
        match self {
            Self::Libsql => "libsql",
        }
    }

    /// Returns the store that the environment names; `None` for files of SQLite.
    ///
    /// # Panics
    ///
    /// If it names another.
    pub fn of_environment() -> Option<Self> {
        let name = std::env::var(STORE).ok()?;
        Some(Self::from_str(&name, false).unwrap_or_else(|error| panic!("{STORE}: {error}")))
    }
}

/// A store that an installation can be copied from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Origin {
    /// Files of SQLite
    Sqlite,
}

/// The servers of libSQL on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LibsqlServer {
    /// The real one.
    Sqld {
        /// Its file.
        program: PathBuf,
        /// The version that it prints.
        version: String,
    },
    /// The double of the tests.
    Double,
}

impl LibsqlServer {
    /// Returns `sqld` at `SQLD_BIN` or on `PATH`, else the double.
    ///
    /// # Errors
    ///
    /// If `SQLD_BIN` names no program that runs.
    pub fn find() -> Result<Self> {
        match std::env::var_os(SQLD) {
            Some(path) => Self::sqld(path.into()).with_context(|| format!("{SQLD} names no sqld")),
            None => {
                let path = std::env::var_os("PATH").unwrap_or_default();
                let program =
                    std::env::split_paths(&path).map(|folder| folder.join("sqld")).find(|file| file.is_file());
                program.map_or(Ok(Self::Double), Self::sqld)
            }
        }
    }

    fn sqld(program: PathBuf) -> Result<Self> {
        let output = Command::new(&program).arg("--version").output();
        let output = output.with_context(|| format!("cannot start {}", program.display()))?;
        ensure!(output.status.success(), "{} --version: {}", program.display(), output.status);
        let printed = String::from_utf8_lossy(&output.stdout);
        let version = printed.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
        Ok(Self::Sqld { program, version: version.unwrap_or("of an unknown version").to_owned() })
    }
}

impl fmt::Display for LibsqlServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqld { program, version } => write!(f, "sqld {version} at {}", program.display()),
            Self::Double => write!(f, "the double of the tests (no sqld on PATH, and {SQLD} is not set)"),
        }
    }
}
