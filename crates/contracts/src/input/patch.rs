//! Members of a merge patch (RFC 7396).

use super::InputErrors;
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;

/// A member of a merge patch: `None` if it is absent, so that the field stays. `Patch<Option<T>>` can be cleared with `null`, and `Patch<T>` refuses
/// it. The field needs `#[deserr(default)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patch<T>(pub Option<T>);

impl<T> Default for Patch<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Deserr<InputErrors>> Deserr<InputErrors> for Patch<T> {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, place: ValuePointerRef<'_>) -> Result<Self, InputErrors> {
        T::deserialize_from_value(value, place).map(|value| Self(Some(value)))
    }
}

impl<T: JsonSchema> JsonSchema for Patch<T> {
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

    /// The member may be absent.
    fn _schemars_private_is_option() -> bool {
        true
    }
}
