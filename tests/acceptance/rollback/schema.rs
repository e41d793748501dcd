//! The statements of the release, prepared on the schema of the release and on that of this tree. SQLite finds missing tables and columns then, also in the
//! triggers that a statement would fire, missing indexes after INDEXED BY, and conflict clauses without their unique index.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use spindle_tests::statements::{Constants, Statement, constants, statements};

/// The crates with statements that run on the databases of services.
const CRATES: [&str; 3] = ["crates/events/src", "crates/idempotency/src", "crates/platform/src"];

/// The table that the platform makes in each database.
const RECORD: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (version, name, checksum, fingerprint, applied_at)";

/// The statements of the release that run on the database of a service.
pub(super) struct Comparison {
    /// The number of those that run on the schema of the release.
    pub(super) checked: usize,
    /// Those that do not run on the other schema, and why.
    pub(super) broken: Vec<String>,
}

/// Returns the services of the checkout in `root` that have a database.
pub(super) fn services(root: &Path) -> Vec<String> {
    let folders = fs::read_dir(root.join("migrations")).expect("the release has migrations");
    let mut names: Vec<String> =
        folders.map(|folder| folder.expect("a folder").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Prepares each statement of `service` in the checkout `released` on the schema of the checkout `current`, after the migration `seed`.
pub(super) fn compare(released: &Path, current: &Path, service: &str, seed: &str) -> Comparison {
    let folder = Path::new("migrations").join(service);
    let (old, new) = (database(&released.join(&folder), ""), database(&current.join(&folder), seed));
    let own = format!("components/{service}/src");
    let files: Vec<(String, String)> =
        CRATES.iter().chain([&own.as_str()]).flat_map(|folder| sources(released, folder)).collect();
    let known: Constants = files.iter().flat_map(|(_, text)| constants(text)).collect();
    let mut comparison = Comparison { checked: 0, broken: Vec::new() };
    for (file, text) in &files {
        // A file's own constants first: several tables have a list called COLUMNS.
        let known = known.clone().into_iter().chain(constants(text)).collect();
        for Statement { place, sql, .. } in statements(file, text, &known) {
            // Not every service has an inbox, for example.
            let Ok(expected) = columns(&old, &sql) else { continue };
            comparison.checked += 1;
            match columns(&new, &sql) {
                Ok(found) if found == expected => {}
                Ok(found) => comparison.broken.push(format!("{place} returns {found:?} instead of {expected:?}")),
                Err(error) => comparison.broken.push(format!("{place} on the database of {service}: {error}")),
            }
        }
    }
    comparison
}

/// Makes a folder in `parent` with the migrations of a service, which are in `folder`, and `sql` as its newest one.
pub(super) fn seeded(folder: &Path, name: &str, sql: &str, parent: &Path) -> PathBuf {
    let copy = parent.join("seeded");
    fs::create_dir(&copy).expect("a temp folder can be written to");
    let migrations = spindle_migrations::load(folder).unwrap_or_else(|error| panic!("{error}"));
    let files = spindle_migrations::files(folder).unwrap_or_else(|error| panic!("{error}"));
    for (migration, file) in migrations.iter().zip(files) {
        let name = format!("{:04}_{}.sql", migration.version, migration.name);
        fs::copy(file, copy.join(name)).expect("a migration can be copied");
    }
    fs::write(copy.join(format!("{:04}_{name}.sql", migrations.len() + 1)), sql).expect("a migration can be written");
    copy
}

/// Returns an empty database with the schema that the migrations in `folder` make, and then `seed`.
fn database(folder: &Path, seed: &str) -> Connection {
    let db = Connection::open_in_memory().expect("SQLite opens a database in memory");
    let files = spindle_migrations::files(folder).unwrap_or_else(|error| panic!("{error}"));
    for file in files {
        let sql = fs::read_to_string(&file).expect("a migration is text");
        db.execute_batch(&sql).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
    db.execute_batch(RECORD).expect("a table");
    db.execute_batch(seed).unwrap_or_else(|error| panic!("{seed}: {error}"));
    db
}

/// Returns the names of the columns that `sql` returns.
fn columns(db: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    Ok(db.prepare(sql)?.column_names().into_iter().map(str::to_owned).collect())
}

/// Returns the sources below `folder` of the checkout in `root` that are no tests, each with its path.
fn sources(root: &Path, folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(root).expect("it is in the checkout").to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs") && !name.contains("test") {
                found.push((name, fs::read_to_string(&path).expect("a source is text")));
            }
        }
    }
    found.sort();
    found
}
