//! The errors of migrating a database.

use crate::sql;

/// The reason why a database could not be migrated. All but [`Database`](Self::Database) need an operator.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// A file was edited after it was applied. Restore it, and put the change into a new migration.
    #[error(
        "migration {version:04}_{name}.sql was changed after it was applied: this database ran it with checksum {recorded}, \
         the code has {embedded}"
    )]
    Changed {
        /// The migration's number.
        version: u32,
        /// The migration's name in the code.
        name: &'static str,
        /// The SHA-256 of the file that was applied.
        recorded: String,
        /// The SHA-256 of the file in the code.
        embedded: &'static str,
    },
    /// A later migration is recorded and this one is not: the records were tampered with.
    #[error("migration {version:04}_{name}.sql was never applied, but a later one was")]
    Skipped {
        /// The migration's number.
        version: u32,
        /// The migration's name.
        name: &'static str,
    },
    /// A statement of a migration failed; the whole migration is rolled back.
    #[error("migration {version:04}_{name}.sql failed at statement {position}: {source}")]
    Statement {
        /// The migration's number.
        version: u32,
        /// The migration's name.
        name: &'static str,
        /// The number of the statement in the file, counted from 1.
        position: usize,
        /// The database's error.
        source: sql::Error,
    },
    /// The database failed, independent of the migrations.
    #[error(transparent)]
    Database(#[from] sql::Error),
}
