//! Definitions of the resources that a render of the chart may have, beside those of Kubernetes itself: from the modules of their projects.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::kubectl::Kubectl;
use super::process::wait_for;
use super::programs;
use crate::workspace::Workspace;

/// The longest time until the server serves a new resource.
const SERVED: Duration = Duration::from_secs(60);

/// A project's definitions.
#[derive(Clone, Copy, Debug)]
struct Source {
    /// The name of the folder for them.
    name: &'static str,
    /// Its module and version. Go compares their checksums with those of its database.
    module: &'static str,
    /// The folder of the module that has them.
    folder: &'static str,
    /// The files there of the resources that a render may have.
    files: &'static [&'static str],
}

/// The projects.
const SOURCES: [Source; 5] = [
    Source {
        name: "gateway-api",
        module: "sigs.k8s.io/gateway-api@v1.6.3",
        folder: "config/crd/standard",
        files: &["gateway.networking.k8s.io_gateways.yaml", "gateway.networking.k8s.io_httproutes.yaml"],
    },
    Source {
        name: "prometheus-operator",
        module: "github.com/prometheus-operator/prometheus-operator@v0.85.0",
        folder: "example/prometheus-operator-crd",
        files: &["monitoring.coreos.com_prometheusrules.yaml", "monitoring.coreos.com_servicemonitors.yaml"],
    },
    Source {
        name: "keda",
        module: "github.com/kedacore/keda/v2@v2.21.0",
        folder: "config/crd/bases",
        files: &["keda.sh_scaledobjects.yaml"],
    },
    Source {
        name: "external-secrets",
        module: "github.com/external-secrets/external-secrets@v1.3.2",
        folder: "config/crds/bases",
        files: &["external-secrets.io_externalsecrets.yaml"],
    },
    Source {
        name: "flagger",
        module: "github.com/fluxcd/flagger@v1.36.1",
        folder: "artifacts/flagger",
        files: &["crd.yaml"],
    },
];

/// Returns the folder of the definitions.
fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target_dir().join("tools/crds")
}

/// Copies the definitions of every project into `target/tools/crds`.
///
/// # Errors
///
/// If a module cannot be had, or has no definitions.
pub fn download(workspace: &Workspace) -> Result<()> {
    for Source { name, module, folder: path, files } in SOURCES {
        println!("resources of {module}");
        let source = programs::module(workspace.root(), module)?.join(path);
        let target = folder(workspace).join(name);
        fs::create_dir_all(&target).with_context(|| format!("cannot make {}", target.display()))?;
        for file in files {
            let text = fs::read(source.join(file)).with_context(|| format!("{module} has no {path}/{file}"))?;
            fs::write(target.join(file), text).with_context(|| format!("cannot write {file}"))?;
        }
    }
    Ok(())
}

/// Returns the files of definitions in a folder, or the file itself.
///
/// # Errors
///
/// If one cannot be read.
pub fn definitions(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
        let file = entry?.path();
        let text = if file.extension().is_some_and(|extension| extension == "yaml") {
            fs::read_to_string(&file)?
        } else {
            String::new()
        };
        if text.lines().any(|line| line.trim() == "kind: CustomResourceDefinition") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// Applies the definitions that [`download`] has brought, and returns the projects whose are missing.
///
/// # Errors
///
/// If the server refuses one.
pub fn apply(workspace: &Workspace, kubectl: &Kubectl) -> Result<Vec<&'static str>> {
    let (mut missing, mut found) = (Vec::new(), Vec::new());
    for Source { name, files, .. } in SOURCES {
        let paths: Vec<PathBuf> = files.iter().map(|file| folder(workspace).join(name).join(file)).collect();
        if paths.iter().all(|path| path.is_file()) { found.extend(paths) } else { missing.push(name) }
    }
    if !found.is_empty() {
        apply_files(kubectl, &found)?;
    }
    Ok(missing)
}

/// Applies the definitions in `files`, and waits until the server serves them.
///
/// # Errors
///
/// If the server refuses one.
pub fn apply_files(kubectl: &Kubectl, files: &[PathBuf]) -> Result<()> {
    let files: Vec<String> = files.iter().map(|file| format!("--filename={}", file.display())).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    kubectl.run(&[&["apply", "--server-side", "--field-manager=spindle-check"], &files[..]].concat())?;
    // Until a new one has a condition at all, kubectl refuses to wait for it.
    let wait = [&["wait", "--for=condition=Established", "--timeout=10s"], &files[..]].concat();
    wait_for("the new kind of resource", SERVED, || kubectl.run(&wait)).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_with_a_definition_are_taken() {
        let dir = tempfile::tempdir().unwrap();
        let crd = dir.path().join("b.yaml");
        fs::write(&crd, "---\nkind: CustomResourceDefinition\n").unwrap();
        fs::write(dir.path().join("a.yaml"), "kind: Kustomization\n").unwrap();
        fs::write(dir.path().join("c.md"), "kind: CustomResourceDefinition\n").unwrap();
        assert_eq!(definitions(dir.path()).unwrap(), std::slice::from_ref(&crd));
        assert_eq!(definitions(&crd).unwrap(), [crd]);
    }
}
