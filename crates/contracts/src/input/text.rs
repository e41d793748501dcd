//! Text that people read, as a field of a request: each type has a rule of [`text`](crate::text).

use super::{BrokenRule, InputErrors};
use crate::{email, text};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use std::borrow::Cow;
use std::ops::Deref;

/// Declares a type of text with its rule and its schema.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident $(<$max:ident>)? = $rule:expr, $schema_name:expr, $schema:tt;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name $(<const $max: usize>)? (String);

        impl $(<const $max: usize>)? TryFrom<String> for $name $(<$max>)? {
            type Error = BrokenRule;

            fn try_from(text: String) -> Result<Self, BrokenRule> {
                let check: fn(&str) -> Result<(), Cow<'static, str>> = $rule;
                check(&text)?;
                Ok(Self(text))
            }
        }

        impl $(<const $max: usize>)? From<$name $(<$max>)?> for String {
            fn from(text: $name $(<$max>)?) -> Self {
                text.0
            }
        }

        impl $(<const $max: usize>)? Deref for $name $(<$max>)? {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl $(<const $max: usize>)? Deserr<InputErrors> for $name $(<$max>)? {
            fn deserialize_from_value<V: IntoValue>(
                value: Value<V>,
                place: ValuePointerRef<'_>,
            ) -> Result<Self, InputErrors> {
                let text: String = Deserr::<InputErrors>::deserialize_from_value(value, place)?;
                Self::try_from(text).map_err(|rule| super::broken(place, rule.detail))
            }
        }

        impl $(<const $max: usize>)? JsonSchema for $name $(<$max>)? {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                $schema_name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )+};
}

impl<const MAX: usize> Default for Text<MAX> {
    /// Returns the empty text.
    fn default() -> Self {
        Self(String::new())
    }
}

texts! {
    /// One line of text: 1 to `MAX` characters, not only spaces.
    Line<MAX> = |text| text::line(text, MAX), format!("LineOf{MAX}"),
        { "type": "string", "format": "line", "minLength": 1, "maxLength": MAX };
    /// Text of any number of lines: at most `MAX` characters.
    Text<MAX> = |text| text::lines(text, MAX), format!("TextOf{MAX}"),
        { "type": "string", "format": "text", "maxLength": MAX };
    /// The name of a person or of a company: one line of 1 to 100 characters without the address of a web page.
    Name = text::name, "Name",
        { "type": "string", "format": "name", "minLength": 1, "maxLength": text::MAX_NAME };
    /// An e-mail address that mail from outside can reach.
    Email = email::check, "Email",
        { "type": "string", "format": "idn-email", "maxLength": email::MAX_BYTES };
}
