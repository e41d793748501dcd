//! `[component.<id>]` and its dependencies.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::{ComponentEntry, DependencyEntry, DependencySource, Located};
use crate::app::dependency::{Capability, DependencyName, Inherit};
use crate::app::document::{Table, Value};
use crate::app::files::FileEntry;
use crate::app::names;

/// Reads a component.
pub(super) fn read(value: Value<'_>) -> Result<ComponentEntry<'_>> {
    let mut table = value.table()?;
    let source = source(table.require("source")?)?;
    table.string_or_empty("description")?;
    let variables = located(&mut table, "variables", Table::string_map)?;
    for name in variables.value.keys() {
        names::check_lower_snake(name).map_err(|error| variables.position.error(error))?;
    }
    let environment = table.string_map("environment")?;
    let files = files(&mut table)?;
    let exclude_files = located(&mut table, "exclude_files", Table::strings)?;
    if let Some(value) = table.take("allowed_http_hosts") {
        return Err(value.error("deprecated: use allowed_outbound_hosts"));
    }
    let allowed_outbound_hosts = located(&mut table, "allowed_outbound_hosts", Table::strings)?;
    let key_value_stores = labels(&mut table, "key_value_stores")?;
    let sqlite_databases = labels(&mut table, "sqlite_databases")?;
    table.refuse("ai_models")?;
    // Keys for building and checking only.
    for key in ["build", "profile", "targets", "tool"] {
        table.ignore(key);
    }
    let inherit_all = table.take("dependencies_inherit_configuration");
    let dependencies = dependencies(table.take("dependencies"), inherit_all)?;
    table.finish()?;
    Ok(ComponentEntry {
        source,
        environment,
        files,
        exclude_files,
        allowed_outbound_hosts,
        key_value_stores,
        sqlite_databases,
        variables,
        dependencies,
    })
}

fn source(value: Value<'_>) -> Result<Located<'_, String>> {
    let position = value.position();
    if !value.is_string() {
        value.table()?;
        return Err(position.error("not supported by this host: only local files are"));
    }
    Ok(Located { value: value.string()?, position })
}

fn located<'a, T>(
    table: &mut Table<'a>,
    key: &str,
    read: fn(&mut Table<'a>, &str) -> Result<T>,
) -> Result<Located<'a, T>> {
    let position = table.key_position(key);
    Ok(Located { value: read(table, key)?, position })
}

fn labels<'a>(table: &mut Table<'a>, key: &str) -> Result<Located<'a, Vec<String>>> {
    let labels = located(table, key, Table::strings)?;
    for label in &labels.value {
        names::check_label(label).map_err(|error| labels.position.error(error))?;
    }
    Ok(labels)
}

fn files<'a>(table: &mut Table<'a>) -> Result<Vec<Located<'a, FileEntry>>> {
    let entries = table.take("files").map_or_else(|| Ok(Vec::new()), Value::array)?;
    entries
        .into_iter()
        .map(|value| {
            let position = value.position();
            let value = if value.is_string() {
                FileEntry::Pattern(value.string()?)
            } else {
                let mut entry = value.table()?;
                let source = entry.require("source")?.string()?;
                let destination = entry.require("destination")?.string()?;
                entry.finish()?;
                FileEntry::Placement { source, destination }
            };
            Ok(Located { value, position })
        })
        .collect()
}

fn dependencies<'a>(
    value: Option<Value<'a>>,
    inherit_all: Option<Value<'a>>,
) -> Result<Vec<Located<'a, DependencyEntry>>> {
    let mut dependencies: Vec<Located<'a, DependencyEntry>> = Vec::new();
    let mut inherits_by_itself = false;
    let entries = value.map(Value::table).transpose()?;
    for (name, value) in entries.into_iter().flat_map(Table::into_entries) {
        let position = value.position();
        let name: DependencyName = name.parse().map_err(|error| position.error(format_args!("{error:#}")))?;
        for other in &dependencies {
            name.check_disjoint(&other.value.name).map_err(|error| position.error(error))?;
        }
        if value.is_string() {
            return Err(position.error("not supported by this host: only { path } and { component } are"));
        }
        let (entry, inherits) = dependency(name, value.table()?)?;
        inherits_by_itself |= inherits;
        dependencies.push(Located { value: entry, position });
    }
    if let Some(value) = inherit_all {
        let position = value.position();
        let all = value.boolean()?;
        if inherits_by_itself {
            return Err(position.error("cannot be set beside a dependency's own inherit_configuration"));
        }
        if all {
            dependencies.iter_mut().for_each(|dependency| dependency.value.inherit = Inherit::All);
        }
    }
    Ok(dependencies)
}

/// Reads a dependency; the `bool` is whether it has `inherit_configuration`.
fn dependency(name: DependencyName, mut table: Table<'_>) -> Result<(DependencyEntry, bool)> {
    for key in ["version", "registry", "package", "url", "digest"] {
        table.refuse(key)?;
    }
    let source = match (table.take("path"), table.take("component")) {
        (Some(path), None) => DependencySource::Path(path.string()?),
        (None, Some(component)) => {
            let position = component.position();
            let id = component.string()?;
            names::check_kebab(&id).map_err(|error| position.error(error))?;
            DependencySource::Component(id)
        }
        _ => return Err(table.position().error("expected either path or component")),
    };
    let export = match table.take("export") {
        Some(value) if matches!(name, DependencyName::Package { interface: None, .. }) => {
            return Err(value.error("not possible for a dependency that is a whole package"));
        }
        Some(value) => Some(value.string()?),
        None => None,
    };
    let inherit = table.take("inherit_configuration");
    let inherits = inherit.is_some();
    let inherit = inherit.map_or_else(|| Ok(Inherit::default()), inherit_configuration)?;
    table.finish()?;
    Ok((DependencyEntry { name, source, export, inherit }, inherits))
}

fn inherit_configuration(value: Value<'_>) -> Result<Inherit> {
    if value.is_boolean() {
        return Ok(if value.boolean()? { Inherit::All } else { Inherit::default() });
    }
    let mut capabilities = BTreeSet::new();
    for value in value.array()? {
        let position = value.position();
        let key = value.string()?;
        let capability = Capability::from_key(&key)
            .ok_or_else(|| position.error(format_args!("{key:?} is no key that can be inherited")))?;
        capabilities.insert(capability);
    }
    Ok(Inherit::Only(capabilities))
}

/// Returns the keys with which a component cannot be a dependency: rights, which would silently have no effect.
pub(crate) fn own_rights(entry: &ComponentEntry<'_>) -> Vec<&'static str> {
    let ComponentEntry {
        source: _,
        environment,
        files,
        exclude_files: _,
        allowed_outbound_hosts,
        key_value_stores,
        sqlite_databases,
        variables,
        dependencies,
    } = entry;
    let no_variables: &BTreeMap<_, _> = &variables.value;
    [
        ("allowed_outbound_hosts", !allowed_outbound_hosts.value.is_empty()),
        ("dependencies", !dependencies.is_empty()),
        ("environment", !environment.is_empty()),
        ("files", !files.is_empty()),
        ("key_value_stores", !key_value_stores.value.is_empty()),
        ("sqlite_databases", !sqlite_databases.value.is_empty()),
        ("variables", !no_variables.is_empty()),
    ]
    .into_iter()
    .filter_map(|(key, set)| set.then_some(key))
    .collect()
}
