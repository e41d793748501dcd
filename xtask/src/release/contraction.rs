//! The rules for migrations that were added since a release: they expand the schema, so that the code of the release runs on it. A statement that contracts
//! it says why it may, in a comment before it: `-- contract: no code reads it since 0.2.0`, with a version that is released.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use fallible_iterator::FallibleIterator as _;
use libsql_sqlite3_parser::ast::{
    AlterTableBody, Cmd, ColumnConstraint, ColumnDefinition, CreateTableBody, ForeignKeyClause, Name, RefAct, RefArg,
    Stmt, TableConstraint,
};
use libsql_sqlite3_parser::lexer::sql::Parser;
use rusqlite::Connection;
use semver::Version;

/// The beginning of a comment with the reason for a contraction.
const REASON: &str = "-- contract:";

/// A migration of a service.
#[derive(Clone, Debug)]
pub struct Script {
    /// Its number and name: `0001_create_orders`.
    pub name: String,
    /// Its path in the repository.
    pub place: String,
    /// Its statements.
    pub sql: String,
}

/// The Rust sources of a release, for the indexes that its statements name.
#[derive(Debug, Default)]
pub struct Sources(String);

impl Sources {
    /// Reads those that are compiled into components, from the checkout in `root`.
    ///
    /// # Errors
    ///
    /// If one cannot be read.
    pub fn read(root: &Path) -> Result<Self> {
        let mut sources = Self::default();
        for folder in ["components", "crates"] {
            sources.add(&root.join(folder)).with_context(|| format!("cannot read the sources in {folder}"))?;
        }
        Ok(sources)
    }

    fn add(&mut self, folder: &Path) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                self.add(&path)?;
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                self.add_text(&fs::read_to_string(&path)?);
            }
        }
        Ok(())
    }

    fn add_text(&mut self, text: &str) {
        // A statement may break the line between any two words.
        for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty()) {
            self.0.push_str(&word.to_ascii_lowercase());
            self.0.push(' ');
        }
    }

    /// Returns whether a statement names the index by `INDEXED BY`: without the index it is an error.
    fn name_index(&self, index: &str) -> bool {
        self.0.contains(&format!(" indexed by {index} "))
    }
}

/// The names of what the database of the release has, in lower case.
struct Schema {
    /// Tables and views.
    tables: BTreeSet<String>,
    unique_indexes: BTreeSet<String>,
    triggers: BTreeSet<String>,
}

impl Schema {
    /// Returns the schema that `released` makes.
    fn of(released: &[Script]) -> Result<Self> {
        let db = Connection::open_in_memory()?;
        for Script { place, sql, .. } in released {
            db.execute_batch(sql).with_context(|| format!("{place} of the release does not run"))?;
        }
        let names = |condition: &str| -> rusqlite::Result<BTreeSet<String>> {
            let mut statement = db.prepare(&format!("SELECT lower(name) FROM sqlite_schema WHERE {condition}"))?;
            statement.query_map([], |row| row.get(0))?.collect()
        };
        Ok(Self {
            tables: names("type IN ('table', 'view')")?,
            unique_indexes: names("type = 'index' AND sql LIKE 'CREATE UNIQUE %'")?,
            triggers: names("type = 'trigger'")?,
        })
    }

    fn has_table(&self, name: &Name) -> bool {
        self.tables.contains(&plain(name))
    }

    /// Returns what `statement` takes from the code of the release, if anything. `replaced` are the triggers that its migration creates.
    fn contractions(&self, statement: &Stmt, replaced: &BTreeSet<String>, sources: &Sources) -> Vec<String> {
        match statement {
            Stmt::DropTable { tbl_name: name, .. } if self.has_table(&name.name) => {
                vec![format!("drops the table {}", plain(&name.name))]
            }
            Stmt::DropView { view_name: name, .. } if self.has_table(&name.name) => {
                vec![format!("drops the view {}", plain(&name.name))]
            }
            Stmt::DropIndex { idx_name, .. } => {
                let index = plain(&idx_name.name);
                if self.unique_indexes.contains(&index) {
                    vec![format!("drops the index {index}, whose refusals released code relies on")]
                } else if sources.name_index(&index) {
                    vec![format!("drops the index {index}, which a released statement names by INDEXED BY")]
                } else {
                    Vec::new()
                }
            }
            Stmt::DropTrigger { trigger_name, .. } => {
                let trigger = plain(&trigger_name.name);
                let is_gone = self.triggers.contains(&trigger) && !replaced.contains(&trigger);
                is_gone
                    .then(|| format!("drops the trigger {trigger}, whose effect released code relies on"))
                    .into_iter()
                    .collect()
            }
            Stmt::AlterTable(table, body) if self.has_table(&table.name) => self.alterations(&plain(&table.name), body),
            Stmt::CreateIndex { unique: true, idx_name, tbl_name, .. } if self.has_table(tbl_name) => {
                vec![format!(
                    "adds the unique index {} to {}: released code may write what it refuses",
                    plain(&idx_name.name),
                    plain(tbl_name)
                )]
            }
            Stmt::CreateTrigger { trigger_name, tbl_name, .. } if self.has_table(&tbl_name.name) => {
                // The printed form has neither comments nor line breaks.
                let printed = Cmd::Stmt(statement.clone()).to_string();
                let refuses = printed.to_ascii_uppercase().replace(' ', "").contains("RAISE(");
                let fault = || {
                    format!(
                        "adds the trigger {} to {}, which refuses",
                        plain(&trigger_name.name),
                        plain(&tbl_name.name)
                    )
                };
                refuses.then(fault).into_iter().collect()
            }
            Stmt::CreateTable {
                tbl_name,
                body: CreateTableBody::ColumnsAndConstraints { columns, constraints, .. },
                ..
            } => {
                let table = plain(&tbl_name.name);
                let of_table = constraints.iter().flatten().filter_map(|constraint| match &constraint.constraint {
                    TableConstraint::ForeignKey { clause, .. } => Some(clause),
                    _ => None,
                });
                columns.iter().flat_map(references).chain(of_table).filter_map(|key| self.guard(&table, key)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn alterations(&self, table: &str, body: &AlterTableBody) -> Vec<String> {
        match body {
            AlterTableBody::RenameTo(name) => vec![format!("renames the table {table} to {}", plain(name))],
            AlterTableBody::RenameColumn { old, new } => {
                vec![format!("renames the column {} of {table} to {}", plain(old), plain(new))]
            }
            AlterTableBody::DropColumn(name) => vec![format!("drops the column {} of {table}", plain(name))],
            AlterTableBody::AlterColumn { old, .. } => {
                vec![format!("changes the type or the constraints of the column {} of {table}", plain(old))]
            }
            AlterTableBody::AddColumn(column) => {
                let name = plain(&column.col_name);
                let has = |matches: fn(&ColumnConstraint) -> bool| {
                    column.constraints.iter().any(|constraint| matches(&constraint.constraint))
                };
                let mut faults = Vec::new();
                if has(|constraint| matches!(constraint, ColumnConstraint::NotNull { nullable: false, .. }))
                    && !has(|constraint| matches!(constraint, ColumnConstraint::Default(_)))
                {
                    faults.push(format!("adds the column {name} to {table} as NOT NULL without a default, and released code does not set it"));
                }
                if has(|constraint| {
                    matches!(constraint, ColumnConstraint::Unique(_) | ColumnConstraint::PrimaryKey { .. })
                }) {
                    faults.push(format!(
                        "adds the column {name} to {table} as unique: rows of released code are all alike there"
                    ));
                }
                if has(|constraint| matches!(constraint, ColumnConstraint::Check(_))) {
                    faults.push(format!(
                        "adds a CHECK to {table} with the column {name}: released code does not know it"
                    ));
                }
                faults.extend(references(column).filter_map(|key| self.guard(table, key)));
                faults
            }
        }
    }

    /// Returns what the foreign key of `table` refuses: released code does not delete the rows of `table` first.
    fn guard(&self, table: &str, key: &ForeignKeyClause) -> Option<String> {
        let follows = |arg: &RefArg| matches!(arg, RefArg::OnDelete(RefAct::Cascade | RefAct::SetNull));
        let parent = plain(&key.tbl_name);
        let is_guard = self.has_table(&key.tbl_name) && !key.args.iter().any(follows);
        is_guard.then(|| {
            format!(
                "has rows of {table} refuse the deletion of rows of {parent}: ON DELETE CASCADE or SET NULL would not"
            )
        })
    }
}

fn references(column: &ColumnDefinition) -> impl Iterator<Item = &ForeignKeyClause> {
    column.constraints.iter().filter_map(|constraint| match &constraint.constraint {
        ColumnConstraint::ForeignKey { clause, .. } => Some(clause),
        _ => None,
    })
}

/// Returns the name as SQLite compares it: without quotes, in lower case.
fn plain(name: &Name) -> String {
    name.0.trim_matches(['"', '`', '[', ']']).to_ascii_lowercase()
}

/// A statement of a migration.
struct Statement<'s> {
    command: Stmt,
    /// Its text, with the comments before it.
    text: &'s str,
    /// The number of its first line after these comments.
    line: usize,
}

/// Splits a migration into its statements.
fn statements(script: &Script) -> Result<Vec<Statement<'_>>> {
    let mut parser = Parser::new(script.sql.as_bytes());
    let mut statements = Vec::new();
    loop {
        let start = parser.offset();
        let command = parser.next().map_err(|error| anyhow!("{}: {error}", script.place))?;
        let Some(command) = command else { return Ok(statements) };
        let text = &script.sql[start..parser.offset()];
        let is_before = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with("--");
        let before = text.split('\n').take_while(is_before).count();
        let line = script.sql[..start].matches('\n').count() + before + 1;
        if let Cmd::Stmt(command) = command {
            statements.push(Statement { command, text, line });
        }
    }
}

impl Statement<'_> {
    /// Returns why its comment does not permit a contraction; `None` if it does.
    fn objection(&self, released: &Version) -> Option<String> {
        let reason = self.text.lines().find_map(|line| line.trim().strip_prefix(REASON));
        let Some(reason) = reason.map(str::trim) else {
            return Some(format!("without a reason: `{REASON} no code reads it since {released}` says why it may"));
        };
        let (why, since) = reason.rsplit_once("since ").unwrap_or((reason, ""));
        match Version::parse(since.trim_end_matches('.')) {
            Ok(since) if since > *released => {
                Some(format!("too early: since {since}, and the last release is {released}"))
            }
            Ok(_) if !why.trim().is_empty() => None,
            _ => Some("with a reason that is not of the form `what no released code does since VERSION`".to_owned()),
        }
    }
}

/// Returns what the migrations that were `added` since the release `version` take from its code, one line each. `released` are its migrations, and `sources`
/// its code.
///
/// # Errors
///
/// If a migration cannot be parsed, or those of the release do not run.
pub fn check(released: &[Script], added: &[Script], sources: &Sources, version: &Version) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    if added.is_empty() {
        return Ok(faults);
    }
    let schema = Schema::of(released)?;
    for script in added {
        let statements = statements(script)?;
        let trigger = |statement: &Statement<'_>| match &statement.command {
            Stmt::CreateTrigger { trigger_name, .. } => Some(plain(&trigger_name.name)),
            _ => None,
        };
        let replaced: BTreeSet<String> = statements.iter().filter_map(trigger).collect();
        for statement in &statements {
            for contraction in schema.contractions(&statement.command, &replaced, sources) {
                if let Some(objection) = statement.objection(version) {
                    faults.push(format!("{}:{}: {contraction}; {objection}", script.place, statement.line));
                }
            }
        }
    }
    Ok(faults)
}

#[cfg(test)]
mod tests;
