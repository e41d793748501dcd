//! The rows that a statement returns, and their conversion to Rust types.

use spindle_contracts::{Currency, NotificationId, OrderId, PaymentId, ProductId, Role, SessionId, Timestamp, UserId};
use uuid::Uuid;

use super::{Error, Value};
use std::cell::Cell;

/// All the rows that a statement returned.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    columns: Vec<String>,
    /// The addresses of the `&'static str`s that the columns were last read by, so that later rows need not compare the texts again. Empty for a
    /// single row.
    read_as: Vec<Cell<usize>>,
    rows: Vec<Vec<Value>>,
}

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        self.columns == other.columns && self.rows == other.rows
    }
}

impl Rows {
    /// Makes rows from the values that a backend read: one value per column in each row.
    pub(crate) fn new(columns: Vec<String>, rows: Vec<Vec<Value>>) -> Self {
        let read_as = if rows.len() > 1 { vec![Cell::new(0); columns.len()] } else { Vec::new() };
        Self { columns, read_as, rows }
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the rows in SQLite's order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().map(|values| Row {
            columns: &self.columns,
            read_as: &self.read_as,
            values,
            next: Cell::new(0),
        })
    }

    /// Reads the only row.
    ///
    /// # Errors
    ///
    /// [`Error::RowCount`] if there is none or there are several; [`Error::Unexpected`] if it is not a `T`.
    pub fn one<T: FromRow>(&self) -> Result<T, Error> {
        self.optional()?.ok_or(Error::RowCount { expected: "one row", found: 0 })
    }

    /// Reads the only row, if there is one.
    ///
    /// # Errors
    ///
    /// [`Error::RowCount`] if there are several; [`Error::Unexpected`] if it is not a `T`.
    pub fn optional<T: FromRow>(&self) -> Result<Option<T>, Error> {
        if self.len() > 1 {
            return Err(Error::RowCount { expected: "at most one row", found: self.len() });
        }
        self.iter().next().map(|row| T::from_row(&row)).transpose()
    }

    /// Reads every row.
    ///
    /// # Errors
    ///
    /// [`Error::Unexpected`] for the first row that is not a `T`.
    pub fn all<T: FromRow>(&self) -> Result<Vec<T>, Error> {
        // Collecting results would grow the vector step by step.
        let mut all = Vec::with_capacity(self.len());
        for row in self.iter() {
            all.push(T::from_row(&row)?);
        }
        Ok(all)
    }
}

/// One row: the values of the statement's columns.
#[derive(Clone, Debug)]
pub struct Row<'r> {
    columns: &'r [String],
    read_as: &'r [Cell<usize>],
    values: &'r [Value],
    /// The position after the column read last: columns that are read in the statement's order are found without a search.
    next: Cell<usize>,
}

impl<'r> Row<'r> {
    /// Reads the value of the column `name`, in upper or lower case as in SQL: Spin's client of libSQL writes the names that are words of SQL in upper
    /// case (`key AS KEY`). Cheapest in the order of the statement's columns.
    ///
    /// # Errors
    ///
    /// [`Error::Unexpected`] with the column's name if the value is not a `T`, or if there is no such column.
    pub fn get<T: FromValue<'r>>(&self, name: &'static str) -> Result<T, Error> {
        let next = self.next.get();
        let index = match self.columns.get(next) {
            Some(column) if self.is_named(next, column, name) => next,
            _ => self.columns.iter().position(|column| column.eq_ignore_ascii_case(name)).ok_or_else(|| {
                Error::Unexpected { column: name.to_owned(), expected: T::EXPECTED, found: "no such column" }
            })?,
        };
        self.next.set(index + 1);
        self.at(index)
    }

    /// Returns whether the column `column` at `index` is `name`.
    fn is_named(&self, index: usize, column: &str, name: &'static str) -> bool {
        let Some(read_as) = self.read_as.get(index) else { return column == name };
        let address = name.as_ptr().addr();
        if read_as.get() == address && column.len() == name.len() {
            return true;
        }
        let is_equal = column == name;
        if is_equal {
            read_as.set(address);
        }
        is_equal
    }

    /// Reads the value at `index`, counted from 0.
    ///
    /// # Errors
    ///
    /// [`Error::Unexpected`] with the column's name if the value is not a `T`, or if there is no such column.
    fn at<T: FromValue<'r>>(&self, index: usize) -> Result<T, Error> {
        let value = self.values.get(index);
        value.and_then(T::from_value).ok_or_else(|| Error::Unexpected {
            column: self.columns.get(index).cloned().unwrap_or_else(|| format!("#{index}")),
            expected: T::EXPECTED,
            found: value.map_or("no such column", Value::storage_class),
        })
    }
}

/// A type that a row can be read as.
pub trait FromRow: Sized {
    /// Reads `row`.
    ///
    /// # Errors
    ///
    /// [`Error::Unexpected`] if a column has a value of another type.
    fn from_row(row: &Row<'_>) -> Result<Self, Error>;
}

/// A type that one value can be read as. Only the storage class that a type is written as is accepted: text is never converted to a number, nor
/// a number to text.
pub trait FromValue<'v>: Sized {
    /// The name of the type for the error message: `"uuid"`, `"integer (u32)"`.
    const EXPECTED: &'static str;

    /// Converts the value, or returns `None` if it is of another type.
    fn from_value(value: &'v Value) -> Option<Self>;
}

/// Implements `FromValue` for types that are read from one storage class.
macro_rules! from_value {
    ($($type:ty: $expected:literal, $class:ident => |$value:ident| $from:expr),+ $(,)?) => {$(
        impl<'v> FromValue<'v> for $type {
            const EXPECTED: &'static str = $expected;

            fn from_value(value: &'v Value) -> Option<Self> {
                match value {
                    Value::$class($value) => $from,
                    _ => None,
                }
            }
        }
    )+};
}

from_value! {
    u8: "integer (u8)", Integer => |value| Self::try_from(*value).ok(),
    u16: "integer (u16)", Integer => |value| Self::try_from(*value).ok(),
    u32: "integer (u32)", Integer => |value| Self::try_from(*value).ok(),
    u64: "integer (u64)", Integer => |value| Self::try_from(*value).ok(),
    usize: "integer (usize)", Integer => |value| Self::try_from(*value).ok(),
    i8: "integer (i8)", Integer => |value| Self::try_from(*value).ok(),
    i16: "integer (i16)", Integer => |value| Self::try_from(*value).ok(),
    i32: "integer (i32)", Integer => |value| Self::try_from(*value).ok(),
    i64: "integer (i64)", Integer => |value| Some(*value),
    bool: "integer (0 or 1)", Integer => |value| match value { 0 => Some(false), 1 => Some(true), _ => None },
    f64: "real", Real => |value| Some(*value),
    &'v str: "text", Text => |value| Some(value),
    String: "text", Text => |value| Some(value.clone()),
    Vec<u8>: "blob", Blob => |value| Some(value.clone()),
    Uuid: "text (uuid)", Text => |value| Self::try_parse(value).ok(),
    UserId: "text (uuid)", Text => |value| value.parse().ok(),
    SessionId: "text (uuid)", Text => |value| value.parse().ok(),
    ProductId: "text (uuid)", Text => |value| value.parse().ok(),
    OrderId: "text (uuid)", Text => |value| value.parse().ok(),
    PaymentId: "text (uuid)", Text => |value| value.parse().ok(),
    NotificationId: "text (uuid)", Text => |value| value.parse().ok(),
    Currency: "text (currency)", Text => |value| value.parse().ok(),
    Role: "text (role)", Text => |value| Role::from_name(value),
    Timestamp: "integer (milliseconds)", Integer => |value| Some(Self::from_millis(*value)),
}

impl<'v, T: FromValue<'v>> FromValue<'v> for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_value(value: &'v Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl<'v> FromValue<'v> for Value {
    const EXPECTED: &'static str = "any value";

    fn from_value(value: &'v Value) -> Option<Self> {
        Some(value.clone())
    }
}

/// Implements `FromRow` for tuples, for statements with one or two columns that need no type.
macro_rules! tuples {
    ($(($($name:ident $index:tt),+)),+ $(,)?) => {$(
        impl<$($name: for<'v> FromValue<'v>),+> FromRow for ($($name,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self, Error> {
                Ok(($(row.at::<$name>($index)?,)+))
            }
        }
    )+};
}

tuples! {
    (A 0),
    (A 0, B 1),
    (A 0, B 1, C 2),
    (A 0, B 1, C 2, D 3),
    (A 0, B 1, C 2, D 3, E 4),
    (A 0, B 1, C 2, D 3, E 4, F 5),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7),
}
