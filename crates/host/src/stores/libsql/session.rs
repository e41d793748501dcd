//! A session: a connection from the guest's point of view.

use std::sync::Arc;

use super::client::{Server, Stream, locked};
use crate::bindings::fermyon::spin::sqlite::{QueryResult, Value};
use crate::stores::blocking::{Turn, Wait};
use crate::stores::sqlite::starts_write;

/// A guest's connection to a database on a server. The server is reached with the first statement, and dropping the session closes its stream.
#[derive(Debug)]
pub(crate) struct Session {
    server: Arc<Server>,
    stream: Stream,
    in_transaction: bool,
    /// Its turn among the writers of this host, from before it asks for the write lock until its transaction has ended.
    turn: Option<Turn>,
}

impl Session {
    /// Creates a session without a stream.
    pub(crate) fn new(server: &Arc<Server>) -> Self {
        Self { server: Arc::clone(server), stream: Stream::default(), in_transaction: false, turn: None }
    }

    /// Runs the first statement of `sql`. One that begins to write waits for its turn among the writers of this host first.
    ///
    /// # Errors
    /// The content of Spin's error `io`: the text of its client. If its turn does not come within SQLite's busy timeout, it is that of a database that
    /// is locked.
    pub(crate) async fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<QueryResult, String> {
        if self.turn.is_none() && !self.in_transaction && starts_write(sql) {
            let turn = Wait::new(Wait::DEFAULT_TIMEOUT).turn(self.server.queue()).await;
            self.turn = Some(turn.ok_or_else(locked)?);
        }
        let result = self.server.execute(&mut self.stream, sql, parameters).await;
        let keyword = first_word(sql);
        if result.is_ok() && keyword.eq_ignore_ascii_case("begin") {
            self.in_transaction = true;
        } else if ["commit", "end", "rollback"].iter().any(|known| keyword.eq_ignore_ascii_case(known)) {
            self.in_transaction = false;
        }
        if !self.in_transaction {
            self.turn = None;
        }
        result
    }

    /// Guesses whether a statement ends a write transaction, its own or the open one.
    pub(crate) fn commits(&self, sql: &str) -> bool {
        let keyword = first_word(sql);
        let is_one_of = |keywords: &[&str]| keywords.iter().any(|known| keyword.eq_ignore_ascii_case(known));
        if self.in_transaction {
            is_one_of(&["commit", "end"])
        } else {
            is_one_of(&["insert", "update", "delete", "replace", "create", "drop", "alter"])
        }
    }
}

fn first_word(sql: &str) -> &str {
    sql.split_ascii_whitespace().next().unwrap_or_default()
}

impl Drop for Session {
    fn drop(&mut self) {
        self.server.close(std::mem::take(&mut self.stream));
    }
}
