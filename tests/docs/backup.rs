//! The scripts of deploy/single-node that copy and restore the databases, on databases of a moment's making.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use spindle_tests::skip;
use tempfile::TempDir;
use xtask::workspace::Workspace;

/// The databases, in the order in which a copy that takes one after the other would have them.
const LABELS: [&str; 6] = ["auth", "catalog", "notifications", "orders", "payments", "users"];

/// The copies that are made while a writer writes.
const COPIES: usize = 5;

/// A folder with databases, and one for their copies.
struct Folders(TempDir);

impl Folders {
    /// Makes databases that have what the scripts read. `None`: there is no `sqlite3`.
    fn new(test: &str) -> Option<Self> {
        if Command::new("sqlite3").arg("--version").stdout(Stdio::null()).status().is_err() {
            skip(test, "sqlite3");
            return None;
        }
        let folders = Self(tempfile::tempdir().expect("a temp folder"));
        for folder in [folders.state(), folders.backups()] {
            std::fs::create_dir(folder).expect("the folder can be written to");
        }
        for label in LABELS {
            let schema = "PRAGMA journal_mode = WAL;
                 CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, data TEXT NOT NULL);
                 CREATE TABLE event_cursors (source TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                 INSERT INTO event_cursors VALUES ('auth', 0);";
            folders.open(label).execute_batch(schema).expect("the schema is valid");
        }
        Some(folders)
    }

    fn state(&self) -> PathBuf {
        self.0.path().join("state")
    }

    fn backups(&self) -> PathBuf {
        self.0.path().join("backups")
    }

    fn open(&self, label: &str) -> Connection {
        open(&self.state(), label)
    }

    /// Runs a script, and returns its output.
    fn run(&self, script: &str, argument: Option<&str>) -> String {
        let mut command = Command::new(Workspace::locate().root().join("deploy/single-node").join(script));
        command.args(argument).env("STATE", self.state()).env("BACKUPS", self.backups()).env("KEEP", "2");
        let output = command.output().expect("the script starts");
        assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Returns the names of the copies, the oldest first.
    fn copies(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.backups()).expect("the folder can be listed");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

fn open(folder: &Path, label: &str) -> Connection {
    let connection = Connection::open(folder.join(format!("{label}.db"))).expect("a database");
    connection.busy_timeout(Duration::from_secs(20)).expect("a time");
    connection
}

fn number(connection: &Connection, sql: &str) -> i64 {
    connection.query_row(sql, [], |row| row.get(0)).expect("a number")
}

#[test]
fn a_copy_is_of_one_moment_while_services_write() {
    let Some(folders) = Folders::new("a_copy_is_of_one_moment_while_services_write") else { return };
    let stop = AtomicBool::new(false);
    let mut seen = Vec::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            // The producer is copied first and the consumer last, so that copies of different moments would not fit.
            let (producer, consumer) = (folders.open("auth"), folders.open("users"));
            while !stop.load(Ordering::Relaxed) {
                producer.execute("INSERT INTO outbox (data) VALUES ('x')", []).expect("an event");
                let seq = producer.last_insert_rowid();
                consumer.execute("UPDATE event_cursors SET seq = ?1", [seq]).expect("a cursor");
            }
        });
        for _ in 0..COPIES {
            folders.run("backup", None);
            let newest = folders.backups().join(folders.copies().pop().expect("a copy"));
            let published = number(&open(&newest, "auth"), "SELECT max(seq) FROM outbox");
            let consumed = number(&open(&newest, "users"), "SELECT seq FROM event_cursors");
            seen.push((published, consumed));
            // A copy is named by its second.
            thread::sleep(Duration::from_millis(1100));
        }
        stop.store(true, Ordering::Relaxed);
    });
    // Compared once the writer has ended, which a failure would keep running.
    assert!(seen.iter().all(|(published, consumed)| [0, 1].contains(&(published - consumed))), "{seen:?}");
    assert_eq!(folders.copies().len(), 2, "older copies are removed");
}

#[test]
fn a_restore_lowers_cursors_to_the_restored_outbox() {
    let Some(folders) = Folders::new("a_restore_lowers_cursors_to_the_restored_outbox") else { return };
    let publish = |count: usize| {
        let producer = folders.open("auth");
        for _ in 0..count {
            producer.execute("INSERT INTO outbox (data) VALUES ('x')", []).expect("an event");
        }
    };
    publish(5);
    // Events that were removed after their time still count.
    folders.open("auth").execute("DELETE FROM outbox", []).expect("events");
    folders.open("orders").execute("UPDATE event_cursors SET seq = 3", []).expect("a cursor");
    folders.run("backup", None);
    let copy = folders.copies().pop().expect("a copy");
    // Another file of a later moment, as from another backup.
    open(&folders.backups().join(&copy), "users").execute("UPDATE event_cursors SET seq = 9", []).expect("a cursor");
    publish(4);

    let printed = folders.run("restore", Some(&copy));
    assert!(printed.contains("users reads auth from 5") && !printed.contains("orders reads"), "{printed}");
    assert_eq!(number(&folders.open("users"), "SELECT seq FROM event_cursors"), 5);
    assert_eq!(number(&folders.open("orders"), "SELECT seq FROM event_cursors"), 3);
    assert_eq!(number(&folders.open("auth"), "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'"), 5);
    let kept = std::fs::read_dir(folders.state()).expect("the folder can be listed");
    let kept = kept.filter_map(Result::ok).find(|entry| entry.path().is_dir()).expect("the databases of before");
    assert_eq!(number(&open(&kept.path(), "auth"), "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'"), 9);
}
