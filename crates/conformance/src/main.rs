//! The `spindle-conformance` binary, which `cargo xtask conformance` runs.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Parser;
use spindle_conformance::{Kit, Report, Settings};

/// Checks whether a provider meets the contract of its interface; docs/conformance.md says how to mend a failure
#[derive(Parser)]
#[command(bin_name = "cargo xtask conformance")]
struct Arguments {
    /// The provider's component
    file: PathBuf,
    /// A setting of the provider; `endpoint`, `key`, `sender` and `allow_private` have defaults
    #[arg(long = "variable", value_name = "NAME=VALUE")]
    variables: Vec<String>,
    /// A host that the provider may call besides that of its endpoint
    #[arg(long = "host", value_name = "HOST")]
    hosts: Vec<String>,
    /// The payment token that a payment provider authorises
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
    /// A file with the JSON response of the service that the provider calls; `{{id}}` is replaced by the service's reference
    #[arg(long, alias = "answer", value_name = "FILE")]
    response: Option<PathBuf>,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Keep compiled code in this folder
    #[arg(long, value_name = "FOLDER", hide = true)]
    cache_dir: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Returns whether every check passed.
fn run(arguments: &Arguments) -> Result<bool> {
    let mut settings = Settings { hosts: arguments.hosts.clone(), ..Settings::default() };
    for variable in &arguments.variables {
        settings.set(variable)?;
    }
    if let Some(token) = &arguments.token {
        settings.token.clone_from(token);
    }
    if let Some(file) = &arguments.response {
        settings.response = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    }
    let reports = Kit::new(arguments.cache_dir.as_deref())?.examine(&arguments.file, &settings)?;
    let mut out = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &reports)?;
        writeln!(out)?;
    } else {
        for report in &reports {
            writeln!(out, "{report}")?;
        }
    }
    let failed: usize = reports.iter().map(Report::failed).map(|failed| failed.len()).sum();
    if failed > 0 && !arguments.json {
        writeln!(out, "{failed} checks failed: see docs/conformance.md")?;
    }
    Ok(failed == 0)
}
