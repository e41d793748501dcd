//! A database in a file, which this process alone has open: its schema, and its rows in pages.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::rows::{self, Row};

/// The table of applied migrations, which says that a database is one of an installation.
pub(super) const MIGRATIONS: &str = "schema_migrations";

/// The table in which SQLite keeps the last numbers of AUTOINCREMENT.
const SEQUENCE: &str = "sqlite_sequence";

/// The greatest number of rows in a page.
const PAGE_ROWS: usize = 500;

/// The size at which a page is full, in bytes: a server returns up to 10 MB.
const PAGE_BYTES: u64 = 1 << 20;

/// The greatest number of values in a page: SQLite's limit of parameters is 32,766.
const PAGE_VALUES: usize = 32_000;

/// A database in a file.
#[derive(Debug)]
pub(super) struct Source {
    db: Connection,
}

/// The schema of a database.
#[derive(Debug, Default)]
pub(super) struct Schema {
    /// The statement that makes the table of applied migrations.
    pub(super) migrations_sql: String,
    /// The table of applied migrations.
    pub(super) migrations: Table,
    /// The statements that make the other tables, in the order of their creation.
    pub(super) tables_sql: Vec<String>,
    /// Those tables with rows to copy, in the order in which they are filled.
    pub(super) tables: Vec<Table>,
    /// The statements that make indexes, views and triggers: after the rows, so that no trigger fires for one.
    pub(super) rest_sql: Vec<String>,
    /// The type and the name of everything in it, in order.
    pub(super) objects: Vec<(String, String)>,
}

/// A table with rows to copy.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// Its name.
    pub(super) name: String,
    /// Its columns, with the number of the row if no column has it, in quotes.
    pub(super) columns: Vec<String>,
    /// The columns of its key, in quotes, and their positions among the columns.
    pub(super) key: Vec<(String, usize)>,
    /// Whether the server fills it by itself when it makes the table that it belongs to: those rows are replaced.
    pub(super) is_prefilled: bool,
}

/// The statement that lists what a database has, in the order of creation, without what SQLite and the server have for themselves.
pub(super) const OBJECTS: &str = "SELECT type, name, tbl_name, sql FROM sqlite_schema
    WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'libsql\\_%' ESCAPE '\\'
        AND name NOT LIKE '\\_litestream\\_%' ESCAPE '\\'
    ORDER BY rowid";

impl Source {
    /// Opens a file for this process alone, until the value is dropped.
    ///
    /// # Errors
    ///
    /// If another process has it open, or it is no database.
    pub(super) fn open(path: &Path) -> Result<Self> {
        ensure!(path.is_file(), "there is no database at {}: is this the state folder?", path.display());
        let open = || -> rusqlite::Result<Connection> {
            let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            db.busy_timeout(Duration::from_secs(1))?;
            // In the mode WAL it is this that no other process may have the file open: with an exclusive transaction alone, others can read.
            db.query_row("PRAGMA locking_mode = EXCLUSIVE", [], |_| Ok(()))?;
            db.execute_batch("BEGIN EXCLUSIVE")?;
            Ok(db)
        };
        let db = open().map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                anyhow::anyhow!("another process has {} open: stop the platform first", path.display())
            }
            _ => anyhow::Error::new(error).context(format!("cannot read {}", path.display())),
        })?;
        Ok(Self { db })
    }

    /// Reads the schema.
    ///
    /// # Errors
    ///
    /// If it is not that of a service, or cannot be read.
    pub(super) fn schema(&self) -> Result<Schema> {
        let mut schema = Schema::default();
        let (mut prefilled, mut views, mut triggers) = (Vec::new(), Vec::new(), Vec::new());
        let mut statement = self.db.prepare(OBJECTS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (kind, name, sql): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
            match kind.as_str() {
                "table" if name == MIGRATIONS => {
                    schema.migrations = self.table(&name, false)?;
                    schema.migrations_sql = sql;
                }
                "table" => match self.kind_of_table(&name)?.as_str() {
                    "shadow" => prefilled.push(self.table(&name, true)?),
                    // Its rows are those of its shadow tables.
                    "virtual" => schema.tables_sql.push(sql),
                    _ => {
                        schema.tables.push(self.table(&name, false)?);
                        schema.tables_sql.push(sql);
                    }
                },
                "view" => views.push(sql),
                "trigger" => triggers.push(sql),
                _ => schema.rest_sql.push(sql),
            }
            schema.objects.push((kind, name));
        }
        ensure!(!schema.migrations_sql.is_empty(), "it is no database of a service: it has no table {MIGRATIONS}");
        if !self.kind_of_table(SEQUENCE)?.is_empty() {
            prefilled.push(self.table(SEQUENCE, true)?);
        }
        schema.tables.extend(prefilled);
        schema.rest_sql.extend(views.into_iter().chain(triggers));
        schema.objects.sort();
        Ok(schema)
    }

    /// Returns `table`, `virtual` or `shadow`; nothing if there is no such table.
    fn kind_of_table(&self, name: &str) -> rusqlite::Result<String> {
        let sql = "SELECT coalesce(max(type), '') FROM pragma_table_list WHERE schema = 'main' AND name = ?1";
        self.db.query_row(sql, [name], |row| row.get(0))
    }

    fn table(&self, name: &str, is_prefilled: bool) -> Result<Table> {
        let has_rowid = "SELECT wr = 0 FROM pragma_table_list WHERE schema = 'main' AND name = ?1";
        let has_rowid: bool = self.db.query_row(has_rowid, [name], |row| row.get(0))?;
        // Without the generated ones.
        let columns = "SELECT name, type, pk FROM pragma_table_xinfo(?1) WHERE hidden = 0 ORDER BY cid";
        let mut columns = self.db.prepare(columns)?;
        let columns = columns.query_map([name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let columns: Vec<(String, String, u32)> = columns.collect::<rusqlite::Result<_>>()?;

        let mut key: Vec<_> = columns.iter().zip(0..).filter(|((.., place), _)| *place > 0).collect();
        key.sort_by_key(|((.., place), _)| *place);
        let is_number = matches!(key.as_slice(), [((_, kind, _), _)] if kind.eq_ignore_ascii_case("INTEGER"));
        let mut key: Vec<(String, usize)> = key.into_iter().map(|((name, ..), at)| (quoted(name), at)).collect();
        let mut columns: Vec<String> = columns.iter().map(|(name, ..)| quoted(name)).collect();
        if has_rowid && !is_number {
            // The order of rows, which no column has.
            let rowid = quoted("rowid");
            ensure!(!columns.contains(&rowid), "{name} has a column with the name rowid");
            key = vec![(rowid.clone(), columns.len())];
            columns.push(rowid);
        }
        Ok(Table { name: name.to_owned(), columns, key, is_prefilled })
    }

    /// Reads all rows of a table in the order of its key, and calls `each` for each page of them.
    ///
    /// # Errors
    ///
    /// If the table cannot be read, has a value that no request can say, or `each` fails.
    pub(super) fn pages(&self, table: &Table, mut each: impl FnMut(&[Row]) -> Result<()>) -> Result<()> {
        let mut statement = self.db.prepare(&table.select("", None))?;
        let mut read = statement.query([])?;
        let (mut page, mut bytes) = (Vec::new(), 0);
        while let Some(row) = read.next()? {
            let row: Row = (0..table.columns.len())
                .map(|column| rows::from_sqlite(row.get_ref(column)?))
                .collect::<Result<_>>()
                .with_context(|| format!("table {}", table.name))?;
            bytes += row.iter().map(rows::size).sum::<u64>();
            page.push(row);
            let is_full = page.len() >= PAGE_ROWS || (page.len() + 1) * table.columns.len() > PAGE_VALUES;
            if is_full || bytes >= PAGE_BYTES {
                each(&page)?;
                page.clear();
                bytes = 0;
            }
        }
        if page.is_empty() { Ok(()) } else { each(&page) }
    }

    /// Returns the lines about the order of events: how far this service has published, and what it has consumed of others.
    ///
    /// # Errors
    ///
    /// If they cannot be read.
    pub(super) fn events(&self) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        if self.kind_of_table("outbox")? == "table" {
            let sql = "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'";
            let last: i64 = self.db.query_row(sql, [], |row| row.get(0)).or_else(|error| match error {
                rusqlite::Error::QueryReturnedNoRows => Ok(0),
                error => Err(error),
            })?;
            lines.push(format!("published up to {last}"));
        }
        if self.kind_of_table("event_cursors")? == "table" {
            let mut cursors = self.db.prepare("SELECT source, seq FROM event_cursors ORDER BY source")?;
            let mut cursors = cursors.query([])?;
            while let Some(row) = cursors.next()? {
                let (producer, last): (String, i64) = (row.get(0)?, row.get(1)?);
                lines.push(format!("consumed {producer} up to {last}"));
            }
        }
        Ok(lines)
    }
}

impl Table {
    /// Returns the statement that reads rows in the order of the key: those that `condition` selects.
    pub(super) fn select(&self, condition: &str, limit: Option<usize>) -> String {
        let limit = limit.map(|limit| format!(" LIMIT {limit}")).unwrap_or_default();
        let (columns, key) = (self.columns.join(", "), self.key_columns());
        format!("SELECT {columns} FROM {}{condition} ORDER BY {key}{limit}", quoted(&self.name))
    }

    /// Returns the statement that reads the `limit` rows after one: its parameters are the key of that row.
    pub(super) fn select_after(&self, limit: usize) -> String {
        let parameters = vec!["?"; self.key.len()].join(", ");
        self.select(&format!(" WHERE ({}) > ({parameters})", self.key_columns()), Some(limit))
    }

    /// Returns the statement that inserts this number of rows.
    pub(super) fn insert(&self, rows: usize) -> String {
        let row = format!("({})", vec!["?"; self.columns.len()].join(", "));
        let rows = vec![row; rows].join(", ");
        format!("INSERT INTO {} ({}) VALUES {rows}", quoted(&self.name), self.columns.join(", "))
    }

    /// Returns the values of the key in a row.
    pub(super) fn key_of(&self, row: &Row) -> Row {
        self.key.iter().map(|(_, at)| row[*at].clone()).collect()
    }

    fn key_columns(&self) -> String {
        self.key.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// Returns a name in quotes.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
