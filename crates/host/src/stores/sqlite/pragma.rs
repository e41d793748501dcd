//! The PRAGMAs that are settings of a session: recognised in the guest's text and answered with SQLite's result.

use std::time::Duration;

use crate::bindings::fermyon::spin::sqlite::{QueryResult, RowResult, Value};

/// The settings of a session on its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// 0 to 3: OFF, NORMAL, FULL, EXTRA.
    synchronous: u8,
    foreign_keys: bool,
}

impl Default for Settings {
    /// Returns the settings of a new connection. (The bundled SQLite enforces foreign keys by default, as Spin's does.)
    fn default() -> Self {
        Self { synchronous: 2, foreign_keys: true }
    }
}

impl Settings {
    /// Returns these settings with one changed.
    pub(super) fn with(mut self, change: Setting) -> Self {
        match change {
            Setting::Synchronous(level) => self.synchronous = level,
            Setting::ForeignKeys(on) => self.foreign_keys = on,
        }
        self
    }

    /// Returns the SQL that turns a connection with the settings `from` into one with these; empty if nothing differs.
    pub(super) fn statements_from(self, from: Self) -> String {
        let mut sql = String::new();
        if self.synchronous != from.synchronous {
            sql += ["PRAGMA synchronous=0;", "PRAGMA synchronous=1;", "PRAGMA synchronous=2;", "PRAGMA synchronous=3;"]
                [usize::from(self.synchronous & 3)];
        }
        if self.foreign_keys != from.foreign_keys {
            sql += if self.foreign_keys { "PRAGMA foreign_keys=1;" } else { "PRAGMA foreign_keys=0;" };
        }
        sql
    }
}

/// A change of [`Settings`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    Synchronous(u8),
    ForeignKeys(bool),
}

/// A statement that a session can answer itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pragma {
    Set(Setting),
    SetBusyTimeout(Duration),
    BusyTimeout,
}

impl Pragma {
    /// Recognises the usual spellings. `None` is always safe: then SQLite runs the statement.
    pub(super) fn parse(sql: &str) -> Option<Self> {
        let sql = skip_blank(sql);
        let (keyword, rest) = word(sql);
        if !keyword.eq_ignore_ascii_case("pragma") {
            return None;
        }
        let (name, rest) = word(skip_blank(rest));
        let rest = skip_blank(rest);
        let is = |pragma: &str| name.eq_ignore_ascii_case(pragma);
        if ends(rest) {
            return is("busy_timeout").then_some(Self::BusyTimeout);
        }
        let (value, rest) = word(skip_blank(rest.strip_prefix('=')?));
        if !ends(skip_blank(rest)) {
            return None;
        }
        if is("synchronous") {
            Some(Self::Set(Setting::Synchronous(synchronous(value)?)))
        } else if is("foreign_keys") {
            Some(Self::Set(Setting::ForeignKeys(boolean(value)?)))
        } else if is("busy_timeout") {
            // SQLite stores it in 31 bits.
            let milliseconds = value.parse::<i32>().ok()?;
            Some(Self::SetBusyTimeout(Duration::from_millis(u64::from(milliseconds.unsigned_abs()))))
        } else {
            None
        }
    }
}

/// Returns the result of a PRAGMA without rows.
pub(super) fn no_rows() -> QueryResult {
    QueryResult { columns: Vec::new(), rows: Vec::new() }
}

/// Returns the result of `PRAGMA busy_timeout`, with or without a new value.
pub(super) fn busy_timeout(timeout: Duration) -> QueryResult {
    QueryResult {
        columns: vec!["timeout".to_owned()],
        rows: vec![RowResult { values: vec![Value::Integer(i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX))] }],
    }
}

/// Returns whether a PRAGMA (without that keyword) changes how the file is locked, which fails while other connections to it are open, idle
/// or not. Requesting the write-ahead log that is already set is no change, and the usual case.
pub(super) fn wants_the_file_alone(pragma: &str) -> bool {
    let (name, rest) = word(skip_blank(pragma));
    let Some(rest) = skip_blank(rest).strip_prefix(['=', '(']) else { return false };
    let (value, _) = word(skip_blank(rest));
    name.eq_ignore_ascii_case("locking_mode")
        || (name.eq_ignore_ascii_case("journal_mode") && !value.eq_ignore_ascii_case("wal"))
}

fn synchronous(value: &str) -> Option<u8> {
    ["off", "normal", "full", "extra"]
        .iter()
        .zip(["0", "1", "2", "3"])
        .zip(0..)
        .find(|((name, digit), _)| value.eq_ignore_ascii_case(name) || value == *digit)
        .map(|(_, level)| level)
}

fn boolean(value: &str) -> Option<bool> {
    let is_one_of = |names: [&str; 4]| names.iter().any(|name| value.eq_ignore_ascii_case(name));
    if is_one_of(["on", "true", "yes", "1"]) {
        Some(true)
    } else if is_one_of(["off", "false", "no", "0"]) {
        Some(false)
    } else {
        None
    }
}

/// Returns whether a statement ends here: at its semicolon, after which nothing runs anyway, or at the end of the text.
fn ends(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(';')
}

/// Returns the leading word (empty if there is none) and the rest.
pub(super) fn word(sql: &str) -> (&str, &str) {
    let end = sql.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(sql.len());
    sql.split_at(end)
}

/// Returns the text without leading white space and comments.
pub(super) fn skip_blank(mut sql: &str) -> &str {
    loop {
        sql = sql.trim_ascii_start();
        sql = if let Some(comment) = sql.strip_prefix("--") {
            comment.find('\n').map_or("", |end| &comment[end..])
        } else if let Some(comment) = sql.strip_prefix("/*") {
            comment.find("*/").map_or("", |end| &comment[end + 2..])
        } else {
            return sql;
        };
    }
}
