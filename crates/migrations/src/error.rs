//! The reasons for which the migrations of a service are refused.

use std::io;
use std::path::PathBuf;

/// A fault in the migrations of a service, and its place.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: cannot be read or written", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// `embed` was called outside a build script.
    #[error("{variable} is not set: migrations are embedded by a build script")]
    NotABuildScript {
        /// The variable, which Cargo sets for build scripts.
        variable: &'static str,
    },
    /// The folder contains no migration, or a file no statement.
    #[error("{}: contains no {what}", path.display())]
    Empty {
        /// The file or folder.
        path: PathBuf,
        /// `migration` or `statement`.
        what: &'static str,
    },
    /// A line of `shared.txt` has another form than a name and a file.
    #[error("{}: {line:?} is not the name of a migration and its file", path.display())]
    Shared {
        /// The list.
        path: PathBuf,
        /// The line.
        line: String,
    },
    /// A file of the folder is not named like a migration.
    #[error("{}: a migration is named like 0001_create_users.sql, in small letters, digits and underscores", path.display())]
    Name {
        /// The file.
        path: PathBuf,
    },
    /// A number is missing, or used twice.
    #[error("{}: number {expected:04} was expected: migrations are numbered from 0001, each number once", path.display())]
    Number {
        /// The file.
        path: PathBuf,
        /// The number that it should have.
        expected: u32,
    },
    /// A statement cannot be parsed, or is not allowed in a migration.
    #[error("{}:{line}:{column}: {detail}", path.display())]
    Statement {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// The column in characters, counted from 1.
        column: u64,
        /// The parser's message, or the rule that the statement breaks.
        detail: String,
    },
}
