//! A strict reader of TOML documents: every error is one line with file, line and key, and a key that nobody asked for is an
//! error.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Error, Result, anyhow};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A TOML file as text, with the name it has in errors.
pub(crate) struct Document {
    name: String,
    text: String,
}

impl Document {
    /// Reads a file; its name in errors is the file's own, without folders.
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

    /// The top-level table.
    pub(crate) fn root(&self) -> Result<Table<'_>> {
        let table = DeTable::parse(&self.text).map_err(|error| {
            let line = error.span().map(|span| format!(":{}", self.line(span.start))).unwrap_or_default();
            anyhow!("{}{line}: {}", self.name, one_line(error.message()))
        })?;
        let place = Place { document: self, key: String::new(), offset: table.span().start };
        Ok(Table::new(place, table.into_inner()))
    }

    fn line(&self, offset: usize) -> usize {
        self.text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
    }
}

/// Where a value stands: enough to say so in an error.
#[derive(Clone)]
pub(crate) struct Place<'a> {
    document: &'a Document,
    key: String,
    offset: usize,
}

impl<'a> Place<'a> {
    /// An error about this place.
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
        Place { document: self.document, key, offset }
    }
}

/// A table whose keys are taken one by one.
pub(crate) struct Table<'a> {
    place: Place<'a>,
    entries: BTreeMap<String, Value<'a>>,
}

impl<'a> Table<'a> {
    fn new(place: Place<'a>, table: DeTable<'a>) -> Self {
        let entries = table
            .into_iter()
            .map(|(key, value)| {
                let place = place.child(key.get_ref(), key.span().start);
                (key.into_inner().into_owned(), Value { place, value: value.into_inner() })
            })
            .collect();
        Self { place, entries }
    }

    /// Where the table stands.
    pub(crate) fn place(&self) -> &Place<'a> {
        &self.place
    }

    /// Where a key stands, or would stand.
    pub(crate) fn key_place(&self, key: &str) -> Place<'a> {
        self.entries.get(key).map_or_else(|| self.place.child(key, self.place.offset), Value::place)
    }

    /// Takes the value of a key.
    pub(crate) fn take(&mut self, key: &str) -> Option<Value<'a>> {
        self.entries.remove(key)
    }

    /// Takes a value that must be there.
    pub(crate) fn require(&mut self, key: &str) -> Result<Value<'a>> {
        let place = self.key_place(key);
        self.take(key).ok_or_else(|| place.error("is missing"))
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

    /// Takes a key that Spin knows and this host has no use for.
    pub(crate) fn ignore(&mut self, key: &str) {
        self.entries.remove(key);
    }

    /// Refuses a key that Spin knows and this host does not support. An empty array asks for nothing and passes.
    pub(crate) fn refuse(&mut self, key: &str) -> Result<()> {
        match self.take(key) {
            Some(Value { value: DeValue::Array(array), .. }) if array.is_empty() => Ok(()),
            Some(value) => Err(value.error("not supported by this host")),
            None => Ok(()),
        }
    }

    /// The remaining entries, for tables whose keys the user chooses.
    pub(crate) fn into_entries(self) -> impl Iterator<Item = (String, Value<'a>)> {
        self.entries.into_iter()
    }

    /// Ends the reading: what was not taken is unknown.
    pub(crate) fn finish(self) -> Result<()> {
        match self.entries.into_values().next() {
            Some(value) => Err(value.error("unknown key")),
            None => Ok(()),
        }
    }
}

/// A value and where it stands.
pub(crate) struct Value<'a> {
    place: Place<'a>,
    value: DeValue<'a>,
}

impl<'a> Value<'a> {
    /// An error about this value.
    pub(crate) fn error(&self, message: impl std::fmt::Display) -> Error {
        self.place.error(message)
    }

    /// Where it stands, to report an error after the value was consumed.
    pub(crate) fn place(&self) -> Place<'a> {
        self.place.clone()
    }

    /// Whether it is a string; for keys that take a string or a table.
    pub(crate) fn is_string(&self) -> bool {
        matches!(self.value, DeValue::String(_))
    }

    /// Whether it is a boolean; for keys that take one or an array.
    pub(crate) fn is_boolean(&self) -> bool {
        matches!(self.value, DeValue::Boolean(_))
    }

    pub(crate) fn string(self) -> Result<String> {
        match self.value {
            DeValue::String(string) => Ok(string.into_owned()),
            other => Err(mismatch(&self.place, "a string", &other)),
        }
    }

    pub(crate) fn boolean(self) -> Result<bool> {
        match self.value {
            DeValue::Boolean(boolean) => Ok(boolean),
            other => Err(mismatch(&self.place, "true or false", &other)),
        }
    }

    /// A whole number that fits `T`.
    pub(crate) fn integer<T: TryFrom<i64>>(self) -> Result<T> {
        match &self.value {
            DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
                .ok()
                .and_then(|integer| T::try_from(integer).ok())
                .ok_or_else(|| self.place.error("the number is out of range")),
            other => Err(mismatch(&self.place, "a whole number", other)),
        }
    }

    pub(crate) fn array(self) -> Result<Vec<Value<'a>>> {
        match self.value {
            DeValue::Array(array) => Ok(array
                .into_iter()
                .map(|item: Spanned<DeValue<'a>>| {
                    let place = Place { offset: item.span().start, ..self.place.clone() };
                    Value { place, value: item.into_inner() }
                })
                .collect()),
            other => Err(mismatch(&self.place, "an array", &other)),
        }
    }

    pub(crate) fn table(self) -> Result<Table<'a>> {
        match self.value {
            DeValue::Table(table) => Ok(Table::new(self.place, table)),
            other => Err(mismatch(&self.place, "a table", &other)),
        }
    }
}

fn mismatch(place: &Place<'_>, wanted: &str, found: &DeValue<'_>) -> Error {
    let found = match found {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    };
    place.error(format_args!("expected {wanted}, found {found}"))
}

fn one_line(message: &str) -> String {
    message.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
