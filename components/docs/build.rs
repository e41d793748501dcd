//! Computes the entity tag of each document, which a fresh instance would have to compute for each request.

use sha2::{Digest as _, Sha256};

/// The documents in api-specs/, each with the variable that has its entity tag when the component is compiled.
const DOCUMENTS: [(&str, &str); 3] = [
    ("asyncapi.json", "ASYNCAPI_JSON_ETAG"),
    ("openapi.json", "OPENAPI_JSON_ETAG"),
    ("openapi.yaml", "OPENAPI_YAML_ETAG"),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for (name, variable) in DOCUMENTS {
        let path = format!("../../api-specs/{name}");
        println!("cargo::rerun-if-changed={path}");
        let content = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let digest = base16ct::lower::encode_string(&Sha256::digest(content)[..16]);
        println!("cargo::rustc-env={variable}=\"{digest}\"");
    }
}
