//! The databases of an instance as a test changes and locks them past the services: through their files, or through their servers, which must be
//! the only writers of theirs.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::json;
use xtask::store::Store;

use crate::Response;
use crate::libsql::Servers;
use crate::libsql::client::{Answer, HranaClient};

/// Runs statements in the database with this label of the instances in `state`.
///
/// # Panics
///
/// If the database refuses one.
pub fn change(state: &Path, label: &str, sql: &str) {
    match Servers::of_folder(state) {
        Some(servers) => {
            let requests = json!([{"type": "sequence", "sql": sql}, {"type": "close"}]);
            let answer = client(&servers, label).post("/v3/pipeline", &json!({"requests": requests}));
            let answer = answer.expect("the server answers");
            assert_eq!(answer.entries()[0]["results"][0]["type"], "ok", "{sql}: {}", answer.body);
        }
        None => {
            let database = Connection::open(state.join(format!("{label}.db"))).expect("there is a database");
            database.busy_timeout(Duration::from_secs(10)).expect("a timeout can be set");
            database.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
    }
}

/// Sends a request until the response is another than 503 with `Retry-After`, if the tests run on libSQL: a server refuses more streams than it has
/// connections, and a host that was killed leaves its write lock for five seconds. On files, sends it once. `None`: there is no response.
///
/// # Panics
///
/// If it is 503 after a minute.
pub fn until_available(send: impl Fn() -> Option<Response>) -> Option<Response> {
    let begin = Instant::now();
    loop {
        let response = send()?;
        let may_wait = Store::of_environment().is_some() && response.status == 503;
        if !may_wait || response.header("retry-after").is_none() {
            return Some(response);
        }
        assert!(begin.elapsed() < Duration::from_secs(60), "{}", response.text());
        thread::sleep(Duration::from_millis(50));
    }
}

/// The write lock of a database.
#[derive(Debug)]
pub enum WriteLock {
    /// That of a file.
    File(Connection),
    /// That of a server, with the stream that holds it. Another writer takes it after five seconds.
    Server {
        /// The client of the server.
        client: HranaClient,
        /// The last baton of the stream.
        baton: Option<String>,
    },
}

impl WriteLock {
    /// Takes the lock of the database with this label.
    ///
    /// # Panics
    ///
    /// If another holds it.
    pub fn take(state: &Path, label: &str) -> Self {
        match Servers::of_folder(state) {
            Some(servers) => {
                let client = client(&servers, label);
                let begun = client.cursor(None, "BEGIN IMMEDIATE", &[]).expect("the server answers");
                Self::Server { baton: expect_done(&begun).baton(), client }
            }
            None => {
                let database = Connection::open(state.join(format!("{label}.db"))).expect("there is a database");
                database.execute_batch("BEGIN IMMEDIATE").expect("there is no other writer");
                Self::File(database)
            }
        }
    }

    /// Releases it.
    ///
    /// # Panics
    ///
    /// If it was lost.
    pub fn release(self) {
        match self {
            Self::File(database) => database.execute_batch("ROLLBACK").expect("the lock is released"),
            Self::Server { client, baton } => {
                expect_done(&client.cursor(baton.as_deref(), "ROLLBACK", &[]).expect("the server answers"));
            }
        }
    }
}

fn client(servers: &Arc<Servers>, label: &str) -> HranaClient {
    HranaClient::new(&servers.get(label).url())
}

fn expect_done(answer: &Answer) -> &Answer {
    assert!(answer.entries().iter().any(|entry| entry["type"] == "step_end"), "{}", answer.body);
    answer
}
