//! Composition: a component and the providers that it depends on, as one component.

use std::path::Path;

use anyhow::{Context as _, Result};
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, PackageId, plug};

use crate::manifest::Component;

/// Reads a component from `folder`, which has the manifest, and composes it with its dependencies, which get the rights of the component.
///
/// # Errors
///
/// If a file is missing, or a dependency satisfies no import.
pub(crate) fn compose(folder: &Path, component: &Component) -> Result<Vec<u8>> {
    let read = |path: &Path| {
        let path = folder.join(path);
        std::fs::read(&path).with_context(|| format!("cannot read {}: is it built?", path.display()))
    };
    let source = read(&component.source)?;
    if component.dependencies.is_empty() {
        return Ok(source);
    }
    let mut graph = CompositionGraph::new();
    let socket = register(&mut graph, "component", source)?;
    let mut plugs = Vec::new();
    for (name, dependency) in &component.dependencies {
        let bytes = read(&dependency.path)?;
        plugs.push(register(&mut graph, name, bytes).with_context(|| format!("dependency {name}"))?);
    }
    plug(&mut graph, plugs, socket).context("the dependencies do not fit")?;
    Ok(graph.encode(EncodeOptions::default())?)
}

fn register(graph: &mut CompositionGraph, name: &str, bytes: Vec<u8>) -> Result<PackageId> {
    let package = Package::from_bytes(name, None, bytes, graph.types_mut())?;
    Ok(graph.register_package(package)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"
        source = "parent.wasm"
        dependencies_inherit_configuration = true
        dependencies = { "shop:prices/list" = { path = "child.wasm" } }
    "#;

    const PARENT: &str = r#"(component (import "shop:prices/list" (instance $list (export "get" (func (result u32)))))
        (alias export $list "get" (func $get)) (export "run" (func $get)))"#;

    const CHILD: &str = r#"(component
        (core module $m (func (export "get") (result i32) i32.const 7))
        (core instance $i (instantiate $m))
        (func $get (result u32) (canon lift (core func $i "get")))
        (instance $list (export "get" (func $get)))
        (export "shop:prices/list" (instance $list)))"#;

    fn compose_with(child: &str) -> Result<Vec<u8>> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("parent.wasm"), wat::parse_str(PARENT).unwrap()).unwrap();
        std::fs::write(folder.path().join("child.wasm"), wat::parse_str(child).unwrap()).unwrap();
        compose(folder.path(), &toml::from_str(MANIFEST).unwrap())
    }

    #[test]
    fn a_dependency_satisfies_the_import() {
        let composed = compose_with(CHILD).unwrap();
        assert_eq!(composed, compose_with(CHILD).unwrap(), "the same each time");
        let mut graph = CompositionGraph::new();
        let package = register(&mut graph, "composed", composed).unwrap();
        let world = &graph.types()[graph[package].ty()];
        assert!(world.imports.is_empty(), "{:?}", world.imports.keys());
        assert_eq!(world.exports.keys().collect::<Vec<_>>(), ["run"]);
    }

    #[test]
    fn a_dependency_that_satisfies_no_import_is_refused() {
        let error = compose_with(&CHILD.replace("shop:prices/list", "shop:prices/other")).unwrap_err();
        assert_eq!(error.to_string(), "the dependencies do not fit");
    }

    #[test]
    fn a_missing_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = compose(folder.path(), &toml::from_str(MANIFEST).unwrap()).unwrap_err();
        assert!(error.to_string().contains("parent.wasm: is it built?"), "{error}");
    }
}
