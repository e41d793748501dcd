//! One SQLite connection: it runs the statements of guests, and tracks the state that they leave behind.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::Instant;

use rusqlite::config::DbConfig;
use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Batch, Statement, TransactionState, params_from_iter};

use super::hooks;
use super::pragma::{Settings, skip_blank};
use crate::bindings::fermyon::spin::sqlite::{QueryResult, RowResult, Value};
use crate::stores::blocking::{self, is_busy};
use crate::stores::{Location, MAX_RESULT_BYTES};

/// The number of prepared statements that a connection keeps: more than a service has.
const STATEMENTS_KEPT: usize = 64;

/// The result of one try to run a statement.
#[derive(Debug)]
pub(super) struct Attempt {
    /// The rows, or Spin's error text.
    pub(super) result: Result<QueryResult, String>,
    /// It met a lock and may be run again as if it had never been tried.
    pub(super) must_wait: bool,
    /// The counters are those of an earlier session, so the statement must run again on a connection without any.
    pub(super) stale_counters: bool,
}

impl Attempt {
    /// Returns the result for a connection that could not be opened.
    pub(super) fn failed(error: &rusqlite::Error) -> Self {
        Self {
            result: Err(error.to_string()),
            must_wait: is_busy(error) && blocking::must_wait(),
            stale_counters: false,
        }
    }
}

/// The identity of the file at a path: device and inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileId(u64, u64);

impl FileId {
    /// Returns the identity; `None` if there is no file.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        Some(Self(metadata.dev(), metadata.ino()))
    }
}

/// An open connection with its known state.
#[derive(Debug)]
pub(super) struct Connection {
    raw: rusqlite::Connection,
    file: Option<FileId>,
    settings: Settings,
    /// The rows changed before the present session got it; 0: its counters are those of a new connection.
    changes_before: u64,
    leaves_state: bool,
    reads_counters: bool,
}

impl Connection {
    pub(super) fn open(location: &Location) -> rusqlite::Result<Self> {
        let mut raw = location.connect()?;
        raw.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        // Else SQLite prepares a statement with a join or a subquery again whenever its parameters are bound, to plan it for their values.
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        hooks::install(&mut raw)?;
        let file = match location {
            Location::InMemory => None,
            // Now the file exists: SQLite creates it when it connects.
            Location::File(path) => FileId::of(path),
        };
        Ok(Self {
            raw,
            file,
            settings: Settings::default(),
            changes_before: 0,
            leaves_state: false,
            reads_counters: false,
        })
    }

    /// Returns the file that it is connected to.
    pub(super) fn file(&self) -> Option<FileId> {
        self.file
    }

    pub(super) fn settings(&self) -> Settings {
        self.settings
    }

    /// Applies the settings that differ.
    ///
    /// # Errors
    /// SQLite's error; then the connection's settings are unknown, and it must be closed.
    pub(super) fn apply(&mut self, settings: Settings) -> rusqlite::Result<()> {
        let statements = settings.statements_from(self.settings);
        hooks::begin(None);
        if !statements.is_empty() {
            self.raw.execute_batch(&statements)?;
            self.settings = settings;
        }
        Ok(())
    }

    pub(super) fn in_transaction(&self) -> bool {
        !self.raw.is_autocommit()
    }

    /// Returns what its transaction holds: nothing (also without one), a snapshot, or the write lock.
    pub(super) fn transaction_state(&self) -> TransactionState {
        self.raw.transaction_state(Some(rusqlite::MAIN_DB)).unwrap_or(TransactionState::None)
    }

    /// Returns whether it has changed rows since it was opened.
    pub(super) fn has_counters(&self) -> bool {
        self.raw.total_changes() > 0
    }

    /// Returns whether a statement of the present session read its counters.
    pub(super) fn reads_counters(&self) -> bool {
        self.reads_counters
    }

    /// Ends a session with a rollback. Returns false if a next session would observe this one's changes to the connection.
    pub(super) fn reset(&mut self) -> bool {
        hooks::begin(None);
        if self.in_transaction() && self.raw.prepare_cached("ROLLBACK").and_then(|mut sql| sql.execute([])).is_err() {
            return false;
        }
        self.changes_before = self.raw.total_changes();
        self.reads_counters = false;
        !self.leaves_state
    }

    /// Runs the first statement of `sql`; Spin ignores the rest.
    pub(super) fn run(&mut self, sql: &str, parameters: &[Value], deadline: Option<Instant>) -> Attempt {
        hooks::begin(deadline);
        let ran = self.run_first(sql, parameters);
        let report = hooks::report();
        self.leaves_state |= report.leaves_state;
        self.reads_counters |= report.reads_counters;

        let must_wait =
            blocking::must_wait() && ran.as_ref().err().map_or_else(|| is_checkpoint(sql), Failure::is_busy);
        Attempt {
            stale_counters: matches!(ran, Err(Failure::StaleCounters)),
            result: ran.map_err(|failure| failure.to_string()),
            must_wait,
        }
    }

    /// Returns whether the present session has changed rows.
    fn has_changed_rows(&self) -> bool {
        self.raw.total_changes() != self.changes_before
    }

    /// Returns whether the counters are an earlier session's, and nothing ties the present one to this connection.
    fn has_stale_counters(&self) -> bool {
        self.changes_before > 0 && !self.has_changed_rows() && !self.in_transaction() && !self.leaves_state
    }

    fn run_first(&self, sql: &str, parameters: &[Value]) -> Result<QueryResult, Failure> {
        if is_single(sql) {
            let mut statement = self.raw.prepare_cached(sql)?;
            let result = self.collect(&mut statement, parameters);
            if hooks::report().uncacheable {
                statement.discard();
            }
            return result;
        }
        // rusqlite refuses a string with several statements, and would prepare the second one to see that. A batch prepares
        // them one by one, but skips empty ones: as in Spin, an empty first statement is an error.
        if !skip_blank(sql).starts_with(';')
            && let Some(mut statement) = Batch::new(&self.raw, sql).next()?
        {
            return self.collect(&mut statement, parameters);
        }
        self.collect(&mut self.raw.prepare("")?, parameters)
    }

    fn collect(&self, statement: &mut Statement<'_>, parameters: &[Value]) -> Result<QueryResult, Failure> {
        if hooks::report().reads_counters && self.has_stale_counters() {
            return Err(Failure::StaleCounters);
        }
        let mut bytes = size_of::<QueryResult>();
        let mut result = Vec::new();
        let mut rows = statement.query(params_from_iter(parameters))?;
        while let Some(row) = rows.next()? {
            let values = (0..row.as_ref().column_count())
                .map(|column| owned(row.get_ref(column)?))
                .collect::<Result<Vec<_>, Failure>>()?;
            bytes += values.iter().map(memory_size).sum::<usize>();
            if bytes > MAX_RESULT_BYTES {
                return Err(Failure::TooLarge);
            }
            result.push(RowResult { values });
        }
        drop(rows);
        // Only now: a cached statement is prepared again when it starts and the schema has changed meanwhile.
        let columns = statement.column_names().map(str::to_owned).collect();
        Ok(QueryResult { columns, rows: result })
    }
}

/// The reason why a statement has no result, as Spin reports it to the guest.
#[derive(Debug)]
enum Failure {
    Sqlite(rusqlite::Error),
    TooLarge,
    NotUtf8,
    /// The statement was not run: see [`Attempt::stale_counters`].
    StaleCounters,
}

impl Failure {
    fn is_busy(&self) -> bool {
        matches!(self, Self::Sqlite(error) if is_busy(error))
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(error) => error.fmt(f),
            Self::TooLarge => write!(f, "query result exceeds limit of {MAX_RESULT_BYTES} bytes"),
            Self::NotUtf8 => f.write_str("the result has text that is not UTF-8"),
            Self::StaleCounters => f.write_str("the counters of the connection are not this session's"),
        }
    }
}

fn owned(value: ValueRef<'_>) -> Result<Value, Failure> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(integer) => Value::Integer(integer),
        ValueRef::Real(real) => Value::Real(real),
        ValueRef::Text(text) => Value::Text(str::from_utf8(text).map_err(|_| Failure::NotUtf8)?.to_owned()),
        ValueRef::Blob(blob) => Value::Blob(blob.to_vec()),
    })
}

/// Returns the size of a value as Spin counts it.
fn memory_size(value: &Value) -> usize {
    size_of::<Value>()
        + match value {
            Value::Text(text) => text.len(),
            Value::Blob(blob) => blob.len(),
            Value::Integer(_) | Value::Real(_) | Value::Null => 0,
        }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(integer) => ValueRef::Integer(*integer),
            Self::Real(real) => ValueRef::Real(*real),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(blob) => ValueRef::Blob(blob),
        }))
    }
}

/// Returns whether `sql` is a single statement. False is always safe: then the statement is not cached.
fn is_single(sql: &str) -> bool {
    !sql.trim_end_matches(|c: char| c == ';' || c.is_ascii_whitespace()).contains(';')
}

/// Returns whether `sql` may be a checkpoint, which reports a lock in a row instead of an error.
fn is_checkpoint(sql: &str) -> bool {
    const KEYWORD: &str = "pragma";
    skip_blank(sql).get(..KEYWORD.len()).is_some_and(|start| start.eq_ignore_ascii_case(KEYWORD))
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::{Connection, Location, Value};

    #[test]
    fn a_statement_is_prepared_once_for_all_values() {
        let mut connection = Connection::open(&Location::InMemory).expect("a connection");
        for table in ["CREATE TABLE t (id INTEGER PRIMARY KEY, x)", "CREATE TABLE u (id INTEGER PRIMARY KEY)"] {
            connection.run(table, &[], None).result.expect("a table");
        }
        for join in [
            "SELECT t.x FROM t LEFT JOIN u ON u.id = 1 WHERE t.id = ?1",
            "SELECT x FROM t WHERE EXISTS (SELECT 1 FROM u WHERE id = ?1)",
        ] {
            for id in 1..=3 {
                connection.run(join, &[Value::Integer(id)], None).result.expect("rows");
            }
            let statement = connection.raw.prepare_cached(join).expect("a statement");
            assert_eq!(statement.get_status(StatementStatus::Run), 3, "{join}");
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0, "{join}");
        }
    }
}
