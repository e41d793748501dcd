//! What somebody starts from who writes a provider: a folder that builds and keeps to the contract, and stands alone. What is the same in
//! every provider of a language is what the example in that language has; where there is none, it is in templates/.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;

use crate::examples::Language;
use crate::workspace::Workspace;

/// An interface that a provider can implement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Interface {
    /// Brings notifications to people.
    Notify,
    /// Takes money.
    Payments,
    /// Says what is taken off a cart, and what comes on top.
    Pricing,
}

impl Interface {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Notify, Self::Payments, Self::Pricing];

    /// Its package in wit/, and its template.
    fn package(self) -> &'static str {
        match self {
            Self::Notify => "notify",
            Self::Payments => "payments",
            Self::Pricing => "pricing",
        }
    }

    /// What is exported, the world that says so, and a component of the application that takes one.
    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Notify => ("spindle:notify/provider@1.0.0", "spindle:notify/notify-provider@1.0.0", "notify-email"),
            Self::Payments => {
                ("spindle:payments/provider@1.0.0", "spindle:payments/payment-provider@1.0.0", "payment-provider")
            }
            Self::Pricing => ("spindle:pricing/adjuster@1.0.0", "spindle:pricing/price-adjuster@1.0.0", "pricing"),
        }
    }

    /// Whether a provider of it asks a service on the internet, as far as the template knows.
    fn asks(self) -> bool {
        self != Self::Pricing
    }
}

/// What is the same in every provider of a language.
struct Kit {
    /// Its name where it is taken from, which is replaced.
    name: &'static str,
    /// Files of this repository.
    files: &'static [&'static str],
    /// The file that is the provider's own.
    source: &'static str,
    /// What a provider has besides that reaches a service on the internet: files of this repository that go beside the source, the
    /// interfaces that they import, and the packages of these.
    reaching: &'static [&'static str],
    imports: &'static [&'static str],
    packages: &'static [&'static str],
    build: &'static str,
}

const VARIABLES: &str = "fermyon:spin/variables@2.0.0";

const HTTP: [&str; 4] =
    [VARIABLES, "wasi:clocks/monotonic-clock@0.2.0", "wasi:http/outgoing-handler@0.2.0", "wasi:io/poll@0.2.0"];

const HTTP_PACKAGES: [&str; 4] = ["fermyon-spin", "wasi-clocks", "wasi-http", "wasi-io"];

/// The kit of a language.
fn kit(language: Language) -> Kit {
    match language {
        Language::Rust => Kit {
            name: "provider-name",
            files: &["xtask/templates/rust/Cargo.toml"],
            source: "src/lib.rs",
            reaching: &["xtask/templates/rust/post.rs", "crates/notifier/src/post/exchange.rs"],
            imports: &HTTP,
            packages: &HTTP_PACKAGES,
            build: "cargo build --release --target wasm32-wasip2",
        },
        Language::Js => Kit {
            name: "notify-js",
            files: &[
                "examples/providers/notify-js/build.js",
                "examples/providers/notify-js/package.json",
                "examples/providers/notify-js/package-lock.json",
            ],
            source: "provider.js",
            reaching: &["examples/providers/notify-js/post.js"],
            // It has a `fetch`.
            imports: &[VARIABLES],
            packages: &["fermyon-spin"],
            build: "npm ci && npm run build",
        },
        Language::Python => Kit {
            name: "notify-python",
            files: &["examples/providers/notify-python/build.py", "examples/providers/notify-python/requirements.txt"],
            source: "app.py",
            reaching: &["examples/providers/notify-python/post.py", "examples/providers/notify-python/settings.py"],
            imports: &HTTP,
            packages: &HTTP_PACKAGES,
            build: "python3 build.py",
        },
    }
}

/// Writes the folder `parent/name`, and prints what to do there.
///
/// # Errors
///
/// If the name is none that every tool takes, or there is something of that name.
pub fn write(workspace: &Workspace, interface: Interface, language: Language, parent: &Path, name: &str) -> Result<()> {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    ensure!(
        name.len() <= 64 && name.split('-').all(is_word),
        "{name} is no name for a provider: it is of lower-case words with dashes between them, such as my-{}",
        interface.package()
    );
    let folder = parent.join(name);
    ensure!(
        !folder.exists(),
        "{} is there already: choose another name, or another folder with --into",
        folder.display()
    );
    let kit = kit(language);
    Writer { root: workspace.root(), folder: &folder, kit: &kit, name }.write(interface, language)?;
    let (folder, build) = (folder.display(), kit.build);
    println!("{folder} is there. Now: cd {folder} && {build}; its README.md says how to go on");
    Ok(())
}

struct Writer<'a> {
    root: &'a Path,
    folder: &'a Path,
    kit: &'a Kit,
    name: &'a str,
}

impl Writer<'_> {
    fn write(&self, interface: Interface, language: Language) -> Result<()> {
        let kit = self.kit;
        let source = PathBuf::from(kit.source);
        let extension = source.extension().context("a source has an extension")?;
        let template = self.root.join("xtask/templates").join(match language {
            Language::Rust => "rust",
            Language::Js => "js",
            Language::Python => "python",
        });
        self.copy(&template.join(interface.package()).with_extension(extension), &source)?;
        let beside = source.parent().unwrap_or(Path::new(""));
        let reaching = kit.reaching.iter().filter(|_| interface.asks()).map(|file| (file, beside));
        for (file, folder) in kit.files.iter().map(|file| (file, Path::new(""))).chain(reaching) {
            let name = Path::new(file).file_name().context("a file has a name")?;
            self.copy(&self.root.join(file), &folder.join(name))?;
        }
        self.wit(interface)?;
        self.put(Path::new(".gitignore"), ".venv/\n__pycache__/\nnode_modules/\ntarget/\n*.wasm\n")?;
        self.put(Path::new("README.md"), &self.readme(interface, language)?)
    }

    /// The world, and copies of the packages that it names.
    fn wit(&self, interface: Interface) -> Result<()> {
        let (_, world, _) = interface.names();
        let imports = self.kit.imports.iter().filter(|_| interface.asks());
        let imports: String = imports.map(|import| format!("  import {import};\n")).collect();
        let text = format!(
            "package local:provider;\n\n/// What this provider is, and what it asks of whoever runs it.\nworld provider {{\n{imports}  include {world};\n}}\n"
        );
        self.put(Path::new("wit/world.wit"), &text)?;
        let own = self.root.join("wit").join(interface.package());
        self.copy_folder(&own, &format!("spindle-{}", interface.package()))?;
        for package in self.kit.packages.iter().filter(|_| interface.asks()) {
            self.copy_folder(&self.root.join("xtask/templates/wit").join(package), package)?;
        }
        Ok(())
    }

    fn readme(&self, interface: Interface, language: Language) -> Result<String> {
        let (exported, _, taker) = interface.names();
        let component = match language {
            Language::Rust => "target/wasm32-wasip2/release/provider.wasm".to_owned(),
            Language::Js | Language::Python => format!("{}.wasm", self.name),
        };
        let mut text = read(&self.root.join("xtask/templates/README.md"))?;
        for (placeholder, value) in [
            ("INTERFACE", exported),
            ("SOURCE", self.kit.source),
            ("BUILD", self.kit.build),
            ("COMPONENT", &component),
            ("FOLDER", &format!("path/to/{}", self.name)),
            ("TAKER", taker),
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

    /// Copies a file of ours, with the provider's name in the place of that of the kit.
    fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        self.put(to, &read(from)?.replace(self.kit.name, self.name))
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
    fn a_folder_stands_alone() {
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
    fn what_is_there_is_left_alone() {
        let parent = tempfile::tempdir().unwrap();
        fs::create_dir(parent.path().join("mine")).unwrap();
        let refused = new(parent.path(), "mine").unwrap_err();
        assert!(
            refused.ends_with("mine is there already: choose another name, or another folder with --into"),
            "{refused}"
        );
    }

    #[test]
    fn a_name_is_one_that_every_tool_takes() {
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
    fn the_examples_are_written_the_same_way() {
        let parent = tempfile::tempdir().unwrap();
        for (name, language) in crate::examples::EXAMPLES {
            write(&Workspace::locate(), Interface::Notify, language, parent.path(), name).unwrap();
            let example = Workspace::locate().root().join("examples/providers").join(name);
            let own = super::kit(language).source;
            for entry in fs::read_dir(parent.path().join(name)).unwrap().map(|entry| entry.unwrap().file_name()) {
                if !["README.md", ".gitignore", "wit", own].contains(&&*entry.to_string_lossy()) {
                    let written = fs::read(parent.path().join(name).join(&entry)).unwrap();
                    assert!(written == fs::read(example.join(&entry)).unwrap(), "{name}/{}", entry.display());
                }
            }
            let world = |folder: &Path| fs::read_to_string(folder.join("wit/world.wit")).unwrap();
            assert_eq!(world(&parent.path().join(name)), world(&example));
        }
    }
}
