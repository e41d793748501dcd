//! Spindle's own providers meet the contract, and docs/conformance.md lists the checks.

use std::fs;
use std::path::Path;

use spindle_conformance::{Check, Interface, Kit, Settings};

/// Returns the components in `folder`, by the names of their files without ending.
fn providers(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let names = entries.map(|entry| entry.expect("a folder can be listed").file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().replace('-', "_")).collect();
    names.sort();
    names
}

#[test]
fn our_own_providers_pass_every_check() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let kit = Kit::new(Some(&root.join("target/wasm-cache"))).expect("an engine");
    let names = providers(&root.join("components/providers"));
    assert!(!names.is_empty());
    for name in names {
        let file = root.join(format!("target/wasm32-wasip2/release/{name}.wasm"));
        assert!(file.exists(), "{} is missing: `cargo xtask build` makes it", file.display());
        for report in kit.examine(&file, &Settings::default()).expect("it is a provider") {
            assert_eq!(report.failed(), [], "{name}: {report}");
        }
    }
}

#[test]
fn each_check_is_documented_with_its_interfaces() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/conformance.md"))
        .expect("docs/conformance.md can be read");
    let is_row = |line: &&str| line.starts_with("| `") && line.contains('.') && !line.starts_with("| `--");
    let rows: Vec<String> = page.lines().filter(is_row).map(|line| line.split('|').take(3).collect()).collect();
    let row = |check: &Check| {
        let signs = [(Interface::Notify, "N"), (Interface::Payments, "$"), (Interface::Pricing, "%")];
        let signs = signs.into_iter().filter(|(interface, _)| check.concerns(*interface)).map(|(_, sign)| sign);
        format!(" `{}`  {} ", check.name(), signs.collect::<Vec<_>>().join(" "))
    };
    assert_eq!(rows, Check::ALL.iter().map(row).collect::<Vec<_>>());
}
