//! Nodes that exist on paper: kwok marks the pods on them as running and ready, and runs none.

use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use super::control_plane::{logs, option};
use super::kubectl::Kubectl;
use super::namespace::Namespace;
use super::process::{Process, wait_for};
use super::programs::Programs;

/// The program.
pub const TOOLS: [&str; 1] = ["kwok"];

/// The annotation of the nodes that kwok manages.
const ANNOTATION: &str = "kwok.x-k8s.io/node";

/// The nodes: one in each zone.
const NODES: [&str; 3] = ["paper-a", "paper-b", "paper-c"];

/// The longest time until the nodes are ready.
const READY: Duration = Duration::from_secs(60);

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
    pub fn start(programs: &Programs, namespace: &Namespace, kubectl: &Kubectl) -> Result<Self> {
        let mut kwok = programs.command("kwok")?;
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
