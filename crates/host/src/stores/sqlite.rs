//! SQLite for guests, behind `fermyon:spin/sqlite`. Spin's `spin` databases are the reference.
//!
//! To a guest each [`Session`] is a new connection, as in Spin. Behind it connections are pooled per database file, because
//! opening one and parsing the same statements again costs far more than running them. A connection is reused only if its
//! last session left nothing behind that the next could observe:
//!
//! - An open transaction is rolled back when the session ends.
//! - Temporary objects, attached databases and PRAGMAs that change the connection: the connection is closed.
//! - `PRAGMA synchronous` and `foreign_keys` are [`Settings`] of a session: they are known for each idle connection, and set
//!   (mostly: found) as the next session wants them. `PRAGMA busy_timeout` never reaches SQLite, see [`super::blocking::Wait`].
//! - `last_insert_rowid()`, `changes()` and `total_changes()` cannot be reset. Once a statement of a database has named one
//!   of them, its connections that changed rows are no longer reused, and a session that has not changed anything gets a new
//!   connection. (One gap is left: a transaction that was opened before the very first such statement sees the counters of the
//!   connection's last session.)
//! - Prepared statements stay with the connection. SQLite prepares them again when the schema has changed.
//!
//! Differences from Spin, all on the safe side: `ATTACH` of a name that is not a string literal (a parameter, an expression) is
//! denied too, where Spin's ban on files does not cover it; a statement that exceeds the guest's time limit is interrupted; text that is
//! not UTF-8 is an error, where Spin panics.

mod connection;
mod database;
mod hooks;
mod pragma;
mod session;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_pooling;
#[cfg(test)]
mod tests_writers;

pub(crate) use database::Database;
pub(crate) use session::{Session, starts_write};
