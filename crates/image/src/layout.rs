//! The contents of an image by their digests, and the OCI image layout that holds them on disk
//! (<https://github.com/opencontainers/image-spec/blob/main/image-layout.md>).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use oci_client::manifest::{OCI_IMAGE_MEDIA_TYPE, OciDescriptor, OciImageManifest};
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// The annotation that names an image in a layout.
const REF_NAME: &str = "org.opencontainers.image.ref.name";

/// The config of an artifact that has none: an empty object (image-spec, "Guidance for an Empty Descriptor").
const EMPTY: (&str, &[u8]) = ("application/vnd.oci.empty.v1+json", b"{}");

/// A content that is addressed by its digest.
#[derive(Clone, Debug)]
pub(crate) struct Blob {
    pub(crate) media_type: String,
    pub(crate) bytes: Vec<u8>,
    /// `sha256:` and the hash in hexadecimal digits.
    pub(crate) digest: String,
}

impl Blob {
    pub(crate) fn new(media_type: &str, bytes: Vec<u8>) -> Self {
        let digest = format!("sha256:{}", base16ct::lower::encode_string(&Sha256::digest(&bytes)));
        Self { media_type: media_type.to_owned(), bytes, digest }
    }

    pub(crate) fn descriptor(&self) -> OciDescriptor {
        OciDescriptor {
            media_type: self.media_type.clone(),
            digest: self.digest.clone(),
            size: i64::try_from(self.bytes.len()).unwrap_or(i64::MAX),
            ..OciDescriptor::default()
        }
    }
}

/// A manifest with all contents that it names.
#[derive(Clone, Debug)]
pub(crate) struct Artifact {
    pub(crate) manifest: Blob,
    /// The config and the layers.
    pub(crate) blobs: Vec<Blob>,
    pub(crate) artifact_type: Option<String>,
}

impl Artifact {
    /// Makes the manifest of an image.
    ///
    /// # Errors
    ///
    /// If it is not JSON, which cannot happen.
    pub(crate) fn image(config: Blob, layers: Vec<Blob>, annotations: BTreeMap<String, String>) -> Result<Self> {
        Self::new(config, layers, None, None, annotations)
    }

    /// Makes the manifest of a content that belongs to `subject`: its type is that of the content.
    ///
    /// # Errors
    ///
    /// If it is not JSON, which cannot happen.
    pub(crate) fn referrer(subject: &Self, content: Blob, annotations: BTreeMap<String, String>) -> Result<Self> {
        let artifact_type = content.media_type.clone();
        let config = Blob::new(EMPTY.0, EMPTY.1.to_vec());
        Self::new(config, vec![content], Some(subject.manifest.descriptor()), Some(artifact_type), annotations)
    }

    fn new(
        config: Blob,
        layers: Vec<Blob>,
        subject: Option<OciDescriptor>,
        artifact_type: Option<String>,
        annotations: BTreeMap<String, String>,
    ) -> Result<Self> {
        let manifest = OciImageManifest {
            media_type: Some(OCI_IMAGE_MEDIA_TYPE.to_owned()),
            config: config.descriptor(),
            layers: layers.iter().map(Blob::descriptor).collect(),
            subject,
            artifact_type: artifact_type.clone(),
            annotations: Some(annotations),
            ..OciImageManifest::default()
        };
        let manifest = Blob::new(OCI_IMAGE_MEDIA_TYPE, serde_json::to_vec(&manifest)?);
        let mut blobs = vec![config];
        blobs.extend(layers);
        Ok(Self { manifest, blobs, artifact_type })
    }
}

/// Writes an image, named `tag`, and what belongs to it into `folder`, in place of what is there.
///
/// # Errors
///
/// If the folder cannot be replaced or written.
pub(crate) fn write(folder: &Path, tag: &str, image: &Artifact, referrers: &[Artifact]) -> Result<()> {
    if folder.join("oci-layout").exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot replace {}", folder.display()))?;
    }
    let blobs = folder.join("blobs/sha256");
    fs::create_dir_all(&blobs).with_context(|| format!("cannot make {}", blobs.display()))?;
    let write =
        |path: &Path, bytes: &[u8]| fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()));
    let mut manifests = Vec::new();
    for artifact in std::iter::once(image).chain(referrers) {
        for blob in artifact.blobs.iter().chain([&artifact.manifest]) {
            write(&blobs.join(blob.digest.trim_start_matches("sha256:")), &blob.bytes)?;
        }
        let mut descriptor = artifact.manifest.descriptor();
        descriptor.artifact_type.clone_from(&artifact.artifact_type);
        manifests.push(descriptor);
    }
    if let Some(first) = manifests.first_mut() {
        first.annotations = Some([(REF_NAME.to_owned(), tag.to_owned())].into());
    }
    let index = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": manifests,
    });
    write(&folder.join("oci-layout"), br#"{"imageLayoutVersion":"1.0.0"}"#)?;
    write(&folder.join("index.json"), &serde_json::to_vec_pretty(&index)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_replaces_the_one_before_and_holds_each_content() {
        let folder = tempfile::tempdir().unwrap();
        let layout = folder.path().join("image");
        for content in ["old", "new"] {
            let config = Blob::new("application/json", b"{}".to_vec());
            let image =
                Artifact::image(config, vec![Blob::new("text/plain", content.into())], BTreeMap::new()).unwrap();
            let sbom =
                Artifact::referrer(&image, Blob::new("application/x-sbom", b"[]".to_vec()), BTreeMap::new()).unwrap();
            write(&layout, "1.0", &image, &[sbom]).unwrap();
        }
        let index: serde_json::Value = serde_json::from_slice(&fs::read(layout.join("index.json")).unwrap()).unwrap();
        assert_eq!(index["manifests"][0]["annotations"][REF_NAME], "1.0");
        assert_eq!(index["manifests"][1]["artifactType"], "application/x-sbom");
        let read = |digest: &str| fs::read(layout.join("blobs").join(digest.replace(':', "/"))).unwrap();
        let manifest = |at: usize| -> OciImageManifest {
            serde_json::from_slice(&read(index["manifests"][at]["digest"].as_str().unwrap())).unwrap()
        };
        assert_eq!(read(&manifest(0).layers[0].digest), b"new");
        assert_eq!(manifest(1).subject.unwrap().digest, index["manifests"][0]["digest"].as_str().unwrap());
        // Two manifests, the layer of each, and the empty object, which is the config of both.
        assert_eq!(fs::read_dir(layout.join("blobs/sha256")).unwrap().count(), 5);
    }
}
