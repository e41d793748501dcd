//! The replacement of a component's provider in spin.toml.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context as _, Result, bail, ensure};
use toml::{Table, Value};
use wasmparser::{Encoding, Parser, Payload};

/// The value of `--provider notify-email=my_provider.wasm`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The component that calls the provider.
    pub component: String,
    /// The file of the provider.
    pub file: PathBuf,
}

impl FromStr for Choice {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (component, file) = text.split_once('=').context("the form is COMPONENT=FILE.wasm")?;
        Ok(Self { component: component.to_owned(), file: file.into() })
    }
}

impl Choice {
    /// Replaces the provider of the component in `manifest`. A relative path starts at the current folder.
    ///
    /// # Errors
    ///
    /// If the component has no provider, or the file does not implement its interface.
    pub fn apply(&self, manifest: &mut Table) -> Result<()> {
        let interfaces = provider_interfaces(manifest);
        let Some((component, interface)) = interfaces.iter().find(|(id, _)| *id == self.component) else {
            let known: Vec<&str> = interfaces.iter().map(|(id, _)| id.as_str()).collect();
            bail!("{} has no provider: choose one for {}", self.component, known.join(", "));
        };
        let file = std::path::absolute(&self.file)?;
        check(&file, interface)?;
        let path = Value::String(file.to_string_lossy().into_owned());
        manifest["component"][component]["dependencies"][interface] =
            Value::Table(Table::from_iter([("path".into(), path)]));
        Ok(())
    }
}

/// Returns the components that have a provider, each with the interface that the provider must export.
fn provider_interfaces(manifest: &Table) -> Vec<(String, String)> {
    let components = manifest.get("component").and_then(Value::as_table).into_iter().flatten();
    let interface = |component: &Value| Some(component.get("dependencies")?.as_table()?.keys().next()?.clone());
    components.filter_map(|(id, component)| Some((id.clone(), interface(component)?))).collect()
}

/// Checks that `file` is a component that exports `interface`.
fn check(file: &Path, interface: &str) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let exports = exports(&bytes).with_context(|| format!("{} is not a WebAssembly component", file.display()))?;
    ensure!(
        exports.iter().any(|export| export == interface),
        "{} does not export {interface}, but {}: the interface is in wit/",
        file.display(),
        if exports.is_empty() { "nothing".to_owned() } else { exports.join(", ") }
    );
    Ok(())
}

/// Returns the names of the exports of a component.
fn exports(bytes: &[u8]) -> Result<Vec<String>> {
    let (mut exports, mut depth) = (Vec::new(), 0);
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::Version { encoding, .. } => {
                ensure!(
                    depth > 0 || encoding == Encoding::Component,
                    "it is a core module: build it for wasm32-wasip2"
                );
                depth += 1;
            }
            Payload::End(_) => depth -= 1,
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section {
                    exports.push(export?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(exports)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROVIDER: &str = "spindle:notify/provider@1.0.0";

    fn manifest() -> Table {
        toml::from_str(&format!(
            r#"
            [component.plain]
            source = "plain.wasm"
            [component.notify-email]
            source = "adapter.wasm"
            [component.notify-email.dependencies]
            "{PROVIDER}" = {{ path = "log.wasm" }}
            "#
        ))
        .unwrap()
    }

    /// Returns a component that exports an instance under each of `names`, and has an inner component with another export.
    fn component(names: &[&str]) -> Vec<u8> {
        let exports: String = names.iter().map(|name| format!(r#"(export "{name}" (instance $i))"#)).collect();
        let inner = r#"(component $c (instance $j) (export "inner:own/thing@1.0.0" (instance $j)))"#;
        wat::parse_str(format!("(component {inner} (core module) (instance $i) {exports})")).unwrap()
    }

    fn refusal(component: &str, bytes: &[u8]) -> String {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("p.wasm");
        fs::write(&file, bytes).unwrap();
        let choice = Choice { component: component.to_owned(), file };
        let error = format!("{:#}", choice.apply(&mut manifest()).unwrap_err());
        error.replace(&format!("{}/", dir.path().display()), "")
    }

    #[test]
    fn a_provider_replaces_that_of_the_manifest() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("mine.wasm");
        fs::write(&file, component(&[PROVIDER])).unwrap();
        let mut changed = manifest();
        format!("notify-email={}", file.display()).parse::<Choice>().unwrap().apply(&mut changed).unwrap();
        let path = changed["component"]["notify-email"]["dependencies"][PROVIDER]["path"].as_str();
        assert_eq!(path, file.to_str());
        assert!("notify-email".parse::<Choice>().is_err());
    }

    #[test]
    fn an_unsuitable_provider_is_refused_with_the_required_interface() {
        assert_eq!(refusal("plain", &component(&[])), "plain has no provider: choose one for notify-email");
        assert_eq!(
            refusal("notify-email", &component(&["a:b/c@1.0.0", "inner:d/e@1.0.0"])),
            format!("p.wasm does not export {PROVIDER}, but a:b/c@1.0.0, inner:d/e@1.0.0: the interface is in wit/")
        );
        assert!(refusal("notify-email", &component(&[])).contains("but nothing"));
        let module = wat::parse_str("(module)").unwrap();
        assert_eq!(
            refusal("notify-email", &module),
            "p.wasm is not a WebAssembly component: it is a core module: build it for wasm32-wasip2"
        );
        assert!(refusal("notify-email", b"text").starts_with("p.wasm is not a WebAssembly component: "));
    }
}
