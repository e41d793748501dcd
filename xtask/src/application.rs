//! The contents of spin.toml: components, their routes and rights, the variables, and the secrets that the application cannot start without.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// The parts of a Spin manifest that the tooling reads.
#[derive(Debug)]
pub struct Application {
    /// In the manifest's alphabetical order.
    pub components: Vec<Component>,
    /// The names of all variables, with the defaults of those that have one.
    pub variables: BTreeMap<String, Option<String>>,
    /// Variables that are `required` and `secret`: the application does not start without a value for each.
    pub required_secrets: Vec<String>,
}

/// A component and its rights.
#[derive(Debug)]
pub struct Component {
    /// Its id, which is also its host name for other components.
    pub id: String,
    /// Public routes, as the manifest spells them.
    pub routes: Vec<String>,
    /// The labels of its databases.
    pub databases: Vec<String>,
    /// The labels of its key-value stores.
    pub stores: Vec<String>,
    /// The hosts it may call.
    pub outbound_hosts: Vec<String>,
    /// Its .wasm, relative to the manifest.
    pub source: PathBuf,
    /// The .wasm of each component that it is composed with, relative to the manifest.
    pub dependencies: Vec<PathBuf>,
}

impl Component {
    /// Returns the packages that it is built from: its own, and those of the components that it is composed with.
    pub fn packages(&self) -> Vec<String> {
        std::iter::once(&self.source).chain(&self.dependencies).map(|path| package(path)).collect()
    }

    /// Returns whether it is composed with a provider, as adapters are.
    pub fn has_provider(&self) -> bool {
        !self.dependencies.is_empty()
    }
}

/// Returns the package that the build product at `path` comes from: cargo writes an underscore where a package's name has a dash.
pub fn package(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().replace('_', "-")
}

impl Application {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is not a manifest of version 2.
    pub fn read(manifest: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
        Self::parse(&text).with_context(|| format!("{} is not a Spin manifest", manifest.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let raw: RawManifest = toml::from_str(text)?;
        let mut routes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for trigger in raw.trigger.http {
            if let (Some(component), toml::Value::String(route)) = (trigger.component, trigger.route) {
                routes.entry(component).or_default().push(route);
            }
        }
        let components = raw
            .component
            .into_iter()
            .map(|(id, component)| Component {
                routes: routes.remove(&id).unwrap_or_default(),
                databases: component.sqlite_databases,
                stores: component.key_value_stores,
                outbound_hosts: component.allowed_outbound_hosts,
                source: component.source,
                dependencies: component.dependencies.into_values().map(|dependency| dependency.path).collect(),
                id,
            })
            .collect();
        let variables = raw.variables.iter().map(|(name, v)| (name.clone(), v.default.clone())).collect();
        let required_secrets =
            raw.variables.into_iter().filter(|(_, v)| v.required && v.secret).map(|(name, _)| name).collect();
        Ok(Self { components, variables, required_secrets })
    }
}

#[derive(Deserialize)]
struct RawManifest {
    #[serde(default)]
    variables: BTreeMap<String, RawVariable>,
    trigger: RawTriggers,
    component: BTreeMap<String, RawComponent>,
}

#[derive(Deserialize)]
struct RawVariable {
    default: Option<String>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    secret: bool,
}

#[derive(Deserialize)]
struct RawTriggers {
    #[serde(default)]
    http: Vec<RawHttpTrigger>,
}

#[derive(Deserialize)]
struct RawHttpTrigger {
    // A string, or `{ private = true }`.
    route: toml::Value,
    component: Option<String>,
}

#[derive(Deserialize)]
struct RawComponent {
    source: PathBuf,
    #[serde(default)]
    sqlite_databases: Vec<String>,
    #[serde(default)]
    key_value_stores: Vec<String>,
    #[serde(default)]
    allowed_outbound_hosts: Vec<String>,
    #[serde(default)]
    dependencies: BTreeMap<String, RawDependency>,
}

/// A component of this repository: its path is the only form that we use.
#[derive(Deserialize)]
struct RawDependency {
    path: PathBuf,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_and_rights_are_gathered_by_component() {
        let application = Application::parse(
            r#"
            [variables]
            plain = { default = "" }
            key = { required = true, secret = true }
            [[trigger.http]]
            route = "/a/..."
            component = "a"
            [[trigger.http]]
            route = { private = true }
            component = "b"
            [component.a]
            source = "a.wasm"
            sqlite_databases = ["a"]
            [component.b]
            source = "target/x_adapter.wasm"
            allowed_outbound_hosts = ["http://a.spin.internal"]
            [component.b.dependencies]
            "x:y/z" = { path = "target/y_provider.wasm" }
            "#,
        )
        .unwrap();
        let [a, b] = application.components.as_slice() else { panic!("two components: {application:?}") };
        assert_eq!(
            (a.id.as_str(), a.routes.as_slice(), a.databases.as_slice()),
            ("a", &["/a/...".into()][..], &["a".into()][..])
        );
        assert_eq!((b.id.as_str(), b.routes.len(), b.outbound_hosts.len()), ("b", 0, 1));
        assert_eq!(
            (a.packages(), b.packages()),
            (vec!["a".to_owned()], vec!["x-adapter".to_owned(), "y-provider".to_owned()])
        );
        assert_eq!(application.variables, [("key".to_owned(), None), ("plain".to_owned(), Some(String::new()))].into());
        assert_eq!(application.required_secrets, ["key"]);
    }
}
