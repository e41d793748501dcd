//! The files of a component: patterns expanded, exclusions applied, nothing from outside the application's folder.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

/// One file of a component's root folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileMount {
    /// The file on the host, absolute.
    pub source: PathBuf,
    /// The guest's path to it, relative to its root, with `/` between folders and no `..`.
    pub destination: String,
}

impl FileMount {
    /// Copies the file into a folder that becomes a guest's root, as Spin does: guests see the files as they were at the start.
    ///
    /// # Errors
    /// An I/O error that names the file.
    pub fn stage(&self, root: &Path) -> Result<()> {
        let target = root.join(&self.destination);
        let staged = target.parent().map_or(Ok(()), std::fs::create_dir_all);
        staged.and_then(|()| std::fs::copy(&self.source, &target).map(drop)).with_context(|| {
            format!("{}: cannot be copied to the guest's /{}", self.source.display(), self.destination)
        })
    }
}

/// One entry of `files` in a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileEntry {
    /// A glob pattern or a file, mounted at the same path.
    Pattern(String),
    /// A file or folder, mounted at another path.
    Placement { source: String, destination: String },
}

impl FileEntry {
    /// Returns the files of the entry. `exclude` holds glob patterns of paths within the application; they do not apply to files that
    /// are named one by one.
    ///
    /// # Errors
    /// The error of the entry, in one line.
    pub(crate) fn expand(&self, base: &Path, exclude: &[glob::Pattern]) -> Result<Vec<FileMount>> {
        match self {
            Self::Pattern(pattern) => expand_pattern(pattern, base, exclude),
            Self::Placement { source, destination } => place(source, destination, base, exclude),
        }
    }
}

/// Parses `exclude_files`.
pub(crate) fn exclusions(patterns: &[String]) -> Result<Vec<glob::Pattern>> {
    patterns
        .iter()
        .map(|text| glob::Pattern::new(text).with_context(|| format!("{text:?} is no glob pattern")))
        .collect()
}

fn expand_pattern(pattern: &str, base: &Path, exclude: &[glob::Pattern]) -> Result<Vec<FileMount>> {
    for end in [".", ".."] {
        ensure!(
            pattern != end && !pattern.ends_with(&format!("/{end}")),
            "{pattern:?}: a pattern cannot end in {end:?}; use {{ source, destination }} or a pattern ending in **/*"
        );
    }
    let path = base.join(pattern);
    if path.is_dir() {
        bail!(
            "{pattern:?} is a folder: use {{ source, destination }} or the pattern \"{}/**/*\"",
            pattern.trim_end_matches('/')
        );
    }
    if path.exists() {
        let source = within(base, &path)?;
        let destination = guest_path(source.strip_prefix(base)?)?;
        return Ok(vec![FileMount { source, destination }]);
    }
    ensure!(
        glob::Pattern::escape(pattern) != pattern,
        "{pattern:?} does not exist and doesn't appear to be a glob pattern"
    );
    expand_glob(&path, base, exclude, |_, inside| guest_path(inside))
}

fn place(source: &str, destination: &str, base: &Path, exclude: &[glob::Pattern]) -> Result<Vec<FileMount>> {
    let target = guest_path(Path::new(destination.trim_start_matches('/')))
        .with_context(|| format!("{destination:?} is not a valid destination"))?;
    let path = base.join(source);
    ensure!(path.exists(), "file or directory {source:?} does not exist");
    let path = within(base, &path)?;
    if path.is_dir() {
        let escaped = glob::Pattern::escape(path.to_str().context("the path is not valid Unicode")?);
        return expand_glob(&Path::new(&escaped).join("**/*"), base, exclude, |found, _| {
            let inner = guest_path(found.strip_prefix(&path)?)?;
            Ok(if target.is_empty() { inner } else { format!("{target}/{inner}") })
        });
    }
    let names_a_file = !target.is_empty() && !destination.ends_with(['/', '.']);
    ensure!(names_a_file, "{destination:?} is not a valid destination file name");
    Ok(vec![FileMount { source: path, destination: target }])
}

/// Expands a glob pattern. `destination` receives a found file and its path within the application.
fn expand_glob(
    pattern: &Path,
    base: &Path,
    exclude: &[glob::Pattern],
    destination: impl Fn(&Path, &Path) -> Result<String>,
) -> Result<Vec<FileMount>> {
    let pattern = pattern.to_str().context("the pattern is not valid Unicode")?;
    let mut mounts = Vec::new();
    for found in glob::glob(pattern).with_context(|| format!("{pattern:?} is no glob pattern"))? {
        let found = found?;
        if !found.is_file() {
            continue;
        }
        let source = within(base, &found)?;
        let inside = source.strip_prefix(base)?;
        if !exclude.iter().any(|pattern| pattern.matches_path(inside)) {
            let destination = destination(&source, inside)?;
            mounts.push(FileMount { source, destination });
        }
    }
    Ok(mounts)
}

/// Returns the path without `.` and `..`, if it is below `base`. Links are not followed: the application is responsible for them.
fn within(base: &Path, path: &Path) -> Result<PathBuf> {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                clean.pop();
            }
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    ensure!(
        clean.starts_with(base),
        "{} is outside the application directory: files must be within it",
        path.display()
    );
    Ok(clean)
}

fn guest_path(path: &Path) -> Result<String> {
    let mut parts = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(part) => parts.push(part.to_str().context("the path is not valid Unicode")?),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                bail!("{} leaves the guest's root", path.display());
            }
        }
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Creates an application's folder, and a file beside it.
    fn application() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("canonical");
        std::fs::write(root.join("secret.txt"), "secret").expect("written");
        let base = root.join("app");
        for file in ["a.txt", "assets/one.css", "assets/deep/two.css", "assets/deep/skip.map", "odd[1]/x", ".hidden"] {
            let path = base.join(file);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("created");
            std::fs::write(path, file).expect("written");
        }
        (folder, base)
    }

    fn expand(entry: &FileEntry, base: &Path, exclude: &[&str]) -> Result<Vec<String>> {
        let exclude: Vec<_> = exclude.iter().map(|text| (*text).to_owned()).collect();
        let mounts = entry.expand(base, &exclusions(&exclude)?)?;
        assert!(mounts.iter().all(|mount| mount.source.starts_with(base) && mount.source.is_file()), "{mounts:?}");
        Ok(mounts.into_iter().map(|mount| mount.destination).collect())
    }

    fn pattern(text: &str) -> FileEntry {
        FileEntry::Pattern(text.to_owned())
    }

    fn placement(source: &str, destination: &str) -> FileEntry {
        FileEntry::Placement { source: source.to_owned(), destination: destination.to_owned() }
    }

    #[test]
    fn entries_expand_to_files() {
        let (_folder, base) = application();
        for (entry, exclude, expected) in [
            (pattern("a.txt"), &[][..], &["a.txt"][..]),
            (pattern("./a.txt"), &[], &["a.txt"]),
            (pattern("assets/*"), &[], &["assets/one.css"]),
            (pattern("assets/**/*"), &[], &["assets/deep/skip.map", "assets/deep/two.css", "assets/one.css"]),
            (pattern("assets/**/*"), &["**/*.map"], &["assets/deep/two.css", "assets/one.css"]),
            (pattern("assets/**/*.css"), &["assets/one.css"], &["assets/deep/two.css"]),
            (pattern("assets/../a.*"), &[], &["a.txt"]),
            (pattern("none/*"), &[], &[]),
            (pattern("a.txt"), &["*"], &["a.txt"]),
            (placement("assets", "/"), &["**/*.map"], &["deep/two.css", "one.css"]),
            (placement("assets", "static/x/"), &["assets/deep/*"], &["static/x/one.css"]),
            (placement("odd[1]", "/odd"), &[], &["odd/x"]),
            (placement("a.txt", "/b/c.txt"), &["*"], &["b/c.txt"]),
        ] {
            let found = expand(&entry, &base, exclude).unwrap_or_else(|error| panic!("{entry:?}: {error:#}"));
            assert_eq!(found, expected, "{entry:?} without {exclude:?}");
        }
    }

    #[test]
    fn no_file_is_read_or_mounted_outside() {
        let (_folder, base) = application();
        for entry in [
            pattern("../secret.txt"),
            pattern("../*"),
            pattern("assets/../../*.txt"),
            pattern("/etc/hosts"),
            pattern("/etc/host*"),
            placement("../secret.txt", "/s"),
            placement("..", "/"),
            placement("/etc", "/"),
            placement("a.txt", "../b"),
            placement("a.txt", "/x/../../b"),
            placement("assets", "/../x"),
        ] {
            let error = expand(&entry, &base, &[]).expect_err("must be refused");
            assert!(!format!("{error:#}").contains('\n'), "{entry:?}: {error:#}");
        }
    }

    #[test]
    fn invalid_entries_name_the_reason() {
        let (_folder, base) = application();
        for (entry, part) in [
            (pattern("none.txt"), "doesn't appear to be a glob pattern"),
            (pattern("assets"), "is a folder"),
            (pattern("."), "cannot end in"),
            (pattern("assets/.."), "cannot end in"),
            (pattern("a[.txt"), "is no glob pattern"),
            (placement("none", "/x"), "does not exist"),
            (placement("a.txt", "/"), "is not a valid destination file name"),
            (placement("a.txt", "/folder/"), "is not a valid destination file name"),
        ] {
            let error = format!("{:#}", expand(&entry, &base, &[]).expect_err("must be refused"));
            assert!(error.contains(part), "{entry:?}: {error}");
        }
        assert!(exclusions(&["[".to_owned()]).is_err());
    }

    #[test]
    fn staging_copies_the_tree() {
        let (folder, base) = application();
        let root = folder.path().join("stage");
        for mount in placement("assets", "/www").expand(&base, &[]).expect("expands") {
            mount.stage(&root).expect("copied");
        }
        assert_eq!(std::fs::read_to_string(root.join("www/deep/two.css")).expect("read"), "assets/deep/two.css");
        let gone = FileMount { source: base.join("gone"), destination: "gone".to_owned() };
        assert!(gone.stage(&root).is_err());
    }
}
