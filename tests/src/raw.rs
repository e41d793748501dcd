//! Requests that no client would send: written byte by byte on a connection of their own.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::Client;

/// Enough for any answer; a server that keeps the connection open or never answers fails the test instead of hanging it.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The status line, the header and the body of an answer, as they came.
#[derive(Debug)]
pub struct RawResponse {
    /// The status code.
    pub status: u16,
    /// Status line and header fields.
    pub head: String,
    /// What followed.
    pub body: String,
}

/// Sends `request` as it is and reads until the server closes the connection: the request should ask for that.
///
/// # Panics
///
/// If there is no answer, or it is not HTTP.
pub fn send(client: &Client, request: &[u8]) -> RawResponse {
    try_send(client, request).expect("the server answers before it closes the connection")
}

/// Like [`send`], for a request to which a server may close the connection without a word; then `None`.
///
/// # Panics
///
/// If what comes is not HTTP.
pub fn try_send(client: &Client, request: &[u8]) -> Option<RawResponse> {
    let mut stream = connect(client);
    // A server that refuses a request early may close the connection while it is still being written.
    let _ = stream.write_all(request);
    read(stream)
}

/// Sends `head` and then, while the answer is being waited for, as much of `body` as the server takes.
///
/// # Panics
///
/// If there is no answer, or it is not HTTP.
pub fn send_streaming(
    client: &Client,
    head: &[u8],
    body: impl Iterator<Item = Vec<u8>> + Send + 'static,
) -> RawResponse {
    let mut stream = connect(client);
    stream.write_all(head).expect("the request head is taken");
    let mut writer = stream.try_clone().expect("a socket can be shared");
    let sending = std::thread::spawn(move || {
        for chunk in body {
            if writer.write_all(&chunk).is_err() {
                break;
            }
        }
    });
    let response = read(stream).expect("the server answers before it closes the connection");
    sending.join().expect("the sender does not panic");
    response
}

/// A request line and header for `path`, without a body, that asks to close the connection. A client with a token sends it.
pub fn head(client: &Client, method: &str, path: &str) -> String {
    let host = authority(client);
    let authorization = client.authorization().map(|value| format!("authorization: {value}\r\n")).unwrap_or_default();
    format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{authorization}")
}

fn connect(client: &Client) -> TcpStream {
    let stream = TcpStream::connect(authority(client)).expect("the instance listens");
    stream.set_read_timeout(Some(TIMEOUT)).expect("a timeout can be set");
    stream.set_write_timeout(Some(TIMEOUT)).expect("a timeout can be set");
    stream
}

fn authority(client: &Client) -> &str {
    client.base().strip_prefix("http://").expect("raw requests need plain HTTP")
}

fn read(mut stream: TcpStream) -> Option<RawResponse> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
            // The server may reset the connection after its answer when there is unread input.
            Err(_) if !bytes.is_empty() => break,
            Err(error) => panic!("no answer: {error}"),
        }
    }
    if bytes.is_empty() {
        return None;
    }
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("not an HTTP answer: {text:?}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Some(RawResponse {
        status: status.unwrap_or_else(|| panic!("not a status line: {head:?}")),
        head: head.to_ascii_lowercase(),
        body: body.to_owned(),
    })
}
