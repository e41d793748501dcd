//! The chart as Helm installs it: its renders on the API server, and the life of a release.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use super::kubectl::Kubectl;
use super::process::{self, wait_for};
use super::programs::Programs;
use crate::workspace::Workspace;

/// The name of the release, and of its application.
pub const RELEASE: &str = "spindle";

/// The longest time for Helm to see a change through.
const CHANGE: &str = "10m";

/// The longest time until something that was deleted is gone.
const GONE: Duration = Duration::from_secs(120);

/// Objects that every namespace has by itself.
const OF_EVERY_NAMESPACE: [&str; 2] = ["configmap/kube-root-ca.crt", "serviceaccount/default"];

/// Returns the folder of the chart, if there is one.
pub fn folder(workspace: &Workspace) -> Option<PathBuf> {
    let folder = workspace.root().join("deploy/chart");
    folder.join("Chart.yaml").is_file().then_some(folder)
}

/// Returns the folder's renders that are kept for comparison, by name.
///
/// # Errors
///
/// If one cannot be read.
pub fn golden_renders(chart: &Path) -> Result<Vec<(String, String)>> {
    let mut renders = Vec::new();
    for entry in fs::read_dir(chart.join("tests/golden")).into_iter().flatten() {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        renders.push((stem, text));
    }
    renders.sort();
    Ok(renders)
}

/// Splits a render into its objects: for each its API group, kind and text. The group is empty for the core API.
///
/// # Errors
///
/// If an object has no `apiVersion` or `kind` of its own.
pub fn objects(render: &str) -> Result<Vec<(String, String, String)>> {
    let mut objects = Vec::new();
    // A separator is a line of its own, the first one too.
    for text in format!("\n{render}").split("\n---") {
        let is_content = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        if text.lines().filter(is_content).count() == 0 {
            continue;
        }
        let field = |name: &str| {
            let found = text.lines().find_map(|line| line.strip_prefix(name));
            found.map(|value| value.trim().trim_matches('"').to_owned()).with_context(|| format!("no {name} in {text}"))
        };
        let (version, kind) = (field("apiVersion:")?, field("kind:")?);
        let group = version.split_once('/').map_or("", |(group, _)| group).to_owned();
        objects.push((group, kind, text.trim_matches('\n').to_owned()));
    }
    Ok(objects)
}

/// Applies every render on the server, each in a namespace of its own, and removes it. Returns the kinds that the server does not know.
///
/// # Errors
///
/// If the server refuses an object.
pub fn apply_renders(kubectl: &Kubectl, renders: &[(String, String)]) -> Result<BTreeSet<String>> {
    let known = known_groups(kubectl)?;
    let mut unknown = BTreeSet::new();
    for (name, render) in renders {
        let namespace = format!("render-{name}");
        kubectl.run(&["create", "namespace", &namespace])?;
        // Those that the chart does not make are there before it.
        let mut manifest: String = service_accounts(render).iter().map(|name| service_account(name)).collect();
        let mut applied = 0;
        for (group, kind, text) in objects(render)? {
            if known.contains(&group) {
                manifest.push_str(&format!("---\n{text}\n"));
                applied += 1;
            } else {
                unknown.insert(format!("{kind} of {group}"));
            }
        }
        let in_namespace = in_namespace(&manifest, &namespace);
        kubectl.apply(&in_namespace, &["-n", &namespace]).with_context(|| format!("the render {name}"))?;
        println!("{name}: {applied} objects");
        kubectl.run(&["delete", "namespace", &namespace, "--wait=false"])?;
    }
    Ok(unknown)
}

/// Returns the names of the service accounts of pods in `render`.
fn service_accounts(render: &str) -> BTreeSet<&str> {
    let named = render.lines().filter_map(|line| line.trim().strip_prefix("serviceAccountName:"));
    named.map(str::trim).filter(|name| *name != "default").collect()
}

fn service_account(name: &str) -> String {
    format!("---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n")
}

/// Puts the objects of a render into `namespace`: kubectl refuses another one than that of its command line.
fn in_namespace(manifest: &str, namespace: &str) -> String {
    let line = |line: &str| match line.strip_prefix("  namespace:") {
        Some(_) => format!("  namespace: {namespace}\n"),
        None => format!("{line}\n"),
    };
    manifest.lines().map(line).collect()
}

/// Returns the API groups of the server.
fn known_groups(kubectl: &Kubectl) -> Result<BTreeSet<String>> {
    let versions = kubectl.run(&["api-versions"])?;
    Ok(versions.lines().map(|version| version.split_once('/').map_or("", |(group, _)| group).to_owned()).collect())
}

/// Helm with a namespace and the values of a release.
#[derive(Clone, Copy, Debug)]
pub struct Helm<'h> {
    /// The programs of the machine.
    pub programs: &'h Programs,
    /// The cluster.
    pub kubectl: &'h Kubectl,
    /// The folder for Helm's own files and the values.
    pub folder: &'h Path,
    /// The namespace of the release.
    pub namespace: &'h str,
}

impl Helm<'_> {
    fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut helm = self.programs.command("helm")?;
        helm.args(arguments).args(["--namespace", self.namespace]);
        helm.env("KUBECONFIG", self.kubectl.kubeconfig());
        for (variable, name) in
            [("HELM_CACHE_HOME", "cache"), ("HELM_CONFIG_HOME", "config"), ("HELM_DATA_HOME", "data")]
        {
            helm.env(variable, self.folder.join("helm").join(name));
        }
        Ok(helm)
    }

    /// Runs Helm, and returns what it prints.
    ///
    /// # Errors
    ///
    /// If it fails; the message has the state of the namespace.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = process::output(&mut self.command(arguments)?);
        output.with_context(|| self.kubectl.explain(self.namespace))
    }

    /// Installs the release, or upgrades it, and waits until it is complete.
    ///
    /// # Errors
    ///
    /// If it does not become so.
    pub fn upgrade(&self, chart: &Path, values: &Value) -> Result<()> {
        fs::create_dir_all(self.folder).with_context(|| format!("cannot make {}", self.folder.display()))?;
        let file = self.folder.join("values.json");
        fs::write(&file, values.to_string()).with_context(|| format!("cannot write {}", file.display()))?;
        let [chart, file] = [chart, &file].map(|path| path.to_string_lossy());
        let arguments = ["upgrade", "--install", RELEASE, &*chart, "--values", &*file, "--wait", "--timeout", CHANGE];
        self.run(&arguments).map(drop)
    }

    /// Removes the release, and checks that nothing of it is left in its namespace.
    ///
    /// # Errors
    ///
    /// If something is.
    pub fn uninstall(&self) -> Result<()> {
        self.run(&["uninstall", RELEASE, "--wait", "--timeout", CHANGE])?;
        let kinds = self.kubectl.run(&["api-resources", "--namespaced", "--verbs=list,delete", "-o", "name"])?;
        // Events are a log, and expire.
        let kinds: Vec<&str> = kinds.lines().filter(|kind| !kind.starts_with("events")).collect();
        let kinds = kinds.join(",");
        wait_for("the end of what the release had", GONE, || {
            let left = self.kubectl.run(&["get", &kinds, "-n", self.namespace, "-o", "name", "--ignore-not-found"])?;
            let left: Vec<&str> = left.lines().filter(|name| !OF_EVERY_NAMESPACE.contains(name)).collect();
            ensure!(left.is_empty(), "left behind: {}", left.join(", "));
            Ok(())
        })
    }
}

/// The secrets without which the chart is not rendered.
const REQUIRED: [&str; 5] =
    ["service_token_secret", "provider_token_secret", "auth_key_secret", "audit_secret", "payment_webhook_secret"];

/// Returns the value of a secret in the check.
pub fn secret(name: &str) -> String {
    format!("{name}-of-the-check-with-at-least-32-bytes")
}

/// Returns values for the secrets that are required, and for the one named `more`.
pub fn secrets(more: &str) -> Value {
    let values = REQUIRED.into_iter().chain([more]).map(|name| (name.to_owned(), secret(name).into()));
    Value::Object(values.collect())
}

/// Returns values for a release whose pods exist on paper.
pub fn paper_values() -> Value {
    json!({
        "image": { "repository": "registry.example/spindle" },
        "ticker": { "image": { "repository": "registry.example/spindle-ticker" } },
        "secrets": { "values": secrets("metrics_token") },
        "runtimeConfig": { "libsql": { "url": "http://{service}-db:8080" }, "redis": { "url": "redis://redis:6379" } },
    })
}

/// Installs the chart, upgrades it, rolls back and uninstalls it, on nodes that exist on paper.
///
/// # Errors
///
/// If Helm fails, or the cluster's state is not the one of the values.
pub fn lifecycle(helm: &Helm<'_>, chart: &Path) -> Result<()> {
    let kubectl = helm.kubectl;
    kubectl.run(&["create", "namespace", helm.namespace])?;
    let mut values = paper_values();
    helm.upgrade(chart, &values).context("install")?;
    let first = application(kubectl, helm.namespace)?;
    ensure!(first.ready >= 1, "no replica is ready: {first:?}");
    println!("installed: {} replicas", first.ready);

    values["variables"] = json!({ "log_level": "debug" });
    helm.upgrade(chart, &values).context("upgrade")?;
    let second = application(kubectl, helm.namespace)?;
    ensure!(second.template != first.template, "a changed variable does not replace the pods");
    println!("upgraded: a changed variable replaced the pods");

    // The same values again must replace nothing.
    helm.upgrade(chart, &values).context("the same upgrade again")?;
    ensure!(application(kubectl, helm.namespace)?.template == second.template, "the same values replace the pods");
    helm.run(&["rollback", RELEASE, "1", "--wait", "--timeout", CHANGE]).context("rollback")?;
    let third = application(kubectl, helm.namespace)?;
    ensure!(third.template == first.template, "the rollback does not restore the first pods");
    println!("rolled back: the pods are those of the first revision");
    helm.uninstall().context("uninstall")?;
    println!("uninstalled: nothing is left");
    kubectl.run(&["delete", "namespace", helm.namespace]).map(drop)
}

/// Installs the first committed revision of the chart, and upgrades it to the present one.
///
/// # Errors
///
/// If git or Helm fails.
pub fn upgrade_from_first(helm: &Helm<'_>, workspace: &Workspace, chart: &Path) -> Result<()> {
    let root = workspace.root();
    let git = |arguments: &[&str]| process::output(Command::new("git").arg("-C").arg(root).args(arguments));
    let revisions = git(&["log", "--diff-filter=A", "--format=%H", "--", "deploy/chart/Chart.yaml"])?;
    let Some(first) = revisions.lines().last() else { bail!("no revision of the chart is committed") };
    let old = helm.folder.join("first");
    fs::create_dir_all(&old).with_context(|| format!("cannot make {}", old.display()))?;
    let archive = old.join("chart.tar");
    git(&["archive", "--output", &archive.to_string_lossy(), first, "deploy/chart"])?;
    process::output(helm.programs.command("tar")?.arg("--extract").arg("--file").arg(&archive).arg("-C").arg(&old))?;
    helm.kubectl.run(&["create", "namespace", helm.namespace])?;
    let values = paper_values();
    helm.upgrade(&old.join("deploy/chart"), &values).with_context(|| format!("install of {first}"))?;
    helm.upgrade(chart, &values).context("upgrade to the present chart")?;
    println!("upgraded from {first}");
    helm.uninstall()?;
    helm.kubectl.run(&["delete", "namespace", helm.namespace]).map(drop)
}

/// The application's Deployment.
#[derive(Debug)]
pub struct Application {
    /// The replicas that are ready.
    pub ready: u64,
    /// The template of its pods.
    pub template: Value,
}

/// Returns the state of the application of the release in `namespace`.
///
/// # Errors
///
/// If there is no Deployment of it.
pub fn application(kubectl: &Kubectl, namespace: &str) -> Result<Application> {
    let mut deployment = kubectl.get(&["deployment", RELEASE, "-n", namespace])?;
    Ok(Application {
        ready: deployment["status"]["readyReplicas"].as_u64().unwrap_or(0),
        template: deployment["spec"]["template"].take(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_render_is_split_into_its_objects() {
        let render = "---\n# Source: a\napiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n---\n# Source: nothing\n---\n\
            apiVersion: apps/v1\nkind: Deployment\nspec:\n  kind: other\n";
        let objects = objects(render).unwrap();
        let kinds: Vec<_> = objects.iter().map(|(group, kind, _)| (group.as_str(), kind.as_str())).collect();
        assert_eq!(kinds, [("", "Secret"), ("apps", "Deployment")]);
        assert!(super::objects("kind: Secret\n").is_err());
    }

    #[test]
    fn service_accounts_of_pods_are_found_once() {
        let render = "spec:\n  serviceAccountName: shop\n---\nspec:\n  serviceAccountName: shop\n---\nserviceAccountName: default\n";
        assert_eq!(service_accounts(render), BTreeSet::from(["shop"]));
    }

    #[test]
    fn objects_get_the_namespace_of_their_render() {
        let manifest = "metadata:\n  name: a\n  namespace: default\nspec:\n  selector:\n    namespace: b\n";
        let expected = "metadata:\n  name: a\n  namespace: c\nspec:\n  selector:\n    namespace: b\n";
        assert_eq!(in_namespace(manifest, "c"), expected);
    }
}
