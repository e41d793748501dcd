//! Composition: a component and its dependencies made into one.
//!
//! Each dependency is instantiated beside the component and its exports satisfy the component's imports. The host satisfies the remaining
//! imports, and to the host the result is the parent: it has the parent's stores, hosts and variables. So a
//! dependency that inherits `true` needs nothing more. For one that does not, each import that would use a right that a manifest
//! grants (see [`Capability`](super::Capability)) is satisfied inside the composition by a component synthesized for just that
//! dependency, whose functions all refuse: errors where the interface has errors, empty lists of files and variables where it has
//! not, and a trap as the last resort. Imports that need no right pass: streams, clocks, randomness, standard output, types.
//!
//! Spin does the same with one prebuilt component that has the interfaces at fixed versions. Here the denying component is generated
//! from the dependency's own imports, so that an unforeseen version cannot slip through.

use anyhow::{Context, Result, anyhow, bail, ensure};
use wac_graph::types::{Package, SubtypeChecker, WorldId};
use wac_graph::{CompositionGraph, EncodeOptions, NodeId};

use super::Component;
use super::dependency::Dependency;

mod denial;
mod denied_result;

/// Reads a component and composes it with its dependencies. Without dependencies the result is the content of the file.
///
/// # Errors
/// One line that names the component and, if it concerns one, the dependency.
pub(crate) fn compose(component: &Component) -> Result<Vec<u8>> {
    let bytes = read(&component.source).with_context(|| format!("component {}", component.id))?;
    let dependencies = component
        .dependencies
        .iter()
        .map(|dependency| Ok((dependency, read(&dependency.source)?)))
        .collect::<Result<Vec<_>>>()
        .with_context(|| format!("component {}", component.id))?;
    compose_bytes(bytes, dependencies).with_context(|| format!("component {}", component.id))
}

fn read(path: &std::path::Path) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    match bytes.get(..8) {
        Some(b"\0asm\x0d\0\x01\0") => Ok(bytes),
        Some(b"\0asm\x01\0\0\0") => {
            bail!("{}: is a core module, not a component (build it for wasm32-wasip2)", path.display())
        }
        _ => bail!("{}: is no WebAssembly component", path.display()),
    }
}

/// A dependency in the graph.
struct Instance<'a> {
    dependency: &'a Dependency,
    world: WorldId,
    node: NodeId,
}

fn compose_bytes(component: Vec<u8>, dependencies: Vec<(&Dependency, Vec<u8>)>) -> Result<Vec<u8>> {
    if dependencies.is_empty() {
        return Ok(component);
    }
    let mut graph = CompositionGraph::new();
    let (world, socket) = instantiate(&mut graph, "component", component)?;
    let imports: Vec<String> = graph.types()[world].imports.keys().cloned().collect();
    let mut satisfied: Vec<(&str, &Dependency)> = Vec::new();
    for (index, (dependency, bytes)) in dependencies.into_iter().enumerate() {
        let name = &dependency.name;
        let matched: Vec<&str> = imports.iter().map(String::as_str).filter(|import| name.matches(import)).collect();
        ensure!(!matched.is_empty(), "dependency {name} doesn't match any of its imports");
        for import in &matched {
            if let Some((_, other)) = satisfied.iter().find(|(taken, _)| taken == import) {
                bail!("import {import:?} is satisfied by two dependencies: {}, {name}", other.name);
            }
            satisfied.push((import, dependency));
        }
        let instance =
            add_dependency(&mut graph, index, dependency, bytes).with_context(|| format!("dependency {name}"))?;
        for import in matched {
            let argument = argument_for(&mut graph, world, import, &instance)?;
            graph.set_instantiation_argument(socket, import, argument)?;
        }
    }
    let exports: Vec<String> = graph.types()[world].exports.keys().cloned().collect();
    for export in exports {
        let node = graph.alias_instance_export(socket, &export)?;
        graph.export(node, &export)?;
    }
    Ok(graph.encode(EncodeOptions::default())?)
}

fn instantiate(graph: &mut CompositionGraph, name: &str, bytes: Vec<u8>) -> Result<(WorldId, NodeId)> {
    let package = Package::from_bytes(name, None, bytes, graph.types_mut())?;
    let world = package.ty();
    let package = graph.register_package(package)?;
    Ok((world, graph.instantiate(package)))
}

/// Adds a dependency and, unless it inherits all its imports, the component that denies the rest.
fn add_dependency<'a>(
    graph: &mut CompositionGraph,
    index: usize,
    dependency: &'a Dependency,
    bytes: Vec<u8>,
) -> Result<Instance<'a>> {
    let denied = denial::denying_component(&bytes, &dependency.inherit)?;
    let (world, node) = instantiate(graph, &format!("dependency-{index}"), bytes)?;
    if let Some(denied) = denied {
        let (_, refusing) = instantiate(graph, &format!("denied-{index}"), denied.bytes)?;
        for interface in &denied.interfaces {
            let argument = graph.alias_instance_export(refusing, interface)?;
            graph.set_instantiation_argument(node, interface, argument)?;
        }
    }
    Ok(Instance { dependency, world, node })
}

fn argument_for(graph: &mut CompositionGraph, world: WorldId, import: &str, instance: &Instance<'_>) -> Result<NodeId> {
    let name = &instance.dependency.name;
    let export = instance.dependency.export.as_deref().unwrap_or(import);
    let types = graph.types();
    let offered = *types[instance.world]
        .exports
        .get(export)
        .ok_or_else(|| anyhow!("dependency {name} doesn't export {export:?} to satisfy import {import:?}"))?;
    let wanted = *types[world].imports.get(import).context("an import has a type")?;
    SubtypeChecker::new(&mut Default::default()).is_subtype(offered, types, wanted, types).map_err(|error| {
        anyhow!("dependency {name} exports {export:?} which is not compatible with import {import:?}: {error:#}")
    })?;
    Ok(graph.alias_instance_export(instance.node, export)?)
}

#[cfg(test)]
#[path = "composition_tests.rs"]
mod tests;
