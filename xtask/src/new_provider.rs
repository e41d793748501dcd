//! `cargo xtask new-provider`: writes the folder of a new provider, which builds, conforms to the contract, and depends on no other folder. The files
//! that all providers of a language share are those of the example in that language; a language without an example has them in templates/.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;

use crate::examples::Language;
use crate::workspace::Workspace;

/// An interface that a provider can implement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Interface {
    /// Sends notifications.
    Notify,
    /// Processes payments.
    Payments,
    /// Determines the discounts and surcharges of a cart.
    Pricing,
}

impl Interface {
    /// All interfaces.
    pub const ALL: [Self; 3] = [Self::Notify, Self::Payments, Self::Pricing];

    /// Returns the name of its package in wit/ and of its template.
    fn package(self) -> &'static str {
        match self {
            Self::Notify => "notify",
            Self::Payments => "payments",
            Self::Pricing => "pricing",
        }
    }

    /// Returns the exported interface, the world with that export, and a component of the application with such a provider.
    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Notify => ("spindle:notify/provider@1.0.0", "spindle:notify/notify-provider@1.0.0", "notify-email"),
            Self::Payments => {
                ("spindle:payments/provider@1.0.0", "spindle:payments/payment-provider@1.0.0", "payment-provider")
            }
            Self::Pricing => ("spindle:pricing/adjuster@1.0.0", "spindle:pricing/price-adjuster@1.0.0", "pricing"),
        }
    }

    /// Returns whether the template of this interface calls a service on the internet.
    fn uses_http(self) -> bool {
        self != Self::Pricing
    }
}

/// The files that all providers of a language share.
struct Scaffold {
    /// The name in these files that the name of the provider replaces.
    name: &'static str,
    /// The shared files in this repository.
    files: &'static [&'static str],
    /// The file with the provider's own code.
    source: &'static str,
    /// Further files in this repository for a provider that calls a service on the internet, which are copied to the folder of the source.
    http_files: &'static [&'static str],
    /// The interfaces that `http_files` import.
    imports: &'static [&'static str],
    /// The packages of these interfaces.
    packages: &'static [&'static str],
    /// The command that builds the provider.
    build: &'static str,
}

const VARIABLES: &str = "fermyon:spin/variables@2.0.0";

const HTTP: [&str; 4] =
    [VARIABLES, "wasi:clocks/monotonic-clock@0.2.0", "wasi:http/outgoing-handler@0.2.0", "wasi:io/poll@0.2.0"];

const HTTP_PACKAGES: [&str; 4] = ["fermyon-spin", "wasi-clocks", "wasi-http", "wasi-io"];

/// Returns the scaffold of a language.
fn scaffold(language: Language) -> Scaffold {
    match language {
        Language::Rust => Scaffold {
            name: "provider-name",
            files: &["xtask/templates/rust/Cargo.toml"],
            source: "src/lib.rs",
            http_files: &["xtask/templates/rust/post.rs", "crates/notifier/src/post/exchange.rs"],
            imports: &HTTP,
            packages: &HTTP_PACKAGES,
            build: "cargo build --release --target wasm32-wasip2",
        },
        Language::Js => Scaffold {
            name: "notify-js",
            files: &[
                "examples/providers/notify-js/build.js",
                "examples/providers/notify-js/package.json",
                "examples/providers/notify-js/package-lock.json",
            ],
            source: "provider.js",
            http_files: &["examples/providers/notify-js/post.js"],
            // The runtime of JavaScript has `fetch`.
            imports: &[VARIABLES],
            packages: &["fermyon-spin"],
            build: "npm ci && npm run build",
        },
        Language::Python => Scaffold {
            name: "notify-python",
            files: &["examples/providers/notify-python/build.py", "examples/providers/notify-python/requirements.txt"],
            source: "app.py",
            http_files: &["examples/providers/notify-python/post.py", "examples/providers/notify-python/settings.py"],
            imports: &HTTP,
            packages: &HTTP_PACKAGES,
            build: "python3 build.py",
        },
    }
}

/// Writes the folder `parent/name`, and prints the next steps.
///
/// # Errors
///
/// If a tool would refuse the name, or the folder exists.
pub fn write(workspace: &Workspace, interface: Interface, language: Language, parent: &Path, name: &str) -> Result<()> {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    ensure!(
        name.len() <= 64 && name.split('-').all(is_word),
        "{name} is not a valid name of a provider: a name consists of lower-case words with dashes between them, such as my-{}",
        interface.package()
    );
    let folder = parent.join(name);
    ensure!(!folder.exists(), "{} exists: choose another name, or another folder with --into", folder.display());
    let scaffold = scaffold(language);
    Writer { root: workspace.root(), folder: &folder, scaffold: &scaffold, name }.write(interface, language)?;
    let (folder, build) = (folder.display(), scaffold.build);
    println!("wrote {folder}. Next: cd {folder} && {build}; its README.md has the further steps");
    Ok(())
}

struct Writer<'a> {
    root: &'a Path,
    folder: &'a Path,
    scaffold: &'a Scaffold,
    name: &'a str,
}

impl Writer<'_> {
    fn write(&self, interface: Interface, language: Language) -> Result<()> {
        let scaffold = self.scaffold;
        let source = PathBuf::from(scaffold.source);
        let extension = source.extension().context("the source has no extension")?;
        let template = self.root.join("xtask/templates").join(match language {
            Language::Rust => "rust",
            Language::Js => "js",
            Language::Python => "python",
        });
        self.copy(&template.join(interface.package()).with_extension(extension), &source)?;
        let source_folder = source.parent().unwrap_or(Path::new(""));
        let http_files = scaffold.http_files.iter().filter(|_| interface.uses_http()).map(|file| (file, source_folder));
        for (file, folder) in scaffold.files.iter().map(|file| (file, Path::new(""))).chain(http_files) {
            let name = Path::new(file).file_name().context("the path has no file name")?;
            self.copy(&self.root.join(file), &folder.join(name))?;
        }
        self.wit(interface)?;
        self.put(Path::new(".gitignore"), ".venv/\n__pycache__/\nnode_modules/\ntarget/\n*.wasm\n")?;
        self.put(Path::new("README.md"), &self.readme(interface, language)?)
    }

    /// Writes the world, and copies of the packages that it names.
    fn wit(&self, interface: Interface) -> Result<()> {
        let (_, world, _) = interface.names();
        let imports = self.scaffold.imports.iter().filter(|_| interface.uses_http());
        let imports: String = imports.map(|import| format!("  import {import};\n")).collect();
        let text = format!(
            "package local:provider;\n\n/// The export of this provider, and its imports from the runtime.\nworld provider {{\n{imports}  include {world};\n}}\n"
        );
        self.put(Path::new("wit/world.wit"), &text)?;
        let contract = self.root.join("wit").join(interface.package());
        self.copy_folder(&contract, &format!("spindle-{}", interface.package()))?;
        for package in self.scaffold.packages.iter().filter(|_| interface.uses_http()) {
            self.copy_folder(&self.root.join("xtask/templates/wit").join(package), package)?;
        }
        Ok(())
    }

    fn readme(&self, interface: Interface, language: Language) -> Result<String> {
        let (exported, _, component) = interface.names();
        let file = match language {
            Language::Rust => "target/wasm32-wasip2/release/provider.wasm".to_owned(),
            Language::Js | Language::Python => format!("{}.wasm", self.name),
        };
        let mut text = read(&self.root.join("xtask/templates/README.md"))?;
        for (placeholder, value) in [
            ("INTERFACE", exported),
            ("SOURCE", self.scaffold.source),
            ("BUILD", self.scaffold.build),
            ("COMPONENT", &file),
            ("FOLDER", &format!("path/to/{}", self.name)),
            ("TAKER", component),
            ("NAME", self.name),
        ] {
            text = text.replace(placeholder, value);
        }
        Ok(text)
    }

    fn copy_folder(&self, from: &Path, package: &str) -> Result<()> {
        for entry in fs::read_dir(from).with_context(|| format!("cannot list {}", from.display()))? {
            let entry = entry?;
            self.copy(&entry.path(), &Path::new("wit/deps").join(package).join(entry.file_name()))?;
        }
        Ok(())
    }

    /// Copies a file of this repository, with the name of the provider instead of that in the scaffold.
    fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        self.put(to, &read(from)?.replace(self.scaffold.name, self.name))
    }

    fn put(&self, file: &Path, text: &str) -> Result<()> {
        let path = self.folder.join(file);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{Interface, write};
    use crate::examples::Language;
    use crate::workspace::Workspace;
    use std::fs;
    use std::path::Path;

    fn new(parent: &Path, name: &str) -> Result<(), String> {
        let written = write(&Workspace::locate(), Interface::Notify, Language::Js, parent, name);
        written.map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn a_folder_depends_on_no_other() {
        let parent = tempfile::tempdir().unwrap();
        for interface in Interface::ALL {
            for language in Language::ALL {
                let name = format!("{}-{language:?}", interface.package()).to_lowercase();
                write(&Workspace::locate(), interface, language, parent.path(), &name).unwrap();
                let folder = parent.path().join(&name);
                let world = fs::read_to_string(folder.join("wit/world.wit")).unwrap();
                assert!(world.contains(&format!("include spindle:{}/", interface.package())), "{world}");
                let readme = fs::read_to_string(folder.join("README.md")).unwrap();
                let is_placeholder = |word: &str| word.len() > 3 && word.chars().all(|c| c.is_ascii_uppercase());
                let left = readme.split(|c: char| !c.is_ascii_alphabetic()).find(|word| is_placeholder(word));
                assert_eq!(left, None, "{readme}");
            }
        }
    }

    #[test]
    fn an_existing_folder_is_not_changed() {
        let parent = tempfile::tempdir().unwrap();
        fs::create_dir(parent.path().join("mine")).unwrap();
        let refused = new(parent.path(), "mine").unwrap_err();
        assert!(refused.ends_with("mine exists: choose another name, or another folder with --into"), "{refused}");
    }

    #[test]
    fn a_name_that_a_tool_would_refuse_is_refused() {
        let parent = tempfile::tempdir().unwrap();
        let long = "a".repeat(65);
        for name in
            ["", "Mine", "my_provider", "my provider", "../mine", "-mine", "mine-", "my--own", "1st", "my-2", &long]
        {
            let refused = new(parent.path(), name).unwrap_err();
            assert!(refused.ends_with("such as my-notify"), "{refused}");
        }
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
        new(parent.path(), "my-provider2").unwrap();
    }

    #[test]
    fn the_examples_equal_new_providers() {
        let parent = tempfile::tempdir().unwrap();
        for (name, language) in crate::examples::EXAMPLES {
            write(&Workspace::locate(), Interface::Notify, language, parent.path(), name).unwrap();
            let example = Workspace::locate().root().join("examples/providers").join(name);
            let source = super::scaffold(language).source;
            for entry in fs::read_dir(parent.path().join(name)).unwrap().map(|entry| entry.unwrap().file_name()) {
                if !["README.md", ".gitignore", "wit", source].contains(&&*entry.to_string_lossy()) {
                    let written = fs::read(parent.path().join(name).join(&entry)).unwrap();
                    assert!(written == fs::read(example.join(&entry)).unwrap(), "{name}/{}", entry.display());
                }
            }
            let world = |folder: &Path| fs::read_to_string(folder.join("wit/world.wit")).unwrap();
            assert_eq!(world(&parent.path().join(name)), world(&example));
        }
    }
}
