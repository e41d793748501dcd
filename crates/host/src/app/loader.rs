//! Loads an application: the checks that need the manifest, the runtime config, the environment and the file system together.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::dependency::Dependency;
use super::document::Document;
use super::files;
use super::manifest::{ComponentEntry, DependencyEntry, DependencySource, Located, Manifest, TargetEntry, own_rights};
use super::outbound::{self, AllowedHosts};
use super::runtime_config;
use super::template::Template;
use super::variables::Variables;
use super::{App, Component, HttpTrigger, LoadOptions, RedisTrigger, Router, RuntimeConfig, Target};

/// The name of the file of variables beside the manifest.
const ENV_FILE: &str = ".env";

/// Reads and checks an application; see [`App::load`].
pub(super) fn load(manifest: &Path, options: &LoadOptions) -> Result<App> {
    let document = Document::read(manifest)?;
    let base_dir = std::path::absolute(manifest)?;
    let base_dir = base_dir.parent().context("the manifest has no folder")?.canonicalize()?;
    let manifest = Manifest::parse(&document)?;
    let env_file = options.env_file.clone().unwrap_or_else(|| base_dir.join(ENV_FILE));
    let (runtime, providers) = runtime_config::load(options, &env_file)?;

    let mut variables = declare(&manifest)?;
    for (id, entry) in &manifest.components {
        check_component(id, entry, &manifest, &variables, &runtime)?;
    }
    check_databases(&manifest, &runtime)?;
    variables.set_providers(providers);
    variables.check_required()?;

    let http = select(&manifest, options)?;
    let redis = select_redis(&manifest, options, &variables)?;
    ensure!(!(http.is_empty() && redis.is_empty()), "no triggers in the application");
    ensure!(
        http.is_empty() || redis.is_empty(),
        "HTTP triggers and Redis triggers in one application are not supported by this host: make it two"
    );
    let router = Router::new(&http)?;
    let mut warnings = manifest.warnings.clone();
    warnings.extend(router.warnings().iter().cloned());

    let ids = running_ids(&http, &redis);
    let all_ids: Vec<String> =
        if options.only.is_empty() { manifest.components.keys().cloned().collect() } else { ids.clone() };
    let components =
        ids.iter().map(|id| build(id, &manifest, &base_dir, &variables, &all_ids)).collect::<Result<_>>()?;
    let (name, version) = (manifest.name, manifest.version);
    Ok(App { name, version, base_dir, components, http, redis, variables, runtime, warnings })
}

fn declare(manifest: &Manifest<'_>) -> Result<Variables> {
    let declared = manifest.variables.iter().map(|(name, entry)| (name.clone(), entry.default.clone()));
    let mut variables = Variables::new(declared.collect())?;
    for (id, entry) in &manifest.components {
        variables.add_component(id, &entry.variables.value).map_err(|error| entry.variables.position.error(error))?;
    }
    Ok(variables)
}

/// Checks a component, also one that no trigger names, as Spin does. These checks come before the environment is
/// read: hosts are checked with defaults only.
fn check_component(
    id: &str,
    entry: &ComponentEntry<'_>,
    manifest: &Manifest<'_>,
    variables: &Variables,
    runtime: &RuntimeConfig,
) -> Result<()> {
    let hosts = &entry.allowed_outbound_hosts;
    AllowedHosts::check(&hosts.value, variables).map_err(|error| hosts.position.error(format_args!("{error:#}")))?;
    if let Some(label) =
        entry.key_value_stores.value.iter().find(|label| !runtime.key_value_stores.contains_key(*label))
    {
        let message = format!("unknown key_value_stores label {label:?} for component {id:?}");
        return Err(entry.key_value_stores.position.error(message));
    }
    for Located { value: dependency, position } in &entry.dependencies {
        let DependencySource::Component(other) = &dependency.source else { continue };
        let Some(entry) = manifest.components.get(other) else {
            return Err(position.error(format_args!("component {other:?} does not exist")));
        };
        let rights = own_rights(entry);
        if !rights.is_empty() {
            let rights = rights.join(", ");
            return Err(position.error(format_args!(
                "dependencies may not have their own resources or permissions: component {other:?} specifies {rights}"
            )));
        }
    }
    Ok(())
}

fn check_databases(manifest: &Manifest<'_>, runtime: &RuntimeConfig) -> Result<()> {
    let mut missing = Vec::new();
    for (id, entry) in &manifest.components {
        let labels = entry.sqlite_databases.value.iter().filter(|label| !runtime.sqlite_databases.contains_key(*label));
        missing.extend(labels.map(|label| format!("component {id} uses database {label:?}")));
    }
    ensure!(
        missing.is_empty(),
        "One or more components use SQLite databases which are not defined; check the spelling, or pass a runtime configuration \
         file that defines them: {}",
        missing.join(", ")
    );
    Ok(())
}

/// Returns the triggers to run.
fn select(manifest: &Manifest<'_>, options: &LoadOptions) -> Result<Vec<HttpTrigger>> {
    for id in &options.only {
        ensure!(manifest.components.contains_key(id), "specified component {id:?} not found in application");
    }
    let mut http = Vec::new();
    for trigger in &manifest.triggers {
        let target = match &trigger.target {
            TargetEntry::Component(Located { value: id, position }) => {
                let Some(entry) = manifest.components.get(id) else {
                    return Err(position.error(format_args!("component {id:?} does not exist")));
                };
                if !options.only.is_empty() {
                    if !options.only.contains(id) {
                        continue;
                    }
                    let hosts = &entry.allowed_outbound_hosts;
                    outbound::check_chaining(id, &hosts.value, &options.only)
                        .map_err(|error| hosts.position.error(error))?;
                }
                Target::Component(id.clone())
            }
            // A selection names components, and a static response has none.
            TargetEntry::Static(_) if !options.only.is_empty() => continue,
            TargetEntry::Static(response) => Target::Static(response.clone()),
        };
        http.push(HttpTrigger { id: trigger.id.clone(), route: trigger.route.clone(), target });
    }
    Ok(http)
}

/// Returns the Redis triggers to run, addresses and channels resolved.
fn select_redis(manifest: &Manifest<'_>, options: &LoadOptions, variables: &Variables) -> Result<Vec<RedisTrigger>> {
    let resolve = |Located { value, position }: &Located<'_, String>| {
        let resolved =
            Template::parse(value).map_err(Into::into).and_then(|template| variables.resolve_template(&template));
        resolved.map_err(|error| position.error(error))
    };
    let mut redis = Vec::new();
    for trigger in &manifest.redis_triggers {
        let Located { value: component, position } = &trigger.component;
        if !manifest.components.contains_key(component) {
            return Err(position.error(format_args!("component {component:?} does not exist")));
        }
        if !options.only.is_empty() && !options.only.contains(component) {
            continue;
        }
        let Some(address) = trigger.address.as_ref().or(manifest.redis_address.as_ref()) else {
            return Err(trigger.position.error("has no address, and neither has application.trigger.redis"));
        };
        let (address, channel) = (resolve(address)?, resolve(&trigger.channel)?);
        redis.push(RedisTrigger { address, channel, component: component.clone() });
    }
    Ok(redis)
}

/// Returns the components that triggers name, each once, in the order of the triggers.
fn running_ids(http: &[HttpTrigger], redis: &[RedisTrigger]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let http = http.iter().filter_map(|trigger| match &trigger.target {
        Target::Component(id) => Some(id),
        Target::Static(_) => None,
    });
    let redis = redis.iter().map(|trigger| &trigger.component);
    http.chain(redis).filter(|id| seen.insert(*id)).cloned().collect()
}

fn build(
    id: &str,
    manifest: &Manifest<'_>,
    base_dir: &Path,
    variables: &Variables,
    all_ids: &[String],
) -> Result<Component> {
    let entry = &manifest.components[id];
    let exclude = files::exclusions(&entry.exclude_files.value)
        .map_err(|error| entry.exclude_files.position.error(format_args!("{error:#}")))?;
    let mut mounts = Vec::new();
    for Located { value, position } in &entry.files {
        mounts.extend(value.expand(base_dir, &exclude).map_err(|error| position.error(format_args!("{error:#}")))?);
    }
    let dependencies = entry.dependencies.iter().map(|dependency| resolve(dependency, manifest, base_dir));
    Ok(Component {
        id: id.to_owned(),
        source: existing(&entry.source, base_dir)?,
        environment: entry.environment.clone(),
        files: mounts,
        key_value_stores: deduplicated(&entry.key_value_stores.value),
        sqlite_databases: deduplicated(&entry.sqlite_databases.value),
        allowed_outbound_hosts: AllowedHosts::resolve(&entry.allowed_outbound_hosts.value, variables, all_ids),
        dependencies: dependencies.collect::<Result<_>>()?,
    })
}

fn resolve(dependency: &Located<'_, DependencyEntry>, manifest: &Manifest<'_>, base_dir: &Path) -> Result<Dependency> {
    let Located { value: entry, position } = dependency;
    let source = match &entry.source {
        DependencySource::Path(path) => {
            existing(&Located { value: path.clone(), position: position.clone() }, base_dir)?
        }
        DependencySource::Component(id) => existing(&manifest.components[id].source, base_dir)?,
    };
    Ok(Dependency { name: entry.name.clone(), source, export: entry.export.clone(), inherit: entry.inherit.clone() })
}

fn existing(path: &Located<'_, String>, base_dir: &Path) -> Result<PathBuf> {
    let file = base_dir.join(&path.value);
    if !file.is_file() {
        bail!(path.position.error(format_args!("{:?} does not exist: has it been built?", path.value)));
    }
    Ok(file)
}

fn deduplicated(labels: &[String]) -> Vec<String> {
    labels.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

#[cfg(test)]
#[path = "loader_tests.rs"]
mod tests;
