//! `cargo xtask deliver`: the steps of the delivery after the images are pushed, each as the workflow runs it and as a person can: sign and verify
//! images, deploy a release of the chart, and roll it back (docs/delivery.md).

mod images;
mod release;
mod signatures;

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};

pub use self::images::Image;
use self::signatures::Signer;
use crate::workspace::Workspace;
use crate::{duration, go};

/// The issuer of the identities of GitHub's workflows.
const GITHUB_ISSUER: &str = "https://token.actions.githubusercontent.com";

/// A step of the delivery.
#[derive(Clone, Debug, Subcommand)]
pub enum Step {
    /// Sign images, their SBOMs and their provenance: with a key, or as the identity of the workflow that this runs in
    Sign {
        /// The images
        #[command(flatten)]
        images: Images,
        /// The folder that `cargo xtask image` has written: its SBOMs and provenance are attested
        #[arg(long, default_value = "target/images")]
        layouts: PathBuf,
        /// The private key, whose password is in COSIGN_PASSWORD; such a signature is in no transparency log
        #[arg(long)]
        key: Option<PathBuf>,
    },
    /// Verify the signatures of images, of their SBOMs and of their provenance
    Verify {
        /// The images
        #[command(flatten)]
        images: Images,
        /// The public key of the signer
        #[arg(long, conflicts_with = "identity", required_unless_present = "identity")]
        key: Option<PathBuf>,
        /// The signer: https://github.com/OWNER/REPOSITORY/.github/workflows/deliver.yml@refs/heads/main
        #[arg(long, env = "SPINDLE_SIGNER")]
        identity: Option<String>,
        /// The issuer of that identity
        #[arg(long, default_value = GITHUB_ISSUER)]
        issuer: String,
    },
    /// Install or upgrade a release of the chart, and wait until it is ready; one that does not get ready is rolled back
    Deploy {
        /// The release
        #[command(flatten)]
        release: Release,
        /// The images
        #[command(flatten)]
        images: Images,
        /// A file with values of the chart; may be repeated
        #[arg(long, required = true)]
        values: Vec<PathBuf>,
        /// The chart [default: deploy/chart]
        #[arg(long)]
        chart: Option<PathBuf>,
        /// Print what would be applied, without a cluster
        #[arg(long)]
        dry_run: bool,
    },
    /// Roll a release back to the last revision that was in use before the current one
    Rollback {
        /// The release
        #[command(flatten)]
        release: Release,
        /// The revision, instead of that one
        #[arg(long)]
        to: Option<u32>,
    },
}

/// The images of a step.
#[derive(Args, Clone, Debug)]
pub struct Images {
    /// An image with its digest, such as ghcr.io/example/spindle@sha256:...; may be repeated
    #[arg(long = "image", env = "SPINDLE_IMAGES", value_name = "IMAGE@DIGEST", value_delimiter = ' ', required = true)]
    images: Vec<Image>,
    /// The registry speaks HTTP without TLS: one on this machine, for a trial
    #[arg(long)]
    plain_http: bool,
}

/// A release of the chart.
#[derive(Args, Clone, Debug)]
pub struct Release {
    /// The name of the release
    #[arg(long, default_value = "spindle")]
    release: String,
    /// Its namespace, which exists
    #[arg(long, env = "SPINDLE_NAMESPACE")]
    namespace: String,
    /// The longest time until it is ready
    #[arg(long, default_value = "10m", value_parser = duration::positive)]
    timeout: Duration,
}

/// Runs a step.
///
/// # Errors
///
/// If it fails; a deployment that failed is rolled back by then.
pub fn run(workspace: &Workspace, step: Step) -> Result<()> {
    match step {
        Step::Sign { images, layouts, key } => signatures::sign(workspace, &images, &layouts, key.as_deref()),
        Step::Verify { images, key, identity, issuer } => {
            let signer = match (key, identity) {
                (Some(key), _) => Signer::Key(key),
                (None, Some(identity)) => Signer::Identity { identity, issuer },
                (None, None) => anyhow::bail!("clap requires --key or --identity"),
            };
            signatures::verify(workspace, &images, &signer)
        }
        Step::Deploy { release, images, values, chart, dry_run } => {
            let chart = chart.unwrap_or_else(|| workspace.root().join("deploy/chart"));
            release::deploy(workspace, &release, &images, &values, &chart, dry_run)
        }
        Step::Rollback { release, to } => release::roll_back(workspace, &release, to),
    }
}

/// Returns the program `name`: the file that `variable` names, or the version that `tools/<name>` pins.
fn tool(workspace: &Workspace, name: &str, variable: &str, package: &str) -> Result<Command> {
    if let Some(file) = std::env::var_os(variable).filter(|file| !file.is_empty()) {
        return Ok(Command::new(file));
    }
    let program = go::program(workspace, name, package)?;
    Ok(Command::new(program.with_context(|| format!("{name} needs Go, or {variable} with its file"))?))
}
