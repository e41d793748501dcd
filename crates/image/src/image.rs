//! The image of an application, as `spin registry push` makes it (spin:crates/oci/src/client.rs), and what belongs to it: SBOM and provenance.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use oci_client::annotations;
use oci_client::config::{Architecture, Config, ConfigFile, Os};
use oci_client::manifest::IMAGE_CONFIG_MEDIA_TYPE;

use crate::composition::compose;
use crate::layout::{Artifact, Blob};
use crate::manifest::{Component, Manifest};
use crate::provenance;
use crate::sbom::{self, Built};
use crate::source::Revision;

/// The target of components.
const WASM_TARGET: &str = "wasm32-wasip2";

/// The media type of a component.
const WASM: &str = "application/vnd.wasm.content.layer.v1+wasm";

/// The media type of the locked application.
const LOCKED_APP: &str = "application/vnd.fermyon.spin.application.v1+config";

/// The media type of an SBOM.
const CYCLONEDX: &str = "application/vnd.cyclonedx+json";

/// The media type of a provenance: a statement that is not signed. `cosign attest` signs its predicate.
const IN_TOTO: &str = "application/vnd.in-toto+json";

/// The contents of an image, and what its annotations, its SBOM and its provenance say about them.
#[derive(Debug)]
pub(crate) struct Contents {
    pub(crate) config: Blob,
    pub(crate) layers: Vec<Blob>,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) description: String,
    /// The build products in it.
    pub(crate) files: Vec<PathBuf>,
    /// The target that they are built for.
    pub(crate) target: String,
    /// The file of the repository that says what to build.
    pub(crate) built_from: String,
}

/// An image with what belongs to it.
#[derive(Debug)]
pub(crate) struct Packed {
    /// The name of the application or the program.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    pub(crate) image: Artifact,
    /// The SBOM and the provenance.
    pub(crate) referrers: [Artifact; 2],
}

/// Packs the application of the manifest at `path`.
///
/// # Errors
///
/// If the manifest has something that the image would lack, a component is not built, or cargo does not list the packages.
pub(crate) fn pack(path: &Path, revision: &Revision) -> Result<Packed> {
    let manifest = Manifest::read(path)?;
    let folder = path.parent().context("a manifest is in a folder")?;
    let files = manifest.component.values().flat_map(files).collect();
    let details = &manifest.application;
    let (name, version, description) = (details.name.clone(), details.version.clone(), details.description.clone());
    let mut digests = BTreeMap::new();
    let mut layers: Vec<Blob> = Vec::new();
    for (id, component) in &manifest.component {
        let layer = Blob::new(WASM, compose(folder, component).with_context(|| format!("component {id}"))?);
        digests.insert(id.clone(), layer.digest.clone());
        // Each content is one layer, however many components have it.
        if layers.iter().all(|other| other.digest != layer.digest) {
            layers.push(layer);
        }
    }
    let locked = Blob::new(LOCKED_APP, serde_json::to_vec(&manifest.lock(&digests)?)?);
    let config = ConfigFile {
        architecture: Architecture::Wasm,
        os: Os::Other("wasip1".to_owned()),
        // Without it, all applications would have the same config, and so the same image id in a container runtime.
        config: Some(Config {
            labels: Some(HashMap::from([("com.fermyon.spin.lockedAppDigest".to_owned(), locked.digest.clone())])),
            ..Config::default()
        }),
        ..ConfigFile::default()
    };
    layers.push(locked);
    let config = Blob::new(IMAGE_CONFIG_MEDIA_TYPE, serde_json::to_vec(&config)?);
    let (target, built_from) = (WASM_TARGET.to_owned(), file_name(path));
    packed(Contents { config, layers, name, version, description, files, target, built_from }, revision)
}

/// Makes an image of `contents`, with its SBOM and its provenance.
///
/// # Errors
///
/// If cargo does not list the packages of a file.
pub(crate) fn packed(contents: Contents, revision: &Revision) -> Result<Packed> {
    let annotations = annotations(&contents, revision);
    let Contents { config, layers, name, version, files, target, built_from, .. } = contents;
    let image = Artifact::image(config, layers, annotations)?;
    let digest = &image.manifest.digest;
    let contents = [
        Blob::new(CYCLONEDX, sbom::sbom(&name, &version, digest, &Built { files, target }, revision)?),
        Blob::new(IN_TOTO, provenance::statement(&name, digest, &built_from, revision)?),
    ];
    let [sbom, provenance] = contents.map(|content| {
        let created = [(annotations::ORG_OPENCONTAINERS_IMAGE_CREATED.to_owned(), revision.time.to_string())];
        Artifact::referrer(&image, content, created.into())
    });
    Ok(Packed { name, version, referrers: [sbom?, provenance?], image })
}

/// Returns the files that a component is composed of.
fn files(component: &Component) -> impl Iterator<Item = PathBuf> {
    let dependencies = component.dependencies.values().map(|dependency| dependency.path.clone());
    std::iter::once(component.source.clone()).chain(dependencies)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Returns the annotations that `spin registry push` infers, with the time of the revision instead of the present: the same sources are the same
/// image.
fn annotations(contents: &Contents, revision: &Revision) -> BTreeMap<String, String> {
    let texts = [
        (annotations::ORG_OPENCONTAINERS_IMAGE_TITLE, contents.name.clone()),
        (annotations::ORG_OPENCONTAINERS_IMAGE_VERSION, contents.version.clone()),
        (annotations::ORG_OPENCONTAINERS_IMAGE_DESCRIPTION, contents.description.clone()),
        (annotations::ORG_OPENCONTAINERS_IMAGE_CREATED, revision.time.to_string()),
        (annotations::ORG_OPENCONTAINERS_IMAGE_REVISION, revision.name()),
        (annotations::ORG_OPENCONTAINERS_IMAGE_SOURCE, revision.repository.clone()),
    ];
    texts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| (key.to_owned(), text)).collect()
}
