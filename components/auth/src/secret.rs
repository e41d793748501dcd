//! A password or a token in a request, which no log and no response may contain.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use spindle_contracts::input::InputErrors;
use std::borrow::Cow;
use std::fmt;

/// A secret as a client sends it. Debug output does not show it, and an error of reading it does not repeat it.
#[derive(Clone)]
pub(crate) struct Secret(String);

impl Secret {
    /// Returns the text, only to be hashed or compared.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Deserr<InputErrors> for Secret {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, place: ValuePointerRef<'_>) -> Result<Self, InputErrors> {
        String::deserialize_from_value(value, place).map(Self)
    }
}

impl JsonSchema for Secret {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "password", "writeOnly": true })
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;
    use deserr::{Deserr as _, IntoValue as _, ValuePointerRef};
    use serde_json::{Value, json};

    fn read(value: Value) -> Result<Secret, String> {
        let read = Secret::deserialize_from_value(value.into_value(), ValuePointerRef::Origin);
        read.map_err(|errors| format!("{errors:?} {:?}", errors.clone().into_body_errors()))
    }

    #[test]
    fn debug_output_and_errors_do_not_contain_the_secret() {
        let secret = read(json!("hunter2")).unwrap();
        assert_eq!((secret.expose(), format!("{secret:?}").as_str()), ("hunter2", "Secret(..)"));
        for other in
            [json!(8_675_309), json!(-8_675_309), json!(8_675_309.5), json!(["8675309"]), json!({ "a": "8675309" })]
        {
            let error = read(other).unwrap_err();
            assert!(error.contains("must be a string") && !error.contains("8675309"), "{error}");
        }
    }
}
