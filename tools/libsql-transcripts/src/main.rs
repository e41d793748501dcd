//! Records what libsql 0.5, the client in Spin, sends for statements and how it reports what comes back. The host's own client is held against the
//! file (crates/host/src/stores/libsql/tests.rs), because this one depends on a release of rustls with known vulnerabilities (ADR 65).
//!
//! `cargo run --manifest-path tools/libsql-transcripts/Cargo.toml FILE` reads the cases of FILE, statements and the server's responses, runs each, and
//! writes the requests and results into it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use libsql::{Builder, Connection, Value};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[tokio::main]
async fn main() -> Result<()> {
    let file = std::env::args().nth(1).context("usage: libsql-transcripts FILE")?;
    let mut cases: Vec<Json> = serde_json::from_str(&std::fs::read_to_string(&file)?)?;
    for case in &mut cases {
        let responses = case["responses"].as_array().cloned().unwrap_or_default();
        let server = Server::start(responses).await?;
        let database = Builder::new_remote(format!("http://{}", server.address), "secret".to_owned()).build().await?;
        let connection = database.connect()?;
        let mut results = Vec::new();
        for statement in case["statements"].as_array().context("statements")? {
            results.push(run(&connection, statement).await);
        }
        case["requests"] = Json::Array(server.requests.lock().expect("not poisoned").clone());
        case["results"] = Json::Array(results);
    }
    std::fs::write(&file, serde_json::to_string_pretty(&cases)? + "\n")?;
    Ok(())
}

/// Runs a statement as Spin does, and returns its columns and rows, or the text of its error.
async fn run(connection: &Connection, statement: &Json) -> Json {
    let sql = statement["sql"].as_str().unwrap_or_default();
    let arguments: Vec<Value> = statement["arguments"].as_array().into_iter().flatten().map(argument).collect();
    match query(connection, sql, arguments).await {
        Ok(result) => result,
        Err(error) => json!({ "error": error.to_string() }),
    }
}

async fn query(connection: &Connection, sql: &str, arguments: Vec<Value>) -> Result<Json, libsql::Error> {
    let mut rows = connection.query(sql, arguments).await?;
    let columns: Vec<_> = (0..rows.column_count()).map(|index| rows.column_name(index).unwrap_or("").to_owned()).collect();
    let mut read = Vec::new();
    while let Some(row) = rows.next().await? {
        read.push((0..rows.column_count()).map(|index| row.get_value(index).map(|value| text(&value))).collect::<Result<Vec<_>, _>>()?);
    }
    Ok(json!({ "columns": columns, "rows": read }))
}

fn argument(value: &Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Number(number) => number.as_i64().map_or_else(|| Value::Real(number.as_f64().unwrap_or_default()), Value::Integer),
        Json::String(text) => Value::Text(text.clone()),
        other => Value::Blob(STANDARD_NO_PAD.decode(other["base64"].as_str().unwrap_or_default()).unwrap_or_default()),
    }
}

fn text(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Integer(value) => json!({ "integer": value.to_string() }),
        Value::Real(value) => json!(value),
        Value::Text(text) => json!(text),
        Value::Blob(bytes) => json!({ "base64": STANDARD_NO_PAD.encode(bytes) }),
    }
}

/// A server that sends the given responses, one to each request, and keeps the requests.
struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Json>>>,
}

impl Server {
    async fn start(responses: Vec<Json>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (kept, mut responses) = (Arc::clone(&requests), responses.into_iter());
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let Some(response) = responses.next() else { return };
                // One request for each connection: the client closes them before the end of a response.
                let mut connection = BufReader::new(connection);
                let Ok(request) = read(&mut connection).await else { return };
                kept.lock().expect("not poisoned").push(request);
                // A client that has read enough is no error.
                let _ = respond(&mut connection, &response).await;
            }
        });
        Ok(Self { address, requests })
    }
}

/// Reads a request.
async fn read(connection: &mut BufReader<TcpStream>) -> Result<Json> {
    let (mut path, mut authorization, mut length) = (String::new(), String::new(), 0);
    loop {
        let mut line = String::new();
        connection.read_line(&mut line).await?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(rest) = line.strip_prefix("POST ") {
            path = rest.split(' ').next().unwrap_or_default().to_owned();
        }
        if let Some((name, value)) = line.split_once(": ") {
            match name.to_ascii_lowercase().as_str() {
                "authorization" => authorization = value.to_owned(),
                "content-length" => length = value.parse()?,
                _ => {}
            }
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await?;
    Ok(json!({ "path": path, "authorization": authorization, "body": without_nulls(serde_json::from_slice(&body)?) }))
}

/// Sends `response`, or nothing if it has no body.
async fn respond(connection: &mut BufReader<TcpStream>, response: &Json) -> Result<()> {
    let Some(body) = response["body"].as_str() else { return Ok(()) };
    let status = response["status"].as_u64().unwrap_or(200);
    // A response that is cut says that it has one byte more.
    let cut = usize::from(response["cut"] == json!(true));
    let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len() + cut);
    connection.write_all(head.as_bytes()).await?;
    connection.write_all(body.as_bytes()).await?;
    connection.flush().await?;
    Ok(())
}

/// Removes what means the same if it is missing.
fn without_nulls(value: Json) -> Json {
    match value {
        Json::Object(fields) => Json::Object(
            fields
                .into_iter()
                .map(|(name, value)| (name, without_nulls(value)))
                .filter(|(name, value)| !value.is_null() && !(name == "named_args" && *value == json!([])))
                .collect(),
        ),
        Json::Array(values) => Json::Array(values.into_iter().map(without_nulls).collect()),
        other => other,
    }
}
