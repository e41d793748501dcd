//! The native twin: one user read with axum and rusqlite, as far as the read goes the same function as the service's. The
//! same token and the same rate limit, the same path, row, body, entity tag and headers, one access line, and a pooled connection
//! with the same statement.

mod access;

use std::io::{BufWriter, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::{Result, ensure};
use axum::Router;
use axum::extract::{self, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;
use xtask::http::Client;

use self::access::{Access, Left};
use crate::jwt::Verifier;

const SELECT: &str = "
    SELECT id, email, display_name, role, locale, phone, addresses, notify_email, notify_sms, notify_push, created_at, updated_at, version
    FROM users WHERE id = ?1 AND erased_at IS NULL";

/// Serves until the process is killed. Takes the tokens of the instance at `auth`.
///
/// # Errors
///
/// If the address is taken, or the instance has no keys.
pub(crate) fn serve(database: &Path, auth: &str, listen: SocketAddr) -> Result<()> {
    let keys = Client::new(auth).get("/.well-known/jwks.json")?;
    ensure!(keys.status == 200, "the keys of {auth}: {}", keys.status);
    let (log, lines) = mpsc::channel();
    thread::spawn(move || write_lines(&lines));
    let access = Access::new(Verifier::new(&keys.body)?);
    serve_twin(Twin { database: database.to_path_buf(), pool: Mutex::default(), log, access }, listen)
}

#[tokio::main]
async fn serve_twin(twin: Twin, listen: SocketAddr) -> Result<()> {
    let router = Router::new().route("/v1/users/{id}", get(read)).with_state(Arc::new(twin));
    let listener = tokio::net::TcpListener::bind(listen).await?;
    println!("Serving http://{}", listener.local_addr()?);
    axum::serve(axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true))), router).await?;
    Ok(())
}

struct Twin {
    database: PathBuf,
    pool: Mutex<Vec<Connection>>,
    log: Sender<String>,
    access: Access,
}

#[derive(Serialize)]
struct User {
    id: String,
    email: String,
    display_name: Option<String>,
    role: String,
    locale: String,
    phone: Option<String>,
    addresses: Vec<Address>,
    notification_preferences: Preferences,
    created_at: String,
    updated_at: String,
    #[serde(skip)]
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct Address {
    id: Uuid,
    label: Option<String>,
    lines: Vec<String>,
    city: String,
    postal_code: String,
    country: String,
}

#[derive(Serialize)]
struct Preferences {
    email: bool,
    sms: bool,
    push: bool,
}

async fn read(State(twin): State<Arc<Twin>>, extract::Path(id): extract::Path<String>, request: HeaderMap) -> Response {
    let start = Instant::now();
    let request_id = match request.get("x-request-id").and_then(|id| id.to_str().ok()) {
        Some(id) => id.to_owned(),
        None => new_id().to_string(),
    };
    let (outcome, left) = twin.answer(&id, &request);
    let (status, etag, body) = match outcome {
        Ok(user) => {
            let body = serde_json::to_string(&user).expect("a user is plain data");
            (StatusCode::OK, format!("\"v{}\"", user.version), body)
        }
        Err(status) => (status, String::new(), String::new()),
    };
    let line = json!({
        "ts": timestamp(Timestamp::now()),
        "level": "info",
        "service": "twin",
        "message": "request",
        "request_id": request_id,
        "trace_id": new_id().simple().to_string(),
        "method": "GET",
        "path": format!("/v1/users/{id}"),
        "status": status.as_u16(),
        "bytes": body.len(),
        "ms": start.elapsed().as_secs_f64() * 1e3,
    });
    // The writer ends with the process.
    let _ = twin.log.send(line.to_string());
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::ETAG, &etag),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::VARY, "origin"),
        (header::HeaderName::from_static("x-request-id"), &request_id),
    ];
    let left = left.map(|Left { policy, state }| AppendHeaders([("ratelimit-policy", policy), ("ratelimit", state)]));
    (status, headers, left, body).into_response()
}

impl Twin {
    /// The user `id`, if whoever asks may see them, and what is left of their rate limit.
    fn answer(&self, id: &str, headers: &HeaderMap) -> (Result<User, StatusCode>, Option<Left>) {
        let grant = match self.access.grant(headers) {
            Ok(grant) => grant,
            Err(status) => return (Err(status), None),
        };
        let left = match self.access.count(grant.user) {
            Ok(left) => left,
            Err(status) => return (Err(status), None),
        };
        let may_see = grant.is_operator || id.parse() == Ok(grant.user);
        let user = match self.find(id) {
            Ok(user) => user.filter(|_| may_see).ok_or(StatusCode::NOT_FOUND),
            Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR),
        };
        (user, Some(left))
    }

    /// Reads on the thread that serves: a row that is in memory takes microseconds, less than handing it over would.
    fn find(&self, id: &str) -> Result<Option<User>> {
        let pooled = self.pool.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match pooled {
            Some(connection) => connection,
            None => Connection::open(&self.database)?,
        };
        let user = query(&connection, id)?;
        self.pool.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok(user)
    }
}

fn query(connection: &Connection, id: &str) -> Result<Option<User>> {
    let mut statement = connection.prepare_cached(SELECT)?;
    let user = statement.query_row([id], |row| {
        let addresses: String = row.get(6)?;
        let time = |column| Ok::<_, rusqlite::Error>(Timestamp::from_millisecond(row.get(column)?).unwrap_or_default());
        Ok(User {
            id: row.get(0)?,
            email: row.get(1)?,
            display_name: row.get(2)?,
            role: row.get(3)?,
            locale: row.get(4)?,
            phone: row.get(5)?,
            addresses: serde_json::from_str(&addresses).unwrap_or_default(),
            notification_preferences: Preferences { email: row.get(7)?, sms: row.get(8)?, push: row.get(9)? },
            created_at: timestamp(time(10)?),
            updated_at: timestamp(time(11)?),
            version: row.get(12)?,
        })
    });
    Ok(user.optional()?)
}

fn timestamp(time: Timestamp) -> String {
    format!("{time:.3}")
}

/// A UUIDv7.
fn new_id() -> Uuid {
    let mut random = [0; 10];
    getrandom::fill(&mut random).expect("the system has randomness");
    let now = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(now, &random).into_uuid()
}

/// Lines go out together, as the host's do.
fn write_lines(lines: &Receiver<String>) {
    let mut out = BufWriter::new(std::io::stdout());
    while let Ok(first) = lines.recv() {
        for line in std::iter::once(first).chain(lines.try_iter()) {
            if writeln!(out, "{line}").is_err() {
                return;
            }
        }
        if out.flush().is_err() {
            return;
        }
    }
}
