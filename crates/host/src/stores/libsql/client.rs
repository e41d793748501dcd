//! A server, and the requests to it.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::hrana::{self, Entry, Head};
use super::statement;
use crate::bindings::fermyon::spin::sqlite::{QueryResult, RowResult, Value};
use crate::stores::MAX_RESULT_BYTES;
use crate::stores::blocking::WriteQueue;

/// The greatest number of printed statements that are kept: more than the services of an application have.
const STATEMENTS_KEPT: usize = 2048;

/// The greatest size of a body that explains a refusal, in bytes.
const MAX_EXPLANATION: usize = 64 << 10;

/// Spin's error where a server cannot be used.
type Text = String;

/// A stream of the server: the state of one connection of a guest.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// What the next request has to show. `None`: the next request begins a stream.
    baton: Option<String>,
    /// Where its requests go, if not where the first one went.
    base_url: Option<String>,
}

/// A libSQL server. Its connections are kept and shared by all sessions.
pub(crate) struct Server {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    url: String,
    authorization: HeaderValue,
    statement_limit: Duration,
    /// The writers of this host: a server lets all that wait for its lock queue, those too whose client is gone, and each of them then holds it for
    /// five seconds. So a host that is killed leaves one at most.
    queue: WriteQueue,
    /// Statements by the text of the guest.
    printed: Mutex<HashMap<String, Arc<str>>>,
}

impl Server {
    /// Creates the client of the server at `url`, which connects with the first statement. A statement may run for `statement_limit`.
    ///
    /// # Errors
    /// A token that is no header value; TLS that cannot be set up.
    pub(crate) fn new(url: &str, token: &str, statement_limit: Duration) -> Result<Self> {
        let mut authorization = HeaderValue::try_from(format!("Bearer {token}"))
            .context("the token of a libSQL database has characters that no header may have")?;
        authorization.set_sensitive(true);
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        // The authorities that this machine trusts, which may be its own; those of the web where it has none, as in an image without certificates.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let https = HttpsConnectorBuilder::new()
            .with_provider_and_platform_verifier(Arc::clone(&provider))
            .or_else(|_| HttpsConnectorBuilder::new().with_provider_and_webpki_roots(provider))
            .context("cannot set up TLS for a libSQL database")?
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(http);
        let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(https);
        Ok(Self {
            client,
            // `libsql://` is an alias.
            url: url.replacen("libsql://", "https://", 1).trim_end_matches('/').to_owned(),
            authorization,
            statement_limit,
            queue: WriteQueue::default(),
            printed: Mutex::default(),
        })
    }

    /// Returns the queue of the writers of this host.
    pub(super) fn queue(&self) -> &WriteQueue {
        &self.queue
    }

    /// Runs the first statement of `sql` on `stream`.
    ///
    /// # Errors
    /// The text of Spin's client.
    pub(super) async fn execute(
        &self,
        stream: &mut Stream,
        sql: &str,
        parameters: &[Value],
    ) -> Result<QueryResult, Text> {
        let statement = self.printed(sql)?;
        let body = hrana::cursor(stream.baton.as_deref(), &statement, parameters);
        let exchange = async {
            let response = self.post(stream, "cursor", body).await?;
            read(stream, response).await
        };
        let limit = self.statement_limit;
        tokio::time::timeout(limit, exchange)
            .await
            .unwrap_or_else(|_| Err(failed("http", format_args!("no response within {limit:?}"))))
    }

    /// Closes `stream`, which rolls back its transaction, without waiting for the response.
    pub(super) fn close(self: &Arc<Self>, stream: Stream) {
        let Some(baton) = &stream.baton else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (server, body) = (Arc::clone(self), hrana::close(baton));
        runtime.spawn(async move {
            // A server that is gone closes it by itself.
            if let Ok(response) = server.post(&stream, "pipeline", body).await {
                let _ = Limited::new(response.into_body(), MAX_EXPLANATION).collect().await;
            }
        });
    }

    /// Returns the first statement of `sql` as the client prints it.
    fn printed(&self, sql: &str) -> Result<Arc<str>, Text> {
        let mut printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(statement) = printed.get(sql) {
            return Ok(Arc::clone(statement));
        }
        let statement: Arc<str> = statement::first(sql)?.into();
        if printed.len() >= STATEMENTS_KEPT {
            printed.clear();
        }
        printed.insert(sql.to_owned(), Arc::clone(&statement));
        Ok(statement)
    }

    async fn post(&self, stream: &Stream, endpoint: &str, body: String) -> Result<Response<Incoming>, Text> {
        let base = stream.base_url.as_deref().unwrap_or(&self.url);
        let uri: Uri = format!("{base}/v3/{endpoint}").parse().map_err(|error| failed("http", error))?;
        let request = Request::post(uri)
            .header(AUTHORIZATION, self.authorization.clone())
            .header("x-libsql-client-version", "libsql-remote-0.5.0")
            .body(Full::from(body))
            .map_err(|error| failed("http", error))?;
        let response = self.client.request(request).await.map_err(|error| {
            let causes = causes(&error);
            if error.is_connect() {
                failed("http", format_args!("error trying to connect: {causes}"))
            } else {
                failed("http", causes)
            }
        })?;
        if response.status() == StatusCode::OK {
            return Ok(response);
        }
        let explanation = Limited::new(response.into_body(), MAX_EXPLANATION).collect().await;
        let explanation = explanation.map_err(|error| failed("http", error))?.to_bytes();
        Err(failed("api", String::from_utf8_lossy(&explanation)))
    }
}

/// Reads the response to a statement: a line for the stream, and one for each entry of the cursor.
async fn read(stream: &mut Stream, response: Response<Incoming>) -> Result<QueryResult, Text> {
    let mut lines = Lines { body: response.into_body(), read: Vec::new() };
    let head: Head = lines.next().await?.ok_or_else(ended)?;
    stream.baton = head.baton;
    if head.base_url.is_some() {
        stream.base_url = head.base_url;
    }
    let mut result = QueryResult { columns: Vec::new(), rows: Vec::new() };
    let (mut size, mut outcome) = (0, None);
    // To the end of the body: a server whose client closes the connection before interrupts the stream.
    while let Some(entry) = lines.next::<Entry>().await? {
        match entry {
            Entry::StepBegin { cols } => {
                result.columns = cols.into_iter().map(|column| column.name.unwrap_or_default()).collect();
            }
            Entry::Row { row } => {
                let mut values = Vec::with_capacity(row.len());
                for cell in row {
                    let (value, bytes) = cell.read().map_err(|error| failed("json", error))?;
                    size += bytes;
                    values.push(value);
                }
                if size > MAX_RESULT_BYTES {
                    return Err(format!("query result exceeds limit of {MAX_RESULT_BYTES} bytes"));
                }
                result.rows.push(RowResult { values });
            }
            Entry::StepEnd {} => outcome = outcome.or(Some(Ok(()))),
            Entry::StepError { step, error } => {
                let hrana::StepError { message, code } = error;
                outcome = outcome.or(Some(Err(format!("error at step {step}: (error code: {code}) `{message}`"))));
            }
            Entry::Error { error } => outcome = outcome.or(Some(Err(error.get().to_owned()))),
            Entry::Other => {}
        }
    }
    match outcome {
        Some(Ok(())) => Ok(result),
        Some(Err(error)) => Err(failed("cursor", error)),
        None => Err(ended()),
    }
}

/// The lines of a body.
struct Lines {
    body: Incoming,
    read: Vec<u8>,
}

impl Lines {
    /// Parses the next line. `None` at the end.
    async fn next<T: serde::de::DeserializeOwned>(&mut self) -> Result<Option<T>, Text> {
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                return serde_json::from_slice(&line).map(Some).map_err(|error| failed("json", error));
            }
            let Some(frame) = self.body.frame().await else {
                return if self.read.is_empty() { Ok(None) } else { Err(ended()) };
            };
            let frame = frame.map_err(|error| {
                let cause = format!("error reading a body from connection: {}", causes(&error));
                failed("cursor", format_args!("cursor error: `{cause}`"))
            })?;
            if let Some(data) = frame.data_ref() {
                self.read.extend_from_slice(data);
            }
            if self.read.len() > 2 * MAX_RESULT_BYTES {
                return Err(format!("query result exceeds limit of {MAX_RESULT_BYTES} bytes"));
            }
        }
    }
}

/// Returns the client's text of an error of this kind.
fn failed(kind: &str, cause: impl fmt::Display) -> Text {
    format!("Hrana: `{kind} error: `{cause}``")
}

/// Returns the client's text of a statement that met the lock of another writer.
pub(super) fn locked() -> Text {
    failed("cursor", "error at step 0: (error code: SQLITE_BUSY) `SQLite error: database is locked`")
}

fn ended() -> Text {
    failed("cursor", "cursor stream ended prematurely")
}

/// Returns the texts of the causes of `error`, or its own if it has none.
fn causes(error: &dyn StdError) -> String {
    let mut text = String::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&error.to_string());
        cause = error.source();
    }
    if text.is_empty() { error.to_string() } else { text }
}

impl fmt::Debug for Server {
    /// Formats it without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("url", &self.url).finish_non_exhaustive()
    }
}
