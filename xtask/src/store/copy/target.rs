//! A server of libSQL: statements over Hrana 3 (`POST /v3/pipeline`).

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use rusqlite::types::Value as SqlValue;
use serde::{Deserialize, Serialize};
use ureq::Agent;
use ureq::tls::TlsConfig;

use super::rows::{Argument, Cell, Row, shortened};
use super::source::{OBJECTS, Table};
use crate::http;

/// The longest time until the response to a request: an index of a large table is one statement.
const TIMEOUT: Duration = Duration::from_secs(300);

/// A server, which has one database.
#[derive(Debug)]
pub(super) struct Server {
    agent: Agent,
    url: String,
    token: String,
}

/// A stream of a server: one connection to its database. Its end rolls back a transaction that is open.
#[derive(Debug)]
pub(super) struct Stream<'s> {
    server: &'s Server,
    baton: Option<String>,
}

/// The body of a request, with one request of the stream.
#[derive(Debug, Serialize)]
struct Body<'r> {
    baton: Option<&'r str>,
    requests: [Request<'r>; 1],
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Request<'r> {
    Execute { stmt: Statement<'r> },
    Batch { batch: Batch<'r> },
    Close,
}

#[derive(Debug, Serialize)]
struct Batch<'r> {
    steps: Vec<Step<'r>>,
}

#[derive(Debug, Serialize)]
struct Step<'r> {
    stmt: Statement<'r>,
    condition: Option<Condition>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Condition {
    Ok { step: usize },
}

#[derive(Debug, Serialize)]
struct Statement<'r> {
    sql: &'r str,
    args: Vec<Argument<'r>>,
    want_rows: bool,
}

/// The body of a response.
#[derive(Debug, Deserialize)]
struct Response {
    baton: Option<String>,
    results: Vec<StreamResult>,
}

#[derive(Debug, Deserialize)]
struct StreamResult {
    response: Option<StreamResponse>,
    error: Option<Refusal>,
}

#[derive(Debug, Deserialize)]
struct StreamResponse {
    result: Option<StatementResult>,
}

/// The result of a statement, or of a batch.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StatementResult {
    rows: Vec<Vec<Cell>>,
    step_errors: Vec<Option<Refusal>>,
}

#[derive(Debug, Deserialize)]
struct Refusal {
    message: String,
    code: Option<String>,
}

/// A thing of a schema.
#[derive(Debug)]
pub(super) struct Object {
    /// Its type: `table`, `index`, `view` or `trigger`.
    pub(super) kind: String,
    /// Its name.
    pub(super) name: String,
    /// The statement that made it.
    pub(super) sql: String,
}

impl Server {
    /// Returns the client of the server at `url`. It trusts the authorities of the web, or those in the file that `SSL_CERT_FILE` names.
    ///
    /// # Errors
    ///
    /// If that file holds no certificate.
    pub(super) fn new(url: &str, token: &str) -> Result<Self> {
        let tls = match std::env::var_os("SSL_CERT_FILE") {
            Some(file) => http::trust_only(file.as_ref())?,
            None => TlsConfig::default(),
        };
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).tls_config(tls);
        let agent = config.timeout_global(Some(TIMEOUT)).build().new_agent();
        // `libsql://` is an alias.
        let url = url.replacen("libsql://", "https://", 1).trim_end_matches('/').to_owned();
        Ok(Self { agent, url, token: token.to_owned() })
    }

    /// Returns a new stream, which begins with its first request.
    pub(super) fn stream(&self) -> Stream<'_> {
        Stream { server: self, baton: None }
    }

    fn post(&self, body: &Body<'_>) -> Result<Response> {
        let url = format!("{}/v3/pipeline", self.url);
        let body = serde_json::to_string(body)?;
        let request = self.agent.post(&url).header("authorization", format!("Bearer {}", self.token));
        let response = request.header("content-type", "application/json").send(body);
        let mut response = response.with_context(|| format!("no response from {}: does the server run?", self.url))?;
        let status = response.status().as_u16();
        let text = response.body_mut().with_config().limit(u64::MAX).read_to_string();
        let text = text.with_context(|| format!("{} broke off its response", self.url))?;
        match status {
            200 => serde_json::from_str(&text).with_context(|| format!("{url} is no server of libSQL")),
            401 | 403 => bail!("{} refuses the token of the runtime configuration: {text}", self.url),
            _ => bail!("{url} answers {status}: {text}"),
        }
    }
}

impl Stream<'_> {
    /// Runs a statement, and returns its rows.
    ///
    /// # Errors
    ///
    /// If the server does not answer, or refuses the statement.
    pub(super) fn execute<'v>(
        &mut self,
        sql: &str,
        parameters: impl IntoIterator<Item = &'v SqlValue>,
    ) -> Result<Vec<Row>> {
        let args = parameters.into_iter().map(Argument::from).collect();
        let result = self.request(Request::Execute { stmt: Statement { sql, args, want_rows: true } }, sql)?;
        result.rows.into_iter().map(|row| row.into_iter().map(Cell::try_into).collect()).collect()
    }

    /// Runs statements in one request, each only if the one before succeeded.
    ///
    /// # Errors
    ///
    /// If the server does not answer, or refuses one.
    pub(super) fn run(&mut self, statements: &[&str]) -> Result<()> {
        let steps = statements.iter().enumerate().map(|(number, sql)| Step {
            stmt: Statement { sql, args: Vec::new(), want_rows: false },
            condition: number.checked_sub(1).map(|step| Condition::Ok { step }),
        });
        let steps = steps.collect();
        let result = self.request(Request::Batch { batch: Batch { steps } }, "a batch")?;
        ensure!(result.step_errors.len() == statements.len(), "a response about another number of statements");
        match result.step_errors.iter().zip(statements).find_map(|(error, sql)| Some((error.as_ref()?, sql))) {
            Some((error, sql)) => bail!("{}", error.about(sql)),
            None => Ok(()),
        }
    }

    /// Inserts rows into a table.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub(super) fn insert(&mut self, table: &Table, rows: &[Row]) -> Result<()> {
        self.execute(&table.insert(rows.len()), rows.iter().flatten()).map(drop)
    }

    /// Reads rows of a table in the order of its key: `limit`, from the first one after the key `after` on.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub(super) fn page(&mut self, table: &Table, after: Option<&Row>, limit: usize) -> Result<Vec<Row>> {
        match after {
            None => self.execute(&table.select("", Some(limit)), []),
            Some(key) => self.execute(&table.select_after(limit), key),
        }
    }

    /// Returns what the database has, in the order of creation.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub(super) fn objects(&mut self) -> Result<Vec<Object>> {
        let object = |row: Row| match row.as_slice() {
            [SqlValue::Text(kind), SqlValue::Text(name), _, SqlValue::Text(sql)] => {
                Ok(Object { kind: kind.clone(), name: name.clone(), sql: sql.clone() })
            }
            _ => bail!("a schema with other types"),
        };
        self.execute(OBJECTS, [])?.into_iter().map(object).collect()
    }

    fn request(&mut self, request: Request<'_>, sql: &str) -> Result<StatementResult> {
        // Without a baton, if there is no response: the stream cannot go on.
        let baton = self.baton.take();
        let response = self.server.post(&Body { baton: baton.as_deref(), requests: [request] })?;
        self.baton = response.baton;
        let result = response.results.into_iter().next().context("a response without a result")?;
        match (result.response, result.error) {
            (Some(response), None) => Ok(response.result.unwrap_or_default()),
            (_, Some(error)) => bail!("{}", error.about(sql)),
            (None, None) => bail!("a result without a response"),
        }
    }
}

impl Drop for Stream<'_> {
    fn drop(&mut self) {
        if let Some(baton) = &self.baton {
            // A server that is gone closes it by itself.
            let _ = self.server.post(&Body { baton: Some(baton), requests: [Request::Close] });
        }
    }
}

impl Refusal {
    /// Returns its text, with the statement that it is about.
    fn about(&self, sql: &str) -> String {
        let hint = match self.code.as_deref() {
            Some("TRANSACTION_TIMEOUT") => {
                ": another client writes to this server, which must have none but this command"
            }
            _ => "",
        };
        format!("{}{hint} (`{}`)", self.message, shortened(sql))
    }
}
