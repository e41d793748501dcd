//! `cargo xtask cluster`: a real control plane and a real node in a namespace of the kernel, and the checks of the chart on them.

pub mod chart;
pub mod checks;
pub mod control_plane;
pub mod crds;
pub mod kubectl;
pub mod load;
pub mod namespace;
pub mod node;
pub mod operator;
pub mod paper;
pub mod platform;
pub mod process;
pub mod programs;
pub mod registry;
pub mod render;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Subcommand;

use self::checks::{Check, Part};
use self::control_plane::ControlPlane;
use self::namespace::Namespace;
use self::node::Node;
use self::programs::Programs;
use self::registry::Registry;
use crate::workspace::Workspace;

/// A part of `cargo xtask cluster`.
#[derive(Debug, Subcommand)]
pub enum ClusterTask {
    /// Check the chart on a real control plane and a real node, as far as the programs on PATH and in target/tools allow (docs/cluster-check.md)
    Check {
        /// Run only this part; may be repeated
        #[arg(long = "part", value_enum)]
        parts: Vec<Part>,
        /// Fail if a step is left out
        #[arg(long)]
        require_all: bool,
    },
    /// Build the programs of a cluster that tools/ pins into target/tools; needs Go, and half an hour for its first run
    Tools,
    /// Run a command beside a new cluster, with KUBECONFIG, and remove the cluster
    Run {
        /// Start a node too, with a registry
        #[arg(long)]
        node: bool,
        /// The command and its arguments
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
        command: Vec<OsString>,
    },
}

/// Runs a part of `cargo xtask cluster`.
///
/// # Errors
///
/// If it fails.
pub fn run(workspace: &Workspace, task: &ClusterTask) -> Result<()> {
    if let ClusterTask::Tools = task {
        programs::build(workspace)?;
        crds::download(workspace)?;
        return paper::download_stages(workspace);
    }
    let programs = Programs::find(workspace);
    let missing = programs.missing(&namespace::TOOLS);
    ensure!(missing.is_empty(), "a cluster needs {} (packages util-linux, iproute2 and mount)", missing.join(", "));
    let Some(namespace) = Namespace::current(&programs)? else { return namespace::enter(&programs) };
    let result = match task {
        ClusterTask::Tools => Ok(()),
        ClusterTask::Check { parts, require_all } => {
            Check::new(workspace, &programs, &namespace).run(parts, *require_all)
        }
        ClusterTask::Run { node, command } => run_command(&programs, &namespace, *node, command),
    };
    let kept = workspace.target_dir().join("cluster-logs");
    keep_logs(&control_plane::logs(&namespace), &kept)?;
    result.with_context(|| format!("the logs are in {}", kept.display()))
}

/// Runs `command` beside a new cluster.
fn run_command(programs: &Programs, namespace: &Namespace, with_node: bool, command: &[OsString]) -> Result<()> {
    let mut missing: Vec<String> = programs.missing(&control_plane::TOOLS).into_iter().map(str::to_owned).collect();
    if with_node {
        missing.extend(Node::missing(programs));
        missing.extend(programs.missing(&registry::TOOLS).into_iter().map(str::to_owned));
    }
    ensure!(missing.is_empty(), "missing: {} (docs/cluster-check.md)", missing.join(", "));
    let control_plane = ControlPlane::start(programs, namespace)?;
    let mut node = None;
    if with_node {
        let registry = Registry::start(programs, namespace)?;
        let started = Node::start(programs, namespace, control_plane.kubectl(), &registry)?;
        node = Some((started, registry));
    }
    let (program, arguments) = command.split_first().context("clap requires a command")?;
    // Through `programs`, so that the command finds kubectl and helm on its PATH.
    let name = program.to_str().context("the command's name is no text")?;
    let mut command = programs.command(name).or_else(|error| {
        if Path::new(program).is_file() { Ok(std::process::Command::new(program)) } else { Err(error) }
    })?;
    command.args(arguments).env("KUBECONFIG", control_plane.kubectl().kubeconfig());
    command.env("SPINDLE_REGISTRY", registry::REGISTRY);
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    drop(node);
    if status.success() { Ok(()) } else { bail!("{name} failed ({status})") }
}

/// Copies the logs to `target`, in the place of those of the last run.
fn keep_logs(logs: &Path, target: &PathBuf) -> Result<()> {
    if target.exists() {
        fs::remove_dir_all(target).with_context(|| format!("cannot remove {}", target.display()))?;
    }
    fs::create_dir_all(target).with_context(|| format!("cannot make {}", target.display()))?;
    for entry in fs::read_dir(logs).into_iter().flatten() {
        let entry = entry?;
        fs::copy(entry.path(), target.join(entry.file_name())).context("cannot copy the logs")?;
    }
    Ok(())
}
