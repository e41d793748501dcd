//! Images by their digests, and what `cargo xtask image` has written beside them: SBOM and provenance.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context as _, Error, Result, ensure};
use serde_json::Value;

/// An image with its digest: a tag may move, so no step takes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The registry and the path, such as `ghcr.io/example/spindle`.
    pub repository: String,
    /// The digest, such as `sha256:...`.
    pub digest: String,
}

impl Image {
    /// Returns the last part of its path, which is its name in the chart too.
    pub fn name(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or_default()
    }

    /// Reads the document of `media_type` about this image in the OCI layout at `layouts`/name.
    ///
    /// # Errors
    ///
    /// If the layout is of another image, or has no such document.
    pub fn document(&self, layouts: &Path, media_type: &str) -> Result<Value> {
        let layout = layouts.join(self.name());
        let index = read(&layout.join("index.json"))?;
        let manifests = index["manifests"].as_array().context("index.json has no manifests")?;
        let is_image = |manifest: &&Value| manifest["digest"] == self.digest.as_str();
        ensure!(manifests.iter().any(|it| is_image(&it)), "{} is not the layout of {}", layout.display(), self.digest);
        let referrer = manifests.iter().find(|manifest| manifest["artifactType"] == media_type);
        let referrer = referrer.with_context(|| format!("{} has no {media_type}", layout.display()))?;
        let manifest = read(&blob(&layout, &referrer["digest"])?)?;
        ensure!(manifest["subject"]["digest"] == self.digest.as_str(), "the {media_type} is about another image");
        read(&blob(&layout, &manifest["layers"][0]["digest"])?)
    }
}

impl FromStr for Image {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (repository, digest) = text.split_once('@').context("an image needs its digest: IMAGE@sha256:...")?;
        let hex = digest.strip_prefix("sha256:").context("a digest begins with sha256:")?;
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        ensure!(hex.len() == 64 && hex.bytes().all(is_hex), "a digest has 64 hexadecimal digits");
        // With the digest, the tag says nothing more. A colon before the last slash precedes a port.
        let name = repository.rfind('/').map_or(0, |slash| slash + 1);
        let repository = repository[name..].find(':').map_or(repository, |colon| &repository[..name + colon]);
        // A registry has a port or a domain, and neither part can be taken for an option.
        ensure!(repository.contains('/') && !repository.starts_with('-'), "an image needs its registry");
        Ok(Self { repository: repository.to_owned(), digest: digest.to_owned() })
    }
}

impl fmt::Display for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.repository, self.digest)
    }
}

fn blob(layout: &Path, digest: &Value) -> Result<PathBuf> {
    let digest = digest.as_str().context("a descriptor has no digest")?;
    Ok(layout.join("blobs").join(digest.replace(':', "/")))
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_image_has_a_registry_and_a_digest() {
        let digest = format!("sha256:{}", "0a".repeat(32));
        let image: Image = format!("127.0.0.1:5000/shop/spindle@{digest}").parse().unwrap();
        assert_eq!((image.name(), image.to_string()), ("spindle", format!("127.0.0.1:5000/shop/spindle@{digest}")));
        assert_eq!(format!("127.0.0.1:5000/shop/spindle:0.1.0@{digest}").parse::<Image>().unwrap(), image);
        for wrong in ["ghcr.io/spindle:0.1.0", "ghcr.io/spindle@sha256:00", "spindle@sha512:00", "spindle"] {
            wrong.parse::<Image>().unwrap_err();
        }
        format!("spindle@{digest}").parse::<Image>().unwrap_err();
        format!("--help/x@{digest}").parse::<Image>().unwrap_err();
    }

    #[test]
    fn a_document_is_read_only_if_it_is_about_the_image() {
        let folder = tempfile::tempdir().unwrap();
        let layout = folder.path().join("spindle");
        let digest = |digit: &str| format!("sha256:{}", digit.repeat(64));
        fs::create_dir_all(layout.join("blobs/sha256")).unwrap();
        let write = |path: &Path, value: Value| fs::write(path, value.to_string()).unwrap();
        let manifests = [json!({"digest": digest("1")}), json!({"digest": digest("2"), "artifactType": "sbom"})];
        write(&layout.join("index.json"), json!({"manifests": manifests}));
        let manifest = json!({"subject": {"digest": digest("1")}, "layers": [{"digest": digest("3")}]});
        write(&blob(&layout, &json!(digest("2"))).unwrap(), manifest);
        write(&blob(&layout, &json!(digest("3"))).unwrap(), json!({"bomFormat": "CycloneDX"}));
        let image = |digit: &str| format!("ghcr.io/spindle@{}", digest(digit)).parse::<Image>().unwrap();
        assert_eq!(image("1").document(folder.path(), "sbom").unwrap(), json!({"bomFormat": "CycloneDX"}));
        let error = |image: Image, media_type| image.document(folder.path(), media_type).unwrap_err().to_string();
        assert!(error(image("4"), "sbom").contains("is not the layout of sha256:4444"));
        assert!(error(image("2"), "sbom").contains("about another image"));
        assert!(error(image("1"), "provenance").ends_with("has no provenance"));
    }
}
