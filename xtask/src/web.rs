//! `cargo xtask web`: generates the types of the TypeScript client, and builds the bundles that components serve at /docs and /shop. All of it is
//! committed, so that only a change of its sources needs Node.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use crate::npm;
use crate::workspace::Workspace;

/// Files by their path relative to a folder.
type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A script of an npm package that writes into the folder `OUT_DIR`, and the folder of what it writes.
struct Product {
    /// The folder of the package.
    package: &'static str,
    script: &'static str,
    /// The folder in which the files are committed.
    folder: &'static str,
    /// Whether the folder has no other files.
    exclusive: bool,
}

/// The products, those that others are built from first.
const PRODUCTS: [Product; 3] = [
    Product { package: "clients/typescript", script: "generate", folder: "clients/typescript/src", exclusive: false },
    Product { package: "components/docs/reference", script: "build", folder: "components/docs/site", exclusive: true },
    Product { package: "examples/storefront", script: "build", folder: "components/shop/site", exclusive: true },
];

/// Builds everything, and writes the files that differ; with `check` it writes none.
///
/// # Errors
///
/// If Node is missing or too old, a package does not build, or, with `check`, a committed file differs.
pub fn run(workspace: &Workspace, check: bool) -> Result<()> {
    npm::install(workspace.root())?;
    // In the target folder, which is no temp file system of small size.
    fs::create_dir_all(workspace.target_dir())?;
    let temp = tempfile::Builder::new().prefix("web-").tempdir_in(workspace.target_dir())?;
    for (number, product) in PRODUCTS.iter().enumerate() {
        let built = temp.path().join(number.to_string());
        build(workspace, product, &built).with_context(|| format!("{} does not build", product.package))?;
        let (built, folder) = (read(&built)?, workspace.root().join(product.folder));
        ensure!(!built.is_empty(), "{} builds no file", product.package);
        let mut committed = read(&folder)?;
        committed.retain(|path, _| product.exclusive || built.contains_key(path));
        let changed = differences(&committed, &built);
        match changed.first() {
            None => println!("{}: {} files, unchanged", product.folder, built.len()),
            Some(first) if check => {
                bail!(
                    "{} is not what {} builds: run `cargo xtask web` and commit the result",
                    Path::new(product.folder).join(first).display(),
                    product.package
                )
            }
            Some(_) => {
                write(&folder, &changed, &built)?;
                println!("{}: {} files, {} changed", product.folder, built.len(), changed.len());
            }
        }
    }
    Ok(())
}

/// Builds a product into `folder`.
fn build(workspace: &Workspace, product: &Product, folder: &Path) -> Result<()> {
    let mut npm = Command::new("npm");
    npm.args(["run", "--silent", product.script, "--workspace", product.package]).env("OUT_DIR", folder);
    let output = npm.current_dir(workspace.root()).stdin(Stdio::null()).output().context("npm is not installed")?;
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    ensure!(output.status.success(), "npm run {} failed: {}\n{}", product.script, output.status, printed.trim());
    Ok(())
}

/// Returns the paths of the files that only one side has, or that differ, in order.
fn differences(committed: &Files, built: &Files) -> Vec<PathBuf> {
    let mut paths: Vec<&PathBuf> = committed.keys().chain(built.keys()).collect();
    paths.sort();
    paths.dedup();
    paths.into_iter().filter(|path| committed.get(*path) != built.get(*path)).cloned().collect()
}

/// Writes the files of `built` at these paths into `folder`, and removes those that `built` does not have.
fn write(folder: &Path, paths: &[PathBuf], built: &Files) -> Result<()> {
    for path in paths {
        let file = folder.join(path);
        let done = match built.get(path) {
            Some(content) => fs::create_dir_all(file.parent().context("a file has a folder")?)
                .and_then(|()| fs::write(&file, content)),
            None => fs::remove_file(&file),
        };
        done.with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// Returns all files in `folder` and below; none if it does not exist.
fn read(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        if !next.exists() {
            continue;
        }
        for entry in fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(folder)?.to_path_buf(), fs::read(&path)?);
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(entries: &[(&str, &str)]) -> Files {
        entries.iter().map(|(path, content)| (PathBuf::from(path), content.as_bytes().to_vec())).collect()
    }

    #[test]
    fn writing_the_differences_makes_the_folder_what_was_built() {
        let folder = tempfile::tempdir().unwrap();
        let built = files(&[("assets/app-2.js", "two"), ("index.html", "new"), ("logo.svg", "same")]);
        let committed = files(&[("assets/app-1.js", "one"), ("index.html", "old"), ("logo.svg", "same")]);
        write(folder.path(), &committed.keys().cloned().collect::<Vec<_>>(), &committed).unwrap();
        assert_eq!(read(folder.path()).unwrap(), committed);

        let changed = differences(&committed, &built);
        assert_eq!(changed, ["assets/app-1.js", "assets/app-2.js", "index.html"].map(PathBuf::from));
        write(folder.path(), &changed, &built).unwrap();
        assert_eq!(read(folder.path()).unwrap(), built);
    }

    #[test]
    fn a_folder_that_does_not_exist_has_no_files() {
        assert_eq!(read(Path::new("/nowhere/at/all")).unwrap(), Files::new());
    }
}
