//! Rules for SQL: no statement reads a whole table, or sorts its rows, unless its comment explains why their number stays small. The check
//! is SQLite's query plan, on the schema that the migrations create.

use std::path::PathBuf;

use rusqlite::Connection;
use spindle_tests::statements::{Constants, Statement, constants, statements};

use crate::repository::{files, root, subfolders};

/// Returns the services that have a database, and where the statements on it are.
fn services() -> Vec<(String, Vec<String>)> {
    let of = |service: &str| {
        let own = format!("components/{service}/src/store");
        vec![format!("{own}.rs"), format!("{own}/"), "crates/platform/src/audit/store.rs".to_owned()]
    };
    let folders = subfolders("migrations");
    folders.iter().filter_map(|folder| folder.rsplit('/').next()).map(|name| (name.to_owned(), of(name))).collect()
}

/// The tables that several services have alike, and where the statements on them are.
const SHARED: [(&str, &[&str]); 4] = [
    (
        "crates/events/src/inbox/schema.sql",
        &["crates/events/src/inbox.rs", "crates/events/src/delivery.rs", "crates/events/src/dead_letters.rs"],
    ),
    ("crates/events/src/outbox/schema.sql", &["crates/events/src/outbox.rs"]),
    ("crates/idempotency/src/schema.sql", &["crates/idempotency/src/store.rs", "crates/idempotency/src/export.rs"]),
    ("crates/platform/src/breaker/schema.sql", &["crates/platform/src/breaker/store.rs"]),
];

/// Returns each database, empty, with its name and the paths of the statements on it.
pub(crate) fn databases() -> Vec<(String, Connection, Vec<String>)> {
    let of_service = |(service, places): (String, Vec<String>)| {
        let folder = root().join("migrations").join(&service);
        let migrations =
            spindle_migrations::files(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        (service, database(&migrations), places)
    };
    let shared = |(schema, places): (&str, &[&str])| {
        let places = places.iter().map(ToString::to_string).collect();
        (schema.to_owned(), database(&[root().join(schema)]), places)
    };
    services().into_iter().map(of_service).chain(SHARED.into_iter().map(shared)).collect()
}

/// Returns an empty database that these files make.
fn database(migrations: &[PathBuf]) -> Connection {
    let db = Connection::open_in_memory().expect("SQLite opens a database in memory");
    for migration in migrations {
        let sql = std::fs::read_to_string(migration).expect("a migration is text");
        db.execute_batch(&sql).unwrap_or_else(|error| panic!("{}: {error}", migration.display()));
    }
    db
}

/// Returns the steps in which SQLite would carry out `sql`.
fn plan(db: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        steps.push(row.get("detail")?);
    }
    // A subquery with a name has its own steps, as one without.
    let has_steps =
        |name: &str| ["CO-ROUTINE", "MATERIALIZE"].into_iter().any(|word| steps.contains(&format!("{word} {name}")));
    Ok(steps.iter().filter(|step| !step.strip_prefix("SCAN ").is_some_and(has_steps)).cloned().collect())
}

/// Returns the word with which a statement must give a reason for the step `step`, if it needs one.
fn to_be_explained(step: &str) -> Option<&'static str> {
    let is_row =
        step.starts_with("SCAN CONSTANT ROW") || step.contains("VALUES CLAUSE") || step.contains("-ROW VALUES");
    // A subquery has its own steps, and a virtual table is read through its own index.
    let has_steps = step.starts_with("SCAN (") || step.contains("VIRTUAL TABLE INDEX");
    if step.starts_with("SCAN ") && !is_row && !has_steps {
        Some("Scans: ")
    } else if step.starts_with("USE TEMP B-TREE FOR") {
        Some("Sorts: ")
    } else {
        None
    }
}

#[test]
fn no_statement_reads_or_sorts_a_whole_table_without_a_reason() {
    let sources = files("rs");
    let mut checked = 0;
    let mut faults = Vec::new();
    for (service, db, places) in databases() {
        let own =
            |file: &str| places.iter().any(|place| file.starts_with(place.as_str())) && !file.ends_with("tests.rs");
        let files = || sources.iter().filter(|(file, _)| own(file));
        // Expressions that all services use.
        let is_shared = |file: &str| ["crates/platform/src/sql.rs", "crates/platform/src/breaker.rs"].contains(&file);
        let platform = sources.iter().filter(|(file, _)| is_shared(file));
        let known: Constants = platform.chain(files()).flat_map(|(_, text)| constants(text)).collect();
        for (file, text) in files() {
            // A file's own constants first: several tables have a list called COLUMNS.
            let known: Constants = known.clone().into_iter().chain(constants(text)).collect();
            for Statement { place, sql, doc } in statements(file, text, &known) {
                checked += 1;
                let steps =
                    plan(&db, &sql).unwrap_or_else(|error| panic!("{place} on the schema of {service}: {error}"));
                // Metrics are read every few seconds, whatever the load: they have no excuse.
                let excuses = if place.ends_with(": SELECT_METRICS") { "" } else { doc.as_str() };
                for step in steps {
                    if let Some(reason) = to_be_explained(&step).filter(|reason| !excuses.contains(reason)) {
                        faults.push(format!("{place}: {step} (a doc comment with {reason:?} would say why it may)"));
                    }
                }
            }
        }
    }
    assert!(checked > 60, "only {checked} statements were found");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A host that keeps connections for the next request cannot reset these, so that it closes every connection that has written once one of them was read.
#[test]
fn no_statement_or_trigger_reads_the_counters_of_its_connection() {
    let counters = ["changes()", "total_changes()", "last_insert_rowid()"];
    let mut faults = Vec::new();
    for (service, db, places) in databases() {
        let mut triggers =
            db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").expect("a statement");
        let triggers = triggers.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
        let triggers: Vec<(String, String)> = triggers.map(|row| row.expect("a name and a text")).collect();
        let own = |file: &str| places.iter().any(|place| file.starts_with(place.as_str()));
        let sources = files("rs").into_iter().filter(|(file, _)| own(file));
        for (place, text) in triggers.into_iter().chain(sources) {
            if let Some(counter) = counters.iter().find(|counter| text.contains(*counter)) {
                faults.push(format!("{service}: {place} reads {counter}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_scan_and_a_sort_would_be_noticed() {
    let db = Connection::open_in_memory().expect("SQLite opens a database in memory");
    db.execute_batch("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c TEXT); CREATE INDEX t_b ON t (b);")
        .expect("it is SQL");
    let explained = |sql| {
        let steps = plan(&db, sql).expect("it is SQL");
        steps.iter().filter_map(|step| to_be_explained(step)).collect::<Vec<_>>()
    };
    assert_eq!(explained("SELECT a FROM t WHERE c = ?1"), ["Scans: "]);
    assert_eq!(explained("UPDATE t SET c = ?1"), ["Scans: "]);
    assert_eq!(explained("SELECT b FROM t ORDER BY b"), ["Scans: "]);
    assert_eq!(explained("SELECT a FROM t WHERE b = ?1 ORDER BY c"), ["Sorts: "]);
    assert_eq!(explained("SELECT a FROM t WHERE b = ?1 ORDER BY a LIMIT 10"), [""; 0]);
    assert_eq!(explained("INSERT INTO t (a, b) VALUES (?1, ?2)"), [""; 0]);
}
