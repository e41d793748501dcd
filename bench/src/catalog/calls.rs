//! What a request asks of the host, as the host tells when it is asked to trace: every call of a guest is a line then. (Drops of resources
//! are none of them.)

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Serialize;
use tokio::runtime::Runtime;

use super::operations::Read;
use crate::instance::Server;
use crate::load::{self, Connection};

/// How many requests are counted.
const REQUESTS: usize = 20;

/// The calls of one request, on average.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Calls {
    pub(super) all: f64,
    /// Of all.
    pub(super) sql: f64,
    /// Of all.
    pub(super) key_value: f64,
}

/// Counts the calls of each of `reads` in an application in `folder` on the databases in `state`, with `variables`. None if the host
/// does not tell of databases.
///
/// # Errors
///
/// If it does not start, or answers what it should not.
pub(super) fn count(
    runtime: &Runtime,
    state: &Path,
    folder: &Path,
    variables: &[(&str, &str)],
    reads: &[&Read],
) -> Result<Option<Vec<Calls>>> {
    let mut server = Server::traced(folder, state, variables)?;
    let mut counted = Vec::new();
    for read in reads {
        let mut connection = runtime.block_on(load::open(server.address, 1))?.pop().context("no connection")?;
        // What only the first requests do.
        runtime.block_on(ask(&mut connection, read))?;
        let before = server.process.printed().len();
        runtime.block_on(ask(&mut connection, read))?;
        counted.push(calls(&server.process.printed()[before..]));
    }
    server.process.check_alive()?;
    Ok(counted.iter().any(|calls| calls.sql > 0.0).then_some(counted))
}

async fn ask(connection: &mut Connection, read: &Read) -> Result<()> {
    for _ in 0..REQUESTS {
        connection.ask(&read.load).await?;
    }
    Ok(())
}

fn calls(log: &str) -> Calls {
    let mut calls = Calls::default();
    #[expect(clippy::cast_precision_loss, reason = "there are few requests")]
    let one = 1.0 / REQUESTS as f64;
    for line in log.lines() {
        let Some((_, call)) = line.split_once("wit-bindgen import{module=") else { continue };
        let Some((function, _)) = call.split_once("}: call") else { continue };
        calls.all += one;
        if function.contains("connection.execute") {
            calls.sql += one;
        }
        if ["\"key-value\"", "\"store\"", "\"atomics\""].iter().any(|module| function.starts_with(module)) {
            calls.key_value += one;
        }
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::calls;

    #[test]
    fn only_calls_of_guests_count() {
        let line =
            |function: &str, what: &str| format!("2026 TRACE wit-bindgen import{{{function}}}: {what} self_=1\n");
        let execute = r#"module="sqlite" function="[method]connection.execute""#;
        let get = r#"module="key-value" function="[method]store.get""#;
        let now = r#"module="wall-clock" function="now""#;
        let log =
            [line(execute, "call"), line(execute, "return"), line(get, "call"), line(now, "call"), "other\n".into()];
        let found = calls(&log.concat().repeat(20));
        assert_eq!([found.all, found.sql, found.key_value].map(f64::round), [3.0, 1.0, 1.0]);
    }
}
