//! Nodes that exist on paper: kwok marks the pods on them as running and ready, and runs none.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::json;

use super::control_plane::{logs, option};
use super::kubectl::Kubectl;
use super::namespace::Namespace;
use super::process::{self, Process, wait_for};
use super::programs::Programs;
use crate::workspace::Workspace;

/// The program.
pub const TOOLS: [&str; 1] = ["kwok"];

/// The files of kwok's module that say what it does to a node and to a pod: ready at once, and gone at once.
const STAGES: [&str; 5] = [
    "node/fast/node-initialize.yaml",
    "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
    "pod/fast/pod-ready.yaml",
    "pod/fast/pod-complete.yaml",
    "pod/fast/pod-delete.yaml",
];

/// The annotation of the nodes that kwok manages.
const ANNOTATION: &str = "kwok.x-k8s.io/node";

/// The nodes: one in each zone.
const NODES: [&str; 3] = ["paper-a", "paper-b", "paper-c"];

/// The longest time until the nodes are ready.
const READY: Duration = Duration::from_secs(60);

/// Returns the places of the stages.
fn stages(workspace: &Workspace) -> Vec<PathBuf> {
    let folder = workspace.target_dir().join("tools/kwok-stages");
    STAGES.iter().map(|stage| folder.join(stage.replace('/', "-"))).collect()
}

/// Returns whether the stages are there.
pub fn has_stages(workspace: &Workspace) -> bool {
    stages(workspace).iter().all(|stage| stage.is_file())
}

/// Copies the stages of the kwok in `tools/kwok` into `target/tools`.
///
/// # Errors
///
/// If its module cannot be had.
pub fn download_stages(workspace: &Workspace) -> Result<()> {
    let mut go = Command::new("go");
    go.current_dir(workspace.root().join("tools/kwok")).args(["list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/kwok"]);
    let module = PathBuf::from(process::output(&mut go)?.trim()).join("kustomize/stage");
    for (stage, target) in STAGES.iter().zip(stages(workspace)) {
        let text = fs::read(module.join(stage)).with_context(|| format!("kwok has no {stage}"))?;
        let folder = target.parent().context("a file is in a folder")?;
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        fs::write(&target, text).with_context(|| format!("cannot write {}", target.display()))?;
    }
    Ok(())
}

/// Nodes on paper.
#[derive(Debug)]
pub struct PaperNodes {
    _kwok: Process,
}

impl PaperNodes {
    /// Starts kwok, makes the nodes and waits until they are ready.
    ///
    /// # Errors
    ///
    /// If they do not become so.
    pub fn start(workspace: &Workspace, programs: &Programs, namespace: &Namespace, kubectl: &Kubectl) -> Result<Self> {
        let mut kwok = programs.command("kwok")?;
        kwok.args(stages(workspace).iter().map(|stage| option("--config", stage)));
        kwok.arg("--node-lease-duration-seconds=40");
        kwok.arg(option("--kubeconfig", kubectl.kubeconfig())).arg("--manage-all-nodes=false");
        kwok.arg(format!("--manage-nodes-with-annotation-selector={ANNOTATION}=fake"));
        // Its configuration would be that of the user.
        kwok.env("KWOK_WORKDIR", namespace.folder().join("kwok"));
        let mut kwok = Process::start("kwok", kwok, &logs(namespace))?;
        for name in NODES {
            kubectl.apply(&node(name).to_string(), &[])?;
        }
        wait_for("three nodes on paper", READY, || {
            kwok.check_alive()?;
            kubectl.run(&["wait", "--for=condition=Ready", "nodes", "--all", "--timeout=2s"])
        })?;
        Ok(Self { _kwok: kwok })
    }

    /// Ends kwok, and removes the nodes with everything on them.
    ///
    /// # Errors
    ///
    /// If one cannot be removed.
    pub fn remove(self, kubectl: &Kubectl) -> Result<()> {
        kubectl.run(&[&["delete", "nodes"], &NODES[..]].concat())?;
        drop(self);
        Ok(())
    }
}

fn node(name: &str) -> serde_json::Value {
    let resources = json!({ "cpu": "32", "memory": "256Gi", "pods": "110" });
    json!({
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "annotations": { ANNOTATION: "fake" },
            "labels": { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "topology.kubernetes.io/zone": name },
        },
        "status": { "allocatable": resources, "capacity": resources },
    })
}
