//! Statements as Spin's client sends them: the first of a text, parsed and printed.

use libsql_sqlite3_parser::ast::{Cmd, PragmaBody, QualifiedName, Stmt};
use libsql_sqlite3_parser::lexer::sql::{Error, Parser, ParserError};
use rusqlite::fallible_iterator::FallibleIterator as _;

/// Returns the first statement of `sql` as the client sends it.
///
/// # Errors
/// The client's text: there is no statement, its parser does not know it, or the client does not send its kind.
pub(super) fn first(sql: &str) -> Result<String, String> {
    // On the heap: it is large.
    let mut parser = Box::new(Parser::new(sql.as_bytes()));
    let command = match parser.next() {
        Ok(Some(command)) => command,
        Ok(None) => return Err("API misuse: `no SQL statement provided`".to_owned()),
        Err(Error::ParserError(ParserError::SyntaxError { found: Some(found), .. }, Some((line, column)))) => {
            return Err(format!("syntax error around L{line}:{column}: `{found}`"));
        }
        Err(error) => return Err(format!("sqlite3 parser error: `{error}`")),
    };
    if !is_sent(&command) {
        return Err("unsupported statement".to_owned());
    }
    let is_last = matches!(parser.next(), Ok(None));
    if is_last && matches!(command, Cmd::Stmt(Stmt::CreateTable { .. })) {
        return Ok(sql.to_owned());
    }
    Ok(command.to_string())
}

/// Returns whether the client sends this kind of statement: `StmtKind::kind` in its `parser.rs`.
fn is_sent(command: &Cmd) -> bool {
    match command {
        Cmd::Explain(Stmt::Pragma(name, body)) | Cmd::Stmt(Stmt::Pragma(name, body)) => {
            is_sent_pragma(&name.name.0, body.as_ref())
        }
        Cmd::Explain(_) | Cmd::ExplainQueryPlan(_) => true,
        Cmd::Stmt(statement) => match statement {
            Stmt::CreateVirtualTable { tbl_name, .. } | Stmt::CreateTable { tbl_name, temporary: false, .. } => {
                !is_temporary(tbl_name)
            }
            Stmt::Insert { tbl_name, .. }
            | Stmt::Update { tbl_name, .. }
            | Stmt::Delete { tbl_name, .. }
            | Stmt::DropTable { tbl_name, .. }
            | Stmt::AlterTable(tbl_name, _) => !is_reserved(tbl_name),
            Stmt::CreateTrigger { temporary, .. } | Stmt::CreateView { temporary, .. } => !temporary,
            Stmt::Begin(..)
            | Stmt::Commit(..)
            | Stmt::Rollback { .. }
            | Stmt::DropIndex { .. }
            | Stmt::DropTrigger { .. }
            | Stmt::CreateIndex { .. }
            | Stmt::Select(..)
            | Stmt::DropView { .. }
            | Stmt::Savepoint(..)
            | Stmt::Release(..)
            | Stmt::Attach { .. }
            | Stmt::Detach(..)
            | Stmt::Reindex { .. } => true,
            _ => false,
        },
    }
}

fn is_temporary(name: &QualifiedName) -> bool {
    name.db_name.as_ref().is_some_and(|schema| schema.0 == "TEMP")
}

fn is_reserved(name: &QualifiedName) -> bool {
    ["_litestream_seq", "_litestream_lock", "libsql_wasm_func_table"].contains(&name.name.0.to_lowercase().as_str())
}

/// Returns whether the client sends this PRAGMA: some always, some without a value.
fn is_sent_pragma(name: &str, value: Option<&PragmaBody>) -> bool {
    const ALWAYS: [&str; 25] = [
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
        "table_xinfo",
        "user_version",
    ];
    const TO_READ: [&str; 30] = [
        "analysis_limit",
        "application_id",
        "auto_vacuum",
        "automatic_index",
        "busy_timeout",
        "cache_size",
        "cache_spill",
        "cell_size_check",
        "checkpoint_fullfsync",
        "fullfsync",
        "hard_heap_limit",
        "journal_mode",
        "journal_size_limit",
        "legacy_alter_table",
        "locking_mode",
        "max_page_count",
        "mmap_size",
        "page_size",
        "query_only",
        "read_uncommitted",
        "recursive_triggers",
        "reverse_unordered_selects",
        "schema_version",
        "secure_delete",
        "soft_heap_limit",
        "synchronous",
        "temp_store",
        "threads",
        "trusted_schema",
        "wal_autocheckpoint",
    ];
    ALWAYS.contains(&name) || value.is_none() && TO_READ.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::first;

    #[test]
    fn the_first_statement_is_sent_as_the_parser_prints_it() {
        for (sql, sent) in [
            ("select  id\n from t where a=?1 -- why\n", "SELECT id FROM t WHERE a = ?1"),
            ("/* ; */ INSERT INTO t VALUES (';'); nonsense", "INSERT INTO t VALUES (';')"),
            ("BEGIN IMMEDIATE", "BEGIN IMMEDIATE"),
            ("create table  t (a)", "create table  t (a)"),
            ("PRAGMA journal_mode", "PRAGMA journal_mode"),
            // Words of SQL are printed as such, also where they are names: a result has the column ACTION.
            ("SELECT action AS action FROM t", "SELECT ACTION AS ACTION FROM t"),
        ] {
            assert_eq!(first(sql).as_deref().map(|text| text.trim_end_matches(';')), Ok(sent));
        }
    }

    #[test]
    fn what_the_client_does_not_send_is_refused_with_its_text() {
        for (sql, error) in [
            ("", "API misuse: `no SQL statement provided`"),
            ("-- nothing", "API misuse: `no SQL statement provided`"),
            ("SELEC 1", "syntax error around L1:6: `SELEC`"),
            ("PRAGMA busy_timeout = 5", "unsupported statement"),
            ("PRAGMA optimize", "unsupported statement"),
            ("CREATE TEMP TABLE t (a)", "unsupported statement"),
            ("VACUUM", "unsupported statement"),
        ] {
            assert_eq!(first(sql), Err(error.to_owned()), "{sql}");
        }
        let without_group = first("SELECT count(*) AS n FROM t HAVING n > 1").expect_err("the parser refuses it");
        assert!(without_group.starts_with("sqlite3 parser error: `near HAVING"), "{without_group}");
    }
}
