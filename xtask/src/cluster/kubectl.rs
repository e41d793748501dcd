//! The client of the cluster's API: kubectl, with the configuration of its administrator.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use super::process;

/// The manager of the fields that the check applies.
const FIELD_MANAGER: &str = "--field-manager=spindle-check";

/// kubectl with a configuration.
#[derive(Clone, Debug)]
pub struct Kubectl {
    program: PathBuf,
    kubeconfig: PathBuf,
}

impl Kubectl {
    /// Returns a client that calls `program` with `kubeconfig`.
    pub fn new(program: PathBuf, kubeconfig: PathBuf) -> Self {
        Self { program, kubeconfig }
    }

    /// Returns the configuration, for other clients.
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.env("KUBECONFIG", &self.kubeconfig).args(arguments);
        command
    }

    /// Runs kubectl, and returns what it prints.
    ///
    /// # Errors
    ///
    /// If it fails.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        process::output(&mut self.command(arguments))
    }

    /// Returns the object, or the list of objects, that `arguments` name.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn get(&self, arguments: &[&str]) -> Result<Value> {
        let text = self.run(&[&["get", "-o", "json"], arguments].concat())?;
        serde_json::from_str(&text).context("kubectl prints no JSON")
    }

    /// Returns the items of a list.
    ///
    /// # Errors
    ///
    /// If it cannot be had.
    pub fn list(&self, arguments: &[&str]) -> Result<Vec<Value>> {
        match self.get(arguments)?["items"].take() {
            Value::Array(items) => Ok(items),
            _ => bail!("kubectl get {} is no list", arguments.join(" ")),
        }
    }

    /// Applies `manifest` on the server, with more arguments of `kubectl apply`.
    ///
    /// # Errors
    ///
    /// If the server refuses an object.
    pub fn apply(&self, manifest: &str, arguments: &[&str]) -> Result<String> {
        let mut command = self.command(&["apply", "--server-side", FIELD_MANAGER, "-f", "-"]);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().context("cannot start kubectl")?;
        // Its pipe is closed at the end of the statement. A refusal before all is read is in what it prints.
        let written = child.stdin.take().map(|mut stdin| stdin.write_all(manifest.as_bytes()));
        let output = child.wait_with_output()?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "kubectl apply ({}): {}", output.status, stderr.trim());
        written.transpose()?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Waits until `resource` in `namespace` meets `condition`, such as `condition=Available`.
    ///
    /// # Errors
    ///
    /// If it does not within `limit`.
    pub fn wait(&self, namespace: &str, resource: &str, condition: &str, limit: Duration) -> Result<()> {
        let (condition, limit) = (format!("--for={condition}"), format!("--timeout={}s", limit.as_secs()));
        self.run(&["wait", "-n", namespace, resource, &condition, &limit]).map(drop)
    }

    /// Returns the events of a namespace that are no routine, and the last lines of its pods: why something in it does not start.
    pub fn explain(&self, namespace: &str) -> String {
        let events = self.run(&["get", "events", "-n", namespace, "--field-selector=type!=Normal"]).unwrap_or_default();
        let pods = self.run(&["get", "pods", "-n", namespace, "-o", "wide"]).unwrap_or_default();
        format!("{pods}{events}")
    }
}
