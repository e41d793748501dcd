//! `cargo xtask store copy`: copies an installation from the files of SQLite to servers of libSQL, and reads back each row.
//!
//! Each database is copied in one transaction. Before the first one, every server gets a mark: a record in the table of applied migrations that no
//! release has. The records of the installation replace the marks when all databases are there and have been compared. So a copy that was interrupted
//! anywhere is no installation: a platform that starts on it refuses each marked database, and the same command can
//! be run on it again.

mod rows;
mod source;
mod target;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rusqlite::types::Value as SqlValue;
use toml::{Table as Toml, Value as TomlValue};

use self::rows::Tally;
use self::source::{MIGRATIONS, Schema, Source, Table, quoted};
use self::target::{Object, Server, Stream};
use crate::state;

/// The name in the record that marks a copy in progress.
const MARK: &str = "unfinished_copy";

/// The checksum in that record: the platform shows it when it refuses the database.
const MARK_CHECKSUM: &str = "none (`cargo xtask store copy` has not finished)";

/// The databases to copy.
#[derive(Clone, Debug)]
pub struct Options {
    /// The runtime configuration that the installation has had, with files.
    pub source_config: PathBuf,
    /// Its state folder.
    pub state_dir: PathBuf,
    /// The runtime configuration that it will have, with servers.
    pub target_config: PathBuf,
}

/// A database with both of its places.
struct Database {
    label: String,
    source: Source,
    schema: Schema,
    server: Server,
}

/// Copies all databases, and prints what it has copied.
///
/// # Errors
///
/// If a file is in use, a server is not empty, or either cannot be read or written. Before the first row is copied, no server has changed; afterwards
/// the platform refuses them until a copy has finished.
pub fn copy(options: &Options) -> Result<()> {
    let started = Instant::now();
    let databases = databases(options)?;
    let mut has_objects = Vec::new();
    for database in &databases {
        let objects = database.with(|| {
            let mut stream = database.server.stream();
            let objects = stream.objects()?;
            let is_vacant = objects.is_empty() || is_marked(&mut stream, &objects)?;
            ensure!(is_vacant, "the server has a database with tables, which must be empty; nothing was changed");
            Ok(objects)
        })?;
        has_objects.push(objects);
    }
    let copy = || -> Result<Tally> {
        for (database, objects) in databases.iter().zip(&has_objects) {
            database.with(|| if objects.is_empty() { mark(database) } else { Ok(()) })?;
        }
        let mut total = Tally::default();
        for (database, objects) in databases.iter().zip(&has_objects) {
            let copied = database.with(|| copy_database(database, objects))?;
            total.rows += copied.rows;
            total.bytes += copied.bytes;
        }
        // From here on, each database is whole.
        for database in &databases {
            database.with(|| record_migrations(database))?;
        }
        Ok(total)
    };
    let total =
        copy().context("the copy is not finished, and the platform refuses these servers until it is; run it again")?;
    let took = started.elapsed();
    println!(
        "copied {} databases with {} rows ({}) in {:.1} s ({:.0} rows/s), read back and compared; the files are as they were",
        databases.len(),
        total.rows,
        megabytes(total.bytes),
        took.as_secs_f64(),
        per_second(total.rows, took),
    );
    Ok(())
}

impl Database {
    /// Calls a function whose errors are about this database.
    fn with<T>(&self, run: impl FnOnce() -> Result<T>) -> Result<T> {
        run().with_context(|| format!("database {}", self.label))
    }
}

/// Opens the databases that the runtime configurations name.
fn databases(options: &Options) -> Result<Vec<Database>> {
    let sources = state::runtime_config_in(&options.source_config, &options.state_dir)?;
    let targets = state::read(&options.target_config)?;
    let entries = |config: &Toml, path: &Path| match config.get("sqlite_database") {
        Some(TomlValue::Table(databases)) => Ok(databases.clone()),
        _ => bail!("{} names no databases ([sqlite_database.LABEL])", path.display()),
    };
    let (sources, targets) = (entries(&sources, &options.source_config)?, entries(&targets, &options.target_config)?);
    let mut databases = Vec::new();
    for (label, entry) in &sources {
        let path = entry.get("path").and_then(TomlValue::as_str);
        let path = path.with_context(|| format!("{}: {label} is not in a file", options.source_config.display()))?;
        let place = || format!("{}: [sqlite_database.{label}]", options.target_config.display());
        let target = targets.get(label).with_context(|| format!("{} is missing", place()))?;
        let value = |key: &str| target.get(key).and_then(TomlValue::as_str);
        ensure!(value("type") == Some("libsql"), "{} must have type = \"libsql\"", place());
        let (url, token) =
            value("url").zip(value("token")).with_context(|| format!("{} needs url and token", place()))?;
        let server = Server::new(url, token)?;
        let (source, schema) = (|| {
            let source = Source::open(path.as_ref())?;
            let schema = source.schema()?;
            Ok::<_, anyhow::Error>((source, schema))
        })()
        .with_context(|| format!("database {label}"))?;
        databases.push(Database { label: label.clone(), source, schema, server });
    }
    Ok(databases)
}

/// Returns whether a database has the mark of a copy.
fn is_marked(stream: &mut Stream<'_>, objects: &[Object]) -> Result<bool> {
    if !objects.iter().any(|object| object.name == MIGRATIONS) {
        return Ok(false);
    }
    let names = stream.execute("SELECT name FROM schema_migrations", [])?;
    Ok(names == [[SqlValue::Text(MARK.to_owned())]])
}

/// Marks an empty database.
fn mark(database: &Database) -> Result<()> {
    let insert = format!(
        "INSERT INTO schema_migrations (version, name, checksum, fingerprint, applied_at)
         VALUES (1, '{MARK}', '{MARK_CHECKSUM}', '', '')"
    );
    database.server.stream().run(&["BEGIN IMMEDIATE", &database.schema.migrations_sql, &insert, "COMMIT"])
}

/// Copies everything but the records of the migrations in one transaction, compares it, and prints a line about it.
fn copy_database(database: &Database, objects: &[Object]) -> Result<Tally> {
    let started = Instant::now();
    let Database { label, source, schema, server } = database;
    let mut stream = server.stream();
    // Each reference is checked at the end.
    let mut statements = vec!["BEGIN IMMEDIATE", "PRAGMA defer_foreign_keys = ON"];
    let dropped = drops(objects);
    statements.extend(dropped.iter().map(String::as_str));
    statements.extend(schema.tables_sql.iter().map(String::as_str));
    stream.run(&statements)?;
    for table in &schema.tables {
        if table.is_prefilled {
            stream.execute(&format!("DELETE FROM {}", quoted(&table.name)), [])?;
        }
        source.pages(table, |rows| stream.insert(table, rows)).with_context(|| format!("table {}", table.name))?;
    }
    let mut statements: Vec<&str> = schema.rest_sql.iter().map(String::as_str).collect();
    statements.push("COMMIT");
    stream.run(&statements)?;

    let mut total = Tally::default();
    for table in &schema.tables {
        let (copied, rows) = compare(database, table)?;
        total.bytes += copied;
        total.rows += rows;
    }
    let mut names: Vec<_> = server.stream().objects()?.into_iter().map(|object| (object.kind, object.name)).collect();
    names.sort();
    ensure!(names == schema.objects, "the server has other tables, indexes, views or triggers than the file");
    let events = source.events()?;
    println!(
        "{label}: {} tables with {} rows ({}) in {:.1} s{}{}",
        schema.tables.len() + 1,
        total.rows,
        megabytes(total.bytes),
        started.elapsed().as_secs_f64(),
        if events.is_empty() { "" } else { "; events " },
        events.join(", "),
    );
    Ok(total)
}

/// Returns the statements that remove what an interrupted copy has left, but not its mark.
fn drops(objects: &[Object]) -> Vec<String> {
    let is_virtual = |object: &Object| object.sql.to_ascii_uppercase().starts_with("CREATE VIRTUAL");
    let virtual_tables: Vec<&str> = objects.iter().filter(|o| is_virtual(o)).map(|o| o.name.as_str()).collect();
    // It goes with its virtual table.
    let is_shadow = |name: &str| {
        virtual_tables.iter().any(|table| name.strip_prefix(table).is_some_and(|rest| rest.starts_with('_')))
    };
    let drop = |object: &Object| match object.kind.as_str() {
        // Indexes go with their tables.
        "index" => None,
        "table" if object.name == MIGRATIONS || is_shadow(&object.name) => None,
        kind => Some(format!("DROP {kind} {}", quoted(&object.name))),
    };
    // The last one first: what refers to others came after them.
    objects.iter().rev().filter_map(drop).collect()
}

/// Reads a table on both sides, and returns its bytes and rows.
fn compare(database: &Database, table: &Table) -> Result<(u64, u64)> {
    let (mut ours, mut theirs) = (Tally::default(), Tally::default());
    let mut stream = database.server.stream();
    let mut last = None;
    database.source.pages(table, |rows| {
        ours.add(rows);
        theirs.add(&stream.page(table, last.as_ref(), rows.len())?);
        last = rows.last().map(|row| table.key_of(row));
        Ok(())
    })?;
    theirs.add(&stream.page(table, last.as_ref(), 1)?);
    ensure!(
        ours.rows == theirs.rows && ours.checksum() == theirs.checksum(),
        "table {} differs: {} rows with checksum {} in the file, {} rows with {} on the server",
        table.name,
        ours.rows,
        ours.checksum(),
        theirs.rows,
        theirs.checksum(),
    );
    Ok((ours.bytes, ours.rows))
}

/// Replaces the mark by the records of the migrations.
fn record_migrations(database: &Database) -> Result<()> {
    let mut stream = database.server.stream();
    stream.run(&["BEGIN IMMEDIATE", "DELETE FROM schema_migrations"])?;
    database.source.pages(&database.schema.migrations, |rows| stream.insert(&database.schema.migrations, rows))?;
    stream.run(&["COMMIT"])?;
    compare(database, &database.schema.migrations).map(drop)
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

fn per_second(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}
