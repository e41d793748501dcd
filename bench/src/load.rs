//! The load generator: a connection sends its next request after the response to the last one. docs/adr/0060 says why it is our own.

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

/// The address of a server, and the token of its operator.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) token: String,
}

/// Makes the request with a number and an access token.
type MakeRequest = dyn Fn(u64, &str) -> Request<Full<Bytes>> + Send + Sync;

/// A request that is sent repeatedly. The function receives a number that is different in each request, and the token of the target.
#[derive(Clone)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) expected: StatusCode,
    pub(crate) request: Arc<MakeRequest>,
}

impl Operation {
    /// Builds the next request.
    fn next(&self, token: &str) -> Request<Full<Bytes>> {
        // Shared by all runs, so that no write repeats an earlier one.
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        (self.request)(NUMBER.fetch_add(1, Ordering::Relaxed), token)
    }
}

/// The distribution of latencies, in nanoseconds.
pub(crate) type Latency = Histogram<u64>;

/// Returns an empty histogram.
pub(crate) fn empty_histogram() -> Latency {
    Histogram::new(3).expect("three digits are possible")
}

/// The result of one run.
#[derive(Debug)]
pub(crate) struct LoadResult {
    pub(crate) per_second: f64,
    pub(crate) latency: Latency,
}

/// Loads `target` from `connections` connections for `time`.
///
/// # Errors
///
/// If a connection fails or a response is not the expected one: figures of errors are worthless.
pub(crate) async fn load(
    target: &Target,
    operation: &Operation,
    connections: usize,
    time: Duration,
) -> Result<LoadResult> {
    let opened = open(target, connections).await?;
    let start = Instant::now();
    let latency = run_concurrently(opened, |mut connection| {
        let operation = operation.clone();
        async move {
            let mut latency = empty_histogram();
            while start.elapsed() < time {
                latency.record(connection.measure(&operation).await?)?;
            }
            Ok(latency)
        }
    })
    .await?;
    let seconds = start.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "no run has 2^53 requests")]
    let per_second = latency.len() as f64 / seconds;
    Ok(LoadResult { per_second, latency })
}

/// The number of requests that [`alternate`] sends for an operation before the next operation: enough that the caches hold the data that it needs,
/// and few enough to take only some milliseconds.
const BURST: usize = 20;

/// Sends each of `operations` to its server, in turn for `time` and in another order each time, so that a change of the machine affects all of
/// them. Returns the latencies of each, in their order.
///
/// # Errors
///
/// As [`load`].
pub(crate) async fn alternate(operations: &[(Target, Operation)], time: Duration) -> Result<Vec<Latency>> {
    let mut connections = Vec::with_capacity(operations.len());
    for (target, _) in operations {
        connections.push(Connection::open(target).await?);
    }
    let mut latencies: Vec<Latency> = operations.iter().map(|_| empty_histogram()).collect();
    let mut order: Vec<usize> = (0..operations.len()).collect();
    let mut rng = 0x9E37_79B9_7F4A_7C15_u64;
    let start = Instant::now();
    while start.elapsed() < time {
        for last in (1..order.len()).rev() {
            // Xorshift: every order is fine, as long as it changes.
            rng ^= rng << 13;
            rng ^= rng >> 7;
            rng ^= rng << 17;
            order.swap(last, usize::try_from(rng % (last as u64 + 1))?);
        }
        for &index in &order {
            for _ in 0..BURST {
                latencies[index].record(connections[index].measure(&operations[index].1).await?)?;
            }
        }
    }
    Ok(latencies)
}

/// Runs `work` for each of `connections` concurrently, and merges the latencies.
async fn run_concurrently<F: Future<Output = Result<Latency>> + Send + 'static>(
    connections: Vec<Connection>,
    work: impl Fn(Connection) -> F,
) -> Result<Latency> {
    let mut tasks: JoinSet<Result<Latency>> = connections.into_iter().map(work).collect();
    let mut sum = empty_histogram();
    while let Some(finished) = tasks.join_next().await {
        sum.add(finished??)?;
    }
    Ok(sum)
}

/// Opens `count` connections to `target`.
///
/// # Errors
///
/// If one cannot be opened.
async fn open(target: &Target, count: usize) -> Result<Vec<Connection>> {
    let mut connections = Vec::with_capacity(count);
    for _ in 0..count {
        connections.push(Connection::open(target).await?);
    }
    Ok(connections)
}

/// A keep-alive connection.
struct Connection {
    sender: SendRequest<Full<Bytes>>,
    token: String,
}

impl Connection {
    async fn open(target: &Target) -> Result<Self> {
        let address = target.address;
        let stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // The task ends with the sender; an error of the connection fails the request that it breaks.
        tokio::spawn(connection);
        Ok(Self { sender, token: target.token.clone() })
    }

    /// Sends `operation`, and returns the nanoseconds until its response.
    ///
    /// # Errors
    ///
    /// As [`load`].
    async fn measure(&mut self, operation: &Operation) -> Result<u64> {
        let request = operation.next(&self.token);
        let sent = Instant::now();
        self.send(request, operation.expected).await.with_context(|| operation.name)?;
        Ok(nanos(sent.elapsed()))
    }

    async fn send(&mut self, request: Request<Full<Bytes>>, expected: StatusCode) -> Result<()> {
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        ensure!(status == expected, "the status is {status} instead of {expected}: {}", String::from_utf8_lossy(&body));
        Ok(())
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
