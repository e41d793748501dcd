//! Packs the applications of this repository and the ticker as OCI images, with an SBOM and a provenance each, and pushes them: `cargo xtask image`.

#![expect(clippy::print_stdout, reason = "a command-line tool prints to its terminal")]

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Parser;

use crate::source::Revision;

mod composition;
mod image;
mod layout;
mod manifest;
mod program;
mod provenance;
mod push;
mod sbom;
mod source;

/// The options of `cargo xtask image`.
#[derive(Debug, Parser)]
#[command(
    bin_name = "cargo xtask image",
    about = "Pack the applications as OCI images, and push them (docs/images.md)"
)]
pub struct Options {
    /// Write an OCI layout for each image into this folder
    #[arg(long, value_name = "FOLDER", default_value = "target/images")]
    pub output: PathBuf,
    /// Push each image to this registry, as PREFIX/<name of the image>
    #[arg(long, value_name = "PREFIX")]
    pub registry: Option<String>,
    /// The tag of each image [default: its version]
    #[arg(long)]
    pub tag: Option<String>,
    /// Reach the registry without TLS
    #[arg(long, requires = "registry")]
    pub plain_http: bool,
    /// A static program to pack as well
    #[arg(long, value_name = "FILE", requires = "target")]
    pub program: Option<PathBuf>,
    /// The target that it is built for
    #[arg(long)]
    pub target: Option<String>,
    /// The manifests of the applications
    #[arg(required = true, value_name = "SPIN.TOML")]
    pub manifests: Vec<PathBuf>,
}

/// Packs the images, and pushes them if the options name a registry.
///
/// # Errors
///
/// If an image would lack something of its manifest, something is not built, or the registry does not take an image.
pub fn run(options: &Options) -> Result<()> {
    let revision = Revision::read(Path::new(env!("CARGO_MANIFEST_DIR")))?;
    if revision.modified {
        eprintln!("files differ from commit {}: the image says so, and is not reproducible", revision.commit);
    }
    let mut packed: Vec<_> =
        options.manifests.iter().map(|manifest| image::pack(manifest, &revision)).collect::<Result<_>>()?;
    if let (Some(program), Some(target)) = (&options.program, &options.target) {
        packed.push(program::pack(program, target, &revision)?);
    }
    for packed in &packed {
        let tag = options.tag.as_deref().unwrap_or(&packed.version);
        let folder = options.output.join(&packed.name);
        layout::write(&folder, tag, &packed.image, &packed.referrers)?;
        // For `cosign attest`, which takes predicates.
        for (name, referrer) in ["sbom.cdx.json", "provenance.json"].iter().zip(&packed.referrers) {
            let content = &referrer.blobs.last().context("a referrer has a content")?.bytes;
            let content = if *name == "provenance.json" { provenance::predicate(content)? } else { content.clone() };
            let path = options.output.join(format!("{}.{name}", packed.name));
            std::fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
        }
        println!("{} {}", folder.display(), packed.image.manifest.digest);
    }
    let Some(registry) = &options.registry else { return Ok(()) };
    // The only provider of this build: that of the other clients of this repository.
    rustls::crypto::ring::default_provider().install_default().ok();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for packed in &packed {
        let tag = options.tag.as_deref().unwrap_or(&packed.version);
        let repository = format!("{}/{}", registry.trim_end_matches('/'), packed.name);
        runtime.block_on(push::push(packed, &format!("{repository}:{tag}"), options.plain_http))?;
        println!("pushed {repository}:{tag}@{}", packed.image.manifest.digest);
    }
    Ok(())
}
