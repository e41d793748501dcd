//! Rules for source files.

use crate::repository::files;

/// A longer file is split.
const MAX_LINES: usize = 500;

/// The files that are generated, and read by compilers only.
const GENERATED: &[&str] = &["clients/rust/src/generated.rs"];

/// The path below which the Spin SDK may be named.
const MAY_NAME_SPIN_SDK: &str = "crates/platform/";

fn assert_none(broken: &[String], rule: &str) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}

#[test]
fn every_file_begins_with_its_purpose() {
    let broken: Vec<String> =
        files("rs").into_iter().filter(|(_, text)| !text.starts_with("//! ")).map(|(name, _)| name).collect();
    assert_none(&broken, "a .rs file begins with `//! ` and its purpose");
}

#[test]
fn no_file_is_too_long_to_read() {
    let broken: Vec<String> = files("rs")
        .into_iter()
        .filter(|(name, text)| text.lines().count() > MAX_LINES && !GENERATED.contains(&name.as_str()))
        .map(|(name, text)| format!("{name} ({} lines)", text.lines().count()))
        .collect();
    assert_none(&broken, &format!("a file has at most {MAX_LINES} lines; split it by noun"));
}

#[test]
fn only_the_platform_knows_spin() {
    // In two parts, so that this file does not break its own rule.
    let names = [concat!("spin", "_sdk"), concat!("spin", "-sdk")];
    let mut broken = Vec::new();
    for (name, text) in
        files("rs").into_iter().chain(files("toml").into_iter().filter(|(name, _)| name.ends_with("Cargo.toml")))
    {
        let allowed = name == "Cargo.toml" || name.starts_with(MAY_NAME_SPIN_SDK);
        if !allowed && names.iter().any(|sdk| text.contains(sdk)) {
            broken.push(name);
        }
    }
    assert_none(&broken, "services reach Spin through crates/platform, so that they also run natively");
}

#[test]
fn a_lint_is_only_silenced_with_a_reason() {
    let mut broken = Vec::new();
    for (name, text) in files("rs").into_iter().filter(|(name, _)| !GENERATED.contains(&name.as_str())) {
        for kind in ["allow", "expect"] {
            for opening in [format!("#[{kind}("), format!("#![{kind}(")] {
                for (at, _) in text.match_indices(&opening) {
                    let attribute = text[at..].split_once(")]").map_or(&text[at..], |(attribute, _)| attribute);
                    // Text inside a string literal of this very test has a quote right before it.
                    let quoted = text[..at].ends_with('"');
                    if !quoted && !attribute.contains("reason = ") {
                        broken.push(format!("{name}:{}", text[..at].lines().count() + 1));
                    }
                }
            }
        }
    }
    assert_none(&broken, "an exception from a lint says why it is one");
}

#[test]
fn no_file_has_a_placeholder() {
    let needles = [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("FIX", "ME"), concat!("XX", "X:")];
    let broken: Vec<String> = files("rs")
        .into_iter()
        .filter(|(_, text)| needles.iter().any(|needle| text.contains(needle)))
        .map(|(name, _)| name)
        .collect();
    assert_none(&broken, "merged code is complete");
}
