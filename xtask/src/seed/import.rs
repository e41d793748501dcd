//! Bringing many products in at once, through the public API.

use anyhow::{Context as _, Result, bail, ensure};

use crate::http::{Answer, Client};

/// Where products come in.
const PATH: &str = "/v1/products/import";

/// What has come of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Products that were not there.
    pub created: u64,
    /// Products that were there. Those that are no different stay as they are.
    pub updated: u64,
}

/// Imports `lines`, one product in JSON each.
///
/// # Errors
///
/// If it is refused, or one of its lines.
pub fn import(admin: &Client, lines: &str) -> Result<Imported> {
    imported(send(admin, lines)?)
}

/// Sends `lines`. Any status is an answer.
///
/// # Errors
///
/// If there is no answer.
pub(super) fn send(admin: &Client, lines: &str) -> Result<Answer> {
    admin.post_lines(PATH, lines)
}

/// What `answer` says.
///
/// # Errors
///
/// If the import was refused, or one of its lines.
pub(super) fn imported(answer: Answer) -> Result<Imported> {
    let Answer { status, body, .. } = answer;
    ensure!(status == 200, "POST {PATH} answered {status}: {body}");
    let failed = body["failed"].as_array().context("an import says what failed")?;
    if let Some(first) = failed.first() {
        bail!("{} lines were refused, the first of them: {first}", failed.len());
    }
    let count = |name: &str| body[name].as_u64().with_context(|| format!("an import says how many it has {name}"));
    Ok(Imported { created: count("created")?, updated: count("updated")? })
}
