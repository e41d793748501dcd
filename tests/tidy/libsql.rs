//! Each statement passes the parser of Spin's client of libSQL servers, which sends what it has parsed as it prints it: that must mean the same.

use std::collections::BTreeMap;

use fallible_iterator::FallibleIterator as _;
use libsql_sqlite3_parser::ast::{Cmd, Stmt};
use libsql_sqlite3_parser::lexer::sql::Parser;
use rusqlite::Connection;
use spindle_tests::statements::{Statement, constants, statements};

use crate::queries::databases;
use crate::repository::{files, root, subfolders};

/// The statements that run on the database of each service, whose tables are in more than one file.
const OF_ALL_SERVICES: [&str; 3] =
    ["crates/platform/src/sql/", "crates/platform/src/audit/", "crates/platform/src/migrate.rs"];

/// Returns the statements of `sql` as the client prints them, each with its own text.
fn printed<'s>(place: &str, sql: &'s str) -> Vec<(String, &'s str)> {
    let mut parser = Parser::new(sql.as_bytes());
    let mut printed = Vec::new();
    loop {
        let start = parser.offset();
        let command = parser.next().unwrap_or_else(|error| panic!("{place}: libSQL's client refuses it: {error}"));
        let Some(command) = command else { return printed };
        let own = &sql[start..parser.offset()];
        // It sends the text of this one as it is.
        let is_sent_as_it_is = matches!(command, Cmd::Stmt(Stmt::CreateTable { .. }));
        printed.push((if is_sent_as_it_is { own.to_owned() } else { command.to_string() }, own));
    }
}

/// Returns the names of the columns, as far as they have names, in lower case: the client writes the words of SQL in upper case, and the platform reads
/// columns in either.
fn columns(db: &Connection, sql: &str) -> rusqlite::Result<Vec<Option<String>>> {
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let statement = db.prepare(sql)?;
    let names = statement.column_names();
    Ok(names.into_iter().map(|name| is_name(name).then(|| name.to_ascii_lowercase())).collect())
}

/// Returns the database of each service as the client would make it, by the service.
fn printed_databases() -> BTreeMap<String, Connection> {
    let name = |folder: &String| folder.rsplit('/').next().unwrap_or_default().to_owned();
    let database = |folder: String| {
        let db = Connection::open_in_memory().expect("SQLite opens a database in memory");
        let migrations = spindle_migrations::files(&root().join(&folder)).expect("migrations");
        for migration in migrations {
            let place = migration.display().to_string();
            let sql = std::fs::read_to_string(&migration).expect("a migration is text");
            for (statement, _) in printed(&place, &sql) {
                db.execute_batch(&statement).unwrap_or_else(|error| panic!("{place}: {statement}: {error}"));
            }
        }
        (name(&folder), db)
    };
    subfolders("migrations").into_iter().map(database).collect()
}

#[test]
fn every_statement_means_the_same_as_libsqls_client_prints_it() {
    let databases_of_client = printed_databases();
    let sources = files("rs");
    let mut checked = 0;
    for (service, db, mut places) in databases() {
        if databases_of_client.contains_key(&service) {
            places.extend(OF_ALL_SERVICES.map(str::to_owned));
            // The record of migrations is made by the platform.
            db.execute_batch(
                "CREATE TABLE IF NOT EXISTS schema_migrations (version, name, checksum, fingerprint, applied_at)",
            )
            .expect("a table");
        }
        let own = |file: &str| places.iter().any(|place| file.starts_with(place.as_str())) && !file.contains("tests");
        let is_shared = |file: &str| ["crates/platform/src/sql.rs", "crates/platform/src/breaker.rs"].contains(&file);
        let shared = sources.iter().filter(|(file, _)| own(file) || is_shared(file));
        let shared: BTreeMap<_, _> = shared.flat_map(|(_, text)| constants(text)).collect();
        for (file, text) in sources.iter().filter(|(file, _)| own(file)) {
            let known = shared.clone().into_iter().chain(constants(text)).collect();
            for Statement { place, sql, .. } in statements(file, text, &known) {
                // Two services have no outbox, for example.
                let Ok(expected) = columns(&db, &sql) else { continue };
                let [(sent, _)] = &printed(&place, &sql)[..] else { panic!("{place} is one statement") };
                let found = columns(&db, sent).unwrap_or_else(|error| panic!("{place}: {sent}: {error}"));
                assert_eq!(found, expected, "{place} has other columns as libSQL's client sends it: {sent}");
                checked += 1;
            }
        }
    }
    assert!(checked > 150, "only {checked} statements were found");
}

#[test]
fn the_schema_is_the_same_as_libsqls_client_prints_it() {
    for (service, db) in printed_databases() {
        let mut schema =
            db.prepare("SELECT type, name, tbl_name FROM sqlite_schema ORDER BY 1, 2").expect("a statement");
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let found: Vec<(String, String, String)> =
            schema.query_map([], read).expect("rows").map(|row| row.expect("a name")).collect();
        let (_, own, _) = databases().into_iter().find(|(name, ..)| *name == service).expect("the same services");
        let mut schema =
            own.prepare("SELECT type, name, tbl_name FROM sqlite_schema ORDER BY 1, 2").expect("a statement");
        let expected: Vec<(String, String, String)> =
            schema.query_map([], read).expect("rows").map(|row| row.expect("a name")).collect();
        assert_eq!(found, expected, "{service}");
        for (_, name, table) in &expected {
            let columns_of = |db: &Connection| columns(db, &format!("SELECT * FROM \"{table}\"")).unwrap_or_default();
            assert_eq!(columns_of(&db), columns_of(&own), "{service}: {name}");
        }
    }
}
