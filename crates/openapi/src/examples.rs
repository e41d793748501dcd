//! The golden examples: one request and its response in each file `api-specs/golden/<operationId>/<case>.json`.

use crate::files;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// A request and its response, as a file has them.
#[derive(Clone, Debug)]
pub struct Example {
    /// The id of the operation.
    pub operation: String,
    /// The name of the case: of the file, without its ending.
    pub case: String,
    /// The status of the response.
    pub status: u16,
    /// The whole file.
    pub content: Value,
}

impl Example {
    /// Returns the name of the case and the body of the request, if it has one.
    pub fn request_body(&self) -> Option<(&str, &Value)> {
        self.content["request"].get("body").map(|body| (self.case.as_str(), body))
    }

    /// Returns the name of the case and the body of the response, if it has one.
    pub fn response_body(&self) -> Option<(&str, &Value)> {
        self.content["response"].get("body").map(|body| (self.case.as_str(), body))
    }
}

/// Returns all examples, in the order of their names.
///
/// # Panics
///
/// If a file is no example.
pub fn examples() -> Vec<Example> {
    let folders = sorted_entries(files::directory().join("golden"));
    folders.into_iter().flat_map(|folder| of(&folder.file_name().unwrap_or_default().to_string_lossy())).collect()
}

/// Returns the examples of the operation `id`.
pub(crate) fn of(id: &str) -> Vec<Example> {
    let paths = sorted_entries(files::directory().join("golden").join(id));
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let content: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let status = content["response"]["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        Example {
            operation: id.to_owned(),
            case: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            status: status.unwrap_or_else(|| panic!("{} has no response with a status", path.display())),
            content,
        }
    };
    paths.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "json")).map(read).collect()
}

/// Returns what is in a folder, which may not exist.
fn sorted_entries(folder: PathBuf) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
