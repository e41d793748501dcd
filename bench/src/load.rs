//! The load generators. In a closed loop a connection sends its next request when the last one is answered: what a server can take.
//! At a fixed rate it sends when the time has come: what a client sees while the server has other things to do.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use hdrhistogram::Histogram;
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// What is sent over and over. The function gets a number that is different in each request.
#[derive(Clone)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) expected: StatusCode,
    pub(crate) request: Arc<dyn Fn(u64) -> Request<Full<Bytes>> + Send + Sync>,
}

impl Operation {
    /// A request for it that was not made before.
    fn next(&self) -> Request<Full<Bytes>> {
        // Shared by all runs, so that no write repeats an earlier one.
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        (self.request)(NUMBER.fetch_add(1, Ordering::Relaxed))
    }
}

/// How long answers took, in nanoseconds.
pub(crate) type Latency = Histogram<u64>;

/// An empty histogram.
pub(crate) fn latency() -> Latency {
    Histogram::new(3).expect("three digits are possible")
}

/// What one run showed.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) requests_per_second: f64,
    pub(crate) latency: Latency,
}

/// Loads the server at `address` from `connections` connections for `time`.
///
/// # Errors
///
/// If a connection fails or an answer is not the expected one: figures of errors are worth nothing.
pub(crate) async fn load(
    address: SocketAddr,
    operation: &Operation,
    connections: usize,
    time: Duration,
) -> Result<Outcome> {
    let opened = open(address, connections).await?;
    let start = Instant::now();
    let latency = together(opened, |_, mut connection| {
        let operation = operation.clone();
        async move {
            let mut latency = latency();
            while start.elapsed() < time {
                latency.record(connection.ask(&operation).await?)?;
            }
            Ok(latency)
        }
    })
    .await?;
    let seconds = start.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "nobody makes 2^53 requests")]
    let requests_per_second = latency.len() as f64 / seconds;
    Ok(Outcome { requests_per_second, latency })
}

/// Asks the server at `address` for `operation` at the rate `per_second`, from `connections` connections in turn, for `time`. A request
/// whose time came while its connection was still waiting for an answer has been late since then; that this process was woken late is
/// not the server's doing.
///
/// # Errors
///
/// As [`load`].
pub(crate) async fn paced(
    address: SocketAddr,
    operation: &Operation,
    connections: u32,
    per_second: u32,
    time: Duration,
) -> Result<Latency> {
    let opened = open(address, connections as usize).await?;
    let (start, step) = (Instant::now(), Duration::from_secs(1) / per_second);
    together(opened, |index, mut connection| {
        let operation = operation.clone();
        async move {
            let mut latency = latency();
            let mut due = start + step * index;
            while due < start + time {
                let late = due.elapsed();
                tokio::time::sleep_until(due.into()).await;
                latency.record(connection.ask(&operation).await? + nanos(late))?;
                due += step * connections;
            }
            Ok(latency)
        }
    })
    .await
}

/// How often [`alternate`] asks for an operation before it asks for the next: often enough that the caches hold what it needs, and
/// for a few milliseconds only.
const BURST: usize = 20;

/// Asks for each of `operations`, of the server beside it, in turn for `time`, in another order each time, so that whatever changes
/// meanwhile changes for all of them. How long each took, in their order.
///
/// # Errors
///
/// As [`load`].
pub(crate) async fn alternate(operations: &[(SocketAddr, Operation)], time: Duration) -> Result<Vec<Latency>> {
    let mut connections = Vec::with_capacity(operations.len());
    for (address, _) in operations {
        connections.push(Connection::open(*address).await?);
    }
    let mut latencies: Vec<Latency> = operations.iter().map(|_| latency()).collect();
    let mut order: Vec<usize> = (0..operations.len()).collect();
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let start = Instant::now();
    while start.elapsed() < time {
        for last in (1..order.len()).rev() {
            // Xorshift: any order will do, as long as it changes.
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            order.swap(last, usize::try_from(random % (last as u64 + 1))?);
        }
        for &index in &order {
            for _ in 0..BURST {
                latencies[index].record(connections[index].ask(&operations[index].1).await?)?;
            }
        }
    }
    Ok(latencies)
}

/// Runs `work` for each of `connections` at the same time, with its index, and adds up what came of it.
pub(crate) async fn together<F: Future<Output = Result<Latency>> + Send + 'static>(
    connections: Vec<Connection>,
    work: impl Fn(u32, Connection) -> F,
) -> Result<Latency> {
    let mut tasks: JoinSet<Result<Latency>> =
        (0..).zip(connections).map(|(index, connection)| work(index, connection)).collect();
    let mut sum = latency();
    while let Some(finished) = tasks.join_next().await {
        sum.add(finished??)?;
    }
    Ok(sum)
}

/// `count` connections to `address`.
///
/// # Errors
///
/// If one cannot be made.
pub(crate) async fn open(address: SocketAddr, count: usize) -> Result<Vec<Connection>> {
    let mut connections = Vec::with_capacity(count);
    for _ in 0..count {
        connections.push(Connection::open(address).await?);
    }
    Ok(connections)
}

/// A connection that is kept alive.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // It ends with the sender; an error shows in the request that it breaks.
        tokio::spawn(connection);
        Ok(Self { sender })
    }

    /// Asks for `operation`, and returns how many nanoseconds the answer took.
    ///
    /// # Errors
    ///
    /// As [`load`].
    pub(crate) async fn ask(&mut self, operation: &Operation) -> Result<u64> {
        let request = operation.next();
        let sent = Instant::now();
        self.send(request, operation.expected).await.with_context(|| operation.name)?;
        Ok(nanos(sent.elapsed()))
    }

    async fn send(&mut self, request: Request<Full<Bytes>>, expected: StatusCode) -> Result<()> {
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        ensure!(status == expected, "answered {status} instead of {expected}: {}", String::from_utf8_lossy(&body));
        Ok(())
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
