//! Reads a service's SQL migrations when its component is built, checks every statement and turns them into a constant: a bad file fails
//! the build, and a component needs no files at run time.
//!
//! A component's `build.rs` calls [`embed`], and its code takes the result with `spindle_platform::migrations!()`.
//!
//! # Files
//!
//! The migrations of a service are numbered from 1 without gaps. Its own are the files `migrations/<service>/0001_<what>.sql`, in small
//! letters, digits and underscores. The tables that several services have (audit log, outbox, inbox, idempotency keys) belong to the crates
//! that use them, and so do their migrations: `migrations/<service>/shared.txt` lists the number and name that each has in this service, and
//! its file.
//!
//! # Statements
//!
//! A file contains one or more statements that change the schema or the rows: `CREATE` and `DROP` of tables, indexes, views and
//! triggers, `ALTER TABLE`, `INSERT`, `REPLACE`, `UPDATE` and `DELETE`. The platform opens and commits the transaction. `PRAGMA`, `ATTACH`,
//! `VACUUM` and temporary objects belong to a connection, not to a database; libSQL refuses them as well.
//!
//! # Limits of the check
//!
//! `sqlparser` knows the grammar, not the database: a misspelt column passes here and fails in the first test that opens the
//! database. It does not read all of SQLite's grammar either; see `script` for the three forms that are accepted
//! nevertheless. Anything else that it cannot read has to be written another way (`IS NULL` for `ISNULL`).

mod error;
mod folder;
mod script;

pub use error::Error;
pub use folder::{files, load};

use std::error::Error as _;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// A migration, read from its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its number, counted from 1.
    pub version: u32,
    /// The rest of its file name: `create_users` of `0001_create_users.sql`.
    pub name: String,
    /// The SHA-256 of the file in hexadecimal, with line endings as on Unix.
    pub checksum: String,
    /// The SHA-256 over the previous fingerprint, the version and the checksum, in hexadecimal: one for this file and all before it.
    pub fingerprint: String,
    /// Its statements in order, without the comments around them and the semicolons after them.
    pub statements: Vec<String>,
}

/// Embeds the migrations of `service` in the crate whose `build.rs` calls this. Migrations that do not pass the check end the build with
/// the reason, which names the file and, if a statement is at fault, line and column.
pub fn embed(service: &str) {
    if let Err(error) = try_embed(service) {
        let source = error.source().map(|source| format!(": {source}")).unwrap_or_default();
        instruct_cargo(&format!("error={error}{source}"));
        std::process::exit(1);
    }
}

fn try_embed(service: &str) -> Result<(), Error> {
    let folder = workspace()?.join("migrations").join(service);
    for path in files(&folder)?.iter().chain([&folder]) {
        instruct_cargo(&format!("rerun-if-changed={}", path.display()));
    }
    let migrations = load(&folder)?;
    let out = variable("OUT_DIR")?.join("migrations.rs");
    fs::write(&out, render(&migrations)).map_err(|source| Error::Io { path: out, source })
}

/// Returns the nearest folder above the crate that contains a `Cargo.lock`.
fn workspace() -> Result<PathBuf, Error> {
    let member = variable("CARGO_MANIFEST_DIR")?;
    let root = member.ancestors().find(|folder| folder.join("Cargo.lock").is_file()).map(Path::to_path_buf);
    root.ok_or_else(|| Error::Io { path: member.join("Cargo.lock"), source: io::ErrorKind::NotFound.into() })
}

/// Returns a folder that Cargo sets as a variable for build scripts.
fn variable(name: &'static str) -> Result<PathBuf, Error> {
    env::var_os(name).map(PathBuf::from).ok_or(Error::NotABuildScript { variable: name })
}

/// Prints an instruction for Cargo, which reads them on standard output.
#[expect(clippy::print_stdout, reason = "Cargo reads the instructions of a build script there")]
fn instruct_cargo(instruction: &str) {
    println!("cargo::{instruction}");
}

/// Renders the constant as Rust source: an expression of type `&'static [spindle_platform::migrate::Migration]`.
fn render(migrations: &[Migration]) -> String {
    let mut source = String::from("&[\n");
    for Migration { version, name, checksum, fingerprint, statements } in migrations {
        // Writing to a string cannot fail. `{:?}` of a string is a Rust literal.
        let _ = writeln!(
            source,
            "    ::spindle_platform::migrate::Migration {{ version: {version}, name: {name:?}, checksum: {checksum:?}, \
             fingerprint: {fingerprint:?}, statements: &{statements:?} }},"
        );
    }
    source.push_str("]\n");
    source
}

#[cfg(test)]
mod tests {
    use super::{Migration, render};

    #[test]
    fn quotes_in_sql_are_escaped_in_the_constant() {
        let migration = Migration {
            version: 1,
            name: "seed".to_owned(),
            checksum: "c0".to_owned(),
            fingerprint: "f1".to_owned(),
            statements: vec!["INSERT INTO t VALUES ('\"a\\b\"',\n 'é')".to_owned(), "DELETE FROM u".to_owned()],
        };
        assert_eq!(
            render(&[migration]),
            "&[\n    ::spindle_platform::migrate::Migration { version: 1, name: \"seed\", checksum: \"c0\", fingerprint: \"f1\", \
             statements: &[\"INSERT INTO t VALUES ('\\\"a\\\\b\\\"',\\n 'é')\", \"DELETE FROM u\"] },\n]\n"
        );
    }
}
