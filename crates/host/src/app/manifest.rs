//! The manifest's schema: the content of `spin.toml`, read into plain types. This module checks what a single table decides; a check that
//! needs another table, a file or the environment follows on loading.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;

use super::dependency::{DependencyName, Inherit};
use super::document::{Document, Position, Table, Value};
use super::files::FileEntry;
use super::{Route, StaticResponse, names};

mod component;
mod trigger;

pub(crate) use component::own_rights;

/// A `spin.toml`, with inline components moved to the others.
pub(crate) struct Manifest<'a> {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) variables: BTreeMap<String, VariableEntry>,
    pub(crate) triggers: Vec<TriggerEntry<'a>>,
    pub(crate) redis_triggers: Vec<RedisTriggerEntry<'a>>,
    /// The server of Redis triggers without an address.
    pub(crate) redis_address: Option<Located<'a, String>>,
    pub(crate) components: BTreeMap<String, ComponentEntry<'a>>,
    pub(crate) warnings: Vec<String>,
}

/// One entry of `[variables]`. The key `secret` has no effect here: no value is ever shown.
pub(crate) struct VariableEntry {
    /// The default; `None` for a required variable.
    pub(crate) default: Option<String>,
}

/// One `[[trigger.http]]`.
pub(crate) struct TriggerEntry<'a> {
    pub(crate) id: String,
    pub(crate) route: Route,
    pub(crate) target: TargetEntry<'a>,
}

/// One `[[trigger.redis]]`.
pub(crate) struct RedisTriggerEntry<'a> {
    pub(crate) position: Position<'a>,
    pub(crate) component: Located<'a, String>,
    pub(crate) channel: Located<'a, String>,
    pub(crate) address: Option<Located<'a, String>>,
}

/// The table `[application]`.
struct Application<'a> {
    name: String,
    version: String,
    redis_address: Option<Located<'a, String>>,
}

/// The target of a trigger.
pub(crate) enum TargetEntry<'a> {
    Component(Located<'a, String>),
    Static(StaticResponse),
}

/// One `[component.<id>]`.
pub(crate) struct ComponentEntry<'a> {
    pub(crate) source: Located<'a, String>,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) files: Vec<Located<'a, FileEntry>>,
    pub(crate) exclude_files: Located<'a, Vec<String>>,
    pub(crate) allowed_outbound_hosts: Located<'a, Vec<String>>,
    pub(crate) key_value_stores: Located<'a, Vec<String>>,
    pub(crate) sqlite_databases: Located<'a, Vec<String>>,
    pub(crate) variables: Located<'a, BTreeMap<String, String>>,
    pub(crate) dependencies: Vec<Located<'a, DependencyEntry>>,
}

/// One entry of `[component.<id>.dependencies]`.
pub(crate) struct DependencyEntry {
    pub(crate) name: DependencyName,
    pub(crate) source: DependencySource,
    pub(crate) export: Option<String>,
    pub(crate) inherit: Inherit,
}

/// The source of a dependency.
pub(crate) enum DependencySource {
    /// A file, relative to the manifest.
    Path(String),
    /// Another component of the application.
    Component(String),
}

/// A value and its position, for errors that only loading can find.
pub(crate) struct Located<'a, T> {
    pub(crate) value: T,
    pub(crate) position: Position<'a>,
}

impl<'a> Located<'a, String> {
    /// Reads a string with its position.
    fn string(value: Value<'a>) -> Result<Self> {
        let position = value.position();
        Ok(Self { value: value.string()?, position })
    }
}

impl<'a> Manifest<'a> {
    /// Reads a manifest.
    ///
    /// # Errors
    /// One line with the key and its line.
    pub(crate) fn parse(document: &'a Document) -> Result<Self> {
        let mut root = document.root()?;
        let version = root.require("spin_manifest_version")?;
        let position = version.position();
        if version.integer::<i64>().ok() != Some(2) {
            return Err(position.error("only version 2 is supported"));
        }
        let mut warnings = Vec::new();
        let Application { name, version, redis_address } = application(root.require("application")?, &mut warnings)?;
        let variables = root.take("variables").map_or_else(|| Ok(BTreeMap::new()), variables)?;
        let mut components = BTreeMap::new();
        if let Some(value) = root.take("component") {
            for (id, value) in value.table()?.into_entries() {
                names::check_kebab(&id).map_err(|error| value.error(error))?;
                components.insert(id, component::read(value)?);
            }
        }
        let (triggers, redis_triggers) = triggers(root.require("trigger")?, &mut components)?;
        root.finish()?;
        Ok(Self { name, version, variables, triggers, redis_triggers, redis_address, components, warnings })
    }
}

fn application<'a>(value: Value<'a>, warnings: &mut Vec<String>) -> Result<Application<'a>> {
    let mut table = value.table()?;
    let name = table.require("name")?.string()?;
    let version = table.string_or_empty("version")?;
    table.string_or_empty("description")?;
    table.strings("authors")?;
    table.ignore("targets");
    table.ignore("tool");
    let mut redis_address = None;
    if let Some(triggers) = table.take("trigger") {
        let mut triggers = triggers.table()?;
        if let Some(http) = triggers.take("http") {
            let mut http = http.table()?;
            if let Some(base) = http.take("base") {
                let position = base.position();
                if base.string()? != "/" {
                    return Err(
                        position.error("deprecated: the base must be prepended to each [[trigger.http]]'s route")
                    );
                }
                warnings.push("application.trigger.http.base is deprecated and set to its default".to_owned());
            }
            http.finish()?;
        }
        if let Some(redis) = triggers.take("redis") {
            let mut redis = redis.table()?;
            redis_address = redis.take("address").map(Located::string).transpose()?;
            redis.finish()?;
        }
        refuse_others(triggers)?;
    }
    table.finish()?;
    Ok(Application { name, version, redis_address })
}

fn variables(value: Value<'_>) -> Result<BTreeMap<String, VariableEntry>> {
    let mut variables = BTreeMap::new();
    for (name, value) in value.table()?.into_entries() {
        let position = value.position();
        names::check_lower_snake(&name).map_err(|error| position.error(error))?;
        let mut table = value.table()?;
        let default = table.take("default").map(Value::string).transpose()?;
        let required = table.flag("required")?;
        table.flag("secret")?;
        table.string_or_empty("description")?;
        table.finish()?;
        if required == default.is_some() {
            return Err(position.error("must be `required` OR have a `default`"));
        }
        variables.insert(name, VariableEntry { default });
    }
    Ok(variables)
}

fn triggers<'a>(
    value: Value<'a>,
    components: &mut BTreeMap<String, ComponentEntry<'a>>,
) -> Result<(Vec<TriggerEntry<'a>>, Vec<RedisTriggerEntry<'a>>)> {
    let mut table = value.table()?;
    let http = table.take("http").map_or_else(|| Ok(Vec::new()), Value::array)?;
    let redis = table.take("redis").map_or_else(|| Ok(Vec::new()), Value::array)?;
    refuse_others(table)?;
    let redis = redis.into_iter().map(trigger::read_redis).collect::<Result<Vec<_>>>()?;
    let drafts = http.into_iter().map(trigger::read).collect::<Result<Vec<_>>>()?;
    let mut ids: HashSet<String> = drafts.iter().filter_map(|draft| draft.id.clone()).collect();
    let http = drafts.into_iter().map(|draft| draft.finish(&mut ids, components)).collect::<Result<_>>()?;
    Ok((http, redis))
}

/// Refuses triggers of other types by name.
fn refuse_others(table: Table<'_>) -> Result<()> {
    for (_, value) in table.into_entries() {
        let position = value.position();
        if !matches!(value.array(), Ok(triggers) if triggers.is_empty()) {
            return Err(position.error("not supported by this host: it runs HTTP and Redis triggers only"));
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "manifest_tests.rs"]
mod tests;
