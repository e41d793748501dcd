//! The providers in examples/, and those that `new-provider` writes: built with the tools of their language, and only when something has
//! changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;

use crate::build::WASM_TARGET;
use crate::npm;
use crate::workspace::Workspace;

/// Folders and files that a build leaves behind.
const MADE: [&str; 4] = ["node_modules", ".venv", "__pycache__", "target"];

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
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Rust, Self::Js, Self::Python];

    /// The program without which nothing can be built.
    pub fn tool(self) -> &'static str {
        match self {
            Self::Rust => "cargo",
            Self::Js => "npm",
            Self::Python => "python3",
        }
    }

    /// Whether [`tool`](Self::tool) is there.
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

/// Builds the example `name`, and says where its component is.
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

/// Builds the provider in `folder` as `output`, unless `output` was built from what is there now.
///
/// # Errors
///
/// If it does not build.
pub fn build_folder(folder: &Path, language: Language, output: &Path) -> Result<()> {
    let (wanted, built) = (inputs(folder)?, output.with_extension("inputs"));
    if output.exists() && fs::read(&built).ok().as_ref() == Some(&wanted) {
        return Ok(());
    }
    fs::create_dir_all(output.parent().context("a file is in a folder")?)?;
    let mut command;
    match language {
        Language::Rust => {
            command = Command::new("cargo");
            // One for all of them: they are built from the same crates.
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
    Ok(fs::write(built, wanted)?)
}

fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("{program} is not installed"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} ended with {}: {said}", output.status);
    Ok(())
}

/// What is in the files of a folder, one after the other.
fn inputs(folder: &Path) -> Result<Vec<u8>> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    entries.sort();
    let mut all = Vec::new();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if MADE.contains(&name.as_str()) || name.ends_with(".wasm") {
            continue;
        }
        all.extend(format!("{name}\n").into_bytes());
        // Links are followed: an example has the interface from wit/.
        all.extend(if path.is_dir() { inputs(&path)? } else { fs::read(&path)? });
    }
    Ok(all)
}
