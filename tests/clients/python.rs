//! The client in clients/python.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use spindle_tests::node::output;
use spindle_tests::{skip, target};
use xtask::workspace::Workspace;

use crate::shop;

#[test]
fn the_unit_tests_of_the_python_client_pass() {
    if let Some(mut python) = python("the_unit_tests_of_the_python_client_pass") {
        output(python.args(["-m", "pytest", "-p", "no:cacheprovider"]));
    }
}

#[test]
fn the_python_client_and_its_example_type_check() {
    if let Some(mut python) = python("the_python_client_and_its_example_type_check") {
        output(python.args(["-m", "mypy", "--cache-dir"]).arg(work_dir().join("mypy")));
    }
}

#[test]
fn the_python_client_is_formatted_and_linted() {
    for arguments in [["check", "--no-cache"], ["format", "--check"]] {
        if let Some(mut python) = python("the_python_client_is_formatted_and_linted") {
            output(python.args(["-m", "ruff"]).args(arguments));
        }
    }
}

#[test]
fn the_code_of_the_python_client_is_that_of_the_document() {
    if let Some(mut python) = python("the_code_of_the_python_client_is_that_of_the_document") {
        output(python.args(["generator/generate.py", "--check"]));
    }
}

#[test]
fn a_shop_in_python_orders_and_cancels() {
    if let Some(mut python) = python_with_package("a_shop_in_python_orders_and_cancels") {
        shop::passes(python.arg("examples/shop.py"));
    }
}

#[test]
fn the_page_about_the_python_client_does_what_it_shows() {
    if let Some(mut python) = python_with_package("the_page_about_the_python_client_does_what_it_shows") {
        shop::passes(python.arg("-c").arg(examples().replace("http://127.0.0.1:3000", target().client().base())));
    }
}

/// Returns the Python blocks of the client's section of docs/clients.md, which are one program.
fn examples() -> String {
    let page = fs::read_to_string(Workspace::locate().root().join("docs/clients.md")).expect("the page is readable");
    let section = page.split("\n## ").find(|section| section.starts_with("Python")).expect("the page has the section");
    let blocks = section.split("```python\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap_or_default()).collect()
}

/// Returns the Python of `python` with the package as it is installed, so that a file that it lacks is noticed.
fn python_with_package(test: &str) -> Option<Command> {
    static PACKAGE: OnceLock<PathBuf> = OnceLock::new();
    let mut pip = python(test)?;
    let package = PACKAGE.get_or_init(|| {
        let package = work_dir().join("package");
        pip_install(&mut pip).args(["--no-deps", "--no-build-isolation", "--upgrade", "--target"]);
        output(pip.arg(&package).arg("."));
        package
    });
    let mut python = python(test)?;
    python.env("PYTHONPATH", package);
    Some(python)
}

fn folder() -> PathBuf {
    Workspace::locate().root().join("clients/python")
}

fn work_dir() -> PathBuf {
    Workspace::locate().target_dir().join("python-client")
}

/// Returns the Python of a virtual environment with the pinned packages; without Python, reports that `test` is skipped.
///
/// # Panics
///
/// If the packages cannot be installed.
fn python(test: &str) -> Option<Command> {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    if !*INSTALLED.get_or_init(install) {
        skip(test, "python3.11 or later with venv");
        return None;
    }
    let mut python = Command::new(work_dir().join("venv/bin/python"));
    python.current_dir(folder()).env("PYTHONPYCACHEPREFIX", work_dir().join("bytecode"));
    Some(python)
}

/// Installs the pinned packages where they are missing or have changed, and returns whether there is a Python for them.
fn install() -> bool {
    let mut probe = Command::new("python3");
    probe.args(["-c", "import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))"]);
    if !probe.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
        return false;
    }
    let (venv, installed) = (work_dir().join("venv"), work_dir().join("venv/installed.txt"));
    let requirements = folder().join("requirements.txt");
    let pinned = fs::read(&requirements).expect("the requirements are readable");
    if fs::read(&installed).ok().as_ref() != Some(&pinned) {
        output(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv));
        let mut pip = Command::new(venv.join("bin/python"));
        output(pip_install(&mut pip).args(["--no-compile", "--require-hashes", "-r"]).arg(requirements));
        fs::write(installed, pinned).expect("the target folder is writable");
    }
    true
}

fn pip_install(python: &mut Command) -> &mut Command {
    python.env("PIP_DISABLE_PIP_VERSION_CHECK", "1").args(["-m", "pip", "install", "--quiet"])
}
