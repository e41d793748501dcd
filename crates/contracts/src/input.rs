//! What a client sends, read into types: every error of a request at once, each with its place and a sentence for the sender.
//!
//! A type derives `Deserr` with `#[deserr(error = InputErrors, deny_unknown_fields)]`. A rule for one field is a type, such as [`Line`] or [`Integer`], or a
//! function that returns a [`BrokenRule`]: `#[deserr(try_from(String) = rules::sku -> BrokenRule)]`. A rule across fields is a function that the type
//! names with `validate`; it runs once the fields are right.

mod integer;
mod parameter;
mod patch;
mod text;

pub use integer::Integer;
pub use parameter::Parameter;
pub use patch::Patch;
pub use text::{Email, Line, Name, Text};

use crate::FieldError;
use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Map as _, MergeWithError, Sequence as _, Value};
use deserr::{ValueKind, ValuePointerRef, take_cf_content};
use serde_json::{Map, Number};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use uuid::Uuid;

/// The errors of a body or of a query, in the order in which they are found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputErrors(Vec<InputError>);

/// An error at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
struct InputError {
    /// The RFC 6901 pointer.
    pointer: String,
    cause: Cause,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cause {
    /// The value breaks a rule.
    Rule(Cow<'static, str>),
    /// The member is unknown. The list has the known ones.
    UnknownMember(Vec<String>),
}

/// A rule that a value breaks, as a sentence without its subject: "must be a currency such as EUR".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenRule {
    /// The RFC 6901 pointer of the place, from the value that the rule belongs to.
    pointer: String,
    detail: Cow<'static, str>,
}

impl BrokenRule {
    /// Makes the error of the value itself.
    pub fn new(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::at("", detail)
    }

    /// Makes the error of the part of the value at `pointer` (RFC 6901), such as `/lines/0`.
    pub fn at(pointer: impl Into<String>, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

impl From<Cow<'static, str>> for BrokenRule {
    fn from(detail: Cow<'static, str>) -> Self {
        Self::new(detail)
    }
}

impl InputErrors {
    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns those at places where `others` has none.
    #[must_use]
    pub fn without_places_of(mut self, others: &Self) -> Self {
        self.0.retain(|error| !others.0.iter().any(|other| other.pointer == error.pointer));
        self
    }

    /// Adds an error at `pointer`.
    pub fn add(&mut self, pointer: String, detail: impl Into<Cow<'static, str>>) {
        self.0.push(InputError { pointer, cause: Cause::Rule(detail.into()) });
    }

    /// Adds the errors of `other`.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Adds `names` to the known members that the error of an unknown member lists.
    pub fn add_known_members(&mut self, names: &[&str]) {
        for error in &mut self.0 {
            if let Cause::UnknownMember(known) = &mut error.cause {
                known.extend(names.iter().map(|name| (*name).to_owned()));
            }
        }
    }

    /// Returns the errors of a body.
    pub fn into_body_errors(self) -> Vec<FieldError> {
        let error = |InputError { pointer, cause }| match cause {
            Cause::Rule(detail) => FieldError::new(pointer, detail),
            Cause::UnknownMember(known) if known.is_empty() => {
                FieldError::new(pointer, "is not a known field; the object has no fields")
            }
            Cause::UnknownMember(known) => {
                FieldError::new(pointer, format!("is not a known field; the known fields are: {}", known.join(", ")))
            }
        };
        self.0.into_iter().map(error).collect()
    }

    /// Returns the errors of a query.
    pub fn into_query_errors(self) -> Vec<FieldError> {
        let error = |InputError { pointer, cause }: InputError| {
            let name = unescape(pointer.strip_prefix('/').unwrap_or(&pointer));
            match cause {
                Cause::Rule(detail) => FieldError::parameter(name, detail),
                Cause::UnknownMember(known) => {
                    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                    FieldError::parameter(name, format!("is not known; the known parameters are: {known}"))
                }
            }
        };
        self.0.into_iter().map(error).collect()
    }
}

impl From<InputError> for InputErrors {
    fn from(error: InputError) -> Self {
        Self(vec![error])
    }
}

impl MergeWithError<Self> for InputErrors {
    fn merge(self_: Option<Self>, other: Self, _: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut errors = self_.unwrap_or_default();
        errors.extend(other);
        ControlFlow::Continue(errors)
    }
}

impl MergeWithError<BrokenRule> for InputErrors {
    fn merge(self_: Option<Self>, rule: BrokenRule, place: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut errors = self_.unwrap_or_default();
        errors.add(pointer(place) + &rule.pointer, rule.detail);
        ControlFlow::Continue(errors)
    }
}

impl MergeWithError<Vec<BrokenRule>> for InputErrors {
    fn merge(self_: Option<Self>, rules: Vec<BrokenRule>, place: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut errors = self_.unwrap_or_default();
        for rule in rules {
            errors.add(pointer(place) + &rule.pointer, rule.detail);
        }
        ControlFlow::Continue(errors)
    }
}

impl DeserializeError for InputErrors {
    fn error<V: IntoValue>(
        self_: Option<Self>,
        error: ErrorKind<'_, V>,
        place: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let mut errors = self_.unwrap_or_default();
        match error {
            ErrorKind::MissingField { field } => errors.add(pointer(place.push_key(field)), "is required"),
            ErrorKind::UnknownKey { key, accepted } => {
                let known = accepted.iter().map(|name| (*name).to_owned()).collect();
                let cause = Cause::UnknownMember(known);
                errors.0.push(InputError { pointer: pointer(place.push_key(key)), cause });
            }
            ErrorKind::IncorrectValueKind { actual, accepted } => {
                let is_integral = matches!(actual, Value::Float(number) if number.fract() == 0.0);
                errors.add(pointer(place), expectation(accepted, is_integral));
            }
            ErrorKind::UnknownValue { accepted, .. } => errors.add(pointer(place), one_of(accepted)),
            ErrorKind::BadSequenceLen { expected, .. } => {
                errors.add(pointer(place), format!("must have {expected} items"));
            }
            ErrorKind::Unexpected { msg } => errors.add(pointer(place), bound(&msg)),
        }
        ControlFlow::Continue(errors)
    }
}

/// Returns the RFC 6901 pointer of a place.
pub fn pointer(place: ValuePointerRef<'_>) -> String {
    let mut text = match place {
        ValuePointerRef::Origin => return String::new(),
        ValuePointerRef::Key { prev, .. } | ValuePointerRef::Index { prev, .. } => pointer(*prev),
    };
    text.push('/');
    match place {
        ValuePointerRef::Key { key, .. } => text.push_str(&escape(key)),
        ValuePointerRef::Index { index, .. } => write!(text, "{index}").expect("writing to a string does not fail"),
        ValuePointerRef::Origin => {}
    }
    text
}

/// Escapes a reference token of a pointer (RFC 6901, section 3).
fn escape(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) { name.replace('~', "~0").replace('/', "~1").into() } else { name.into() }
}

fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// Returns the error of a value that breaks the rule `detail`.
pub(crate) fn broken(place: ValuePointerRef<'_>, detail: impl Into<Cow<'static, str>>) -> InputErrors {
    InputError { pointer: pointer(place), cause: Cause::Rule(detail.into()) }.into()
}

/// Describes the kinds of value that a field accepts. `is_integral` is true for a number that is an integer of more than 64 bits.
fn expectation(accepted: &[ValueKind], is_integral: bool) -> &'static str {
    let accepts = |kind| accepted.contains(&kind);
    if accepts(ValueKind::Float) {
        "must be a number"
    } else if accepts(ValueKind::Integer) {
        match (is_integral, accepts(ValueKind::NegativeInteger)) {
            (true, _) => "must be an integer of at most 64 bits",
            (false, true) => "must be an integer",
            (false, false) => "must be an integer of at least 0",
        }
    } else if accepts(ValueKind::String) {
        "must be a string"
    } else if accepts(ValueKind::Boolean) {
        "must be true or false"
    } else if accepts(ValueKind::Sequence) {
        "must be an array"
    } else if accepts(ValueKind::Map) {
        "must be an object"
    } else {
        "must be null"
    }
}

fn one_of(names: &[&str]) -> String {
    let list = names.join(", ");
    if names.len() == 1 { format!("must be {list}") } else { format!("must be one of {list}") }
}

/// Describes the bound that a message of deserr names for an integer. Its other messages quote the value, which may be a secret.
fn bound(message: &str) -> Cow<'static, str> {
    let bound_after = |words: &str| Some(message.rsplit_once(words)?.1.trim_matches('`').to_owned());
    if let Some(highest) = bound_after("maximum value authorized is ") {
        format!("must be an integer of at most {highest}").into()
    } else if let Some(lowest) = bound_after("minimum value authorized is ") {
        format!("must be an integer of at least {lowest}").into()
    } else {
        "is not valid".into()
    }
}

/// Returns the integer that the float `number` is: JSON does not distinguish `2.0` from `2`. `None` if it is none of 64 bits.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the number is integral and in range")]
pub fn integral<V: IntoValue>(number: f64) -> Option<Value<V>> {
    // 2 to the power of 64, and of 63: the first integers that are out of range.
    if number.fract() != 0.0 {
        None
    } else if (0.0..18_446_744_073_709_551_616.0).contains(&number) {
        Some(Value::Integer(number as u64))
    } else if (-9_223_372_036_854_775_808.0..0.0).contains(&number) {
        Some(Value::NegativeInteger(number as i64))
    } else {
        None
    }
}

/// Reads a string and parses it.
pub(crate) fn parsed<T, V: IntoValue>(
    value: Value<V>,
    place: ValuePointerRef<'_>,
    requirement: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, InputErrors> {
    let text = match &value {
        Value::String(text) => text.as_str(),
        _ => "",
    };
    parse(text).ok_or_else(|| broken(place, requirement))
}

impl Deserr<InputErrors> for Uuid {
    /// Reads the hyphenated form, in either case, as the ids of this crate do.
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, place: ValuePointerRef<'_>) -> Result<Self, InputErrors> {
        parsed(value, place, "must be a UUID", |text| text.parse::<uuid::fmt::Hyphenated>().ok().map(Self::from))
    }
}

impl Deserr<InputErrors> for Map<String, serde_json::Value> {
    /// Reads an object of any values, whose numbers stay as they are: `2.0` is not made an integer.
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, place: ValuePointerRef<'_>) -> Result<Self, InputErrors> {
        match value {
            Value::Map(map) => Ok(map.into_iter().map(|(name, value)| (name, any(value))).collect()),
            actual => {
                let accepted = &[ValueKind::Map];
                Err(take_cf_content(InputErrors::error(
                    None,
                    ErrorKind::IncorrectValueKind { actual, accepted },
                    place,
                )))
            }
        }
    }
}

/// Returns `value` with its numbers as they are: a float whose value is an integer says so by its kind.
fn any<V: IntoValue>(value: V) -> serde_json::Value {
    let is_float = value.kind() == ValueKind::Float;
    #[expect(clippy::cast_precision_loss, reason = "the integer was a float, and so is one")]
    match value.into_value() {
        Value::Integer(number) if is_float => Number::from_f64(number as f64).into(),
        Value::NegativeInteger(number) if is_float => Number::from_f64(number as f64).into(),
        Value::Sequence(items) => items.into_iter().map(any).collect(),
        Value::Map(members) => members.into_iter().map(|(name, value)| (name, any(value))).collect(),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests;
