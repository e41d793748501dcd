//! Statements as the server reads them, before SQLite does: exactly one, and none that would change the connection.

use fallible_iterator::FallibleIterator as _;
use libsql_sqlite3_parser::ast::{Cmd, PragmaBody, QualifiedName, Stmt};
use libsql_sqlite3_parser::lexer::sql::{Error as SyntaxError, Parser, ParserError};

use super::protocol::Error;

/// What the response to a statement depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Insert,
    Change,
    Other,
}

/// Pragmas that the server runs with and without a value.
const PRAGMAS: [&str; 24] = [
    "collation_list",
    "compile_options",
    "data_version",
    "database_list",
    "defer_foreign_keys",
    "encoding",
    "foreign_key_check",
    "foreign_key_list",
    "foreign_keys",
    "freelist_count",
    "function_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "legacy_file_format",
    "module_list",
    "page_count",
    "pragma_list",
    "quick_check",
    "stats",
    "table_info",
    "table_list",
    "user_version",
];

/// Pragmas that the server runs without a value only, as far as Spindle could read them.
const READ_PRAGMAS: [&str; 6] =
    ["busy_timeout", "journal_mode", "max_page_count", "page_size", "schema_version", "synchronous"];

/// Splits a text into its statements.
///
/// # Errors
///
/// `SQL_PARSE_ERROR` for a text that is no SQL, and for a statement that the server does not run.
pub(super) fn parse(sql: &str) -> Result<Vec<(Kind, &str)>, Error> {
    let error = |source: String| Error {
        code: "SQL_PARSE_ERROR",
        message: format!("SQL string could not be parsed: {source}"),
    };
    let mut parser = Parser::new(sql.as_bytes());
    let mut statements = Vec::new();
    loop {
        let start = parser.offset();
        let command = parser.next().map_err(|cause| error(text(&cause)))?;
        let Some(command) = command else { return Ok(statements) };
        let kind = kind(&command).ok_or_else(|| error(format!("unsupported statement: {sql}")))?;
        statements.push((kind, &sql[start..parser.offset()]));
    }
}

/// Returns the kind of the only statement of a text.
///
/// # Errors
///
/// As [`parse`], and for a text without a statement or with several.
pub(super) fn parse_one(sql: &str) -> Result<Kind, Error> {
    match parse(sql)?.as_slice() {
        [(kind, _)] => Ok(*kind),
        [] => Err(Error { code: "SQL_NO_STATEMENT", message: "SQL string does not contain any statement".to_owned() }),
        _ => Err(Error {
            code: "SQL_MANY_STATEMENTS",
            message: "SQL string contains more than one statement".to_owned(),
        }),
    }
}

/// Returns the text of a syntax error.
fn text(error: &SyntaxError) -> String {
    match error {
        SyntaxError::ParserError(ParserError::SyntaxError { found: Some(found), .. }, Some((line, column))) => {
            format!("syntax error around L{line}:{column}: `{found}`")
        }
        other => other.to_string(),
    }
}

/// Returns the kind of a statement; `None` if the server does not run it.
fn kind(command: &Cmd) -> Option<Kind> {
    match command {
        Cmd::Explain(Stmt::Pragma(name, body)) | Cmd::Stmt(Stmt::Pragma(name, body)) => pragma(name, body.as_ref()),
        Cmd::Stmt(Stmt::Insert { .. }) => Some(Kind::Insert),
        Cmd::Stmt(Stmt::Update { .. } | Stmt::Delete { .. }) => Some(Kind::Change),
        Cmd::Stmt(
            Stmt::CreateTable { temporary: true, .. }
            | Stmt::CreateTrigger { temporary: true, .. }
            | Stmt::CreateView { temporary: true, .. }
            | Stmt::Analyze(_)
            | Stmt::Attach { .. }
            | Stmt::Vacuum(..),
        ) => None,
        Cmd::Explain(_) | Cmd::ExplainQueryPlan(_) | Cmd::Stmt(_) => Some(Kind::Other),
    }
}

fn pragma(name: &QualifiedName, body: Option<&PragmaBody>) -> Option<Kind> {
    let name = name.name.0.to_ascii_lowercase();
    let runs = PRAGMAS.contains(&name.as_str()) || (body.is_none() && READ_PRAGMAS.contains(&name.as_str()));
    runs.then_some(Kind::Other)
}
