//! The import of many products at once, through the public API.

use anyhow::{Context as _, Result, bail, ensure};

use crate::http::{Client, Response};

/// The path of the import.
const PATH: &str = "/v1/products/import";

/// The result of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportResult {
    /// Products that were new.
    pub created: u64,
    /// Products that existed. Those without a difference are not changed.
    pub updated: u64,
}

/// Imports `lines`, one product in JSON each.
///
/// # Errors
///
/// If the import or one of its lines is refused.
pub fn import(admin: &Client, lines: &str) -> Result<ImportResult> {
    parse_result(send(admin, lines)?)
}

/// Sends `lines`, and returns the response of any status.
///
/// # Errors
///
/// If there is no response.
pub(super) fn send(admin: &Client, lines: &str) -> Result<Response> {
    admin.post_lines(PATH, lines)
}

/// Returns the result in `response`.
///
/// # Errors
///
/// If the import or one of its lines was refused.
pub(super) fn parse_result(response: Response) -> Result<ImportResult> {
    let Response { status, body, .. } = response;
    ensure!(status == 200, "POST {PATH} returned {status}: {body}");
    let failed = body["failed"].as_array().context("the response of the import has no list of failed lines")?;
    if let Some(first) = failed.first() {
        bail!("{} lines were refused, the first of them: {first}", failed.len());
    }
    let count = |name: &str| {
        body[name].as_u64().with_context(|| format!("the response of the import has no number of {name} products"))
    };
    Ok(ImportResult { created: count("created")?, updated: count("updated")? })
}
