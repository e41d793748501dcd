//! `fermyon:spin/sqlite`.

use std::sync::atomic::Ordering;
use std::time::Instant;

use wasmtime::Result;
use wasmtime::component::Resource;

use super::{Capabilities, SLICE, WRITER_SLICE};
use crate::bindings::fermyon::spin::sqlite::{Error, Host, HostConnection, QueryResult, Value};
use crate::failpoints;
use crate::stores::Session;
use crate::trace;

/// Spin's limit of open connections of one instance.
const MAX_CONNECTIONS: usize = 256;

impl Host for Capabilities {}

impl HostConnection for Capabilities {
    async fn open(&mut self, database: String) -> Result<Result<Resource<Session>, Error>> {
        if !self.rights.component.sqlite_databases.contains(&database) {
            return Ok(Err(Error::AccessDenied));
        }
        let Some(database) = self.rights.databases.get(&database) else {
            return Ok(Err(Error::NoSuchDatabase));
        };
        if self.open_databases >= MAX_CONNECTIONS {
            return Ok(Err(Error::Io("too many connections opened".to_owned())));
        }
        let session = self.open.push(database.open())?;
        self.open_databases += 1;
        Ok(Ok(session))
    }

    async fn execute(
        &mut self,
        connection: Resource<Session>,
        statement: String,
        parameters: Vec<Value>,
    ) -> Result<Result<QueryResult, Error>> {
        let session = self.open.get_mut(&connection)?;
        let counters = &self.rights.counters;
        counters.statements.fetch_add(1, Ordering::Relaxed);
        let commits = session.commits(&statement);
        tracing::trace!(target: trace::TARGET, commits, sql = statement, "statement");
        let was_writing = session.is_writing();
        let operation = match &self.rights.failpoints {
            Some(failpoints) if commits => {
                Some(failpoints.before(&self.rights.component.id, failpoints::statement(&statement)))
            }
            _ => None,
        };
        let result = session.execute(&statement, &parameters).await;
        if let Some(operation) = operation {
            operation.after();
        }
        if commits && result.is_ok() {
            counters.commits.fetch_add(1, Ordering::Relaxed);
        }
        match (was_writing, session.is_writing()) {
            // It has yielded before its turn.
            (false, true) => self.yielded = Instant::now(),
            (true, true) => self.yield_after(WRITER_SLICE).await,
            (_, false) => self.yield_after(SLICE).await,
        }
        Ok(result.map_err(Error::Io))
    }

    async fn drop(&mut self, connection: Resource<Session>) -> Result<()> {
        self.open.delete(connection)?;
        self.open_databases -= 1;
        Ok(())
    }
}
