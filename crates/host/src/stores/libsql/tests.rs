//! Against transcripts of Spin's client (tools/libsql-transcripts): the same requests, results and texts of errors for the same responses.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{Server, Session};
use crate::bindings::fermyon::spin::sqlite::{QueryResult, Value};

const TRANSCRIPTS: &str = include_str!("transcripts.json");

#[tokio::test]
async fn it_sends_and_reports_what_spins_client_does() {
    let cases: Vec<Json> = serde_json::from_str(TRANSCRIPTS).expect("transcripts");
    for case in &cases {
        let name = &case["name"];
        let (url, requests) = serve(list(&case["responses"]).to_vec()).await;
        let server = Arc::new(Server::new(&url, "secret", Duration::from_secs(10)).expect("a client"));
        let mut session = Session::new(&server);
        for (statement, expected) in list(&case["statements"]).iter().zip(list(&case["results"])) {
            let arguments: Vec<Value> = statement["arguments"].as_array().into_iter().flatten().map(argument).collect();
            let result = match session.execute(statement["sql"].as_str().expect("SQL"), &arguments).await {
                Ok(result) => shown(&result),
                Err(error) => json!({ "error": without_cause(&error) }),
            };
            let expected = match expected["error"].as_str() {
                Some(error) => json!({ "error": without_cause(error) }),
                None => expected.clone(),
            };
            assert_eq!(result, expected, "{name}: {statement}");
        }
        assert_eq!(Json::Array(requests.lock().expect("not poisoned").clone()), case["requests"], "{name}");
    }
}

#[tokio::test]
async fn a_session_that_ends_closes_its_stream() {
    let body = "{\"baton\":\"b1\",\"base_url\":null}\n{\"type\":\"step_begin\",\"step\":0,\"cols\":[]}\n{\"type\":\"step_end\"}\n";
    let (url, requests) = serve(vec![json!({ "body": body }), json!({ "body": "{}" })]).await;
    let server = Arc::new(Server::new(&url, "secret", Duration::from_secs(10)).expect("a client"));
    let mut session = Session::new(&server);
    session.execute("BEGIN IMMEDIATE", &[]).await.expect("it begins");
    assert!(session.commits("COMMIT") && !session.commits("INSERT INTO t VALUES (1)"));
    drop(session);
    let closed = async {
        while requests.lock().expect("not poisoned").len() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), closed).await.expect("the stream is closed");
    let last = requests.lock().expect("not poisoned").pop().expect("two requests");
    assert_eq!(
        (&last["path"], &last["body"]),
        (&json!("/v3/pipeline"), &json!({ "baton": "b1", "requests": [{ "type": "close" }] }))
    );
}

#[tokio::test]
async fn writers_take_turns_and_readers_do_not_wait() {
    let done = json!({ "body": "{\"baton\":\"b1\",\"base_url\":null}\n{\"type\":\"step_end\"}\n" });
    let (url, requests) = serve(vec![done; 4]).await;
    let server = Arc::new(Server::new(&url, "secret", Duration::from_secs(10)).expect("a client"));
    let [mut first, mut second, mut reader] = [(); 3].map(|()| Session::new(&server));
    first.execute("BEGIN IMMEDIATE", &[]).await.expect("it begins");
    {
        let mut write = std::pin::pin!(second.execute("INSERT INTO t VALUES (1)", &[]));
        assert!(futures::poll!(write.as_mut()).is_pending());
        reader.execute("SELECT 1", &[]).await.expect("it reads");
        assert!(futures::poll!(write.as_mut()).is_pending());
        assert_eq!(requests.lock().expect("not poisoned").len(), 2, "the second writer has sent nothing");
        first.execute("COMMIT", &[]).await.expect("it commits");
        write.await.expect("it writes");
    }
    assert_eq!(requests.lock().expect("not poisoned").len(), 4);
}

#[tokio::test]
async fn a_server_that_is_not_there_or_does_not_respond_is_an_error() {
    let server = Arc::new(Server::new("http://127.0.0.1:1", "secret", Duration::from_secs(10)).expect("a client"));
    let error = Session::new(&server).execute("SELECT 1", &[]).await.expect_err("nothing listens");
    assert!(error.starts_with("Hrana: `http error: `error trying to connect: "), "{error}");
    assert!(!format!("{server:?}").contains("secret"));

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let server = Arc::new(Server::new(&url, "secret", Duration::from_millis(20)).expect("a client"));
    let error = Session::new(&server).execute("SELECT 1", &[]).await.expect_err("it does not respond");
    assert_eq!(error, "Hrana: `http error: `no response within 20ms``");
}

/// Ends the text of an error before the cause of a lost connection, whose words are those of the HTTP library.
fn without_cause(error: &str) -> &str {
    error.split_once("from connection: ").map_or(error, |(before, _)| before)
}

fn list(value: &Json) -> &[Json] {
    value.as_array().expect("a list")
}

fn argument(value: &Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Value::Real(number.as_f64().expect("a number")), Value::Integer)
        }
        Json::String(text) => Value::Text(text.clone()),
        other => Value::Blob(STANDARD_NO_PAD.decode(other["base64"].as_str().expect("a blob")).expect("base64")),
    }
}

fn shown(result: &QueryResult) -> Json {
    let value = |value: &Value| match value {
        Value::Null => Json::Null,
        Value::Integer(value) => json!({ "integer": value.to_string() }),
        Value::Real(value) => json!(value),
        Value::Text(text) => json!(text),
        Value::Blob(bytes) => json!({ "base64": STANDARD_NO_PAD.encode(bytes) }),
    };
    let rows: Vec<Vec<Json>> = result.rows.iter().map(|row| row.values.iter().map(value).collect()).collect();
    json!({ "columns": result.columns, "rows": rows })
}

type Requests = Arc<Mutex<Vec<Json>>>;

/// Serves one of `responses` to each request, and returns the URL and the requests.
async fn serve(responses: Vec<Json>) -> (String, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let requests = Requests::default();
    let kept = Arc::clone(&requests);
    tokio::spawn(async move {
        for response in responses {
            let Ok((connection, _)) = listener.accept().await else { return };
            let mut connection = BufReader::new(connection);
            let request = read(&mut connection).await;
            kept.lock().expect("not poisoned").push(request);
            let Some(body) = response["body"].as_str() else { continue };
            let status = response["status"].as_u64().unwrap_or(200);
            let length = body.len() + usize::from(response["cut"] == json!(true));
            let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
            connection.write_all(head.as_bytes()).await.expect("the client reads");
            connection.flush().await.expect("the client reads");
        }
    });
    (url, requests)
}

async fn read(connection: &mut BufReader<TcpStream>) -> Json {
    let (mut path, mut authorization, mut length) = (String::new(), String::new(), 0);
    loop {
        let mut line = String::new();
        connection.read_line(&mut line).await.expect("the client writes");
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(rest) = line.strip_prefix("POST ") {
            path = rest.split(' ').next().unwrap_or_default().to_owned();
        }
        match line.split_once(": ") {
            Some(("authorization", value)) => authorization = value.to_owned(),
            Some(("content-length", value)) => length = value.parse().expect("a number"),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await.expect("the client writes");
    let mut body: Json = serde_json::from_slice(&body).expect("JSON");
    if body["baton"].is_null() {
        body.as_object_mut().expect("an object").remove("baton");
    }
    json!({ "path": path, "authorization": authorization, "body": body })
}
