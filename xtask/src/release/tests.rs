//! The check of a release, on a repository with one service.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::check;

/// The files of the repository at its release.
const FILES: [(&str, &str); 6] = [
    ("Cargo.toml", "[workspace.package]\nversion = \"0.1.0\"\n"),
    ("Cargo.lock", ""),
    ("spin.toml", "[application]\nversion = \"0.1.0\"\n"),
    ("migrations/shop/0001_create_t.sql", "CREATE TABLE t (a TEXT, b TEXT) STRICT;\n"),
    ("components/shop/src/store.rs", "const SELECT: &str = \"SELECT a, b FROM t\";\n"),
    ("crates/platform/src/lib.rs", "//! Empty.\n"),
];

/// A repository whose release is complete.
struct Repository(TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        for (path, text) in FILES {
            repository.write(path, text);
        }
        let revision = repository.commit();
        repository.write("release.toml", &format!("version = \"0.1.0\"\nrevision = \"{revision}\"\n"));
        repository.write("docs/releases/0.1.0.md", "# Spindle 0.1.0\n");
        repository.write("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-12-01\n");
        repository.commit();
        repository
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn git(&self, arguments: &[&str]) -> String {
        let identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
        let mut git = Command::new("git");
        git.arg("-C").arg(self.root()).args(identity).args(arguments);
        let output = git.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Commits everything, and returns the commit's id.
    fn commit(&self) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "a change"]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn faults(&self) -> Vec<String> {
        check(self.root()).unwrap_or_else(|error| panic!("{error:#}"))
    }

    /// Asserts that the release has one fault, and that it contains `part`.
    #[track_caller]
    fn expect_fault(&self, part: &str) {
        let faults = self.faults();
        assert!(faults.len() == 1 && faults[0].contains(part), "{faults:#?}");
    }
}

#[test]
fn a_complete_release_has_no_fault_and_the_check_changes_nothing() {
    let repository = Repository::new();
    repository.write("migrations/shop/0002_add_c.sql", "ALTER TABLE t ADD COLUMN c TEXT;\n");
    let before = repository.git(&["status", "--porcelain"]);
    assert_eq!(repository.faults(), [""; 0]);
    assert_eq!(repository.git(&["status", "--porcelain"]), before);
}

#[test]
fn a_revision_that_is_not_in_the_history_is_a_fault() {
    let repository = Repository::new();
    let named = |revision: &str| {
        repository.write("release.toml", &format!("version = \"0.1.0\"\nrevision = \"{revision}\"\n"));
    };
    named("main");
    repository.expect_fault("\"main\" is not the whole id of a commit");
    named(&"0".repeat(40));
    repository.expect_fault("there is no commit 0000000000000000000000000000000000000000 here");
    // One beside the history: the same files, and another parent.
    let tree = repository.git(&["rev-parse", "HEAD^{tree}"]);
    named(&repository.git(&["commit-tree", &tree, "-m", "another line"]));
    repository.expect_fault("is no ancestor of HEAD");
}

#[test]
fn a_version_that_differs_is_a_fault_in_each_place() {
    let repository = Repository::new();
    let release = fs::read_to_string(repository.root().join("release.toml")).unwrap();
    repository.write("release.toml", &release.replace("0.1.0", "0.2.0"));
    let faults = repository.faults();
    let found = |part: &str| faults.iter().any(|fault| fault.contains(part));
    assert!(found("docs/releases/0.2.0.md is missing"), "{faults:#?}");
    assert!(found("CHANGELOG.md has no heading `## [0.2.0]`"), "{faults:#?}");
    assert!(found("Cargo.toml of ") && found("spin.toml of ") && found("has the version 0.1.0"), "{faults:#?}");
    assert_eq!(faults.len(), 4, "{faults:#?}");

    repository.write("release.toml", &release.replace("0.1.0", "one"));
    repository.expect_fault("\"one\" is no version");
}

#[test]
fn notes_of_another_version_are_a_fault() {
    let repository = Repository::new();
    repository.write("docs/releases/0.1.0.md", "# Spindle 0.0.9\n");
    repository.expect_fault("docs/releases/0.1.0.md: its title does not end with 0.1.0");
}

#[test]
fn a_released_migration_that_changes_is_a_fault() {
    let repository = Repository::new();
    let path = "migrations/shop/0001_create_t.sql";
    repository.write(path, "CREATE TABLE t (a TEXT, b TEXT, c TEXT) STRICT;\n");
    repository.expect_fault("migrations/shop/0001_create_t.sql: differs from the release");
    fs::remove_file(repository.root().join(path)).unwrap();
    repository.write("migrations/shop/0001_create_u.sql", "CREATE TABLE t (a TEXT, b TEXT) STRICT;\n");
    repository.expect_fault("migrations/shop: 0001_create_t of the release is missing");
    fs::remove_dir_all(repository.root().join("migrations/shop")).unwrap();
    repository.expect_fault("migrations/shop is missing");
}

#[test]
fn a_migration_that_contracts_is_a_fault_with_its_line() {
    let repository = Repository::new();
    repository.write("migrations/shop/0002_drop_b.sql", "-- Not used.\nALTER TABLE t DROP COLUMN b;\n");
    repository.expect_fault("migrations/shop/0002_drop_b.sql:2: drops the column b of t; without a reason");
    repository.write(
        "migrations/shop/0002_drop_b.sql",
        "-- contract: no code reads it since 0.1.0\nALTER TABLE t DROP COLUMN b;\n",
    );
    assert_eq!(repository.faults(), [""; 0]);
}
