//! The locked application: a Spin manifest as the runtimes read it from an image (spin:crates/locked-app).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A manifest of version 2, with the keys that Spindle's applications use. Any other key is refused: it would be missing from the image.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    #[serde(rename = "spin_manifest_version")]
    version: u32,
    pub(crate) application: Details,
    #[serde(default)]
    variables: BTreeMap<String, Variable>,
    trigger: BTreeMap<String, Vec<Trigger>>,
    pub(crate) component: BTreeMap<String, Component>,
}

/// The name of an application, and what the image's annotations say about it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Details {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) version: String,
    #[serde(default)]
    pub(crate) description: String,
    /// The settings of each kind of trigger.
    #[serde(default)]
    trigger: BTreeMap<String, BTreeMap<String, Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Variable {
    description: Option<String>,
    default: Option<String>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    secret: bool,
}

#[derive(Debug, Deserialize)]
struct Trigger {
    #[serde(default)]
    id: String,
    component: String,
    /// The settings of this kind of trigger: a route, a channel.
    #[serde(flatten)]
    config: Map<String, Value>,
}

/// A component, and the right that the manifest gives it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Component {
    /// Its .wasm, relative to the manifest.
    pub(crate) source: PathBuf,
    #[serde(default)]
    description: String,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    #[serde(default)]
    variables: BTreeMap<String, String>,
    #[serde(default)]
    allowed_outbound_hosts: Vec<String>,
    #[serde(default)]
    key_value_stores: Vec<String>,
    #[serde(default)]
    sqlite_databases: Vec<String>,
    #[serde(default)]
    dependencies_inherit_configuration: bool,
    #[serde(default)]
    pub(crate) dependencies: BTreeMap<String, Dependency>,
    build: Option<Value>,
}

/// A component that another one is composed with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dependency {
    /// Its .wasm, relative to the manifest.
    pub(crate) path: PathBuf,
}

/// The content of an image's last layer. The keys and their order are those of spin:crates/locked-app/src/locked.rs.
#[derive(Debug, Serialize)]
pub(crate) struct LockedApp {
    spin_lock_version: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    must_understand: Vec<&'static str>,
    metadata: Map<String, Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    variables: BTreeMap<String, LockedVariable>,
    triggers: Vec<LockedTrigger>,
    components: Vec<LockedComponent>,
}

#[derive(Debug, Serialize)]
struct LockedVariable {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    secret: bool,
}

#[derive(Debug, Serialize)]
struct LockedTrigger {
    id: String,
    trigger_type: String,
    trigger_config: Map<String, Value>,
}

#[derive(Debug, Serialize)]
struct LockedComponent {
    id: String,
    #[serde(skip_serializing_if = "Map::is_empty")]
    metadata: Map<String, Value>,
    source: Source,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    env: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    config: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    host_requirements: Map<String, Value>,
}

#[derive(Debug, Serialize)]
struct Source {
    content_type: &'static str,
    digest: String,
}

impl Manifest {
    /// Reads the manifest at `path`.
    ///
    /// # Errors
    ///
    /// If it cannot be read, is no manifest of version 2, or has a key or a combination of keys that an image made here would lack.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("{} cannot be packed", path.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let manifest: Self = toml::from_str(text)?;
        ensure!(manifest.version == 2, "spin_manifest_version is {}, not 2", manifest.version);
        for (name, variable) in &manifest.variables {
            ensure!(
                variable.required != variable.default.is_some(),
                "the variable {name} must have a default or be required"
            );
        }
        for (id, component) in &manifest.component {
            ensure!(
                component.dependencies.is_empty() || component.dependencies_inherit_configuration,
                "component {id}: dependencies without `dependencies_inherit_configuration = true` are not supported"
            );
        }
        for trigger in manifest.trigger.values().flatten() {
            ensure!(
                manifest.component.contains_key(&trigger.component),
                "a trigger names the component {}, which is missing",
                trigger.component
            );
        }
        Ok(manifest)
    }

    /// Locks the application to the contents with these digests, one for each component.
    ///
    /// # Errors
    ///
    /// If a component has no digest.
    pub(crate) fn lock(self, digests: &BTreeMap<String, String>) -> Result<LockedApp> {
        let metadata = self.application.metadata(self.trigger.keys());
        let triggers = triggers(self.trigger);
        let components = self.component.into_iter().map(|(id, component)| {
            let Some(digest) = digests.get(&id) else { bail!("the component {id} has no content") };
            Ok(component.lock(id, digest.clone()))
        });
        let components: Vec<LockedComponent> = components.collect::<Result<_>>()?;
        let must_understand = if components.iter().any(|component| !component.host_requirements.is_empty()) {
            vec!["component_host_requirements"]
        } else {
            Vec::new()
        };
        let variables = self.variables.into_iter().map(|(name, variable)| {
            let Variable { description, default, secret, required: _ } = variable;
            (name, LockedVariable { description, default, secret })
        });
        Ok(LockedApp {
            spin_lock_version: u32::from(!must_understand.is_empty()),
            must_understand,
            metadata,
            variables: variables.collect(),
            triggers,
            components,
        })
    }
}

impl Details {
    fn metadata<'a>(&self, mut kinds: impl ExactSizeIterator<Item = &'a String>) -> Map<String, Value> {
        let texts = [("name", &self.name), ("version", &self.version), ("description", &self.description)];
        let mut metadata: Map<String, Value> = texts
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(key, text)| (key.into(), json!(text)))
            .collect();
        metadata.insert("triggers".into(), json!(self.trigger));
        if let (1, Some(kind)) = (kinds.len(), kinds.next()) {
            let mut settings = self.trigger.get(kind).cloned().unwrap_or_default();
            settings.insert("type".into(), json!(kind));
            metadata.insert("trigger".into(), json!(settings));
        }
        metadata
    }
}

/// Gives each trigger without an id the one that Spin gives it: by its component, or by a number where that one is taken.
fn triggers(kinds: BTreeMap<String, Vec<Trigger>>) -> Vec<LockedTrigger> {
    let mut taken: Vec<String> = kinds.values().flatten().map(|trigger| trigger.id.clone()).collect();
    let mut locked = Vec::new();
    for (kind, triggers) in kinds {
        let mut numbers = 1..;
        for Trigger { mut id, component, mut config } in triggers {
            if id.is_empty() {
                id = format!("{component}-{kind}-trigger");
                while taken.contains(&id) {
                    id = format!("{kind}-trigger{}", numbers.next().unwrap_or_default());
                }
                taken.push(id.clone());
            }
            config.insert("component".into(), json!(component));
            locked.push(LockedTrigger { id, trigger_type: kind.clone(), trigger_config: config });
        }
    }
    locked
}

impl Component {
    fn lock(self, id: String, digest: String) -> LockedComponent {
        let chains = self.allowed_outbound_hosts.iter().any(|host| host.contains(".spin.internal"));
        let lists = [
            ("allowed_outbound_hosts", self.allowed_outbound_hosts),
            ("key_value_stores", self.key_value_stores),
            ("databases", self.sqlite_databases),
        ];
        let mut metadata = Map::new();
        if !self.description.is_empty() {
            metadata.insert("description".into(), json!(self.description));
        }
        metadata.extend(
            lists.into_iter().filter(|(_, list)| !list.is_empty()).map(|(key, list)| (key.into(), json!(list))),
        );
        metadata.extend(self.build.map(|build| ("build".into(), build)));
        let mut host_requirements = Map::new();
        if chains {
            host_requirements.insert("local_service_chaining".into(), json!("required"));
        }
        LockedComponent {
            id,
            metadata,
            source: Source { content_type: "application/wasm", digest },
            env: self.environment,
            config: self.variables,
            host_requirements,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"
        spin_manifest_version = 2
        [application]
        name = "shop"
        version = "1.2.3"
        description = "A shop"
        [application.trigger.redis]
        address = "{{ address }}"
        [variables]
        key = { required = true, secret = true }
        address = { default = "redis://127.0.0.1" }
        [[trigger.redis]]
        channel = "orders"
        component = "a"
        [[trigger.redis]]
        channel = "payments"
        component = "a"
        [component.a]
        source = "a.wasm"
        allowed_outbound_hosts = ["http://b.spin.internal"]
        key_value_stores = ["cache"]
        sqlite_databases = ["orders"]
        [component.a.variables]
        secret = "{{ key }}"
        [component.a.build]
        command = "make"
    "#;

    fn digests() -> BTreeMap<String, String> {
        [("a".to_owned(), "sha256:00".to_owned())].into()
    }

    #[test]
    fn the_locked_application_has_the_form_that_spin_reads() {
        let locked = Manifest::parse(MANIFEST).unwrap().lock(&digests()).unwrap();
        let expected = json!({
            "spin_lock_version": 1,
            "must_understand": ["component_host_requirements"],
            "metadata": {
                "name": "shop",
                "version": "1.2.3",
                "description": "A shop",
                "triggers": {"redis": {"address": "{{ address }}"}},
                "trigger": {"type": "redis", "address": "{{ address }}"},
            },
            "variables": {"address": {"default": "redis://127.0.0.1"}, "key": {"secret": true}},
            "triggers": [
                {"id": "a-redis-trigger", "trigger_type": "redis", "trigger_config": {"channel": "orders", "component": "a"}},
                {"id": "redis-trigger1", "trigger_type": "redis", "trigger_config": {"channel": "payments", "component": "a"}},
            ],
            "components": [{
                "id": "a",
                "metadata": {
                    "allowed_outbound_hosts": ["http://b.spin.internal"],
                    "key_value_stores": ["cache"],
                    "databases": ["orders"],
                    "build": {"command": "make"},
                },
                "source": {"content_type": "application/wasm", "digest": "sha256:00"},
                "config": {"secret": "{{ key }}"},
                "host_requirements": {"local_service_chaining": "required"},
            }],
        });
        assert_eq!(serde_json::to_value(&locked).unwrap(), expected);
    }

    #[test]
    fn a_key_that_the_image_would_lack_is_refused() {
        let with_files = MANIFEST.replace("source = \"a.wasm\"", "source = \"a.wasm\"\nfiles = [\"x\"]");
        let error = Manifest::parse(&with_files).unwrap_err().to_string();
        assert!(error.contains("files"), "{error}");
    }

    #[test]
    fn a_trigger_of_a_missing_component_is_refused() {
        let error = Manifest::parse(&MANIFEST.replacen("component = \"a\"", "component = \"b\"", 1)).unwrap_err();
        assert!(error.to_string().contains("names the component b"), "{error}");
    }

    #[test]
    fn a_component_without_content_is_an_error() {
        let error = Manifest::parse(MANIFEST).unwrap().lock(&BTreeMap::new()).unwrap_err();
        assert!(error.to_string().contains("component a"), "{error}");
    }
}
