//! Numbers and booleans in a query.

use super::InputErrors;
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Number;
use std::borrow::Cow;

/// A query parameter that is a number or a boolean: its text is read as JSON has them. A parameter that is a text needs no wrapper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parameter<T>(pub T);

impl<T: Deserr<InputErrors>> Deserr<InputErrors> for Parameter<T> {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, place: ValuePointerRef<'_>) -> Result<Self, InputErrors> {
        let value = match value {
            Value::String(text) => scalar(text),
            other => other,
        };
        T::deserialize_from_value(value, place).map(Self)
    }
}

/// Returns the number or the boolean that `text` is, or else the text.
fn scalar<V: IntoValue>(text: String) -> Value<V> {
    match text.as_str() {
        "true" => Value::Boolean(true),
        "false" => Value::Boolean(false),
        // Most numbers are of this kind; the others take JSON's parser.
        digits if digits.len() < 19 && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0') => {
            digits.parse().map_or_else(|_| Value::String(text.clone()), Value::Integer)
        }
        _ => match text.parse::<Number>() {
            Ok(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => Value::Integer(number),
                (_, Some(number), _) => Value::NegativeInteger(number),
                (_, _, Some(number)) => super::integral(number).unwrap_or(Value::Float(number)),
                _ => Value::String(text),
            },
            Err(_) => Value::String(text),
        },
    }
}

impl<T: JsonSchema> JsonSchema for Parameter<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
