//! The statements of the release, prepared on the schema of the release and on that of this tree. SQLite finds missing tables and columns then, also in the
//! triggers that a statement would fire, missing indexes after INDEXED BY, and conflict clauses without their unique index.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use spindle_tests::statements::{Constants, Statement, built_constants, constants, statements};

/// The crates with statements that run on the databases of services.
const CRATES: [&str; 3] = ["crates/events/src", "crates/idempotency/src", "crates/platform/src"];

/// The table that the platform makes in each database.
const RECORD: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (version, name, checksum, fingerprint, applied_at)";

/// The sources of the release, and the statements in them.
pub(super) struct Statements {
    root: PathBuf,
    /// Those of all services. Not every service has an inbox, for example.
    shared: Vec<Statement>,
    /// Those of each service that has a database.
    own: BTreeMap<String, Vec<Statement>>,
}

/// The statements of the release on the database of a service.
#[derive(Default)]
pub(super) struct Comparison {
    /// The number of those that run on the schema of the release.
    pub(super) checked: usize,
    /// Those that do not run on the other schema, and why.
    pub(super) broken: Vec<String>,
}

impl Statements {
    /// Reads those of the checkout in `root`.
    pub(super) fn read(root: &Path) -> Self {
        let crates: Vec<_> = CRATES.iter().flat_map(|folder| sources(root, folder)).collect();
        let (known, shared) = collect(&crates, &Constants::new());
        let mut own = BTreeMap::new();
        for folder in fs::read_dir(root.join("migrations")).expect("the release has migrations") {
            let service = folder.expect("a folder").file_name().to_string_lossy().into_owned();
            let (_, statements) = collect(&sources(root, &format!("components/{service}/src")), &known);
            own.insert(service, statements);
        }
        Self { root: root.to_owned(), shared, own }
    }

    /// Returns the services that have a database.
    pub(super) fn services(&self) -> impl Iterator<Item = &str> {
        self.own.keys().map(String::as_str)
    }

    /// Prepares those of `service` on the schema of the checkout `current`, after the migration `seed`.
    pub(super) fn compare(&self, current: &Path, service: &str, seed: &str) -> Comparison {
        let folder = Path::new("migrations").join(service);
        let (old, new) = (database(&self.root.join(&folder), ""), database(&current.join(&folder), seed));
        let mut comparison = Comparison::default();
        for Statement { place, sql, .. } in &self.own[service] {
            let expected = columns(&old, sql).unwrap_or_else(|error| panic!("{place} in the release: {error}"));
            comparison.add(place, &expected, columns(&new, sql));
        }
        for Statement { place, sql, .. } in &self.shared {
            if let Ok(expected) = columns(&old, sql) {
                comparison.add(place, &expected, columns(&new, sql));
            }
        }
        comparison
    }
}

impl Comparison {
    fn add(&mut self, place: &str, expected: &[String], found: rusqlite::Result<Vec<String>>) {
        self.checked += 1;
        match found {
            Ok(found) if found == expected => {}
            Ok(found) => self.broken.push(format!("{place} returns {found:?} instead of {expected:?}")),
            Err(error) => self.broken.push(format!("{place}: {error}")),
        }
    }
}

/// Returns the constants of `files` with those in `known`, and the statements of these files.
fn collect(files: &[(String, String)], known: &Constants) -> (Constants, Vec<Statement>) {
    let with = |known: &Constants, own: Constants| -> Constants { known.clone().into_iter().chain(own).collect() };
    let literals = with(known, files.iter().flat_map(|(_, text)| constants(text)).collect());
    let known = with(&literals, files.iter().flat_map(|(_, text)| built_constants(text, &literals)).collect());
    let of_file = |(file, text): &(String, String)| {
        // A file's own constants first: several tables have a list called COLUMNS.
        statements(file, text, &with(&known, built_constants(text, &known)))
    };
    let statements = files.iter().flat_map(of_file).collect();
    (known, statements)
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
    Ok(db.prepare(sql)?.column_names().map(str::to_owned).collect())
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
