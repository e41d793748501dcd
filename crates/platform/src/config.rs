//! Typed access to Spin variables.

use crate::Platform;
use std::str::FromStr;

/// The reason why a variable has no usable value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// spin.toml does not give the component this variable, or it has no value.
    #[error("the variable {0} has no value")]
    Undefined(String),
    /// The value is not of the requested type. The error does not contain the value: it may be secret.
    #[error("the variable {name} is not {expected}")]
    Invalid {
        /// The variable.
        name: String,
        /// A description of the allowed values.
        expected: &'static str,
    },
    /// The provider failed.
    #[error("the variable {name} could not be read: {cause}")]
    Provider {
        /// The variable.
        name: String,
        /// The provider's error message.
        cause: String,
    },
}

/// The variables of this component. A request sees each of them with one value.
#[derive(Clone, Copy, Debug)]
pub struct Config<'a> {
    platform: &'a Platform,
}

impl<'a> Config<'a> {
    pub(crate) fn new(platform: &'a Platform) -> Self {
        Self { platform }
    }

    /// Returns the value of `name`.
    pub fn get(self, name: &str) -> Result<String, Error> {
        self.platform.backend.variable(name)
    }

    /// Returns the value of `name` as a `T`. `expected` describes the allowed values ("a whole number of seconds").
    pub fn parse<T: FromStr>(self, name: &str, expected: &'static str) -> Result<T, Error> {
        self.get(name)?.trim().parse().map_err(|_| Error::Invalid { name: name.to_owned(), expected })
    }

    /// Returns the comma-separated items of `name`, trimmed; an empty value is an empty list.
    pub fn list(self, name: &str) -> Result<Vec<String>, Error> {
        let value = self.get(name)?;
        Ok(value.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, Error};
    use crate::Platform;

    #[test]
    fn values_are_typed() {
        let platform =
            Platform::native().with_variable("limit", " 20 ").with_variable("origins", "https://a, ,https://b").build();
        let config = Config::new(&platform);
        assert_eq!(config.parse::<u32>("limit", "a number").unwrap(), 20);
        assert_eq!(config.list("origins").unwrap(), ["https://a", "https://b"]);
    }

    #[test]
    fn the_error_of_an_invalid_value_has_its_name_and_not_the_value() {
        let platform = Platform::native().with_variable("limit", "s3cret").build();
        let error = Config::new(&platform).parse::<u32>("limit", "a number").unwrap_err();
        assert_eq!(error.to_string(), "the variable limit is not a number");
    }

    #[test]
    fn an_undefined_variable_is_an_error() {
        let platform = Platform::native().build();
        assert!(matches!(Config::new(&platform).get("absent"), Err(Error::Undefined(name)) if name == "absent"));
    }
}
