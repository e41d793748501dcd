//! Signatures by cosign: of an image, and of the statements about it (in-toto), which are its SBOM and its provenance.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::{Image, Images, tool};
use crate::build::run;
use crate::command;
use crate::workspace::Workspace;

/// The statements about an image: the media type in its layout, and cosign's name of the type.
const STATEMENTS: [(&str, &str); 2] =
    [("application/vnd.cyclonedx+json", "cyclonedx"), ("application/vnd.in-toto+json", "slsaprovenance1")];

/// The signer that a verification accepts.
pub(super) enum Signer {
    /// The owner of the private key to this public one.
    Key(PathBuf),
    /// A workload with this identity, whose signature is in the transparency log.
    Identity {
        /// The workflow and its ref.
        identity: String,
        /// The issuer of the identity.
        issuer: String,
    },
}

/// Signs each image and the statements about it in `layouts`.
///
/// # Errors
///
/// If a statement is missing, the identity has no token, or the registry refuses.
pub(super) fn sign(workspace: &Workspace, images: &Images, layouts: &Path, key: Option<&Path>) -> Result<()> {
    let work = workspace.target_dir().join("deliver");
    fs::create_dir_all(&work).with_context(|| format!("cannot make {}", work.display()))?;
    let mut arguments = vec!["--yes".to_owned()];
    arguments.extend(images.plain_http.then(|| "--allow-http-registry".to_owned()));
    if let Some(key) = key {
        // Without a service of Sigstore: neither certificate nor transparency log nor time stamp, as none knows the key; nor the request for their keys.
        for kind in ["signing-config", "trusted-root"] {
            let file = work.join(format!("{kind}.json"));
            command::succeed(cosign(workspace)?.args([kind, "create", "--out"]).arg(&file))?;
            arguments.push(format!("--{kind}={}", file.display()));
        }
        arguments.push(format!("--key={}", key.display()));
    }
    // All documents first: an image without one is not signed either.
    let mut predicates = Vec::new();
    for image in &images.images {
        for (media_type, name) in STATEMENTS {
            let file = work.join(format!("{}.{name}.json", image.name()));
            fs::write(&file, predicate(&image.document(layouts, media_type)?).to_string())?;
            predicates.push((image, name, file));
        }
    }
    for image in &images.images {
        run(cosign(workspace)?.arg("sign").args(&arguments).arg(image.to_string()))?;
    }
    for (image, name, file) in predicates {
        let mut attest = cosign(workspace)?;
        attest.args(["attest", "--type", name, "--predicate"]).arg(file).args(&arguments).arg(image.to_string());
        run(&mut attest)?;
    }
    Ok(())
}

/// Returns the part of a document that cosign makes a statement about: that of a statement, or the whole of another document.
fn predicate(document: &Value) -> &Value {
    document.get("predicate").filter(|_| document.get("_type").is_some()).unwrap_or(document)
}

/// Verifies that `signer` has signed each image and the statements about it.
///
/// # Errors
///
/// If a signature is missing or of another signer.
pub(super) fn verify(workspace: &Workspace, images: &Images, signer: &Signer) -> Result<()> {
    let mut arguments = match signer {
        Signer::Key(key) => vec![format!("--key={}", key.display()), "--insecure-ignore-tlog=true".to_owned()],
        Signer::Identity { identity, issuer } => {
            vec![format!("--certificate-identity={identity}"), format!("--certificate-oidc-issuer={issuer}")]
        }
    };
    arguments.extend(images.plain_http.then(|| "--allow-http-registry".to_owned()));
    for image in &images.images {
        check(cosign(workspace)?.arg("verify").args(&arguments), image, "signature")?;
        for (_, name) in STATEMENTS {
            check(cosign(workspace)?.args(["verify-attestation", "--type", name]).args(&arguments), image, name)?;
        }
        println!("{image}: signature, {}", STATEMENTS.map(|(_, name)| name).join(", "));
    }
    Ok(())
}

/// Runs a verification of `image`, whose output is a document for programs.
fn check(cosign: &mut Command, image: &Image, of: &str) -> Result<()> {
    let output = cosign.arg(image.to_string()).output().context("cannot start cosign")?;
    ensure!(output.status.success(), "{of} of {image}: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(())
}

fn cosign(workspace: &Workspace) -> Result<Command> {
    tool(workspace, "cosign", "COSIGN_BIN", "github.com/sigstore/cosign/v3/cmd/cosign")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_predicate_of_a_statement_is_signed_and_an_sbom_as_it_is() {
        let sbom = json!({"bomFormat": "CycloneDX"});
        assert_eq!(predicate(&sbom), &sbom);
        let statement = json!({"_type": "https://in-toto.io/Statement/v1", "predicate": {"buildDefinition": {}}});
        assert_eq!(predicate(&statement), &json!({"buildDefinition": {}}));
    }
}
