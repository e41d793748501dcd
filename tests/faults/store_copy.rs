//! `cargo xtask store copy` onto servers of libSQL: all of an installation arrives, and nothing that was interrupted looks like one.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use spindle_tests::libsql::double::{Double, Fault, Limits};
use spindle_tests::libsql::token;
use tempfile::TempDir;
use xtask::store::copy::{Options, copy};

/// The schema of the service `first`, with everything whose copy is more than a statement and its rows.
const SCHEMA: &str = "
    CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, fingerprint TEXT NOT NULL,
        applied_at TEXT NOT NULL) STRICT;
    CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, payload TEXT NOT NULL) STRICT;
    CREATE TABLE event_cursors (source TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE children (parent TEXT NOT NULL REFERENCES parents (id), place INTEGER, note ANY, PRIMARY KEY (parent, place)) STRICT, WITHOUT ROWID;
    CREATE TABLE parents (id TEXT PRIMARY KEY, name TEXT, size INTEGER GENERATED ALWAYS AS (length(name)) STORED, folded TEXT) STRICT;
    CREATE INDEX parents_by_size ON parents (size) WHERE name IS NOT NULL;
    CREATE VIRTUAL TABLE words USING fts5 (name, content = 'parents', columnsize = 0, prefix = '1');
    CREATE VIEW short AS SELECT id, name FROM parents WHERE size < 10;
    CREATE TRIGGER short_insert INSTEAD OF INSERT ON short BEGIN INSERT INTO parents (id, name) VALUES (new.id, new.name); END;
    CREATE TRIGGER parents_index AFTER INSERT ON parents BEGIN
        INSERT INTO words (rowid, name) VALUES (new.rowid, coalesce(new.folded, new.name));
        INSERT INTO outbox (payload) VALUES (new.id);
    END;
    CREATE TRIGGER outbox_is_never_deleted BEFORE DELETE ON outbox WHEN old.seq > 3 BEGIN SELECT RAISE(ABORT, 'never'); END;
    INSERT INTO schema_migrations VALUES (1, 'create', 'a', 'b', ''), (2, 'change', 'c', 'd', '');
    INSERT INTO event_cursors VALUES ('second', 9007199254740993);";

/// An installation of two databases, and the servers that it moves to.
struct Fixture {
    folder: TempDir,
    servers: [Double; 2],
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temp folder");
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("state")).expect("a folder");
        let server = |label: &str| Double::start(&path(&format!("{label}-server.db")), &[token()], Limits::default());
        let fixture = Self { servers: ["first", "second"].map(server), folder };
        let (mut files, mut servers) = (String::new(), String::new());
        for (label, server) in ["first", "second"].iter().zip(&fixture.servers) {
            let db = Connection::open(fixture.file(label)).expect("a database");
            db.execute_batch("PRAGMA journal_mode = WAL").expect("a journal");
            db.execute_batch(SCHEMA).expect("a schema");
            files += &format!("[sqlite_database.{label}]\ntype = \"spin\"\npath = \".spindle/{label}.db\"\n");
            let (url, token) = (server.url(), token());
            servers += &format!("[sqlite_database.{label}]\ntype = \"libsql\"\nurl = \"{url}\"\ntoken = \"{token}\"\n");
        }
        fs::write(fixture.path("files.toml"), files).expect("a file");
        fs::write(fixture.path("servers.toml"), servers).expect("a file");
        fixture.fill();
        fixture
    }

    /// Writes rows of all types into the first database: more than one page, and keys that follow no column.
    fn fill(&self) {
        let db = Connection::open(self.file("first")).expect("a database");
        db.execute_batch(
            "BEGIN;
            WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 600)
            INSERT INTO parents (id, name, folded) SELECT printf('%x', n * 7919 % 601), 'name ' || n, iif(n % 3, NULL, 'crème ' || n) FROM n;
            DELETE FROM parents WHERE rowid % 11 = 0;
            DELETE FROM outbox WHERE seq < 3;
            INSERT INTO children SELECT id, rowid, iif(rowid % 2, x'00ff', rowid / 7.0) FROM parents WHERE rowid % 5 = 0;
            INSERT INTO children VALUES ('1', -1, NULL);
            COMMIT;",
        )
        .expect("rows");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, label: &str) -> PathBuf {
        self.path(&format!("state/{label}.db"))
    }

    fn copy(&self) -> Result<(), String> {
        let options = Options {
            source_config: self.path("files.toml"),
            state_dir: self.path("state"),
            target_config: self.path("servers.toml"),
        };
        copy(&options).map_err(|error| format!("{error:#}"))
    }

    /// Returns the names of the migrations on both servers.
    fn migrations(&self) -> [String; 2] {
        ["first", "second"].map(|label| {
            let sql = "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'";
            match rows(&self.path(&format!("{label}-server.db")), sql).as_str() {
                "Integer(0)" => String::new(),
                _ => rows(
                    &self.path(&format!("{label}-server.db")),
                    "SELECT name FROM schema_migrations ORDER BY version",
                ),
            }
        })
    }

    /// Checks that both servers have the rows, the text index and the sequences of the files.
    fn assert_copied(&self) {
        let queries = [
            "SELECT rowid, * FROM parents ORDER BY rowid",
            "SELECT * FROM children ORDER BY parent, place",
            "SELECT * FROM outbox ORDER BY seq",
            "SELECT * FROM event_cursors",
            "SELECT * FROM schema_migrations",
            "SELECT * FROM sqlite_sequence",
            "SELECT rowid FROM words ('creme') ORDER BY rowid",
            "SELECT rowid FROM words ('n*') ORDER BY rowid",
            "SELECT type, name, tbl_name FROM sqlite_schema ORDER BY type, name",
            "PRAGMA integrity_check",
        ];
        for label in ["first", "second"] {
            for sql in queries {
                let copied = rows(&self.path(&format!("{label}-server.db")), sql);
                assert!(copied == rows(&self.file(label), sql), "{label}: {sql}: {copied}");
            }
        }
    }
}

/// Returns the rows of a query as text.
fn rows(file: &Path, sql: &str) -> String {
    let db = Connection::open(file).expect("a database");
    let mut statement = db.prepare(sql).expect("a statement");
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        (0..columns).map(|column| Ok(format!("{:?}", row.get::<_, rusqlite::types::Value>(column)?))).collect()
    };
    let rows = statement.query_map([], row).expect("rows");
    let rows: Vec<String> = rows.map(|row: rusqlite::Result<Vec<String>>| row.expect("a row").join(" ")).collect();
    rows.join("\n")
}

#[test]
fn everything_of_an_installation_is_copied_once() {
    let fixture = Fixture::new();
    fixture.copy().expect("a copy");
    fixture.assert_copied();

    let refused = fixture.copy().expect_err("the servers are not empty");
    assert_eq!(
        refused,
        "database first: the server has a database with tables, which must be empty; nothing was changed"
    );
    // The triggers are there, and the sequence goes on after the last number of the file.
    let server = Connection::open(fixture.path("first-server.db")).expect("a database");
    server.execute_batch("INSERT INTO short (id, name) VALUES ('new', 'crème')").expect("a row");
    assert_eq!(rows(&fixture.path("first-server.db"), "SELECT max(seq) FROM outbox"), "Integer(601)");
    server.execute_batch("DELETE FROM outbox").expect_err("the trigger refuses it");
}

#[test]
fn a_copy_that_was_interrupted_anywhere_is_no_installation_and_can_be_run_again() {
    let real = "Text(\"create\")\nText(\"change\")";
    let marks = || ["Text(\"unfinished_copy\")".to_owned(), "Text(\"unfinished_copy\")".to_owned()];
    for (fault, sql, left) in [
        (Fault::LostAnswer, "CREATE TABLE schema_migrations", [marks()[0].clone(), String::new()]),
        (Fault::LostRequest, "CREATE TABLE outbox", marks()),
        (Fault::StolenLock, "INSERT INTO \"children\"", marks()),
        (Fault::Status(503), "INSERT INTO \"words_data\"", marks()),
        (Fault::LostAnswer, "CREATE VIEW", marks()),
        (Fault::CutAnswer, "SELECT \"id\"", marks()),
        (Fault::LostAnswer, "INSERT INTO \"schema_migrations\"", marks()),
    ] {
        let fixture = Fixture::new();
        fixture.servers[0].arm(fault, sql);
        let error = fixture.copy().expect_err("a fault");
        assert!(error.contains("the copy is not finished") && error.contains("database first"), "{error}");
        assert_eq!(fixture.servers[0].armed(), 0, "{sql}");
        // Its transaction is open, if no response ended it.
        fixture.servers[0].kill();
        fixture.servers[0].restart();
        assert_eq!(fixture.migrations(), left, "{fault:?} at {sql}");
        fixture.copy().unwrap_or_else(|error| panic!("{fault:?} at {sql}: {error}"));
        fixture.assert_copied();
        assert_eq!(fixture.migrations(), [real, real]);
    }
}

#[test]
fn a_platform_that_runs_is_noticed_and_no_server_changes() {
    let fixture = Fixture::new();
    let platform = Connection::open(fixture.file("second")).expect("a database");
    platform.query_row("SELECT count(*) FROM outbox", [], |_| Ok(())).expect("an idle connection");
    let error = fixture.copy().expect_err("the file is open");
    let file = fixture.file("second");
    let expected = format!("database second: another process has {} open: stop the platform first", file.display());
    assert_eq!((error, fixture.migrations()), (expected, [String::new(), String::new()]));
}
