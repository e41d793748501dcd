//! The software bill of materials of an image: every package that is compiled into it, in the form of CycloneDX 1.5.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use cyclonedx_bom::external_models::date_time::DateTime;
use cyclonedx_bom::external_models::uri::Purl;
use cyclonedx_bom::models::bom::Bom;
use cyclonedx_bom::models::component::{Classification, Component, Components};
use cyclonedx_bom::models::dependency::{Dependencies, Dependency};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::metadata::Metadata as BomMetadata;

use crate::source::Revision;

/// The products of cargo in an image.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) files: Vec<PathBuf>,
    /// The target that they are built for.
    pub(crate) target: String,
}

/// Returns the bill of the image with this digest, which has what is `built`.
///
/// # Errors
///
/// If cargo does not list the packages, or a file is the product of none.
pub(crate) fn sbom(name: &str, version: &str, digest: &str, built: &Built, revision: &Revision) -> Result<Vec<u8>> {
    let metadata = MetadataCommand::new()
        .manifest_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .other_options(["--filter-platform".to_owned(), built.target.clone(), "--locked".to_owned()])
        .exec()
        .context("cargo does not list the packages")?;
    let roots = built.files.iter().map(|file| package_of(&metadata, file)).collect::<Result<BTreeSet<_>>>()?;
    let graph = dependencies(&metadata, &roots)?;
    let subject = format!("pkg:oci/{name}@{}", digest.replace(':', "%3A"));
    let mut described = Component::new(Classification::Container, name, version, Some(subject.clone()));
    described.purl = Purl::new("oci", name, digest).ok();
    let components = graph.keys().map(|id| component(&metadata[id])).collect();
    let mut edges: Vec<Dependency> = graph
        .iter()
        .map(|(id, dependencies)| Dependency {
            dependency_ref: reference(&metadata[id]),
            dependencies: dependencies.iter().map(|id| reference(&metadata[id])).collect(),
        })
        .collect();
    edges.push(Dependency {
        dependency_ref: subject,
        dependencies: roots.iter().map(|id| reference(&metadata[id])).collect(),
    });
    let bom = Bom {
        // Neither a random number nor the present: the same image has the same bill.
        serial_number: None,
        metadata: Some(BomMetadata {
            timestamp: DateTime::try_from(revision.time.to_string()).ok(),
            component: Some(described),
            ..BomMetadata::default()
        }),
        components: Some(Components(components)),
        dependencies: Some(Dependencies(edges)),
        ..Bom::default()
    };
    let mut bytes = Vec::new();
    bom.output_as_json_v1_5(&mut bytes)?;
    Ok(bytes)
}

/// Returns the package that cargo builds into `file`.
fn package_of(metadata: &Metadata, file: &Path) -> Result<PackageId> {
    // Cargo writes an underscore where a name has a dash.
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().replace('_', "-");
    let package = metadata.workspace_packages().into_iter().find(|package| package.name.as_str() == stem);
    Ok(package.with_context(|| format!("no package builds {}", file.display()))?.id.clone())
}

/// Returns the packages that `roots` are compiled with, each with those that it names itself.
fn dependencies(metadata: &Metadata, roots: &BTreeSet<PackageId>) -> Result<BTreeMap<PackageId, BTreeSet<PackageId>>> {
    let resolve = metadata.resolve.as_ref().context("cargo lists no dependencies")?;
    let nodes: BTreeMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let mut graph = BTreeMap::new();
    let mut waiting: Vec<PackageId> = roots.iter().cloned().collect();
    while let Some(id) = waiting.pop() {
        if graph.contains_key(&id) {
            continue;
        }
        let node = nodes.get(&id).with_context(|| format!("cargo does not resolve {id}"))?;
        let compiled = node.deps.iter().filter(|dependency| {
            // Proc macros and build scripts run at build time, and are no part of the component.
            dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal)
                && !metadata[&dependency.pkg].targets.iter().any(cargo_metadata::Target::is_proc_macro)
        });
        let compiled: BTreeSet<PackageId> = compiled.map(|dependency| dependency.pkg.clone()).collect();
        waiting.extend(compiled.iter().cloned());
        graph.insert(id, compiled);
    }
    Ok(graph)
}

fn reference(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version)
}

fn component(package: &Package) -> Component {
    let (name, version) = (package.name.as_str(), package.version.to_string());
    let mut component = Component::new(Classification::Library, name, &version, Some(reference(package)));
    component.purl = Purl::new("cargo", name, &version).ok();
    component.licenses = package
        .license
        .as_deref()
        .map(|license| Licenses(vec![LicenseChoice::expression(&license.replace('/', " OR "))]));
    component
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn built(files: &[&str]) -> Built {
        Built { files: files.iter().map(PathBuf::from).collect(), target: "wasm32-wasip2".to_owned() }
    }

    #[test]
    fn the_bill_names_what_is_compiled_in_and_nothing_else() {
        let revision = Revision {
            repository: String::new(),
            commit: String::new(),
            modified: false,
            time: jiff::Timestamp::UNIX_EPOCH,
        };
        let bill = || {
            let built = built(&["target/x/notify_adapter.wasm", "target/x/notify_log.wasm"]);
            sbom("shop", "1.0.0", "sha256:abc", &built, &revision).unwrap()
        };
        assert_eq!(bill(), bill(), "the same each time");
        let bom: Value = serde_json::from_slice(&bill()).unwrap();
        assert_eq!(bom["specVersion"], "1.5");
        assert_eq!(bom["metadata"]["component"]["version"], "1.0.0");
        let names: Vec<&str> =
            bom["components"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        for expected in ["notify-adapter", "notify-log", "spindle-platform", "serde"] {
            assert!(names.contains(&expected), "{expected} is missing: {names:?}");
        }
        for other in ["serde_derive", "wasmtime", "tempfile", "spindle-host"] {
            assert!(!names.contains(&other), "{other} is not compiled in");
        }
        let serde = bom["components"].as_array().unwrap().iter().find(|one| one["name"] == "serde").unwrap();
        assert_eq!(serde["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert!(serde["purl"].as_str().unwrap().starts_with("pkg:cargo/serde@1."), "{serde}");
    }

    #[test]
    fn a_file_of_no_package_is_an_error() {
        let revision = Revision {
            repository: String::new(),
            commit: String::new(),
            modified: false,
            time: jiff::Timestamp::UNIX_EPOCH,
        };
        let error = sbom("x", "1", "sha256:0", &built(&["other.wasm"]), &revision).unwrap_err();
        assert_eq!(error.to_string(), "no package builds other.wasm");
    }
}
