//! The environment of a provider: its settings and the service that it calls.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};

use crate::bindings::settings::fermyon::spin::variables;
use crate::bindings::settings::wasi::config::store;

/// The variable with the URL that a provider posts to.
const ENDPOINT: &str = "endpoint";

/// The variable with the secret that a provider authenticates with there. No provider may reveal it elsewhere.
pub(crate) const KEY: &str = "key";

/// The settings that the checks use.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The variables by name.
    pub variables: BTreeMap<String, String>,
    /// The payment token that the provider authorises.
    pub token: String,
    /// The hosts that the provider may call besides that of its endpoint.
    pub hosts: Vec<String>,
    /// The JSON body of the service's successful response. `{{id}}` is replaced by the service's reference.
    pub response: String,
}

impl Default for Settings {
    fn default() -> Self {
        let variables = [
            (ENDPOINT, "https://provider.example/v1/messages"),
            // The form of Standard Webhooks, which any other scheme accepts as well.
            (KEY, "whsec_dGhlIHNlY3JldCBvZiB0aGUgY29uZm9ybWFuY2Uga2l0"),
            ("sender", "shop@spindle.example"),
            ("allow_private", "true"),
        ];
        Self {
            variables: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            token: "pm_ok".to_owned(),
            hosts: Vec::new(),
            response: r#"{"id":"{{id}}","status":"ok"}"#.to_owned(),
        }
    }
}

impl Settings {
    /// Sets a variable from a command-line argument: `name=value`.
    ///
    /// # Errors
    ///
    /// If there is no `=`, or nothing before it.
    pub fn set(&mut self, variable: &str) -> Result<()> {
        let (name, value) = variable.split_once('=').context("a variable is written as name=value")?;
        ensure!(!name.is_empty(), "a variable has a name: name=value");
        self.variables.insert(name.to_owned(), value.to_owned());
        Ok(())
    }

    /// Returns the hosts that a provider may call: that of its endpoint, and the configured ones.
    pub(crate) fn allowed_hosts(&self) -> Vec<String> {
        let endpoint = self.variables.get(ENDPOINT).and_then(|url| url.parse::<http::Uri>().ok());
        endpoint
            .iter()
            .filter_map(http::Uri::host)
            .chain(self.hosts.iter().map(String::as_str))
            .map(str::to_owned)
            .collect()
    }
}

/// The variables as a guest sees them.
#[derive(Clone, Debug)]
pub(crate) struct Variables(pub(crate) BTreeMap<String, String>);

impl variables::Host for Variables {
    fn get(&mut self, name: String) -> Result<String, variables::Error> {
        self.0.get(&name).cloned().ok_or_else(|| variables::Error::Undefined(format!("no variable for {name:?}")))
    }
}

impl store::Host for Variables {
    fn get(&mut self, key: String) -> Result<Option<String>, store::Error> {
        Ok(self.0.get(&key).cloned())
    }

    fn get_all(&mut self) -> Result<Vec<(String, String)>, store::Error> {
        Ok(self.0.clone().into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_needs_a_name_and_may_have_any_value() {
        let mut settings = Settings::default();
        settings.set("endpoint=https://api.example:8443/a?b=c").unwrap();
        assert_eq!(settings.allowed_hosts(), ["api.example"]);
        for bad in ["endpoint", "=x"] {
            assert!(settings.set(bad).is_err(), "{bad}");
        }
    }
}
