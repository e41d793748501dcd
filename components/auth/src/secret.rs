//! A password or a token in a request, which no log and no response may contain.

use serde::de::{self, Expected, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// A secret as a client sends it. Debug output does not show it, and a deserialisation error does not repeat it.
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

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // `deserialize_string` would word the error itself, with the value in it.
        deserializer.deserialize_any(SecretVisitor)
    }
}

/// Accepts a string. Numbers are refused here, since serde's own error would quote the number that a person chose as a password.
struct SecretVisitor;

impl Visitor<'_> for SecretVisitor {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Secret, E> {
        Ok(Secret(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Secret, E> {
        Ok(Secret(text))
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Secret, E> {
        Err(unexpected_number(&self))
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Secret, E> {
        Err(unexpected_number(&self))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Secret, E> {
        Err(unexpected_number(&self))
    }
}

fn unexpected_number<E: de::Error>(expected: &dyn Expected) -> E {
    E::invalid_type(Unexpected::Other("a number"), expected)
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_output_and_errors_do_not_contain_the_secret() {
        let secret: Secret = serde_json::from_str("\"hunter2\"").unwrap();
        assert_eq!((secret.expose(), format!("{secret:?}").as_str()), ("hunter2", "Secret(..)"));
        for number in ["8675309", "-8675309", "8675309.5"] {
            let error = serde_json::from_str::<Secret>(number).unwrap_err().to_string();
            assert!(error.starts_with("invalid type: a number, expected a string"), "{error}");
        }
    }
}
