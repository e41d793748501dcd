//! The steps of the check, each with the programs that it needs.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;
use serde_json::json;

use super::chart::{self, Helm};
use super::control_plane::{self, ControlPlane};
use super::crds;
use super::kubectl::Kubectl;
use super::namespace::Namespace;
use super::node::{self, Node};
use super::operator;
use super::paper::{self, PaperNodes};
use super::platform::{self, Platform};
use super::process::wait_for;
use super::programs::Programs;
use super::registry::{self, Registry};
use crate::steps::Steps;
use crate::workspace::Workspace;

/// The longest time for a change of the cluster's state.
const CHANGE: Duration = Duration::from_secs(60);

/// A part of the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The golden renders on the API server
    Renders,
    /// Releases whose pods exist on paper
    Paper,
    /// A node, and Spindle on it
    Node,
}

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

    /// Runs every step of `parts`, or of all if there is none, that the programs of this machine allow, and prints what was run and what was left
    /// out.
    ///
    /// # Errors
    ///
    /// If a step fails, or, with `require_all`, if one was left out.
    pub fn run(mut self, parts: &[Part], require_all: bool) -> Result<()> {
        let runs = |part| parts.is_empty() || parts.contains(&part);
        let (programs, namespace) = (self.programs, self.namespace);
        let control_plane =
            self.start("control plane", &control_plane::TOOLS, || ControlPlane::start(programs, namespace));
        if let Some(control_plane) = &control_plane {
            let kubectl = control_plane.kubectl();
            self.steps.run("a Deployment gets a ReplicaSet and a pod", || controllers_work(kubectl));
            self.steps.prepare("the class of Spin's pods", || node::apply_runtime_class(kubectl));
            if runs(Part::Renders) {
                self.renders(kubectl);
            }
            if runs(Part::Paper) {
                self.on_paper(kubectl);
            }
            if runs(Part::Node) {
                self.on_node(kubectl);
            }
        }
        let left_out = self.steps.left_out().collect::<Vec<_>>().join("; ");
        self.steps.finish()?;
        ensure!(left_out.is_empty() || !require_all, "left out: {left_out}");
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

    /// Applies the chart's renders.
    fn renders(&mut self, kubectl: &Kubectl) {
        const NAME: &str = "the server takes every golden render";
        let workspace = self.workspace;
        let Some(chart) = chart::folder(workspace) else {
            self.steps.leave_out(NAME, "there is no chart");
            return;
        };
        let mut unknown = BTreeSet::new();
        self.steps.run(NAME, || {
            let missing = crds::apply(workspace, kubectl)?;
            if !missing.is_empty() {
                println!("not there: the resources of {} (`cargo xtask cluster tools`)", missing.join(", "));
            }
            if let Some(files) = operator::definitions()? {
                crds::apply_files(kubectl, &files)?;
            }
            let renders = chart::golden_renders(&chart)?;
            ensure!(!renders.is_empty(), "{} has no golden render", chart.display());
            unknown = chart::apply_renders(kubectl, &renders)?;
            Ok(())
        });
        if !unknown.is_empty() {
            let kinds: Vec<String> = unknown.into_iter().collect();
            self.steps.leave_out("parts of the golden renders", format!("not known: {}", kinds.join(", ")));
        }
    }

    /// Runs the steps of the chart whose pods exist on paper.
    fn on_paper(&mut self, kubectl: &Kubectl) {
        const NAMES: [&str; 3] = [
            "helm installs, upgrades, rolls back and uninstalls the chart (pods on paper)",
            "helm upgrades from the first committed chart (pods on paper)",
            "the spin-operator makes Deployments of the chart's SpinApps (pods on paper)",
        ];
        let (workspace, programs, namespace) = (self.workspace, self.programs, self.namespace);
        let mut missing = programs.missing(&[&paper::TOOLS[..], &["helm"]].concat());
        if !paper::has_stages(workspace) {
            missing.push("the stages of kwok (`cargo xtask cluster tools`)");
        }
        let (Some(chart), []) = (chart::folder(workspace), &missing[..]) else {
            let reason = if missing.is_empty() {
                "there is no chart".to_owned()
            } else {
                format!("missing: {}", missing.join(", "))
            };
            NAMES.into_iter().for_each(|name| self.steps.leave_out(name, reason.clone()));
            return;
        };
        let Some(nodes) =
            self.start("nodes on paper", &[], || PaperNodes::start(workspace, programs, namespace, kubectl))
        else {
            return;
        };
        let folder = namespace.folder().join("paper");
        let helm = |name| Helm { programs, kubectl, folder: &folder, namespace: name };
        self.steps.run(NAMES[0], || chart::lifecycle(&helm("lifecycle"), &chart));
        self.steps.run(NAMES[1], || chart::upgrade_from_first(&helm("from-first"), workspace, &chart));
        match operator::Files::of_environment() {
            Ok(None) => {
                let reason = format!("{} and {} are not set", operator::OPERATOR, operator::DEFINITION);
                self.steps.leave_out(NAMES[2], reason);
            }
            files => {
                self.steps.run(NAMES[2], || match files? {
                    Some(files) => operator::check(&files, namespace, &helm("spin-apps"), &chart),
                    None => Ok(()),
                });
            }
        }
        self.steps.run("the nodes on paper are removed", || nodes.remove(kubectl));
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
        self.platform(kubectl);
    }

    /// Runs the steps with Spindle on the node.
    fn platform(&mut self, kubectl: &Kubectl) {
        const NAME: &str = "Spindle on the node: installed with three replicas";
        let (workspace, programs, namespace) = (self.workspace, self.programs, self.namespace);
        let mut missing: Vec<&str> = programs.missing(&platform::TOOLS);
        let (chart, images) = (chart::folder(workspace), platform::images(workspace));
        if chart.is_none() {
            missing.push("deploy/chart");
        }
        if images.is_none() {
            missing.push("target/images (`cargo xtask image`)");
        }
        let (Some(chart), Some(images), []) = (chart, images, &missing[..]) else {
            self.steps.leave_out(NAME, format!("missing: {}", missing.join(", ")));
            return;
        };
        let install = || Platform::install(programs, namespace, kubectl, &images, chart);
        let Some(mut platform) = self.start(NAME, &[], install) else { return };
        self.steps.prepare("an order is paid through the Service", || platform.buy());
        self.steps.run("helm test", || platform.helm_test());
        self.steps.run("a replica killed under load costs no order", || platform.kill_one());
        self.steps.run("an update under load costs no request", || platform.update());
        self.steps.run("helm uninstall leaves nothing", || platform.uninstall());
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
