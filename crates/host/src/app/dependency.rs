//! Dependencies of components: the imports that another component satisfies, and the rights that it inherits.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use anyhow::{Context, Error, Result, bail, ensure};
use semver::{BuildMetadata, Prerelease, Version};

use super::names;

/// A component that satisfies imports of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The imports that it satisfies.
    pub name: DependencyName,
    /// The `.wasm` file, absolute.
    pub source: PathBuf,
    /// The export that satisfies the import, if its name differs.
    pub export: Option<String>,
    /// The rights of its parent that it may use.
    pub inherit: Inherit,
}

/// The rights that a dependency inherits from its parent. None by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inherit {
    /// All rights: `inherit_configuration = true`.
    All,
    /// These rights only.
    Only(BTreeSet<Capability>),
}

impl Default for Inherit {
    fn default() -> Self {
        Self::Only(BTreeSet::new())
    }
}

impl Inherit {
    /// Returns whether a capability is inherited.
    pub fn includes(&self, capability: Capability) -> bool {
        match self {
            Self::All => true,
            Self::Only(capabilities) => capabilities.contains(&capability),
        }
    }
}

/// A right that the manifest can grant to a component, by its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Capability {
    /// `ai_models`.
    AiModels,
    /// `allowed_outbound_hosts`.
    AllowedOutboundHosts,
    /// `environment`.
    Environment,
    /// `files`.
    Files,
    /// `key_value_stores`.
    KeyValueStores,
    /// `sqlite_databases`.
    SqliteDatabases,
    /// `variables`.
    Variables,
}

impl Capability {
    /// Returns the capability that a key of the manifest grants.
    pub(crate) fn from_key(key: &str) -> Option<Self> {
        Some(match key {
            "ai_models" => Self::AiModels,
            "allowed_outbound_hosts" => Self::AllowedOutboundHosts,
            "environment" => Self::Environment,
            "files" => Self::Files,
            "key_value_stores" => Self::KeyValueStores,
            "sqlite_databases" => Self::SqliteDatabases,
            "variables" => Self::Variables,
            _ => return None,
        })
    }
}

/// The name of a dependency: `foo-bar`, `foo:bar`, `foo:bar/baz`, each of the latter two with or without `@1.0.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DependencyName {
    /// An import with a plain name.
    Plain(String),
    /// Imports of a package.
    Package {
        /// `namespace:name`.
        package: String,
        /// One interface of it; `None`: all that are imported.
        interface: Option<String>,
        /// The version; `None`: any.
        version: Option<Version>,
    },
}

impl DependencyName {
    /// Returns whether it names this import of a component.
    pub fn matches(&self, import: &str) -> bool {
        match self {
            Self::Plain(name) => name == import,
            Self::Package { package, interface, version } => {
                let Some((import_package, rest)) = import.split_once('/') else { return false };
                let (import_interface, import_version) = match rest.split_once('@') {
                    Some((interface, version)) => (interface, Version::parse(version).ok()),
                    None => (rest, None),
                };
                package == import_package
                    && interface.as_deref().is_none_or(|interface| interface == import_interface)
                    && version.as_ref().is_none_or(|version| import_version.as_ref() == Some(version))
            }
        }
    }

    /// Checks that no import matches both names.
    ///
    /// # Errors
    /// The names, if an import can match both.
    pub(crate) fn check_disjoint(&self, other: &Self) -> Result<()> {
        let (
            Self::Package { package, interface, version },
            Self::Package { package: other_package, interface: other_interface, version: other_version },
        ) = (self, other)
        else {
            return Ok(());
        };
        let differ = package != other_package
            || matches!((version, other_version), (Some(a), Some(b)) if compatibility_line(a) != compatibility_line(b))
            || matches!((interface, other_interface), (Some(a), Some(b)) if a != b);
        ensure!(differ, "dependency {self} conflicts with {other}");
        Ok(())
    }
}

/// Returns the lowest version that is semver-compatible with this one.
fn compatibility_line(version: &Version) -> Version {
    let mut version = Version { build: BuildMetadata::EMPTY, ..version.clone() };
    if version.pre == Prerelease::EMPTY && (version.major > 0 || version.minor > 0) {
        version.patch = 0;
        if version.major > 0 {
            version.minor = 0;
        }
    }
    version
}

impl std::str::FromStr for DependencyName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if !text.contains([':', '/']) {
            names::check_kebab(text)?;
            return Ok(Self::Plain(text.to_owned()));
        }
        let (name, version) = match text.split_once('@') {
            Some((name, version)) => {
                (name, Some(Version::parse(version).with_context(|| format!("{version:?} is no version"))?))
            }
            None => (text, None),
        };
        let (package, interface) = match name.split_once('/') {
            Some((package, interface)) => (package, Some(interface)),
            None => (name, None),
        };
        let Some((namespace, package_name)) = package.split_once(':') else {
            bail!("{text:?}: a package is <namespace>:<name>");
        };
        [Some(namespace), Some(package_name), interface].into_iter().flatten().try_for_each(names::check_kebab)?;
        Ok(Self::Package { package: package.to_owned(), interface: interface.map(str::to_owned), version })
    }
}

impl fmt::Display for DependencyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(name) => f.write_str(name),
            Self::Package { package, interface, version } => {
                f.write_str(package)?;
                interface.iter().try_for_each(|interface| write!(f, "/{interface}"))?;
                version.iter().try_for_each(|version| write!(f, "@{version}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> DependencyName {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn names_match_imports() {
        for (dependency, import, expected) in [
            ("foo:bar/baz@0.1.0", "foo:bar/baz@0.1.0", true),
            ("foo:bar/baz", "foo:bar/baz@0.1.0", true),
            ("foo:bar/baz", "foo:bar/baz", true),
            ("foo:bar", "foo:bar/baz@0.1.0", true),
            ("foo:bar@0.1.0", "foo:bar/baz@0.1.0", true),
            ("foo-bar", "foo-bar", true),
            ("foo:bar/baz@0.1.0", "foo:bar/baz", false),
            ("foo:bar/baz@0.1.0", "foo:bar/baz@0.1.1", false),
            ("foo:bar/baz", "foo:bar/bub", false),
            ("foo:bar", "foo:bub/bib", false),
            ("foo:bar", "foo:bar-more/bib", false),
            ("foo:bar@0.1.0", "foo:bar/baz", false),
            ("foo:bar/baz", "foo-bar", false),
            ("foo-bar", "foo:bar/foo-bar", false),
        ] {
            assert_eq!(name(dependency).matches(import), expected, "{dependency} {import}");
        }
    }

    #[test]
    fn names_are_shown_as_written() {
        for text in ["foo-bar", "foo:bar", "foo:bar@1.2.3", "foo:bar/baz", "foo:bar/baz@1.2.3-rc.1"] {
            assert_eq!(name(text).to_string(), text);
        }
    }

    #[test]
    fn an_invalid_name_is_refused() {
        for text in [
            "",
            "foo_bar",
            "foo:",
            ":bar",
            "foo:bar/",
            "foo/bar",
            "foo:bar@",
            "foo:bar@1",
            "a:b:c",
            "a:b/c/d",
            "a:b@1.0.0/c",
        ] {
            assert!(text.parse::<DependencyName>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn names_that_can_match_the_same_import_conflict() {
        for (a, b, conflict) in [
            ("foo:bar@0.1.0", "foo:bar@0.2.0", false),
            ("foo:bar/baz@0.1.0", "foo:bar/bub@0.1.0", false),
            ("foo:bar@0.1.0", "foo:bar/bub@0.2.0", false),
            ("foo:bar@1.0.0", "foo:bar@2.0.0", false),
            ("foo:bar/baz", "foo:bar/bub", false),
            ("foo:bar/baz@0.1.0-alpha", "foo:bar/baz@0.1.0-beta", false),
            ("foo:bar", "foo:baz", false),
            ("foo-bar", "foo:bar", false),
            ("foo:bar@0.1.0", "foo:bar@0.1.1", true),
            ("foo:bar@1.0.0", "foo:bar@1.9.1", true),
            ("foo:bar@1.0.0+a", "foo:bar@1.0.0+b", true),
            ("foo:bar/baz@0.1.0", "foo:bar@0.1.0", true),
            ("foo:bar", "foo:bar@0.1.0", true),
            ("foo:bar/baz", "foo:bar@0.1.0", true),
            ("foo:bar", "foo:bar", true),
        ] {
            assert_eq!(name(a).check_disjoint(&name(b)).is_err(), conflict, "{a} {b}");
            assert_eq!(name(b).check_disjoint(&name(a)).is_err(), conflict, "{b} {a}");
        }
    }
}
