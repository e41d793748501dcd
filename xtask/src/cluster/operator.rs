//! The spin-operator, where a program of it is named: it makes Deployments of SpinApps.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use super::chart::{self, Helm, RELEASE};
use super::control_plane::logs;
use super::crds;
use super::kubectl::Kubectl;
use super::namespace::Namespace;
use super::node::RUNTIME_CLASS;
use super::process::{Process, wait_for};

/// The variable with the operator's program.
pub const OPERATOR: &str = "SPIN_OPERATOR";

/// The variable with the definition of SpinApps, a file or the folder `config/crd/bases` of the operator's sources.
pub const DEFINITION: &str = "SPINAPP_CRD";

/// The executor that the chart names by default.
const EXECUTOR: &str = "containerd-shim-spin";

/// The longest time for the operator to follow a change.
const CHANGE: Duration = Duration::from_secs(60);

/// The operator's files.
#[derive(Clone, Debug)]
pub struct Files {
    program: PathBuf,
    definitions: Vec<PathBuf>,
}

/// Returns the files of the definition of SpinApps, if the environment names them.
///
/// # Errors
///
/// If there is none at the place that it names.
pub fn definitions() -> Result<Option<Vec<PathBuf>>> {
    let Some(path) = std::env::var_os(DEFINITION).map(PathBuf::from) else { return Ok(None) };
    let found = crds::definitions(&path)?;
    ensure!(!found.is_empty(), "{DEFINITION}: {} has no definition", path.display());
    Ok(Some(found))
}

impl Files {
    /// Returns the files that the environment names, if it names both.
    ///
    /// # Errors
    ///
    /// If one is not there.
    pub fn of_environment() -> Result<Option<Self>> {
        let Some(program) = std::env::var_os(OPERATOR).map(PathBuf::from) else { return Ok(None) };
        let Some(definitions) = definitions()? else { return Ok(None) };
        ensure!(program.is_file(), "{OPERATOR}: {} is no file", program.display());
        Ok(Some(Self { program, definitions }))
    }
}

/// Installs the chart with SpinApps, and checks that the operator makes their Deployments, follows an upgrade and removes them.
///
/// # Errors
///
/// If one of these fails.
pub fn check(files: &Files, namespace: &Namespace, helm: &Helm<'_>, chart: &std::path::Path) -> Result<()> {
    let kubectl = helm.kubectl;
    crds::apply_files(kubectl, &files.definitions)?;
    let mut operator = std::process::Command::new(&files.program);
    operator
        .env("KUBECONFIG", kubectl.kubeconfig())
        .args(["--metrics-bind-address=0", "--health-probe-bind-address=0"]);
    let mut operator = Process::start("spin-operator", operator, &logs(namespace))?;
    kubectl.run(&["create", "namespace", helm.namespace])?;
    apply_executor(kubectl, helm.namespace)?;

    let mut values = chart::paper_values();
    values["mode"] = "spinApp".into();
    helm.upgrade(chart, &values).context("install")?;
    wait_for("the Deployment of the SpinApp", CHANGE, || {
        operator.check_alive()?;
        kubectl.wait(helm.namespace, &format!("deployment/{RELEASE}"), "condition=Available", Duration::from_secs(2))
    })
    .with_context(|| kubectl.explain(helm.namespace))?;
    let first = chart::application(kubectl, helm.namespace)?;
    println!("the operator made a Deployment of {} replicas", first.ready);

    values["variables"] = json!({ "log_level": "debug" });
    helm.upgrade(chart, &values).context("upgrade")?;
    wait_for("other pods after a changed variable", CHANGE, || {
        operator.check_alive()?;
        let second = chart::application(kubectl, helm.namespace)?;
        ensure!(second.template != first.template, "the template of the pods is the same");
        Ok(())
    })?;
    println!("a changed variable replaced its pods");

    helm.run(&["uninstall", RELEASE, "--wait"])?;
    wait_for("the end of what the operator made", CHANGE, || {
        let left = kubectl.run(&["get", "spinapps,deployments,services,pods", "-n", helm.namespace, "-o", "name"])?;
        ensure!(left.is_empty(), "left behind: {left}");
        Ok(())
    })?;
    kubectl.run(&["delete", "spinappexecutor", EXECUTOR, "-n", helm.namespace])?;
    kubectl.run(&["delete", "namespace", helm.namespace]).map(drop)
}

fn apply_executor(kubectl: &Kubectl, namespace: &str) -> Result<String> {
    let executor = json!({
        "apiVersion": "core.spinkube.dev/v1alpha1",
        "kind": "SpinAppExecutor",
        "metadata": { "name": EXECUTOR, "namespace": namespace },
        "spec": {
            "createDeployment": true,
            "deploymentConfig": { "runtimeClassName": RUNTIME_CLASS, "installDefaultCACerts": true },
        },
    });
    kubectl.apply(&executor.to_string(), &[])
}
