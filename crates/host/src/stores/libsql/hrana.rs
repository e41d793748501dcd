//! The messages of Hrana 3 in JSON, as far as a client needs them that runs one statement at a time.

use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use base64::engine::{DecodePaddingMode, Engine as _};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

use crate::bindings::fermyon::spin::sqlite::Value;

/// The encoding of blobs: written without padding, read with it or without.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, NO_PAD.with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// Returns the body of a request that runs `sql` on the stream `baton`, or on a new one.
pub(super) fn cursor(baton: Option<&str>, sql: &str, parameters: &[Value]) -> String {
    let arguments: Vec<Json> = parameters.iter().map(argument).collect();
    json!({
        "baton": baton,
        "batch": { "steps": [{ "stmt": { "sql": sql, "args": arguments, "want_rows": true } }] },
    })
    .to_string()
}

/// Returns the body of a request that closes the stream `baton`.
pub(super) fn close(baton: &str) -> String {
    json!({ "baton": baton, "requests": [{ "type": "close" }] }).to_string()
}

fn argument(value: &Value) -> Json {
    match value {
        Value::Null => json!({ "type": "null" }),
        // As text: a number in JSON loses digits above 2^53.
        Value::Integer(value) => json!({ "type": "integer", "value": value.to_string() }),
        Value::Real(value) => json!({ "type": "float", "value": value }),
        Value::Text(value) => json!({ "type": "text", "value": value }),
        Value::Blob(value) => json!({ "type": "blob", "base64": BASE64.encode(value) }),
    }
}

/// The first line of a response: the stream goes on under this baton; without one it is closed.
#[derive(Debug, Deserialize)]
pub(super) struct Head {
    pub(super) baton: Option<String>,
    /// Where its next requests go.
    pub(super) base_url: Option<String>,
}

/// Each further line.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Entry {
    StepBegin {
        cols: Vec<Column>,
    },
    Row {
        row: Vec<Cell>,
    },
    StepEnd {},
    StepError {
        step: u32,
        error: StepError,
    },
    Error {
        error: Box<RawValue>,
    },
    #[serde(other)]
    Other,
}

/// A column of the result.
#[derive(Debug, Deserialize)]
pub(super) struct Column {
    pub(super) name: Option<String>,
}

/// The server's error about a statement.
#[derive(Debug, Deserialize)]
pub(super) struct StepError {
    pub(super) message: String,
    pub(super) code: String,
}

/// A value of a row.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Cell {
    Null,
    Integer { value: String },
    Float { value: f64 },
    Text { value: String },
    Blob { base64: String },
}

impl Cell {
    /// Returns the guest's value, and its size in bytes as Spin counts it.
    ///
    /// # Errors
    /// The text of an integer or a blob that is none.
    pub(super) fn read(self) -> Result<(Value, usize), String> {
        Ok(match self {
            Self::Null => (Value::Null, 0),
            Self::Integer { value } => {
                (Value::Integer(value.parse().map_err(|_| format!("{value} is not an integer of 64 bits"))?), 8)
            }
            Self::Float { value } => (Value::Real(value), 8),
            Self::Text { value } => {
                let size = value.len();
                (Value::Text(value), size)
            }
            Self::Blob { base64 } => {
                let bytes = BASE64.decode(base64).map_err(|error| error.to_string())?;
                let size = bytes.len();
                (Value::Blob(bytes), size)
            }
        })
    }
}
