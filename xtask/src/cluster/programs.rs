//! The programs that the check runs: those that `tools/` pins, and those of the machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::process;
use crate::go::{self, Program};
use crate::workspace::Workspace;

/// Helm and operators read the version of a cluster, which only the linker knows.
const KUBERNETES_VERSION: &str = "-X k8s.io/component-base/version.gitVersion=v1.36.3 \
    -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=36";

/// The programs that the modules in `tools/` pin.
pub const PINNED: [Program<'static>; 15] = [
    kubernetes("kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver"),
    kubernetes("kube-controller-manager", "k8s.io/kubernetes/cmd/kube-controller-manager"),
    kubernetes("kube-scheduler", "k8s.io/kubernetes/cmd/kube-scheduler"),
    kubernetes("kubectl", "k8s.io/kubernetes/cmd/kubectl"),
    kubernetes("kubelet", "k8s.io/kubernetes/cmd/kubelet"),
    kubernetes("kube-proxy", "k8s.io/kubernetes/cmd/kube-proxy"),
    other("containerd", "containerd", "github.com/containerd/containerd/v2/cmd/containerd"),
    other("containerd", "containerd-shim-runc-v2", "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2"),
    other("containerd", "ctr", "github.com/containerd/containerd/v2/cmd/ctr"),
    other("coredns", "coredns", "github.com/coredns/coredns"),
    other("helm", "helm", "helm.sh/helm/v4/cmd/helm"),
    other("kubeconform", "kubeconform", "github.com/yannh/kubeconform/cmd/kubeconform"),
    other("kwok", "kwok", "sigs.k8s.io/kwok/cmd/kwok"),
    other("flagger", "flagger", "github.com/fluxcd/flagger/cmd/flagger"),
    other("cosign", "cosign", "github.com/sigstore/cosign/v3/cmd/cosign"),
];

const fn kubernetes(name: &'static str, package: &'static str) -> Program<'static> {
    Program { module: "kubernetes", name, package, ldflags: KUBERNETES_VERSION }
}

const fn other(module: &'static str, name: &'static str, package: &'static str) -> Program<'static> {
    Program { module, name, package, ldflags: "" }
}

/// The programs that were found.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The folders that they are looked for in, the first one first.
    folders: Vec<PathBuf>,
}

impl Programs {
    /// Returns those in `target/tools`, then those on `PATH`, then those that only root has on its own.
    pub fn find(workspace: &Workspace) -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut folders = vec![workspace.target_dir().join("tools")];
        folders.extend(std::env::split_paths(&path));
        folders.extend(["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from));
        Self { folders }
    }

    /// Returns the file of `name`, if there is one.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        self.folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file())
    }

    /// Returns those of `names` that are missing.
    pub fn missing<'n>(&self, names: &[&'n str]) -> Vec<&'n str> {
        names.iter().copied().filter(|name| self.path(name).is_none()).collect()
    }

    /// Returns a command of `name`, whose own commands are looked for in the same folders.
    ///
    /// # Errors
    ///
    /// If it is missing.
    pub fn command(&self, name: &str) -> Result<Command> {
        let path = self.path(name).with_context(|| format!("{name} is missing"))?;
        let mut command = Command::new(path);
        command.env("PATH", std::env::join_paths(&self.folders)?);
        Ok(command)
    }
}

/// Builds every program that `tools/` pins into `target/tools`.
///
/// # Errors
///
/// If Go is missing, or one does not build.
pub fn build(workspace: &Workspace) -> Result<()> {
    for program in &PINNED {
        println!("building {} of tools/{}", program.name, program.module);
        program.build(workspace)?.context("Go is not installed (https://go.dev/dl)")?;
    }
    Ok(())
}

/// Returns the folder of a module of Go in its cache, downloaded if it is not there: `module` is a path and a version, `PATH@VERSION`.
///
/// # Errors
///
/// If Go is missing, or the module cannot be had.
pub fn module(folder: &Path, module: &str) -> Result<PathBuf> {
    anyhow::ensure!(go::is_installed(), "Go is not installed (https://go.dev/dl)");
    let json = process::output(Command::new("go").current_dir(folder).args(["mod", "download", "-json", module]))?;
    let module: serde_json::Value = serde_json::from_str(&json)?;
    Ok(module["Dir"].as_str().context("go mod download names no folder")?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pinned_program_is_a_tool_of_its_module() {
        let workspace = Workspace::locate();
        for program in &PINNED {
            let file = workspace.root().join("tools").join(program.module).join("go.mod");
            let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let is_tool = |line: &str| line.trim().trim_start_matches("tool ") == program.package;
            assert!(text.lines().any(is_tool), "{} is no tool of {}", program.package, file.display());
        }
    }

    #[test]
    fn the_version_of_kubernetes_is_that_of_its_module() {
        let file = Workspace::locate().root().join("tools/kubernetes/go.mod");
        let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let version = text.lines().find_map(|line| line.trim().strip_prefix("k8s.io/kubernetes ")).unwrap();
        let version = version.split_whitespace().next().unwrap();
        assert!(KUBERNETES_VERSION.contains(&format!("gitVersion={version} ")), "{version}");
    }

    #[test]
    fn a_program_of_target_is_preferred_and_a_missing_one_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let (first, second) = (dir.path().join("first"), dir.path().join("second"));
        for file in [first.join("helm"), second.join("helm"), second.join("ip")] {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "").unwrap();
        }
        let programs = Programs { folders: vec![first.clone(), second.clone()] };
        assert_eq!(programs.path("helm"), Some(first.join("helm")));
        assert_eq!(programs.missing(&["helm", "ip", "kubelet"]), ["kubelet"]);
        assert_eq!(programs.command("kubelet").unwrap_err().to_string(), "kubelet is missing");
    }
}
