//! The requests of Hrana 3 in JSON, as far as the clients of Spindle use them, and the errors in its responses.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use rusqlite::types::{Value as SqlValue, ValueRef};
use serde::Deserialize;
use serde_json::{Value, json};

/// The body of `POST /v3/cursor`.
#[derive(Debug, Deserialize)]
pub(super) struct CursorRequest {
    pub(super) baton: Option<String>,
    pub(super) batch: Batch,
}

/// The body of `POST /v3/pipeline`.
#[derive(Debug, Deserialize)]
pub(super) struct PipelineRequest {
    pub(super) baton: Option<String>,
    pub(super) requests: Vec<StreamRequest>,
}

/// One request of a pipeline.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum StreamRequest {
    Close,
    Execute { stmt: Stmt },
    Batch { batch: Batch },
    Sequence { sql: String },
    GetAutocommit,
}

/// Statements with the conditions under which they run.
#[derive(Debug, Deserialize)]
pub(super) struct Batch {
    pub(super) steps: Vec<Step>,
}

/// One statement of a batch.
#[derive(Debug, Deserialize)]
pub(super) struct Step {
    pub(super) condition: Option<Condition>,
    pub(super) stmt: Stmt,
}

/// The condition of a step. A step that was not executed counts as failed.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Condition {
    Ok { step: usize },
    Error { step: usize },
    Not { cond: Box<Self> },
    And { conds: Vec<Self> },
    Or { conds: Vec<Self> },
    IsAutocommit,
}

/// A statement with its arguments.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Stmt {
    pub(super) sql: String,
    #[serde(default)]
    pub(super) args: Vec<Argument>,
    #[serde(default)]
    pub(super) named_args: Vec<NamedArgument>,
}

/// An argument with the name of its parameter.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct NamedArgument {
    pub(super) name: String,
    pub(super) value: Argument,
}

/// An argument.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Argument {
    Null,
    Integer { value: String },
    Float { value: f64 },
    Text { value: String },
    Blob { base64: String },
}

impl Argument {
    /// Returns the value for SQLite; `None` if the text of an integer or a blob has another form.
    pub(super) fn to_sql(&self) -> Option<SqlValue> {
        Some(match self {
            Self::Null => SqlValue::Null,
            Self::Integer { value } => SqlValue::Integer(value.parse().ok()?),
            Self::Float { value } => SqlValue::Real(*value),
            Self::Text { value } => SqlValue::Text(value.clone()),
            Self::Blob { base64 } => SqlValue::Blob(STANDARD_NO_PAD.decode(base64.trim_end_matches('=')).ok()?),
        })
    }
}

/// Returns a value of a row in its form in a response.
pub(super) fn to_json(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => json!({"type": "null"}),
        ValueRef::Integer(value) => json!({"type": "integer", "value": value.to_string()}),
        ValueRef::Real(value) => json!({"type": "float", "value": value}),
        ValueRef::Text(text) => json!({"type": "text", "value": String::from_utf8_lossy(text)}),
        ValueRef::Blob(bytes) => {
            json!({"type": "blob", "base64": STANDARD.encode(bytes).trim_end_matches('=')})
        }
    }
}

impl Condition {
    /// Returns whether the condition holds, given the steps that have succeeded; `None` if it names a step that comes later.
    pub(super) fn holds(&self, succeeded: &[bool], is_autocommit: bool) -> Option<bool> {
        let all = |conditions: &[Self]| -> Option<Vec<bool>> {
            conditions.iter().map(|condition| condition.holds(succeeded, is_autocommit)).collect()
        };
        Some(match self {
            Self::Ok { step } => *succeeded.get(*step)?,
            Self::Error { step } => !*succeeded.get(*step)?,
            Self::Not { cond } => !cond.holds(succeeded, is_autocommit)?,
            Self::And { conds } => all(conds)?.into_iter().all(|holds| holds),
            Self::Or { conds } => all(conds)?.into_iter().any(|holds| holds),
            Self::IsAutocommit => is_autocommit,
        })
    }
}

/// The error of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Error {
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Error {
    /// The error of each statement of the next request after the server has rolled a transaction back, because another writer waited for its lock.
    pub(super) fn transaction_timeout() -> Self {
        Self { code: "TRANSACTION_TIMEOUT", message: "Transaction timed out".to_owned() }
    }

    /// The error of a statement that was interrupted.
    pub(super) fn interrupted() -> Self {
        Self { code: "SQLITE_INTERRUPT", message: "SQLite error: interrupted".to_owned() }
    }

    /// Returns its form in a response.
    pub(super) fn to_json(&self) -> Value {
        json!({"message": self.message, "code": self.code})
    }
}
