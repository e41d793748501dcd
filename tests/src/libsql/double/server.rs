//! The protocol of the server: requests in, responses out.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::connection::{Connection, Outcome, Program};
use super::faults::{Fault, Faults};
use super::lock::WriteLock;
use super::protocol::{CursorRequest, Error, PipelineRequest, Step, Stmt, StreamRequest};
use super::statement::{parse, parse_one};
use super::streams::{Stream, StreamError, Streams};
use super::{Counters, Limits};
use crate::Recorded;

/// The time between two looks whether a stream has ended.
const POLL: Duration = Duration::from_millis(2);

/// The state of a server.
#[derive(Debug)]
pub(super) struct State {
    file: PathBuf,
    tokens: Vec<String>,
    limits: Limits,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// New at each start: the connections of before have their own.
    lock: Arc<WriteLock>,
    streams: Streams,
    faults: Faults,
    delay: Duration,
    counters: Counters,
    /// The number of requests that wait for a stream.
    waiting: usize,
}

/// The response to a request.
#[derive(Debug, PartialEq)]
pub(super) enum Reply {
    /// A body of a media type.
    Whole(u16, &'static str, String),
    /// The lines of a cursor.
    Lines(String),
    /// A response that ends in its middle, with the end of the connection.
    Cut(Box<Self>),
    /// The end of the connection.
    Nothing,
}

/// A request that is answered with an error.
#[derive(Debug)]
enum Refusal {
    /// The client has broken the protocol.
    Protocol(String),
    Expired,
    /// The server has as many connections to its database as it takes.
    Busy,
    /// As many requests as it takes wait for one.
    TooMany,
    /// The server has no better answer: 500.
    Internal(Error),
}

impl From<StreamError> for Refusal {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::Invalid => Self::Protocol("Received an invalid baton".to_owned()),
            StreamError::Reused => Self::Protocol("Received a baton that has already been used".to_owned()),
            StreamError::Expired => Self::Expired,
        }
    }
}

impl Refusal {
    fn reply(self) -> Reply {
        let json = |status, body: &Value| Reply::Whole(status, "application/json", body.to_string());
        match self {
            Self::Protocol(text) => Reply::Whole(400, "text/plain", text),
            Self::Expired => {
                let message = "The stream has expired due to inactivity";
                json(400, &json!({"message": message, "code": "STREAM_EXPIRED"}))
            }
            Self::Busy => json(429, &json!({"error": "Timed out while opening database connection"})),
            Self::TooMany => json(429, &json!({"error": "Too many concurrent requests"})),
            Self::Internal(error) => json(500, &json!({"error": format!("Internal Error: `{}`", error.message)})),
        }
    }
}

impl State {
    /// Returns the state of a server that has just started, with its database in `file`.
    pub(super) fn new(file: PathBuf, tokens: Vec<String>, limits: Limits) -> Self {
        let inner = Inner {
            lock: Arc::new(WriteLock::new(limits.transaction)),
            streams: Streams::new(limits.stream),
            faults: Faults::default(),
            delay: Duration::ZERO,
            counters: Counters::default(),
            waiting: 0,
        };
        Self { file, tokens, limits, inner: Mutex::new(inner) }
    }

    /// Forgets every stream, as the end of the process does. Faults and counters stay.
    pub(super) fn forget_streams(&self) {
        let mut inner = self.inner();
        inner.lock = Arc::new(WriteLock::new(self.limits.transaction));
        let streams = std::mem::replace(&mut inner.streams, Streams::new(self.limits.stream));
        drop(inner);
        drop(streams);
    }

    /// Arms a fault for the next statement that contains `sql`.
    pub(super) fn arm(&self, fault: Fault, sql: &str) {
        self.inner().faults.arm(fault, sql);
    }

    /// Returns the number of faults that have not acted yet.
    pub(super) fn armed(&self) -> usize {
        self.inner().faults.len()
    }

    /// Answers each request from now on after `delay`.
    pub(super) fn delay(&self, delay: Duration) {
        self.inner().delay = delay;
    }

    /// Returns the work so far.
    pub(super) fn counters(&self) -> Counters {
        self.inner().counters
    }

    /// Counts a new connection of a client.
    pub(super) fn count_connection(&self) {
        self.inner().counters.connections += 1;
    }

    /// Handles a request.
    pub(super) fn handle(&self, request: &Recorded) -> Reply {
        let delay = {
            let mut inner = self.inner();
            inner.counters.requests += 1;
            inner.delay
        };
        std::thread::sleep(delay);
        let path = request.line.split(' ').nth(1).unwrap_or_default();
        if path == "/health" {
            return Reply::Whole(200, "text/plain", String::new());
        }
        if let Some(reason) = self.unauthorized(request.headers.get("authorization").map(String::as_str)) {
            let body = json!({"error": format!("Unauthorized: `{reason}`")});
            return Reply::Whole(401, "application/json", body.to_string());
        }
        let reply = match path {
            "/v3/cursor" => self.cursor(request),
            "/v3/pipeline" => self.pipeline(request),
            _ => return Reply::Whole(404, "text/plain", String::new()),
        };
        reply.unwrap_or_else(Refusal::reply)
    }

    fn unauthorized(&self, header: Option<&str>) -> Option<&'static str> {
        let Some(header) = header else { return Some("Expected authorization header but none given") };
        match header.split_once(' ') {
            None => Some("Auth string does not conform to '<scheme> <token>' form"),
            Some((scheme, _)) if !scheme.eq_ignore_ascii_case("bearer") => {
                Some("The authentication scheme in the `Authorization` HTTP header is not supported")
            }
            Some((_, token)) => (!self.tokens.iter().any(|known| known == token)).then_some("The JWT is invalid"),
        }
    }

    fn cursor(&self, request: &Recorded) -> Result<Reply, Refusal> {
        let CursorRequest { baton, batch } = body(request)?;
        self.with_faults(baton.as_deref(), &texts(&batch.steps), || {
            let stream = self.acquire(baton.as_deref())?;
            let programs = match programs(&batch.steps) {
                Ok(programs) => programs,
                Err(error) => {
                    self.inner().streams.close(stream);
                    return Err(Refusal::Internal(error));
                }
            };
            let mut lines = vec![json!({"baton": self.inner().streams.baton(&stream), "base_url": null})];
            for (step, outcome) in self.run(&stream, &programs).into_iter().enumerate() {
                lines.extend(entries(step, outcome));
            }
            lines.push(json!({"type": "replication_index", "replication_index": null}));
            self.inner().streams.release(stream);
            Ok(Reply::Lines(lines.into_iter().map(|line| format!("{line}\n")).collect()))
        })
    }

    fn pipeline(&self, request: &Recorded) -> Result<Reply, Refusal> {
        let PipelineRequest { baton, requests } = body(request)?;
        let statements: Vec<&str> = requests.iter().flat_map(StreamRequest::texts).collect();
        self.with_faults(baton.as_deref(), &statements, || {
            let stream = self.acquire(baton.as_deref())?;
            let mut is_closed = false;
            let mut results = Vec::new();
            for request in &requests {
                if is_closed {
                    self.inner().streams.close(stream);
                    return Err(Refusal::Protocol("Stream for this baton was closed".to_owned()));
                }
                is_closed = matches!(request, StreamRequest::Close);
                results.push(match self.respond(&stream, request) {
                    Ok(response) => json!({"type": "ok", "response": response}),
                    Err(error) => json!({"type": "error", "error": error.to_json()}),
                });
            }
            let mut inner = self.inner();
            let baton = (!is_closed).then(|| inner.streams.baton(&stream));
            if is_closed {
                inner.streams.close(stream);
            } else {
                inner.streams.release(stream);
            }
            let body = json!({"baton": baton, "base_url": null, "results": results});
            Ok(Reply::Whole(200, "application/json", body.to_string()))
        })
    }

    /// Returns the response to one request of a pipeline.
    fn respond(&self, stream: &Stream, request: &StreamRequest) -> Result<Value, Error> {
        Ok(match request {
            StreamRequest::Close => json!({"type": "close"}),
            StreamRequest::GetAutocommit => {
                json!({"type": "get_autocommit", "is_autocommit": stream.connection.is_autocommit()})
            }
            StreamRequest::Execute { stmt } => {
                let step = Step { condition: None, stmt: stmt.clone() };
                let program = Program { kind: parse_one(&stmt.sql)?, step: &step };
                let outcome = self.run(stream, &[program]).remove(0);
                json!({"type": "execute", "result": result(outcome)?})
            }
            StreamRequest::Batch { batch } => {
                let (mut results, mut errors) = (Vec::new(), Vec::new());
                for outcome in self.run(stream, &programs(&batch.steps)?) {
                    let is_executed = outcome.end.is_some();
                    let (result, error) = match result(outcome) {
                        Ok(result) => (is_executed.then_some(result), None),
                        Err(error) => (None, Some(error.to_json())),
                    };
                    results.push(result);
                    errors.push(error);
                }
                let result = json!({"step_results": results, "step_errors": errors, "replication_index": null});
                json!({"type": "batch", "result": result})
            }
            StreamRequest::Sequence { sql } => {
                for (kind, sql) in parse(sql)? {
                    let step = Step { condition: None, stmt: Stmt { sql: sql.to_owned(), ..Stmt::default() } };
                    result(self.run(stream, &[Program { kind, step: &step }]).remove(0))?;
                }
                json!({"type": "sequence"})
            }
        })
    }

    /// Runs `respond` with the faults that are armed for a request with these statements.
    fn with_faults(
        &self,
        baton: Option<&str>,
        statements: &[&str],
        respond: impl FnOnce() -> Result<Reply, Refusal>,
    ) -> Result<Reply, Refusal> {
        let fault = self.inner().faults.of_request(statements, baton.is_some());
        match fault {
            Some(Fault::Status(status)) => {
                let body = json!({"error": "Too many concurrent requests"});
                return Ok(Reply::Whole(status, "application/json", body.to_string()));
            }
            Some(Fault::LostRequest) => return Ok(Reply::Nothing),
            Some(Fault::ExpiredStream) => self.inner().streams.expire_now(baton.unwrap_or_default()),
            _ => {}
        }
        let reply = respond()?;
        Ok(match fault {
            Some(Fault::LostAnswer) => Reply::Nothing,
            Some(Fault::CutAnswer) => Reply::Cut(Box::new(reply)),
            _ => reply,
        })
    }

    fn acquire(&self, baton: Option<&str>) -> Result<Stream, Refusal> {
        if let Some(baton) = baton {
            return Ok(self.inner().streams.acquire(baton)?);
        }
        self.inner().waiting += 1;
        let stream = self.open();
        self.inner().waiting -= 1;
        stream
    }

    /// Opens a stream for a request that is counted as waiting for one.
    fn open(&self) -> Result<Stream, Refusal> {
        if self.inner().waiting >= self.limits.requests {
            return Err(Refusal::TooMany);
        }
        let begin = Instant::now();
        loop {
            let mut inner = self.inner();
            if let Some(id) = inner.streams.reserve(self.limits.connections) {
                inner.counters.streams += 1;
                let lock = inner.lock.clone();
                drop(inner);
                let connection = Connection::open(id, &self.file, lock);
                return Ok(Stream::new(id, connection.map_err(|error| Refusal::Internal(error.into()))?));
            }
            drop(inner);
            if begin.elapsed() > self.limits.opening {
                return Err(Refusal::Busy);
            }
            std::thread::sleep(POLL);
        }
    }

    fn run(&self, stream: &Stream, programs: &[Program<'_>]) -> Vec<Outcome> {
        self.inner().counters.statements += programs.len() as u64;
        stream
            .connection
            .run(programs, |statement, in_transaction| self.inner().faults.of_statement(statement, in_transaction))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StreamRequest {
    /// Returns the texts of its statements.
    fn texts(&self) -> Vec<&str> {
        match self {
            Self::Execute { stmt } => vec![&stmt.sql],
            Self::Batch { batch } => texts(&batch.steps),
            Self::Sequence { sql } => vec![sql],
            Self::Close | Self::GetAutocommit => Vec::new(),
        }
    }
}

fn texts(steps: &[Step]) -> Vec<&str> {
    steps.iter().map(|step| step.stmt.sql.as_str()).collect()
}

fn body<T: DeserializeOwned>(request: &Recorded) -> Result<T, Refusal> {
    serde_json::from_slice(&request.bytes)
        .map_err(|error| Refusal::Protocol(format!("Cannot deserialize client message from JSON: {error}")))
}

fn programs(steps: &[Step]) -> Result<Vec<Program<'_>>, Error> {
    steps.iter().map(|step| Ok(Program { kind: parse_one(&step.stmt.sql)?, step })).collect()
}

/// Returns the entries of a step in the answer of a cursor.
fn entries(step: usize, outcome: Outcome) -> Vec<Value> {
    let begin = outcome.columns.map(|cols| json!({"type": "step_begin", "step": step, "cols": cols}));
    let rows = outcome.rows.into_iter().map(|row| json!({"type": "row", "row": row}));
    let end = outcome.end.map(|end| match end {
        Ok(end) => json!({
            "type": "step_end",
            "affected_row_count": end.affected_row_count,
            "last_insert_rowid": end.last_insert_rowid,
        }),
        Err(error) => json!({"type": "step_error", "step": step, "error": error.to_json()}),
    });
    begin.into_iter().chain(rows).chain(end).collect()
}

/// Returns the result of a step in the answer of a pipeline.
fn result(outcome: Outcome) -> Result<Value, Error> {
    let end = outcome.end.transpose()?;
    let (affected_row_count, last_insert_rowid) =
        end.map_or((0, None), |end| (end.affected_row_count, end.last_insert_rowid));
    Ok(json!({
        "cols": outcome.columns.unwrap_or_default(),
        "rows": outcome.rows,
        "affected_row_count": affected_row_count,
        "last_insert_rowid": last_insert_rowid.map(|rowid| rowid.to_string()),
        "replication_index": null,
    }))
}
