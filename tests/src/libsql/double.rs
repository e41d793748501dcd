//! A server of libSQL for tests: Hrana 3 over HTTP (cursor and pipeline) on an SQLite file, with the rules and the answers of `sqld`, and with
//! faults on demand. The suite `faults` holds it against the real server.

mod connection;
mod faults;
mod lock;
mod protocol;
mod server;
mod statement;
mod streams;

use std::collections::BTreeMap;
use std::io::{self, BufReader, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

pub use self::faults::Fault;
use self::server::{Reply, State};
use crate::recorder::read;

/// The limits of a server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A stream without a request for this time expires.
    pub stream: Duration,
    /// A writer that holds the lock for this time loses it to another that waits.
    pub transaction: Duration,
    /// The number of streams at once.
    pub connections: usize,
    /// A request that needs one more is refused after this time.
    pub opening: Duration,
    /// It is refused at once if it would be the request with this number that waits for a stream.
    pub requests: usize,
}

impl Default for Limits {
    /// Those of `sqld`.
    fn default() -> Self {
        Self {
            stream: Duration::from_secs(10),
            transaction: Duration::from_secs(5),
            connections: 128,
            opening: Duration::from_secs(1),
            requests: 128,
        }
    }
}

/// The work of a server since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Requests, those that were refused too.
    pub requests: u64,
    /// Statements, each of which is one round trip of a client.
    pub statements: u64,
    /// Connections of clients.
    pub connections: u64,
    /// Streams, each of which is one connection to the database.
    pub streams: u64,
}

/// A server on a free port, which it keeps. It ends with this value.
#[derive(Debug)]
pub struct Double {
    address: SocketAddr,
    state: Arc<State>,
    running: Mutex<Option<Running>>,
}

/// The open connections of clients, by their numbers.
type Sockets = Arc<Mutex<BTreeMap<u64, TcpStream>>>;

/// The part of a server that ends when it is killed.
#[derive(Debug)]
struct Running {
    is_stopped: Arc<AtomicBool>,
    sockets: Sockets,
    acceptor: JoinHandle<()>,
}

impl Double {
    /// Starts a server for the database in `file`, which it makes if it is absent, for clients that present one of `tokens`.
    ///
    /// # Panics
    ///
    /// If there is no free port.
    pub fn start(file: &Path, tokens: &[String], limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let state = Arc::new(State::new(file.to_owned(), tokens.to_owned(), limits));
        let running = Mutex::new(Some(Running::start(listener, &state)));
        Self { address, state, running }
    }

    /// Returns its URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Kills it: connections are refused, transactions are rolled back, and every baton is invalid from now on.
    ///
    /// # Panics
    ///
    /// If it does not run.
    pub fn kill(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        running.expect("the server runs").stop(self.address);
        self.state.forget_streams();
    }

    /// Starts it again after it was killed.
    ///
    /// # Panics
    ///
    /// If another process has taken its port.
    pub fn restart(&self) {
        let listener = TcpListener::bind(self.address).expect("its port is free");
        let running = Running::start(listener, &self.state);
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
    }

    /// Arms a fault for the next statement that contains `sql`, or the next request with one.
    pub fn arm(&self, fault: Fault, sql: &str) {
        self.state.arm(fault, sql);
    }

    /// Returns the number of faults that have not acted yet.
    pub fn armed(&self) -> usize {
        self.state.armed()
    }

    /// Answers each request from now on after `delay`.
    pub fn delay(&self, delay: Duration) {
        self.state.delay(delay);
    }

    /// Returns the work so far.
    pub fn counters(&self) -> Counters {
        self.state.counters()
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        if let Some(running) = self.running.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            running.stop(self.address);
        }
    }
}

impl Running {
    fn start(listener: TcpListener, state: &Arc<State>) -> Self {
        let (is_stopped, sockets) = (Arc::new(AtomicBool::new(false)), Sockets::default());
        let (state, stopped, open) = (state.clone(), is_stopped.clone(), Arc::clone(&sockets));
        let acceptor = thread::spawn(move || accept(&listener, &state, &stopped, &open));
        Self { is_stopped, sockets, acceptor }
    }

    /// Closes the listener and all connections.
    fn stop(self, address: SocketAddr) {
        self.is_stopped.store(true, Ordering::SeqCst);
        // Wakes the acceptor.
        drop(TcpStream::connect(address));
        self.acceptor.join().expect("the acceptor ends");
        for socket in self.sockets.lock().unwrap_or_else(PoisonError::into_inner).values() {
            // The client may have closed it.
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}

/// Accepts connections until the server is stopped.
fn accept(listener: &TcpListener, state: &Arc<State>, is_stopped: &AtomicBool, sockets: &Sockets) {
    for (number, connection) in (0..).zip(listener.incoming().flatten()) {
        if is_stopped.load(Ordering::SeqCst) {
            return;
        }
        state.count_connection();
        let Ok(socket) = connection.try_clone() else { continue };
        sockets.lock().unwrap_or_else(PoisonError::into_inner).insert(number, socket);
        let (state, sockets) = (state.clone(), sockets.clone());
        thread::spawn(move || {
            // An error is the end of the connection.
            let _ = serve(&connection, &state);
            sockets.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
        });
    }
}

/// Answers the requests of a connection one after another.
fn serve(connection: &TcpStream, state: &State) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut reader = BufReader::new(connection);
    loop {
        let request = read(&mut reader)?;
        let (bytes, is_last) = match state.handle(&request) {
            Reply::Nothing => return Ok(()),
            Reply::Cut(reply) => {
                let bytes = encode(*reply);
                let half = bytes.len() / 2;
                (bytes[..half].to_vec(), true)
            }
            reply => (encode(reply), false),
        };
        let mut writer = connection;
        writer.write_all(&bytes)?;
        if is_last {
            return Ok(());
        }
    }
}

/// Returns the bytes of a response.
fn encode(reply: Reply) -> Vec<u8> {
    let text = match reply {
        Reply::Whole(status, media_type, body) => {
            format!("HTTP/1.1 {status} -\r\ncontent-type: {media_type}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
        }
        Reply::Lines(lines) => {
            let chunks: String =
                lines.split_inclusive('\n').map(|line| format!("{:x}\r\n{line}\r\n", line.len())).collect();
            format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n{chunks}0\r\n\r\n"
            )
        }
        Reply::Cut(reply) => return encode(*reply),
        Reply::Nothing => String::new(),
    };
    text.into_bytes()
}
