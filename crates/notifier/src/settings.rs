//! The settings of a provider: variables of the component that it is composed into.

use crate::bindings::exports::spindle::notify::provider::Error;
use crate::target::Target;

#[cfg(target_family = "wasm")]
mod variables;

/// The settings of a provider. An unset variable is empty.
#[derive(Clone, Default)]
pub struct Settings {
    endpoint: String,
    key: String,
    sender: String,
    allow_private: bool,
}

impl Settings {
    /// Reads the variables `endpoint`, `key`, `sender` and `allow_private`.
    #[cfg(target_family = "wasm")]
    pub fn read() -> Self {
        Self::from_variables(variables::get)
    }

    /// Reads the same variables through `get`.
    pub fn from_variables(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| get(name).unwrap_or_default().trim().to_owned();
        Self {
            endpoint: text("endpoint"),
            key: text("key"),
            sender: text("sender"),
            allow_private: text("allow_private") == "true",
        }
    }

    /// Returns the target of requests: the variable `endpoint`.
    ///
    /// # Errors
    ///
    /// [`Error::Retryable`] if it is unset or not allowed: an operator can change that, and then the message is sent.
    pub fn endpoint(&self) -> Result<Target, Error> {
        Target::parse(required("endpoint", &self.endpoint)?, self.allow_private)
    }

    /// Returns the provider's secret for its service: the variable `key`.
    ///
    /// # Errors
    ///
    /// [`Error::Retryable`] if it is unset.
    pub fn key(&self) -> Result<&str, Error> {
        required("key", &self.key)
    }

    /// Returns the sender of messages: the variable `sender`.
    ///
    /// # Errors
    ///
    /// [`Error::Retryable`] if it is unset.
    pub fn sender(&self) -> Result<&str, Error> {
        required("sender", &self.sender)
    }
}

fn required<'a>(name: &str, value: &'a str) -> Result<&'a str, Error> {
    if value.is_empty() { Err(Error::Retryable(format!("not configured: `{name}` is empty"))) } else { Ok(value) }
}

#[cfg(test)]
mod tests {
    use super::Settings;
    use crate::Error;

    #[test]
    fn an_unset_variable_is_a_retryable_error() {
        let settings = Settings::from_variables(|name| (name == "key").then(|| " k\n".to_owned()));
        assert_eq!(settings.key(), Ok("k"));
        assert_eq!(settings.sender(), Err(Error::Retryable("not configured: `sender` is empty".to_owned())));
        assert_eq!(settings.endpoint(), Err(Error::Retryable("not configured: `endpoint` is empty".to_owned())));
    }

    #[test]
    fn only_true_allows_private_addresses() {
        for (allow_private, allowed) in [("true", true), ("True", false), ("1", false), ("", false)] {
            let get = |name: &str| match name {
                "endpoint" => Some("http://127.0.0.1:8080/".to_owned()),
                "allow_private" => Some(allow_private.to_owned()),
                _ => None,
            };
            assert_eq!(Settings::from_variables(get).endpoint().is_ok(), allowed, "{allow_private:?}");
        }
    }
}
