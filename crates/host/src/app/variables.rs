//! Variables: the declarations of the application, the variables of each component, and the resolution of a value at each look-up.

use std::collections::BTreeMap;
use std::fmt;

use super::providers::Provider;
use super::template::{Template, UnmatchedBraces};

/// The reason why a variable has no value. The first three are the guest's or the manifest's fault, the last is the provider's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VariableError {
    /// The key is not a valid name, or the application does not declare it.
    #[error("invalid variable name: {0}")]
    InvalidName(String),
    /// A template that cannot be parsed or names an unknown variable.
    #[error("invalid variable template: {0}")]
    InvalidTemplate(String),
    /// The component has no variable of this name.
    #[error("undefined variable: {0}")]
    Undefined(String),
    /// A provider failed, or none has a value for a required variable.
    #[error("provider error: {0}")]
    Provider(String),
}

impl From<UnmatchedBraces> for VariableError {
    fn from(_: UnmatchedBraces) -> Self {
        Self::InvalidTemplate("unmatched '{{' in template".to_owned())
    }
}

/// The variables of an application. No value is resolved ahead: each look-up tries the providers in order and then the default.
///
/// `Debug` shows names only: any value may be a secret.
#[derive(Default)]
pub struct Variables {
    /// Each declared variable and its default; `None`: required.
    declared: BTreeMap<String, Option<String>>,
    components: BTreeMap<String, BTreeMap<String, Template>>,
    providers: Vec<Provider>,
}

impl Variables {
    /// Declares the application's variables; the `Option` is the default.
    ///
    /// # Errors
    /// [`VariableError::InvalidName`].
    pub(crate) fn new(declared: BTreeMap<String, Option<String>>) -> Result<Self, VariableError> {
        declared.keys().try_for_each(|name| check_key(name))?;
        Ok(Self { declared, ..Self::default() })
    }

    /// Adds the variables of a component.
    ///
    /// # Errors
    /// A name or template that is invalid, or a template that names an undeclared variable.
    pub(crate) fn add_component(
        &mut self,
        id: &str,
        variables: &BTreeMap<String, String>,
    ) -> Result<(), VariableError> {
        let mut templates = BTreeMap::new();
        for (key, text) in variables {
            check_key(key)?;
            let template = Template::parse(text)?;
            if let Some(unknown) = template.variables().find(|name| !self.declared.contains_key(*name)) {
                return Err(VariableError::InvalidTemplate(format!("unknown variable {unknown:?}")));
            }
            templates.insert(key.clone(), template);
        }
        self.components.insert(id.to_owned(), templates);
        Ok(())
    }

    /// Sets the providers, which are tried in this order before the default.
    pub(crate) fn set_providers(&mut self, providers: Vec<Provider>) {
        self.providers = providers;
    }

    /// Checks that each required variable has a provider that knows it.
    ///
    /// # Errors
    /// [`VariableError::Provider`] that names all variables without one.
    pub(crate) fn check_required(&self) -> Result<(), VariableError> {
        let missing: Vec<_> = self
            .declared
            .iter()
            .filter(|(name, default)| default.is_none() && !self.providers.iter().any(|provider| provider.has(name)))
            .map(|(name, _)| name.as_str())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(VariableError::Provider(format!("no provider resolved required variable(s): {}", missing.join(", "))))
    }

    /// Returns the value of a component's variable.
    ///
    /// # Errors
    /// [`VariableError::InvalidName`] for an invalid name, [`VariableError::Undefined`] for a variable that the component lacks, and
    /// [`VariableError::Provider`].
    pub fn resolve(&self, component: &str, key: &str) -> Result<String, VariableError> {
        check_key(key)?;
        let templates = self
            .components
            .get(component)
            .ok_or_else(|| VariableError::Undefined(format!("no variable for component {component:?}")))?;
        let template = templates
            .get(key)
            .ok_or_else(|| VariableError::Undefined(format!("no variable for {component:?}.{key:?}")))?;
        self.resolve_template(template)
    }

    /// Returns every variable of a component with its value, sorted by name.
    ///
    /// # Errors
    /// The first error of [`Variables::resolve`].
    pub fn resolve_all(&self, component: &str) -> Result<Vec<(String, String)>, VariableError> {
        let templates = self.components.get(component).into_iter().flatten();
        templates.map(|(key, template)| Ok((key.clone(), self.resolve_template(template)?))).collect()
    }

    /// Renders a template with the present values of the application's variables.
    ///
    /// # Errors
    /// [`VariableError::InvalidName`] for a variable that is not declared, and [`VariableError::Provider`].
    pub fn resolve_template(&self, template: &Template) -> Result<String, VariableError> {
        template.render(|name| self.value(name))
    }

    /// Renders a template with defaults only; `None` if a variable has none.
    pub(crate) fn render_defaults(&self, template: &Template) -> Option<String> {
        template.render(|name| self.declared.get(name).cloned().flatten().ok_or(())).ok()
    }

    /// Resolves all variables once, to check that each has a value.
    pub(crate) fn check_all(&self) -> Result<(), VariableError> {
        self.declared.keys().try_for_each(|name| self.value(name).map(drop))
    }

    fn value(&self, name: &str) -> Result<String, VariableError> {
        let default = self.declared.get(name).ok_or_else(|| VariableError::InvalidName(name.to_owned()))?;
        for provider in &self.providers {
            if let Some(value) = provider.get(name).map_err(VariableError::Provider)? {
                return Ok(value);
            }
        }
        default
            .clone()
            .ok_or_else(|| VariableError::Provider(format!("no provider resolved required variable {name:?}")))
    }
}

impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |variables: &BTreeMap<String, Template>| variables.keys().cloned().collect::<Vec<_>>();
        let components: BTreeMap<_, _> = self.components.iter().map(|(id, variables)| (id, names(variables))).collect();
        f.debug_struct("Variables")
            .field("declared", &self.declared.keys().collect::<Vec<_>>())
            .field("components", &components)
            .field("providers", &self.providers)
            .finish()
    }
}

/// Returns whether a key is valid at run time: lower-case ASCII letters, digits and single underscores, starting with a letter and not
/// ending with an underscore.
fn check_key(key: &str) -> Result<(), VariableError> {
    let reason = if key.is_empty() {
        "must not be empty".to_owned()
    } else if let Some(other) = key.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '_')) {
        format!(
            "invalid character {other:?}. Variable names may contain only lower-case letters, numbers, and underscores."
        )
    } else if !key.starts_with(|c: char| c.is_ascii_lowercase()) {
        "must start with a lowercase ASCII letter".to_owned()
    } else if key.ends_with('_') {
        "must end with a lowercase ASCII letter or digit".to_owned()
    } else if key.contains("__") {
        "must not contain multiple consecutive underscores".to_owned()
    } else {
        return Ok(());
    };
    Err(VariableError::InvalidName(format!("{key:?}: {reason}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn declared(pairs: &[(&str, Option<&str>)]) -> Variables {
        let pairs = pairs.iter().map(|(key, value)| ((*key).to_owned(), value.map(str::to_owned)));
        Variables::new(pairs.collect()).expect("names are valid")
    }

    #[test]
    fn a_component_sees_its_own_templates_only() {
        let mut variables = declared(&[("host", Some("db.test")), ("port", Some("1"))]);
        variables.add_component("a", &map(&[("url", "http://{{ host }}:{{port}}/"), ("plain", "x")])).expect("valid");
        variables.add_component("b", &map(&[])).expect("valid");
        assert_eq!(variables.resolve("a", "url"), Ok("http://db.test:1/".to_owned()));
        assert_eq!(
            variables.resolve_all("a").expect("resolves"),
            [("plain".to_owned(), "x".to_owned()), ("url".to_owned(), "http://db.test:1/".to_owned())]
        );
        for (component, key) in [("a", "host"), ("b", "url"), ("unknown", "url")] {
            assert!(matches!(variables.resolve(component, key), Err(VariableError::Undefined(_))), "{component} {key}");
        }
        assert_eq!(variables.resolve_all("unknown"), Ok(Vec::new()));
    }

    #[test]
    fn an_invalid_key_is_an_invalid_name() {
        let variables = declared(&[]);
        for key in ["", "A", "a-b", "_a", "a_", "a__b", "1a", "a b", "ä", "a\0", "../etc", "{{ a }}"] {
            assert!(matches!(variables.resolve("a", key), Err(VariableError::InvalidName(_))), "{key:?}");
        }
    }

    #[test]
    fn the_first_provider_with_a_value_wins_and_the_default_is_last() {
        let mut variables = declared(&[("one", Some("d1")), ("two", Some("d2")), ("three", Some("d3"))]);
        variables.add_component("a", &map(&[("all", "{{one}} {{two}} {{three}}")])).expect("valid");
        variables.set_providers(vec![
            Provider::fixed(map(&[("one", "p1")])),
            Provider::fixed(map(&[("one", "q1"), ("two", "q2"), ("stranger", "s")])),
        ]);
        assert_eq!(variables.resolve("a", "all"), Ok("p1 q2 d3".to_owned()));
    }

    #[test]
    fn required_variables_need_a_provider() {
        let mut variables = declared(&[("token", None), ("key", None), ("url", Some("x"))]);
        variables.add_component("a", &map(&[("token", "{{ token }}")])).expect("valid");
        let error = variables.check_required().expect_err("two are missing");
        assert_eq!(error.to_string(), "provider error: no provider resolved required variable(s): key, token");
        assert!(matches!(variables.resolve("a", "token"), Err(VariableError::Provider(_))));
        variables.set_providers(vec![Provider::fixed(map(&[("token", "t"), ("key", "")]))]);
        variables.check_required().expect("an empty value is a value");
        variables.check_all().expect("all resolve");
    }

    #[test]
    fn a_template_of_an_unknown_variable_is_refused() {
        let mut variables = declared(&[("a", None)]);
        let error = variables.add_component("c", &map(&[("k", "{{ b }}")])).expect_err("unknown");
        assert_eq!(error, VariableError::InvalidTemplate("unknown variable \"b\"".to_owned()));
    }

    #[test]
    fn debug_shows_no_value() {
        let mut variables = declared(&[("token", Some("hunter2"))]);
        variables.add_component("a", &map(&[("t", "hunter2 {{ token }}")])).expect("valid");
        variables.set_providers(vec![Provider::fixed(map(&[("token", "hunter2")]))]);
        let shown = format!("{variables:?}");
        assert!(shown.contains("token") && !shown.contains("hunter2"), "{shown}");
    }
}
