//! The transfer of an image to a registry, with what belongs to it (OCI distribution-spec 1.1).

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use docker_credential::{CredentialRetrievalError, DockerCredential};
use oci_client::client::{ClientConfig, ClientProtocol};
use oci_client::manifest::{ImageIndexEntry, OciImageIndex};
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference, RegistryOperation};

use crate::image::Packed;
use crate::layout::{Artifact, Blob};

/// The media type of an index of manifests.
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// Pushes an image to `reference`, such as `ghcr.io/shop/spindle:0.1.0`, with its referrers.
///
/// # Errors
///
/// If the registry refuses, or cannot be reached.
pub(crate) async fn push(packed: &Packed, reference: &str, plain_http: bool) -> Result<()> {
    let tagged: Reference = reference.parse().with_context(|| format!("{reference} is not the name of an image"))?;
    let config = ClientConfig {
        protocol: if plain_http { ClientProtocol::Http } else { ClientProtocol::Https },
        ..ClientConfig::default()
    };
    let client = Client::new(config);
    let registry = tagged.resolve_registry().to_owned();
    let credentials = credentials(&registry)?;
    client.auth(&tagged, &credentials, RegistryOperation::Push).await.with_context(|| log_in(&registry))?;
    artifact(&client, &tagged, &packed.image).await?;
    for referrer in &packed.referrers {
        artifact(&client, &by_digest(&tagged, &referrer.manifest.digest), referrer).await?;
    }
    let subject = by_digest(&tagged, &packed.image.manifest.digest);
    index_referrers(&client, &subject, &packed.referrers).await
}

async fn artifact(client: &Client, at: &Reference, artifact: &Artifact) -> Result<()> {
    let mut sent = BTreeSet::new();
    for blob in &artifact.blobs {
        let is_new = sent.insert(&blob.digest) && !client.blob_exists(at, &blob.digest).await?;
        if is_new {
            let pushed = client.push_blob(at, blob.bytes.clone(), &blob.digest).await;
            pushed.with_context(|| format!("cannot push {} to {at}", blob.digest))?;
        }
    }
    manifest(client, at, &artifact.manifest).await
}

async fn manifest(client: &Client, at: &Reference, manifest: &Blob) -> Result<()> {
    let media_type = manifest.media_type.parse().context("a media type is a header's value")?;
    client
        .push_manifest_raw(at, manifest.bytes.clone(), media_type)
        .await
        .with_context(|| format!("cannot push {at}"))?;
    Ok(())
}

/// Lists the referrers under the tag that stands for the referrers API where a registry lacks it, beside those that others have listed.
async fn index_referrers(client: &Client, subject: &Reference, referrers: &[Artifact]) -> Result<()> {
    let mut index: OciImageIndex = client.pull_referrers(subject, None).await?;
    let listed = |artifact: &Artifact| index.manifests.iter().any(|entry| entry.digest == artifact.manifest.digest);
    if referrers.iter().all(listed) {
        return Ok(());
    }
    let missing: Vec<ImageIndexEntry> = referrers.iter().filter(|artifact| !listed(artifact)).map(entry).collect();
    index.manifests.extend(missing);
    index.media_type = Some(INDEX.to_owned());
    let tag = subject.digest().unwrap_or_default().replace(':', "-");
    let at = Reference::with_tag(subject.registry().to_owned(), subject.repository().to_owned(), tag);
    manifest(client, &at, &Blob::new(INDEX, serde_json::to_vec(&index)?)).await
}

fn entry(artifact: &Artifact) -> ImageIndexEntry {
    let descriptor = artifact.manifest.descriptor();
    ImageIndexEntry {
        media_type: descriptor.media_type,
        digest: descriptor.digest,
        size: descriptor.size,
        platform: None,
        annotations: None,
        artifact_type: artifact.artifact_type.clone(),
    }
}

fn by_digest(image: &Reference, digest: &str) -> Reference {
    Reference::with_digest(image.registry().to_owned(), image.repository().to_owned(), digest.to_owned())
}

/// Returns the credentials of the registry from Docker's configuration; none if it has none.
fn credentials(registry: &str) -> Result<RegistryAuth> {
    match docker_credential::get_credential(registry) {
        Ok(DockerCredential::UsernamePassword(user, password)) => Ok(RegistryAuth::Basic(user, password)),
        Ok(DockerCredential::IdentityToken(token)) => Ok(RegistryAuth::Bearer(token)),
        Err(
            CredentialRetrievalError::ConfigNotFound
            | CredentialRetrievalError::NoCredentialConfigured
            | CredentialRetrievalError::ConfigReadError,
        ) => Ok(RegistryAuth::Anonymous),
        Err(error) => Err(error).with_context(|| log_in(registry)),
    }
}

fn log_in(registry: &str) -> String {
    format!("cannot use the registry {registry} (`docker login {registry}` stores credentials)")
}
