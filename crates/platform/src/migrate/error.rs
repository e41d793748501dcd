//! Why a database could not be brought to the schema that the code needs.

use crate::sql;

/// Why [`ensure`](super::ensure) failed. All but [`Database`](Self::Database) need a person.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// A file was edited after it ran here. Restore it, and put the change into a new migration.
    #[error(
        "migration {version:04}_{name}.sql was changed after it was applied: this database ran it with checksum {recorded}, \
         the code has {embedded}"
    )]
    Changed {
        /// Its number.
        version: u32,
        /// Its name in the code.
        name: &'static str,
        /// The SHA-256 of the file that ran.
        recorded: String,
        /// The SHA-256 of the file in the code.
        embedded: &'static str,
    },
    /// A later migration is recorded and this one is not: the record was tampered with.
    #[error("migration {version:04}_{name}.sql was never applied, but a later one was")]
    Skipped {
        /// Its number.
        version: u32,
        /// Its name.
        name: &'static str,
    },
    /// A statement of a migration failed; all of that migration is undone.
    #[error("migration {version:04}_{name}.sql failed at statement {position}: {source}")]
    Statement {
        /// Its number.
        version: u32,
        /// Its name.
        name: &'static str,
        /// Which of the file's statements, counted from 1.
        position: usize,
        /// What the database said.
        source: sql::Error,
    },
    /// The database did not answer as it should, whatever the migrations.
    #[error(transparent)]
    Database(#[from] sql::Error),
}
