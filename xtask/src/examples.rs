//! The builds of the providers in examples/, and of those that `new-provider` writes: with the tools of their language, and only after a change.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;

use crate::build::WASM_TARGET;
use crate::npm;
use crate::workspace::Workspace;

/// Folders and files that a build creates.
const BUILD_PRODUCTS: [&str; 4] = ["node_modules", ".venv", "__pycache__", "target"];

/// The providers in examples/providers.
pub const EXAMPLES: [(&str, Language); 2] = [("notify-js", Language::Js), ("notify-python", Language::Python)];

/// A language that a provider can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Rust.
    Rust,
    /// JavaScript.
    Js,
    /// Python.
    Python,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 3] = [Self::Rust, Self::Js, Self::Python];

    /// Returns the program that a build requires.
    pub fn tool(self) -> &'static str {
        match self {
            Self::Rust => "cargo",
            Self::Js => "npm",
            Self::Python => "python3",
        }
    }

    /// Returns whether [`tool`](Self::tool) is installed.
    pub fn has_tool(self) -> bool {
        Command::new(self.tool()).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    }
}

/// Builds every example.
///
/// # Errors
///
/// If one does not build.
pub fn build_all(workspace: &Workspace) -> Result<()> {
    for (name, _) in EXAMPLES {
        println!("{}", build(workspace, name)?.display());
    }
    Ok(())
}

/// Builds the example `name`, and returns the path of its component.
///
/// # Errors
///
/// If there is no such example, or it does not build.
pub fn build(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    let (_, language) = EXAMPLES.iter().find(|(example, _)| *example == name).context("no such example")?;
    let folder = workspace.root().join("examples/providers").join(name);
    let output = workspace.target_dir().join("providers").join(name).with_extension("wasm");
    build_folder(&folder, *language, &output).with_context(|| format!("{} does not build", folder.display()))?;
    Ok(output)
}

/// Builds the provider in `folder` to `output`, unless `output` was built from the same files.
///
/// # Errors
///
/// If it does not build.
pub fn build_folder(folder: &Path, language: Language, output: &Path) -> Result<()> {
    let (current, built) = (inputs(folder)?, output.with_extension("inputs"));
    if output.exists() && fs::read(&built).ok().as_ref() == Some(&current) {
        return Ok(());
    }
    fs::create_dir_all(output.parent().context("the output has no parent folder")?)?;
    let mut command;
    match language {
        Language::Rust => {
            command = Command::new("cargo");
            // One for all providers, which have the same dependencies.
            let target = output.with_file_name("target");
            command.args(["build", "--quiet", "--release", "--target", WASM_TARGET, "--target-dir"]).arg(&target);
            run(command.current_dir(folder))?;
            fs::copy(target.join(WASM_TARGET).join("release/provider.wasm"), output)?;
        }
        Language::Js => {
            npm::install(folder)?;
            command = Command::new("npm");
            run(command.args(["run", "--silent", "build", "--"]).arg(output).current_dir(folder))?;
        }
        Language::Python => {
            command = Command::new("python3");
            run(command.arg("build.py").arg(output).current_dir(folder))?;
        }
    }
    Ok(fs::write(built, current)?)
}

fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("{program} is not installed"))?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} failed: {}: {stderr}", output.status);
    Ok(())
}

/// Returns the names and contents of all files in a folder, concatenated.
fn inputs(folder: &Path) -> Result<Vec<u8>> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    entries.sort();
    let mut all = Vec::new();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if BUILD_PRODUCTS.contains(&name.as_str()) || name.ends_with(".wasm") {
            continue;
        }
        all.extend(format!("{name}\n").into_bytes());
        // Follows links: an example links to its interface in wit/.
        all.extend(if path.is_dir() { inputs(&path)? } else { fs::read(&path)? });
    }
    Ok(all)
}
