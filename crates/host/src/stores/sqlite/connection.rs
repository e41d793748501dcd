//! One SQLite connection: running a guest's statement on it, and knowing what the guest left behind.

use std::time::Instant;

use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Batch, Statement, params_from_iter};

use super::database::FileId;
use super::hooks;
use super::pragma::{Settings, skip_blank};
use crate::bindings::fermyon::spin::sqlite::{QueryResult, RowResult, Value};
use crate::stores::Location;
use crate::stores::blocking::{self, is_busy};

/// The size of a result above which Spin refuses it.
pub(super) const MAX_RESULT_BYTES: usize = 128 << 20;

/// How many prepared statements a connection keeps: more than a service has.
const STATEMENTS_KEPT: usize = 64;

/// What became of one try to run a statement.
#[derive(Debug)]
pub(super) struct Attempt {
    /// The rows or Spin's error text.
    pub(super) result: Result<QueryResult, String>,
    /// It ran into a lock and may be run again as if it had never been tried.
    pub(super) must_wait: bool,
    /// It released a lock that others may wait for.
    pub(super) released: bool,
    /// Its counters are those of an earlier session, so it must run again on a connection that has none.
    pub(super) stale_counters: bool,
}

impl Attempt {
    /// The connection itself could not be had.
    pub(super) fn failed(error: &rusqlite::Error) -> Self {
        Self {
            result: Err(error.to_string()),
            must_wait: is_busy(error) && blocking::must_wait(),
            released: false,
            stale_counters: false,
        }
    }
}

/// An open connection with what is known about its state.
#[derive(Debug)]
pub(super) struct Connection {
    raw: rusqlite::Connection,
    file: Option<FileId>,
    settings: Settings,
    /// Rows it had changed when the present session got it; 0: its counters are those of a new connection.
    changes_before: u64,
    leaves_state: bool,
    reads_counters: bool,
}

impl Connection {
    pub(super) fn open(location: &Location) -> rusqlite::Result<Self> {
        let mut raw = location.connect()?;
        raw.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        hooks::install(&mut raw)?;
        let file = match location {
            Location::InMemory => None,
            // Now there is one: SQLite makes it when it connects.
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

    /// The file it is connected to.
    pub(super) fn file(&self) -> Option<FileId> {
        self.file
    }

    pub(super) fn settings(&self) -> Settings {
        self.settings
    }

    /// Sets what differs.
    ///
    /// # Errors
    /// SQLite's; then the connection's settings are unknown, and it must be closed.
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

    /// Whether it has changed rows since it was opened.
    pub(super) fn has_counters(&self) -> bool {
        self.raw.total_changes() > 0
    }

    /// Whether one of its present session's statements read its counters.
    pub(super) fn reads_counters(&self) -> bool {
        self.reads_counters
    }

    /// Ends a session: rolls back. False if a next session would see what this one did to the connection.
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
        let was_in_transaction = self.in_transaction();
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
            released: !self.in_transaction() && (was_in_transaction || self.has_changed_rows()),
        }
    }

    /// Whether the present session has changed rows.
    fn has_changed_rows(&self) -> bool {
        self.raw.total_changes() != self.changes_before
    }

    /// Whether the counters are an earlier session's, and nothing ties the present one to this connection.
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
        // Only now: a statement that was kept is prepared anew when it starts and the schema has changed meanwhile.
        let columns = statement.column_names().map(str::to_owned).collect();
        Ok(QueryResult { columns, rows: result })
    }
}

/// Why a statement gave no result. Its text is what Spin tells the guest.
#[derive(Debug)]
enum Failure {
    Sqlite(rusqlite::Error),
    TooLarge,
    NotUtf8,
    /// Not run: see [`Attempt::stale_counters`].
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

/// What Spin counts a value as.
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

/// Whether nothing follows the first statement. False is always safe: then the statement is not kept.
fn is_single(sql: &str) -> bool {
    !sql.trim_end_matches(|c: char| c == ';' || c.is_ascii_whitespace()).contains(';')
}

/// A checkpoint that may not wait says so in a row instead of an error.
fn is_checkpoint(sql: &str) -> bool {
    const KEYWORD: &str = "pragma";
    skip_blank(sql).get(..KEYWORD.len()).is_some_and(|start| start.eq_ignore_ascii_case(KEYWORD))
}
