//! The steps of the check, each with the programs that it needs.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use super::control_plane::{self, ControlPlane};
use super::kubectl::Kubectl;
use super::namespace::Namespace;
use super::node::Node;
use super::process::wait_for;
use super::programs::Programs;
use super::registry::{self, Registry};
use crate::steps::Steps;
use crate::workspace::Workspace;

/// The longest time for a change of the cluster's state.
const CHANGE: Duration = Duration::from_secs(60);

/// A check in its namespace.
#[derive(Debug)]
pub struct Check<'c> {
    workspace: &'c Workspace,
    programs: &'c Programs,
    namespace: &'c Namespace,
    steps: Steps,
}

impl<'c> Check<'c> {
    /// Returns a check that has run nothing yet.
    pub fn new(workspace: &'c Workspace, programs: &'c Programs, namespace: &'c Namespace) -> Self {
        Self { workspace, programs, namespace, steps: Steps::default() }
    }

    /// Runs every step that the programs of this machine allow, and prints what was run and what was left out.
    ///
    /// # Errors
    ///
    /// If a step fails, or, with `require_all`, if one was left out.
    pub fn run(mut self, require_all: bool) -> Result<()> {
        let (programs, namespace) = (self.programs, self.namespace);
        let control_plane = self.start("control plane", &control_plane::TOOLS, || ControlPlane::start(programs, namespace));
        if let Some(control_plane) = &control_plane {
            let kubectl = control_plane.kubectl();
            self.steps.run("a Deployment gets a ReplicaSet and a pod", || controllers_work(kubectl));
            self.on_node(kubectl);
        }
        let left_out: Vec<&str> = self.steps.left_out().collect();
        let complete = if left_out.is_empty() || !require_all { Ok(()) } else { Err(left_out.join("; ")) };
        self.steps.finish()?;
        ensure!(complete.is_ok(), "left out: {}", complete.unwrap_err());
        Ok(())
    }

    /// Starts a part of the cluster; `None` if a program is missing or it fails.
    fn start<T>(&mut self, name: &'static str, tools: &[&str], start: impl FnOnce() -> Result<T>) -> Option<T> {
        let missing = self.programs.missing(tools);
        if !missing.is_empty() {
            self.steps.leave_out(name, format!("missing: {}", missing.join(", ")));
            return None;
        }
        let mut part = None;
        self.steps.prepare(name, || {
            part = Some(start()?);
            Ok(())
        });
        part
    }

    /// Runs the steps that need a node.
    fn on_node(&mut self, kubectl: &Kubectl) {
        let (programs, namespace) = (self.programs, self.namespace);
        let missing = Node::missing(programs);
        if !missing.is_empty() {
            self.steps.leave_out("node", format!("missing: {}", missing.join(", ")));
            return;
        }
        let Some(registry) = self.start("registry", &registry::TOOLS, || Registry::start(programs, namespace)) else {
            return;
        };
        let Some(_node) = self.start("node", &[], || Node::start(programs, namespace, kubectl, &registry)) else {
            return;
        };
        self.steps.run("a pod runs", || pod_runs(kubectl, registry.pause_image()));
    }
}

/// Returns a Deployment of one pod.
fn deployment(name: &str, image: &str) -> String {
    let labels = json!({ "app": name });
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": name, "namespace": "default" },
        "spec": {
            "replicas": 1,
            "selector": { "matchLabels": labels },
            "template": {
                "metadata": { "labels": labels },
                "spec": {
                    "terminationGracePeriodSeconds": 1,
                    "containers": [{ "name": name, "image": image }],
                },
            },
        },
    })
    .to_string()
}

/// Checks the controllers and the scheduler: without a node, a pod waits for one.
fn controllers_work(kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&deployment("trial", "example.com/trial"), &[])?;
    wait_for("a pod that waits for a node", CHANGE, || {
        let pods = kubectl.list(&["pods", "-l", "app=trial"])?;
        let condition = &pods.first().context("no pod")?["status"]["conditions"][0]["reason"];
        ensure!(condition == "Unschedulable", "the pod's condition is {condition}");
        Ok(())
    })?;
    kubectl.run(&["delete", "deployment", "trial", "--wait", "--cascade=foreground"]).map(drop)
}

/// Checks the node: a pod runs, and is gone after its Deployment.
fn pod_runs(kubectl: &Kubectl, image: &str) -> Result<()> {
    kubectl.apply(&deployment("trial", image), &[])?;
    let available = kubectl.wait("default", "deployment/trial", "condition=Available", CHANGE);
    available.with_context(|| kubectl.explain("default"))?;
    kubectl.run(&["delete", "deployment", "trial", "--wait", "--cascade=foreground"])?;
    wait_for("the end of the pod", CHANGE, || {
        let pods = kubectl.list(&["pods", "-l", "app=trial"])?;
        ensure!(pods.is_empty(), "{} pods are left", pods.len());
        Ok(())
    })
}
