//! Compresses the documents of the API and the reference, and computes their entity tags, which a fresh instance would have to do for each request.

use spindle_static_files::build::Files;

/// A document changes with a release only.
const FIVE_MINUTES: &str = "public, max-age=300";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let documents = ["asyncapi.json", "openapi.json", "openapi.yaml"];
    let add = |files: Files, name| files.file(&format!("/{name}"), format!("../../api-specs/{name}"), FIVE_MINUTES);
    documents.into_iter().fold(Files::new().site("/docs", "site"), add).write();
}
