//! A strict reader of TOML documents: every error is one line with file, line and key, and an unknown key is an
//! error.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Error, Result, anyhow};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A TOML file as text, with its name in errors.
pub(crate) struct Document {
    name: String,
    text: String,
}

impl Document {
    /// Reads a file; errors name it without its folders.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("{}: cannot be read", path.display()))?;
        let name =
            path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
        Ok(Self { name, text })
    }

    #[cfg(test)]
    pub(crate) fn new(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned() }
    }

    /// Returns the top-level table.
    pub(crate) fn root(&self) -> Result<Table<'_>> {
        let table = DeTable::parse(&self.text).map_err(|error| {
            let line = error.span().map(|span| format!(":{}", self.line(span.start))).unwrap_or_default();
            anyhow!("{}{line}: {}", self.name, one_line(error.message()))
        })?;
        let position = Position { document: self, key: String::new(), offset: table.span().start };
        Ok(Table::new(position, table.into_inner()))
    }

    fn line(&self, offset: usize) -> usize {
        self.text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
    }
}

/// The position of a value: key and line, for errors.
#[derive(Clone)]
pub(crate) struct Position<'a> {
    document: &'a Document,
    key: String,
    offset: usize,
}

impl<'a> Position<'a> {
    /// Returns an error at this position.
    pub(crate) fn error(&self, message: impl std::fmt::Display) -> Error {
        let Document { name, .. } = self.document;
        let line = self.document.line(self.offset);
        let message = one_line(&message.to_string());
        if self.key.is_empty() {
            anyhow!("{name}:{line}: {message}")
        } else {
            anyhow!("{name}:{line}: {}: {message}", self.key)
        }
    }

    fn child(&self, key: &str, offset: usize) -> Self {
        let bare =
            !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        let key = if bare { key.to_owned() } else { format!("{key:?}") };
        let key = if self.key.is_empty() { key } else { format!("{}.{key}", self.key) };
        Position { document: self.document, key, offset }
    }
}

/// A table whose keys are taken one by one.
pub(crate) struct Table<'a> {
    position: Position<'a>,
    entries: BTreeMap<String, Value<'a>>,
}

impl<'a> Table<'a> {
    fn new(position: Position<'a>, table: DeTable<'a>) -> Self {
        let entries = table
            .into_iter()
            .map(|(key, value)| {
                let position = position.child(key.get_ref(), key.span().start);
                (key.into_inner().into_owned(), Value { position, value: value.into_inner() })
            })
            .collect();
        Self { position, entries }
    }

    /// Returns the position of the table.
    pub(crate) fn position(&self) -> &Position<'a> {
        &self.position
    }

    /// Returns the position of a key, or of its table if it is missing.
    pub(crate) fn key_position(&self, key: &str) -> Position<'a> {
        self.entries.get(key).map_or_else(|| self.position.child(key, self.position.offset), Value::position)
    }

    /// Takes the value of a key.
    pub(crate) fn take(&mut self, key: &str) -> Option<Value<'a>> {
        self.entries.remove(key)
    }

    /// Takes the value of a required key.
    pub(crate) fn require(&mut self, key: &str) -> Result<Value<'a>> {
        let position = self.key_position(key);
        self.take(key).ok_or_else(|| position.error("is missing"))
    }

    /// Takes a string, empty if absent.
    pub(crate) fn string_or_empty(&mut self, key: &str) -> Result<String> {
        self.take(key).map_or_else(|| Ok(String::new()), Value::string)
    }

    /// Takes a boolean, false if absent.
    pub(crate) fn flag(&mut self, key: &str) -> Result<bool> {
        self.take(key).map_or(Ok(false), Value::boolean)
    }

    /// Takes an array of strings, empty if absent.
    pub(crate) fn strings(&mut self, key: &str) -> Result<Vec<String>> {
        let Some(value) = self.take(key) else { return Ok(Vec::new()) };
        value.array()?.into_iter().map(Value::string).collect()
    }

    /// Takes a table of strings, empty if absent.
    pub(crate) fn string_map(&mut self, key: &str) -> Result<BTreeMap<String, String>> {
        let Some(value) = self.take(key) else { return Ok(BTreeMap::new()) };
        value.table()?.into_entries().map(|(key, value)| Ok((key, value.string()?))).collect()
    }

    /// Skips a key that Spin has and this host does not need.
    pub(crate) fn ignore(&mut self, key: &str) {
        self.entries.remove(key);
    }

    /// Refuses a key that Spin has and this host does not support. An empty array has no effect and passes.
    pub(crate) fn refuse(&mut self, key: &str) -> Result<()> {
        match self.take(key) {
            Some(Value { value: DeValue::Array(array), .. }) if array.is_empty() => Ok(()),
            Some(value) => Err(value.error("not supported by this host")),
            None => Ok(()),
        }
    }

    /// Returns the remaining entries, for tables whose keys the user chooses.
    pub(crate) fn into_entries(self) -> impl Iterator<Item = (String, Value<'a>)> {
        self.entries.into_iter()
    }

    /// Ends the reading: a key that was not taken is unknown.
    pub(crate) fn finish(self) -> Result<()> {
        match self.entries.into_values().next() {
            Some(value) => Err(value.error("unknown key")),
            None => Ok(()),
        }
    }
}

/// A value and its position.
pub(crate) struct Value<'a> {
    position: Position<'a>,
    value: DeValue<'a>,
}

impl<'a> Value<'a> {
    /// Returns an error about this value.
    pub(crate) fn error(&self, message: impl std::fmt::Display) -> Error {
        self.position.error(message)
    }

    /// Returns its position, to report an error after the value was consumed.
    pub(crate) fn position(&self) -> Position<'a> {
        self.position.clone()
    }

    /// Returns whether it is a string; for keys that take a string or a table.
    pub(crate) fn is_string(&self) -> bool {
        matches!(self.value, DeValue::String(_))
    }

    /// Returns whether it is a boolean; for keys that take one or an array.
    pub(crate) fn is_boolean(&self) -> bool {
        matches!(self.value, DeValue::Boolean(_))
    }

    pub(crate) fn string(self) -> Result<String> {
        match self.value {
            DeValue::String(string) => Ok(string.into_owned()),
            other => Err(mismatch(&self.position, "a string", &other)),
        }
    }

    pub(crate) fn boolean(self) -> Result<bool> {
        match self.value {
            DeValue::Boolean(boolean) => Ok(boolean),
            other => Err(mismatch(&self.position, "true or false", &other)),
        }
    }

    /// Returns a whole number that fits `T`.
    pub(crate) fn integer<T: TryFrom<i64>>(self) -> Result<T> {
        match &self.value {
            DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
                .ok()
                .and_then(|integer| T::try_from(integer).ok())
                .ok_or_else(|| self.position.error("the number is out of range")),
            other => Err(mismatch(&self.position, "a whole number", other)),
        }
    }

    pub(crate) fn array(self) -> Result<Vec<Value<'a>>> {
        match self.value {
            DeValue::Array(array) => Ok(array
                .into_iter()
                .map(|item: Spanned<DeValue<'a>>| {
                    let position = Position { offset: item.span().start, ..self.position.clone() };
                    Value { position, value: item.into_inner() }
                })
                .collect()),
            other => Err(mismatch(&self.position, "an array", &other)),
        }
    }

    pub(crate) fn table(self) -> Result<Table<'a>> {
        match self.value {
            DeValue::Table(table) => Ok(Table::new(self.position, table)),
            other => Err(mismatch(&self.position, "a table", &other)),
        }
    }
}

fn mismatch(position: &Position<'_>, wanted: &str, found: &DeValue<'_>) -> Error {
    let found = match found {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    };
    position.error(format_args!("expected {wanted}, found {found}"))
}

fn one_line(message: &str) -> String {
    message.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
