//! Embeds the migrations of this service, and a filter of common passwords.

#[path = "src/password/common_key.rs"]
mod common_key;

use common_key::{MAX_PADDING, MIN_CHARS, key, word};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use xorf::{BinaryFuse16, DmaSerializable as _};

/// The common passwords that the list of the crate `passwords` lacks: names of this product, sentences, and walks over a keyboard.
const MORE: &str = "more_common_passwords.txt";

/// The fewest characters of a word: digits around a shorter one are the password.
const MIN_WORD: usize = 3;

fn main() {
    spindle_migrations::embed("auth");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/password/common_key.rs");
    println!("cargo::rerun-if-changed={MORE}");
    embed_common_passwords();
}

/// Writes the filter: each password in small letters, and each word that has digits and marks around it in the list, as far as the policy looks for
/// them.
fn embed_common_passwords() {
    let more = std::fs::read_to_string(MORE).expect("the list is text");
    let mut entries = BTreeSet::new();
    for password in listed().iter().map(String::as_str).chain(more.lines()) {
        let password = password.to_lowercase();
        let word = word(&password);
        let padding = password.chars().count() - word.chars().count();
        if word.chars().count() >= MIN_WORD && padding <= MAX_PADDING {
            entries.insert(word.to_owned());
        }
        if password.chars().count() >= MIN_CHARS {
            entries.insert(password);
        }
    }
    let keys: Vec<u64> = entries.iter().map(|entry| key(entry)).collect();
    let filter = BinaryFuse16::try_from(keys).expect("different texts have different keys");
    let mut descriptor = [0; BinaryFuse16::DESCRIPTOR_LEN];
    filter.dma_copy_descriptor_to(&mut descriptor);
    write("common_passwords.descriptor", &descriptor);
    write("common_passwords.fingerprints", filter.dma_fingerprints());
}

/// Returns the 100,000 passwords of the crate `passwords`. The crate asks its list one password at a time only; so Cargo says where its file is.
fn listed() -> Vec<String> {
    let file = folder_of("passwords").join("data/common-passwords.json");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).expect("the list is a JSON array of strings")
}

/// Returns the folder of the dependency `name`, wherever Cargo has its packages.
fn folder_of(name: &str) -> PathBuf {
    let variable = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"));
    let arguments = ["metadata", "--format-version=1", "--locked", "--filter-platform", &variable("TARGET")];
    let output = Command::new(variable("CARGO")).args(arguments).output().expect("cargo can be started");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo metadata failed: {errors}");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo metadata writes JSON");
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let manifest = packages
        .filter(|package| package["name"] == name)
        .find_map(|package| package["manifest_path"].as_str())
        .unwrap_or_else(|| panic!("{name} is not among the dependencies"));
    Path::new(manifest).parent().expect("a manifest is in a folder").to_owned()
}

fn write(name: &str, bytes: &[u8]) {
    let folder = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(PathBuf::from(folder).join(name), bytes).expect("OUT_DIR can be written to");
}
