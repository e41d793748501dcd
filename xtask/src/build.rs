//! The builds of the components, the embedded host and the conformance kit, and the installation of the Wasm target.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use clap::ValueEnum;

use crate::application::{Application, Component};
use crate::host::Runtime;
use crate::state;
use crate::workspace::Workspace;

/// The target of components.
pub const WASM_TARGET: &str = "wasm32-wasip2";

/// The package of the embedded host.
pub const HOST: &str = "spindle-host";

/// The package of the conformance kit.
pub const KIT: &str = "spindle-conformance";

/// The package that packs images.
const IMAGE: &str = "spindle-image";

/// The package of the clock of an application in a cluster.
const TICKER: &str = "spindle-ticker";

/// The feature of the platform for the world of WASI 0.3.
const WASI_0_3: &str = "spindle-platform/wasi-0-3";

/// The variable with the world of the instances that tests start: `0.2`, which is the default, or `0.3`.
pub const WORLD: &str = "SPINDLE_WORLD";

/// A world of components.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum World {
    /// WASI 0.2: every Spin runs it
    #[default]
    #[value(name = "0.2")]
    Wasi0_2,
    /// WASI 0.3, for Spin 4.1 and the embedded host: an instance serves many requests
    #[value(name = "0.3")]
    Wasi0_3,
}

impl World {
    /// Returns the world that [`WORLD`] names.
    ///
    /// # Panics
    ///
    /// If there is no such world.
    pub fn of_environment() -> Self {
        let name = std::env::var(WORLD).unwrap_or_default();
        if name.is_empty() { Self::default() } else { Self::from_str(&name, false).expect("the world is 0.2 or 0.3") }
    }

    /// Returns its name: `0.2`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wasi0_2 => "0.2",
            Self::Wasi0_3 => "0.3",
        }
    }

    /// Returns the name of the manifest with its components, in the root of the workspace.
    pub fn manifest(self) -> &'static str {
        match self {
            Self::Wasi0_2 => "spin.toml",
            Self::Wasi0_3 => "spin.wasi-0.3.toml",
        }
    }

    /// Returns the released form of its components.
    pub fn released(self) -> Mode {
        match self {
            Self::Wasi0_2 => Mode::Release,
            Self::Wasi0_3 => Mode::ReleaseWasi0_3,
        }
    }
}

/// The form of components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The released form: optimised and small.
    Release,
    /// Unoptimised, and fast to build.
    Debug,
    /// The released form with the services in the world of WASI 0.3. Adapters and providers stay in that of 0.2: an instance of theirs serves one
    /// request, so that no provider keeps anything from one to the next.
    ReleaseWasi0_3,
}

impl Mode {
    /// Returns the folder in target/ that holds the services.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Debug => "debug",
            Self::ReleaseWasi0_3 => "wasi-0-3",
        }
    }

    /// Returns the form of adapters and providers, and of the event relay, whose trigger hands over one message at a time.
    pub(crate) fn of_adapters(self) -> Self {
        match self {
            Self::ReleaseWasi0_3 => Self::Release,
            mode => mode,
        }
    }

    /// Returns the form of `component`.
    pub(crate) fn of(self, has_provider: bool) -> Self {
        if has_provider { self.of_adapters() } else { self }
    }
}

/// Returns the cargo that runs this program, or the one on PATH.
pub fn cargo(workspace: &Workspace) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace.root());
    // `cargo run` sets variables with the metadata of this package. Build scripts that read them, such as ring's, would see a change, and run again
    // each time this program starts cargo after a developer did.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_package_metadata) {
            command.env_remove(name);
        }
    }
    command
}

fn is_package_metadata(variable: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
        .iter()
        .any(|prefix| variable.starts_with(prefix))
}

/// Installs the Wasm target if the toolchain lacks it.
///
/// # Errors
///
/// If it is missing and rustup cannot install it.
pub fn ensure_wasm_target(workspace: &Workspace) -> Result<()> {
    let rustc = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", WASM_TARGET])
        .current_dir(workspace.root())
        .stderr(Stdio::null())
        .output()
        .context("cannot run rustc: Rust is installed with https://rustup.rs")?;
    if rustc.status.success() && Path::new(String::from_utf8_lossy(&rustc.stdout).trim()).is_dir() {
        return Ok(());
    }
    println!("installing the {WASM_TARGET} target");
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", WASM_TARGET]).current_dir(workspace.root());
    run(&mut rustup).with_context(|| format!("the {WASM_TARGET} target is missing and rustup could not install it"))
}

/// Compiles every component of the application and of the event relay, and every provider, whether it is composed in or not.
///
/// # Errors
///
/// If cargo fails; its stderr has the reason.
pub fn components(workspace: &Workspace, mode: Mode) -> Result<()> {
    let components = Application::read(&workspace.manifest())?.components;
    let (adapters, services): (Vec<Component>, Vec<Component>) =
        components.into_iter().partition(Component::has_provider);
    let services: Vec<String> = services.iter().flat_map(Component::packages).collect();
    let mut packages = crates_in(&workspace.root().join("components/providers"))?;
    packages.extend(Application::read(&workspace.relay_manifest())?.components.iter().flat_map(Component::packages));
    packages.extend(adapters.iter().flat_map(Component::packages));
    if mode.of_adapters() == mode {
        packages.extend(services);
        wasm(workspace, mode, &packages).context("the components do not build")?;
        return copy_to_manifest_dir(workspace, mode);
    }
    // Without the services: both worlds have the same intermediate file for each, so that the build of one undoes that of the other.
    wasm(workspace, mode.of_adapters(), &packages).context("the adapters do not build")?;
    copy_to_manifest_dir(workspace, mode.of_adapters())?;
    wasm(workspace, mode, &services).context("the services do not build")?;
    copy_wasm(
        &wasi_0_3_output(workspace).join(WASM_TARGET).join("release"),
        &workspace.target_dir().join(WASM_TARGET).join(mode.folder()),
    )?;
    state::write_manifest(&workspace.manifest(), mode, &workspace.root().join(World::Wasi0_3.manifest()))?;
    copy_to_manifest_dir(workspace, mode)
}

/// Copies the components to the folder that spin.toml names, if they were built in another one (`CARGO_TARGET_DIR`).
fn copy_to_manifest_dir(workspace: &Workspace, mode: Mode) -> Result<()> {
    let folder = Path::new(WASM_TARGET).join(mode.folder());
    let (built, expected) = (workspace.target_dir().join(&folder), workspace.manifest_target_dir().join(&folder));
    if built == expected {
        return Ok(());
    }
    copy_wasm(&built, &expected)
}

/// Returns the folder in which cargo leaves the services in the world of WASI 0.3.
fn wasi_0_3_output(workspace: &Workspace) -> PathBuf {
    workspace.target_dir().join("wasi-0-3")
}

/// Copies the components in `from` to `to`, which is made.
fn copy_wasm(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot list {}", from.display()))? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "wasm") {
            let copy = to.join(file.file_name().unwrap_or_default());
            fs::copy(&file, &copy).with_context(|| format!("cannot write {}", copy.display()))?;
        }
    }
    Ok(())
}

/// Compiles the guests that tests use instead of a component.
///
/// # Errors
///
/// If cargo fails; its stderr has the reason.
pub fn guests(workspace: &Workspace) -> Result<()> {
    let mut packages = Vec::new();
    for owner in ["conformance", "host"] {
        let guests = crates_in(&workspace.root().join("crates").join(owner).join("tests/guests"))?;
        packages.extend(guests.iter().map(|guest| format!("{owner}-guest-{guest}")));
    }
    wasm(workspace, Mode::Release, &packages).context("the guests of the tests do not build")
}

/// Compiles the component with which the bench measures providers.
///
/// # Errors
///
/// If cargo fails; its stderr has the reason.
pub fn bench_caller(workspace: &Workspace) -> Result<()> {
    wasm(workspace, Mode::Release, &["spindle-bench-caller".to_owned()])
        .context("the caller of the bench does not build")
}

/// Returns the names of the folders in `folder` that are crates.
fn crates_in(folder: &Path) -> Result<Vec<String>> {
    let mut crates = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").exists() {
            crates.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(crates)
}

fn wasm(workspace: &Workspace, mode: Mode, packages: &[String]) -> Result<()> {
    let mut command = cargo(workspace);
    command.args(["build", "--target", WASM_TARGET, "--target-dir"]);
    command.arg(if mode == Mode::ReleaseWasi0_3 { wasi_0_3_output(workspace) } else { workspace.target_dir() });
    match mode {
        Mode::Debug => {}
        Mode::Release => {
            command.arg("--release");
        }
        Mode::ReleaseWasi0_3 => {
            // The same profile and folder for intermediate files: most crates are the same in both worlds, and compiled once.
            command.args(["--release", "--features", WASI_0_3]).env("CARGO_BUILD_BUILD_DIR", workspace.target_dir());
        }
    }
    command.arg("--config").arg(rustflags(workspace, WASM_TARGET, &[])?);
    for package in packages {
        command.args(["--package", package]);
    }
    run(&mut command)
}

/// Returns the setting of cargo that passes `flags` to the compiler for `target`, and keeps the folders of this machine out of what it builds: the same
/// sources are the same bytes everywhere, and no message names a home folder.
fn rustflags(workspace: &Workspace, target: &str, flags: &[&str]) -> Result<String> {
    let cargo_home = match std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty()) {
        Some(home) => home.into(),
        None => std::env::home_dir().context("this user has no home folder")?.join(".cargo"),
    };
    // The last one that matches counts: a target folder may be in the workspace.
    let folders = [
        (cargo_home, "/cargo"),
        (workspace.root().to_owned(), "/spindle"),
        (workspace.target_dir(), "/spindle/target"),
    ];
    let remapped = folders.map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()));
    let flags: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).chain(remapped).collect();
    Ok(format!("target.{target}.rustflags = {}", toml::Value::from(flags)))
}

/// Compiles the embedded host.
///
/// # Errors
///
/// If cargo fails; its stderr has the reason.
pub fn host(workspace: &Workspace) -> Result<()> {
    if !workspace.host_binary().exists() {
        println!("building the host for the first time: the Wasm engine takes 6 to 20 minutes on two cores, once");
    }
    let mut command = cargo(workspace);
    command.args(["build", "--profile", "host", "--package", HOST, "--target-dir"]).arg(workspace.target_dir());
    run(&mut command).context("the host does not build")
}

/// Compiles the bench.
///
/// # Errors
///
/// If cargo fails; its stderr has the reason.
pub fn bench(workspace: &Workspace) -> Result<()> {
    let mut command = cargo(workspace);
    command.args(["build", "--profile", "host", "--package", "spindle-bench", "--target-dir"]);
    run(command.arg(workspace.target_dir())).context("the bench does not build")
}

/// Compiles the program that packs images, and returns its path.
///
/// # Errors
///
/// If cargo fails; its stderr has the reason.
pub fn image(workspace: &Workspace) -> Result<PathBuf> {
    let mut command = cargo(workspace);
    command.args(["build", "--quiet", "--profile", "host", "--package", IMAGE, "--target-dir"]);
    run(command.arg(workspace.target_dir())).context("the program that packs images does not build")?;
    Ok(workspace.target_dir().join("host").join(IMAGE))
}

/// Compiles the ticker as a static program, for an image without a system, and returns it with its target; `None` on a system other than Linux.
///
/// # Errors
///
/// If cargo fails; its stderr has the reason.
pub fn static_ticker(workspace: &Workspace) -> Result<Option<(PathBuf, String)>> {
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    if !cfg!(all(target_os = "linux", target_env = "gnu")) {
        return Ok(None);
    }
    let mut command = cargo(workspace);
    command.args(["build", "--profile", "host", "--package", TICKER, "--target", &target, "--target-dir"]);
    command.arg(workspace.target_dir());
    command.arg("--config").arg(rustflags(workspace, &target, &["-Ctarget-feature=+crt-static", "-Cstrip=symbols"])?);
    run(&mut command).context("the ticker does not build")?;
    Ok(Some((workspace.target_dir().join(&target).join("host").join(TICKER), target)))
}

/// Compiles the conformance kit.
///
/// # Errors
///
/// If cargo fails; its stderr has the reason.
pub fn kit(workspace: &Workspace) -> Result<()> {
    let mut command = cargo(workspace);
    // Together with the host: the kit alone selects other features of the Wasm engine, which would be compiled a second time.
    command.args(["build", "--quiet", "--profile", "host", "--package", HOST, "--package", KIT, "--target-dir"]);
    run(command.arg(workspace.target_dir())).context("the conformance kit does not build")
}

/// Checks that all files that a start on `runtime` needs are built.
///
/// # Errors
///
/// If a file is missing; names the first one.
pub fn check_built(workspace: &Workspace, mode: Mode, runtime: &Runtime) -> Result<()> {
    let application = Application::read(&workspace.manifest())?;
    let files = |component: Component| {
        let mode = mode.of(component.has_provider());
        std::iter::once(component.source).chain(component.dependencies).map(move |file| in_mode(&file, mode))
    };
    let wasm = application.components.into_iter().flat_map(files).map(|file| workspace.root().join(file));
    let host = match runtime {
        Runtime::Host(program) => Some(program.clone()),
        // The caller has found it on PATH.
        Runtime::Spin(_) => None,
    };
    for file in wasm.chain(host) {
        ensure!(file.exists(), "{} is missing: `cargo xtask build` builds it", file.display());
    }
    Ok(())
}

/// Returns the path of a component's build of `mode`, from the path of its release build in the manifest.
pub(crate) fn in_mode(source: &Path, mode: Mode) -> PathBuf {
    let (release, folder) = (Mode::Release.folder(), mode.folder());
    source.iter().map(|part| if part == release { folder.as_ref() } else { part }).collect()
}

/// Runs a command on the terminal of this process, and waits for it.
///
/// # Errors
///
/// If it cannot be started or does not succeed.
pub fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot run {program}"))?;
    if !status.success() {
        bail!("{program} failed: {status}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_debug_build_is_found_beside_the_release_build() {
        let source = Path::new("target/wasm32-wasip2/release/users.wasm");
        assert_eq!(in_mode(source, Mode::Debug), Path::new("target/wasm32-wasip2/debug/users.wasm"));
        assert_eq!(in_mode(source, Mode::ReleaseWasi0_3), Path::new("target/wasm32-wasip2/wasi-0-3/users.wasm"));
        assert_eq!(in_mode(source, Mode::Release), source);
    }
}
