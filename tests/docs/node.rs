//! A machine of its own for the pages about the single node: systemd as the first process of new namespaces, over a copy of the root file system
//! that is thrown away (`node.sh`). So the units are started by systemd itself, with all their hardening.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::skip;
use tempfile::TempDir;
use xtask::build;
use xtask::host::KillOnDrop;
use xtask::workspace::Workspace;

/// How long systemd may take to boot.
const BOOT: Duration = Duration::from_secs(60);

/// The time between two looks at it.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// The programs that the pages need, as Debian has them.
const PROGRAMS: [&str; 8] = ["curl", "haproxy", "ip", "jq", "nsenter", "openssl", "sqlite3", "unshare"];

/// The program that is the first process.
const SYSTEMD: &str = "/lib/systemd/systemd";

/// A machine. It ends with this value.
pub(crate) struct Node {
    process: Child,
    _kill_on_drop: KillOnDrop,
    /// The id of its first process.
    first: String,
    /// The folder that it shares with this machine, and one for the copy.
    files: TempDir,
    _copy: TempDir,
}

impl Node {
    /// Boots a machine. `None`: this one cannot, and the test is skipped.
    ///
    /// # Panics
    ///
    /// If it does not boot, or no test may be skipped.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let missing = PROGRAMS.into_iter().find(|program| !is_there(program));
        let missing = missing.or_else(|| (!Path::new(SYSTEMD).exists()).then_some(SYSTEMD));
        if let Some(missing) = missing {
            skip(test, missing);
            return None;
        }
        // A right is nothing that could be installed, so this is no failure where nothing may be skipped.
        if !may_mount() {
            eprintln!("skipped {test}: it needs the right to make namespaces and mounts (root)");
            return None;
        }
        let workspace = Workspace::locate();
        let mut ticker = build::cargo(&workspace);
        ticker.args(["build", "--quiet", "--profile", "host", "--package", "spindle-ticker", "--target-dir"]);
        assert!(
            ticker.arg(workspace.target_dir()).status().expect("cargo starts").success(),
            "the ticker does not build"
        );

        let (files, copy) = (tempfile::tempdir().expect("a temp folder"), tempfile::tempdir().expect("a temp folder"));
        let mut command = Command::new("unshare");
        command.args(["--pid", "--fork", "--kill-child", "--mount", "--uts", "--ipc", "--cgroup", "--net"]);
        command.args(["--propagation", "private", "sh"]).arg(workspace.root().join("tests/docs/node.sh"));
        command.arg(copy.path()).arg(files.path()).arg(workspace.root());
        let log = fs::File::create(files.path().join("boot.log")).expect("the folder can be written to");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).process_group(0);
        let process = command.spawn().expect("unshare starts");
        let kill_on_drop = KillOnDrop::new(&process).expect("a shell that ends it");
        let mut node = Self { process, _kill_on_drop: kill_on_drop, first: String::new(), files, _copy: copy };
        let begin = Instant::now();
        while !node.is_running() {
            let boot = || fs::read_to_string(node.files.path().join("boot.log")).unwrap_or_default();
            assert!(begin.elapsed() < BOOT, "the machine does not boot: {}", boot());
            thread::sleep(POLL_INTERVAL);
        }
        Some(node)
    }

    fn is_running(&mut self) -> bool {
        let id = self.process.id();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        self.first = children.trim().to_owned();
        if self.first.is_empty()
            || fs::read_to_string(format!("/proc/{}/comm", self.first)).ok().as_deref() != Some("systemd\n")
        {
            return false;
        }
        let state = self.shell("systemctl").arg("is-system-running").output().expect("nsenter starts");
        ["running\n", "degraded\n"].contains(&String::from_utf8_lossy(&state.stdout).as_ref())
    }

    /// Returns the folder that it shares with this machine, at the same path.
    pub(crate) fn files(&self) -> &Path {
        self.files.path()
    }

    /// Returns the command that runs `program` there.
    pub(crate) fn shell(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.args([
            "--target",
            &self.first,
            "--mount",
            "--uts",
            "--ipc",
            "--net",
            "--pid",
            "--cgroup",
            "--root",
            "--wd",
        ]);
        // A folder that nsenter opened would be this machine's.
        command.args(["--", "env", "--chdir"]).arg(Workspace::locate().root()).arg(program);
        command
    }

    /// Runs `script` there.
    fn run(&self, script: &str) {
        let output = self.shell("bash").args(["-euo", "pipefail", "-c", script]).output().expect("nsenter starts");
        let (printed, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{script}\n{printed}{errors}");
    }

    /// Causes the fault that a page is about.
    ///
    /// # Panics
    ///
    /// If there is none of that name, or it cannot be caused.
    pub(crate) fn cause(&self, fault: &str) {
        match fault {
            // A component that is cut off.
            "bad-release" => self.run(
                "cp -r /opt/spindle/releases/0.2.0 /opt/spindle/releases/0.3.0
                 truncate -s 1000 /opt/spindle/releases/0.3.0/target/wasm32-wasip2/release/orders.wasm
                 ln -sfn releases/0.3.0 /opt/spindle/current
                 ! systemctl restart spindle",
            ),
            "full-disk" => self.run("! dd if=/dev/zero of=/var/lib/private/something-else bs=64k status=none"),
            other => panic!("{other} is no fault of the single node: bad-release, full-disk"),
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Its first process ends with it, and all others with that one.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns whether a program is on PATH.
fn is_there(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let sbin = PathBuf::from("/usr/sbin");
    std::env::split_paths(&paths).chain([sbin]).any(|folder| folder.join(program).is_file())
}

/// Returns whether this process may make what the machine consists of.
fn may_mount() -> bool {
    let mut command = Command::new("unshare");
    command.args(["--pid", "--fork", "--mount", "--net", "--cgroup", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// The most that `systemd-analyze security` may rate a unit, times ten.
const EXPOSURE: &str = "20";

#[test]
fn the_units_of_the_single_node_are_hardened() {
    const TEST: &str = "the_units_of_the_single_node_are_hardened";
    if !is_there("systemd-analyze") {
        return skip(TEST, "systemd-analyze");
    }
    let folder = Workspace::locate().root().join("deploy/single-node");
    let copies = tempfile::tempdir().expect("a temp folder");
    let mut units = Vec::new();
    for entry in fs::read_dir(&folder).expect("the folder can be listed") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if !name.ends_with(".service") && !name.ends_with(".timer") {
            continue;
        }
        // The programs of a release are not on this machine.
        let text = fs::read_to_string(&path).expect("a unit can be read");
        let copy = copies.path().join(&name);
        let lines = text.lines().map(|line| match line.strip_prefix("ExecStart=") {
            Some(_) => "ExecStart=/bin/true".to_owned(),
            None => line.to_owned(),
        });
        fs::write(&copy, lines.map(|line| line + "\n").collect::<String>()).expect("the folder can be written to");
        units.push(copy);
    }
    assert_eq!(units.len(), 5, "{units:?}");
    let verified = Command::new("systemd-analyze").arg("verify").args(&units).output().expect("it starts");
    let complaints = String::from_utf8_lossy(&verified.stderr);
    let ours: Vec<&str> = complaints.lines().filter(|line| line.contains("spindle")).collect();
    assert!(verified.status.success() && ours.is_empty(), "{complaints}");
    for unit in units.iter().filter(|unit| unit.extension().is_some_and(|extension| extension == "service")) {
        let mut command = Command::new("systemd-analyze");
        command.args(["security", "--offline=true", "--no-pager", "--threshold", EXPOSURE]).arg(unit);
        let rated = command.output().expect("it starts");
        assert!(rated.status.success(), "{}: {}", unit.display(), String::from_utf8_lossy(&rated.stdout));
    }
}
