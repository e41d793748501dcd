//! Why a folder of migrations is refused.

use std::io;
use std::path::PathBuf;

/// What is wrong with a folder of migrations, and where.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// `embed` was called from somewhere else.
    #[error("{variable} is not set: migrations are embedded by a build script")]
    NotABuildScript {
        /// What Cargo sets for build scripts.
        variable: &'static str,
    },
    /// The folder holds no migration, or a file no statement.
    #[error("{}: there is no {what} in it", path.display())]
    Empty {
        /// The file or folder.
        path: PathBuf,
        /// What is missing.
        what: &'static str,
    },
    /// Something in the folder is not named like a migration.
    #[error("{}: a migration is named like 0001_create_users.sql, in small letters, digits and underscores", path.display())]
    Name {
        /// The file.
        path: PathBuf,
    },
    /// A number is missing, or there twice.
    #[error("{}: number {expected:04} is due here: migrations are numbered from 0001, each number once", path.display())]
    Number {
        /// The file.
        path: PathBuf,
        /// The number that it should have.
        expected: u32,
    },
    /// A statement cannot be read, or may not be in a migration.
    #[error("{}:{line}:{column}: {detail}", path.display())]
    Statement {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// The column in characters, counted from 1.
        column: u64,
        /// What is wrong.
        detail: String,
    },
}
