//! The provenance of an image: which sources it was built from, and by what (<https://slsa.dev/spec/v1.1/provenance>).

use anyhow::Result;
use serde_json::{Value, json};

use crate::source::Revision;

/// Returns the statement about the image with this digest.
///
/// # Errors
///
/// If it is not JSON, which cannot happen.
pub(crate) fn statement(name: &str, digest: &str, built_from: &str, revision: &Revision) -> Result<Vec<u8>> {
    let page = format!("{}/blob/{}/docs/images.md", revision.repository, revision.commit);
    let run = workflow_run(|name| std::env::var(name).ok());
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": digest.trim_start_matches("sha256:")}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": format!("{page}#provenance"),
                "externalParameters": {"file": built_from},
                "internalParameters": {"modified": revision.modified},
                "resolvedDependencies": [{
                    "uri": format!("git+{}", revision.repository),
                    "digest": {"gitCommit": revision.commit},
                }],
            },
            "runDetails": {
                "builder": {"id": run.clone().unwrap_or_else(|| format!("{page}#by-hand"))},
                "metadata": run.map_or_else(|| json!({}), |run| json!({"invocationId": run})),
            },
        },
    });
    Ok(serde_json::to_vec(&statement)?)
}

/// Returns the URL of the run of a GitHub workflow that builds the image, if it is one.
fn workflow_run(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let [server, repository, run, attempt] =
        ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT"].map(variable);
    Some(format!("{}/{}/actions/runs/{}/attempts/{}", server?, repository?, run?, attempt?))
}

/// Returns the predicate of a statement, which is what `cosign attest` signs.
///
/// # Errors
///
/// If `statement` is not JSON.
pub(crate) fn predicate(statement: &[u8]) -> Result<Vec<u8>> {
    let statement: Value = serde_json::from_slice(statement)?;
    Ok(serde_json::to_vec(&statement["predicate"])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_a_workflow_is_named() {
        let run = workflow_run(|name| Some(name.trim_start_matches("GITHUB_").to_lowercase()));
        assert_eq!(run.unwrap(), "server_url/repository/actions/runs/run_id/attempts/run_attempt");
        assert_eq!(workflow_run(|name| (name != "GITHUB_RUN_ID").then(String::new)), None);
    }

    #[test]
    fn the_statement_names_the_image_and_the_commit() {
        let revision = Revision {
            repository: "https://example.com/shop".into(),
            commit: "c0ffee".into(),
            modified: false,
            time: jiff::Timestamp::UNIX_EPOCH,
        };
        let statement = statement("shop", "sha256:abc", "spin.toml", &revision).unwrap();
        let value: Value = serde_json::from_slice(&statement).unwrap();
        assert_eq!(value["subject"], json!([{"name": "shop", "digest": {"sha256": "abc"}}]));
        let predicate: Value = serde_json::from_slice(&predicate(&statement).unwrap()).unwrap();
        assert_eq!(predicate["buildDefinition"]["externalParameters"], json!({"file": "spin.toml"}));
        let source = json!({"uri": "git+https://example.com/shop", "digest": {"gitCommit": "c0ffee"}});
        assert_eq!(predicate["buildDefinition"]["resolvedDependencies"], json!([source]));
    }
}
