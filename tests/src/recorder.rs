//! A server on this machine that records its requests: the requests of a provider.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use serde_json::Value;

/// A server on a free port. It ends with the test process.
#[derive(Debug)]
pub struct Recorder {
    url: String,
    recorded: Arc<Mutex<Vec<Recorded>>>,
}

/// A request that it has received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// `POST /path HTTP/1.1`
    pub line: String,
    /// The header fields, by their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body as text; bytes that are none are replaced.
    pub body: String,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Recorded {
    /// Returns the body as JSON.
    ///
    /// # Panics
    ///
    /// If it is no JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Returns a header; empty if it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

impl Recorder {
    /// Starts a server that responds to each request with the status and the body that `respond` returns. The status 0 closes the connection
    /// without a response.
    ///
    /// # Panics
    ///
    /// If there is no free port.
    pub fn start(respond: impl Fn(&Recorded) -> (u16, String) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("a bound listener has an address"));
        let recorded: Arc<Mutex<Vec<Recorded>>> = Arc::default();
        let (requests, respond) = (recorded.clone(), Arc::new(respond));
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (requests, respond) = (requests.clone(), respond.clone());
                thread::spawn(move || serve(&connection, &requests, &*respond));
            }
        });
        Self { url, recorded }
    }

    /// Returns its URL, without a path.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the requests received so far.
    pub fn recorded(&self) -> Vec<Recorded> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn serve(connection: &TcpStream, requests: &Mutex<Vec<Recorded>>, respond: &impl Fn(&Recorded) -> (u16, String)) {
    let mut reader = BufReader::new(connection);
    // Until the client closes the connection.
    while let Ok(request) = read(&mut reader) {
        let (status, body) = respond(&request);
        requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        if status == 0 {
            return;
        }
        let head =
            format!("HTTP/1.1 {status} -\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        let mut writer = connection;
        if writer.write_all((head + &body).as_bytes()).is_err() {
            return;
        }
    }
}

/// Reads a request; an error at the end of the connection.
pub(crate) fn read(reader: &mut BufReader<&TcpStream>) -> io::Result<Recorded> {
    let line = read_line(reader)?;
    let mut headers = BTreeMap::new();
    loop {
        let header = read_line(reader)?;
        let Some((name, value)) = header.split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let mut body = Vec::new();
    if headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked") {
        loop {
            let length = usize::from_str_radix(&read_line(reader)?, 16).map_err(io::Error::other)?;
            body.extend(read_exactly(reader, length)?);
            read_line(reader)?;
            if length == 0 {
                break;
            }
        }
    } else {
        let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        body = read_exactly(reader, length)?;
    }
    Ok(Recorded { line, headers, body: String::from_utf8_lossy(&body).into_owned(), bytes: body })
}

/// Reads a line without its end; an error at the end of the connection.
fn read_line(reader: &mut BufReader<&TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

fn read_exactly(reader: &mut BufReader<&TcpStream>, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}
