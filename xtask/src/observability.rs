//! The files in `observability/` that are generated from `slo.yaml`: the rules, by sloth; the dashboards; and the thresholds of load tests.

mod dashboards;
mod panel;
mod slo;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

pub use slo::{Alerting, Annotations, Query, Slo, Slos};

use crate::go;
use crate::workspace::Workspace;

/// Returns the folder of the files for Prometheus, Alertmanager and Grafana.
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root().join("observability")
}

/// Writes every file that is generated from `slo.yaml`.
///
/// # Errors
///
/// If Go is missing, sloth does not build or refuses the file, or a file cannot be written.
pub fn run(workspace: &Workspace) -> Result<()> {
    let sloth = go::program(workspace, "sloth", "github.com/slok/sloth/cmd/sloth")?;
    let sloth = sloth.context("Go is not installed: it builds sloth, which generates the rules (https://go.dev/dl)")?;
    write(&rules_file(workspace), &rules(workspace, &sloth)?)?;
    for (path, content) in files(workspace)? {
        write(&path, &content)?;
    }
    for (path, content) in copies(workspace)? {
        write(&path, &content)?;
    }
    Ok(())
}

/// Returns the copies of rules and dashboards in the chart, which cannot read outside of its folder: their files and texts.
///
/// # Errors
///
/// If a file cannot be read.
pub fn copies(workspace: &Workspace) -> Result<Vec<(PathBuf, String)>> {
    let mut copies = Vec::new();
    for (from, to) in [("prometheus/rules", "rules"), ("dashboards", "dashboards")] {
        let from = folder(workspace).join(from);
        for entry in fs::read_dir(&from).with_context(|| format!("cannot read {}", from.display()))? {
            let entry = entry?;
            let copy = workspace.root().join("deploy/chart/files").join(to).join(entry.file_name());
            copies.push((copy, fs::read_to_string(entry.path())?));
        }
    }
    Ok(copies)
}

/// Returns the rules that `sloth` generates, the text of [`rules_file`].
///
/// # Errors
///
/// If sloth cannot be started, or refuses `slo.yaml`.
pub fn rules(workspace: &Workspace, sloth: &Path) -> Result<String> {
    let mut sloth = Command::new(sloth);
    let output = sloth.args(["generate", "--input"]).arg(folder(workspace).join("slo.yaml")).output()?;
    ensure!(output.status.success(), "sloth failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8(output.stdout)?)
}

/// Returns the file with the rules of sloth.
pub fn rules_file(workspace: &Workspace) -> PathBuf {
    folder(workspace).join("prometheus/rules/slo.yaml")
}

/// Returns the dashboards and the thresholds: their files and texts.
///
/// # Errors
///
/// If `slo.yaml` cannot be read.
pub fn files(workspace: &Workspace) -> Result<Vec<(PathBuf, String)>> {
    let slos = Slos::read(&folder(workspace).join("slo.yaml"))?;
    let mut files = vec![(folder(workspace).join("thresholds.json"), pretty(&thresholds(&slos)))];
    for dashboard in dashboards::all(&slos) {
        let path = folder(workspace).join(format!("dashboards/{}.json", dashboard.name));
        files.push((path, pretty(&dashboard.render())));
    }
    Ok(files)
}

/// Returns the thresholds of load tests: by service and kind the share of good requests, and the time that a good one takes at most.
fn thresholds(slos: &Slos) -> Value {
    let mut thresholds = json!({});
    for slo in &slos.slos {
        thresholds[&slo.name] = json!({ "objective": slo.objective_ratio() });
        if let Some(limit) = slo.limit() {
            thresholds[&slo.name]["seconds"] = limit.into();
        }
    }
    thresholds
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn write(path: &Path, content: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}
