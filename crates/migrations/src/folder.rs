//! The migrations of one service: the files of its folder, and the shared ones that its `shared.txt` lists.

use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

use crate::{Error, Migration, script};

/// The list of the migrations that a service has in common with others, in its folder.
const SHARED: &str = "shared.txt";

/// A migration before it is read.
struct Source {
    /// Its name in the folder, `0001_create_users.sql`, also if its file is elsewhere.
    name: PathBuf,
    file: PathBuf,
}

/// Reads and checks all migrations of the service whose folder is `folder`, in order.
///
/// # Errors
///
/// The first thing that is wrong with the folder; see [`Error`].
pub fn load(folder: &Path) -> Result<Vec<Migration>, Error> {
    let sources = sources(folder)?;
    let mut migrations: Vec<Migration> = Vec::with_capacity(sources.len());
    for (Source { name: path, file }, expected) in sources.iter().zip(1..) {
        let (version, name) = number_and_name(path).ok_or_else(|| Error::Name { path: path.clone() })?;
        if version != expected {
            return Err(Error::Number { path: path.clone(), expected });
        }
        let previous = migrations.last().map_or("", |migration| &migration.fingerprint);
        let migration = read(file, version, name, previous)?;
        migrations.push(migration);
    }
    if migrations.is_empty() {
        return Err(Error::Empty { path: folder.to_owned(), what: "migration" });
    }
    Ok(migrations)
}

/// Returns the files of the migrations of the service whose folder is `folder`, in order: its own, and the shared ones.
///
/// # Errors
///
/// If the folder or its `shared.txt` cannot be read.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    Ok(sources(folder)?.into_iter().map(|source| source.file).collect())
}

/// Lists the migrations of `folder` by name. Hidden files are skipped.
fn sources(folder: &Path) -> Result<Vec<Source>, Error> {
    let io = |source| Error::Io { path: folder.to_owned(), source };
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        match path.file_name().map(|name| name.as_encoded_bytes()) {
            Some(name) if name == SHARED.as_bytes() => sources.append(&mut shared(folder, &path)?),
            Some(name) if name.starts_with(b".") => {}
            _ => sources.push(Source { name: path.clone(), file: path }),
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sources)
}

/// Reads `list`: a name and a file, relative to `folder`, on each line that is neither empty nor a comment (`#`).
fn shared(folder: &Path, list: &Path) -> Result<Vec<Source>, Error> {
    let text = fs::read_to_string(list).map_err(|source| Error::Io { path: list.to_owned(), source })?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let source = |line: &str| {
        let (name, file) = line.split_once(char::is_whitespace)?;
        Some(Source { name: folder.join(name), file: folder.join(file.trim_start()) })
    };
    lines
        .map(|line| source(line).ok_or_else(|| Error::Shared { path: list.to_owned(), line: line.to_owned() }))
        .collect()
}

/// Reads one file; `previous` is the fingerprint of the one before it.
fn read(path: &Path, version: u32, name: &str, previous: &str) -> Result<Migration, Error> {
    // A checkout on Windows may have other line endings; it is the same migration.
    let content =
        fs::read_to_string(path).map_err(|source| Error::Io { path: path.to_owned(), source })?.replace("\r\n", "\n");
    let statements = script::statements(&content).map_err(|script::Refusal { at, detail }| Error::Statement {
        path: path.to_owned(),
        line: at.line,
        column: at.column,
        detail,
    })?;
    if statements.is_empty() {
        return Err(Error::Empty { path: path.to_owned(), what: "statement" });
    }
    let checksum = sha256(&content);
    let fingerprint = sha256(&format!("{previous}\n{version}\n{checksum}"));
    Ok(Migration { version, name: name.to_owned(), checksum, fingerprint, statements })
}

/// Splits `0001_create_users.sql` into number and name.
fn number_and_name(path: &Path) -> Option<(u32, &str)> {
    let (number, name) = path.file_name()?.to_str()?.strip_suffix(".sql")?.split_once('_')?;
    let digits = number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit());
    let word = !name.is_empty() && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    if digits && word { Some((number.parse().ok()?, name)) } else { None }
}

fn sha256(text: &str) -> String {
    base16ct::lower::encode_string(&Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::{files, load};
    use std::fs;
    use tempfile::TempDir;

    /// Makes a folder with these files.
    fn folder(files: &[(&str, &str)]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            fs::write(folder.path().join(name), content).unwrap();
        }
        folder
    }

    /// Returns the error of `load` for a folder with these files, without the folder's path.
    fn refusal(files: &[(&str, &str)]) -> String {
        let folder = folder(files);
        let error = load(folder.path()).unwrap_err().to_string();
        error.replace(&format!("{}", folder.path().display()), "users")
    }

    #[test]
    fn migrations_are_in_the_order_of_their_numbers() {
        let folder = folder(&[
            ("0002_seed.sql", "INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\n"),
            ("0001_create_t.sql", "CREATE TABLE t (a) STRICT;"),
            (".gitkeep", ""),
        ]);
        let migrations = load(folder.path()).unwrap();
        let names: Vec<_> = migrations.iter().map(|migration| (migration.version, migration.name.as_str())).collect();
        assert_eq!(names, [(1, "create_t"), (2, "seed")]);
        assert_eq!(migrations[1].statements, ["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)"]);
    }

    #[test]
    fn a_shared_migration_has_the_place_that_its_name_says_and_is_read_where_it_is() {
        let crates = folder(&[("schema.sql", "CREATE TABLE s (a) STRICT;")]);
        let shared = format!("# Shared.\n\n0002_create_s.sql  {}\n", crates.path().join("schema.sql").display());
        let (first, third) = (("0001_a.sql", "DELETE FROM t"), ("0003_c.sql", "DELETE FROM u"));
        let with_list = folder(&[first, third, ("shared.txt", &shared)]);
        let with_copy = folder(&[first, ("0002_create_s.sql", "CREATE TABLE s (a) STRICT;"), third]);
        assert_eq!(load(with_list.path()).unwrap(), load(with_copy.path()).unwrap());
        assert_eq!(files(with_list.path()).unwrap()[1], crates.path().join("schema.sql"));
    }

    #[test]
    fn a_wrong_list_of_shared_migrations_is_refused() {
        let sql = "DELETE FROM t";
        assert_eq!(
            refusal(&[("0001_a.sql", sql), ("shared.txt", "0002_b.sql\n")]),
            "users/shared.txt: \"0002_b.sql\" is not the name of a migration and its file"
        );
        assert!(
            refusal(&[("0001_a.sql", sql), ("shared.txt", "0001_b.sql other.sql")])
                .starts_with("users/0001_b.sql: number 0002")
        );
        assert!(
            refusal(&[("0001_a.sql", sql), ("shared.txt", "0002_b.sql other.sql")])
                .starts_with("users/other.sql: cannot be")
        );
    }

    #[test]
    fn the_checksum_is_of_the_content_whatever_the_line_endings() {
        let unix = load(folder(&[("0001_a.sql", "DELETE FROM t\n;\n")]).path()).unwrap();
        let windows = load(folder(&[("0001_a.sql", "DELETE FROM t\r\n;\r\n")]).path()).unwrap();
        assert_eq!(unix, windows);
        // `printf 'DELETE FROM t\n;\n' | sha256sum`
        assert_eq!(unix[0].checksum, "8df26b680bdfce0f56253c6b3cde5c462b804c14304e73ff3eca21e321e44259");
    }

    #[test]
    fn a_fingerprint_covers_every_file_before() {
        let first = load(folder(&[("0001_a.sql", "DELETE FROM t"), ("0002_b.sql", "DELETE FROM u")]).path()).unwrap();
        let second = load(folder(&[("0001_a.sql", "DELETE FROM x"), ("0002_b.sql", "DELETE FROM u")]).path()).unwrap();
        assert_eq!(first[1].checksum, second[1].checksum);
        assert_ne!(first[1].fingerprint, second[1].fingerprint);
    }

    #[test]
    fn a_gap_a_duplicate_and_a_start_at_zero_are_refused() {
        let due = |name: &str, number: &str| {
            format!("users/{name}: number {number} was expected: migrations are numbered from 0001, each number once")
        };
        let sql = "DELETE FROM t";
        assert_eq!(refusal(&[("0001_a.sql", sql), ("0003_c.sql", sql)]), due("0003_c.sql", "0002"));
        assert_eq!(refusal(&[("0001_a.sql", sql), ("0001_b.sql", sql)]), due("0001_b.sql", "0002"));
        assert_eq!(refusal(&[("0000_a.sql", sql)]), due("0000_a.sql", "0001"));
    }

    #[test]
    fn a_name_of_another_form_is_refused() {
        for name in [
            "1_a.sql",
            "0001-a.sql",
            "0001_A.sql",
            "0001_.sql",
            "0001_a.SQL",
            "0001_a.sql.bak",
            "notes.md",
            "0001_a b.sql",
        ] {
            let error = refusal(&[(name, "DELETE FROM t")]);
            assert!(
                error.starts_with(&format!("users/{name}: a migration is named like 0001_create_users.sql")),
                "{error}"
            );
        }
    }

    #[test]
    fn an_empty_folder_and_an_empty_file_are_refused() {
        assert_eq!(refusal(&[]), "users: contains no migration");
        assert_eq!(refusal(&[("0001_a.sql", "-- later\n;;\n")]), "users/0001_a.sql: contains no statement");
    }

    #[test]
    fn a_bad_statement_is_shown_with_file_line_and_column() {
        let error = refusal(&[("0001_a.sql", "CREATE TABLE t (a);\n\nCREATE TABL u (a);\n")]);
        assert_eq!(error, "users/0001_a.sql:3:8: Expected: an object type after CREATE, found: TABL");
    }
}
