//! The namespaces of the kernel that a cluster runs in: a network, mounts and processes of its own, which end with the command that made them.
//!
//! The command runs itself again inside. The outer one waits, and cleans up after the inner one however that ends: the kernel kills all processes
//! and drops all mounts and network devices of the namespaces with their first process.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::{Pid, Signal, geteuid, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;

use super::process;
use super::programs::Programs;
use crate::host::KillOnDrop;

/// The address of the node in its network.
pub const NODE_ADDRESS: &str = "10.200.0.1";

/// The name of the node.
pub const NODE_NAME: &str = "spindle-node";

/// An address that no machine has: the default route leads there, as programs refuse to start without one.
const NOWHERE: &str = "10.200.0.254";

/// The variable with the folder of the cluster, which only the inner command has.
const FOLDER: &str = "SPINDLE_CLUSTER_FOLDER";

/// The folder of control groups.
const CGROUPS: &str = "/sys/fs/cgroup";

/// The longest time until the kernel has ended the processes of a namespace.
const END: Duration = Duration::from_secs(20);

/// The programs that make a namespace.
pub const TOOLS: [&str; 3] = ["unshare", "ip", "mount"];

/// A network, mounts and processes of the cluster's own, seen from inside.
#[derive(Clone, Debug)]
pub struct Namespace {
    folder: PathBuf,
}

impl Namespace {
    /// Returns the namespace that this process is in, ready for a cluster; `None` outside.
    ///
    /// # Errors
    ///
    /// If its network or its mounts cannot be made.
    pub fn current(programs: &Programs) -> Result<Option<Self>> {
        let Some(folder) = std::env::var_os(FOLDER) else { return Ok(None) };
        let namespace = Self { folder: folder.into() };
        namespace.prepare(programs).context("cannot prepare the namespace")?;
        Ok(Some(namespace))
    }

    /// Returns the folder for everything that the cluster writes. The outer command removes it.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the name of the control group of the cluster's pods.
    pub fn cgroup(&self) -> String {
        cgroup(&self.folder)
    }

    /// Makes the control group of the cluster's pods in each hierarchy. The outer command removes it.
    ///
    /// # Errors
    ///
    /// If one cannot be made.
    pub fn make_cgroups(&self) -> Result<()> {
        for folder in cgroup_folders(&self.cgroup()) {
            fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        Ok(())
    }

    fn prepare(&self, programs: &Programs) -> Result<()> {
        let run = |name: &str, arguments: &[&str]| process::output(programs.command(name)?.args(arguments));
        run("ip", &["link", "set", "lo", "up"])?;
        // A bridge, as not every kernel has dummy devices.
        run("ip", &["link", "add", "spindle0", "type", "bridge"])?;
        run("ip", &["addr", "add", &format!("{NODE_ADDRESS}/24"), "dev", "spindle0"])?;
        run("ip", &["link", "set", "spindle0", "up"])?;
        run("ip", &["route", "add", "default", "via", NOWHERE])?;
        fs::write("/proc/sys/net/ipv4/ip_forward", "1").context("cannot forward packets")?;
        // Runtime state of containerd, of the network plugins and of skopeo.
        run("mount", &["-t", "tmpfs", "tmpfs", "/run"])?;
        // Some paths of kubelet and containerd are not configurable.
        for path in ["/var", "/opt"] {
            self.cover(programs, path)?;
        }
        self.replace_file(programs, "/etc/hosts", &format!("127.0.0.1 localhost\n{NODE_ADDRESS} {NODE_NAME}\n"))?;
        self.replace_file(programs, "/etc/resolv.conf", &format!("nameserver {NODE_ADDRESS}\noptions ndots:1\n"))
    }

    /// Directs writes below `path` into the folder of the cluster.
    fn cover(&self, programs: &Programs, path: &str) -> Result<()> {
        let [upper, work] = ["upper", "work"].map(|layer| self.folder.join(format!("cover{path}/{layer}")));
        for layer in [&upper, &work] {
            fs::create_dir_all(layer).with_context(|| format!("cannot make {}", layer.display()))?;
        }
        let layers = format!("lowerdir={path},upperdir={},workdir={}", upper.display(), work.display());
        process::output(programs.command("mount")?.args(["-t", "overlay", "overlay", "-o", &layers, path])).map(drop)
    }

    /// Replaces a file of the machine for the processes of this namespace.
    fn replace_file(&self, programs: &Programs, path: &str, text: &str) -> Result<()> {
        let file = self.folder.join(path.trim_start_matches('/').replace('/', "-"));
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
        process::output(programs.command("mount")?.arg("--bind").args([&file, Path::new(path)])).map(drop)
    }
}

/// Runs this command again in new namespaces, and returns once they are gone.
///
/// # Errors
///
/// If they cannot be made, if the inner command fails, or if something of it cannot be removed.
pub fn enter(programs: &Programs) -> Result<()> {
    ensure!(geteuid().is_root(), "a network namespace with a node needs root");
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT]).context("cannot wait for Ctrl-C")?;
    let folder = tempfile::Builder::new().prefix("spindle-cluster-").tempdir().context("cannot make a folder")?;
    let mut unshare = programs.command("unshare")?;
    unshare.args(["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "--"]);
    unshare.arg(std::env::current_exe()?).args(std::env::args_os().skip(1)).env(FOLDER, folder.path());
    // A group of its own: Ctrl-C reaches only this process.
    unshare.stdin(Stdio::null()).process_group(0);
    if let Some(path) = std::env::var_os("PATH") {
        unshare.env("PATH", path);
    }
    let mut child = unshare.spawn().context("cannot start unshare")?;
    let kill_on_drop = KillOnDrop::new(&child)?;
    let result = wait(&mut child, &mut signals);
    drop(kill_on_drop);
    let cleaned = clean_up(folder);
    let status = result?;
    cleaned?;
    ensure!(status.success(), "the command inside the namespace failed ({status})");
    Ok(())
}

/// Waits until the inner command ends, and kills it at a signal to stop.
fn wait(child: &mut Child, signals: &mut Signals) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if let Some(signal) = signals.pending().next() {
            // The first process of the namespaces is in the group, and all others die with it.
            let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
            child.wait()?;
            bail!("stopped by signal {signal}");
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Removes what the kernel does not remove with the namespaces: control groups, and the folder.
fn clean_up(folder: tempfile::TempDir) -> Result<()> {
    let deadline = Instant::now() + END;
    for group in cgroup_folders(&cgroup(folder.path())) {
        // As long as a process is left, its group cannot be removed.
        while let Err(error) = remove_cgroup(&group) {
            if Instant::now() > deadline {
                return Err(error).with_context(|| format!("cannot remove {}", group.display()));
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
    let path = folder.path().to_path_buf();
    folder.close().with_context(|| format!("cannot remove {}", path.display()))
}

/// Removes a control group and those below it. One that is not there is removed.
fn remove_cgroup(group: &Path) -> Result<()> {
    if !group.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(group)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_cgroup(&entry.path())?;
        }
    }
    Ok(fs::remove_dir(group)?)
}

/// Returns the name of the control group of the cluster in `folder`, whose own name is unique.
fn cgroup(folder: &Path) -> String {
    folder.file_name().unwrap_or_default().to_string_lossy().replace('.', "-")
}

/// Returns the folders of a control group: one in the single hierarchy of version 2, one in each of version 1.
fn cgroup_folders(name: &str) -> Vec<PathBuf> {
    let root = Path::new(CGROUPS);
    if root.join("cgroup.controllers").exists() {
        return vec![root.join(name)];
    }
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    let folders = entries.map(|entry| entry.path()).filter(|path| path.is_dir() && !path.is_symlink());
    folders.map(|path| path.join(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_control_group_has_a_name_that_a_path_can_have() {
        assert_eq!(cgroup(Path::new("/tmp/spindle-cluster-aB3.x")), "spindle-cluster-aB3-x");
        let folders = cgroup_folders("spindle-cluster-test");
        assert!(folders.iter().all(|folder| folder.starts_with(CGROUPS) && !folder.exists()), "{folders:?}");
    }

    #[test]
    fn nested_groups_are_removed_with_their_parent() {
        let dir = tempfile::tempdir().unwrap();
        let group = dir.path().join("group");
        fs::create_dir_all(group.join("pod/container")).unwrap();
        remove_cgroup(&group).unwrap();
        assert!(!group.exists());
        remove_cgroup(&group).unwrap();
    }
}
