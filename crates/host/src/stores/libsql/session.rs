//! A session: a connection from the guest's point of view.

use std::sync::Arc;

use super::client::{Server, Stream};
use crate::bindings::fermyon::spin::sqlite::{QueryResult, Value};

/// A guest's connection to a database on a server. The server is reached with the first statement, and dropping the session closes its stream.
#[derive(Debug)]
pub(crate) struct Session {
    server: Arc<Server>,
    stream: Stream,
    in_transaction: bool,
}

impl Session {
    /// Creates a session without a stream.
    pub(crate) fn new(server: &Arc<Server>) -> Self {
        Self { server: Arc::clone(server), stream: Stream::default(), in_transaction: false }
    }

    /// Runs the first statement of `sql`.
    ///
    /// # Errors
    /// The content of Spin's error `io`: the text of its client.
    pub(crate) async fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<QueryResult, String> {
        let result = self.server.execute(&mut self.stream, sql, parameters).await;
        let keyword = first_word(sql);
        if result.is_ok() && keyword.eq_ignore_ascii_case("begin") {
            self.in_transaction = true;
        } else if ["commit", "end", "rollback"].iter().any(|known| keyword.eq_ignore_ascii_case(known)) {
            self.in_transaction = false;
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
