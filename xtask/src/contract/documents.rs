//! The checks of the documents in `api-specs`, which need no instance.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::tools;
use crate::checks::Outcome::{self, Passed, Skipped};
use crate::command;
use crate::go;
use crate::workspace::Workspace;

/// Checks that each document is one of OpenAPI.
pub(super) fn check_specification(workspace: &Workspace) -> Result<Outcome> {
    let documents = openapi_documents(workspace)?;
    let Some(mut validator) = tools::python(workspace, "openapi-spec-validator")? else { return Ok(no_python()) };
    command::print_failure(validator.args(&documents), "a document is not valid")?;
    Ok(Passed(format!("{} documents are valid", documents.len())))
}

/// Checks that each document keeps to our style, and that every rule of ours finds its fault.
pub(super) fn check_style(workspace: &Workspace) -> Result<Outcome> {
    let documents = openapi_documents(workspace)?;
    let config = tools::folder(workspace).join("redocly.yaml");
    let Some(mut tests) = tools::node(workspace, "rules.test.js")? else { return Ok(no_npm()) };
    command::print_failure(&mut tests, "a rule of tools/contract/rules.js does not find its fault")?;
    let Some(mut linter) = tools::node(workspace, "node_modules/@redocly/cli/bin/cli.js")? else { return Ok(no_npm()) };
    linter.arg("lint").arg("--config").arg(&config).args(&documents).current_dir(workspace.root());
    command::print_failure(&mut linter, "a document breaks a rule of tools/contract/redocly.yaml")?;
    Ok(Passed(format!("{} documents keep to tools/contract/redocly.yaml", documents.len())))
}

/// Checks that what clients of a released version may rely on is still true.
pub(super) fn check_breaking_changes(workspace: &Workspace) -> Result<Outcome> {
    let specs = workspace.root().join("api-specs");
    let current = specs.join("openapi.yaml");
    let mut released = entries(&specs.join("released"))?;
    released.retain(|version| version.is_dir());
    if released.is_empty() {
        return Ok(Passed("nothing is released".to_owned()));
    }
    ensure!(current.exists(), "api-specs/openapi.yaml is missing");
    let config = workspace.root().join("tools/oasdiff/oasdiff.yaml");
    let mut names = Vec::new();
    for version in released {
        let Some(oasdiff) = go::program(workspace, "oasdiff", "github.com/oasdiff/oasdiff")? else {
            return Ok(Skipped("Go is not installed".to_owned()));
        };
        let mut oasdiff = Command::new(oasdiff);
        let name = version.file_name().unwrap_or_default().to_string_lossy().into_owned();
        oasdiff.arg("breaking").arg("--config").arg(&config).arg(version.join("openapi.yaml")).arg(&current);
        command::print_failure(&mut oasdiff, &format!("a client of {name} would break"))?;
        names.push(name);
    }
    Ok(Passed(format!("clients of {} go on as before", names.join(", "))))
}

/// Checks that the document of the events is one of AsyncAPI.
pub(super) fn check_events(workspace: &Workspace) -> Result<Outcome> {
    let document = workspace.root().join("api-specs/asyncapi.json");
    ensure!(document.exists(), "{} is missing", tools::shown(workspace, &document));
    let Some(mut parser) = tools::node(workspace, "asyncapi.js")? else { return Ok(no_npm()) };
    let printed = command::print_failure(parser.arg(&document), "api-specs/asyncapi.json is not valid")?;
    Ok(Passed(printed.trim().to_owned()))
}

/// Returns the documents of the services and the bundle.
pub(super) fn openapi_documents(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let mut documents = entries(&workspace.root().join("api-specs"))?;
    documents.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    ensure!(!documents.is_empty(), "api-specs has no document");
    Ok(documents)
}

/// Returns what is in `folder`, in the order of the names; nothing if there is no such folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let read = || fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>();
    let mut paths = read().with_context(|| format!("cannot read {}", folder.display()))?;
    paths.sort();
    Ok(paths)
}

pub(super) fn no_python() -> Outcome {
    Skipped("python3 with its module venv is not installed".to_owned())
}

fn no_npm() -> Outcome {
    Skipped("npm is not installed".to_owned())
}
