//! Rows in one form, whichever side they come from: their checksum, and their form in Hrana's JSON.

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rusqlite::types::{Value as SqlValue, ValueRef};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A row, with its key among its values.
pub(super) type Row = Vec<SqlValue>;

/// The number of rows and bytes of a table, and the checksum over types and bytes of all its values in the order of its key.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) rows: u64,
    pub(super) bytes: u64,
    hash: Sha256,
}

impl Tally {
    /// Adds rows, which come in the order of the key.
    pub(super) fn add(&mut self, rows: &[Row]) {
        for row in rows {
            self.rows += 1;
            for value in row {
                self.bytes += size(value);
                match value {
                    SqlValue::Null => self.hash.update([0]),
                    SqlValue::Integer(value) => self.fixed(1, value.to_le_bytes()),
                    SqlValue::Real(value) => self.fixed(2, value.to_bits().to_le_bytes()),
                    SqlValue::Text(text) => self.sized(3, text.as_bytes()),
                    SqlValue::Blob(bytes) => self.sized(4, bytes),
                }
            }
        }
    }

    /// Returns the checksum in hexadecimal.
    pub(super) fn checksum(&self) -> String {
        base16ct::lower::encode_string(&self.hash.clone().finalize())
    }

    fn fixed(&mut self, kind: u8, bytes: [u8; 8]) {
        self.hash.update([kind]);
        self.hash.update(bytes);
    }

    fn sized(&mut self, kind: u8, bytes: &[u8]) {
        self.fixed(kind, (bytes.len() as u64).to_le_bytes());
        self.hash.update(bytes);
    }
}

/// Returns the size of a value in bytes, about as SQLite stores it.
pub(super) fn size(value: &SqlValue) -> u64 {
    match value {
        SqlValue::Null => 1,
        SqlValue::Integer(_) | SqlValue::Real(_) => 8,
        SqlValue::Text(text) => text.len() as u64,
        SqlValue::Blob(bytes) => bytes.len() as u64,
    }
}

/// Returns the beginning of a statement, on one line.
pub(super) fn shortened(sql: &str) -> String {
    let line = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Returns a value that SQLite has read.
///
/// # Errors
///
/// For a text that is not UTF-8, and for an infinite number: Hrana's JSON has neither.
pub(super) fn from_sqlite(value: ValueRef<'_>) -> Result<SqlValue> {
    Ok(match value {
        ValueRef::Real(value) if !value.is_finite() => bail!("a number is infinite, which no request can say"),
        ValueRef::Text(text) => SqlValue::Text(std::str::from_utf8(text).context("a text is not UTF-8")?.to_owned()),
        other => other.try_into()?,
    })
}

/// A value in a request.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Argument<'v> {
    Null,
    /// As text: a number in JSON loses digits above 2^53.
    Integer {
        value: String,
    },
    Float {
        value: f64,
    },
    Text {
        value: &'v str,
    },
    Blob {
        base64: String,
    },
}

impl<'v> From<&'v SqlValue> for Argument<'v> {
    fn from(value: &'v SqlValue) -> Self {
        match value {
            SqlValue::Null => Self::Null,
            SqlValue::Integer(value) => Self::Integer { value: value.to_string() },
            SqlValue::Real(value) => Self::Float { value: *value },
            SqlValue::Text(value) => Self::Text { value },
            SqlValue::Blob(bytes) => Self::Blob { base64: STANDARD_NO_PAD.encode(bytes) },
        }
    }
}

/// A value in a response.
#[derive(Debug, Deserialize)]
pub(super) struct Cell {
    #[serde(rename = "type")]
    kind: String,
    value: Option<Scalar>,
    base64: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Number(f64),
}

impl TryFrom<Cell> for SqlValue {
    type Error = anyhow::Error;

    fn try_from(cell: Cell) -> Result<Self> {
        Ok(match (cell.kind.as_str(), cell.value, cell.base64) {
            ("null", ..) => Self::Null,
            ("integer", Some(Scalar::Text(value)), _) => Self::Integer(value.parse()?),
            ("float", Some(Scalar::Number(value)), _) => Self::Real(value),
            ("text", Some(Scalar::Text(value)), _) => Self::Text(value),
            ("blob", _, Some(base64)) => Self::Blob(STANDARD_NO_PAD.decode(base64.trim_end_matches('='))?),
            (kind, ..) => bail!("a value of type {kind} in a form that Hrana does not have"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checksum(rows: &[Row]) -> String {
        let mut tally = Tally::default();
        tally.add(rows);
        tally.checksum()
    }

    #[test]
    fn values_survive_a_request_and_a_response() {
        let row = vec![
            SqlValue::Null,
            SqlValue::Integer(i64::MIN),
            SqlValue::Integer((1 << 53) + 1),
            SqlValue::Real(-0.0),
            SqlValue::Real(0.1),
            SqlValue::Text("crème\u{0}\n".to_owned()),
            SqlValue::Blob(vec![0, 255, 1]),
            SqlValue::Blob(Vec::new()),
        ];
        let sent = serde_json::to_string(&row.iter().map(Argument::from).collect::<Vec<_>>()).unwrap();
        let cells: Vec<Cell> = serde_json::from_str(&sent).unwrap();
        let received: Row = cells.into_iter().map(|cell| cell.try_into().unwrap()).collect();
        assert_eq!(checksum(&[received]), checksum(&[row]));
    }

    #[test]
    fn values_of_other_types_or_places_have_another_checksum() {
        let text = |text: &str| SqlValue::Text(text.to_owned());
        let rows = [
            vec![text("1"), text("2")],
            vec![text("12"), text("")],
            vec![text(""), text("12")],
            vec![SqlValue::Integer(1), SqlValue::Integer(2)],
            vec![SqlValue::Real(1.0), SqlValue::Real(2.0)],
            vec![SqlValue::Blob(b"1".to_vec()), SqlValue::Blob(b"2".to_vec())],
            vec![text("1"), SqlValue::Null],
        ];
        let checksums: std::collections::BTreeSet<String> =
            rows.iter().map(|row| checksum(std::slice::from_ref(row))).collect();
        assert_eq!(checksums.len(), rows.len());
    }

    #[test]
    fn a_value_that_no_request_can_say_is_refused() {
        from_sqlite(ValueRef::Real(f64::INFINITY)).unwrap_err();
        from_sqlite(ValueRef::Text(&[0xff])).unwrap_err();
    }
}
