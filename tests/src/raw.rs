//! Requests that no HTTP client sends: written byte by byte, each on a new connection.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::Client;

/// Enough for any response; a server that keeps the connection open or never responds fails the test instead of blocking it.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The status line, the header and the body of a response, as received.
#[derive(Debug)]
pub struct RawResponse {
    /// The status code.
    pub status: u16,
    /// Status line and header fields.
    pub head: String,
    /// The bytes after the header.
    pub body: String,
}

/// Sends `request` unchanged and reads until the server closes the connection, which the request should demand.
///
/// # Panics
///
/// If there is no response, or it is not HTTP.
pub fn send(client: &Client, request: &[u8]) -> RawResponse {
    try_send(client, request).expect("the server responds before it closes the connection")
}

/// Sends `request` as [`send`] does. Returns `None` if the server closes the connection without a response.
///
/// # Panics
///
/// If the response is not HTTP.
pub fn try_send(client: &Client, request: &[u8]) -> Option<RawResponse> {
    let mut stream = connect(client);
    // A server that refuses a request early may close the connection while it is still being written.
    let _ = stream.write_all(request);
    read(stream)
}

/// Sends `head` and then, while it waits for the response, as much of `body` as the server accepts.
///
/// # Panics
///
/// If there is no response, or it is not HTTP.
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
    let response = read(stream).expect("the server responds before it closes the connection");
    sending.join().expect("the sender does not panic");
    response
}

/// Returns a request line and header for `path`, with `connection: close` and the token of the client, if it has one.
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
            // The server may reset the connection after its response if there is unread input.
            Err(_) if !bytes.is_empty() => break,
            Err(error) => panic!("no response: {error}"),
        }
    }
    if bytes.is_empty() {
        return None;
    }
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("not an HTTP response: {text:?}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Some(RawResponse {
        status: status.unwrap_or_else(|| panic!("not a status line: {head:?}")),
        head: head.to_ascii_lowercase(),
        body: body.to_owned(),
    })
}
