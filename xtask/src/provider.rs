//! Another provider than the one in spin.toml, for a component that has one.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context as _, Result, bail, ensure};
use toml::{Table, Value};
use wasmparser::{Encoding, Parser, Payload};

/// What `--provider notify-email=my_provider.wasm` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The component that asks it.
    pub component: String,
    /// The provider.
    pub file: PathBuf,
}

impl FromStr for Choice {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (component, file) = text.split_once('=').context("it is COMPONENT=FILE.wasm")?;
        Ok(Self { component: component.to_owned(), file: file.into() })
    }
}

impl Choice {
    /// Puts the provider into `manifest`, in the place of the one that is there. A path that is not absolute is taken from the folder that
    /// this runs in.
    ///
    /// # Errors
    ///
    /// If the component has no provider, or the file is none for it.
    pub fn apply(&self, manifest: &mut Table) -> Result<()> {
        let takers = takers(manifest);
        let Some((component, interface)) = takers.iter().find(|(id, _)| *id == self.component) else {
            let known: Vec<&str> = takers.iter().map(|(id, _)| id.as_str()).collect();
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

/// The components that have a provider, each with the interface that it has to export.
fn takers(manifest: &Table) -> Vec<(String, String)> {
    let components = manifest.get("component").and_then(Value::as_table).into_iter().flatten();
    let interface = |component: &Value| Some(component.get("dependencies")?.as_table()?.keys().next()?.clone());
    components.filter_map(|(id, component)| Some((id.clone(), interface(component)?))).collect()
}

/// Whether what is in `file` is a component that exports `interface`.
fn check(file: &Path, interface: &str) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let exports = exports(&bytes).with_context(|| format!("{} is no WebAssembly component", file.display()))?;
    ensure!(
        exports.iter().any(|export| export == interface),
        "{} does not export {interface}, but {}: wit/ has what it is to implement",
        file.display(),
        if exports.is_empty() { "nothing".to_owned() } else { exports.join(", ") }
    );
    Ok(())
}

/// The names of what a component exports.
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

    /// A component that exports an instance under each of `names`, and has a component within that exports something else.
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
    fn a_provider_takes_the_place_of_the_one_that_is_there() {
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
    fn what_does_not_fit_is_refused_with_what_would() {
        assert_eq!(refusal("plain", &component(&[])), "plain has no provider: choose one for notify-email");
        assert_eq!(
            refusal("notify-email", &component(&["a:b/c@1.0.0", "inner:d/e@1.0.0"])),
            format!(
                "p.wasm does not export {PROVIDER}, but a:b/c@1.0.0, inner:d/e@1.0.0: wit/ has what it is to implement"
            )
        );
        assert!(refusal("notify-email", &component(&[])).contains("but nothing"));
        let module = wat::parse_str("(module)").unwrap();
        assert_eq!(
            refusal("notify-email", &module),
            "p.wasm is no WebAssembly component: it is a core module: build it for wasm32-wasip2"
        );
        assert!(refusal("notify-email", b"text").starts_with("p.wasm is no WebAssembly component: "));
    }
}
