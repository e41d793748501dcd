//! A JSON value as it was sent: with the members that an object repeats, and with numbers that know whether they are kept.

use super::{numbers, syntax_problem};
use deserr::{IntoValue, Map, Value, ValueKind, ValuePointerRef};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use spindle_contracts::Problem;
use spindle_contracts::input::{InputErrors, integral, pointer};
use std::collections::BTreeSet;
use std::fmt;

/// A JSON value. To a field that expects an integer, a float such as `2.0` is one.
#[derive(Debug)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Integer(u64),
    NegativeInteger(i64),
    Float(f64),
    String(String),
    Array(Vec<Json>),
    Object(Members),
}

/// The members of an object, each with its own name.
#[derive(Debug, Default)]
pub(crate) struct Members(pub(crate) Vec<(String, Json)>);

/// A parsed text, and its errors that do not depend on the expected type.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) value: Json,
    /// Members that an object repeats.
    pub(crate) repeated: InputErrors,
    /// Numbers that are not kept. The expected type may have an error for the same place, which says more.
    pub(crate) not_kept: InputErrors,
}

/// Parses `body`: 400 if it is not JSON.
pub(super) fn parse(body: &[u8]) -> Result<Parsed, Problem> {
    let raw: &RawValue = serde_json::from_slice(body).map_err(|error| syntax_problem(&error, body, 0))?;
    let mut parser = Parser { repeated: InputErrors::default(), not_kept: InputErrors::default() };
    // What is left after that is in strings: an escape that is no character.
    let value = parser.parse(raw, ValuePointerRef::Origin).map_err(|Malformed { error, address }| {
        syntax_problem(&error, body, address.saturating_sub(body.as_ptr() as usize))
    })?;
    Ok(Parsed { value, repeated: parser.repeated, not_kept: parser.not_kept })
}

struct Parser {
    repeated: InputErrors,
    not_kept: InputErrors,
}

/// The members of an object in their order, with those that are repeated.
struct RawMembers<'a>(Vec<(String, &'a RawValue)>);

/// An error of syntax, and the address of the text that was parsed, which is a part of the body.
struct Malformed {
    error: serde_json::Error,
    address: usize,
}

impl Parser {
    /// Parses `raw`, whose depth is limited.
    fn parse(&mut self, raw: &RawValue, place: ValuePointerRef<'_>) -> Result<Json, Malformed> {
        let text = raw.get();
        let malformed = |error| Malformed { error, address: text.as_ptr() as usize };
        Ok(match text.as_bytes().first() {
            Some(b'{') => {
                let RawMembers(members) = serde_json::from_str(text).map_err(malformed)?;
                let (mut names, mut parsed) = (BTreeSet::new(), Vec::with_capacity(members.len()));
                for (name, raw) in &members {
                    if names.insert(name.as_str()) {
                        parsed.push((name.clone(), self.parse(raw, place.push_key(name))?));
                    } else {
                        self.repeated.add(pointer(place), format!("repeats the field {name:?}"));
                    }
                }
                Json::Object(Members(parsed))
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text).map_err(malformed)?;
                let parse = |(index, raw)| self.parse(raw, place.push_index(index));
                Json::Array(items.into_iter().enumerate().map(parse).collect::<Result<_, _>>()?)
            }
            Some(b'"') => Json::String(serde_json::from_str(text).map_err(malformed)?),
            Some(b't') => Json::Bool(true),
            Some(b'f') => Json::Bool(false),
            Some(b'n') | None => Json::Null,
            Some(_) => numbers::parse(text).unwrap_or_else(|nearest| {
                self.not_kept.add(pointer(place), numbers::REQUIREMENT);
                Json::Float(nearest)
            }),
        })
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RawMembers<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = RawMembers<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(RawMembers(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

impl IntoValue for Json {
    type Sequence = Vec<Self>;
    type Map = Members;

    /// Returns the kind as it was sent: `2.0` is a float.
    fn kind(&self) -> ValueKind {
        match self {
            Self::Null => ValueKind::Null,
            Self::Bool(_) => ValueKind::Boolean,
            Self::Integer(_) => ValueKind::Integer,
            Self::NegativeInteger(_) => ValueKind::NegativeInteger,
            Self::Float(_) => ValueKind::Float,
            Self::String(_) => ValueKind::String,
            Self::Array(_) => ValueKind::Sequence,
            Self::Object(_) => ValueKind::Map,
        }
    }

    fn into_value(self) -> Value<Self> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Boolean(value),
            Self::Integer(number) => Value::Integer(number),
            Self::NegativeInteger(number) => Value::NegativeInteger(number),
            Self::Float(number) => integral(number).unwrap_or(Value::Float(number)),
            Self::String(text) => Value::String(text),
            Self::Array(items) => Value::Sequence(items),
            Self::Object(members) => Value::Map(members),
        }
    }
}

impl Map for Members {
    type Value = Json;
    type Iter = std::vec::IntoIter<(String, Json)>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn remove(&mut self, key: &str) -> Option<Json> {
        let index = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.remove(index).1)
    }

    fn into_iter(self) -> Self::Iter {
        self.0.into_iter()
    }
}
