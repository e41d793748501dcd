//! Acknowledged writes survive `kill -9`.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use spindle_tests::database::until_available;
use spindle_tests::users::{User, unique_email};
use spindle_tests::{Client, Instance};

/// Enough for a commit to be in progress on one of the connections at any moment.
const WRITERS: usize = 8;

/// The host is killed once this many users are acknowledged, while more are being created.
const ACKNOWLEDGED: usize = 60;

#[test]
fn nothing_acknowledged_is_lost_when_the_host_is_killed() {
    let state = tempfile::tempdir().expect("a temp folder");
    let mut acknowledged = Vec::new();
    for _round in 0..3 {
        let instance = Instance::start(state.path());
        assert_all_there(&instance.admin().client, &acknowledged);
        acknowledged.extend(write_until_killed(instance));
        for database in ["auth.db", "users.db"] {
            assert_intact(&state.path().join(database));
        }
    }
    let instance = Instance::start(state.path());
    assert!(acknowledged.len() >= 3 * ACKNOWLEDGED);
    assert_all_there(&instance.admin().client, &acknowledged);
}

/// Creates users from several connections, kills the instance meanwhile, and returns every user with a 201.
fn write_until_killed(instance: Instance) -> Vec<Value> {
    let client = instance.admin().client;
    let (count, users) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let (reached, wait) = std::sync::mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            let (client, count, users, reached) = (&client, &count, &users, reached.clone());
            scope.spawn(move || {
                while let Some(user) = create(client) {
                    users.lock().expect("no writer panics").push(user);
                    if count.fetch_add(1, Ordering::Relaxed) == ACKNOWLEDGED {
                        reached.send(()).expect("the test waits for it");
                    }
                }
            });
        }
        drop(reached);
        wait.recv().expect("the writers reach the count");
        instance.kill();
    });
    users.into_inner().expect("no writer panics")
}

/// Creates a user, and returns it; `None` if the instance has ended.
fn create(client: &Client) -> Option<Value> {
    let body = json!({"email": unique_email("crash"), "display_name": "Crash"}).to_string();
    let json = [("content-type", "application/json")];
    let response = until_available(|| client.try_send("POST", "/v1/users", &json, Some(body.as_bytes())).ok())?;
    assert_eq!(response.status, 201, "{}", response.text());
    Some(User::from_response(&response).body)
}

fn assert_all_there(client: &Client, users: &[Value]) {
    for user in users {
        let id = user["id"].as_str().expect("a user has an id");
        let found = client.get(&format!("/v1/users/{id}"));
        assert_eq!(found.status, 200, "{user} was acknowledged and is gone");
        assert_eq!(found.json(), *user);
    }
}

fn assert_intact(database: &Path) {
    let connection =
        Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE).expect("the database opens");
    let result: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("the check runs");
    assert_eq!(result, "ok");
}
